const TEXTS_AND_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Marks digits that are a number; in JSON texts it only occurs escaped. */
const MARK = '\0';
const MARKED = new RegExp(`^${MARK}-?\\d+$`);

/** Form of whole numbers beyond 2^53, such as IDs: texts, or BigInts where they are written back as numbers. */
export type LongNumbers = 'texts' | 'bigints';

/**
 * Parses JSON, and keeps all digits of long whole numbers.
 * @throws SyntaxError for what is no JSON
 */
export function parseJson(text: string, longNumbers: LongNumbers = 'texts'): unknown {
  if (!mayHaveLongNumber(text)) return JSON.parse(text) as unknown;
  const areTexts = longNumbers === 'texts';
  const quoted = text.replace(TEXTS_AND_NUMBERS, (token) => {
    const isLong = /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token));
    return isLong ? JSON.stringify(areTexts ? token : MARK + token) : token;
  });
  if (areTexts) return JSON.parse(quoted) as unknown;
  return JSON.parse(quoted, (_key, value: unknown) =>
    typeof value === 'string' && MARKED.test(value) ? BigInt(value.slice(MARK.length)) : value,
  ) as unknown;
}

/** Parses JSON; undefined for invalid text. The parser's error quotes the text, so it is not kept. */
export function jsonIn(text: string, longNumbers?: LongNumbers): unknown {
  try {
    return parseJson(text, longNumbers);
  } catch {
    return undefined;
  }
}

/** Fewest digits of a number that JSON.parse may round. */
const MIN_DIGITS = 16;

/**
 * Returns true for every text with so many digits outside of a JSON text, and rarely for others. It checks every 16th
 * character: a regular expression takes a quarter of the time of JSON.parse, this a tenth.
 */
function mayHaveLongNumber(text: string): boolean {
  for (let at = MIN_DIGITS - 1; at < text.length; at += MIN_DIGITS) {
    if (!isDigit(text, at)) continue;
    let first = at;
    while (isDigit(text, first - 1)) first -= 1;
    let last = at;
    while (isDigit(text, last + 1)) last += 1;
    if (last - first >= MIN_DIGITS - 1 && text[first - 1] !== '"') return true;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** JSON of a value, which may have BigInts: they are written as numbers with all their digits. */
export function stringifyJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const marked = JSON.stringify(value, (_key, one: unknown) =>
      typeof one === 'bigint' ? `${MARK}${String(one)}` : one,
    );
    return marked.replace(/"\\u0000(-?\d+)"/g, '$1');
  }
}

/** An id of digits as the number that the contract has for it. */
export function numericId(digits: string): number {
  const id = Number(digits);
  return !/^\d+$/.test(digits) || Number.isSafeInteger(id) ? id : (BigInt(digits) as unknown as number);
}
