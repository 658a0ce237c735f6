import type { GraphQLResolveInfo } from 'graphql';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { Context } from '../context.js';
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

/** States of a campaign that was never sent: it has no statistics, and asking for them would spoil a whole batch. */
const NEVER_SENT: ReadonlySet<string> = new Set(['draft']);

/** A link of an activity, together with the activity: clicks are read through both. */
export type LinkOfActivity = EmailLink & {
  activityId: string;
  /** How many clicks there were on all links of the activity, at least. */
  leastClicks?: number;
};

/** The figures that summaries have as well, 500 campaigns a call. */
export const SUMMED_UP = [
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
    isCovered(selectionTree(info), SUMMED_UP)
      ? loaders.uniqueCounts.stats(campaign_id)
      : loaders.uniqueCounts.allStats(campaign_id),
  );
}

/**
 * What was never sent or does not exist has no statistics, which the API reports as an error. Of what is known to be sent, the error
 * stands, as does any error for another reason.
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
  // Ids of deleted activities come back as errors (vendor guide).
  const status = knownStatus(activity);
  return id === null || status === 'removed' ? null : nullUnlessSent(status, loaders.activityStats.load(id));
}

/** Id of an activity that may have been sent; null for the web page of an email, and for a draft. */
function sentId(activity: EmailCampaignActivity): string | null {
  const { campaign_activity_id, campaign, role } = activity;
  const isSent =
    !isWord(role, 'permalink') &&
    !NEVER_SENT.has(knownStatus(activity)) &&
    // What was never sent has not been sent again either.
    !NEVER_SENT.has(word(campaign?.current_status));
  return isSent ? (campaign_activity_id ?? null) : null;
}

/** The API writes some keys with dots in its guide and with underscores in its contract; both are read. */
export function stat(stats: object | null | undefined, key: string): number | null {
  const values = stats as Readonly<Record<string, number | undefined>> | null | undefined;
  const dotted = key.replace(
    /^(em_(?:opens|clicks))_all(?:_(\w+))?$/,
    (_all, base: string, device?: string) => (device ? `${base}.all.${device}` : `${base}.all`),
  );
  return values?.[key] ?? values?.[dotted] ?? null;
}

export async function links(
  activity: EmailCampaignActivity,
  args: { includeUnclicked?: boolean | null },
  { loaders }: Context,
): Promise<LinkOfActivity[] | null> {
  const activityId = sentId(activity);
  if (activityId === null) return null;
  const rows = await loaders.emailLinks.load(activityId);
  const wanted = args.includeUnclicked ? rows : rows?.filter(({ unique_clicks }) => unique_clicks !== 0);
  const leastClicks = rows?.reduce((sum, { unique_clicks = 0 }) => sum + unique_clicks, 0);
  return (
    wanted?.map((link) => ({ ...link, activityId, ...(leastClicks !== undefined && { leastClicks }) })) ??
    null
  );
}

/** The list that a click on the link puts a contact on. */
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

/** The link that was clicked: the row itself has its address and id; anything else comes from one call for all rows. */
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
  return { ...known, ...rows?.find((link) => String(link.url_id) === String(url_id)) };
}

export interface TrackingArgs extends ConnectionArgs {
  urlId?: string | null;
  bounceCodes?: readonly string[] | null;
}

/** Rows of one tracking report of an activity; null when the API knows none of it. */
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
    const filter: TrackingFilter = dropNulls({
      url_id: urlId,
      bounce_code: bounceCodes?.length ? [...new Set(bounceCodes)] : undefined,
    });
    const page = await nullIfNotFound(paginate(args, loaders.trackingReports.list(report, id, filter)));
    // Who got an email was on one of the lists that it went to.
    const people = [...(page?.nodes ?? [])].flatMap(({ contact_id }) => contact_id ?? []);
    noteMailing(loaders.contacts, people, { id, lists: activity.contact_list_ids });
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
