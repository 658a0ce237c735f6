/**
 * Date formats of the API's services, from milliseconds since the epoch. The formats differ on purpose: a
 * client has to read all of them.
 */

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** `2026-04-28T21:46:22Z`: contacts, lists, tags, activities. */
export const seconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** `2016-01-23T13:48:44.108Z`: campaigns, summaries, segments. */
export const millis = (ms: number): string => new Date(ms).toISOString();

/** `2025-09-25T20:06:50.020+00:00`: automations. */
export const millisOffset = (ms: number): string => new Date(ms).toISOString().replace('Z', '+00:00');

/** `2026-02-05T07:32:49.766+0000`, no colon in the offset: account e-mail addresses. */
export const millisNoColon = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');

/** `2016-03-03T10:53:04-05:00`: custom fields. `hours` is the offset from UTC. */
export const secondsOffset = (ms: number, hours = -5): string =>
  `${local(ms, hours, 'T')}${offset(hours, ':')}`;

/** `2019-01-01T00:00:00-0500`: contact reports. */
export const secondsNoColon = (ms: number, hours = -5): string =>
  `${local(ms, hours, 'T')}${offset(hours, '')}`;

/** `2023-01-23 06:09:23 -0800`: SMS engagement. */
export const spaced = (ms: number, hours = -8): string => `${local(ms, hours, ' ')} ${offset(hours, '')}`;

/** `2026-04-28`: when a contact, a tracking row or a choice was deleted. */
export const dateOnly = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/**
 * Milliseconds of a client's date; `NaN` if it is invalid. A space counts as a `+` that was lost in a query
 * string.
 */
export const parseDate = (text: string): number =>
  Date.parse(text.replace(/ (\d\d:?\d\d)$/, '+$1').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));

/** Like `parseDate`, but a time without a zone is US Eastern time. */
export function parseDateEastern(text: string): number {
  if (/(z|[+-]\d\d:?\d\d)$/i.test(text)) return parseDate(text);
  const name = EASTERN.formatToParts(parseDate(`${text}Z`) || 0).find((part) => part.type === 'timeZoneName');
  return parseDate(`${text}${name?.value.replace('GMT', '') ?? ''}`);
}

const EASTERN = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  timeZoneName: 'longOffset',
});

/** The last midnight UTC at or before `ms`. */
export const startOfDay = (ms: number): number => Math.floor(ms / DAY) * DAY;

function local(ms: number, hours: number, separator: string): string {
  return new Date(ms + hours * HOUR).toISOString().slice(0, 19).replace('T', separator);
}

function offset(hours: number, colon: string): string {
  return `${hours < 0 ? '-' : '+'}${String(Math.abs(hours)).padStart(2, '0')}${colon}00`;
}
