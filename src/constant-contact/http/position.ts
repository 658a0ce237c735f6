import { parseDate } from '../dates.js';
import { operations, type OperationFacts, type OperationId } from '../contract/operations.js';
import { ConstantContactError } from '../errors.js';
import { checkPosition } from './paging.js';
import { renderQuery } from './request.js';

/** Arguments of the first page of a collection. */
export interface Walk {
  /** Filters and order. */
  query: object;
  /** Properties included with the rows. */
  included: object;
  /** Rows of a page. */
  limit: number;
}

/** Parameters of a collection, by name, as text. */
type ParameterMap = ReadonlyMap<string, string>;

/** Parameters that give the start of a page; `at`, `key` and `next` occur in tokens only. */
const CURSOR_NAMES: ReadonlySet<string> = new Set(['cursor', 'next', 'after', 'page', 'offset', 'at', 'key']);
/** Numeric ones, and their maximum: more rows than an account has. */
const NUMERIC_CURSORS: ReadonlySet<string> = new Set(['page', 'offset', 'at']);
const MAX_ROW_NUMBER = 10_000_000;
const SIZES: ReadonlySet<string> = new Set(['limit', 'page_size']);
/** Parameters of the first page only. */
const FIRST_PAGE_ONLY: ReadonlySet<string> = new Set(['include_count']);
/** Parameters that every page needs (contract; of the two filters of a contact's activity one). */
const REQUIRED: ReadonlySet<string> = new Set(['start_at', 'start', 'end', 'tracking_activities_list']);
/** The same filter as a list and as a repeated key. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['tracking_activity_type', 'tracking_activities_list'],
]);
/** A value without encoded parameters: an ID, a number, a time, a token of the API. */
const OPAQUE_TOKEN = /^[\w\-.:~*+/|, ]{1,500}={0,2}$/;
/** Matches before decoding, because base64 of other texts is never only digits. */
const NUMBER_OR_UUID = /^(?:\d{1,30}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;
/** PHP writes a list as `status[]`, or with the number of each item. */
const NAME = /^([a-z_]+)((?:\[|%5B)\d*(?:\]|%5D))?$/;
/** Levels of base64 within base64 that are checked for parameters. */
const MAX_ENCODINGS = 4;

/**
 * Checks that a position from a client continues this collection and changes nothing else: its parameters, those inside the API's
 * tokens included, are exactly those of the collection, and the page size is the given one. Included properties may differ,
 * because they change no row.
 * @throws ConstantContactError `invalidRequest` for any other
 */
export function checkWalk(id: OperationId, position: string, walk: Walk): string {
  checkPosition(id, position);
  const flaw = flawOf(id, position, walk);
  if (flaw === null) return position;
  throw new ConstantContactError(
    'invalidRequest',
    `This position does not belong to this collection: ${flaw}.`,
    {
      operationId: id,
    },
  );
}

/** Value of a parameter in a position or in a cursor within it; undefined when it has none. */
export function parameterOf(id: OperationId, position: string, name: string): string | undefined {
  const parameters = read(id, position);
  return typeof parameters === 'string' ? undefined : parameters.get(name);
}

/** Changes the page size of a position without a page number, also inside a token. */
export function resizePosition(id: OperationId, position: string, size: number): string {
  const pairs = position.split('&').map((pair) => {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, equals));
    const value = pair.slice(equals + 1);
    if (SIZES.has(name)) return `${name}=${String(size)}`;
    const token = CURSOR_NAMES.has(name) ? decodeValue(value) : null;
    const parameters = token === null ? NO_PARAMETERS : readToken(id, token);
    if (token === null || typeof parameters === 'string' || ![...SIZES].some((one) => parameters.has(one)))
      return pair;
    return `${name}=${encodeURIComponent(resizeToken(token, size))}`;
  });
  return pairs.join('&');
}

