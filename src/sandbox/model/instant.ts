import { parseDate } from '../dates.js';
import { invalid } from '../errors.js';

/**
 * A point in time of a request.
 * @throws Refusal 400 for a text that is no date
 */
export function instant(name: string, text: string): number {
  const ms = parseDate(text);
  if (Number.isNaN(ms)) throw invalid(`${name} is not an ISO-8601 date.`);
  return ms;
}
