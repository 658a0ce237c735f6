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
  along: object;
  /** Rows of a page. */
  limit: number;
}

/** Parameters of a walk, by name, as text. */
type Said = ReadonlyMap<string, string>;

/** Names under which a position says where a page begins; `at` and `key` as well as `next` are found in tokens only. */
const PLACES: ReadonlySet<string> = new Set(['cursor', 'next', 'after', 'page', 'offset', 'at', 'key']);
/** Places that are numbers, and the largest of them: more rows than an account has. */
const COUNTED: ReadonlySet<string> = new Set(['page', 'offset', 'at']);
const LARGEST = 10_000_000;
const SIZES: ReadonlySet<string> = new Set(['limit', 'page_size']);
/** Parameters of the first page only. */
const COUNTS: ReadonlySet<string> = new Set(['include_count']);
/** Parameters that every page needs (contract; of the two filters of a contact's activity one). */
const REQUIRED: ReadonlySet<string> = new Set(['start_at', 'start', 'end', 'tracking_activities_list']);
/** The same filter as a list and as a repeated key. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['tracking_activity_type', 'tracking_activities_list'],
]);
/** A place that is no parameters in disguise: an id, a number, a time, a token of the API. */
const BARE = /^[\w\-.:~*+/|, ]{1,500}={0,2}$/;
/** Nothing else is encoded with digits alone. */
const NUMBER_OR_UUID = /^(?:\d{1,30}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;
/** PHP writes a list as `status[]`, or with the number of each item. */
const NAME = /^([a-z_]+)((?:\[|%5B)\d*(?:\]|%5D))?$/;
/** Levels of base64 within base64 that are checked for parameters. */
const DEEPEST = 4;

/**
 * Checks that a position that comes back from outside says nothing but where this very walk goes on: every parameter in it,
 * those inside the API's tokens included, is one that the walk is asked with, none of these is missing, and the page size
 * is the one given. What is included with the rows may differ, because it changes no row.
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
  const said = read(id, position);
  return typeof said === 'string' ? undefined : said.get(name);
}

/** A position with pages of another size, wherever it says their size. The number of a page is that of the first row's new page. */
export function resizePosition(id: OperationId, position: string, size: number): string {
  const before = Number(parameterOf(id, position, 'limit') ?? size);
  const pairs = position.split('&').map((pair) => {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, equals));
    const value = pair.slice(equals + 1);
    if (SIZES.has(name)) return `${name}=${String(size)}`;
    if (name === 'page') return `${name}=${String(((Number(value) - 1) * before) / size + 1)}`;
    const token = PLACES.has(name) ? decodeValue(value) : null;
    const said = token === null ? NOTHING : readToken(id, token);
    if (token === null || typeof said === 'string' || ![...SIZES].some((one) => said.has(one))) return pair;
    return `${name}=${encodeURIComponent(resizeToken(token, size))}`;
  });
  return pairs.join('&');
}

/** Encoded as the API encoded it. */
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
 * A position with the parameters of its walk that the API's link leaves out. What the link says itself, in a token or beside it, stays
 * as it is. A cursor that cannot be read stands alone, but for what the API refuses every page without.
 * @param before query string of the page that the link was in
 */
export function completePosition(id: OperationId, position: string, before: string): string {
  const said = read(id, position);
  const isOpaque = typeof said === 'string';
  const names = new Set(isOpaque ? position.split('&').map(nameOf) : said.keys());
  const missing = before.split('&').filter((pair) => {
    const name = nameOf(pair);
    if (name === '' || PLACES.has(name) || COUNTS.has(name) || names.has(name)) return false;
    return !isOpaque || REQUIRED.has(name);
  });
  return [position, ...missing].join('&');
}

/** Name of a parameter, of which the API has two for the same filter. */
function nameOf(pair: string): string {
  const name = pair.slice(0, Math.max(0, pair.indexOf('=')));
  return SYNONYMS.get(name) ?? name;
}

function flawOf(id: OperationId, position: string, { query, along, limit }: Walk): string | null {
  const said = read(id, position);
  if (typeof said === 'string') return said;
  const wanted = readPairs(renderQuery(id, query), repeats(id));
  const included = readPairs(renderQuery(id, along), repeats(id));
  if (typeof wanted === 'string' || typeof included === 'string') return 'its arguments cannot be compared';
  if (![...said.keys()].some((name) => PLACES.has(name))) return 'it has no cursor or page number';
  for (const [name, value] of said) {
    const expected = wanted.get(name) ?? (SIZES.has(name) ? String(limit) : undefined);
    if (PLACES.has(name)) continue;
    if (expected === undefined ? !mayInclude(name, value, included) : !isSame(value, expected))
      return `${name} differs`;
  }
  const missing = [...wanted.keys()].find((name) => !said.has(name));
  if (missing !== undefined) return `${missing} is missing`;
  const { queryParams }: OperationFacts = operations[id];
  return queryParams.includes('limit') && !said.has('limit') ? 'limit is missing' : null;
}

