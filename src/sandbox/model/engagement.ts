import type { Account } from '../account.js';
import { DAY, MINUTE, SECOND } from '../dates.js';
import { Random } from '../random.js';
import type { CampaignActivityRow } from '../stores/campaigns.js';
import { isOpener, SENDING_MS } from './campaign-send.js';
import { linksOf } from './email-link.js';

/** Kinds of devices; `none` is an unknown one. */
export const DEVICES = ['computer', 'mobile', 'tablet', 'other', 'none'] as const;
export type Device = (typeof DEVICES)[number];

export const BOUNCE_CODES = ['B', 'D', 'F', 'S', 'V', 'X', 'Z'] as const;
export type BounceCode = (typeof BOUNCE_CODES)[number];

/** An event between an email and one of its recipients. */
export interface EngagementEvent {
  /** Unique among events of the same activity and kind. */
  readonly key: string;
  readonly contact_id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly device?: Device;
  /** Index of the clicked link among the links of the activity. */
  readonly link?: number;
  readonly bounce?: BounceCode;
}

/** The response of one recipient to one email after it was sent. */
export interface Response {
  readonly send: EngagementEvent;
  readonly bounce: EngagementEvent | null;
  /** Oldest first. */
  readonly opens: readonly EngagementEvent[];
  /** Oldest first. */
  readonly clicks: readonly EngagementEvent[];
  readonly forward: EngagementEvent | null;
  /** Time of the report as spam. */
  readonly abuse: EngagementEvent | null;
}

/** Events of an activity so far; each list is sorted newest first. */
export interface Engagement {
  readonly sends: readonly EngagementEvent[];
  readonly opens: readonly EngagementEvent[];
  readonly uniqueOpens: readonly EngagementEvent[];
  readonly didNotOpens: readonly EngagementEvent[];
  readonly clicks: readonly EngagementEvent[];
  readonly forwards: readonly EngagementEvent[];
  readonly bounces: readonly EngagementEvent[];
  readonly abuse: readonly EngagementEvent[];
}

/** Shares of devices in percent; the rest is unknown. */
const DEVICE_SHARES: readonly (readonly [Device, number])[] = [
  ['mobile', 46],
  ['computer', 38],
  ['tablet', 8],
  ['other', 5],
];
/** Shares of bounce reasons in percent; the rest is `X`. */
const BOUNCE_SHARES: readonly (readonly [BounceCode, number])[] = [
  ['B', 34],
  ['F', 18],
  ['D', 15],
  ['Z', 12],
  ['V', 9],
  ['S', 8],
];
/** Share of those who do not open it. */
const BOUNCE_SHARE = 0.05;
/** Share of those who open it. */
const CLICKER_SHARE = 0.28;
const FORWARDER_SHARE = 0.02;
const ABUSE_SHARE = 0.002;
/** Probability of each further open. */
const REOPEN_PROBABILITY = 0.45;
const MAX_OPENS = 8;

/** Returns true if an activity has statistics: it was sent, possibly to nobody, and was not deleted since. */
export const isReported = (row: CampaignActivityRow): boolean =>
  row.role !== 'permalink' &&
  row.status !== 'REMOVED' &&
  row.sends.some((send) => send.send_status === 'COMPLETED');

/** Time of the last send; only valid for reported activities. */
export const lastSent = (row: CampaignActivityRow): number => row.sends.at(-1)?.run_date ?? 0;

/**
 * The response of one recipient to an activity. Derived from the IDs, so that it is always the same.
 * @param sentAt milliseconds since the epoch
 */
export function responseOf(row: CampaignActivityRow, contact_id: string, sentAt: number): Response {
  const random = new Random(0, `${row.campaign_activity_id}:${contact_id}`);
  const happening = (at: number, nth = 0) => ({
    key: `${contact_id}:${String(nth)}`,
    contact_id,
    at: Math.floor(at),
  });
  const send = happening(sentAt);
  if (!isOpener(row.campaign_activity_id, contact_id)) {
    const code = random.chance(BOUNCE_SHARE) ? share(random, BOUNCE_SHARES, 'X') : null;
    // An email to a suspended address bounces immediately.
    const delay = code === 'S' ? 0 : random.between(1, 300) * SECOND;
    const bounce = code && { ...happening(sentAt + delay), bounce: code };
    return { send, bounce, opens: [], clicks: [], forward: null, abuse: null };
  }
  const device = share(random, DEVICE_SHARES, 'none');
  const first = sentAt + 2 * MINUTE + random.next() ** 3 * 4 * DAY;
  const opens = [{ ...happening(first), device }];
  while (opens.length < MAX_OPENS && random.chance(REOPEN_PROBABILITY)) {
    const at = first + random.next() ** 2 * 5 * DAY;
    opens.push({
      ...happening(at, opens.length),
      device: random.chance(0.8) ? device : share(random, DEVICE_SHARES, 'none'),
    });
  }
  opens.sort((a, b) => a.at - b.at);
  const clicks = random.chance(CLICKER_SHARE) ? clicksAfter(row, opens, random) : [];
  const forward = random.chance(FORWARDER_SHARE) ? happening(first + random.between(1, 40) * MINUTE) : null;
  const abuse = random.chance(ABUSE_SHARE) ? happening(first + random.between(1, 600) * SECOND) : null;
  return { send, bounce: null, opens, clicks, forward, abuse };
}

