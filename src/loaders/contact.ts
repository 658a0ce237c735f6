import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { orNull } from './makers/batch.js';
import { pages, type PageSource } from './makers/pages.js';
import { asError, withId, type ById } from './makers/single.js';
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

/** What reading the account's pages has found, by key; `whole` when there was no further page. */
interface Scan {
  found: ReadonlyMap<string, Contact>;
  whole: boolean;
}

export interface ContactLoaders extends ById<Contact> {
  /** The contact with exactly this address, deleted ones too. N addresses cost what N ids cost. */
  byEmail(email: string): Promise<Contact | null>;
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

  /** Reads the account's pages until all keys are found or the rest is cheaper one by one. */
  const scanFor = async (
    keys: readonly string[],
    keyOf: (contact: Contact) => string | undefined,
    known: number | undefined,
  ): Promise<Scan> => {
    const missing = new Set(keys);
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
        const key = keyOf(contact);
        if (key !== undefined && missing.delete(key)) found.set(key, contact);
      }
      position = page.next;
    } while (
      position !== null &&
      missing.size > Math.ceil(Math.max((total ?? read) - read, 1) / CONTACTS_PER_PAGE)
    );
    return { found, whole: position === null };
  };

  /** The cheaper of a call a key and a scan. */
  const findAll = async (
    keys: readonly string[],
    keyOf: (contact: Contact) => string | undefined,
    findOne: (key: string, scan: Scan | null) => Promise<Contact | null>,
  ): Promise<(Contact | null | Error)[]> => {
    const total = api.peek<number>('contacts', 'total');
    const scans =
      total === undefined ? keys.length >= EXPLORE_FROM : Math.ceil(total / CONTACTS_PER_PAGE) < keys.length;
    const scan = scans ? await scanFor(keys, keyOf, total) : null;
    return Promise.all(
      keys.map(
        async (key) => scan?.found.get(key) ?? findOne(key, scan).catch((error: unknown) => asError(error)),
      ),
    );
  };

  const oneWithAddress = async (email: string): Promise<Contact | null> => {
    const body = await api.call('getContacts', { query: { email, status: 'all', ...include() } });
    const contact = body.contacts?.[0] ?? null;
    if (contact) prime(contact);
    return contact;
  };

  const byId = new DataLoader<string, Contact | null>(
    (ids) => findAll(ids, ({ contact_id }) => contact_id, one),
    {
      maxBatchSize: 10_000,
    },
  );
  // Most addresses that others ask for are not in the account, and a scan of all of it has told so.
  const byEmail = new DataLoader<string, Contact | null>(
    (emails) =>
      findAll(
        emails,
        ({ email_address }) => email_address?.address?.toLowerCase(),
        async (email, scan) => (scan?.whole ? null : oneWithAddress(email)),
      ),
    { maxBatchSize: 10_000 },
  );

  return {
    load: (id) => byId.load(id),
    prime: (_id, contact) => {
      prime(contact);
    },
    clear: () => {
      byId.clearAll();
      byEmail.clearAll();
    },
    byEmail: (email) => byEmail.load(email.toLowerCase()),
    list: source,
    count: async (filter) => {
      const body = await api.call('getContacts', { query: { ...filter, include_count: true, limit: 1 } });
      return body.contacts_count ?? null;
    },
  };
}
