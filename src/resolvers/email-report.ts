import type { GraphQLResolveInfo } from 'graphql';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { Context } from '../context.js';
import { countIn } from '../constant-contact/numbers.js';
import { isWord, word } from '../constant-contact/words.js';
import type { ContactList } from '../loaders/contact-list.js';
import { noteMailing } from '../loaders/contact.js';
import type { EmailCampaign } from '../loaders/email-campaign.js';
import type { EmailCampaignActivity } from '../loaders/email-campaign-activity.js';
import type { ActivityStats, CampaignStats, EmailLink } from '../loaders/email-report.js';
import type { TrackingFilter, TrackingReport, TrackingRow } from '../loaders/email-tracking.js';
import { knownStatus } from './email-campaign-activity.js';
import { dropNulls } from './support/drop-nulls.js';
import { InputError } from './support/input-error.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';
import { isCovered, selectionTree } from './support/selection.js';

/**
 * States of a campaign that was never sent. It has no statistics, and its ID would make a whole batch fail.
 */
const NEVER_SENT: ReadonlySet<string> = new Set(['draft']);

/** A link with its activity: clicks are read by both IDs. */
export type LinkOfActivity = EmailLink & {
  activityId: string;
  /** Lower bound of the number of clicks on all links of the activity. */
  leastClicks?: number;
};

/** Figures that summaries include too, at one call per 500 campaigns. */
export const SUMMARY_COUNTS = [
  'sends',
  'uniqueOpens',
  'uniqueClicks',
  'forwards',
  'optouts',
  'bounces',
  'notOpened',
];

