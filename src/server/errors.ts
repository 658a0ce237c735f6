import { createGraphQLError } from 'graphql-yoga';
import { Kind, type GraphQLError } from 'graphql';
import { ConstantContactError, type ErrorKind } from '../constant-contact/errors.js';
import { InputError, InputErrors } from '../resolvers/support/input-error.js';

/** Values of `extensions.code` of errors of this program; clients may rely on them. */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'QUOTA_EXHAUSTED',
  'QUEUE_FULL',
  'UPSTREAM_NOT_READY',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_INVALID_RESPONSE',
  'NOT_CACHED',
  'CANCELLED',
  'HEADERS_TOO_LARGE',
  'BODY_CONSUMED',
  'QUERY_TOO_LARGE',
  'QUERY_TOO_COMPLEX',
  'QUERY_TOO_EXPENSIVE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_MISMATCH',
  'ACCESS_UNAVAILABLE',
  'UPLOAD_UNAVAILABLE',
  'NOT_ACCEPTABLE',
  'REQUEST_TIMEOUT',
  'OVERLOADED',
  'TOO_MANY_REFUSALS',
  'SUBSCRIPTION_EXPIRED',
  'TOO_MANY_OPERATIONS',
  'SHUTTING_DOWN',
  'INTERNAL_SERVER_ERROR',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export const INTERNAL_MESSAGE = 'Unexpected error.';

/** The code of each kind of failed REST call. */
const CODES: Readonly<Record<ErrorKind, ErrorCode>> = {
  unauthenticated: 'UNAUTHENTICATED',
  forbidden: 'FORBIDDEN',
  invalidRequest: 'BAD_USER_INPUT',
  rejected: 'BAD_USER_INPUT',
  notFound: 'NOT_FOUND',
  conflict: 'CONFLICT',
  rateLimited: 'RATE_LIMITED',
  quotaExhausted: 'QUOTA_EXHAUSTED',
  queueFull: 'QUEUE_FULL',
  notReady: 'UPSTREAM_NOT_READY',
  timeout: 'UPSTREAM_TIMEOUT',
  unavailable: 'UPSTREAM_UNAVAILABLE',
  loginChanged: 'UPSTREAM_UNAVAILABLE',
  invalidResponse: 'UPSTREAM_INVALID_RESPONSE',
  doneUnread: 'UPSTREAM_INVALID_RESPONSE',
  wrongRequest: 'INTERNAL_SERVER_ERROR',
  overCost: 'QUERY_TOO_EXPENSIVE',
  notCached: 'NOT_CACHED',
  aborted: 'CANCELLED',
};

export const codeOf = (kind: ErrorKind): ErrorCode => CODES[kind];

/** Message and `extensions` of an error, the only parts of a failure that a client sees. */
export interface PublicError {
  message: string;
  extensions: { code: string; [key: string]: unknown };
}

/**
 * Converts a failure to a public error, or null for a bug of this program, of which nothing may be exposed.
 *
 * @param error what was thrown, without the GraphQL errors around it
 * @param now milliseconds since the epoch, for `retryAfterSeconds`
 */
export function publicError(error: unknown, now: number): PublicError | null {
  if (error instanceof ConstantContactError) return upstreamError(error, now);
  if (error instanceof InputError) {
    return { message: error.message, extensions: { code: 'BAD_USER_INPUT', ...problemOf(error) } };
  }
  if (error instanceof InputErrors) {
    const problems = error.errors.map((one) => ({ ...problemOf(one), message: one.message }));
    return { message: error.message, extensions: { code: 'BAD_USER_INPUT', problems } };
  }
  if (error instanceof DOMException && error.name === 'AbortError') {
    return { message: 'The request was cancelled.', extensions: { code: 'CANCELLED', retryable: false } };
  }
  return null;
}

function problemOf({ code, field, cause }: InputError) {
  return {
    problem: code,
    field,
    ...(cause instanceof ConstantContactError && { upstream: upstreamOf(cause) }),
  };
}

function upstreamError(error: ConstantContactError, now: number): PublicError {
  const code = codeOf(error.kind);
  const { status, retryAt } = error;
  const at = retryAt === undefined ? undefined : new Date(retryAt).toISOString();
  return {
    message: code === 'INTERNAL_SERVER_ERROR' ? INTERNAL_MESSAGE : error.message,
    extensions: {
      code,
      ...(code === 'INTERNAL_SERVER_ERROR' && UNEXPECTED),
      retryable: error.retryable,
      ...(retryAt !== undefined && {
        retryAt: at,
        retryAfterSeconds: Math.max(0, Math.ceil((retryAt - now) / 1000)),
      }),
      ...(code === 'QUOTA_EXHAUSTED' && at !== undefined && { resetsAt: at }),
      ...(status !== undefined && { upstream: upstreamOf(error) }),
    },
  };
}

