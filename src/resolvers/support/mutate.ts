import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../context.js';
import {
  operations,
  type OperationFacts,
  type OperationId,
} from '../../constant-contact/contract/operations.js';
import type { Api } from '../../constant-contact/api.js';
import { ConstantContactError } from '../../constant-contact/errors.js';
import { clearLoaders } from '../../loaders/index.js';
import { argumentPathOf, type GivenArguments } from './argument-path.js';
import { limitErrors } from './declared-limits.js';
import { InputError, InputErrors, type InputProblem } from './input-error.js';
import { MAX_ERRORS } from './limits.js';
import { selects } from './selection.js';

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
 * Makes the resolver of a mutation from a function that writes. It runs when the input keeps the limits that the schema declares;
 * otherwise only its checks before the first call run, for their errors. Errors that the user can correct (bad input,
 * duplicates, unknown IDs, values that the API refuses) become `userErrors`; others stay top-level errors, and so do all
 * failures when this field does not select `userErrors`: they would go unnoticed.
 * Afterwards the request's loaders are cleared, so that the payload shows the state after the write.
 */
export function mutate<Args, Shape extends object>(
  write: (args: Args, context: Context) => Promise<Shape & { userErrors?: readonly UserError[] }>,
): (parent: unknown, args: Args, context: Context, info: GraphQLResolveInfo) => Promise<Payload<Shape>> {
  return async (_parent, args, context, info) => {
    const reported = (errors: readonly UserError[]) => [
      ...errors.flatMap((error) => explain(error, { args, info })),
      ...context.api.unread.map((error) => doneUnread(error, 'The objects of the payload were read again.')),
    ];
    // The query cost may have read from the cache, but a write must not be based on cached data.
    if (context.api.meter.cached > 0) clearLoaders(context.loaders);
    try {
      const exceeded = await limitErrors({ args, info });
      if (exceeded.length > 0)
        throw inputErrorOf([
          ...exceeded,
          ...(await otherErrors(exceeded, args, () => write(args, withoutCalls(context)))),
        ]);
      const written = await context.api.duringWrite(() => write(args, context));
      const { userErrors = [] } = written;
      if (hasDoneNothing(userErrors) && !selects(info, 'userErrors'))
        throw inputErrorOf(userErrors.map(asInputError));
      return { ...written, userErrors: reported(userErrors) };
    } catch (error) {
      const userErrors = userErrorsOf(error);
      if (!userErrors || !selects(info, 'userErrors')) throw error;
      return { userErrors: reported(userErrors) } as unknown as Payload<Shape>;
    } finally {
      context.api.unread.length = 0;
      clearLoaders(context.loaders);
    }
  };
}

/** A context for the checks of a write: the first use of the API or of a loader ends it with a TypeError. */
function withoutCalls(context: Context): Context {
  const { clock } = context.api;
  return { ...context, api: { clock } as Context['api'], loaders: {} as Context['loaders'] };
}

/** Items of a list that is too long that a write checks: each takes as long as a short request. */
const MOST_ITEMS = 1_000;

/** Errors of a write without calls about other arguments than those of the known errors. */
async function otherErrors(
  known: readonly InputError[],
  args: unknown,
  write: () => Promise<unknown>,
): Promise<InputError[]> {
  const isLong = ({ code, field }: InputError) =>
    code === 'TOO_MANY' && (valueAt(args, field) as readonly unknown[]).length > MOST_ITEMS;
  if (known.some(isLong)) return [];
  const fields = new Set(known.map(({ field }) => field.join('.')));
  try {
    await write();
    return [];
  } catch (error) {
    const others = error instanceof InputErrors ? error.errors : error instanceof InputError ? [error] : [];
    return others.filter(({ field }) => !fields.has(field.join('.'))).slice(0, MAX_ERRORS - known.length);
  }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((inner, key) => (inner as Readonly<Record<string, unknown>>)[key], value);
}

/**
 * The result of a write whose payload has an object of the input, too; undefined if its response cannot be read, which the payload
 * reports.
 */
export async function undefinedIfUnread<T>(call: Promise<T>, { unread }: Api): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ConstantContactError) || error.kind !== 'doneUnread') throw error;
    unread.push(error);
    return undefined;
  }
}

/** Returns true if errors beside a payload mean that the write failed. Other payloads show what was written. */
function hasDoneNothing(userErrors: readonly UserError[]): boolean {
  return userErrors.length > 0 && !userErrors.some(({ code }) => DONE.includes(code));
}

const DONE: readonly InputProblem[] = ['PARTLY_DONE', 'DONE_UNREAD'];

function asInputError({ code, message, field, cause }: UserError): InputError {
  return new InputError(code, message, field, cause);
}

