import type { FieldRef } from '@pothos/core';
import { INPUT_PROBLEMS } from '../resolvers/support/input-error.js';
import { encodeGlobalId, type NodeType } from '../resolvers/support/global-id.js';
import type { UserError } from '../resolvers/support/mutate.js';
import { builder } from './builder.js';
import type { Fields, SchemaTypes } from './fields.js';

const MEANINGS: Record<(typeof INPUT_PROBLEMS)[number], string> = {
  INVALID: 'The value breaks a rule; the message says which.',
  INVALID_ID: 'This is not an id of the type that is wanted here.',
  REQUIRED: 'Something is missing.',
  TOO_LONG: 'The text or file is larger than the API takes.',
  TOO_MANY: 'More items than the API takes in one request.',
  NOT_FOUND: 'The object does not exist (any more).',
  ALREADY_EXISTS: 'Another object has this name or address already.',
  NOT_ALLOWED: 'The state that the object is in does not allow this.',
  QUEUE_FULL: 'The account has 1,000 bulk activities waiting. Try again when some have finished.',
  REJECTED: 'The API refused the request. Its reasons are in `upstreamMessages`.',
  PARTLY_DONE: 'A part was carried out and a part was not; the message and the object say what.',
  DONE_UNREAD:
    'It was carried out, but the answer of the API could not be read. Do not send it again; the message says how to look it up.',
};

const UserErrorCode = builder.enumType('UserErrorCode', {
  description: 'What kind of thing the user has to mend.',
  values: Object.fromEntries(INPUT_PROBLEMS.map((problem) => [problem, { description: MEANINGS[problem] }])),
});

const UserErrorRef = builder.objectRef<UserError>('UserError').implement({
  description: 'Something in the input, or in the state of an object, that the user can mend.',
  directives: { shareable: true },
  fields: (t) => ({
    code: t.field({
      type: UserErrorCode,
      nullable: false,
      description: 'What kind of problem.',
      resolve: (error) => error.code,
    }),
    field: t.exposeStringList('field', {
      nullable: { list: true, items: false },
      description: 'Path of the argument at fault, outermost first; empty when it is none in particular.',
    }),
    message: t.exposeString('message', { nullable: false, description: 'What is wrong and what to do.' }),
    upstreamMessages: t.stringList({
      nullable: { list: false, items: false },
      description:
        'Error messages of the REST API for this error, as plain text: at most 5, each of at most 500 characters. Empty when the API was not called or said nothing. Escape them before they become part of a page.',
      resolve: ({ upstreamMessages = [] }) => upstreamMessages,
    }),
  }),
});

type PayloadFields<Shape extends object> = (
  t: PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Partial<Shape> & { userErrors: readonly UserError[] }>,
) => Record<string, unknown>;

/**
 * Declares the payload of a mutation: its own fields, all nullable, and `userErrors`.
 * `Shape` is what the mutation's resolver gives when it succeeds.
 */
export function payloadType<Shape extends object>(
  name: string,
  description: string,
  fields: PayloadFields<Shape>,
) {
  return builder.objectRef<Partial<Shape> & { userErrors: readonly UserError[] }>(name).implement({
    description,
    fields: (t) => ({
      ...fields(t),
      userErrors: t.field({
        type: [UserErrorRef],
        nullable: { list: false, items: false },
        description: 'What the user has to mend; empty when all went well.',
        resolve: (payload) => payload.userErrors,
      }),
    }),
  });
}

/**
 * Declares `deletedId`, the global id of what a mutation has deleted. It is nullable because `userErrors` may stand in its place.
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
    description: `Global id of ${of}, for removing it from the cache of a client. Null when nothing was deleted.`,
    resolve: (payload) => {
      const known = parts(payload);
      return known == null ? null : encodeGlobalId(type, ...[known].flat());
    },
  });
}

/**
 * Declares a list of global ids of what a mutation has deleted or taken out of something.
 *
 * @param of the objects, as in "the deleted contacts"
 * @param options.nullWhen when the ids are not known
 */
export function globalIdsField<Payload>(
  t: Fields<Payload>,
  type: NodeType,
  of: string,
  rawIds: (payload: Payload) => readonly string[] | null | undefined,
  { nullWhen }: { nullWhen?: string } = {},
): FieldRef<SchemaTypes, readonly (string | number)[] | null | undefined> {
  return t.idList({
    nullable: { list: true, items: false },
    description: `Global ids of ${of}, for removing them from the cache of a client.${nullWhen ? ` Null when ${nullWhen}.` : ''}`,
    resolve: (payload) => rawIds(payload)?.map((id) => encodeGlobalId(type, id)),
  });
}
