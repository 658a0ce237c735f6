import type { IncomingHttpHeaders } from 'node:http';
import {
  operations,
  type OperationFacts,
  type OperationId,
  type ResponseBody,
} from '../contract/operations.js';
import { ConstantContactError } from '../errors.js';
import { FREE_FORM } from './free-form.js';
import { decodeText } from './decode-text.js';
import { requestIdsOf } from './explanation.js';
import { innerOperation, isRead } from './inner-operation.js';
import { jsonIn, type LongNumbers } from './json.js';
import {
  startsAsJsonOrMarkup,
  errorKeysOf,
  isErrorBody,
  isMarkup,
  isRecord,
  saysFailure,
} from './error-body.js';

export interface Answer {
  readonly status: number;
  /** Parsed JSON, text of a CSV, undefined for an empty body. */
  readonly body: unknown;
  /** Time at which the request left, in milliseconds since the epoch, if the response may be cached. */
  readAt?: number;
  /** True if it comes from the cache and is fresh. */
  readonly isCached?: boolean;
}

type Tag = (typeof operations)[OperationId]['tag'];

/**
 * The ids by which an answer names its object, by the vendor's name for the group of operations. They count for the
 * operations whose answers have one of them.
 */
const IDS: Readonly<Partial<Record<Tag, readonly string[]>>> = {
  'Account Services': ['email_id'],
  'Bulk Activities': ['activity_id'],
  Contacts: ['contact_id'],
  'Contacts Custom Fields': ['custom_field_id'],
  'Contact Lists': ['list_id', 'activity_id'],
  'Contact Tags': ['tag_id', 'activity_id'],
  Segments: ['segment_id'],
  'Email Campaigns': ['campaign_id', 'resend_request_id'],
  Events: ['event_id', 'campaign_id'],
  Automations: ['id'],
  'Technology Partners': ['encoded_account_id', 'provision_uuid'],
};

/** Writes whose status says all that a caller needs; the API may leave their bodies empty. */
const STATUS_SUFFICES: ReadonlySet<OperationId> = new Set([
  'cancelAccount',
  'partnerAccountOperationsPostSync',
  'partnerUnsubscribeContacts',
  'putPhysicalAddress',
  'scheduleEmailCampaignActivityUsingPOST',
  'testSendWebhooksTopic',
]);

type LackingAll = {
  [Id in OperationId]: object extends ResponseBody<Id> ? Id : never;
}[OperationId];

/** Reads of an object without an id of its own, of which the contract requires no property. */
const MAY_LACK_ALL: ReadonlySet<OperationId> = new Set<LackingAll>([
  'countContact',
  'getPlan',
  'retrieveEmailCampaignActivityPreviewUsingGET',
]);

/** Objects of operations that the contract does not have: only the errors of the API are errors. */
const ANY_OBJECT = { properties: ['status', 'success'], rows: null };

/**
 * Checks the body against the operation. An error body is an error whatever its status; a write whose response cannot be its
 * own may or may not have been carried out.
 * @param longNumbers form of whole numbers that no `number` can represent
 * @param sentBody the JSON that was sent
 */
