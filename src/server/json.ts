import { badRequest } from './error-response.js';
import { MAX_NESTING } from './plugins/limits.js';

/**
 * Maximum number of values in a JSON text: elements, members and empty containers. The largest import has 40,000 contacts of a
 * dozen fields.
 */
export const MAX_JSON_VALUES = 600_000;

/** Maximum number of different member names in a JSON text. A new name costs the parser far more than a known one. */
export const MAX_JSON_NAMES = 1_000;

/** Approximate memory of a parsed value. */
export const BYTES_OF_A_VALUE = 24;

const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);
const COLON = ':'.charCodeAt(0);
const OPEN_ARRAY = '['.charCodeAt(0);
const OPEN_OBJECT = '{'.charCodeAt(0);
const CLOSE_ARRAY = ']'.charCodeAt(0);
const CLOSE_OBJECT = '}'.charCodeAt(0);
const SPACE = ' '.charCodeAt(0);

/** Number of distinct names that are tracked; the count may be slightly too low. */
const NAME_SLOTS = 65_536;
/** For each name, the last call that contained it. One array for all calls, because creating one takes longer than most checks. */
const slots = new Float64Array(NAME_SLOTS);
let call = 0;
/** Characters of a name that are compared. Few longer names fit into a request. */
const NAME_LENGTH = 128;

/**
 * Checks what makes `JSON.parse` take long over a text of a given length: depth, the number of values, and different names.
 * The parser checks that the text is JSON.
 *
 * @returns the number of values
 * @throws GraphQLError
 */
export function checkJson(text: string): number {
  let depth = 0;
  let values = 0;
  let names = 0;
  call += 1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= SPACE) continue;
    if (code === QUOTE) {
      const end = endOfString(text, at + 1);
      if (isName(text, end)) {
        const slot = slotOf(text, at + 1, end);
        if (slots[slot] !== call) names += 1;
        slots[slot] = call;
        if (names > MAX_JSON_NAMES)
          throw tooLarge(`more than ${MAX_JSON_NAMES.toLocaleString('en')} different names`);
      }
      at = end;
    } else if (code === COMMA) values += 1;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      values += 1;
      depth += 1;
      if (depth > MAX_NESTING) throw nestedTooDeep();
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth -= 1;
    if (values > MAX_JSON_VALUES) throw tooLarge(`more than ${MAX_JSON_VALUES.toLocaleString('en')} values`);
  }
  return values;
}

/**
 * Checks a parsed JSON value in the same way.
 *
 * @throws GraphQLError
 */
export function checkParsedJson(value: unknown): void {
  let text: string;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    // Thousands of levels exhaust the stack.
    if (error instanceof RangeError) throw nestedTooDeep();
    throw error;
  }
  checkJson(text);
}

/** Where the closing quote of a string is, or the end of the text. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  for (; end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

function isName(text: string, end: number): boolean {
  let at = end + 1;
  while (text.charCodeAt(at) <= SPACE) at += 1;
  return text.charCodeAt(at) === COLON;
}

function slotOf(text: string, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end && at < start + NAME_LENGTH; at += 1)
    hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return (hash ^ (hash >>> 16)) & (NAME_SLOTS - 1);
}

const nestedTooDeep = () => tooLarge(`brackets nested more than ${String(MAX_NESTING)} deep`);

const tooLarge = (what: string) => badRequest(`The JSON of the request has ${what}. Split the request.`);
