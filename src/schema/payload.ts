import type { FieldRef } from '@pothos/core';
import { INPUT_PROBLEMS } from '../resolvers/support/input-error.js';
import { encodeGlobalId, type NodeType } from '../resolvers/support/global-id.js';
import type { UserError } from '../resolvers/support/mutate.js';
import { builder } from './builder.js';
import type { Fields, SchemaTypes } from './fields.js';

const MEANINGS: Record<(typeof INPUT_PROBLEMS)[number], string> = {
  INVALID: 'The value is not valid. The message states the rule.',
  INVALID_ID: 'The ID is malformed or belongs to another type.',
  REQUIRED: 'A required value is missing.',
  TOO_LONG: 'The text or file exceeds the maximum size of the API.',
  TOO_MANY: 'The list exceeds the maximum number of items of one request.',
  NOT_FOUND: 'The object was not found.',
  ALREADY_EXISTS: 'Another object already has this name or address.',
  NOT_ALLOWED: 'The current state of the object does not allow the change.',
  QUEUE_FULL: 'The account has 1,000 bulk activities waiting. Try again when some have finished.',
  REJECTED: 'The REST API refused the request. `upstreamMessages` has its reasons.',
  PARTLY_DONE: 'Some of the changes were made and some were not. The message and the object say which.',
  DONE_UNREAD:
    'The change was made, but the response of the REST API could not be read. Do not repeat the mutation; the message says how to look up the result.',
};

const UserErrorCode = builder.enumType('UserErrorCode', {
  description: 'Reason of a validation error.',
  values: Object.fromEntries(INPUT_PROBLEMS.map((problem) => [problem, { description: MEANINGS[problem] }])),
});

export const UserErrorRef = builder.objectRef<UserError>('UserError').implement({
  description:
    'A validation error: something in the input, or in the state of an object, that the user can correct.',
  directives: { shareable: true },
  fields: (t) => ({
    code: t.expose('code', {
      type: UserErrorCode,
      nullable: false,
      description: 'Reason of the error, for programs.',
    }),
    field: t.exposeStringList('field', {
      description:
        'Path of the invalid argument, outermost first. Empty when the error belongs to no single argument.',
    }),
    message: t.exposeString('message', {
      nullable: false,
      description:
        'Explanation of the error and of how to correct it, for people. It can quote the input: escape it before you insert it into HTML.',
    }),
    upstreamMessages: t.stringList({
      nullable: false,
      description:
        'Reasons of the REST API for this error, as plain text: at most 5, of at most 500 characters each. Empty when the API was not called or gave no reason. Escape them before you insert them into HTML.',
      resolve: ({ upstreamMessages = [] }) => upstreamMessages,
    }),
  }),
});

/**
 * Declares `deletedId`, the global id of the object that a mutation has deleted. It is nullable because a mutation that fails has
 * `userErrors` only.
 *
 * @param of the object, as in "the deleted contact"
 */
export function deletedIdField<Payload>(
  t: Fields<Payload>,
  type: NodeType,
  of: string,
  parts: (payload: Payload) => readonly string[] | string | null | undefined,
): FieldRef<SchemaTypes, string | number | null | undefined> {
  return t.id({
    description: `Global ID of ${of}, to remove from client caches. \`null\` when nothing was deleted.`,
    resolve: (payload) => {
      const rawId = parts(payload);
      return rawId == null ? null : encodeGlobalId(type, ...[rawId].flat());
    },
  });
}

/**
 * Declares a list of global ids of the objects that a mutation has deleted or removed from something.
 *
 * @param of the objects, as in "the deleted contacts"
 * @param options.nullWhen when the ids are not known
 */
export function globalIdsField<Payload>(
  t: Fields<Payload>,
  type: NodeType,
  of: string,
  rawIds: (payload: Payload) => readonly string[] | null | undefined,
  { nullWhen = 'nothing was deleted' }: { nullWhen?: string } = {},
): FieldRef<SchemaTypes, readonly (string | number)[] | null | undefined> {
  return t.idList({
    description: `Global IDs of ${of}, to update client caches. \`null\` when ${nullWhen}.`,
    resolve: (payload) => rawIds(payload)?.map((id) => encodeGlobalId(type, id)),
  });
}
