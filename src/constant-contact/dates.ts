import { ConstantContactError } from './errors.js';

/** A point in time as `toISOString` writes it. */
export type IsoTime = string & { readonly isIsoTime: true };

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Days before each month of a year that is no leap year. */
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365] as const;

const CODE_0 = 0x30;
const SPACE = 0x20;
const PLUS = 0x2b;
const COMMA = 0x2c;
const DASH = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const UPPER_T = 0x54;
const UPPER_Z = 0x5a;
/** Added to an upper-case letter, gives the lower-case one. */
const TO_LOWER = 0x20;

// Pages of contacts have thousands of dates, so they are read without regular expressions and without `Date`: those took a
// quarter of the time of a page of 500.

/**
 * Reads a date in any of the forms that the API's services send: with `Z`, with an offset with or without a colon, with or
 * without fractions of a second, separated by `T` or a space, date only (midnight UTC), or a Unix time in seconds or
 * milliseconds. A time without a zone counts as UTC.
 *
 * @returns milliseconds since the epoch; NaN for anything else, days that do not exist included
 */
function parseTime(text: string | null | undefined): number {
  if (typeof text !== 'string') return NaN;
  const trimmed = text.trim();
  return trimmed.charCodeAt(4) === DASH ? parseTimestamp(trimmed) : parseEpoch(trimmed);
}

/** As `parseTime`; null for what is no date. Never throws. */
export function parseDate(text: string | null | undefined): Date | null {
  const time = parseTime(text);
  return Number.isNaN(time) ? null : new Date(time);
}

/** A date as `parseTime` reads it, in the form of `toISOString`; null for one whose year in UTC does not have four digits. */
export function isoTime(text: string | null | undefined): IsoTime | null {
  if (typeof text !== 'string') return null;
  return rewriteTime(text) ?? formatTime(parseTime(text));
}

/** The day of a date in UTC, `YYYY-MM-DD`; null where `isoTime` is. */
export function isoDay(text: string | null | undefined): string | null {
  return isoTime(text)?.slice(0, 10) ?? null;
}

/**
 * A date as query parameters want it: `2026-01-31T09:30:00.000Z`.
 * @throws ConstantContactError `invalidRequest` for an invalid Date
 */
export function formatQueryDate(date: Date): string {
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString();
  // A year of more than four digits has a sign, which the API does not accept.
  if (!/^\d/.test(text)) throw new ConstantContactError('invalidRequest', 'The date is invalid.');
  return text;
}

/**
 * The form of `toISOString` for a text that is nearly in it: to the second or millisecond, and on the same day in UTC.
 *
 * @returns null for any other text, whether it is a date or not
 */
function rewriteTime(text: string): IsoTime | null {
  const minute = minuteOfDay(text);
  if (minute < 0 || text.charCodeAt(10) !== UPPER_T || text.charCodeAt(16) !== COLON) return null;
  if (!isDay(text) || !isWithin(readDigits(text, 17, 2), 59)) return null;
  const hasFraction = text.charCodeAt(19) === DOT;
  const zoneAt = hasFraction ? 23 : 19;
  if (hasFraction && readDigits(text, 20, 3) < 0) return null;
  if (text.length === 24 && hasFraction && text.charCodeAt(23) === UPPER_Z) return text as IsoTime;
  const utcMinute = minute - parseOffset(text, zoneAt);
  if (!isWithin(utcMinute, 24 * 60 - 1)) return null;
  const fraction = hasFraction ? text.slice(19, 23) : '.000';
  if (utcMinute === minute) return `${text.slice(0, 19)}${fraction}Z` as IsoTime;
  return `${text.slice(0, 11)}${twoDigits(Math.floor(utcMinute / 60))}:${twoDigits(utcMinute % 60)}${text.slice(16, 19)}${fraction}Z` as IsoTime;
}

/** Minutes since midnight of the `HH:MM` in a timestamp; -1 for none. */
function minuteOfDay(text: string): number {
  const hour = readDigits(text, 11, 2);
  const minute = readDigits(text, 14, 2);
  return isWithin(hour, 23) && isWithin(minute, 59) && text.charCodeAt(13) === COLON
    ? hour * 60 + minute
    : -1;
}

