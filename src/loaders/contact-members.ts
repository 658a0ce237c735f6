import { countIn } from '../constant-contact/numbers.js';
import { contactLists } from './contact-list.js';
import {
  contacts,
  type Contact,
  type ContactFilter,
  type ContactPageOptions,
  type Contacts,
} from './contact.js';
import type { CostOf } from './cost.js';
import { chunksOf } from './makers/chunks.js';
import type { Clearable, Loader, Scope } from './makers/loader.js';
import { pagesFor, type PageSource } from './makers/page-source.js';
import { together, type Together } from './makers/together.js';
import { readAll } from './makers/walk.js';
import { tags } from './tag.js';

/** Members of a list, or contacts with a tag. */
export interface MembersOf {
  by: 'lists' | 'tags';
  id: string;
  /** Which of them, as the API filters. */
  filter: ContactFilter;
  /** How many of them are wanted. */
  first: number;
  /** How many there are at most, as far as it is known. */
  size?: number | null | undefined;
}

/** How many ids one filter takes (vendor guide, GET /contacts), and where a contact tells what it belongs to. */
const KINDS = {
  lists: { most: 25, part: 'list_memberships' },
  tags: { most: 50, part: 'taggings' },
} as const;

/** How many lists, or tags, one filter takes. */
export const PER_FILTER = { lists: KINDS.lists.most, tags: KINDS.tags.most };

/** From so many on, it is worth a call to learn how many members those have of which that is not known. */
const COUNT_FROM = 4;

/**
 * From so many calls on, the first page of an account of unknown size is read to see whether all of it is less. If it
 * is not, that is one call too many.
 */
const EXPLORE_FROM = 3;

const { pageSize } = contacts.cost;

/**
 * Members of lists and contacts with tags. The API cannot limit them list by list, so each list costs a call of its own; but when all
 * members of several lists are wanted, those of 25 lists (or 50 tags) are read together, 500 a call, each contact once,
 * and told apart by what they themselves say they belong to. The whole account is read instead where that is less.
 */
export const contactMembers: Loader<ContactMembers, CostOf<'PAGES'>> = {
  cost: { costClass: 'PAGES', rows: 'contacts', pageSize },
  create: (scope) => new ContactMembers(scope),
};

export class ContactMembers implements Clearable {
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
          const members = rows && whole.has(of.id) ? membersAmong(rows, of) : null;
          // More than were counted: only the list's own pages can be gone on from.
          return members && members.length <= of.first ? members : null;
        };
      },
    });
  }

  list(of: MembersOf, options: ContactPageOptions): PageSource<Contact> {
    const own = this.#contacts.list(filterOf(of, [of.id]), options);
    return mayBeWhole(of) ? this.#together.source(of, own) : own;
  }

  clear(): void {
    this.#together.clear();
  }

  /** Those of which all members are wanted, with their number, by their id. */
  async #wholeOf(group: readonly MembersOf[]): Promise<ReadonlyMap<string, MembersOf>> {
    const isCounting = new Set(group.map(({ id }) => id)).size >= COUNT_FROM;
    const [some] = group;
    const known =
      some && isCounting && group.some(({ size }) => size == null)
        ? // Who may not read the lists themselves can still read their members, one list a call.
          await this.#counts(some.by).catch(() => undefined)
        : undefined;
    const whole = group
      .map((one) => ({ ...one, size: one.size ?? known?.get(one.id) }))
      .filter(({ size, first }) => size !== undefined && size <= first);
    return new Map(whole.map((one) => [one.id, one]));
  }

  /** How many members each list has, or how many contacts each tag, by its id. */
  async #counts(by: MembersOf['by']): Promise<ReadonlyMap<string | undefined, number>> {
    const { scope } = this;
    if (by === 'lists') {
      const rows = await scope.use(contactLists).in('all').all();
      return new Map(rows.map(({ list_id, membership_count }) => [list_id, countIn(membership_count) ?? 0]));
    }
    const rows = await scope.use(tags).in('counted').all();
    return new Map(rows.map(({ tag_id, contacts_count }) => [tag_id, countIn(contacts_count) ?? 0]));
  }

  /** All contacts that belong to any of these; null when it costs less to read each by itself. */
  async #readTogether(group: readonly MembersOf[]): Promise<readonly Contact[] | null> {
    const [some] = group;
    if (!some || group.length < 2) return null;
    const { most, part } = KINDS[some.by];
    const chunks = chunksOf(group, most);
    const { size } = this.#contacts;
    // Lists overlap: together they hold no more contacts than the account.
    const total = size.total();
    const inChunks = sum(chunks, (chunk) =>
      pagesFor(
        Math.min(
          sum(chunk, (one) => one.size ?? 0),
          total ?? Infinity,
        ),
        pageSize,
      ),
    );
    if (inChunks >= sum(group, (one) => pagesFor(one.size ?? 0, pageSize))) return null;
    const mayBeSmall =
      pagesFor(size.least(), pageSize) <= inChunks && (total !== undefined || inChunks >= EXPLORE_FROM);
    if (chunks.length > 1 && mayBeSmall) {
      // The account may be smaller than what the chunks hold in sum; its first page tells.
      const everybody = this.#contacts.list(some.filter, { count: true, also: part, keep: false });
      const page = await everybody.fetch(null, pageSize);
      if (pagesFor(countIn(page.total) ?? Infinity, pageSize) <= inChunks) return readAll(everybody, page);
    }
    const found = await Promise.all(
      chunks.map((chunk) => {
        const filter = filterOf(
          some,
          chunk.map(({ id }) => id),
        );
        return readAll(this.#contacts.list(filter, { count: false, also: part, keep: false }));
      }),
    );
    return found.flat();
  }
}

function filterOf({ by, filter }: MembersOf, ids: readonly string[]): ContactFilter {
  return { ...filter, [by]: ids.join(',') };
}

/** Whether every member may be wanted: only then does it help to read them with others. */
function mayBeWhole({ size, first }: MembersOf): boolean {
  return size == null ? first >= pageSize : size <= first;
}

function sum<Value>(values: readonly Value[], of: (value: Value) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}

function membersAmong(rows: readonly Contact[], { by, id }: MembersOf): Contact[] {
  const memberIds = new Set<string | undefined>();
  return rows.filter((contact) => {
    if (!contact[KINDS[by].part]?.includes(id) || memberIds.has(contact.contact_id)) return false;
    memberIds.add(contact.contact_id);
    return true;
  });
}
