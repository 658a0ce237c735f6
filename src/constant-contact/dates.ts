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

/** `YYYY-MM-DDTHH:MM:SSZ`, of a day that its month has in every year. */
const PLAIN =
  /^\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))T(?:[01]\d|2[0-3])(?::[0-5]\d){2}Z$/;

/**
 * A time that needs no more than three digits put in, as most dates of most services do, which is a tenth of the work of
 * taking them apart; a page of contacts has thousands.
 * @returns undefined for any other text, whether it is a date or not
 */
export function plainIsoTime(text: string): IsoTime | undefined {
  return PLAIN.test(text) ? (`${text.slice(0, 19)}.000Z` as IsoTime) : undefined;
}

/** A date as `parseDate` reads it, as text; null for one whose year in UTC has not four digits. */
export function isoTime(text: string | null | undefined): IsoTime | null {
  const plain = typeof text === 'string' ? plainIsoTime(text) : undefined;
  if (plain !== undefined) return plain;
  const time = parseDate(text)?.toISOString();
  return time !== undefined && /^\d/.test(time) ? (time as IsoTime) : null;
}

/** Days that each month has in every year. */
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const [DASH, COLON, T, Z] = Buffer.from('-:TZ') as unknown as number[];

/** What `plainIsoTime` does, for texts of JSON: 20 bytes of them are kept, the quote among them, and what follows takes the place of the rest. */
export const plainTime = {
  fits: (bytes: Uint8Array, start: number, end: number): boolean =>
    end - start === 22 &&
    bytes[start + 5] === DASH &&
    bytes[start + 8] === DASH &&
    bytes[start + 11] === T &&
    bytes[start + 14] === COLON &&
    bytes[start + 17] === COLON &&
    bytes[start + 20] === Z &&
    twoDigits(bytes, start + 1) < NO_DIGITS &&
    twoDigits(bytes, start + 3) < NO_DIGITS &&
    isIn(twoDigits(bytes, start + 9), 1, DAYS[twoDigits(bytes, start + 6) - 1] ?? 0) &&
    twoDigits(bytes, start + 12) < 24 &&
    twoDigits(bytes, start + 15) < 60 &&
    twoDigits(bytes, start + 18) < 60,
  kept: 20,
  ending: Buffer.from('.000Z"'),
};

const NO_DIGITS = 100;

/** A number of two digits; `NO_DIGITS` for anything else. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 0x30;
  const ones = (bytes[at + 1] ?? 0) - 0x30;
  return isIn(tens, 0, 9) && isIn(ones, 0, 9) ? tens * 10 + ones : NO_DIGITS;
}

function isIn(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

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
