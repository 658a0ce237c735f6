import { closestMatch } from 'leven';
import type { ErrorCode } from '../server/errors.js';
import { shorten } from '../server/shorten.js';
import { argumentMessage } from './argument-message.js';
import { argumentAt, inToolNames, type ToolNames } from './tool-names.js';
import { objectSchema, nullable, type JsonSchema } from './input-schema.js';

/** The result of a tool call, as `structuredContent`. */
export interface Outcome {
  /** Data of the operation; null when there is none. */
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly error: ActionError | null;
  readonly successful: boolean;
  /** What a result that would be too large leaves out. */
  readonly note?: string;
}

/** Why a call failed, or did only a part of what was requested. */
export interface ActionError extends Problem {
  /** Advice on the next step. */
  readonly advice: string;
  /** Further problems. */
  readonly others?: readonly Problem[];
  /** Paths in `data` of what was done or read nevertheless. */
  readonly done?: readonly string[];
}

export interface Problem {
  readonly code: string;
  readonly message: string;
  /** The invalid argument. */
  readonly argument?: string;
  /** Path in `data` of the missing value. */
  readonly path?: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
  /** When the daily quota is renewed. */
  readonly resetsAt?: string;
  /** Error messages of the REST API. */
  readonly upstreamMessages?: readonly string[];
}

/** The output schema of every tool. It is short because `tools/list` repeats it for each tool. */
export const OUTPUT_SCHEMA: JsonSchema = objectSchema({
  properties: {
    data: nullable({ type: 'object' }),
    error: nullable({
      type: 'object',
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        advice: { type: 'string', description: 'What to do next.' },
        retryable: { type: 'boolean' },
      },
      required: ['code', 'message', 'advice', 'retryable'],
    }),
    successful: { type: 'boolean' },
    note: { type: 'string' },
  },
  required: ['data', 'error', 'successful'],
});

/** A response of GraphQL over HTTP. */
export interface GraphqlResponse {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphqlError[];
  readonly extensions?: { readonly upstream?: { readonly calls?: number } };
}

interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Each field is present only if the document selects it. */
interface UserError {
  readonly code?: string;
  readonly message?: string;
  readonly field?: readonly string[] | null;
  readonly upstreamMessages?: readonly string[];
}

const MAX_OTHERS = 20;
/** A message can quote input of the caller. */
const LONGEST_MESSAGE = 1_000;

const ADVICE: Partial<Record<ErrorCode | OwnCode, string>> = {
  BAD_USER_INPUT: 'Correct the argument and call the tool again.',
  INVALID_ID: 'Look up the ID with a tool that lists or searches, then call the tool again.',
  GRAPHQL_VALIDATION_FAILED: 'Correct the document as the message says, then call the tool again.',
  NOT_FOUND: 'Look up the ID with a tool that lists or searches, then call the tool again.',
  CONFLICT: 'Read the object again, then decide whether the call is still needed.',
  FORBIDDEN: 'Do not repeat the call: this caller is not allowed to make it. Ask the operator of the server.',
  UNAUTHENTICATED: 'Do not repeat the call: the operator must renew the credentials of the server.',
  RATE_LIMITED: 'Call the tool again after retryAfterSeconds.',
  QUEUE_FULL: 'Call the tool again after a few seconds.',
  OVERLOADED: 'Call the tool again after retryAfterSeconds.',
  QUOTA_EXHAUSTED: 'The daily quota is used up: call the tool again after resetsAt.',
  QUERY_TOO_EXPENSIVE: 'Request fewer rows or fields, as the message says.',
  UPSTREAM_TIMEOUT: 'The API did not respond in time. Before you repeat a write, check whether it was done.',
  UPSTREAM_INVALID_RESPONSE: 'Before you repeat a write, check whether it was done.',
  DONE_UNREAD: 'It was done. Do not repeat the call; read the result as the message says.',
  CONFIRMATION_REQUIRED:
    'Ask the person you work for. If they agree, call the tool again with confirm: true.',
  DECLINED: 'The person declined or did not answer. Do not call the tool again unless they ask for it.',
  STILL_RUNNING:
    'Do not start the job again: follow it with get_activity_status and the activityId in `data`.',
  JOB_FAILED: 'Read its failures, correct them, and start a new job for the rest.',
};
const RETRY = 'Call the tool again later.';
const DONE = 'Do not repeat what `done` lists.';
const STOP = 'Do not repeat the same call. Change it as the message says.';

/** Codes in addition to those of GraphQL errors and user errors. */
type OwnCode =
  | 'CONFIRMATION_REQUIRED'
  | 'DECLINED'
  | 'JOB_FAILED'
  | 'STILL_RUNNING'
  | 'DONE_UNREAD'
  | 'RESULT_TOO_LARGE'
  | 'INVALID_ID'
  | 'GRAPHQL_VALIDATION_FAILED';

/** An outcome without data. */
export function refusal(
  code: ErrorCode | OwnCode,
  message: string,
  more: Partial<Pick<ActionError, 'argument' | 'retryable' | 'advice'>> = {},
): Outcome {
  return outcomeOf(null, [{ code, message, retryable: false, ...more }]);
}

