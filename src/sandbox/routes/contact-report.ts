import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { compact } from '../compact.js';
import { parseDate, secondsNoColon } from '../dates.js';
import { invalid, notFound } from '../errors.js';
import { csv, type Handlers } from '../handler.js';
import { visitsOf } from '../model/landing-visit.js';
import { isReported, optOuts, responseOf, sentTo, type Response } from '../model/engagement.js';
import type { ContactRow } from '../stores/audience.js';
import type { CampaignActivityRow } from '../stores/campaigns.js';

const PAGE = 100;
const MAX_YEARS = 5;
const MAX_CAMPAIGNS = 200;

/** Sends of one email to a contact, with the contact's response. */
interface Contacted {
  readonly activity: CampaignActivityRow;
  readonly sentAt: number;
  readonly response: Response;
  readonly optedOutAt: number | null;
}

interface Entry {
  readonly key: string;
  readonly type: string;
  readonly at: number;
  readonly campaign_activity_id: string;
  readonly name: string | null;
}

export const contactReport = {
  getContactTracking: (call) => {
    const { account, now, page, query } = call;
    const contact = find(account, call.path.contact_id);
    const types = new Set([...csv(query.tracking_activities_list), ...(query.tracking_activity_type ?? [])]);
    if (types.size === 0) throw invalid('tracking_activities_list or tracking_activity_type is required.');
    const entries = [...emailEntries(account, contact, now), ...pageEntries(account, contact)].filter(
      ({ type, at }) => types.has(type) && at <= now,
    );
    const { rows, links } = page.take(
      entries.sort((a, b) => b.at - a.at),
      { limit: query.limit ?? PAGE, key: ({ key }) => key },
    );
    const tracking_activities = rows.map(({ campaign_activity_id, at, type, name }) =>
      compact<Schema<'ContactTrackingActivity'>>({
        contact_id: contact.contact_id,
        campaign_activity_id,
        created_time: secondsNoColon(at),
        tracking_activity_type: type,
        campaign_activity_name: query.include_campaign_activity_names === false ? null : name,
      }),
    );
    return { status: 200, body: { tracking_activities, ...links } };
  },

  getContactOpenClickRate: (call) => {
    const { account, now, query } = call;
    const contact = find(account, call.path.contact_id);
    const { start, end } = periodOf(query);
    const latest = new Date(start);
    latest.setUTCFullYear(latest.getUTCFullYear() + MAX_YEARS);
    if (end > latest.getTime()) throw invalid('The period must be at most 5 years.');
    const sent = emailsTo(account, contact, now).filter(({ sentAt }) => sentAt >= start && sentAt <= end);
    const opened = sent.filter(({ response }) => isPast(response.opens[0]?.at, now));
    const clicked = sent.filter(({ response }) => isPast(response.clicks[0]?.at, now));
    const count = Math.max(sent.length, 1);
    return {
      status: 200,
      body: {
        contact_id: contact.contact_id,
        included_activities_count: sent.length,
        average_open_rate: opened.length / count,
        average_click_rate: clicked.length / count,
      },
    };
  },

  getContactTrackingCount: (call) => {
    const { account, now, query } = call;
    const contact = find(account, call.path.contact_id);
    const { start, end } = periodOf(query);
    const campaign_activities = emailsTo(account, contact, now)
      .filter(({ sentAt }) => sentAt >= start && sentAt <= end)
      .slice(0, MAX_CAMPAIGNS)
      .map(({ activity, sentAt, response, optedOutAt }) => ({
        campaign_activity_id: activity.campaign_activity_id,
        start_on: secondsNoColon(sentAt),
        em_sends: 1,
        em_opens: response.opens.filter(({ at }) => at <= now).length,
        em_clicks: response.clicks.filter(({ at }) => at <= now).length,
        em_forwards: Number(isPast(response.forward?.at, now)),
        em_bounces: Number(isPast(response.bounce?.at, now)),
        em_unsubscribes: Number(isPast(optedOutAt, now)),
      }));
    return { status: 200, body: { contact_id: contact.contact_id, campaign_activities } };
  },
} satisfies Handlers;

const isPast = (at: number | null | undefined, now: number): boolean => at != null && at <= now;

/** Deleted contacts keep their history. */
function find(account: Account, id: string): ContactRow {
  const row = account.contacts.get(id);
  if (!row) throw notFound('contact_id does not exist.');
  return row;
}

/** Emails that were sent to a contact, most recent first. */
function emailsTo(account: Account, { contact_id }: ContactRow, now: number): Contacted[] {
  const left = optOuts(account, now);
  const found: Contacted[] = [];
  for (const activity of account.campaignActivities) {
    const sentAt = isReported(activity) ? sentTo(activity, contact_id) : null;
    if (sentAt === null) continue;
    const optedOutAt = left.get(activity)?.find((one) => one.contact_id === contact_id)?.at ?? null;
    found.push({ activity, sentAt, response: responseOf(activity, contact_id, sentAt), optedOutAt });
  }
  return found.sort((a, b) => b.sentAt - a.sentAt);
}

function emailEntries(account: Account, contact: ContactRow, now: number): Entry[] {
  return emailsTo(account, contact, now).flatMap(({ activity, response, optedOutAt }) => {
    const { campaign_activity_id, campaign_id } = activity;
    const name = account.campaigns.get(campaign_id)?.name ?? null;
    const entry = (type: string, at: number, nth = 0): Entry => ({
      key: [campaign_activity_id, type, nth].join(':'),
      type,
      at,
      campaign_activity_id,
      name,
    });
    const { send, bounce, forward, opens, clicks } = response;
    return [
      entry('em_sends', send.at),
      ...opens.map(({ at }, nth) => entry('em_opens', at, nth)),
      ...clicks.map(({ at }, nth) => entry('em_clicks', at, nth)),
      ...(bounce ? [entry('em_bounces', bounce.at)] : []),
      ...(forward ? [entry('em_forwards', forward.at)] : []),
      ...(optedOutAt === null ? [] : [entry('em_optouts', optedOutAt)]),
    ];
  });
}

function pageEntries(account: Account, contact: ContactRow): Entry[] {
  return [...account.landingPages].flatMap((page) =>
    visitsOf(account, page, contact).map(({ key, kind, at }) => ({
      key: [page.campaign_activity_id, key].join(':'),
      type: kind,
      at,
      campaign_activity_id: page.campaign_activity_id,
      name: page.name,
    })),
  );
}

function periodOf(query: { start: string; end: string }): { start: number; end: number } {
  const start = parseDate(query.start);
  const end = parseDate(query.end);
  if (Number.isNaN(start) || Number.isNaN(end)) throw invalid('start and end must be dates.');
  if (end < start) throw invalid('end is before start.');
  return { start, end };
}