function inputErrorOf(errors: readonly InputError[]): InputError | InputErrors {
  const [first, ...others] = errors;
  return first && others.length === 0 ? first : new InputErrors(errors);
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

/** States that the API refused a request, with its keys. Its own words are only in `upstreamMessages`. */
export function refusal(error: ConstantContactError): string {
  return `Constant Contact refused the request${keysOf(error)}.`;
}

const keysOf = ({ errorKeys }: ConstantContactError): string =>
  errorKeys.length > 0 ? ` (${errorKeys.join(', ')})` : '';

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
  switch (error.kind) {
    case 'invalidRequest':
      return [{ code: 'INVALID', field: [], message: error.message }];
    case 'rejected':
      return [
        {
          code: 'REJECTED',
          field: [],
          message: `${refusal(error)} ${
            error.upstreamMessages.length > 0
              ? 'The reasons are in `upstreamMessages`.'
              : 'It gave no reason. Compare the input with the limits in the schema.'
          }`,
          cause: error,
        },
      ];
    case 'conflict':
      // Here a conflict means concurrent writes, not an error in the input.
      if (error.operationId === 'createOrUpdateContact') return null;
      return [{ ...conflict(error), cause: error }];
    case 'notFound':
      return [{ ...notFound(error), cause: error }];
    case 'doneUnread':
      return [
        doneUnread(
          error,
          isJob(error)
            ? 'Look for the job among `bulkActivities`.'
            : 'Look the object up by its input, such as its name or address.',
        ),
      ];
    case 'queueFull':
      return [
        {
          code: 'QUEUE_FULL',
          field: [],
          message: 'The account has 1,000 bulk activities waiting. Try again when some have finished.',
        },
      ];
    default:
      return null;
  }
}

interface Conflict {
  readonly text: string;
  /** The argument that duplicates another object. */
  readonly argument?: string;
}

const taken = (object: string, argument = 'name', label = argument): Conflict => ({
  text: `Another ${object}, perhaps a deleted one, already has this ${label}`,
  argument,
});

/** Meaning of a conflict, by the operation that reports it. */
const CONFLICTS: Partial<Record<OperationId, Conflict>> = {
  createList: taken('list'),
  putList: taken('list'),
  postTag: taken('tag'),
  putTag: taken('tag'),
  createSegment: taken('segment'),
  updateSegment: taken('segment'),
  updateSegmentName: taken('segment'),
  postCustomFields: taken('custom field', 'label'),
  putCustomField: taken('custom field', 'label'),
  createEmailCampaignUsingPOST: taken('campaign'),
  renameEmailCampaignUsingPATCH: taken('campaign'),
  copyEvent: taken('event'),
  provision: taken('client account', 'loginName', 'login name'),
  createSSOUser: taken('user', 'loginName', 'login name'),
  addAccountEmailAddress: { text: 'The account already has this email address', argument: 'emailAddress' },
  addPhysicalAddress: { text: 'The account already has a physical address' },
  createEmailCampaignABTestUsingPOST: { text: 'The activity already has an A/B test' },
  createResendToNonOpenersUsingPOST: { text: 'The campaign already has a resend to non-openers' },
  deleteEmailCampaignABTestUsingDELETE: { text: 'The A/B test can no longer be deleted' },
  deleteResendToNonOpenersUsingDELETE: { text: 'The resend can no longer be deleted' },
};

const doneUnread = ({ message }: ConstantContactError, next: string): UserError => ({
  code: 'DONE_UNREAD',
  field: [],
  message: `${message} ${next}`,
});

/** Returns true if the operation starts a bulk activity, which has no name. */
function isJob({ operationId }: ConstantContactError): boolean {
  const facts: OperationFacts | undefined = operationId && operations[operationId];
  return facts?.properties.includes('activity_id') ?? false;
}

/** The object of a path, by the parameter that has its ID. */
const OBJECTS: Readonly<Record<string, string>> = {
  activity_id: 'bulk activity',
  automation_flow_id: 'automation',
  campaign_activity_id: 'activity',
  campaign_id: 'campaign',
  contact_id: 'contact',
  custom_field_id: 'custom field',
  encoded_account_id: 'client account',
  event_id: 'event',
  file_export_id: 'export file',
  list_id: 'list',
  segment_id: 'segment',
  tag_id: 'tag',
  topic_id: 'webhook subscription',
};

function notFound(error: ConstantContactError): UserError {
  const facts: OperationFacts | undefined = error.operationId && operations[error.operationId];
  const [parameter = '', ...others] = facts?.pathParams ?? [];
  // Otherwise the missing object can also be that of another parameter, or a part of the object.
  const isOnlyOne = others.length === 0 && facts?.path.endsWith(`{${parameter}}`);
  const object = isOnlyOne ? OBJECTS[parameter] : undefined;
  return {
    code: 'NOT_FOUND',
    field: [],
    message: `The ${object ?? 'object'} was not found${keysOf(error)}.`,
  };
}

function conflict(error: ConstantContactError): UserError {
  const { operationId } = error;
  const isDeletion = operationId !== undefined && operations[operationId].method === 'DELETE';
  const unknown = isDeletion ? 'This can no longer be deleted' : 'The object already exists';
  const { text, argument }: Conflict = (operationId && CONFLICTS[operationId]) ?? { text: unknown };
  return {
    code: isDeletion ? 'NOT_ALLOWED' : 'ALREADY_EXISTS',
    field: ['input', ...(argument === undefined ? [] : [argument])],
    message: `${text}${keysOf(error)}.`,
  };
}

function toUserError({ code, field, message, cause }: InputError): UserError {
  return { code, field, message, ...(cause instanceof ConstantContactError && { cause }) };
}
