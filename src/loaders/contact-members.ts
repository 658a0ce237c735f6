import { countIn } from '../constant-contact/numbers.js';
import { idKey } from '../constant-contact/same-id.js';
import { contactLists } from './contact-list.js';
import {
  contacts,
  FILTER_MAX,
  type Contact,
  type ContactFilter,
  type ContactPageOptions,
  type Contacts,
} from './contact.js';
import type { CostOf } from './cost.js';
import { chunksOf } from './makers/chunks.js';
import type { Loader, Scope } from './makers/loader.js';
import { pagesFor, type PageSource } from './makers/page-source.js';
import { ignoreRefusal } from './makers/refused.js';
import { together, type Together } from './makers/together.js';
import { readAll } from './makers/walk.js';
import { tags } from './tag.js';

/** Members of a list, or contacts with a tag. */
export interface MembersOf {
  by: 'lists' | 'tags';
  id: string;
  /** Filter of the members, in the API's format. */
  filter: ContactFilter;
  /** Number of requested members. */
  first: number;
  /** Maximum number of members, if known. */
  size?: number | null | undefined;
}

/** The property of a contact with the IDs of its lists and tags. */
const PARTS = { lists: 'list_memberships', tags: 'taggings' } as const;

/** From this many lists or tags of unknown size on, a call to learn their sizes pays off. */
const COUNT_FROM = 4;

/**
 * From this many calls on, the first page of an account of unknown size is read to see whether the whole
 * account is smaller. If not, that wastes one call.
 */
const EXPLORE_FROM = 3;

const { reads, pageSize } = contacts.cost;

/**
 * Members of lists and contacts with tags. The API cannot limit rows per list, so each list costs a call of
 * its own. But when all members of several lists are requested, those of 25 lists (or 50 tags) are read
 * together, 500 a call, each contact once, and assigned by the contacts' own memberships. If the whole
 * account takes fewer calls, it is read instead.
 */
export const contactMembers: Loader<ContactMembers, CostOf<'PAGES'>> = {
  cost: { costClass: 'PAGES', rows: 'contacts', reads, pageSize },
  create: (scope) => new ContactMembers(scope),
};

export class ContactMembers {
  readonly #contacts: Contacts;
  readonly #together: Together<MembersOf, Contact>;

