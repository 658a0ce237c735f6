import type { BulkActivity } from '../loaders/bulk-activity.js';
import type { NodeType } from '../resolvers/support/global-id.js';
import type { mutate } from '../resolvers/support/mutate.js';
import { builder } from './builder.js';
import { startedJob } from './bulk-activity.js';
import { cost } from './cost.js';
import { deletedIdField, payloadType } from './payload.js';

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
  resolve: ReturnType<typeof mutate<{ input: { id: string } }, { deletedId: string }>>;
}

/** Declares a mutation that deletes one object by its ID, with its input and its payload. */
export function deletion(
  mutation: `delete${string}`,
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
  const name = mutation.replace(/^d/, 'D');
  const Input = builder.inputType(`${name}Input`, {
    description: `Input of \`${mutation}\`.`,
    fields: (t) => ({
      id: t.id({ required: true, description: `Global ID or Constant Contact ID of the ${noun}.` }),
    }),
  });
  const Payload = payloadType<{ bulkActivity?: BulkActivity; deletedId: string }>(
    `${name}Payload`,
    `Return type of \`${mutation}\`.`,
    (t) => ({
      ...(startsJob && startedJob(t, `Background job that deletes the ${noun}.`)),
      deletedId: deletedIdField(t, type, `the deleted ${noun}`, (payload) => payload.deletedId),
      [rawIdField]: t.id({
        description: `Constant Contact ID of the deleted ${noun}. \`null\` when nothing was deleted.`,
        resolve: (payload) => payload.deletedId,
      }),
    }),
  );
  builder.mutationField(mutation, (t) =>
    t.field({
      type: Payload,
      description,
      queryCost: cost.calls(1),
      args: { input: t.arg({ type: Input, required: true, description: target }) },
      resolve,
    }),
  );
}
