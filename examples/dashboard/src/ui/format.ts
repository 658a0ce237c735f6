// The user's languages, from the browser.
const LOCALES = [...navigator.languages];
const numbers = new Intl.NumberFormat(LOCALES);
const plainNumbers = new Intl.NumberFormat(LOCALES, { useGrouping: false, maximumFractionDigits: 20 });
const percents = new Intl.NumberFormat(LOCALES, {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const wholePercents = new Intl.NumberFormat(LOCALES, { style: 'percent', maximumFractionDigits: 0 });
const DAY = { dateStyle: 'medium' } as const;
const days = new Intl.DateTimeFormat(LOCALES, DAY);
// A date without a time is the same day everywhere.
const plainDays = new Intl.DateTimeFormat(LOCALES, { ...DAY, timeZone: 'UTC' });
const birthdays = new Intl.DateTimeFormat(LOCALES, { day: 'numeric', month: 'long', timeZone: 'UTC' });
const months = new Intl.DateTimeFormat(LOCALES, { month: 'long', timeZone: 'UTC' });
const times = new Intl.DateTimeFormat(LOCALES, { timeStyle: 'short' });

/** Placeholder for a missing value. Counts are 0 instead, and an empty section says "No …". */
export const NONE = '–';

export const count = (value: number | null | undefined): string => numbers.format(value ?? 0);
/** A number that the API returns as text, unchanged except for the decimal separator. */
export function plainNumber(text: string): string {
  const number = Number(text);
  return text === '' || Number.isNaN(number) ? text || NONE : plainNumbers.format(number);
}
/** A rate, always with one decimal. @param share 0 to 1; null without a base */
export const percent = (share: number | null): string => (share === null ? NONE : percents.format(share));
/** @param percents 0 to 100 */
export const progress = (percents: number): string => wholePercents.format(percents / 100);
/** @param currency code of three letters; the bare number without it */
export function money(
  amount: number | string | null | undefined,
  currency: string | null | undefined,
): string {
  const options = currency ? ({ style: 'currency', currency } as const) : {};
  return new Intl.NumberFormat(LOCALES, options).format(Number(amount ?? 0));
}

const PLAIN_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const US_DATE = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;

/** `YYYY-MM-DD` of a day in one of the API's two forms; null for any other text. */
export function isoDay(text: string): string | null {
  if (PLAIN_DATE.test(text)) return text;
  const [, month = '', date = '', year = ''] = US_DATE.exec(text) ?? [];
  return year ? `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}` : null;
}

/** A day or a time in the user's format. A text in an undocumented form is returned unchanged. */
export function day(at: string | null | undefined): string {
  if (!at) return NONE;
  const iso = isoDay(at) ?? at;
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return at;
  return (PLAIN_DATE.test(iso) ? plainDays : days).format(date);
}

/** @returns an empty text for an invalid time */
export function timeOfDay(at: string | null | undefined): string {
  const time = new Date(at ?? '');
  return Number.isNaN(time.getTime()) ? '' : times.format(time);
}

/** Names of the months, January first. */
export const MONTHS: readonly string[] = Array.from({ length: 12 }, (_, at) =>
  months.format(new Date(Date.UTC(2024, at))),
);

export const birthday = (value: { month: number; day: number } | null): string =>
  value ? birthdays.format(new Date(Date.UTC(2024, value.month - 1, value.day))) : NONE;

/** `UNSUBSCRIBED` → "Unsubscribed". */
export const words = (value: string): string =>
  value.charAt(0) + value.slice(1).toLowerCase().replaceAll('_', ' ');

/** "1 contact", "2 contacts". */
export const plural = (value: number, noun: string): string =>
  `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

interface Named {
  firstName: string | null;
  lastName: string | null;
  emailAddress: { address: string | null } | null;
}

/** The most specific available name of a person. */
export function nameOf({ firstName, lastName, emailAddress }: Named): string {
  const name = [firstName, lastName].filter(Boolean).join(' ');
  return name || emailAddress?.address || 'No name';
}
