import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { emailCampaignActivities } from './email-campaign-activity.js';
import { explored, type Explored } from './makers/explored.js';
import type { InstanceOf, Scope } from './makers/loader.js';
import { parts } from './makers/parts.js';
import { single } from './makers/single.js';

export type Contact = Schema<'ContactResource'>;
export type ContactFilter = Omit<QueryParams<'getContacts'>, 'limit' | 'include' | 'include_count'>;

/**
 * Sub-resources, included only on request: GraphQL field → value of `include`, and property of the contact.
 */
export const CONTACT_PARTS = parts('Contact', {
  customFields: 'custom_fields',
  lists: 'list_memberships',
  phoneNumbers: 'phone_numbers',
  streetAddresses: 'street_addresses',
  tags: 'taggings',
  notes: 'notes',
});

export type ContactPart = (typeof CONTACT_PARTS.names)[number];

export interface ContactPageOptions {
  /** Includes the number of all matches in the first page. */
  count: boolean;
  /** A sub-resource to include although nothing selects it. */
  also?: ContactPart;
  /** False for a scan of a large collection: only the wanted rows are kept. */
  keep?: boolean;
  /** See `PageRequest`. */
  isContinuation?: boolean;
}

/** An email that contacts received, and its lists, if known. */
export interface Mailing {
  id: string;
  lists: readonly string[] | undefined;
}

export type Contacts = Explored<Contact, ContactFilter, ContactPageOptions, Mailing>;

/** Name of the contacts in a segment, for query costs. */
export const partOfSegment = (id: string) => `segment ${id}`;

/** Maximum number of lists and of tags per filter (vendor guide, GET /contacts). */
export const FILTER_MAX = { lists: 25, tags: 50 } as const;

/**
 * Contacts by ID or email address. Every read includes the sub-resources that the operation selects anywhere,
 * because they cost no extra call. Recipients of an email may be found among the members of its lists.
 */
export const contacts = explored<'getContacts', Contact, ContactFilter, ContactPageOptions, Mailing>({
  noun: 'contacts',
  reads: 'getContacts',
  rows: (body) => body.contacts,
  total: (body) => body.contacts_count,
  key: 'contact_id',
  one: ({ api, wants }, contact_id) =>
    api.call('getContact', { path: { contact_id }, query: includeQuery(partsOf(wants)) }),
  alternateKey: {
    // Addresses are unique within an account and compared ignoring case.
    of: ({ email_address }) => email_address?.address,
    one: async ({ api, wants }, email) => {
      const query = { email, status: 'all' as const, ...includeQuery(partsOf(wants)) };
      const { contacts } = await api.call('getContacts', { query });
      return contacts?.find((row) => hasAddress(row, email)) ?? null;
    },
  },
  family: 'contacts',
  // Contract: `limit`.
  pageSize: 500,
  most: 100_000,
  from: 4,
  counted: true,
  everything: { filter: { status: 'all' }, options: { count: true, keep: false } },
  hasAll: true,
  request: ({ wants }, filter, { count, also, keep, isContinuation } = { count: false }) => {
    // A segment cannot be combined with other parameters than `limit` (api: GET /contacts, segment_id).
    if (filter.segment_id !== undefined) {
      const part = { of: 'contacts', name: partOfSegment(filter.segment_id) };
      return { query: filter, part, ...(keep === false && { keep }) };
    }
    const included = partsOf(wants, also);
    return {
      query: filter,
      includeParams: { ...includeQuery(included), ...(count && { include_count: true }) },
      includedParts: included.join(','),
      ...(keep === false && { keep }),
      ...(isContinuation && { isContinuation }),
    };
  },
  // Pages after a cursor include what was selected when it was created, which may be less than now.
  isComplete: ({ wants }, rows, asked, { segment_id }) =>
    (asked && segment_id === undefined) ||
    partsOf(wants).every((part) => rows.some((row) => row[part] !== undefined)),
  smaller: {
    from: 6,
    calls: (mailings) => mailings.filter(({ lists }) => lists === undefined).length,
    filter: async (scope, mailings) => {
      const lists = await Promise.all(
        mailings.map(async (mailing) => mailing.lists ?? listsOfActivity(scope, mailing.id)),
      );
      const different = [...new Set(lists.flat())].sort();
      if (different.length === 0 || different.length > FILTER_MAX.lists) return null;
      return { lists: different.join(','), status: 'all' };
    },
  },
});

async function listsOfActivity(scope: Scope, id: string): Promise<readonly string[]> {
  return (await scope.use(emailCampaignActivities).load(id))?.contact_list_ids ?? [];
}

/** Records that these contacts received an email. */
export function noteMailing(
  to: InstanceOf<typeof contacts>,
  contactIds: readonly string[],
  mailing: Mailing,
): void {
  if (mailing.lists?.length !== 0) to.hint(contactIds, mailing);
}

/** Number of contacts that match a filter, which is given as JSON. One call per filter. */
export const contactCounts = single<number>({
  noun: 'filters',
  required: true,
  read: async ({ api }, filter) => {
    const query = { ...(JSON.parse(filter) as ContactFilter), include_count: true, limit: 1 };
    return (await api.call('getContacts', { query })).contacts_count ?? null;
  },
});

/** Returns true if a contact has this address. The API's search may find others, too. */
export function hasAddress({ email_address }: Contact, address: string): boolean {
  return email_address?.address?.trim().toLowerCase() === address.trim().toLowerCase();
}

function partsOf(wants: Scope['wants'], also?: ContactPart): readonly ContactPart[] {
  return also === undefined ? CONTACT_PARTS.selected(wants) : CONTACT_PARTS.selected(wants, also);
}

function includeQuery(included: readonly ContactPart[]): { include?: string } {
  return included.length > 0 ? { include: included.join(',') } : {};
}