export function readAnswer(
  id: OperationId,
  status: number,
  bytes: Buffer,
  headers: IncomingHttpHeaders = {},
  longNumbers?: LongNumbers,
  sentBody?: string,
): Answer | ConstantContactError {
  const facts: OperationFacts = operations[id];
  const { response, bodiless } = facts;
  const text = decodeText(bytes);
  const body = jsonIn(text, longNumbers);
  const failed = (message: string) =>
    new ConstantContactError('invalidResponse', message, {
      operationId: id,
      status,
      errorKeys: errorKeysOf(text),
      requestIds: requestIdsOf(headers),
    });
  const isForeign = id === 'partnerAccountOperationsPostSync';
  const inner = isForeign && sentBody !== undefined ? innerOperation(sentBody) : undefined;
  if (isErrorBody(body, isForeign ? (inner ?? ANY_OBJECT) : facts))
    return failed('Constant Contact returned an error.');
  if (response === 'csv') {
    return startsAsJsonOrMarkup(text)
      ? failed('Constant Contact returned a response that is not a file.')
      : { status, body: text };
  }
  const isEmpty = text.trim() === '';
  // Truncated JSON may have been an error.
  const isTruncated = body === undefined && /^\s*[[{]/.test(text);
  const isUnreadable = isTruncated || isMarkup({ headers: {}, text });
  // The response of another account's API is returned unchanged, JSON or not.
  if (isForeign && !isEmpty && !isUnreadable) {
    return { status, body: body === undefined ? text : body };
  }
  if (isEmpty && isList(facts) && (status === 204 || (status === 202 && facts.paging === 'links')))
    return { status, body: facts.rows === '' ? [] : {} };
  if (isEmpty && mayBeEmpty(id, status)) return { status, body: undefined };
  // A write that is based on an unrelated object would replace all that this one lacks.
  const isBase = longNumbers === 'bigints';
  if (
    fits(facts, status, body, isBase) ||
    (status === 200 && !isBase && isBare(body) && MAY_LACK_ALL.has(id))
  ) {
    if (hasNullInList(text)) closeGaps(body, facts.properties);
    return { status, body };
  }
  // The contract declares no body, or requires none of its properties: content may be an error, unless it is an object of the API.
  const isBodiless =
    response === 'none' || bodiless.includes(status) || (isBare(body) && STATUS_SUFFICES.has(id));
  if (isBodiless && !isEmpty) {
    return !hasOwnId(body) && hasContent(body === undefined ? text : body)
      ? failed('Constant Contact returned a response where none is expected.')
      : { status, body: undefined };
  }
  if (!isRead(id, sentBody) && isDone(status, text, body)) {
    return new ConstantContactError(
      'doneUnread',
      `Constant Contact carried out the write (HTTP ${String(status)}), but its response cannot be read. Do not send it again.`,
      { operationId: id, status },
    );
  }
  return failed('Constant Contact returned a response that is not the expected JSON.');
}

/** An error in truncated JSON. Activities have an empty list of them. */
const BEGUN_ERROR =
  /"(?:error|error_key|error_message)"\s*:\s*"|"(?:activity_)?errors"\s*:\s*[[{]\s*[^\s\]}]/;

/**
 * Returns true if a write was carried out although only the status of its response is usable: the body is empty or
 * not JSON. Truncated JSON may have been an error, 207 does not say what was done, and an object of another kind can
 * mean anything.
 */
function isDone(status: number, text: string, body: unknown): boolean {
  if (status === 207) return false;
  if (body === undefined) return !BEGUN_ERROR.test(text);
  // A gateway may put the error of the service behind it into a text.
  if (body === false || (typeof body === 'string' && /^\s*[[{]/.test(body))) return false;
  return typeof body !== 'object' || body === null || Object.keys(body).length === 0;
}

const OWN_IDS = new Set(Object.values(IDS).flat());
// Errors of other programs have one, too.
OWN_IDS.delete('id');

/** Returns true for an object with an ID of the vendor. */
function hasOwnId(body: unknown): boolean {
  return isRecord(body) && Object.entries(body).some(([name, value]) => OWN_IDS.has(name) && isId(value));
}

/** Returns true if a body has anything but nulls, `true` and empty values. */
function hasContent(body: unknown): boolean {
  if (typeof body === 'object' && body !== null) return Object.values(body).some(hasContent);
  return body !== null && body !== true && body !== '';
}

/** Returns true if a write may succeed without a body. */
function mayBeEmpty(id: OperationId, status: number): boolean {
  const { method, response, bodiless }: OperationFacts = operations[id];
  if (method === 'GET') return false;
  // Some deletions answer 204 or, with a bulk activity, 202.
  if (method === 'DELETE' && status === 204) return true;
  return response === 'none' || bodiless.includes(status) || STATUS_SUFFICES.has(id);
}

/**
 * Returns true if a body fits the operation: it has the right kind, at least one property of the contract, and its
 * rows or the ID of the object. The contract lets reads leave the ID out: then it has another value.
 * @param isBase true for a read that a write is based on, which needs an ID
 */
function fits(facts: OperationFacts, status: number, body: unknown, isBase: boolean): boolean {
  const hasKnown = (object: Record<string, unknown>) =>
    Object.keys(object).some((key) => facts.properties.includes(key));
  if (facts.rows === '') {
    return areRows(body, (row) => Object.keys(row).length === 0 || hasKnown(row));
  }
  if (!isRecord(body) || !hasKnown(body)) return false;
  const rows = rowsOf(facts);
  // Until the rows are computed, a response has a state instead. A list without pages may be left out beside another property.
  if (rows !== undefined)
    return (
      body[rows] === null ||
      areRows(body[rows]) ||
      (facts.paging === 'links' ? status === 202 || isEmptyPage(body, rows) : !(rows in body))
    );
  const ids = idsOf(facts);
  if (ids.some((name) => isId(body[name]))) return true;
  if (facts.method !== 'GET') return isSparse(facts, body, ids.length > 0);
  const hasValue = ([key, value]: [string, unknown]) =>
    facts.properties.includes(key) && value !== null && value !== '';
  return ids.length === 0 || (status === 200 && !isBase && Object.entries(body).some(hasValue));
}

/** Returns true for a page that leaves out its rows, with a count of none, or links but none to a next page. */
function isEmptyPage(body: Record<string, unknown>, rows: string): boolean {
  if (rows in body) return false;
  const counts = Object.keys(body).filter((name) => /(?:^total_|_count$)/.test(name));
  if (counts.some((name) => Number(body[name]) !== 0)) return false;
  return counts.length > 0 || (isRecord(body['_links']) && !body['_links']['next']);
}

/** Properties of error bodies. */
const OF_ERRORS =
  /^(?:__type|code|type|title|details?|description|instance|messages?|msg|reason|cause|path|timestamp)$/i;

/**
 * Returns true for the answer to a write without the id of its object, if it has nothing that could be of an error. An update may
 * answer with the changed properties only.
 */
function isSparse(
  { method, properties }: OperationFacts,
  body: Record<string, unknown>,
  hasIds: boolean,
): boolean {
  const isFailure = Object.entries(body).some(([key, value]) => saysFailure(key, value));
  if (isFailure || (hasIds && method !== 'PUT' && method !== 'PATCH')) return false;
  return Object.keys(body).every((key) => properties.includes(key) || (!hasIds && !OF_ERRORS.test(key)));
}

function isBare(body: unknown): boolean {
  return isRecord(body) && Object.keys(body).length === 0;
}

function areRows(value: unknown, isRow: (row: Record<string, unknown>) => boolean = isRecord): boolean {
  return Array.isArray(value) && value.every((row) => row === null || (isRecord(row) && isRow(row)));
}

function isId(value: unknown): boolean {
  return (
    (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'bigint'
  );
}

/** Properties of answers that are lists without pages. */
const LISTS: readonly string[] = ['xrefs', 'flow_summaries', 'connections', 'results', 'link_click_counts'];

/** The property of an answer to a read that holds its rows. */
function rowsOf({ method, rows, properties }: OperationFacts): string | undefined {
  if (method !== 'GET') return undefined;
  return rows ?? LISTS.find((name) => properties.includes(name));
}

function isList(facts: OperationFacts): boolean {
  return rowsOf(facts) !== undefined;
}

/** The ids of which an answer has one: of what was made, or the one that the path ends in. */
function idsOf({ method, path, tag, properties }: OperationFacts): readonly string[] {
  const [, asked = ''] = /\{(\w+)\}$/.exec(path) ?? [];
  const name = asked === 'automation_flow_id' ? 'id' : asked;
  const isOfOne = method !== 'GET' || properties.includes(name);
  return isOfOne ? [name, ...(IDS[tag as Tag] ?? [])].filter((one) => properties.includes(one)) : [];
}

/** True for every JSON text with a null among the items of an array, and rarely for others. */
function hasNullInList(text: string): boolean {
  // Looked for by its rarer letters, and no further than a null of a property: an expression for it takes twice as long
  // where there are none, and four times as long where there are many.
  for (let at = text.indexOf('ull'); at !== -1; at = text.indexOf('ull', at + 1)) {
    if (text[at - 1] !== 'n') continue;
    let before = at - 2;
    while (isBlank(text[before])) before -= 1;
    if (text[before] === '[' || text[before] === ',') return true;
  }
  return false;
}

/** Returns true for whitespace between JSON tokens. */
function isBlank(letter: string | undefined): boolean {
  return letter === ' ' || letter === '\n' || letter === '\r' || letter === '\t';
}

/**
 * Removes nulls from every array of a response, in place. Nulls stay in other JSON and in lists of errors, where even an empty
 * list means a failure.
 * @param declared names of the properties of an object, or of the items of an array, that are not unknown
 */
function closeGaps(value: unknown, declared?: readonly string[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value) && value.includes(null)) {
    const rows: unknown[] = value.filter((item) => item !== null);
    value.length = 0;
    for (const row of rows) value.push(row);
  }
  if (Array.isArray(value)) {
    for (const item of value) closeGaps(item, declared);
    return;
  }
  for (const [key, child] of Object.entries(value)) {
    const isUnknown = declared?.includes(key) === false;
    if (!isUnknown && !FREE_FORM.has(key) && key !== 'errors') closeGaps(child);
  }
}
