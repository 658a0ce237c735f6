import type { IncomingHttpHeaders } from 'node:http';
import { spentUntil } from '../budget/rate.js';
import { operations, type OperationFacts, type OperationId } from '../contract/operations.js';
import { ConstantContactError, type ErrorDetails, type ErrorKind } from '../errors.js';
import { EXPLAINED, requestIdsOf, upstreamMessagesOf } from './explanation.js';
import { isRead } from './inner-operation.js';
import { jsonIn } from './json.js';
import { MISSING, refusalKind } from './refusal.js';
import type { Failure } from './retry.js';

/** The kinds that an answer of the API can mean. */
type AnswerKind = Exclude<
  ErrorKind,
  'invalidRequest' | 'loginChanged' | 'doneUnread' | 'overCost' | 'notReady' | 'notCached' | 'aborted'
>;

const KEY = /^[\w.:-]{1,100}$/;
const MAX_ERROR_KEYS = 10;
/** Default pause before a result that the API is still computing is requested again, in milliseconds. */
const NOT_READY_MS = 10_000;

/**
 * The vendor's error keys in a body, whichever shape it has: a list of `{error_key}`, one such object, OAuth's
 * `{error}`, an `errors` list beside other things, or activity errors and other text, which hold no key. A key that is
 * not made of letters, digits and `_ . : -` is text in disguise and is left out.
 */
export function errorKeysOf(text: string): string[] {
  const keys = new Set<string>();
  for (const row of rowsOf(jsonIn(text))) {
    const key = row['error_key'] ?? row['error'];
    if (typeof key === 'string' && KEY.test(key) && keys.size < MAX_ERROR_KEYS) keys.add(key);
  }
  return [...keys];
}

const UUID = String.raw`[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\w@+/-]|\.\w)`;
/** Positions of a contact ID in a message: after that word, or alone. Matches within an address or a longer word do not count. */
const CONTACT_IDS = [
  new RegExp(String.raw`(?<=\bcontacts?(?:[_ ]id)?[\s"'\x60:=([{<#/\\]{1,3})${UUID}`, 'g'),
  new RegExp(String.raw`(?<![\w@+./-])${UUID}`, 'g'),
];

/**
 * The contact of a conflict: the API names it only within a sentence of variable wording. Undefined when the sentences name
 * none, or several.
 */
function contactInConflict(text: string): string | undefined {
  const rows = rowsOf(jsonIn(text)).filter((row) => row['error_key'] === 'contacts.api.conflict');
  // The sentence may be a text, a list of them, or an object.
  const sentences = rows.map(({ error_message: sentence }) =>
    JSON.stringify(sentence ?? '')
      .toLowerCase()
      .replace(/\\[nrt]/g, ' '),
  );
  for (const pattern of CONTACT_IDS) {
    const [id, ...others] = new Set(sentences.flatMap((sentence) => sentence.match(pattern) ?? []));
    if (id !== undefined && others.length === 0) return id;
  }
  return undefined;
}

/**
 * Returns true if a body is an error, whatever its status: one of the API's error formats, the format of a gateway or a
 * framework, or a page with a row that is one. Errors beside a result are part of it only where the contract has them;
 * properties without a value are no result. Beside an ID or rows, only the API's own error formats are errors: any other
 * property may be new in the API.
 */
export function isErrorBody(
  body: unknown,
  { properties, rows }: Pick<OperationFacts, 'properties' | 'rows'>,
): boolean {
  if (Array.isArray(body))
    return body.some((row) => isRecord(row) && isError(row, properties, hasId(row, properties)));
  if (!isRecord(body)) return false;
  const hasValues = Object.entries(body).some(
    ([key, value]) => value !== null && properties.includes(key) && !ERROR_LISTS.includes(key),
  );
  const ofPage = rows === null ? null : body[rows];
  const isPage = Array.isArray(ofPage) && ofPage.length > 0;
  return (
    isError(body, properties, isPage || hasId(body, properties)) ||
    (listsErrors(body) && !hasValues) ||
    (isPage && ofPage.some((row) => isRecord(row) && isErrorRow(row)))
  );
}

function hasId(row: Record<string, unknown>, properties: readonly string[]): boolean {
  return Object.keys(row).some((key) => isIdName(key) && properties.includes(key) && Boolean(row[key]));
}

const isIdName = (key: string) => /(?:^|_)id$/.test(key);

const ERROR_LISTS: readonly string[] = ['errors', 'activity_errors'];

/** Returns true if a body lists errors, alone or beside a result. */
export function listsErrors(body: unknown): boolean {
  if (!isRecord(body)) return false;
  return ERROR_LISTS.some((key) => {
    const errors = body[key];
    return Array.isArray(errors) ? errors.length > 0 : isRecord(errors);
  });
}

