import { operations, type OperationFacts, type OperationId } from '../contract/operations.js';
import { formatQueryDate } from '../dates.js';
import { ConstantContactError } from '../errors.js';
import { stringifyJson } from './json.js';
import { Form } from './form.js';
import type { WireRequest } from './transport.js';

/** Parameters of a call, before they are checked against the operation. */
export interface RawParams {
  path?: Readonly<Record<string, unknown>> | undefined;
  query?: Readonly<Record<string, unknown>> | undefined;
  /** A query string that passed `checkPosition`; replaces `query`. */
  page?: string | undefined;
  body?: unknown;
}

/** Path parameters that hold several ids, joined with commas. */
const LISTS: ReadonlySet<string> = new Set(['campaign_ids', 'campaign_activity_ids']);
/** Characters of the vendor's IDs. No slash, percent sign, question mark or hash: an ID must not change the path. */
const ID = /^[A-Za-z0-9._~@:+-]{1,200}$/;
const DOTS = /^\.+$/;
/** 150 IDs of 36 characters with their commas, and some reserve. */
const MAX_LIST_LENGTH = 6_000;

/**
 * The request of an operation, without the headers that authenticate it.
 * @param basePath path of the base URL, without a slash at its end
 * @throws ConstantContactError `invalidRequest` for an invalid ID or value
 * @throws TypeError for a parameter or body that the operation does not have
 */
export function buildRequest(basePath: string, id: OperationId, params: RawParams): WireRequest {
  const facts: OperationFacts = operations[id];
  const query = params.page ?? renderQuery(id, params.query ?? {});
  const body = renderBody(id, facts, params.body);
  return {
    method: facts.method,
    path: basePath + renderPath(id, params.path) + (query && `?${query}`),
    headers: headersOf(facts, body),
    body,
  };
}

function headersOf({ response }: OperationFacts, body: string | Form | null): Record<string, string> {
  const accept = response === 'csv' ? 'text/csv' : 'application/json';
  // Without this header, any encoding of the response would be acceptable.
  const headers = { accept, 'accept-encoding': 'identity', 'user-agent': 'constant-contact-graphql' };
  // The content type of a form includes its boundary, so the sender sets it.
  return typeof body === 'string' ? Object.assign(headers, { 'content-type': 'application/json' }) : headers;
}

/**
 * The path of an operation below the base URL.
 * @throws ConstantContactError `invalidRequest` for an invalid ID, `invalidResponse` for a missing one
 */
export function renderPath(id: OperationId, values: Readonly<Record<string, unknown>> | undefined): string {
  const { path }: OperationFacts = operations[id];
  let parts = templates.get(path);
  if (!parts) templates.set(path, (parts = path.split(/\{(\w+)\}/)));
  // Every second part is the name of an id.
  return parts.map((part, at) => (at % 2 === 0 ? part : renderId(id, part, values?.[part]))).join('');
}

/** Paths, split at their IDs. */
const templates = new Map<string, readonly string[]>();

function renderId(id: OperationId, name: string, value: unknown): string {
  // Callers always set it, so the row that it was taken from had none.
  if ((value ?? null) === null) {
    throw new ConstantContactError(
      'invalidResponse',
      `Constant Contact returned an object without ${name}.`,
      {
        operationId: id,
      },
    );
  }
  const isList = LISTS.has(name);
  const text = String(isList && Array.isArray(value) ? value.join(',') : value);
  const ids = isList ? text.split(',') : [text];
  const fits = ['string', 'number', 'bigint'].includes(typeof value) || (isList && Array.isArray(value));
  if (!fits || text.length > MAX_LIST_LENGTH || !ids.every((one) => ID.test(one) && !DOTS.test(one))) {
    throw invalid(id, `The ${name} is not an ID.`);
  }
  return ids.map(encodeURIComponent).join(',');
}

/** The query string of an operation, its parameters in the order of their names. */
export function renderQuery(id: OperationId, params: object): string {
  const values = params as Readonly<Record<string, unknown>>;
  const { queryParams, repeated }: OperationFacts = operations[id];
  const pairs: string[] = [];
  for (const name of Object.keys(values).sort()) {
    if (!queryParams.includes(name)) throw new TypeError(`${id} has no query parameter ${name}.`);
    const value = values[name];
    if (value === undefined || value === null) continue;
    const texts = (Array.isArray(value) ? value : [value]).map((one) => renderValue(id, name, one));
    // If it were left out, an empty list would mean "no filter" and return everything.
    if (texts.length === 0) throw invalid(id, `The list ${name} is empty.`);
    if (repeated.includes(name)) pairs.push(...texts.map((text) => `${name}=${text}`));
    else pairs.push(`${name}=${texts.join(',')}`);
  }
  return pairs.join('&');
}

function renderValue(id: OperationId, name: string, value: unknown): string {
  const text = value instanceof Date ? formatQueryDate(value) : value;
  if (typeof text === 'boolean' || (typeof text === 'number' && Number.isFinite(text))) return String(text);
  // encodeURIComponent fails on half a surrogate pair.
  if (typeof text !== 'string' || /\p{Surrogate}/u.test(text))
    throw invalid(id, `\`${name}\` is not a valid value: a text must be valid Unicode.`);
  return encodeURIComponent(text).replaceAll('%2C', ',');
}

function renderBody(id: OperationId, facts: OperationFacts, body: unknown): string | Form | null {
  if (body === undefined) return null;
  if (facts.body === null) throw new TypeError(`${id} has no body.`);
  if (facts.body === 'json') return stringifyJson(body);
  if (!(body instanceof Form)) throw new TypeError(`${id} requires a form.`);
  return body;
}

function invalid(operationId: OperationId, message: string): ConstantContactError {
  return new ConstantContactError('invalidRequest', message, { operationId });
}
