import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../context.js';
import {
  operations,
  type OperationFacts,
  type OperationId,
} from '../../constant-contact/contract/operations.js';
import { ConstantContactError } from '../../constant-contact/errors.js';
import { clearLoaders } from '../../loaders/index.js';
import { argumentPathOf, type GivenArguments } from './argument-path.js';
import { InputError, InputErrors, type InputProblem } from './input-error.js';

export interface UserError {
  code: InputProblem;
  field: readonly string[];
  message: string;
  /** Messages of the API's response. */
  upstreamMessages?: readonly string[];
  /** The API's refusal behind the error; source of `upstreamMessages` and of the field that they name. */
  cause?: ConstantContactError | undefined;
}

/** Result of a mutation: the written objects if it succeeded, and user errors. */
export type Payload<Shape extends object> = Partial<Shape> & { userErrors: readonly UserError[] };

/**
 * Makes the resolver of a mutation from a function that writes. Errors that the user can correct (bad input,
 * duplicates, unknown IDs, values that the API refuses) become `userErrors`; others stay top-level errors.
 * Afterwards the request's loaders are cleared, so that the payload shows the state after the write.
 */
export function mutate<Args, Shape extends object>(
  write: (args: Args, context: Context) => Promise<Shape & { userErrors?: readonly UserError[] }>,
): (
  parent: unknown,
  args: Args,
  context: Context,
  info: Pick<GraphQLResolveInfo, 'parentType' | 'fieldName'>,
) => Promise<Payload<Shape>> {
  return async (_parent, args, context, info) => {
    const reported = (errors: readonly UserError[]) => [
      ...errors.flatMap((error) => explain(error, { args, info })),
      ...context.api.unread.map((error) => doneUnread(error, 'The objects of the payload were read again.')),
    ];
    // The query cost may have read from the cache, but a write must not be based on cached data.
    if (context.api.meter.cached > 0) clearLoaders(context.loaders);
    try {
      const written = await context.api.duringWrite(() => write(args, context));
      return { ...written, userErrors: reported(written.userErrors ?? []) };
    } catch (error) {
      const userErrors = userErrorsOf(error);
      if (!userErrors) throw error;
      return { userErrors: reported(userErrors) } as unknown as Payload<Shape>;
    } finally {
      context.api.unread.length = 0;
      clearLoaders(context.loaders);
    }
  };
}

/** A user error with the API's messages, one for each argument that they name. */
function explain({ cause, ...userError }: UserError, given: GivenArguments): UserError[] {
  if (!cause) return [userError];
  const elsewhere = idArgumentOf(cause, given) ?? userError.field;
  if (cause.upstreamMessages.length === 0) return [{ ...userError, field: elsewhere }];
  const byField = new Map<string, UserError & { upstreamMessages: string[] }>();
  for (const message of cause.upstreamMessages) {
    const named = argumentPathOf(message, cause, given) ?? elsewhere;
    // An error with its own field is not narrowed down to an item of it.
    const isInside = userError.field.length > 1 && userError.field.every((key, at) => named[at] === key);
    const field = isInside ? userError.field : named;
    const key = field.join('.');
    const explained = byField.get(key) ?? { ...userError, field, upstreamMessages: [] };
    explained.upstreamMessages.push(message);
    byField.set(key, explained);
  }
  return [...byField.values()];
}

/**
 * The argument with the ID of the missing object, if the operation takes only IDs. Of several IDs it is the
 * last one that the API's messages are about; without messages, the last one, because the others are its
 * parents.
 */
function idArgumentOf(error: ConstantContactError, given: GivenArguments): readonly string[] | null {
  const facts: OperationFacts | undefined = error.operationId && operations[error.operationId];
  if (error.kind !== 'notFound' || facts?.body !== null) return null;
  const sentences = error.upstreamMessages.join(' ').toLowerCase();
  const isNamed = (param: string) =>
    param.split('_').some((word) => word !== 'id' && sentences.includes(word));
  const name = facts.pathParams.findLast(isNamed) ?? facts.pathParams.at(-1);
  return name === undefined ? null : argumentPathOf(name, error, given);
}

/** The user errors for a failure; null when the user cannot correct it. */
export function userErrorsOf(error: unknown): UserError[] | null {
  if (error instanceof InputErrors) return error.errors.map(toUserError);
  if (error instanceof InputError) return [toUserError(error)];
  if (!(error instanceof ConstantContactError)) return null;
  const because = error.errorKeys.length > 0 ? ` (${error.errorKeys.join(', ')})` : '';
  switch (error.kind) {
    case 'invalidRequest':
      return [{ code: 'INVALID', field: [], message: error.message }];
    case 'rejected':
      return [
        {
          code: 'REJECTED',
          field: [],
          message: `Constant Contact refused these values${because}. ${
            error.upstreamMessages.length > 0
              ? 'See `upstreamMessages` for the reasons.'
              : 'Check them against the limits in the schema.'
          }`,
          cause: error,
        },
      ];
    case 'conflict':
      // Here a conflict means concurrent writes, not an error in the input.
      if (error.operationId === 'createOrUpdateContact') return null;
      return [{ ...conflict(error.operationId, because), cause: error }];
    case 'notFound':
      return [{ ...notFound(because), cause: error }];
    case 'doneUnread':
      return [doneUnread(error, 'Look the object up by its input, such as its name or address.')];
    case 'queueFull':
      return [
        {
          code: 'QUEUE_FULL',
          field: [],
          message: '1,000 bulk activities are waiting on this account. Try again when some have finished.',
        },
      ];
    default:
      return null;
  }
}

/** The argument that duplicates an existing object, by the operation that reports it. */
const DUPLICATE_ARGUMENTS: Partial<Record<OperationId, string>> = {
  createList: 'name',
  putList: 'name',
  postTag: 'name',
  putTag: 'name',
  createSegment: 'name',
  updateSegment: 'name',
  updateSegmentName: 'name',
  postCustomFields: 'label',
  putCustomField: 'label',
  createEmailCampaignUsingPOST: 'name',
  renameEmailCampaignUsingPATCH: 'name',
  addAccountEmailAddress: 'emailAddress',
  provision: 'loginName',
  createSSOUser: 'loginName',
};

const doneUnread = ({ message }: ConstantContactError, next: string): UserError => ({
  code: 'DONE_UNREAD',
  field: [],
  message: `${message} ${next}`,
});

const notFound = (because: string): UserError => ({
  code: 'NOT_FOUND',
  field: [],
  message: `The object does not exist, or no longer exists${because}.`,
});

function conflict(operationId: OperationId | undefined, because: string): UserError {
  const name = operationId && DUPLICATE_ARGUMENTS[operationId];
  if (name !== undefined) {
    const message = `Constant Contact already has another one with this ${name}, deleted ones included${because}.`;
    return { code: 'ALREADY_EXISTS', field: ['input', name], message };
  }
  if (operationId && operations[operationId].method === 'DELETE') {
    return { code: 'NOT_ALLOWED', field: ['input'], message: `This can no longer be deleted${because}.` };
  }
  return { code: 'ALREADY_EXISTS', field: ['input'], message: `It already exists${because}.` };
}

function toUserError({ code, field, message, cause }: InputError): UserError {
  return { code, field, message, ...(cause instanceof ConstantContactError && { cause }) };
}
