import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.js';
import { formatQueryDate } from '../constant-contact/dates.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import { countIn } from '../constant-contact/numbers.js';
import type { ResponseBody } from '../constant-contact/contract/operations.js';
import { listIn } from '../constant-contact/lists.js';
import { FILTER_MAX, type Contact, type ContactFilter, type ContactPart } from '../loaders/contact.js';
import type { SmsEngagement } from '../loaders/contact-report.js';
import type { MembersOf } from '../loaders/contact-members.js';
import type { ContactList } from '../loaders/contact-list.js';
import type { Tag } from '../loaders/tag.js';
import type { ContactsFilter } from './inputs.js';
import { CONTACT_REPORTS } from './support/contact-row.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId, rawIds } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { trimmedText, v2Ids } from './support/limits.js';
import { textKey } from './support/reference.js';
import { DEFAULT_FIRST, paginate, type Connection, type ConnectionArgs } from './support/page.js';
import { isCovered, needsOnlyId, selectionTree, selects } from './support/selection.js';

/** Maximum length of a contact's email address (contract: EmailAddress.address). */
export const EMAIL_MAX = 80;
/** Maximum number of V2 IDs in one cross-reference call (contract: xrefs). */
export const XREFS_MAX = 500;

export interface Birthday {
  month: number;
  day: number;
}