/** Returns true if the body of a report on several IDs has results. */
export function hasResults(body: unknown): boolean {
  return isRecord(body) && Array.isArray(body['results']) && body['results'].length > 0;
}

/** Returns true for an error in the place of a row. */
function isErrorRow(row: Record<string, unknown>): boolean {
  return isOwnFormat(row) && !Object.keys(row).some((key) => isIdName(key) && Boolean(row[key]));
}

/** Returns true for an error in the format of the API, or of OAuth. */
function isOwnFormat(row: Record<string, unknown>): boolean {
  return Boolean(row['error_key'] ?? row['error_message'] ?? row['error']);
}

/** Returns true if a property that the contract does not have, or the number of a status, says that the request failed. */
function isError(row: Record<string, unknown>, properties: readonly string[], isResult: boolean): boolean {
  return Object.entries(row).some(
    ([key, value]) =>
      (!properties.includes(key) || (key === 'status' && typeof value === 'number')) &&
      (isResult ? overrulesResult(key, value) : saysFailure(key, value)),
  );
}

/** Returns true for a property that means a failure even beside an ID or rows. */
function overrulesResult(key: string, value: unknown): boolean {
  if (key === 'errors')
    return (Array.isArray(value) ? value : [value]).some((one) => isRecord(one) && isOwnFormat(one));
  if (/^status/i.test(key)) return typeof value === 'number' && saysFailure(key, value);
  return /^(?:error|error_key|error_message|success|succeeded|ok)$/i.test(key) && saysFailure(key, value);
}

/** Returns true if a property is an error, or says that the request failed. */
export function saysFailure(key: string, value: unknown): boolean {
  if (/^(?:error|fault|exception)/i.test(key)) {
    if (typeof value === 'number' || value === true) return key === 'error';
    return isRecord(value) || (Array.isArray(value) ? value.length > 0 : Boolean(value));
  }
  if (/^(?:success|succeeded|ok)$/i.test(key)) return value === false || value === 'false';
  if (!/^status(?:_?code)?$/i.test(key)) return false;
  return /^(?:error|fail(?:ed|ure)?|[45]\d\d)$/i.test(String(value));
}

