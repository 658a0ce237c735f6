import { decodeText } from './http/decode-text.js';
import { Byte, giveBack, Token, tokensOf, type Tokens } from './tokens.js';

/** Rows of a page, which may be parsed no sooner than somebody goes through them. */
export interface Rows<Row> extends Iterable<Row> {
  readonly length: number;
}

/** A body that is not parsed, and where the values in it are, for as long as somebody looks at them. */
class RawBody {
  #tokens: Tokens | null;

  constructor(
    readonly bytes: Buffer,
    tokens: Tokens,
  ) {
    this.#tokens = tokens;
  }

  /** @throws TypeError where the bytes have been changed */
  get tokens(): Tokens {
    this.#tokens ??= tokensOf(this.bytes);
    if (!this.#tokens) throw new TypeError('a body that had tokens has none');
    return this.#tokens;
  }

  giveBack(): void {
    if (this.#tokens) giveBack(this.#tokens);
    this.#tokens = null;
  }
}

/** Where a value is: its token, and its bytes. */
interface Place {
  token: number;
  start: number;
  end: number;
}

/**
 * Rows as the API sent them. Whoever hands them on as they are takes the bytes of their values; whoever goes through them
 * has them parsed, all at once.
 */
export class RawRows<Row> implements Rows<Row> {
  readonly #body: RawBody;
  readonly #place: Place;
  readonly length: number;
  #parsed: readonly Row[] | undefined;

  /** @param place of the array that they are in */
  constructor(body: RawBody, place: Place, length: number) {
    this.#body = body;
    this.#place = place;
    this.length = length;
  }

  /** The first of them. */
  head(length: number): RawRows<Row> {
    return length < this.length ? new RawRows(this.#body, this.#place, length) : this;
  }

  /**
   * Has somebody look at the bytes and tokens that they are in, who keeps nothing of the latter.
   *
   * @param read is told the place of the first one's token, and how many bytes all of them are at most
   */
  look<T>(read: (bytes: Buffer, tokens: Tokens, first: number, size: number) => T): T {
    const { token, start, end } = this.#place;
    const result = read(this.#body.bytes, this.#body.tokens, token + Token.SIZE, end - start);
    this.#body.giveBack();
    return result;
  }

  [Symbol.iterator](): Iterator<Row> {
    this.#parsed ??= (parsed(this.#body.bytes, this.#place) as Row[]).slice(0, this.length);
    return this.#parsed[Symbol.iterator]();
  }
}

/** The first so many of rows. */
export function headOf<Row>(rows: Rows<Row>, length: number): Rows<Row> {
  if (rows.length <= length) return rows;
  return rows instanceof RawRows ? (rows as RawRows<Row>).head(length) : [...rows].slice(0, length);
}

/** A page whose rows are left as they came. */
export interface RawPage {
  rows: RawRows<unknown>;
  /** What the answer has beside them. */
  rest: Readonly<Record<string, unknown>>;
}

/**
 * Reads a page without its rows.
 *
 * @param name of the property that the rows are in
 * @returns null for what is better parsed, whether it is JSON or not
 */
export function rawPage(bytes: Buffer, name: string): RawPage | null {
  const tokens = tokensOf(bytes);
  if (!tokens || bytes[tokens[Token.START] ?? 0] !== Byte.OBJECT) return null;
  const rest: Record<string, unknown> = {};
  const body = new RawBody(bytes, tokens);
  let rows: RawRows<unknown> | undefined;
  const end = tokens[Token.NEXT] ?? 0;
  for (let at = Token.SIZE; at < end; at = tokens[at + Token.NEXT] ?? 0) {
    const property = nameOf(bytes, tokens, at);
    if (property === '__proto__') return null;
    const place = placeOf(tokens, at);
    if (property !== name) rest[property] = parsed(bytes, place);
    else if (bytes[place.start] === Byte.ARRAY) rows = new RawRows(body, place, countOf(tokens, at));
    else return null;
  }
  return rows ? { rows, rest } : null;
}

function nameOf(bytes: Buffer, tokens: Tokens, at: number): string {
  const start = tokens[at + Token.NAME] ?? 0;
  return bytes.toString('utf8', start, bytes.indexOf(Byte.QUOTE, start));
}

function placeOf(tokens: Tokens, token: number): Place {
  return { token, start: tokens[token + Token.START] ?? 0, end: tokens[token + Token.END] ?? 0 };
}

function parsed(bytes: Buffer, { start, end }: Place): unknown {
  return JSON.parse(decodeText(bytes.subarray(start, end)));
}

function countOf(tokens: Tokens, array: number): number {
  const end = tokens[array + Token.NEXT] ?? 0;
  let count = 0;
  for (let at = array + Token.SIZE; at < end; at = tokens[at + Token.NEXT] ?? 0) count += 1;
  return count;
}