/** Keeps the alphabet and the padding of the token. */
function resizeToken(token: string, size: number): string {
  const text = Buffer.from(decode(token), 'latin1').toString('utf8');
  const resized = text.startsWith('{')
    ? text.replace(/("(?:limit|page_size)"\s*:\s*"?)\d+/g, `$1${String(size)}`)
    : text.replace(/(^|&)(limit|page_size)=\d+/g, `$1$2=${String(size)}`);
  const encoded = Buffer.from(resized).toString(/[-_]/.test(token) ? 'base64url' : 'base64');
  const bare = encoded.replace(/=+$/, '');
  const padding = token.length % 4 === 0 ? (/[=*]$/.exec(token)?.[0] ?? '=') : '';
  return bare + padding.repeat((4 - (bare.length % 4)) % 4);
}

/**
 * Adds the parameters of the collection that the API's link leaves out. Parameters of the link, in a token or beside it, stay
 * unchanged. To a cursor that cannot be decoded, only parameters are added without which the API refuses every page.
 * @param before query string of the page that the link was in
 */
export function completePosition(id: OperationId, position: string, before: string): string {
  const parameters = read(id, position);
  const isOpaque = typeof parameters === 'string';
  const names = new Set(isOpaque ? position.split('&').map(nameOf) : parameters.keys());
  const missing = before.split('&').filter((pair) => {
    const name = nameOf(pair);
    if (name === '' || CURSOR_NAMES.has(name) || FIRST_PAGE_ONLY.has(name) || names.has(name)) return false;
    return !isOpaque || REQUIRED.has(name);
  });
  return [position, ...missing].join('&');
}

/** Name of a parameter; the API has two names for some filters. */
function nameOf(pair: string): string {
  const name = pair.slice(0, Math.max(0, pair.indexOf('=')));
  return SYNONYMS.get(name) ?? name;
}

function flawOf(id: OperationId, position: string, { query, included, limit }: Walk): string | null {
  const parameters = read(id, position);
  if (typeof parameters === 'string') return parameters;
  const wanted = readPairs(renderQuery(id, query), repeats(id));
  const optional = readPairs(renderQuery(id, included), repeats(id));
  if (typeof wanted === 'string' || typeof optional === 'string') return 'its arguments cannot be compared';
  if (![...parameters.keys()].some((name) => CURSOR_NAMES.has(name)))
    return 'it has no cursor or page number';
  for (const [name, value] of parameters) {
    const expected = wanted.get(name) ?? (SIZES.has(name) ? String(limit) : undefined);
    if (CURSOR_NAMES.has(name)) continue;
    if (expected === undefined ? !mayInclude(name, value, optional) : !isSame(value, expected))
      return `${name} differs`;
  }
  const missing = [...wanted.keys()].find((name) => !parameters.has(name));
  if (missing !== undefined) return `${missing} is missing`;
  const { queryParams }: OperationFacts = operations[id];
  return queryParams.includes('limit') && !parameters.has('limit') ? 'limit is missing' : null;
}

/** All parameters of a position, those of its tokens included; a text with the reason if it is invalid. */
function read(id: OperationId, position: string): ParameterMap | string {
  const pairs = readPairs(position, repeats(id));
  if (typeof pairs === 'string') return pairs;
  const parameters = new Map<string, string>();
  const isKnown = (name: string) =>
    CURSOR_NAMES.has(name) || SIZES.has(name) || parametersOf(id).includes(name);
  const add = (given: string, value: string): string | null => {
    const name = SYNONYMS.get(given) ?? given;
    if (name === 'prev' || !isKnown(name)) return `${name} is unknown`;
    if (parameters.has(name)) return `${name} occurs more than once`;
    parameters.set(name, value);
    return NUMERIC_CURSORS.has(name) && !(/^(0|[1-9]\d*)$/.test(value) && Number(value) <= MAX_ROW_NUMBER)
      ? `${name} is not a number of rows`
      : null;
  };
  if ([...pairs.keys()].filter((name) => CURSOR_NAMES.has(name)).length > 1)
    return 'it has more than one cursor or page number';
  for (const [name, value] of pairs) {
    if (CURSOR_NAMES.has(name)) {
      const token = readToken(id, value);
      if (typeof token === 'string') return token;
      if (name === 'cursor' && token.size === 0) return 'its cursor cannot be read';
      for (const [inner, text] of token) {
        const flaw = inner === 'cursor' ? 'its cursor contains another cursor' : add(inner, text);
        if (flaw !== null) return flaw;
        if (CURSOR_NAMES.has(inner) && readToken(id, text) !== NO_PARAMETERS)
          return `${inner} is not a cursor`;
      }
      if (token.size > 0) continue;
    }
    const flaw = add(name, value);
    if (flaw !== null) return flaw;
  }
  return parameters;
}

const NO_PARAMETERS: ParameterMap = new Map();

/** Parameters of a token; none for a plain cursor; a text with the reason if it is invalid. */
function readToken(id: OperationId, value: string): ParameterMap | string {
  if (NUMBER_OR_UUID.test(value)) return NO_PARAMETERS;
  const text = decode(value);
  if (!isReadable(id, text)) {
    for (let inner = text, depth = 1; depth < MAX_ENCODINGS && inner !== ''; depth += 1) {
      inner = decode(inner);
      if (isReadable(id, inner)) return 'its cursor is encoded twice';
    }
    return OPAQUE_TOKEN.test(value) ? NO_PARAMETERS : 'its cursor has an unknown format';
  }
  // Several texts decode to the same bytes; only the canonical one is valid.
  const encoded = Buffer.from(text, 'latin1').toString('base64').replace(/=+$/, '');
  const given = value
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/[=*]{1,2}$/, '');
  if (encoded !== given) return 'its cursor is not in the encoding of the API';
  const utf8 = Buffer.from(text, 'latin1').toString('utf8');
  return utf8.startsWith('{') ? readJson(utf8) : readPairs(utf8, () => false);
}

/** Ignores invalid characters, as the decoders of servers do. */
function decode(value: string): string {
  return Buffer.from(value.replace(/[^\w\-+/]/g, ''), 'base64').toString('latin1');
}

/** Returns true if a text contains parameters: the name of one, or the beginning of a query string. */
function isReadable(id: OperationId, text: string): boolean {
  if (['limit', ...parametersOf(id)].some((name) => name.length > 3 && text.includes(name))) return true;
  return /^(?:[a-z_]{2,}(?:=|\[|%5B)|\{\s*")/.test(text);
}

function parametersOf(id: OperationId): readonly string[] {
  const { queryParams }: OperationFacts = operations[id];
  return queryParams;
}

function repeats(id: OperationId): (name: string) => boolean {
  const { repeated }: OperationFacts = operations[id];
  return (name) => repeated.includes(name);
}

/** Parameters of a query string; values of a list are joined. */
function readPairs(query: string, mayRepeat: (name: string) => boolean): ParameterMap | string {
  const parameters = new Map<string, string>();
  const once = new Set<string>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const equals = pair.indexOf('=');
    const [, name, list] = NAME.exec(pair.slice(0, Math.max(0, equals))) ?? [];
    const value = decodeValue(pair.slice(equals + 1));
    if (name === undefined || value === null) return 'it is not a valid query string';
    const before = parameters.get(name);
    const isItem = list !== undefined || mayRepeat(name);
    if (before !== undefined && (!isItem || once.has(name))) return `${name} occurs more than once`;
    if (!isItem) once.add(name);
    parameters.set(name, before === undefined ? value : `${before},${value}`);
  }
  return parameters;
}

function decodeValue(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/** Values of a JSON object and of the objects in it, by their names. */
function readJson(text: string): ParameterMap | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'its cursor is not valid JSON';
  }
  // Duplicate names and escaped characters are lost in this round trip.
  if (JSON.stringify(value) !== text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1'))
    return 'its cursor is not in the JSON form of the API';
  const parameters = new Map<string, string>();
  const visit = (object: object): string | null => {
    for (const [name, one] of Object.entries(object) as [string, unknown][]) {
      const flaw =
        typeof one === 'object' && one !== null && !Array.isArray(one) ? visit(one) : add(name, one);
      if (flaw !== null) return flaw;
    }
    return null;
  };
  const add = (name: string, one: unknown): string | null => {
    const values: unknown[] = Array.isArray(one) ? one : [one];
    if (parameters.has(name)) return `${name} occurs more than once`;
    if (!values.every((each) => ['string', 'number', 'boolean'].includes(typeof each)))
      return `${name} is neither a text, a number nor a boolean`;
    parameters.set(name, values.map(String).join(','));
    return null;
  };
  return visit(value as object) ?? parameters;
}

function isIncluding(name: string): boolean {
  return name === 'include' || name.startsWith('include_');
}

/** Returns true if rows may include this although the collection was requested differently: additional properties do no harm, other values do. */
function mayInclude(name: string, value: string, wanted: ParameterMap): boolean {
  if (!isIncluding(name)) return false;
  if (name === 'include') return /^[a-z_,]+$/.test(value);
  const expected = wanted.get(name);
  return expected === undefined ? ['true', 'all', 'active'].includes(value) : value === expected;
}

/** Equal, the same time, or the same list in another order. */
function isSame(one: string, other: string): boolean {
  if (one === other) return true;
  const times = [one, other].map((text) => (/^\d{4}-/.test(text) ? parseDate(text)?.getTime() : undefined));
  if (times[0] !== undefined && times[0] === times[1]) return true;
  return other.includes(',') && String(one.split(',').sort()) === String(other.split(',').sort());
}
