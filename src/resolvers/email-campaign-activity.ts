import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.js';
import { asReadById, isReadById } from '../constant-contact/by-id.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { numericId } from '../constant-contact/http/json.js';
import { isWord, word } from '../constant-contact/words.js';
import { listIn } from '../constant-contact/lists.js';
import type { ContactList } from '../loaders/contact-list.js';
import type { EmailCampaign } from '../loaders/email-campaign.js';
import type { EmailCampaignActivity } from '../loaders/email-campaign-activity.js';
import type { Segment } from '../loaders/segment.js';
import { campaignRow } from './email-campaign.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId } from './support/global-id.js';
import { isCovered, selectionTree, type FieldTree } from './support/selection.js';

/** Fields for which an activity has to be read, unless one of these properties is already loaded. */
const BODY_FIELDS: Readonly<Record<string, readonly (keyof EmailCampaignActivity)[]>> = {
  campaignId: ['campaign_id'],
  campaign: ['campaign_id'],
  // A loaded campaign has the roles and documents of its activities. Those that it omits are not read one by one.
  role: ['role', 'campaign'],
  roleRaw: ['role', 'campaign'],
  documentId: ['campaign'],
  status: [],
  statusRaw: [],
  format: [],
  formatType: [],
  sender: [],
  recipients: [],
  subject: [],
  preheader: [],
  htmlContent: [],
  permalinkUrl: [],
  physicalAddressInFooter: [],
  documentProperties: [],
};
/** Fields that no reference to an activity includes. */
export const DETAIL_FIELDS: readonly string[] = Object.keys(BODY_FIELDS).filter(
  (field) => BODY_FIELDS[field]?.length === 0,
);
const ID_FIELDS: ReadonlySet<string> = new Set(['id', 'campaignActivityId']);
/** Fields that need only the ID of the campaign, which statistics include. */
export const CAMPAIGN_FIELDS: readonly string[] = Object.keys(BODY_FIELDS).filter(isOfCampaign);
/**
 * Fields that require a read of an activity of which only the ID is loaded, directly or through its campaign.
 */
export const LACKING_FIELDS: readonly string[] = Object.keys(BODY_FIELDS);

/**
 * An activity loaded at least with its ID. It is read only when a selected field is neither loaded nor has a
 * call of its own. Loaded properties remain when it cannot be read, because a campaign may name deleted
 * activities.
 */