/** @param problems most important first; empty for success */
export function outcomeOf(
  data: Outcome['data'],
  problems: readonly (Problem & { readonly advice?: string })[],
): Outcome {
  const [first, ...others] = problems;
  if (!first) return { data, error: null, successful: true };
  const failed = problems.flatMap(({ path }) => path ?? []);
  const done = data === null ? [] : donePaths(data).filter((path) => !failed.includes(path));
  const { advice = ADVICE[first.code as ErrorCode] ?? (first.retryable ? RETRY : STOP), ...problem } = first;
  const error = {
    ...problem,
    advice: done.length > 0 ? `${advice} ${DONE}` : advice,
    ...(others.length > 0 && { others: others.slice(0, MAX_OTHERS) }),
    ...(done.length > 0 && { done }),
  };
  return { data, error, successful: false };
}

/**
 * @param names of the tool; null when the caller wrote the operation
 * @param ids names of the arguments that are IDs
 */
export function outcomeOfResponse(
  response: GraphqlResponse,
  names: ToolNames | null,
  ids: readonly string[] = [],
): Outcome {
  const { data = null, errors = [] } = response;
  const problems = errors.map((error) => problemOfError(error, names, ids));
  for (const [key, payload] of Object.entries(data ?? {})) {
    const { userErrors } = (payload ?? {}) as { userErrors?: readonly UserError[] };
    if (Array.isArray(userErrors))
      problems.push(...(userErrors as readonly UserError[]).map((error) => problemOfUser(error, key, names)));
  }
  return outcomeOf(data, problems);
}

function problemOfError(
  { message, path, extensions = {} }: GraphqlError,
  names: ToolNames | null,
  ids: readonly string[],
): Problem {
  const { code, retryable, retryAfterSeconds, resetsAt, field, upstream } = extensions;
  const variable = /^Variable "\$(\w+)"/.exec(message)?.[1];
  // An object that is not found has the only ID of the call.
  const [id] = code === 'NOT_FOUND' && ids.length === 1 ? ids : [];
  const argument = argumentOf(variable, names) ?? argumentIn(field, names) ?? id;
  const { messages } = (upstream ?? {}) as { messages?: readonly string[] };
  return {
    code: typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR',
    message: shorten(names ? inToolNames(argumentMessage(message), names) : message, LONGEST_MESSAGE),
    ...(argument !== undefined && { argument }),
    ...(path && { path: path.join('.') }),
    retryable: retryable === true,
    ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
    ...(typeof resetsAt === 'string' && { resetsAt }),
    ...(messages && { upstreamMessages: messages }),
  };
}

function argumentOf(variable: string | undefined, names: ToolNames | null): string | undefined {
  return variable === undefined || names ? variable : `variables.${variable}`;
}

const NO_MESSAGE = 'The mutation failed. Select `message` in `userErrors` to get the reason.';

function problemOfUser(
  { code = 'INVALID', message = NO_MESSAGE, field, upstreamMessages }: UserError,
  path: string,
  names: ToolNames | null,
): Problem {
  const argument = argumentIn(field, names);
  return {
    code,
    message: shorten(names ? inToolNames(message, names) : message, LONGEST_MESSAGE),
    ...(argument !== undefined && { argument }),
    path,
    retryable: false,
    ...(upstreamMessages && upstreamMessages.length > 0 && { upstreamMessages }),
  };
}

/** The argument that the `field` of an error is about. */
function argumentIn(field: unknown, names: ToolNames | null): string | undefined {
  return Array.isArray(field) && names ? argumentAt(field.map(String), names) : undefined;
}

/** Paths of the top-level fields with data; for payloads, of the values in them, such as the ID of what was deleted. */
function donePaths(data: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(data).flatMap(([key, value]) => {
    if (value === null) return [];
    const { userErrors, ...values } = value as { userErrors?: readonly UserError[] };
    if (!Array.isArray(userErrors)) return [key];
    const codes = (userErrors as readonly UserError[]).map(({ code }) => code);
    if (codes.length > 0 && !codes.some((code) => code === 'PARTLY_DONE' || code === 'DONE_UNREAD'))
      return [];
    const names = Object.entries(values).filter(
      ([name, inner]) =>
        inner !== null &&
        !(Array.isArray(inner) && inner.length === 0) &&
        // Such as the step of a send that failed.
        !name.startsWith('failed'),
    );
    return names.length === 0 ? [key] : names.map(([name]) => `${key}.${name}`);
  });
}

/** Refuses the first unknown argument; null when all are known. */
export function unknownArgument(names: readonly string[], known: readonly string[]): Outcome | null {
  const name = names.find((one) => !known.includes(one));
  if (name === undefined) return null;
  const meant = name.length > 100 ? undefined : closestMatch(name, [...known], { maxDistance: 4 });
  const hint = meant === undefined ? `Its arguments are: ${known.join(', ')}.` : `Did you mean \`${meant}\`?`;
  const message = `The tool has no argument \`${shorten(name, 100)}\`. ${hint}`;
  return refusal('BAD_USER_INPUT', message, { argument: shorten(name, 100) });
}