  constructor(private readonly scope: Scope) {
    this.#contacts = scope.use(contacts);
    this.#together = together(scope, {
      groupOf: ({ by, filter }) => `${by} ${JSON.stringify(filter)}`,
      read: async (group) => {
        const whole = await this.#wholeOf(group);
        const rows = await this.#readTogether([...whole.values()]);
        return (of) => {
          const some = rows.get(of.id);
          const members = some ? membersAmong(some, of) : null;
          // More members than were counted: only the list's own pages have a valid next position.
          return members && members.length <= of.first ? members : null;
        };
      },
    });
  }

  list(of: MembersOf, options: ContactPageOptions): PageSource<Contact> {
    const own = this.#contacts.list(filterOf(of, [of.id]), options);
    return mayNeedAllMembers(of) ? this.#together.source(of, own) : own;
  }

  /** Lists of which all members are requested, with their sizes, by ID. */
  async #wholeOf(group: readonly MembersOf[]): Promise<ReadonlyMap<string, MembersOf>> {
    const isCounting = new Set(group.map(({ id }) => id)).size >= COUNT_FROM;
    const [some] = group;
    const known =
      some && isCounting && group.some(({ size }) => size == null)
        ? // Callers without permission to read the lists can still read their members, with one call per list.
          await this.#counts(some.by).catch(() => undefined)
        : undefined;
    const whole = group
      .map((one) => ({ ...one, size: one.size ?? known?.get(one.id) }))
      .filter(({ size, first }) => size !== undefined && size <= first);
    return new Map(whole.map((one) => [one.id, one]));
  }

  /** Number of members per list, or of contacts per tag, by ID. */
  async #counts(by: MembersOf['by']): Promise<ReadonlyMap<string | undefined, number>> {
    const { scope } = this;
    if (by === 'lists') {
      const rows = await scope.use(contactLists).in('all').all();
      return new Map(rows.map(({ list_id, membership_count }) => [list_id, countIn(membership_count) ?? 0]));
    }
    const rows = await scope.use(tags).in('counted').all();
    return new Map(rows.map(({ tag_id, contacts_count }) => [tag_id, countIn(contacts_count) ?? 0]));
  }

  /**
   * Contacts among which the members of each list are, by its ID. Without lists that take fewer calls when they are read
   * separately, and without those of a refused read: the API refuses all lists of a read for one that does not exist.
   */
  async #readTogether(group: readonly MembersOf[]): Promise<ReadonlyMap<string, readonly Contact[]>> {
    const [some] = group;
    if (!some || group.length < 2) return new Map();
    const part = PARTS[some.by];
    const chunks = chunksOf(group, FILTER_MAX[some.by]);
    const { size } = this.#contacts;
    const pages = (rows: number) => this.#pagesOf(rows);
    // Lists overlap: together they hold at most the contacts of the account.
    const total = size.total();
    const inChunks = sum(chunks, (chunk) =>
      pages(
        Math.min(
          sum(chunk, (one) => one.size ?? 0),
          total ?? Infinity,
        ),
      ),
    );
    if (inChunks >= sum(group, (one) => pages(one.size ?? 0))) return new Map();
    const mayBeSmall = pages(size.least()) <= inChunks && (total !== undefined || inChunks >= EXPLORE_FROM);
    if (chunks.length > 1 && mayBeSmall) {
      const rows = await this.#nullIfRefused(this.#readWhole(some, inChunks));
      if (rows) return new Map(group.map(({ id }) => [id, rows]));
    }
    const found = await Promise.all(
      chunks.map(async (chunk) => {
        const ids = chunk.map(({ id }) => id);
        const source = this.#contacts.list(filterOf(some, ids), { count: false, also: part, keep: false });
        const rows = await this.#nullIfRefused(readAll(source));
        return rows ? ids.map((id) => [id, rows] as const) : [];
      }),
    );
    return new Map(found.flat());
  }

  /** All contacts of the account; null when that takes more calls. Its first page shows how many there are. */
  async #readWhole({ by, filter }: MembersOf, maxCalls: number): Promise<readonly Contact[] | null> {
    const source = this.#contacts.list(filter, { count: true, also: PARTS[by], keep: false });
    const page = await source.fetch(null, pageSize);
    return this.#pagesOf(countIn(page.total) ?? Infinity) <= maxCalls ? readAll(source, page) : null;
  }

  #pagesOf(rows: number): number {
    return pagesFor(rows, Math.min(pageSize, this.scope.api.sizes.largestPage(reads)));
  }

  #nullIfRefused<Rows>(read: Promise<Rows>): Promise<Rows | null> {
    return read.catch((error: unknown) => {
      ignoreRefusal(this.scope.api, error);
      return null;
    });
  }
}

function filterOf({ by, filter }: MembersOf, ids: readonly string[]): ContactFilter {
  return { ...filter, [by]: ids.join(',') };
}

/** Returns true if all members may be requested: only then does a shared read save calls. */
function mayNeedAllMembers({ size, first }: MembersOf): boolean {
  return size == null ? first >= pageSize : size <= first;
}

function sum<Value>(values: readonly Value[], of: (value: Value) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}

function membersAmong(rows: readonly Contact[], { by, id: given }: MembersOf): Contact[] {
  const id = idKey(given);
  const memberIds = new Set<string | undefined>();
  return rows.filter((contact) => {
    const ids = contact[PARTS[by]];
    const isMember = ids?.includes(id) === true || ids?.some((one) => idKey(one) === id) === true;
    if (!isMember || memberIds.has(contact.contact_id)) return false;
    memberIds.add(contact.contact_id);
    return true;
  });
}
