import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

/** A file that is read while it is sent, and once more for each attempt that repeats the request. */
export interface FormFile {
  readonly name: string;
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  stream(): AsyncIterable<Uint8Array>;
}

/** A form as one attempt sends it. */
export interface EncodedForm {
  headers: { 'content-type': string; 'content-length': string };
  body: Readable;
}

/**
 * A body of `multipart/form-data`. Its files are read when it is sent, a piece at a time; the `FormData` of Node and undici
 * takes only what is in memory.
 */
export class Form {
  readonly #parts: Readonly<Record<string, string | FormFile>>;
  readonly #boundary = `form-${randomUUID()}`;

  /** @param parts fields and files by name, in the order in which they are sent */
  constructor(parts: Readonly<Record<string, string | FormFile>>) {
    this.#parts = parts;
  }

  /** A new body for one attempt (RFC 7578, with the escapes that browsers use). */
  encode(): EncodedForm {
    const pieces: (Buffer | FormFile)[] = [];
    for (const [field, value] of Object.entries(this.#parts)) {
      const head = `--${this.#boundary}\r\nContent-Disposition: form-data; name="${escaped(field)}"`;
      if (typeof value === 'string') {
        pieces.push(Buffer.from(`${head}\r\n\r\n${value}\r\n`));
      } else {
        const { name, type } = value;
        pieces.push(
          Buffer.from(`${head}; filename="${escaped(name)}"\r\nContent-Type: ${type}\r\n\r\n`),
          value,
          Buffer.from('\r\n'),
        );
      }
    }
    pieces.push(Buffer.from(`--${this.#boundary}--\r\n`));
    const length = pieces.reduce((sum, piece) => sum + sizeOf(piece), 0);
    return {
      headers: {
        'content-type': `multipart/form-data; boundary=${this.#boundary}`,
        'content-length': String(length),
      },
      body: Readable.from(bytesOf(pieces)),
    };
  }
}

function sizeOf(piece: Buffer | FormFile): number {
  return Buffer.isBuffer(piece) ? piece.length : piece.size;
}

async function* bytesOf(pieces: readonly (Buffer | FormFile)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) yield piece;
    else yield* piece.stream();
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '%22', '\r': '%0D', '\n': '%0A' };

function escaped(text: string): string {
  return text.replace(/["\r\n]/g, (letter) => ESCAPES[letter] ?? letter);
}