/** @returns the number of these digits; -1 if another character is among them */
function readDigits(text: string, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at += 1) {
    const digit = text.charCodeAt(at) - CODE_0;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function isWithin(value: number, most: number): boolean {
  return value >= 0 && value <= most;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days from 1 January of the year 0 to that of another, in the proleptic Gregorian calendar. */
function daysBeforeYear(year: number): number {
  const last = year - 1;
  return year * 365 + Math.floor(last / 4) - Math.floor(last / 100) + Math.floor(last / 400) + 1;
}

const EPOCH_DAY = daysBeforeYear(1970);

function daysIn(month: number, year: number): number {
  const days = (DAYS_BEFORE_MONTH[month] ?? 0) - (DAYS_BEFORE_MONTH[month - 1] ?? 0);
  return month === 2 && isLeapYear(year) ? days + 1 : days;
}

/** Returns true if a text starts with the `YYYY-MM-DD` of a day that exists. */
function isDay(text: string): boolean {
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return false;
  const year = readDigits(text, 0, 4);
  const month = readDigits(text, 5, 2);
  const day = readDigits(text, 8, 2);
  return year >= 0 && month >= 1 && month <= 12 && day >= 1 && (day <= 28 || day <= daysIn(month, year));
}

/** Days from the epoch to the day that a text begins with; NaN for one that does not exist. */
function parseDay(text: string): number {
  if (!isDay(text)) return NaN;
  const year = readDigits(text, 0, 4);
  const month = readDigits(text, 5, 2);
  const leapDay = month > 2 && isLeapYear(year) ? 1 : 0;
  const before = daysBeforeYear(year) - EPOCH_DAY + (DAYS_BEFORE_MONTH[month - 1] ?? 0) + leapDay;
  return before + readDigits(text, 8, 2) - 1;
}

function parseTimestamp(text: string): number {
  const midnight = parseDay(text) * DAY_MS;
  if (text.length === 10) return midnight;
  const separator = text.charCodeAt(10);
  if (separator !== SPACE && separator !== UPPER_T && separator !== UPPER_T + TO_LOWER) return NaN;
  const minute = minuteOfDay(text);
  if (minute < 0) return NaN;
  let second = 0;
  let millisecond = 0;
  let at = 16;
  if (text.charCodeAt(at) === COLON) {
    second = readDigits(text, 17, 2);
    at = 19;
    const mark = text.charCodeAt(at);
    if (mark === DOT || mark === COMMA) {
      const start = at + 1;
      at = start;
      // Finer fractions are cut off, not rounded.
      for (let unit = 100; isDigit(text, at); at += 1, unit /= 10) {
        if (unit >= 1) millisecond += readDigits(text, at, 1) * unit;
      }
      if (at === start) return NaN;
    }
  }
  if (!isWithin(second, 59)) return NaN;
  const offset = parseOffset(text, at);
  return midnight + ((minute - offset) * 60 + second) * 1_000 + millisecond;
}

function isDigit(text: string, at: number): boolean {
  return readDigits(text, at, 1) >= 0;
}

/** Minutes east of UTC that the rest of a timestamp says; NaN for anything but a zone, 0 for nothing. */
function parseOffset(text: string, from: number): number {
  if (from === text.length) return 0;
  const at = text.charCodeAt(from) === SPACE ? from + 1 : from;
  const sign = text.charCodeAt(at);
  if (sign === UPPER_Z || sign === UPPER_Z + TO_LOWER) return at + 1 === text.length ? 0 : NaN;
  if (sign !== PLUS && sign !== DASH) return NaN;
  const hours = readDigits(text, at + 1, 2);
  const minutesAt = text.charCodeAt(at + 3) === COLON ? at + 4 : at + 3;
  const hasMinutes = at + 3 < text.length;
  const minutes = hasMinutes ? readDigits(text, minutesAt, 2) : 0;
  const end = hasMinutes ? minutesAt + 2 : at + 3;
  if (!isWithin(hours, 23) || !isWithin(minutes, 59) || end !== text.length) return NaN;
  return (sign === DASH ? -1 : 1) * (hours * 60 + minutes);
}

/** A Unix time: ten digits of seconds, or thirteen of milliseconds. */
function parseEpoch(text: string): number {
  if (text.length !== 10 && text.length !== 13) return NaN;
  const value = readDigits(text, 0, text.length);
  if (value < 0) return NaN;
  return text.length === 10 ? value * 1_000 : value;
}

function formatTime(time: number): IsoTime | null {
  if (Number.isNaN(time)) return null;
  const day = Math.floor(time / DAY_MS) + EPOCH_DAY;
  let year = Math.floor(day / 365.2425);
  while (daysBeforeYear(year + 1) <= day) year += 1;
  while (daysBeforeYear(year) > day) year -= 1;
  if (!isWithin(year, 9_999)) return null;
  let dayOfMonth = day - daysBeforeYear(year) + 1;
  let month = 1;
  for (let days = daysIn(month, year); dayOfMonth > days; days = daysIn(month, year)) {
    dayOfMonth -= days;
    month += 1;
  }
  const rest = time - Math.floor(time / DAY_MS) * DAY_MS;
  const minute = Math.floor(rest / MINUTE_MS);
  const date = `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`;
  const clock = `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}:${twoDigits(Math.floor((rest % MINUTE_MS) / 1_000))}`;
  return `${date}T${clock}.${String(rest % 1_000).padStart(3, '0')}Z` as IsoTime;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${String(value)}` : String(value);
}
