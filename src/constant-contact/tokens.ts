import { isUtf8 } from 'node:buffer';

/**
 * Where the values of a text of JSON are: `Token.SIZE` numbers for each, in the order of the text, and the whole first. What
 * an object or array holds follows it, up to the place that its `NEXT` names; what is behind the last means nothing.
 */
export type Tokens = Int32Array;

/** Places of a token's numbers. An enum, because a bundler makes variables of constants, which are read anew each time. */
export const enum Token {
  /** `hashOf` the property that the value is of; 0 for an item, and for the whole. */
  HASH,
  /** First byte of the value, and the one after its last. */
  START,
  END,
  /** Where in the tokens the next value begins that is not within this one. */
  NEXT,
  /** First byte of the property's name, after the quote. */
  NAME,
  /** How many they are. */
  SIZE,
}

/** Letters of JSON. */
export const enum Byte {
  TAB = 0x09,
  LINE_FEED = 0x0a,
  RETURN = 0x0d,
  SPACE = 0x20,
  QUOTE = 0x22,
  COMMA = 0x2c,
  COLON = 0x3a,
  ARRAY = 0x5b,
  BACKSLASH = 0x5c,
  ARRAY_END = 0x5d,
  N = 0x6e,
  OBJECT = 0x7b,
  OBJECT_END = 0x7d,
}

/** Bodies that are larger are parsed whole. */
const MOST_BYTES = 4 * 1024 * 1024;
const DEEPEST = 64;

/** Tokens that there is room for at first: those of a page of 50 contacts are a thousand. */
const FEWEST = 2_048;
/** Room for tokens that was given back. V8 counts what is outside of its heap, and collects all of that the sooner. */
const spare: Tokens[] = [];
const MOST_SPARE = 8;
/** Numbers of what is kept at most, which is 1 MB: five pages of 500 contacts. */
const LARGEST_SPARE = 256 * 1024;
/** Open objects and arrays: where their tokens are, and whether each is an object. */
const open = new Int32Array(DEEPEST);
const objects = new Uint8Array(DEEPEST);

/** What tells the names of properties apart; two may have the same. */
export function hashOf(name: Uint8Array): number {
  let hash = 0;
  for (const byte of name) hash = (Math.imul(hash, 31) + byte) | 0;
  return hash;
}

/**
 * Finds the values of a text of JSON without making any of them, which takes a third of the time that parsing takes.
 *
 * @returns null for what is better parsed: anything that is no JSON, more than 4 MB, deeper than 64, a null in a list, an
 * escape in the name of a property
 */
export function tokensOf(bytes: Uint8Array): Tokens | null {
  if (bytes.length > MOST_BYTES || !isUtf8(bytes)) return null;
  const room = spare.pop() ?? new Int32Array(FEWEST * Token.SIZE);
  const tokens = find(bytes, room);
  if (!tokens) giveBack(room);
  return tokens;
}

/** Takes tokens back that nobody looks at any more, so that others need no memory of their own. */
export function giveBack(tokens: Tokens): void {
  if (spare.length < MOST_SPARE && tokens.length <= LARGEST_SPARE) spare.push(tokens);
}

/**
 * One pass over all bytes, with what it needs in variables of its own.
 *
 * @param room for tokens; more is made where there is not enough
 * @returns null for what is better parsed
 */
