import { TypeNameMetaFieldDef } from 'graphql';
import type { RawRows } from '../../constant-contact/raw-rows.js';
import { Byte, hashOf, Token, type Tokens } from '../../constant-contact/tokens.js';
import { Copied } from './copied.js';
import type { Field, OfText, Selection } from './plan.js';

/** A form of text that a field answers by its first bytes and others after them. */
export interface PlainText {
  /** Whether the text of JSON from `start`, its opening quote, to `end`, after its closing one, has that form. */
  fits(bytes: Uint8Array, start: number, end: number): boolean;
  /** How many of its bytes are kept. */
  kept: number;
  /** What follows them, with the closing quote. */
  ending: Uint8Array;
}

/** Bytes four at a time, the last of them filled up with others: to copy few of them that way takes half the time. */
interface Words {
  words: Int32Array;
  /** How many bytes they are. */
  length: number;
}

/** How a field of a row comes to be in the answer. */
interface Part {
  /** What stands before its value: its name, and what parts it from the field before. */
  before: Words;
  /** Which of the properties that are looked for it is; 0 for none. */
  property: number;
  isNonNull: boolean;
  /** What the value is, where it is the same for every row. */
  constant: Words | null;
  /** Fields of the object that it is. */
  below: Shape | null;
  ofText: OfText | null;
  /** What was made of texts before, by their bytes: an enum has few. */
  made: Map<string, Words>;
  plainText: PlainText | null;
  ending: Words;
  /** Bytes that the value may take beside those that the row has for it. */
  room: number;
}

/** A property that is looked for. */
interface Name {
  /** With the quote after it. */
  words: Int32Array;
  /** The bits of the last word that belong to it. */
  mask: number;
  hash: number;
}

/** What is copied of an object. */
interface Shape {
  parts: readonly Part[];
  /** From 1 on: 0 stands for none. */
  names: readonly Name[];
  /** By the last bits of a hash: which property may have it. */
  byHash: Uint8Array;
  /** Where the object in hand has each property; 0 where it has not. */
  found: Int32Array;
  /** Bytes that an object takes at most beside its own, which come so many times. */
  room: number;
  times: number;
}

/** Writes rows into the answer. */
export type Copier = (rows: RawRows<unknown>) => Copied | null;

/** Slots for hashes: a power of two, and many more than anybody selects. */
const SLOTS = 1024;
/** Room for a value that is made of a text, and for a time that is made of one in another form than the plain one. */
const ROOM_OF_TEXT = 256;
const ROOM_OF_TIME = 32;
/** Texts of a field for which is remembered what was made of them. */
const MOST_MADE = 64;
const NULL = wordsOf(Buffer.from('null'));

/**
 * Prepares to answer rows as they came, where each field of theirs is a text of the row, or an object of such.
 *
 * @returns null where a field is anything else
 */
export function copierOf({ fields }: Selection): Copier | null {
  const shape = shapeOf(fields);
  return shape && ((rows) => copyRows(rows, shape));
}