export function campaignStats(
  { campaign_id, current_status }: EmailCampaign,
  _args: unknown,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Promise<CampaignStats | null> | null {
  if (!campaign_id || NEVER_SENT.has(word(current_status))) return null;
  return nullUnlessSent(
    current_status,
    isCovered(selectionTree(info), SUMMARY_COUNTS)
      ? loaders.uniqueCounts.stats(campaign_id)
      : loaders.uniqueCounts.allStats(campaign_id),
  );
}

/**
 * Null for campaigns that were never sent or do not exist: the API reports these as errors. For a sent
 * campaign the error is passed on, as is any other error.
 */
export function nullUnlessSent<T>(
  status: string | null | undefined,
  stats: Promise<T | null>,
): Promise<T | null> {
  return isWord(status, 'done') ? stats : nullIfNotFound(stats);
}

export function activityStats(
  activity: EmailCampaignActivity,
  _args: unknown,
  { loaders }: Context,
): Promise<ActivityStats | null> | null {
  const id = sentId(activity);
  // The API returns errors for IDs of deleted activities (vendor guide).
  const status = knownStatus(activity);
  if (id === null || status === 'removed') return null;
  // Without its role it may be the web page of an email, which has no statistics.
  return nullUnlessSent(activity.role && status, loaders.activityStats.load(id));
}

/** ID of an activity that may have been sent; null for a permalink or a draft. */
function sentId(activity: EmailCampaignActivity): string | null {
  const { campaign_activity_id, campaign, role } = activity;
  const isSent =
    !isWord(role, 'permalink') &&
    !NEVER_SENT.has(knownStatus(activity)) &&
    // An email that was never sent has no sent resend.
    !NEVER_SENT.has(word(campaign?.current_status));
  return isSent ? (campaign_activity_id ?? null) : null;
}

/** The API writes some keys with dots in its guide and with underscores in its contract. Both are read. */
export function stat(stats: object | null | undefined, key: string): number | null {
  const values = stats as Readonly<Record<string, number | undefined>> | null | undefined;
  const found = values?.[key];
  if (found != null || !values) return found ?? null;
  const dotted = Object.keys(values).find((name) => name.includes('.') && name.replaceAll('.', '_') === key);
  return (dotted === undefined ? undefined : values[dotted]) ?? null;
}

export async function links(
  activity: EmailCampaignActivity,
  args: { includeUnclicked?: boolean | null },
  { loaders }: Context,
): Promise<LinkOfActivity[] | null> {
  const activityId = sentId(activity);
  if (activityId === null) return null;
  const rows = await loaders.emailLinks.load(activityId);
  const wanted = args.includeUnclicked
    ? rows
    : rows?.filter(({ unique_clicks }) => countIn(unique_clicks) !== 0);
  const leastClicks = rows?.reduce((sum, { unique_clicks }) => sum + (countIn(unique_clicks) ?? 0), 0);
  return (
    wanted?.map((link) => ({ ...link, activityId, ...(leastClicks !== undefined && { leastClicks }) })) ??
    null
  );
}

/** The list to which a click on the link adds a contact. */
export function listOfLink(
  { list_id }: EmailLink,
  _args: unknown,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): ContactList | Promise<ContactList | null> | null {
  if (!list_id) return null;
  return isCovered(selectionTree(info), ['id', 'listId'])
    ? ({ list_id } as ContactList)
    : loaders.contactLists.load(list_id);
}

export function clicksOfLink(
  { activityId, url_id, leastClicks }: LinkOfActivity,
  args: ConnectionArgs,
  { loaders }: Context,
): Promise<Connection<TrackingRow> | null> | null {
  if (!url_id) return null;
  return nullIfNotFound(
    paginate(args, loaders.trackingReports.list('clicks', activityId, { url_id }, leastClicks)),
  );
}

/** The clicked link. The row has its URL and ID; other fields take one call for all rows. */
export async function linkOfRow(
  { campaign_activity_id: activityId, url_id, link_url }: TrackingRow,
  _args: unknown,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Promise<LinkOfActivity | null> {
  if (!url_id) return null;
  const known = { activityId, url_id, link_url };
  if (isCovered(selectionTree(info), ['urlId', 'url', 'clicks'])) return known;
  const rows = await loaders.emailLinks.load(activityId);
  const link = rows?.find((one) => String(one.url_id) === String(url_id));
  return { ...known, ...(link && dropNulls(link)) };
}

export interface TrackingArgs extends ConnectionArgs {
  urlId?: string | null;
  bounceCodes?: readonly string[] | null;
}

/** Rows of one tracking report of an activity; null for an unknown activity. */
export function tracking(report: TrackingReport) {
  return async (
    activity: EmailCampaignActivity,
    args: TrackingArgs,
    { loaders }: Context,
  ): Promise<Connection<TrackingRow> | null> => {
    const id = sentId(activity);
    if (id === null) return null;
    const { urlId, bounceCodes } = args;
    if (urlId != null && !(/^\d{1,19}$/.test(urlId) && BigInt(urlId) < 2n ** 63n)) {
      throw new InputError('INVALID_ID', 'This must be the urlId of a link, which is a number.', ['urlId']);
    }
    if (bounceCodes?.length === 0)
      throw new InputError('REQUIRED', 'Give at least one code, or leave bounceCodes out for all.', [
        'bounceCodes',
      ]);
    const filter: TrackingFilter = dropNulls({
      url_id: urlId,
      bounce_code: bounceCodes && [...new Set(bounceCodes)],
    });
    const page = await nullIfNotFound(paginate(args, loaders.trackingReports.list(report, id, filter)));
    // Rows of another type are reported where they are shown.
    const rows = [...(page?.nodes ?? [])].filter((row) => Object(row) === row);
    // A row that leaves its activity out belongs to the one whose report this is.
    for (const row of rows) row.campaign_activity_id ??= id;
    // Recipients were members of one of the lists of the email.
    const contactIds = rows.flatMap(({ contact_id }) => contact_id ?? []);
    noteMailing(loaders.contacts, contactIds, { id, lists: activity.contact_list_ids });
    return page;
  };
}

export interface PageTotals {
  rows: number;
  contacts: number;
}

export function pageTotals({ nodes }: Connection<TrackingRow>): PageTotals {
  return { rows: nodes.length, contacts: new Set(Array.from(nodes, ({ contact_id }) => contact_id)).size };
}
