import { InputError } from './support/input-error.js';

/** Encodings of the files that people have; the API takes UTF-8 alone. */
export type Encoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'windows-1252';

type Chunks = AsyncIterable<Uint8Array>;

/** Bytes that Windows-1252 does not define. */
const UNDEFINED_IN_1252: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
/** How many bytes tell whether text is UTF-16 without a byte order mark: headings are ASCII, so every second byte is 0. */
const SAMPLE = 64;

/** What other files begin with. */
const OTHER_FILES = [
  {
    signature: [0x50, 0x4b],
    next: [0x03, 0x05, 0x07],
    name: 'an Excel workbook (.xlsx) or another ZIP archive',
  },
  { signature: [0xd0, 0xcf, 0x11], next: [0xe0], name: 'an Excel workbook (.xls)' },
  { signature: [0x1f], next: [0x8b], name: 'a gzip archive' },
  { signature: [0x25, 0x50, 0x44, 0x46], next: [0x2d], name: 'a PDF document' },
  { signature: [0xff, 0xfe, 0x00], next: [0x00], name: 'text in UTF-32' },
  { signature: [0x00, 0x00, 0xfe], next: [0xff], name: 'text in UTF-32' },
] as const;
const UTF8_MARK = [0xef, 0xbb, 0xbf] as const;

/**
 * Finds out how the text of a file is encoded. Reads all of it: only then is it known to be UTF-8.
 * @throws InputError `INVALID` for another kind of file, and for bytes that are text in none of the encodings
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
    const hasZero = chunk.includes(0);
    isUtf8 &&= !hasZero && decodes(utf8, chunk);
    is1252 &&= !hasZero && !chunk.some((byte) => UNDEFINED_IN_1252.has(byte));
    if (!isUtf8 && !is1252) break;
  }
  const known = encodingByHead(head, field);
  if (known) return known;
  if (isUtf8 && decodes(utf8)) return 'UTF-8';
  if (is1252 && !startsWith(head, UTF8_MARK)) return 'windows-1252';
  throw new InputError(
    'INVALID',
    'The file is neither UTF-8 nor UTF-16 nor Windows-1252. Save it as CSV in UTF-8.',
    field,
  );
}

function startsWith(head: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

/** The encoding that the first bytes tell; null when they do not. */
function encodingByHead(head: Buffer, field: readonly string[]): Encoding | null {
  for (const { signature, next, name } of OTHER_FILES) {
    if (startsWith(head, signature) && (next as readonly number[]).includes(head[signature.length] ?? -1)) {
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

/**
 * The text of a file, without a byte order mark.
 * @throws InputError `INVALID` for UTF-16 that is cut off or broken
 */
export async function* decode(
  chunks: Chunks,
  encoding: Encoding,
  field: readonly string[],
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decoded = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new InputError('INVALID', `The file is not valid ${encoding}. Save it as CSV in UTF-8.`, field);
    }
  };
  for await (const chunk of chunks) yield decoded(chunk);
  yield decoded();
}

/** The same text with a line feed at the end of each line, for files whose lines end in different ways. */
export async function* withLineFeeds(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const text of texts) {
    // A carriage return at the end may be the first half of a line end.
    const all = held + text;
    held = all.endsWith('\r') ? '\r' : '';
    yield all.slice(0, all.length - held.length).replace(/\r\n?/g, '\n');
  }
  if (held !== '') yield '\n';
}

export type Separator = ',' | ';' | '\t' | '|';

export const SEPARATOR_NAMES: Readonly<Record<Separator, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'vertical bars',
};

export interface FirstLine {
  separator: Separator;
  /** Characters before the headings: blank lines, and a line such as `sep=;`, by which spreadsheets tell each other the separator. */
  skip: number;
  /** Lines that these characters fill. */
  skippedLines: number;
  /** The line of the headings. */
  line: string;
}

/** Spreadsheets pad the line with separators, as they do every line. */
const SEPARATOR_LINE = /^\s*"?sep=([,;\t|])"?[ ,;\t|]*\n/i;

/** How the columns of a file are separated, from the beginning of its text. */
export function readFirstLine(text: string): FirstLine {
  const [separatorLine, separator] = SEPARATOR_LINE.exec(text) ?? [];
  const before = separatorLine ?? /^\uFEFF*(?:[ \t]*\n)*/.exec(text)?.[0] ?? '';
  const headings = text.slice(before.length);
  const [line = ''] = headings.split('\n', 1);
  const told = { skip: before.length, skippedLines: before.split('\n').length - 1, line };
  if (separator) return { separator: separator as Separator, ...told };
  const [bare = ''] = headings.replace(/"[^"]*"/g, '').split('\n', 1);
  const count = (one: Separator) => bare.split(one).length - 1;
  const [most] = ([',', ';', '\t', '|'] as const).reduce<[Separator, number]>(
    (best, next) => (count(next) > best[1] ? [next, count(next)] : best),
    [',', 0],
  );
  return { separator: most, ...told };
}