/** Everything that a position says, its tokens read; in words why it cannot be relied on, else. */
function read(id: OperationId, position: string): Said | string {
  const pairs = readPairs(position, repeats(id));
  if (typeof pairs === 'string') return pairs;
  const said = new Map<string, string>();
  const isKnown = (name: string) => PLACES.has(name) || SIZES.has(name) || parametersOf(id).includes(name);
  const add = (given: string, value: string): string | null => {
    const name = SYNONYMS.get(given) ?? given;
    if (name === 'prev' || !isKnown(name)) return `${name} is unknown`;
    if (said.has(name)) return `${name} occurs more than once`;
    said.set(name, value);
    return COUNTED.has(name) && !(/^(0|[1-9]\d*)$/.test(value) && Number(value) <= LARGEST)
      ? `${name} is not a number of rows`
      : null;
  };
  if ([...pairs.keys()].filter((name) => PLACES.has(name)).length > 1)
    return 'it has more than one cursor or page number';
  for (const [name, value] of pairs) {
    if (PLACES.has(name)) {
      const token = readToken(id, value);
      if (typeof token === 'string') return token;
      if (name === 'cursor' && token.size === 0) return 'its cursor cannot be read';
      for (const [inner, text] of token) {
        const flaw = inner === 'cursor' ? 'its cursor contains another cursor' : add(inner, text);
        if (flaw !== null) return flaw;
        if (PLACES.has(inner) && readToken(id, text) !== NOTHING) return `${inner} is not a cursor`;
      }
      if (token.size > 0) continue;
    }
    const flaw = add(name, value);
    if (flaw !== null) return flaw;
  }
  return said;
}

const NOTHING: Said = new Map();

/** Parameters of a token; none for a plain cursor; a text with the reason if it is invalid. */
function readToken(id: OperationId, value: string): Said | string {
  if (NUMBER_OR_UUID.test(value)) return NOTHING;
  const text = decode(value);
  if (!isReadable(id, text)) {
    for (let inner = text, depth = 1; depth < DEEPEST && inner !== ''; depth += 1) {
      inner = decode(inner);
      if (isReadable(id, inner)) return 'its cursor is encoded twice';
    }
    return BARE.test(value) ? NOTHING : 'its cursor has an unknown format';
  }
  // Of all texts that decode to the same, only the one that an encoder gives.
  const encoded = Buffer.from(text, 'latin1').toString('base64').replace(/=+$/, '');
  const given = value
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/[=*]{1,2}$/, '');
  if (encoded !== given) return 'its cursor is not in the encoding of the API';
  const utf8 = Buffer.from(text, 'latin1').toString('utf8');
  return utf8.startsWith('{') ? readJson(utf8) : readPairs(utf8, () => false);
}

/** As lenient as decoders are. */
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
function readPairs(query: string, mayRepeat: (name: string) => boolean): Said | string {
  const said = new Map<string, string>();
  const once = new Set<string>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const equals = pair.indexOf('=');
    const [, name, list] = NAME.exec(pair.slice(0, Math.max(0, equals))) ?? [];
    const value = decodeValue(pair.slice(equals + 1));
    if (name === undefined || value === null) return 'it is not a valid query string';
    const before = said.get(name);
    const isItem = list !== undefined || mayRepeat(name);
    if (before !== undefined && (!isItem || once.has(name))) return `${name} occurs more than once`;
    if (!isItem) once.add(name);
    said.set(name, before === undefined ? value : `${before},${value}`);
  }
  return said;
}

function decodeValue(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/** Values of a JSON object and of the objects in it, by their names. */
function readJson(text: string): Said | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'its cursor is not valid JSON';
  }
  // Names given twice, and characters in disguise, do not come back.
  if (JSON.stringify(value) !== text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1'))
    return 'its cursor is not in the JSON form of the API';
  const said = new Map<string, string>();
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
    if (said.has(name)) return `${name} occurs more than once`;
    if (!values.every((each) => ['string', 'number', 'boolean'].includes(typeof each)))
      return `${name} is neither a text, a number nor a boolean`;
    said.set(name, values.map(String).join(','));
    return null;
  };
  return visit(value as object) ?? said;
}

function isIncluding(name: string): boolean {
  return name === 'include' || name.startsWith('include_');
}

/** Returns true if rows may include this although the collection was requested differently: additional properties do no harm, other values do. */
function mayInclude(name: string, value: string, wanted: Said): boolean {
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
