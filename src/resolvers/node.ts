import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.js';
import { registrationKey } from '../loaders/event-registration.js';
import { accountById } from './account.js';
import { automation } from './automation.js';
import { contact } from './contact.js';
import { contactList } from './contact-list.js';
import { emailCampaign } from './email-campaign.js';
import { emailCampaignActivity } from './email-campaign-activity.js';
import { event } from './event.js';
import { nonOpenerResend } from './non-opener-resend.js';
import { segment } from './segment.js';
import { decodeGlobalId, type NodeType } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { maxItems } from './support/limits.js';
import { countByIds } from './support/objects-by-ids.js';
import { infoFor } from './support/selection.js';
import { tag } from './tag.js';

type Load = (
  parts: readonly string[],
  context: Context,
  info: GraphQLResolveInfo,
) => object | null | Promise<object | null>;

/** Reads each type by the parts of its ID. */
const READ_BY_TYPE: Record<NodeType, Load> = {
  AbTest: ([id = ''], { loaders }) => loaders.abTests.load(id),
  Account: ([id = ''], context) => accountById(id, context),
  AccountEmail: ([id = ''], { loaders }) => loaders.accountEmails.load(id),
  Automation: ([id = ''], context, info) => automation(null, { id }, context, info),
  BulkActivity: ([id = ''], { loaders }) => loaders.bulkActivities.load(id),
  Contact: ([id = ''], context, info) => contact(null, { id }, context, info),
  ContactList: ([id = ''], context, info) => contactList(null, { id }, context, info),
  CustomField: ([id = ''], { loaders }) => loaders.customFields.named.load(id),
  EmailCampaign: ([id = ''], context, info) => emailCampaign(null, { id }, context, info),
  EmailCampaignActivity: ([id = ''], context, info) => emailCampaignActivity(null, { id }, context, info),
  Event: ([id = ''], context, info) => event(null, { id }, context, info),
  EventRegistration: ([eventId = '', trackId = '', registrationId = ''], { loaders }) =>
    loaders.registrationDetails.load(registrationKey({ eventId, trackId, registrationId })),
  NonOpenerResend: (parts, context) => nonOpenerResend(parts, context),
  PartnerAccount: ([id = ''], { loaders }) => loaders.partnerAccounts.named.load(id),
  PartnerWebhookSubscription: ([id = ''], { loaders }) => loaders.partnerWebhooks.named.load(id),
  Segment: ([id = ''], context, info) => segment(null, { id }, context, info),
  SocialProfile: ([id = ''], { loaders }) => loaders.socialProfiles.load(id),
  Tag: ([id = ''], context, info) => tag(null, { id }, context, info),
};

/** REST objects have no type name and are shared, so their type is kept in a side table. */
const types = new WeakMap<object, NodeType>();

/** Type of an object that `node` or `nodes` returned. */
export function nodeTypeOf(value: object): NodeType | undefined {
  return types.get(value);
}

/** @throws InputError `INVALID_ID` for a malformed global ID */
export async function node(
  _parent: unknown,
  { id }: { id: string },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<object | null> {
  const decoded = decodeGlobalId(id);
  const load = decoded && READ_BY_TYPE[decoded.type];
  if (!load) {
    throw new InputError(
      'INVALID_ID',
      'This is not a global ID of this API. Use the `id` of an object exactly as it was returned.',
      ['id'],
    );
  }
  const value = await load(decoded.parts, context, infoFor(decoded.type, info));
  if (value) types.set(value, decoded.type);
  return value;
}

/**
 * One promise per ID, so that a malformed ID fails only its own entry and the others load in the same tick.
 */
export function nodes(
  parent: unknown,
  { ids }: { ids: readonly string[] },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<object | null>[] {
  maxItems(ids, MAX_NODES, ['ids']);
  countByIds(context, ids, ['ids']);
  return ids.map((id) => node(parent, { id }, context, info));
}

/**
 * Maximum number of IDs of `nodes`: that of the largest bulk source of the API (vendor guide: 500 contacts).
 */
export const MAX_NODES = 500;
