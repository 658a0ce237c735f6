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
/** Matches before decoding, because base64 of other texts is never only digits. */
const NUMBER_OR_UUID = /^(?:\d{1,30}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;
/** PHP writes a list as `status[]`, or with the number of each item. */
const NAME = /^([A-Za-z_]\w*)((?:\[|%5B)\d*(?:\]|%5D))?$/;
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
    const resized = isReadable(id, token) ? resizeText(token, size) : resizeToken(token, size);
    return `${name}=${encodeURIComponent(resized)}`;
  });
  return pairs.join('&');
}

function resizeText(text: string, size: number): string {
  return text.startsWith('{')
    ? text.replace(/("(?:limit|page_?size)"\s*:\s*"?)\d+/gi, `$1${String(size)}`)
    : text.replace(/(^|&)(limit|page_size)=\d+/g, `$1$2=${String(size)}`);
}

/** Keeps the alphabet and the padding of the token. */
function resizeToken(token: string, size: number): string {
  const text = Buffer.from(decode(token), 'latin1').toString('utf8');
  const encoded = Buffer.from(resizeText(text, size)).toString(/[-_]/.test(token) ? 'base64url' : 'base64');
  const bare = encoded.replace(/=+$/, '');
  const padding = token.length % 4 === 0 ? (/[=*]$/.exec(token)?.[0] ?? '=') : '';
  return bare + padding.repeat((4 - (bare.length % 4)) % 4);
}

/**
 * Adds the parameters of the collection that the API's link leaves out. Parameters of the link, in a token or beside it, stay
 * unchanged. To an opaque `cursor`, which may contain the others, only parameters are added without which the API refuses every
 * page.
 * @param before query string of the page that the link was in
 */
export function completePosition(id: OperationId, position: string, before: string): string {
  const parameters = read(id, position);
  const isOpaque = typeof parameters === 'string' || parameters.has('cursor');
  const names = new Set(typeof parameters === 'string' ? position.split('&').map(nameOf) : parameters.keys());
  const missing = before.split('&').filter((pair) => {
    const name = nameOf(pair);
    if (name === '' || CURSOR_NAMES.has(name) || FIRST_PAGE_ONLY.has(name) || names.has(name)) return false;
    return !isOpaque || REQUIRED.has(name);
  });
  return [position, ...missing].join('&');
}

/** The cursor of a position alone, as a link of the API that `completePosition` has completed may have been. */
export function cursorOf(position: string): string {
  return position
    .split('&')
    .filter((pair) => CURSOR_NAMES.has(nameOf(pair)))
    .join('&');
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
  for (const [given, value] of parameters) {
    const name = snakeCase(given);
    const expected = wanted.get(name) ?? (SIZES.has(name) ? String(limit) : undefined);
    if (CURSOR_NAMES.has(name)) continue;
    if (expected === undefined ? !mayInclude(name, value, optional) : !isSame(value, expected))
      return `${name} differs`;
  }
  const isOpaque = parameters.has('cursor');
  const missing = [...wanted.keys()].find(
    (name) => !parameters.has(name) && (!isOpaque || REQUIRED.has(name)),
  );
  if (missing !== undefined) return `${missing} is missing`;
  return !isOpaque && parametersOf(id).includes('limit') && !parameters.has('limit')
    ? 'limit is missing'
    : null;
}

/**
 * All parameters of a position, those of its tokens included; a text with the reason if it is invalid. `cursor` is among them if
 * it is opaque.
 */
function read(id: OperationId, position: string): ParameterMap | string {
  const pairs = readPairs(position, repeats(id));
  if (typeof pairs === 'string') return pairs;
  const parameters = new Map<string, string>();
  const add = (given: string, value: string): string | null => {
    const name = SYNONYMS.get(given) ?? given;
    if (name === 'prev' || !isKnown(id, snakeCase(name))) return `${name} is unknown`;
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
      for (const [inner, text] of token) {
        const flaw = add(inner, text);
        if (flaw !== null) return flaw;
        if (CURSOR_NAMES.has(inner) && readToken(id, text) !== NO_PARAMETERS)
          return `${inner} is not a cursor`;
      }
      if ([...token.keys()].some((inner) => CURSOR_NAMES.has(inner))) continue;
    }
    const flaw = add(name, value);
    if (flaw !== null) return flaw;
  }
  return parameters;
}

const NO_PARAMETERS: ParameterMap = new Map();

/**
 * Parameters of a token; none for an opaque one; a text with the reason if it is invalid. Names that only the API knows are left
 * out: they give the position where no known name does. Beside a known position, a query string has none.
 */
function readToken(id: OperationId, value: string): ParameterMap | string {
  if (NUMBER_OR_UUID.test(value)) return NO_PARAMETERS;
  if (value === '') return 'its cursor is empty';
  const text = isReadable(id, value) ? value : decode(value);
  if (!isReadable(id, text)) {
    for (let inner = text, depth = 1; depth < MAX_ENCODINGS && inner !== ''; depth += 1) {
      inner = decode(inner);
      if (isReadable(id, inner)) return 'its cursor is encoded twice';
    }
    return NO_PARAMETERS;
  }
  // Several texts decode to the same bytes; only the canonical one is valid.
  const encoded = Buffer.from(text, 'latin1').toString('base64').replace(/=+$/, '');
  const given = value
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/[=*]{1,2}$/, '');
  if (text !== value && encoded !== given) return 'its cursor is not in the encoding of the API';
  const utf8 = text === value ? value : Buffer.from(text, 'latin1').toString('utf8');
  const isJson = utf8.startsWith('{');
  const all = isJson ? readJson(id, utf8) : readPairs(utf8, () => false);
  if (typeof all === 'string') return all;
  // Another spelling is compared with the parameter, but does not replace it.
  const known = new Map([...all].filter(([name]) => isKnown(id, isJson ? snakeCase(name) : name)));
  const own = [...all.keys()].filter((name) => !known.has(name));
  const hasPosition = [...known.keys()].some((name) => CURSOR_NAMES.has(name));
  if (known.has('cursor')) return 'its cursor contains another cursor';
  if (!hasPosition && own.length === 0) return 'its cursor has no position';
  const foreign = isJson ? undefined : own.find((name) => hasPosition || isKnown(id, snakeCase(name)));
  if (foreign !== undefined) return `${foreign} is unknown`;
  return known.size === 0 ? NO_PARAMETERS : known;
}

