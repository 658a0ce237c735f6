/** A number as JSON writes it. Some services send numbers as texts. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const WITHOUT_EXPONENT = new Intl.NumberFormat('en', { useGrouping: false, maximumFractionDigits: 20 });

/** Number in a response; undefined for other texts (the empty one included), booleans and objects. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return NUMBER.test(text) ? Number(text) : undefined;
}

/** The digits of a number without an exponent; undefined for other values. A text keeps its digits. */
export function decimalIn(value: unknown): string | undefined {
  const number = numberIn(value);
  if (number === undefined) return undefined;
  const text = String(value).trim();
  return DECIMAL.test(text) ? text : WITHOUT_EXPONENT.format(number);
}

/** The largest count, which is the largest `Int` of GraphQL. */
const COUNT_MAX = 2 ** 31 - 1;

/** A count, or another number that is never negative; undefined for other values. */
export function countIn(value: unknown): number | undefined {
  const count = numberIn(value);
  const isCount = count !== undefined && count >= 0 && count <= COUNT_MAX && Number.isInteger(count);
  return isCount ? count : undefined;
}
