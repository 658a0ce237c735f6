import { InputError } from './support/input-error.js';

/** Encodings of the files that people have; the API takes UTF-8 alone. */
export type Encoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'windows-1252';

type Chunks = AsyncIterable<Uint8Array>;

/** Bytes that Windows-1252 does not define. */
const UNDEFINED_IN_1252: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
/** How many bytes tell whether text is UTF-16 without a byte order mark: headings are ASCII, so every second byte is 0. */
const SAMPLE = 64;

const WORKBOOKS = [
  { signature: [0x50, 0x4b, 0x03, 0x04], name: 'an Excel workbook (.xlsx)' },
  { signature: [0xd0, 0xcf, 0x11, 0xe0], name: 'an Excel workbook (.xls)' },
] as const;

/**
 * Finds out how the text of a file is encoded. Reads all of it: only then is it known to be UTF-8.
 * @throws InputError `INVALID` for a workbook, and for bytes that are text in none of the encodings
 */
export async function detectEncoding(chunks: Chunks, field: readonly string[]): Promise<Encoding> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  let is1252 = true;
  let head = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head.length < SAMPLE) {
      head = Buffer.concat([head, chunk.subarray(0, SAMPLE - head.length)]);
      if (head.length >= SAMPLE) {
        const known = encodingByHead(head, field);
        if (known) return known;
      }
    }
    isUtf8 &&= decodes(utf8, chunk);
    is1252 &&= !chunk.some((byte) => UNDEFINED_IN_1252.has(byte) || byte === 0);
    if (!isUtf8 && !is1252) break;
  }
  const known = encodingByHead(head, field);
  if (known) return known;
  if (isUtf8 && decodes(utf8)) return 'UTF-8';
  if (is1252) return 'windows-1252';
  throw new InputError(
    'INVALID',
    'The file is neither UTF-8 nor UTF-16 nor Windows-1252. Save it as CSV in UTF-8.',
    field,
  );
}

/** The encoding that the first bytes tell; null when they do not. */
function encodingByHead(head: Buffer, field: readonly string[]): Encoding | null {
  for (const { signature, name } of WORKBOOKS) {
    if (signature.every((byte, index) => head[index] === byte)) {
      throw new InputError('INVALID', `The file is ${name}, not a CSV file. Save it as CSV in UTF-8.`, field);
    }
  }
  if (head[0] === 0xff && head[1] === 0xfe) return 'UTF-16LE';
  if (head[0] === 0xfe && head[1] === 0xff) return 'UTF-16BE';
  const zeros = [0, 0];
  for (const [index, byte] of head.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = head.length / 4;
  if (odd > many && even === 0) return 'UTF-16LE';
  if (even > many && odd === 0) return 'UTF-16BE';
  return null;
}

/** Whether a decoder takes a chunk, or with none, the end. */
function decodes(decoder: TextDecoder, chunk?: Uint8Array): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch {
    return false;
  }
}

/** The text of a file, without a byte order mark. */
export async function* decode(chunks: Chunks, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

export type Separator = ',' | ';' | '\t';

export const SEPARATOR_NAMES: Readonly<Record<Separator, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
};

export interface FirstLine {
  separator: Separator;
  /** Characters before the headings: a line such as `sep=;`, by which spreadsheets tell each other the separator. */
  skip: number;
}

const SEPARATOR_LINE = /^"?sep=([,;\t])"?\r?\n/i;

/** How the columns of a file are separated, from the beginning of its text. */
export function readFirstLine(text: string): FirstLine {
  const told = SEPARATOR_LINE.exec(text);
  if (told) return { separator: told[1] as Separator, skip: told[0].length };
  const [line = ''] = text.split(/\r?\n|\r/, 1);
  const bare = line.replace(/"[^"]*"/g, '');
  const count = (separator: Separator) => bare.split(separator).length - 1;
  const [separator] = ([',', ';', '\t'] as const).reduce<[Separator, number]>(
    (best, next) => (count(next) > best[1] ? [next, count(next)] : best),
    [',', 0],
  );
  return { separator, skip: 0 };
}
