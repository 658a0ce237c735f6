import type { Outcome, Problem } from './result.js';
import { outcomeOf } from './result.js';

/** Maximum size of a result in bytes. A message has it twice, as data and as text, and clients close the connection at one of 10 MB. */
const MAX_RESULT_BYTES = 1_000_000;
/** Maximum length of a text in a question or a shortened result. The HTML of an email is longer. */
const MAX_TEXT_LENGTH = 2_000;
/** Number of items that lists of a shortened result keep. */
const KEPT_ITEMS = 20;

/** For `JSON.stringify`: shortens long texts visibly, because they are content, which cannot change what the call does. */
export function shortenText(_name: string, value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= MAX_TEXT_LENGTH) return value;
  const rest = (value.length - MAX_TEXT_LENGTH).toLocaleString('en');
  return `${value.slice(0, MAX_TEXT_LENGTH)}… (${rest} more characters)`;
}

/**
 * The outcome if its result is not too large. Otherwise a read fails and says how many rows to request; a write, and a read without such an
 * argument, keeps everything but long lists and texts.
 *
 * @param rows the argument of a read that limits the number of rows; null when there is none
 */
export function limitSize(outcome: Outcome, rows: string | null): Outcome {
  const size = sizeOf(outcome);
  if (size <= MAX_RESULT_BYTES || !outcome.data) return outcome;
  const [has, most] = [size, MAX_RESULT_BYTES].map((bytes) => bytes.toLocaleString('en'));
  const longest = rows === null ? null : longestList(outcome.data);
  if (longest) {
    const { path, length } = longest;
    // Rows differ in size.
    const fitting = Math.max(1, Math.floor((length * MAX_RESULT_BYTES * 0.75) / size));
    const [all, some] = [length, fitting].map((count) => count.toLocaleString('en'));
    const tooLarge: Problem & { advice: string } = {
      code: 'RESULT_TOO_LARGE',
      message: `The result has ${String(has)} bytes, at most ${String(most)} are allowed. \`${path}\` has ${String(all)} rows.`,
      retryable: false,
      advice: `Request at most ${String(some)} rows at a time with \`${String(rows)}\`, or only the fields that you need with run_query.`,
    };
    return outcomeOf(null, [tooLarge, ...(outcome.error ? [outcome.error] : [])]);
  }
  const text = JSON.stringify(outcome.data, (name, value: unknown) =>
    Array.isArray(value) ? value.slice(0, KEPT_ITEMS) : shortenText(name, value),
  );
  const note = `The whole result has ${String(has)} bytes. Lists in \`data\` have their first ${String(KEPT_ITEMS)} items only, and texts their first characters.`;
  const shortened = { ...outcome, data: JSON.parse(text) as Outcome['data'], note };
  return sizeOf(shortened) <= MAX_RESULT_BYTES
    ? shortened
    : { ...outcome, data: null, note: `The result has ${String(has)} bytes, so \`data\` is left out.` };
}

const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

/** The largest list that is not in another one. */
function longestList(data: object, path = ''): { path: string; length: number; size: number } | null {
  return Object.entries(data).reduce<ReturnType<typeof longestList>>((longest, [key, value]) => {
    if (typeof value !== 'object' || value === null) return longest;
    const at = path === '' ? key : `${path}.${key}`;
    const found = Array.isArray(value)
      ? { path: at, length: value.length, size: sizeOf(value) }
      : longestList(value as object, at);
    return found && found.size > (longest?.size ?? 0) ? found : longest;
  }, null);
}