/** Ignores invalid characters, as the decoders of servers do. */
function decode(value: string): string {
  return Buffer.from(value.replace(/[^\w\-+/]/g, ''), 'base64').toString('latin1');
}

/** Returns true if a text contains parameters: a known name before a separator, or letters that JSON need not escape. */
function isReadable(id: OperationId, text: string): boolean {
  let pattern = readable.get(id);
  if (!pattern) {
    const names = [...CURSOR_NAMES, ...SIZES, 'limit', ...parametersOf(id)].join('|');
    readable.set(
      id,
      (pattern = new RegExp(`(?:^|[^a-z])(?:${names})\\s*(?:[=[%]|"\\s*:)|\\\\u00[4-7]`, 'i')),
    );
  }
  return pattern.test(text);
}

/** By operation. */
const readable = new Map<OperationId, RegExp>();

function isKnown(id: OperationId, name: string): boolean {
  return CURSOR_NAMES.has(name) || SIZES.has(name) || parametersOf(id).includes(name);
}

function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z\d])[A-Z]/g, '_$&').toLowerCase();
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
function readJson(id: OperationId, text: string): ParameterMap | string {
  let value: unknown;
  let texts: string;
  try {
    value = JSON.parse(text);
    // The same texts without optional escapes, and without white space between them.
    texts = text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, one?: string) =>
      one === undefined ? '' : JSON.stringify(JSON.parse(one)),
    );
  } catch {
    return 'its cursor is not valid JSON';
  }
  // Duplicate names are lost in this round trip.
  if (JSON.stringify(value) !== texts) return 'its cursor is not in the JSON form of the API';
  const parameters = new Map<string, string>();
  const visit = (object: object): string | null => {
    for (const [name, one] of Object.entries(object) as [string, unknown][]) {
      const isNested = typeof one === 'object' && one !== null && !Array.isArray(one);
      const flaw = isNested ? visit(one) : one === null ? null : add(name, one);
      if (flaw !== null) return flaw;
    }
    return null;
  };
  const add = (name: string, one: unknown): string | null => {
    const values: unknown[] = Array.isArray(one) ? one : [one];
    const isValue = (each: unknown) => ['string', 'number', 'boolean'].includes(typeof each);
    if (isKnown(id, snakeCase(name))) {
      if (parameters.has(name)) return `${name} occurs more than once`;
      if (!values.every(isValue)) return `${name} is neither a text, a number nor a boolean`;
    }
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