function find(bytes: Uint8Array, room: Tokens): Tokens | null {
  let tokens = room;
  let at = 0;
  let filled = 0;
  let depth = 0;
  let inObject = false;
  for (;;) {
    let hash = 0;
    let name = 0;
    if (inObject) {
      at = skipBlank(bytes, at);
      if (bytes[at] !== Byte.QUOTE) return null;
      name = ++at;
      for (let byte = bytes[at] ?? 0; byte !== Byte.QUOTE; byte = bytes[++at] ?? 0) {
        if (byte < Byte.SPACE || byte === Byte.BACKSLASH) return null;
        hash = (Math.imul(hash, 31) + byte) | 0;
      }
      at = skipBlank(bytes, at + 1);
      if (bytes[at] !== Byte.COLON) return null;
      at += 1;
    }

    at = skipBlank(bytes, at);
    const first = bytes[at] ?? 0;
    if (filled + Token.SIZE > tokens.length) tokens = larger(tokens);
    tokens[filled + Token.HASH] = hash;
    tokens[filled + Token.START] = at;
    tokens[filled + Token.NAME] = name;
    if (first === Byte.OBJECT || first === Byte.ARRAY) {
      if (depth === open.length) return null;
      inObject = first === Byte.OBJECT;
      open[depth] = filled;
      objects[depth] = first;
      depth += 1;
      filled += Token.SIZE;
      at = skipBlank(bytes, at + 1);
      if (bytes[at] !== (inObject ? Byte.OBJECT_END : Byte.ARRAY_END)) continue;
    } else {
      // A null in a list is taken out of it, for which it has to be parsed.
      if (first === Byte.N && !inObject) return null;
      at = first === Byte.QUOTE ? endOfText(bytes, at) : endOfLiteral(bytes, at);
      if (at === 0) return null;
      tokens[filled + Token.END] = at;
      filled += Token.SIZE;
      tokens[filled - Token.SIZE + Token.NEXT] = filled;
    }

    for (;;) {
      if (depth === 0) return isBlankFrom(bytes, at) ? tokens : null;
      at = skipBlank(bytes, at);
      const byte = bytes[at] ?? 0;
      at += 1;
      if (byte === Byte.COMMA) break;
      if (byte !== (inObject ? Byte.OBJECT_END : Byte.ARRAY_END)) return null;
      depth -= 1;
      const token = open[depth] ?? 0;
      tokens[token + Token.END] = at;
      tokens[token + Token.NEXT] = filled;
      inObject = depth > 0 && objects[depth - 1] === Byte.OBJECT;
    }
  }
}

/** The same tokens, with as much room again. */
function larger(tokens: Tokens): Tokens {
  const longer = new Int32Array(tokens.length * 2);
  longer.set(tokens);
  return longer;
}

/** To read beyond the end of bytes once has V8 read them in a slower way from then on. */
function isBlankFrom(bytes: Uint8Array, from: number): boolean {
  return from === bytes.length || bytes.subarray(from).every((byte) => isBlank(byte));
}

function isBlank(byte: number): boolean {
  return byte === Byte.SPACE || byte === Byte.LINE_FEED || byte === Byte.RETURN || byte === Byte.TAB;
}

function skipBlank(bytes: Uint8Array, from: number): number {
  let at = from;
  let byte = bytes[at] ?? 0;
  if (byte > Byte.SPACE) return at;
  while (isBlank(byte)) byte = bytes[++at] ?? 0;
  return at;
}

/** The place after the text that begins here; 0 where there is none. */
function endOfText(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  for (;;) {
    let byte = bytes[at] ?? 0;
    // Nearly all letters: greater than the quote, the controls and the space.
    while (byte > Byte.QUOTE && byte !== Byte.BACKSLASH) byte = bytes[++at] ?? 0;
    if (byte === Byte.QUOTE) return at + 1;
    if (byte < Byte.SPACE) return 0;
    if (byte === Byte.BACKSLASH) {
      const length = lengthOfEscape(bytes, at);
      if (length === 0) return 0;
      at += length;
    } else at += 1;
  }
}

function lengthOfEscape(bytes: Uint8Array, at: number): number {
  const letter = String.fromCharCode(bytes[at + 1] ?? 0);
  if (letter !== 'u') return '"\\/bfnrt'.includes(letter) ? 2 : 0;
  const digits = String.fromCharCode(...bytes.subarray(at + 2, at + 6));
  return /^[\da-f]{4}$/i.test(digits) ? 6 : 0;
}

const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
/** Letters of numbers and of the three words. */
const OF_LITERALS = new Uint8Array(256);
const DIGIT = 1;
for (const byte of Buffer.from('0+-.eEtrufalsn')) OF_LITERALS[byte] = 2;
for (const byte of Buffer.from('123456789')) OF_LITERALS[byte] = DIGIT;
const LONGEST_LITERAL = 64;

/** The place after the number or word that begins here; 0 where there is none. */
function endOfLiteral(bytes: Uint8Array, from: number): number {
  let at = from;
  let letters = 0;
  for (let kind = OF_LITERALS[bytes[at] ?? 0] ?? 0; kind !== 0; kind = OF_LITERALS[bytes[++at] ?? 0] ?? 0)
    letters |= kind;
  // Digits without a zero among them are a number, whatever their order.
  if (letters === DIGIT) return at;
  if (at - from > LONGEST_LITERAL) return 0;
  return LITERAL.test(String.fromCharCode(...bytes.subarray(from, at))) ? at : 0;
}