export function contact(
  _parent: unknown,
  args: { id: string },
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Contact | Promise<Contact | null> {
  const contact_id = rawId('Contact', args.id, ['id']);
  return needsOnlyId(info, ['id', 'contactId'], CONTACT_REPORTS)
    ? { contact_id }
    : loaders.contacts.load(contact_id);
}

export function contactByEmail(
  _parent: unknown,
  args: { email: string },
  { loaders }: Context,
): Promise<Contact | null> {
  return loaders.contacts.loadByAlternateKey(trimmedText(args.email, EMAIL_MAX, ['email']));
}

/** An email address, with its contact when the operation selects `contact` below it. */
export type AddressOfContact = NonNullable<Contact['email_address']> & { contact?: Contact };

export function emailAddress(
  contact: Contact,
  _args: unknown,
  { wants }: Pick<Context, 'wants'>,
): AddressOfContact | null {
  const { email_address: address = null } = contact;
  // Rows are shared, so the contact is set on a copy, which is too expensive to make for
  // every row.
  return address && wants('ContactEmailAddress', 'contact') ? { ...address, contact } : address;
}

/**
 * Finds the address that another subgraph refers to, with its contact; null when no contact has it.
 * @throws InputError for a malformed address
 */
export async function addressByReference(
  key: { address: string },
  context: Context,
): Promise<AddressOfContact | null> {
  const email = textKey(key.address, ['address']);
  const contact = email === null ? null : await contactByEmail(null, { email }, context);
  return contact && emailAddress(contact, null, context);
}

export function contacts(
  _parent: unknown,
  args: ConnectionArgs & { filter?: ContactsFilter | null },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Connection<Contact>> {
  return contactPage(args, contactFilter(args.filter ?? {}, ['filter']), context, info);
}

interface MembersArgs extends ConnectionArgs {
  filter?: Omit<ContactsFilter, 'segmentId'> | null;
  /** Deprecated. */
  status?: readonly string[] | null;
}

export async function contactsOfList(
  { list_id, membership_count, name }: ContactList,
  args: MembersArgs,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Connection<Contact> | null> {
  if (!list_id) return null;
  const { contactLists } = context.loaders;
  // A count of active members says nothing about the other members.
  const size = contactLists.wanted() === 'all' ? membership_count : undefined;
  const page = await memberPage(args, { by: 'lists', id: list_id, size }, context, info);
  return mayLackParent(page, name) && !(await contactLists.named.load(list_id)) ? null : page;
}

export async function contactsOfTag(
  { tag_id: id, contacts_count: size, name }: Tag,
  args: MembersArgs,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Connection<Contact> | null> {
  if (!id) return null;
  const page = await memberPage(args, { by: 'tags', id, size }, context, info);
  return mayLackParent(page, name) && !(await context.loaders.tags.named.load(id)) ? null : page;
}

/** Returns true if a page may be empty because its parent, which was not read, does not exist. */
export function mayLackParent({ nodes }: Connection<unknown>, name: string | undefined): boolean {
  return nodes.length === 0 && name === undefined;
}

function memberPage(
  args: MembersArgs,
  { by, id, size }: Pick<MembersOf, 'by' | 'id' | 'size'>,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Promise<Connection<Contact>> {
  const { status } = args;
  if (status != null && args.filter?.status != null)
    throw new InputError('INVALID', 'status and filter.status are the same condition. Give one of them.', [
      'status',
    ]);
  const conditions =
    status == null
      ? contactFilter(args.filter ?? {}, ['filter'])
      : contactFilter({ ...args.filter, status }, []);
  const ids = by === 'lists' ? { listIds: [id] } : { tagIds: [id] };
  const filter = { ...conditions, ...contactFilter(ids, []) };
  const members = loaders.contactMembers.list(
    {
      by,
      id: filter[by] ?? '',
      filter: conditions,
      first: args.first ?? DEFAULT_FIRST,
      size: countIn(size),
    },
    { count: selects(info, 'totalCount') },
  );
  return paginate(args, members, countBehind(args, filter, loaders));
}

/** A page of contacts. Counted only when `totalCount` is selected and the API can count. */
export function contactPage(
  args: ConnectionArgs,
  filter: ContactFilter,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Promise<Connection<Contact>> {
  const countable = filter.segment_id === undefined;
  const source = loaders.contacts.list(filter, { count: countable && selects(info, 'totalCount') });
  return paginate(args, source, countable ? countBehind(args, filter, loaders) : {});
}

/** Counts for a page behind a cursor. The first page is read with its count; where the answer leaves that out, it is null. */
function countBehind({ after }: ConnectionArgs, filter: object, { contactCounts }: Context['loaders']) {
  return after == null ? {} : { count: () => contactCounts.load(JSON.stringify(filter)) };
}

/**
 * Converts the schema's filter to the API's.
 * @throws InputErrors for too many or malformed IDs, and for a segment combined with another condition
 */
export function contactFilter(filter: ContactsFilter, field: readonly string[]): ContactFilter {
  const { segmentId, ...others } = dropNulls(filter);
  if (segmentId !== undefined) {
    if (Object.keys(others).length > 0) {
      throw new InputError(
        'INVALID',
        'The API cannot combine a segment with another condition. Ask for the segment alone, or put the condition into the segment.',
        [...field, 'segmentId'],
      );
    }
    return { segment_id: rawId('Segment', segmentId, [...field, 'segmentId']) };
  }
  const { email, listIds: lists, tagIds: tags } = others;
  return dropNulls({
    status: csv(others.status, [...field, 'status']),
    email: email === undefined ? undefined : trimmedText(email, EMAIL_MAX, [...field, 'email']),
    lists: lists && rawIds('ContactList', lists, [...field, 'listIds'], { max: FILTER_MAX.lists }).join(','),
    tags: tags && rawIds('Tag', tags, [...field, 'tagIds'], { max: FILTER_MAX.tags }).join(','),
    updated_after: time(others.updatedAfter),
    updated_before: time(others.updatedBefore),
    created_after: time(others.createdAfter),
    created_before: time(others.createdBefore),
    optout_after: time(others.optedOutAfter),
    optout_before: time(others.optedOutBefore),
    sms_status: csv(others.smsStatus, [...field, 'smsStatus']),
  });
}

export function birthday({ birthday_month: month, birthday_day: day }: Contact): Birthday | null {
  if (!month || !day) return null;
  const [ofYear = 1, ofMonth = 1] = [countIn(month), countIn(day)];
  // A contact without a birthday may have zeros.
  if (ofYear === 0 || ofMonth === 0) return null;
  if (ofYear > 12 || ofMonth > 31) {
    throw new ConstantContactError('invalidResponse', 'Constant Contact returned an invalid birthday.');
  }
  // The scalar rejects values that are not numbers.
  return { month, day };
}

export function lists(
  parent: Contact,
  _args: unknown,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): ContactList[] | null | Promise<ContactList[] | null> {
  const idsOnly = isCovered(selectionTree(info), ['id', 'listId']);
  return whenRead(listIds(parent, null, { loaders }), (given) => {
    const ids = listIn(given);
    if (!ids) return null;
    return idsOnly ? ids.map((list_id) => ({ list_id }) as ContactList) : loaders.contactLists.loadMany(ids);
  });
}

export function tags(
  parent: Contact,
  _args: unknown,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Tag[] | null | Promise<Tag[] | null> {
  const idsOnly = isCovered(selectionTree(info), ['id', 'tagId']);
  return whenRead(tagIds(parent, null, { loaders }), (given) => {
    const ids = listIn(given);
    if (!ids) return null;
    return idsOnly ? ids.map((tag_id) => ({ tag_id })) : loaders.tags.loadMany(ids);
  });
}

/** Stays synchronous when nothing has to be read: a promise per row would dominate the cost of the field. */
function whenRead<Value, Result>(
  value: Value | Promise<Value>,
  next: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}

const ofContact =
  <Key extends ContactPart>(key: Key) =>
  (
    parent: Contact,
    _args: unknown,
    { loaders }: Pick<Context, 'loaders'>,
  ): Contact[Key] | Promise<Contact[Key] | null> =>
    subResource(parent, key, (id) => loaders.contacts.load(id));

const listIds = ofContact('list_memberships');
const tagIds = ofContact('taggings');
export const customFields = ofContact('custom_fields');
export const phoneNumbers = ofContact('phone_numbers');
export const streetAddresses = ofContact('street_addresses');
export const notes = ofContact('notes');

/**
 * A sub-resource of the loaded row; read again only when the row does not include it (members of a segment,
 * responses of writes, rows of reports). The API leaves out an empty sub-resource, which is an empty list
 * here.
 */
function subResource<Key extends ContactPart>(
  parent: Contact,
  key: Key,
  load: (id: string) => Promise<Contact | null>,
): Contact[Key] | Promise<Contact[Key] | null> {
  if (parent[key] !== undefined) return parent[key];
  if (!parent.contact_id) return undefined;
  return load(parent.contact_id).then((whole) => (whole ? (whole[key] ?? ([] as Contact[Key])) : null));
}

export function smsEngagementHistory(
  { contact_id }: Contact,
  _args: unknown,
  { loaders }: Context,
): Promise<readonly SmsEngagement[] | null> {
  return loaders.contactSmsHistory.load(contact_id ?? '');
}

export type ContactConsentCounts = ResponseBody<'countContact'>;

export function contactConsentCounts(
  _parent: unknown,
  _args: unknown,
  { api, wants }: Context,
): Promise<ContactConsentCounts> {
  return api.call('countContact', {
    query: wants('ContactConsentCounts', 'newSubscribers') ? { include: 'new_subscriber' } : {},
  });
}

export interface ContactXref {
  v2Id: string;
  contactId: string;
}

export async function contactXrefs(
  _parent: unknown,
  args: { v2Ids: readonly string[] },
  { api }: Context,
): Promise<ContactXref[]> {
  const ids = v2Ids(args.v2Ids, XREFS_MAX, ['v2Ids']);
  const { xrefs } = await api.call('getContactIdXrefs', { query: { sequence_ids: ids.join(',') } });
  return (xrefs ?? []).flatMap(({ sequence_id: v2Id, contact_id: contactId }) =>
    v2Id && contactId ? [{ v2Id, contactId }] : [],
  );
}

/** @throws InputError `REQUIRED` for an empty list, which the API would treat as no condition */
function csv(values: readonly string[] | undefined, field: readonly string[]): string | undefined {
  if (values?.length === 0)
    throw new InputError(
      'REQUIRED',
      `\`${String(field.at(-1))}\` is empty. Give at least one, or leave it out.`,
      field,
    );
  return values && [...new Set(values)].join(',');
}

function time(date: Date | undefined): string | undefined {
  return date && formatQueryDate(date);
}
