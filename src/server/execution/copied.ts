import { randomUUID } from 'node:crypto';

/** Room around copied rows for the rest of most answers. */
const ROOM_BEFORE = 256;
const ROOM_AFTER = 1_024;

/** Stands for copied rows in the text of an answer. Nobody knows it, so nothing that was answered can be taken for it. */
const MARK = `rows ${randomUUID()}`;
const MARKED = JSON.stringify(MARK);

/** Copied rows of the answer that is being written. */
let writing: Copied[] | null = null;

/** Rows as they are in the answer: bytes of JSON, with room around them. */
export class Copied {
  readonly #buffer: Buffer;
  readonly #end: number;

  /** @param rows are copied */
  constructor(rows: Uint8Array) {
    this.#end = ROOM_BEFORE + rows.length;
    this.#buffer = Buffer.allocUnsafeSlow(this.#end + ROOM_AFTER);
    this.#buffer.set(rows, ROOM_BEFORE);
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(ROOM_BEFORE, this.#end);
  }

  /** These between two texts. What has room beside them is written there, so that they are not copied again. */
  between(before: string, after: string): Buffer {
    const start = ROOM_BEFORE - Buffer.byteLength(before);
    const end = this.#end + Buffer.byteLength(after);
    if (start < 0 || end > this.#buffer.length)
      return Buffer.concat([Buffer.from(before), this.bytes, Buffer.from(after)]);
    this.#buffer.write(before, start);
    this.#buffer.write(after, this.#end);
    return this.#buffer.subarray(start, end);
  }

  toJSON(): unknown {
    if (!writing) return JSON.parse(this.bytes.toString('utf8'));
    writing.push(this);
    return MARK;
  }
}

/** An answer as JSON: a text, or bytes where rows were copied into it. */
export function jsonOf(answer: object): string | Buffer {
  const copied: Copied[] = [];
  writing = copied;
  let text: string;
  try {
    text = JSON.stringify(answer);
  } finally {
    writing = null;
  }
  if (copied.length === 0) return text;
  const [before = '', ...after] = text.split(MARKED);
  const pieces = copied.map((rows, at) => rows.between(at === 0 ? before : '', after[at] ?? ''));
  const [only] = pieces;
  return only && pieces.length === 1 ? only : Buffer.concat(pieces);
}