function clicksAfter(
  row: CampaignActivityRow,
  opens: readonly EngagementEvent[],
  random: Random,
): EngagementEvent[] {
  const links = linksOf(row).length;
  if (links === 0) return [];
  const clicks = Array.from({ length: random.between(1, 3) }, (_, nth) => {
    const open = random.pick(opens);
    return {
      ...open,
      key: `${open.contact_id}:${String(nth)}`,
      at: open.at + random.between(3, 600) * SECOND,
      // The first links of an email are clicked most often.
      link: Math.floor(random.next() ** 2 * links),
    };
  });
  return clicks.sort((a, b) => a.at - b.at);
}

/** Each recipient of an activity with the time of the send, oldest first. */
export function* recipientsOf(row: CampaignActivityRow): Generator<readonly [id: string, sentAt: number]> {
  let place = 0;
  for (const { count, run_date } of row.sends) {
    for (let i = 0; i < count; i++) {
      const id = row.sent_to[place++];
      if (id !== undefined) yield [id, sentAt(run_date, i, count)];
    }
  }
}

/** Time of the send to one contact; null when it was not sent to it. */
export function sentTo(row: CampaignActivityRow, contact_id: string): number | null {
  let place = row.sent_to.indexOf(contact_id);
  if (place === -1) return null;
  for (const { count, run_date } of row.sends) {
    if (place < count) return sentAt(run_date, place, count);
    place -= count;
  }
  return null;
}

/** The emails of one send are sent in sequence until it is done. */
const sentAt = (done: number, place: number, count: number): number =>
  Math.floor(done - (SENDING_MS * (count - 1 - place)) / count);

interface Kept {
  readonly engagement: Engagement;
  readonly sent: number;
  readonly html: string | null;
  readonly asOf: number;
  /** No event happens after this. */
  readonly settledAt: number;
}

const kept = new WeakMap<CampaignActivityRow, Kept>();

/** Events of an activity until `now`. Computed when first requested, and again while more will happen. */
export function engagementOf(row: CampaignActivityRow, now: number): Engagement {
  const known = kept.get(row);
  if (
    known?.sent === row.sent_to.length &&
    known.html === row.html_content &&
    (known.asOf === now || (known.asOf >= known.settledAt && now >= known.settledAt))
  ) {
    return known.engagement;
  }
  const responses = [...recipientsOf(row)].map(([id, at]) => responseOf(row, id, at));
  let settledAt = 0;
  for (const response of responses) {
    for (const { at } of happeningsOf(response)) if (at > settledAt) settledAt = at;
  }
  const engagement = assemble(responses, now);
  kept.set(row, { engagement, sent: row.sent_to.length, html: row.html_content, asOf: now, settledAt });
  return engagement;
}

function* happeningsOf({
  send,
  bounce,
  opens,
  clicks,
  forward,
  abuse,
}: Response): Generator<EngagementEvent> {
  yield send;
  yield* opens;
  yield* clicks;
  for (const one of [bounce, forward, abuse]) if (one) yield one;
}

function assemble(responses: readonly Response[], now: number): Engagement {
  const done = (list: readonly (EngagementEvent | null | undefined)[]): EngagementEvent[] =>
    list.filter((one): one is EngagementEvent => !!one && one.at <= now).sort((a, b) => b.at - a.at);
  const isPast = (one: EngagementEvent | null | undefined): boolean => !!one && one.at <= now;
  return {
    sends: done(responses.map(({ send }) => send)),
    opens: done(responses.flatMap(({ opens }) => opens)),
    uniqueOpens: done(responses.map(({ opens }) => opens[0])),
    didNotOpens: done(
      responses.flatMap(({ send, opens, bounce }) => (isPast(opens[0]) || isPast(bounce) ? [] : [send])),
    ),
    clicks: done(responses.flatMap(({ clicks }) => clicks)),
    forwards: done(responses.map(({ forward }) => forward)),
    bounces: done(responses.map(({ bounce }) => bounce)),
    abuse: done(responses.map(({ abuse }) => abuse)),
  };
}

/**
 * Opt-outs by email: contacts who opted out themselves, each through the last email received before. By
 * activity, newest first.
 */
export function optOuts(account: Account, now: number): ReadonlyMap<CampaignActivityRow, EngagementEvent[]> {
  const left = new Map<string, number>();
  for (const { contact_id, email } of account.contacts) {
    const date = email?.permission_to_send === 'unsubscribed' ? email.opt_out_date : null;
    if (email?.opt_out_source === 'Contact' && date && date <= now) left.set(contact_id, date);
  }
  const found = new Map<CampaignActivityRow, EngagementEvent[]>();
  const newest = account.campaignActivities.filter(isReported).sort((a, b) => lastSent(b) - lastSent(a));
  for (const row of newest) {
    const rows: EngagementEvent[] = [];
    for (const [contact_id, sent] of recipientsOf(row)) {
      const at = left.get(contact_id);
      if (at === undefined || at < sent) continue;
      left.delete(contact_id);
      if (!responseOf(row, contact_id, sent).bounce) rows.push({ key: contact_id, contact_id, at });
    }
    if (rows.length > 0)
      found.set(
        row,
        rows.sort((a, b) => b.at - a.at),
      );
  }
  return found;
}

function share<T>(random: Random, shares: readonly (readonly [T, number])[], rest: T): T {
  let place = random.next() * 100;
  for (const [value, size] of shares) {
    if (place < size) return value;
    place -= size;
  }
  return rest;
}