/** Facts about a response of the API; of its texts only those that explain a refusal. */
function upstreamOf({ status, errorKeys, requestIds, upstreamMessages }: ConstantContactError) {
  return {
    status,
    errorKeys,
    ...(upstreamMessages.length > 0 && { messages: upstreamMessages }),
    ...(requestIds.length > 0 && { requestIds }),
  };
}

/** Makes the HTTP status 500 when there is no data; removed before the response. */
const UNEXPECTED = { unexpected: true };

/**
 * Converts every failure of a request to a public error, retryable only when it says so. Unknown errors become
 * `INTERNAL_SERVER_ERROR` with a fixed message.
 * @see causeOf for the original error
 */
export function translateError(error: unknown, now: number): GraphQLError {
  const outer = isGraphQLError(error) ? error : undefined;
  const cause = innermost(error);
  const shown = publicError(cause, now) ?? (outer && libraryError(outer, cause));
  const { message, extensions } = shown ?? {
    message: INTERNAL_MESSAGE,
    extensions: { code: 'INTERNAL_SERVER_ERROR', ...UNEXPECTED },
  };
  // The cause must not become `originalError`: Yoga masks errors that have one.
  const translated = createGraphQLError(message, {
    extensions: { ...extensions, retryable: extensions['retryable'] ?? false },
    ...(outer && { nodes: outer.nodes, source: outer.source, positions: outer.positions, path: outer.path }),
  });
  causes.set(translated, cause);
  return translated;
}

const causes = new WeakMap<GraphQLError, unknown>();

/** Original error behind an error of `translateError`; undefined for any other. */
export function causeOf(error: GraphQLError): unknown {
  return causes.get(error);
}

/** Types as Yoga names them, and in plain words. */
const TYPES = {
  array: 'a list',
  object: 'an object',
  string: 'a string',
  number: 'a number',
  boolean: 'a boolean',
};

/** Clearer texts for messages of Yoga. */
const REWORDED: Readonly<Record<string, string>> = {
  'Can only perform a mutation operation from a POST request.':
    'Send mutations with POST. GET runs queries only.',
  'Could not determine what operation to execute.':
    'The document has several operations, or none of the given name. Set `operationName` to the name of one of them.',
  'GraphQL only supports GET and POST requests.': 'Send GraphQL requests with POST, or queries with GET.',
  'Must provide query string.': 'The request has no document. Send it as `query`.',
  'Batching is not supported.': 'Send one operation per request: batching is not supported.',
  'POST body sent invalid JSON.': 'The request body is not valid JSON.',
  ...messagesAboutTypes(),
};

/** Yoga's messages about parts of a request that have the wrong type. */
function messagesAboutTypes(): Record<string, string> {
  const messages: Record<string, string> = {};
  for (const [type, shown] of Object.entries(TYPES)) {
    for (const name of ['variables', 'extensions'])
      messages[`Expected "${name}" param to be empty or an object, but given ${type}.`] =
        `\`${name}\` must be a JSON object, not ${shown}.`;
    messages[`Expected "query" param to be a string, but given ${type}.`] =
      `\`query\` must be a string, not ${shown}.`;
    messages[`POST body is expected to be object but received ${type}`] =
      `The request body must be a JSON object, not ${shown}.`;
  }
  return messages;
}

/** Ends the errors about variables in graphql-js, which lists 50. */
const TOO_MANY_INVALID = 'Too many errors processing variables, error limit reached. Execution aborted.';

/** An error of the GraphQL libraries: kept when it is about the request, masked when it is about our response. */
function libraryError(
  { message, extensions, nodes, path }: GraphQLError,
  cause: unknown,
): PublicError | null {
  const code = extensions['code'];
  if (typeof code === 'string' && isGraphQLError(cause))
    return { message: REWORDED[message] ?? message, extensions: { ...extensions, code } };
  // An error about an argument or variable has its own node; one about an invalid value of ours has the node of the field.
  const node = nodes?.[0];
  const isLastOfMany = node === undefined && message === TOO_MANY_INVALID;
  if (!isLastOfMany && (node === undefined || node.kind === Kind.FIELD)) return null;
  // With `spec`, the status is 400 only for clients that ask for `application/graphql-response+json`.
  const http = path ? undefined : { http: { spec: true, status: 400 } };
  const shown = isLastOfMany ? 'The variables have more errors, which are not listed.' : message;
  return { message: shown, extensions: { code: 'BAD_USER_INPUT', ...http } };
}

/** Checks the name instead of the class: under a bundler or a test runner there can be two copies of the class. */
function isGraphQLError(error: unknown): error is GraphQLError {
  return error instanceof Error && error.name === 'GraphQLError';
}

function innermost(error: unknown): unknown {
  let inner = error;
  while (isGraphQLError(inner) && inner.originalError) inner = inner.originalError;
  return inner;
}
