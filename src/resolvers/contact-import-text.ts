import { InputError } from './support/input-error.js';

/** Encodings that are detected. The API accepts only UTF-8. */
export type Encoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'windows-1252';

type Chunks = AsyncIterable<Uint8Array>;

/** Bytes that Windows-1252 does not define. */
const UNDEFINED_IN_1252: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
/**
 * Sample size for detecting UTF-16 without a byte order mark: headings are ASCII, so every second byte is 0.
 */
const SAMPLE = 64;

/** First bytes of other file formats. */
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
 * Detects the encoding of a file. Reads the whole file, because only then is UTF-8 certain.
 * @throws InputError `INVALID` for other file formats, and for bytes that are valid in none of the encodings
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

/** The encoding according to the first bytes; null when they are inconclusive. */
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

/** Returns true if a chunk is valid; without a chunk, if the end is. */
function decodes(decoder: TextDecoder, chunk?: Uint8Array): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch {
    return false;
  }
}

/**
 * The text of a file without a byte order mark.
 * @throws InputError `INVALID` for truncated or invalid UTF-16
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

/** The text with each line ending normalised to a line feed. */
export async function* withLineFeeds(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const text of texts) {
    // A trailing carriage return may be the first half of a line ending.
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
  /**
   * Characters before the headings: blank lines, and a line such as `sep=;`, which spreadsheets write to
   * declare the separator.
   */
  skip: number;
  /** Number of lines in these characters. */
  skippedLines: number;
  /** The line of the headings. */
  line: string;
}

/** Spreadsheets pad this line with separators too. */
const SEPARATOR_LINE = /^\s*"?sep=([,;\t|])"?[ ,;\t|]*\n/i;

/** Detects the separator from the beginning of a file's text. */
export function readFirstLine(text: string): FirstLine {
  const [separatorLine, separator] = SEPARATOR_LINE.exec(text) ?? [];
  const before = separatorLine ?? /^\uFEFF*(?:[ \t]*\n)*/.exec(text)?.[0] ?? '';
  const headings = text.slice(before.length);
  const [line = ''] = headings.split('\n', 1);
  const preamble = { skip: before.length, skippedLines: before.split('\n').length - 1, line };
  if (separator) return { separator: separator as Separator, ...preamble };
  const [bare = ''] = headings.replace(/"[^"]*"/g, '').split('\n', 1);
  const count = (one: Separator) => bare.split(one).length - 1;
  const [most] = ([',', ';', '\t', '|'] as const).reduce<[Separator, number]>(
    (best, next) => (count(next) > best[1] ? [next, count(next)] : best),
    [',', 0],
  );
  return { separator: most, ...preamble };
}
