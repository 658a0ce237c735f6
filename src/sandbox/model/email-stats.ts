import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import type { CampaignActivityRow } from '../stores/campaigns.js';
import {
  BOUNCE_CODES,
  DEVICES,
  engagementOf,
  isReported,
  optOuts,
  type BounceCode,
  type Device,
  type EngagementEvent,
} from './engagement.js';

/** Counts of one email, or of several together. */
export interface EmailCounts {
  sends: number;
  opens: number;
  clicks: number;
  forwards: number;
  optouts: number;
  abuse: number;
  bounces: number;
  allOpens: Record<Device, number>;
  allClicks: Record<Device, number>;
  bouncesBy: Record<BounceCode, number>;
}

/** Returns a function that counts for activities. Opt-outs are computed once for all of them. */
export function counter(
  account: Account,
  now: number,
): (rows: readonly CampaignActivityRow[]) => EmailCounts | null {
  const left = optOuts(account, now);
  return (rows) => {
    const counts = rows.filter(isReported).map((row) => countsOf(row, left.get(row)?.length ?? 0, now));
    return counts.length > 0 ? counts.reduce(sum) : null;
  };
}

function countsOf(row: CampaignActivityRow, optouts: number, now: number): EmailCounts {
  const { sends, opens, uniqueOpens, clicks, forwards, bounces, abuse } = engagementOf(row, now);
  return {
    sends: sends.length,
    opens: uniqueOpens.length,
    clicks: new Set(clicks.map(({ contact_id }) => contact_id)).size,
    forwards: forwards.length,
    optouts,
    abuse: abuse.length,
    bounces: bounces.length,
    allOpens: tally(DEVICES, opens, ({ device }) => device),
    allClicks: tally(DEVICES, clicks, ({ device }) => device),
    bouncesBy: tally(BOUNCE_CODES, bounces, ({ bounce }) => bounce),
  };
}

/**
 * A resend goes to contacts who did not open the email, so no contact opens both, and unique counts can be
 * added.
 */
function sum(a: EmailCounts, b: EmailCounts): EmailCounts {
  return {
    sends: a.sends + b.sends,
    opens: a.opens + b.opens,
    clicks: a.clicks + b.clicks,
    forwards: a.forwards + b.forwards,
    optouts: a.optouts + b.optouts,
    abuse: a.abuse + b.abuse,
    bounces: a.bounces + b.bounces,
    allOpens: add(DEVICES, a.allOpens, b.allOpens),
    allClicks: add(DEVICES, a.allClicks, b.allClicks),
    bouncesBy: add(BOUNCE_CODES, a.bouncesBy, b.bouncesBy),
  };
}

export function sumCounts(counts: readonly EmailCounts[]): EmailCounts | null {
  return counts.length > 0 ? counts.reduce(sum) : null;
}

const notOpened = ({ sends, opens, bounces }: EmailCounts): number => Math.max(sends - opens - bounces, 0);

export function statsResource({ dottedStats }: Account, counts: EmailCounts): Schema<'StatsEmail'> {
  const separator = dottedStats ? '.' : '_';
  const byDevice = (name: string, devices: Record<Device, number>): [string, number][] => [
    [[name, 'all'].join(separator), total(devices)],
    ...DEVICES.map((device): [string, number] => [[name, 'all', device].join(separator), devices[device]]),
  ];
  return {
    em_sends: counts.sends,
    em_opens: counts.opens,
    em_clicks: counts.clicks,
    em_forwards: counts.forwards,
    em_optouts: counts.optouts,
    em_bounces: counts.bounces,
    em_not_opened: notOpened(counts),
    ...Object.fromEntries([
      ...byDevice('em_opens', counts.allOpens),
      ...byDevice('em_clicks', counts.allClicks),
    ]),
  };
}

export function activityStatsResource(account: Account, counts: EmailCounts): Schema<'StatsEmailActivity'> {
  const { bouncesBy } = counts;
  return {
    ...statsResource(account, counts),
    em_abuse: counts.abuse,
    em_bounces_blocked: bouncesBy.Z,
    em_bounces_mailbox_full: bouncesBy.F,
    em_bounces_nonexistent_address: bouncesBy.B,
    em_bounces_other: bouncesBy.X,
    em_bounces_suspended: bouncesBy.S,
    em_bounces_undeliverable: bouncesBy.D,
    em_bounces_vacation: bouncesBy.V,
  };
}

export function uniqueCounts(counts: EmailCounts): Schema<'UniqueEmailCounts'> {
  const { sends, opens, clicks, forwards, optouts, abuse, bounces } = counts;
  return { sends, opens, clicks, forwards, optouts, abuse, bounces, not_opened: notOpened(counts) };
}

/**
 * Percentages of several campaigns together. Bounced emails are not delivered, and only openers can click.
 */
export function aggregatePercents(counts: EmailCounts): Schema<'BulkEmailCampaignSummariesPercents'> {
  const delivered = counts.sends - counts.bounces;
  return {
    open: percent(counts.opens, delivered),
    click: percent(counts.clicks, counts.opens),
    did_not_open: percent(notOpened(counts), delivered),
    bounce: percent(counts.bounces, counts.sends),
    unsubscribe: percent(counts.optouts, delivered),
  };
}

export function percentsResource(counts: EmailCounts): Schema<'PercentsEmail'> {
  const { allOpens, allClicks } = counts;
  return {
    ...aggregatePercents(counts),
    mobile_open: percent(allOpens.mobile, total(allOpens)),
    desktop_open: percent(allOpens.computer, total(allOpens)),
    mobile_click: percent(allClicks.mobile, total(allClicks)),
    desktop_click: percent(allClicks.computer, total(allClicks)),
  };
}

/** With two decimals; 0 if `whole` is 0. */
export const percent = (part: number, whole: number): number =>
  whole <= 0 ? 0 : Math.round((part / whole) * 10_000) / 100;

const total = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);

function tally<Key extends string>(
  keys: readonly Key[],
  happenings: readonly EngagementEvent[],
  of: (happening: EngagementEvent) => Key | undefined,
): Record<Key, number> {
  const counts = Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
  for (const happening of happenings) {
    const key = of(happening);
    if (key !== undefined) counts[key] += 1;
  }
  return counts;
}

const add = <Key extends string>(
  keys: readonly Key[],
  a: Record<Key, number>,
  b: Record<Key, number>,
): Record<Key, number> =>
  Object.fromEntries(keys.map((key) => [key, a[key] + b[key]])) as Record<Key, number>;