function rowsOf(body: unknown): Record<string, unknown>[] {
  if (Array.isArray(body)) return body.filter(isRecord);
  if (!isRecord(body)) return [];
  return [body, ...(Array.isArray(body['errors']) ? body['errors'].filter(isRecord) : [])];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Converts an unsuccessful response to an error: its kind by status first and body second, and whether the request
 * may have been carried out.
 * @param now milliseconds since the epoch
 * @param sentBody the JSON that was sent
 */
export function failureOfAnswer(
  id: OperationId,
  answer: { status: number; headers: IncomingHttpHeaders; text: string },
  now: number,
  sentBody?: string,
): Failure {
  const { status } = answer;
  const facts: OperationFacts = operations[id];
  const errorKeys = errorKeysOf(answer.text);
  const requestIds = requestIdsOf(answer.headers);
  const retryAfterMs = retryAfterIn(answer.headers, now);
  const failure = (kind: AnswerKind, fate: Failure['fate'], extra: ErrorDetails = {}): Failure => ({
    error: new ConstantContactError(kind, MESSAGES[kind], {
      operationId: id,
      status,
      errorKeys,
      requestIds,
      ...extra,
    }),
    fate,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
  const limited = limitOf(id, status, errorKeys, answer.text);
  switch (limited) {
    case 'day':
      return failure('quotaExhausted', 'final', { retryAt: spentUntil(now, timeIn(answer.headers)) });
    case 'queue':
      return failure('queueFull', 'final');
    case 'second':
    case 'other':
      return failure('rateLimited', limited === 'second' ? 'refused' : 'unknown', {
        retryAt: now + (retryAfterMs ?? 1_000),
      });
    case null:
      break;
  }
  if (status === 401) return failure('unauthenticated', 'final');
  if (status === 403) return failure('forbidden', 'final');
  if (status === 408) return failure('timeout', 'unknown');
  if (status >= 500) {
    return failure(
      'unavailable',
      'unknown',
      retryAfterMs === undefined ? {} : { retryAt: now + retryAfterMs },
    );
  }
  const changesNothing = isRead(id, sentBody);
  const body = jsonIn(answer.text);
  // A web page comes from a proxy before the API, which may have carried out the write before the proxy failed. For a read, a text
  // that is no JSON must not mean that the object does not exist.
  const isOfProxy = changesNothing
    ? MISSING.has(status) && body === undefined && answer.text.trim() !== ''
    : isMarkup(answer);
  if (!isRefusal(status) || isOfProxy)
    return failure('invalidResponse', changesNothing ? 'final' : 'unknown');
  const upstreamMessages = EXPLAINED.has(status) ? upstreamMessagesOf(body, namesIn(facts, sentBody)) : [];
  const contactId = status === 409 ? contactInConflict(answer.text) : undefined;
  return failure(refusalKind(id, status, errorKeys, upstreamMessages), 'final', {
    upstreamMessages,
    sentBody,
    ...(contactId !== undefined && { contactId }),
  });
}

/** Rows of an import have the same properties, so the first letters of a body have them all. */
const MAX_SEARCHED_BODY = 20_000;

/** Properties and parameters of a request. */
function namesIn({ pathParams, queryParams }: OperationFacts, sentBody = ''): ReadonlySet<string> {
  const properties = [...sentBody.slice(0, MAX_SEARCHED_BODY).matchAll(/"([a-z][\w:]*)":/g)].map(
    ([, name = '']) => name,
  );
  return new Set([...pathParams, ...queryParams, ...properties]);
}

/** Returns true if a status means that the request was rejected: the registered ones from 400 on (RFC 9110, RFC 6585). */
function isRefusal(status: number): boolean {
  return (status >= 400 && status <= 417) || [421, 422, 423, 424, 425, 426, 428, 431, 451].includes(status);
}

/** Returns true if a text starts as JSON or as a web page, which no file of rows does. */
export function startsAsJsonOrMarkup(text: string): boolean {
  return /^\s*[[{<]/.test(text);
}

/** Returns true if a response is a web page, by its type or by its first character. */
export function isMarkup({ headers, text = '' }: { headers: IncomingHttpHeaders; text?: string }): boolean {
  return /^\s*text\/html\b/i.test(headers['content-type'] ?? '') || text.trimStart().startsWith('<');
}

/** Returns the exceeded limit: per second, per day, the queue of bulk activities, or an undocumented one. */
function limitOf(
  id: OperationId,
  status: number,
  keys: readonly string[],
  text: string,
): 'second' | 'day' | 'queue' | 'other' | null {
  if (status === 403) {
    // Older API keys get 403 from the vendor's former gateway where newer ones get 429.
    if (keys.some((key) => key.endsWith('over.qps'))) return 'second';
    if (keys.some((key) => key.endsWith('over.ratelimit'))) return 'day';
    return null;
  }
  if (status !== 429) return null;
  if (keys.includes('quota_exceeded')) return 'day';
  if (keys.includes('throttled')) return 'second';
  const { method, tag }: OperationFacts = operations[id];
  // The description of a bulk activity's 429 mentions its queue without a key: a 429 without that text may be any limit.
  if (method === 'POST' && tag === 'Bulk Activities')
    return keys.length > 0 && /queue/i.test(text) ? 'queue' : 'other';
  return text.trim() === '' ? 'second' : 'other';
}

/** The response to a read is still being computed. */
export function notReady(
  operationId: OperationId,
  { status, headers = {} }: { status: number; headers?: IncomingHttpHeaders },
  now: number,
): ConstantContactError {
  return new ConstantContactError(
    'notReady',
    'Constant Contact has not finished computing the result. Try again later.',
    { operationId, status, retryAt: now + (retryAfterIn(headers, now) ?? NOT_READY_MS) },
  );
}

/** Time of a response by the clock of its server, in milliseconds since the epoch. */
export function timeIn({ date = '' }: IncomingHttpHeaders): number | undefined {
  return Date.parse(date) || undefined;
}

/** Time in milliseconds for which `Retry-After` asks to wait; undefined without a valid one. */
export function retryAfterIn(headers: IncomingHttpHeaders, now: number): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1_000;
  const at = value.endsWith('GMT') ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

const MESSAGES: Readonly<Record<AnswerKind, string>> = {
  unauthenticated: 'Constant Contact rejected the credentials.',
  forbidden:
    'Constant Contact refused access: the token lacks a scope, the user lacks a privilege, or the application is disabled.',
  notFound: 'The object was not found in Constant Contact.',
  rejected: 'Constant Contact refused the request.',
  conflict: 'The object already exists in Constant Contact, or it was changed at the same time.',
  rateLimited: 'The rate limit of Constant Contact is exceeded.',
  quotaExhausted: 'The daily quota of REST calls is exhausted.',
  queueFull: 'The account has 1,000 bulk activities waiting. Try again when some have finished.',
  timeout: 'Constant Contact did not respond in time.',
  unavailable: 'Constant Contact cannot be reached, or its service failed.',
  invalidResponse: 'Constant Contact returned a response that its API description does not allow.',
  wrongRequest: 'The server sent a request that Constant Contact does not understand.',
};
