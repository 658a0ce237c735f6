import type { BulkActivity } from '../loaders/bulk-activity.js';
import type { NodeType } from '../resolvers/support/global-id.js';
import type { mutate } from '../resolvers/support/mutate.js';
import { startedJob } from './bulk-activity.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { deletedIdField } from './payload.js';

interface DeletionOptions {
  /** The object, as in "the deleted tag". */
  noun: string;
  /** Field of the payload for the Constant Contact ID. */
  rawIdField: string;
  description: string;
  /** True when the API deletes in a background job. */
  startsJob?: boolean;
  /** Description of the argument. */
  target?: string;
  resolve: ReturnType<
    typeof mutate<{ input: { id: string } }, { bulkActivity?: BulkActivity; deletedId: string }>
  >;
}

/** Declares a mutation that deletes one object by its ID. */
export function deletion(
  name: string,
  type: NodeType,
  {
    noun,
    rawIdField,
    description,
    startsJob = false,
    target = `The ${noun} to delete.`,
    resolve,
  }: DeletionOptions,
): void {
  mutation(name, {
    description,
    queryCost: cost.calls(1),
    argument: target,
    input: (t) => ({
      id: t.id({ required: true, description: `Global ID or Constant Contact ID of the ${noun}.` }),
    }),
    payload: (t) => ({
      ...(startsJob && startedJob(t, `Background job that deletes the ${noun}.`)),
      deletedId: deletedIdField(t, type, `the deleted ${noun}`, (payload) => payload.deletedId),
      [rawIdField]: t.exposeID('deletedId', {
        description: `Constant Contact ID of the deleted ${noun}. \`null\` when nothing was deleted.`,
      }),
    }),
    resolve,
  });
}