function shapeOf(fields: readonly Field[]): Shape | null {
  const properties = [''];
  const propertyOf = (name: string) => {
    const known = properties.indexOf(name);
    return known === -1 ? properties.push(name) - 1 : known;
  };
  const parts: Part[] = [];
  for (const { key, parentType, definition, isNonNull, text, ofText, plainText, object } of fields) {
    const part: Part = {
      before: wordsOf(Buffer.from(`${parts.length === 0 ? '{' : ','}${JSON.stringify(key)}:`)),
      property: 0,
      isNonNull,
      constant: null,
      below: null,
      ofText,
      made: new Map(),
      plainText,
      ending: wordsOf(plainText?.ending ?? Buffer.of()),
      room: NULL.length,
    };
    if (definition === TypeNameMetaFieldDef) {
      part.constant = wordsOf(Buffer.from(JSON.stringify(parentType.name)));
      part.room = part.constant.length;
    } else if (text !== null) {
      part.property = propertyOf(text);
      if (ofText) part.room = plainText ? ROOM_OF_TIME : ROOM_OF_TEXT;
    } else if (object) {
      part.property = propertyOf(object.property);
      part.below = shapeOf(object.selection.fields);
      if (!part.below) return null;
      part.room += part.below.room;
    } else return null;
    parts.push(part);
  }
  const names = properties.map(nameOf);
  const byHash = new Uint8Array(SLOTS);
  names.forEach(({ hash }, property) => {
    if (property === 0) return;
    let slot = hash & (SLOTS - 1);
    while (byHash[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
    byHash[slot] = property;
  });
  // Beside its parts: brackets or a comma, and the last word that is written, which may be longer than it has to be.
  const room = parts.reduce((sum, part) => sum + part.before.length + part.room, 8);
  const timesOf = (_: string, property: number) =>
    parts.reduce((sum, part) => sum + (part.property === property ? (part.below?.times ?? 1) : 0), 0);
  const times = Math.max(...properties.map(timesOf));
  return { parts, names, byHash, found: new Int32Array(names.length), room, times };
}

function wordsOf(bytes: Uint8Array): Words {
  const filled = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  filled.set(bytes);
  const view = new DataView(filled.buffer);
  const words = Int32Array.from({ length: filled.length / 4 }, (_, at) => view.getInt32(at * 4, true));
  return { words, length: bytes.length };
}

function nameOf(property: string): Name {
  const { words, length } = wordsOf(Buffer.from(`${property}"`));
  const unused = words.length * 4 - length;
  return { words, mask: -1 >>> (unused * 8), hash: hashOf(Buffer.from(property)) };
}

/**
 * Where rows are written: as large as the largest page has needed, within bounds, because a query may have a long text as many
 * times as it has names for it. What was never written to takes no memory.
 */
const LARGEST_DESK = 8 * 1024 * 1024;
let desk = Buffer.allocUnsafeSlow(256 * 1024);
let deskView = new DataView(desk.buffer);

/** What rows are copied from, and where to. */
interface Copying {
  bytes: Buffer;
  tokens: Tokens;
  from: DataView;
  into: Buffer;
  to: DataView;
}

function copyRows(rows: RawRows<unknown>, shape: Shape): Copied | null {
  return rows.look((bytes, tokens, first, size) => {
    if (!hasRoom(size * shape.times + rows.length * shape.room)) return null;
    const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const copying: Copying = { bytes, tokens, from, into: desk, to: deskView };
    let at = 0;
    let token = first;
    desk[at++] = Byte.ARRAY;
    for (let row = 0; row < rows.length; row += 1) {
      if (row > 0) desk[at++] = Byte.COMMA;
      at = copyObject(copying, token, shape, at);
      if (at === -1) return null;
      token = tokens[token + Token.NEXT] ?? 0;
    }
    desk[at++] = Byte.ARRAY_END;
    return new Copied(desk.subarray(0, at));
  });
}

/** Whether so many bytes may be written to the desk, which is made larger where they need that. */
function hasRoom(bytes: number): boolean {
  if (bytes > LARGEST_DESK) return false;
  if (bytes > desk.length) {
    desk = Buffer.allocUnsafeSlow(bytes);
    deskView = new DataView(desk.buffer);
  }
  return true;
}

/** @returns the place after what was written; -1 where there is something in it that has to be read */
function copyObject(copying: Copying, token: number, shape: Shape, place: number): number {
  const { bytes, tokens, from, to } = copying;
  if (bytes[tokens[token + Token.START] ?? 0] !== Byte.OBJECT) return -1;
  look(tokens, from, token, shape);
  const { parts, found } = shape;
  let at = place;
  for (const part of parts) {
    at = putWords(part.before, to, at);
    if (part.constant) {
      at = putWords(part.constant, to, at);
      continue;
    }
    const value = found[part.property] ?? 0;
    const start = tokens[value + Token.START] ?? 0;
    const end = tokens[value + Token.END] ?? 0;
    if (value === 0 || bytes[start] === Byte.N) {
      if (part.isNonNull) return -1;
      at = putWords(NULL, to, at);
    } else if (part.below) {
      at = copyObject(copying, value, part.below, at);
      if (at === -1) return -1;
    } else if (bytes[start] !== Byte.QUOTE) {
      return -1;
    } else if (!part.ofText) {
      at = copyBytes(from, start, end - start, to, at);
    } else if (part.plainText?.fits(bytes, start, end)) {
      at = copyBytes(from, start, part.plainText.kept, to, at);
      at = putWords(part.ending, to, at);
    } else {
      const made = madeOf(part, part.ofText, bytes, start, end);
      if (!made) return -1;
      at = putWords(made, to, at);
    }
  }
  copying.into[at] = Byte.OBJECT_END;
  return at + 1;
}

/** What a field makes of a text; null where that is nothing that can be written. */
function madeOf(part: Part, ofText: OfText, bytes: Buffer, start: number, end: number): Words | null {
  const text = bytes.toString('latin1', start, end);
  const known = part.made.get(text);
  if (known) return known;
  const value = ofText(JSON.parse(bytes.toString('utf8', start, end)) as string);
  const made = wordsOf(Buffer.from(JSON.stringify(value)));
  if ((value === null && part.isNonNull) || made.length > part.room) return null;
  if (part.made.size < MOST_MADE) part.made.set(text, made);
  return made;
}

/** Notes where an object has the properties that are looked for. The last of one name counts, as it does for a parser. */
function look(tokens: Tokens, from: DataView, token: number, { names, byHash, found }: Shape): void {
  const mask = byHash.length - 1;
  for (let property = 0; property < found.length; property += 1) found[property] = 0;
  const end = tokens[token + Token.NEXT] ?? 0;
  for (let value = token + Token.SIZE; value < end; value = tokens[value + Token.NEXT] ?? 0) {
    const hash = tokens[value + Token.HASH] ?? 0;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const property = byHash[slot] ?? 0;
      if (property === 0) break;
      const name = names[property] as Name;
      if (name.hash !== hash || !isName(name, from, tokens[value + Token.NAME] ?? 0)) continue;
      found[property] = value;
      break;
    }
  }
}

// What follows reads up to three bytes too many. They are there: a row of a page has at least as many brackets behind it.

function isName({ words, mask }: Name, from: DataView, start: number): boolean {
  const last = words.length - 1;
  for (let at = 0; at < last; at += 1) if (from.getInt32(start + at * 4, true) !== words[at]) return false;
  return ((from.getInt32(start + last * 4, true) ^ (words[last] ?? 0)) & mask) === 0;
}

function copyBytes(from: DataView, start: number, length: number, to: DataView, at: number): number {
  for (let done = 0; done < length; done += 4)
    to.setInt32(at + done, from.getInt32(start + done, true), true);
  return at + length;
}

function putWords({ words, length }: Words, to: DataView, at: number): number {
  for (let word = 0; word < words.length; word += 1) to.setInt32(at + word * 4, words[word] ?? 0, true);
  return at + length;
}
