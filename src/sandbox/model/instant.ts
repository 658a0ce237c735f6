import { parseDate } from '../dates.js';
import { invalid } from '../errors.js';

/**
 * A time in a request.
 * @throws Refusal 400 for an invalid date
 */
export function instant(name: string, text: string): number {
  const ms = parseDate(text);
  if (Number.isNaN(ms)) throw invalid(`${name} is not an ISO-8601 date.`);
  return ms;
}
