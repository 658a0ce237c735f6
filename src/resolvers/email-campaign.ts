import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.js';
import { formatQueryDate } from '../constant-contact/dates.js';
import {
  watchEmailCampaign,
  type EmailCampaign,
  type EmailCampaignFilter,
} from '../loaders/email-campaign.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId } from './support/global-id.js';
import { live, type LiveEvent } from './support/live.js';
import { maxItems, v2Ids } from './support/limits.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';
import { selectionTree } from './support/selection.js';

/** Maximum number of V2 IDs in one cross-reference call (contract: `v2_email_campaign_ids`). */
export const CAMPAIGN_XREFS_MAX = 50;
/** Most campaigns that a query names by their ids: a page of them. */
export const CAMPAIGNS_BY_IDS_MAX = 500;

/**
 * Fields of `EmailCampaign` that require a read of the campaign; others have a call of their own or need only
 * the ID.
 */
export const BODY_FIELDS = [
  'name',
  'status',
  'statusRaw',
  'type',
  'typeRaw',
  'typeCode',
  'createdAt',
  'updatedAt',
];
/** Fields that require a read by ID, because the collection leaves them out. */
export const ACTIVITY_FIELDS = ['activities', 'primaryActivity'];
const ID_FIELDS: ReadonlySet<string> = new Set(['id', 'campaignId']);

/**
 * The campaign of an ID in another object. It is read only when fields are selected that need more than the
 * ID and have no call of their own, such as reports. Null when a read shows that it does not exist.
 */
export async function campaignRow(
  campaign_id: string | null | undefined,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Promise<EmailCampaign | null> {
  if (!campaign_id) return null;
  const tree = selectionTree(info);
  if (ACTIVITY_FIELDS.some((field) => tree.has(field))) return loaders.emailCampaignDetails.load(campaign_id);
  return BODY_FIELDS.some((field) => tree.has(field))
    ? loaders.emailCampaigns.load(campaign_id)
    : { campaign_id };
}

/**
 * The same for an ID in the query: when only IDs are selected, the campaign is read to check that it exists.
 */
export async function emailCampaign(
  _parent: unknown,
  args: { id: string },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<EmailCampaign | null> {
  const campaign_id = rawId('EmailCampaign', args.id, ['id']);
  return selectsOnlyIds(info)
    ? emailCampaignById(campaign_id, context)
    : campaignRow(campaign_id, context, info);
}

/** One promise an id, so that a malformed id fails in its own place and its neighbours load together. */
export function emailCampaignsByIds(
  _parent: unknown,
  { ids }: { ids: readonly string[] },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<EmailCampaign | null>[] {
  maxItems(ids, CAMPAIGNS_BY_IDS_MAX, ['ids']);
  const onlyIds = selectsOnlyIds(info);
  return ids.map(async (id, at) => {
    const campaign_id = rawId('EmailCampaign', id, ['ids', String(at)]);
    return onlyIds
      ? context.loaders.emailCampaigns.load(campaign_id)
      : campaignRow(campaign_id, context, info);
  });
}

function selectsOnlyIds(info: GraphQLResolveInfo): boolean {
  return [...selectionTree(info).keys()].every((field) => ID_FIELDS.has(field));
}

/** A campaign that has to be read; with its activities when the operation selects them anywhere. */
export function emailCampaignById(id: string, { loaders, wants }: Context): Promise<EmailCampaign | null> {
  const withActivities = wants('EmailCampaign', 'activities', 'primaryActivity');
  return (withActivities ? loaders.emailCampaignDetails : loaders.emailCampaigns).load(id);
}

/** Ends after the event in which the campaign is in a resting state or does not exist. */
export function emailCampaignStatus(
  _parent: unknown,
  args: { id: string },
  context: Context,
): AsyncIterableIterator<LiveEvent<EmailCampaign | null>> {
  return live(context, watchEmailCampaign(context.api, rawId('EmailCampaign', args.id, ['id'])));
}

export interface EmailCampaignsArgs extends ConnectionArgs {
  filter?: { updatedAfter?: Date | null; updatedBefore?: Date | null } | null;
}

export function emailCampaigns(
  _parent: unknown,
  args: EmailCampaignsArgs,
  { loaders }: Context,
): Promise<Connection<EmailCampaign>> {
  const { updatedAfter, updatedBefore } = args.filter ?? {};
  const filter: EmailCampaignFilter = dropNulls({
    after_date: updatedAfter && formatQueryDate(updatedAfter),
    before_date: updatedBefore && formatQueryDate(updatedBefore),
  });
  return paginate(args, loaders.emailCampaigns.list(filter));
}

export interface EmailCampaignXref {
  v2Id: string;
  campaignId: string;
  campaignActivityId: string | null;
}

export async function emailCampaignXrefs(
  _parent: unknown,
  args: { v2Ids: readonly string[] },
  { api }: Context,
): Promise<EmailCampaignXref[]> {
  const ids = v2Ids(args.v2Ids, CAMPAIGN_XREFS_MAX, ['v2Ids']);
  const { xrefs } = await api.call('retrieveXrefMappingsUsingGET', {
    query: { v2_email_campaign_ids: ids.join(',') },
  });
  return (xrefs ?? []).flatMap(
    ({ v2_email_campaign_id: v2Id, campaign_id: campaignId, campaign_activity_id: activityId }) =>
      v2Id && campaignId ? [{ v2Id, campaignId, campaignActivityId: activityId ?? null }] : [],
  );
}
