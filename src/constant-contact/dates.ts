import { ConstantContactError } from './errors.js';

const TIMESTAMP =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?: ?(Z|[+-]\d{2}(?::?\d{2})?))?)?$/i;
const EPOCH = /^\d{10}(?:\d{3})?$/;

/**
 * Reads a date in any of the forms that the API's services give: with `Z`, with an offset with or without a colon,
 * with or without fractions, separated by a space, date only (midnight UTC), or a Unix time in seconds or milliseconds.
 * A time without a zone counts as UTC.
 * @returns null for anything else; never throws
 */
export function parseDate(text: string | null | undefined): Date | null {
  const trimmed = typeof text === 'string' ? text.trim() : '';
  if (EPOCH.test(trimmed)) return new Date(Number(trimmed) * (trimmed.length === 10 ? 1_000 : 1));
  const match = TIMESTAMP.exec(trimmed);
  if (!match) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const offset = offsetMinutes(zone);
  const fields = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const utc = new Date(0);
  utc.setUTCFullYear(fields[0], fields[1] - 1, fields[2]);
  utc.setUTCHours(fields[3], fields[4], fields[5], milliseconds);
  // Date rolls over what does not exist (30 February becomes 1 March); such a text is no date.
  const same =
    utc.getUTCFullYear() === fields[0] &&
    utc.getUTCMonth() === fields[1] - 1 &&
    utc.getUTCDate() === fields[2] &&
    utc.getUTCHours() === fields[3] &&
    utc.getUTCMinutes() === fields[4] &&
    utc.getUTCSeconds() === fields[5];
  if (!same || offset === null) return null;
  return new Date(utc.getTime() - offset * 60_000);
}

/** A point in time as `toISOString` writes it. */
export type IsoTime = string & { readonly isIsoTime: true };

/**
 * The same as text. Most dates of most services need no more than three digits put in, which is a tenth of the work of
 * taking them apart; a page of contacts has thousands.
 */
export function isoTime(text: string | null | undefined): IsoTime | null {
  if (typeof text === 'string' && isPlain(text)) return `${text.slice(0, 19)}.000Z` as IsoTime;
  return (parseDate(text)?.toISOString() ?? null) as IsoTime | null;
}

/** Days that a month has in every year. */
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Whether a text is `YYYY-MM-DDTHH:MM:SSZ`, of a day that its month has in every year. */
function isPlain(text: string): boolean {
  if (text.length !== 20) return false;
  for (let at = 0; at < 20; at += 1) {
    const mark = MARKS[at];
    const code = text.charCodeAt(at);
    if (mark === undefined ? code < 48 || code > 57 : code !== mark) return false;
  }
  const two = (at: number) => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
  const [month, day] = [two(5), two(8)];
  const days = DAYS[month - 1] ?? 0;
  return day >= 1 && day <= days && two(11) < 24 && two(14) < 60 && two(17) < 60;
}

/** What is no digit in such a text, by its place. */
const MARKS: readonly (number | undefined)[] = [...'0000-00-00T00:00:00Z'].map((letter) =>
  letter === '0' ? undefined : letter.charCodeAt(0),
);

/**
 * A date as query parameters want it: `2026-01-31T09:30:00.000Z`.
 * @throws ConstantContactError `invalidRequest` for an invalid Date
 */
export function formatQueryDate(date: Date): string {
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString();
  // A year of more than four digits has a sign, which is no date to the API.
  if (!/^\d/.test(text)) throw new ConstantContactError('invalidRequest', 'A date is not valid.');
  return text;
}

function offsetMinutes(zone: string): number | null {
  if (zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
