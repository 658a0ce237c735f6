import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { orNull } from './makers/batch.js';
import { pages, type PageSource } from './makers/pages.js';
import { asError, single, withId, type ById } from './makers/single.js';
import type { Wants } from './index.js';

export type Contact = Schema<'ContactResource'>;
export type ContactFilter = Omit<QueryParams<'getContacts'>, 'limit' | 'include' | 'include_count'>;

/** Most contacts that `GET /contacts` gives at once (contract: `limit`). */
export const CONTACTS_PER_PAGE = 500;

/**
 * From this many contacts on, a scan is tried although the size of the account is not known yet. Its first page tells
 * the size; if going on does not pay, that page was one call too many, once, until the size is forgotten.
 */
const EXPLORE_FROM = 4;

/** Sub-resources come only when asked for by `include`: GraphQL field of `Contact` → value of `include`. */
const INCLUDES = {
  customFields: 'custom_fields',
  lists: 'list_memberships',
  phoneNumbers: 'phone_numbers',
  streetAddresses: 'street_addresses',
  tags: 'taggings',
  notes: 'notes',
} as const;

export interface ContactLoaders extends ById<Contact> {
  /** The contact with exactly this address, deleted ones too. ONE: a call an address. */
  byEmail: ById<Contact>;
  /** Contacts that match a filter, page by page. `count` asks for their number along with the first page. */
  list(filter: ContactFilter, options: { count: boolean }): PageSource<Contact>;
  /** Number of contacts that match a filter: one call, one row. */
  count(filter: ContactFilter): Promise<number | null>;
}

/**
 * Contacts by id: there is no multi-id read, so N contacts cost the least of N single calls and a scan of the account,
 * 500 a call. Every load brings the sub-resources that the whole operation selects, because they cost no extra call.
 */
export function contactLoaders(api: Api, wants: Wants): ContactLoaders {
  const wanted = () =>
    Object.entries(INCLUDES).flatMap(([field, value]) => (wants('Contact', field) ? [value] : []));
  const include = (): { include?: string } => {
    const parts = wanted();
    return parts.length > 0 ? { include: parts.join(',') } : {};
  };

  const one = (id: string): Promise<Contact | null> =>
    withId('contact_id', id, orNull(api.call('getContact', { path: { contact_id: id }, query: include() })));

  const source = (filter: ContactFilter, { count }: { count: boolean }): PageSource<Contact> => {
    // A segment can be combined with `limit` and nothing else (api: GET /contacts, segment_id).
    const bare = filter.segment_id !== undefined;
    return pages(api, 'getContacts', {
      query: filter,
      along: bare ? {} : { ...include(), ...(count && { include_count: true }) },
      ...(!bare && { brings: wanted().join(',') }),
      maxPage: CONTACTS_PER_PAGE,
      rows: (body) => body.contacts,
      total: (body) => body.contacts_count,
      key: (contact) => contact.contact_id,
      seen: (contacts, asked) => {
        const parts = wanted();
        // Pages behind a cursor bring what was selected when it was made, which may be less than now.
        const whole =
          (asked && !bare) || parts.every((part) => contacts.some((contact) => contact[part] !== undefined));
        if (whole) for (const contact of contacts) prime(contact);
      },
    });
  };

  const prime = (contact: Contact) => {
    if (contact.contact_id) byId.prime(contact.contact_id, contact);
  };

  /** Reads the account's pages until all ids are found or the rest is cheaper one by one. */
  const scanFor = async (
    ids: readonly string[],
    known: number | undefined,
  ): Promise<Map<string, Contact>> => {
    const missing = new Set(ids);
    const found = new Map<string, Contact>();
    const account = source({ status: 'all' }, { count: known === undefined });
    let position: string | null = null;
    let total = known;
    let read = 0;
    do {
      const page = await account.fetch(position, CONTACTS_PER_PAGE, account.brings);
      read += page.rows.length;
      if (page.total !== null) {
        total = page.total;
        api.remember('contacts', 'total', page.total);
      }
      for (const contact of page.rows) {
        if (contact.contact_id && missing.delete(contact.contact_id)) found.set(contact.contact_id, contact);
      }
      position = page.next;
    } while (
      position !== null &&
      missing.size > Math.ceil(Math.max((total ?? read) - read, 1) / CONTACTS_PER_PAGE)
    );
    return found;
  };

  const load = async (ids: readonly string[]): Promise<(Contact | null | Error)[]> => {
    const total = api.peek<number>('contacts', 'total');
    const scans =
      total === undefined ? ids.length >= EXPLORE_FROM : Math.ceil(total / CONTACTS_PER_PAGE) < ids.length;
    const found = scans ? await scanFor(ids, total) : new Map<string, Contact>();
    return Promise.all(
      ids.map(async (id) => found.get(id) ?? one(id).catch((error: unknown) => asError(error))),
    );
  };

  const byId = new DataLoader<string, Contact | null>(load, { maxBatchSize: 10_000 });
  const byEmail = single(async (email) => {
    const body = await api.call('getContacts', { query: { email, status: 'all', ...include() } });
    const contact = body.contacts?.[0] ?? null;
    if (contact) prime(contact);
    return contact;
  });

  return {
    load: (id) => byId.load(id),
    prime: (_id, contact) => {
      prime(contact);
    },
    clear: () => {
      byId.clearAll();
      byEmail.clear();
    },
    byEmail,
    list: source,
    count: async (filter) => {
      const body = await api.call('getContacts', { query: { ...filter, include_count: true, limit: 1 } });
      return body.contacts_count ?? null;
    },
  };
}
