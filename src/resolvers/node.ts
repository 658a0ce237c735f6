import type { Context } from '../context.js';
import { decodeGlobalId, type NodeType } from './support/global-id.js';
import { InputError } from './support/input-error.js';

type Load = (parts: readonly string[], context: Context) => Promise<object | null>;

/** How each type is read by the parts of its id. */
const LOADS: Partial<Record<NodeType, Load>> = {
  AccountEmail: ([id = ''], { loaders }) => loaders.accountEmail.load(id),
  Automation: ([id = ''], { loaders }) => loaders.automation.load(id),
  BulkActivity: ([id = ''], { loaders }) => loaders.bulkActivity.load(id),
  Contact: ([id = ''], { loaders }) => loaders.contact.load(id),
  ContactList: ([id = ''], { loaders }) => loaders.contactList.named.load(id),
  CustomField: ([id = ''], { loaders }) => loaders.customField.named.load(id),
  EmailCampaign: ([id = ''], { loaders }) => loaders.emailCampaign.load(id),
  EmailCampaignActivity: ([id = ''], { loaders }) => loaders.emailCampaignActivity.load(id),
  Event: ([id = ''], { loaders }) => loaders.event.load(id),
  EventRegistration: ([eventId = '', trackId = '', registrationId = ''], { loaders }) =>
    loaders.eventRegistration.load({ eventId, trackId, registrationId }),
  PartnerAccount: ([id = ''], { loaders }) => loaders.partner.account(id),
  Segment: ([id = ''], { loaders }) => loaders.segment.named.load(id),
  SocialProfile: ([id = ''], { loaders }) => loaders.social.profile.load(id),
  Tag: ([id = ''], { loaders }) => loaders.tag.named.load(id),
};

/** Wire objects do not say what they are, and they are shared, so their type is noted beside them. */
const types = new WeakMap<object, NodeType>();

/** Type of an object that `node` or `nodes` gave. */
export function nodeTypeOf(value: object): NodeType | undefined {
  return types.get(value);
}

/** @throws InputError `INVALID_ID` when the text is no global id. */
export async function node(
  _parent: unknown,
  { id }: { id: string },
  context: Context,
): Promise<object | null> {
  const decoded = decodeGlobalId(id);
  const load = decoded && LOADS[decoded.type];
  if (!load) {
    throw new InputError(
      'INVALID_ID',
      'This is not a global id of this API. Use the id field of an object as it was given.',
      ['id'],
    );
  }
  const value = await load(decoded.parts, context);
  if (value) types.set(value, decoded.type);
  return value;
}

/** One promise an id, so that a malformed id fails in its own place and its neighbours load in the same tick. */
export function nodes(
  parent: unknown,
  { ids }: { ids: readonly string[] },
  context: Context,
): Promise<object | null>[] {
  if (ids.length > MOST_NODES) {
    throw new InputError(
      'TOO_MANY',
      `At most ${String(MOST_NODES)} ids in one request; this has ${String(ids.length)}.`,
      ['ids'],
    );
  }
  return ids.map((id) => node(parent, { id }, context));
}

/** Most ids that `nodes` takes: what the largest bulk source of the API takes (vendor guide: 500 contacts). */
export const MOST_NODES = 500;