export async function activityRow(
  known: EmailCampaignActivity,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Promise<EmailCampaignActivity> {
  const { campaign_activity_id } = known;
  const lacking = missingFieldsOf(known, selectionTree(info));
  if (!campaign_activity_id || lacking.length === 0) return known;
  if (lacking.every(isOfCampaign)) {
    const campaign_id = await loaders.campaignIds.load(campaign_activity_id);
    return { ...known, ...(campaign_id && { campaign_id }) };
  }
  const read = await loaders.emailCampaignActivities.load(campaign_activity_id);
  return { ...read, ...known, ...(read && dropNulls(read)) };
}

/** The activity of an ID in the query; null when a read shows that it does not exist. */
export async function emailCampaignActivity(
  _parent: unknown,
  args: { id: string },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<EmailCampaignActivity | null> {
  const campaign_activity_id = rawId('EmailCampaignActivity', args.id, ['id']);
  const tree = selectionTree(info);
  const onlyIds = [...tree.keys()].every((field) => ID_FIELDS.has(field));
  const lacking = missingFieldsOf({ campaign_activity_id }, tree);
  const own = [...tree.keys()].filter((field) => !ID_FIELDS.has(field) && !lacking.includes(field));
  // With own fields selected, it can be treated like a reference from another object.
  if (own.length > 0 && lacking.every(isOfCampaign))
    return activityRow({ campaign_activity_id }, context, info);
  return onlyIds || lacking.length > 0
    ? context.loaders.emailCampaignActivities.load(campaign_activity_id)
    : { campaign_activity_id };
}

/** The selected fields for which an activity has to be read. */
function missingFieldsOf(known: EmailCampaignActivity, tree: FieldTree): string[] {
  if (isReadById(known)) return [];
  return Object.entries(BODY_FIELDS).flatMap(([field, properties]) =>
    tree.has(field) && properties.every((property) => known[property] === undefined) ? [field] : [],
  );
}

function isOfCampaign(field: string): boolean {
  return BODY_FIELDS[field]?.includes('campaign_id') ?? false;
}

/** State of an activity, normalised, if it is loaded. A primary activity has the state of its campaign. */
export function knownStatus({ current_status, role, campaign }: EmailCampaignActivity): string {
  const status = current_status ?? (isWord(role, 'primary_email') ? campaign?.current_status : undefined);
  return word(status);
}

export function campaign(
  { campaign: parent, campaign_id }: EmailCampaignActivity,
  _args: unknown,
  context: Context,
  info: GraphQLResolveInfo,
): EmailCampaign | Promise<EmailCampaign | null> {
  return parent ?? campaignRow(campaign_id, context, info);
}

/**
 * The activities of a campaign. Each is read only when fields are selected that the campaign does not
 * include.
 */
export async function activities(
  parent: EmailCampaign,
  _args: unknown,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<EmailCampaignActivity[] | null> {
  const references = await referencesOf(parent, context);
  return references && Promise.all(references.map((reference) => activityRow(reference, context, info)));
}

/** The email itself, as opposed to its permalink and its resend. */
export function primaryActivity(
  parent: EmailCampaign,
  _args: unknown,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<EmailCampaignActivity | null> {
  return activityOfRole('primary_email', parent, context, info);
}

/** The activity with this role in its campaign; null when there is none. */
export async function activityOfRole(
  wanted: string,
  parent: EmailCampaign,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<EmailCampaignActivity | null> {
  const references = await referencesOf(parent, context);
  const found = references?.find(({ role }) => isWord(role, wanted));
  return found ? activityRow(found, context, info) : null;
}

/** IDs and roles of the activities of a campaign. */
async function referencesOf(
  parent: EmailCampaign,
  { loaders }: Context,
): Promise<EmailCampaignActivity[] | null> {
  const isKnown = isReadById(parent) || (listIn(parent.campaign_activities) ?? []).length > 0;
  const detail =
    isKnown || !parent.campaign_id ? parent : await loaders.emailCampaignDetails.load(parent.campaign_id);
  if (!detail) return null;
  // The API does not return activities of a removed campaign, so reading them one by one is pointless.
  const removed = isWord(detail.current_status, 'removed');
  return (listIn(detail.campaign_activities) ?? []).map((reference) => {
    const row = { ...reference, campaign_id: detail.campaign_id, campaign: detail };
    return removed ? asReadById({ ...row, current_status: 'REMOVED' }) : row;
  });
}

/** Recipients of an email: lists or a segment. */
export interface EmailRecipients {
  listIds: readonly string[];
  segmentIds: readonly string[];
}

export function recipientsOf(row: {
  contact_list_ids?: readonly string[];
  segment_ids?: readonly number[];
}): EmailRecipients | null {
  const listIds = listIn(row.contact_list_ids);
  const segmentIds = listIn(row.segment_ids);
  return listIds || segmentIds
    ? { listIds: listIds ?? [], segmentIds: (segmentIds ?? []).map(String) }
    : null;
}

export function recipientLists(
  { listIds }: EmailRecipients,
  _args: unknown,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): ContactList[] | Promise<ContactList[]> {
  if (isCovered(selectionTree(info), ['id', 'listId']))
    return listIds.map((list_id) => ({ list_id }) as ContactList);
  return loaders.contactLists.loadMany(listIds);
}

export function recipientSegments(
  { segmentIds }: EmailRecipients,
  _args: unknown,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Segment[] | Promise<Segment[]> {
  if (isCovered(selectionTree(info), ['id', 'segmentId']))
    return segmentIds.map((id) => ({ segment_id: numericId(id) }));
  return loaders.segments.loadMany(segmentIds);
}

export async function recipientSegment(
  ...[recipients, args, context, info]: Parameters<typeof recipientSegments>
): Promise<Segment | null> {
  const [segment = null] = await recipientSegments(recipients, args, context, info);
  return segment;
}

export interface EmailSender {
  name: string | null;
  email: string | null;
  replyTo: string | null;
}

export function sender(row: EmailCampaignActivity): EmailSender | null {
  const { from_name, from_email, reply_to_email } = row;
  if (from_name === undefined && from_email === undefined && reply_to_email === undefined) return null;
  return { name: from_name ?? null, email: from_email ?? null, replyTo: reply_to_email ?? null };
}

export type EmailFooterAddress = Schema<'EmailPhysicalAddress'>;
export type EmailDocumentProperties = NonNullable<EmailCampaignActivity['document_properties']>;

/** The API writes booleans of the document properties as strings. */
export function flag(key: keyof EmailDocumentProperties) {
  return (properties: EmailDocumentProperties): boolean | null => {
    const text = word(properties[key]);
    return text === 'true' ? true : text === 'false' ? false : null;
  };
}
