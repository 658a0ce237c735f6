import type { Api } from '../constant-contact/api.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import {
  ContactLookup,
  EXPLORE_FROM,
  LISTS_FROM,
  type ListsOfMail,
  type LookupSource,
  type Mail,
} from './contact-lookup.js';
import { memberPages, type MemberCounts, type MemberPages, type MembersOf } from './contact-members.js';
import { pages, type PageSource } from './makers/pages.js';
import { parts } from './makers/parts.js';
import { single, type ById } from './makers/single.js';
import { accountSize, type AccountSize } from './account-size.js';
import type { Wants } from './wants.js';
import type { Costs } from './cost.js';

export type Contact = Schema<'ContactResource'>;
export type ContactFilter = Omit<QueryParams<'getContacts'>, 'limit' | 'include' | 'include_count'>;

/** Most contacts that `GET /contacts` gives at once (contract: `limit`). */
export const CONTACTS_PER_PAGE = 500;

/** Sub-resources come only when asked for by `include`: field of the graph → value of `include` and property of the contact. */
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
  /** Whether the number of all that match comes along with the first page. */
  count: boolean;
  /** A sub-resource that comes along although nothing selects it. */
  also?: ContactPart;
  /** False where a whole collection is looked through: then no more of it is held than what is looked for. */
  keep?: boolean;
}

export interface ContactLoaders extends ById<Contact> {
  /** The contact with exactly this address, deleted ones too. */
  byEmail(address: string): Promise<Contact | null>;
  /** Notes that these contacts all got a mail: reading the lists that it went to may cost less than reading the account. */
  known(contactIds: readonly string[], mail: Mail): void;
  /** Contacts that match a filter, page by page. */
  list(filter: ContactFilter, options: ContactPageOptions): PageSource<Contact>;
  /** The same for members of a list or contacts with a tag; many of those are read together where that costs less. */
  members(of: MembersOf, options: ContactPageOptions): PageSource<Contact>;
  /** Number of contacts that match a filter: one call, one row. */
  count(filter: ContactFilter): Promise<number | null>;
}

/**
 * Contacts by id or by address: there is no read of many, so N contacts cost the least of N single calls and a scan,
 * 500 a call. Every load brings the sub-resources that the whole operation selects, because they cost no extra call.
 */
export function contactLoaders(
  api: Api,
  wants: Wants,
  { counts, listsOfMail }: { counts: MemberCounts; listsOfMail: ListsOfMail },
): ContactLoaders {
  return new Contacts(api, wants, counts, listsOfMail);
}

class Contacts implements ContactLoaders, LookupSource {
  readonly size: AccountSize;
  readonly #lookup: ContactLookup;
  #selected: readonly ContactPart[] | undefined;
  #members: MemberPages | undefined;
  #counted: ById<number> | undefined;

  constructor(
    private readonly api: Api,
    private readonly wants: Wants,
    private readonly counts: MemberCounts,
    readonly listsOfMail: ListsOfMail,
  ) {
    this.size = accountSize(api);
    this.#lookup = new ContactLookup(api, this);
  }

  load(id: string): Promise<Contact | null> {
    return this.#lookup.byId(id);
  }

  prime(_id: string, contact: Contact): void {
    this.#lookup.prime([contact]);
  }

  clear(): void {
    this.size.clear();
    this.#lookup.clear();
    this.#members?.clear();
    this.#counted?.clear();
  }

  byEmail(address: string): Promise<Contact | null> {
    return this.#lookup.byEmail(address);
  }

  known(contactIds: readonly string[], mail: Mail): void {
    this.#lookup.known(contactIds, mail);
  }

  members(of: MembersOf, options: ContactPageOptions): PageSource<Contact> {
    this.#members ??= memberPages(this.api, (...asked) => this.list(...asked), this.counts, this.size);
    return this.#members.members(of, options);
  }

  count(filter: ContactFilter): Promise<number | null> {
    this.#counted ??= single((text) => this.#count(JSON.parse(text) as ContactFilter));
    return this.#counted.load(JSON.stringify(filter));
  }

  async #count(filter: ContactFilter): Promise<number | null> {
    const query = { ...filter, include_count: true, limit: 1 };
    return (await this.api.call('getContacts', { query })).contacts_count ?? null;
  }

  include(also?: ContactPart): { include?: string } {
    const wanted = this.#parts(also);
    return wanted.length > 0 ? { include: wanted.join(',') } : {};
  }

  list(filter: ContactFilter, { count, also, keep = true }: ContactPageOptions): PageSource<Contact> {
    // A segment can be combined with `limit` and nothing else (api: GET /contacts, segment_id).
    const bare = filter.segment_id !== undefined;
    return pages(this.api, 'getContacts', {
      query: filter,
      along: bare ? {} : { ...this.include(also), ...(count && { include_count: true }) },
      ...(!bare && { brings: this.#parts(also).join(',') }),
      maxPage: CONTACTS_PER_PAGE,
      rows: (body) => body.contacts,
      total: (body) => {
        this.size.note(filter, body.contacts_count);
        return body.contacts_count;
      },
      key: (contact) => contact.contact_id,
      keep,
      seen: (contacts, asked) => {
        if (!keep) return;
        // Pages behind a cursor bring what was selected when it was made, which may be less than now.
        const whole =
          (asked && !bare) ||
          this.#parts().every((part) => contacts.some((contact) => contact[part] !== undefined));
        if (whole) this.#lookup.prime(contacts);
      },
    });
  }

  #parts(also?: ContactPart): readonly ContactPart[] {
    this.#selected ??= CONTACT_PARTS.selected(this.wants);
    if (also === undefined || this.#selected.includes(also)) return this.#selected;
    return CONTACT_PARTS.selected(this.wants, also);
  }
}

export const contacts = {
  cost: {
    costClass: 'EXPLORED',
    rows: 'contacts',
    pageSize: CONTACTS_PER_PAGE,
    most: 100_000,
    from: EXPLORE_FROM,
    counted: true,
    smallerFrom: LISTS_FROM,
  },
} as const satisfies Costs;
