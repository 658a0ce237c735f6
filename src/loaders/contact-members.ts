import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
import type { AccountSize } from './account-size.js';
import { CONTACTS_PER_PAGE, type Contact, type ContactFilter, type ContactLoaders } from './contact.js';
import { gather } from './makers/gather.js';
import { readAll, type Page } from './makers/pages.js';
import { asError } from './makers/single.js';

/** Members of a list, or contacts with a tag. */
export interface MembersOf {
  by: 'lists' | 'tags';
  id: string;
  /** Which of them, by the state of their permission, as the API filters. */
  status?: string | undefined;
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

/** From so many on, it is worth a call to learn how many members those have of which that is not known. */
const COUNT_FROM = 4;

/**
 * From so many calls on, the first page of an account of unknown size is read to see whether all of it is less. If it
 * is not, that is one call too many.
 */
const EXPLORE_FROM = 3;

/** How many members each list has, or how many contacts each tag, by its id. One read of the collection. */
export type MemberCounts = Record<MembersOf['by'], () => Promise<ReadonlyMap<string, number>>>;

export interface MemberPages {
  members: ContactLoaders['members'];
  clear(): void;
}

/**
 * First pages of members. The API cannot limit them list by list, so each list costs a call of its own; but when all
 * members of several lists are wanted, those of 25 lists (or 50 tags) are read together, 500 a call, each contact once,
 * and told apart by what they themselves say they belong to. The whole account is read instead where that is less.
 */
export function memberPages(
  api: Api,
  list: ContactLoaders['list'],
  counts: MemberCounts,
  account: AccountSize,
): MemberPages {
  const filterOf = ({ by, status }: MembersOf, ids: readonly string[]): ContactFilter => ({
    ...(status !== undefined && { status }),
    [by]: ids.join(','),
  });

  const all = async (filter: ContactFilter, by: MembersOf['by']): Promise<Contact[]> =>
    readAll(list(filter, { count: false, also: KINDS[by].part, keep: false }));

  /** Those of which all members are wanted, with their number, and each once. */
  const wholeOf = async (group: readonly MembersOf[]): Promise<MembersOf[]> => {
    const isCounting = new Set(group.map(({ id }) => id)).size >= COUNT_FROM;
    const [some] = group;
    const known =
      some && isCounting && group.some(({ size }) => size == null)
        ? // Who may not read the lists themselves can still read their members, one list a call.
          await counts[some.by]().catch(() => undefined)
        : undefined;
    const whole = group
      .map((one) => ({ ...one, size: one.size ?? known?.get(one.id) }))
      .filter(({ size, first }) => size !== undefined && size <= first);
    return [...new Map(whole.map((one) => [one.id, one])).values()];
  };

  /** All contacts that belong to any of these; null when it costs less to read each by itself. */
  const readTogether = async (group: readonly MembersOf[]): Promise<Contact[] | null> => {
    const [some] = group;
    if (!some || group.length < 2) return null;
    const { most, part } = KINDS[some.by];
    const chunks = Array.from({ length: Math.ceil(group.length / most) }, (_, at) =>
      group.slice(at * most, (at + 1) * most),
    );
    // Lists overlap: together they hold no more contacts than the account.
    const total = account.total();
    const together = chunks.reduce(
      (sum, chunk) => sum + pagesFor(Math.min(sizeOf(chunk), total ?? Infinity)),
      0,
    );
    const apart = group.reduce((sum, { size }) => sum + pagesFor(size ?? 0), 0);
    if (together >= apart) return null;
    const mayBeSmall =
      pagesFor(account.least()) <= together && (total !== undefined || together >= EXPLORE_FROM);
    if (chunks.length > 1 && mayBeSmall) {
      // The account may be smaller than what the chunks hold in sum; its first page tells.
      const { status } = some;
      const everybody = list(status === undefined ? {} : { status }, {
        count: true,
        also: part,
        keep: false,
      });
      const page = await everybody.fetch(null, CONTACTS_PER_PAGE, everybody.brings);
      if (pagesFor(page.total ?? Infinity) <= together) return readAll(everybody, page);
    }
    const found = await Promise.all(
      chunks.map((chunk) =>
        all(
          filterOf(
            some,
            chunk.map(({ id }) => id),
          ),
          some.by,
        ),
      ),
    );
    return found.flat();
  };

  /** The members of each of these by its id, as far as they were read together. */
  const readGroup = async (group: readonly MembersOf[]): Promise<ReadonlyMap<string, Contact[]>> => {
    const whole = await wholeOf(group);
    const contacts = await readTogether(whole);
    return new Map(contacts ? whole.map((one) => [one.id, membersAmong(contacts, one)]) : []);
  };

  const load = async (keys: readonly string[]): Promise<(readonly Contact[] | null | Error)[]> => {
    const wanted = keys.map((key) => JSON.parse(key) as MembersOf);
    const groups = new Map<string, MembersOf[]>();
    for (const one of wanted) groups.set(groupOf(one), [...(groups.get(groupOf(one)) ?? []), one]);
    const read = new Map(
      [...groups].map(([name, group]) => [name, readGroup(group).catch((error: unknown) => asError(error))]),
    );
    return Promise.all(
      wanted.map(async (one) => {
        const members = await read.get(groupOf(one));
        return members instanceof Error ? members : (members?.get(one.id) ?? null);
      }),
    );
  };
  const loader = new DataLoader<string, readonly Contact[] | null>(load, {
    maxBatchSize: 10_000,
    batchScheduleFn: gather(api),
  });

  const members: ContactLoaders['members'] = (of, options) => {
    const source = list(filterOf(of, [of.id]), options);
    const first = async (limit: number): Promise<Page<Contact>> => {
      const rows = await loader.load(JSON.stringify(of));
      // More than were counted: only the list's own pages can be gone on from.
      if (!rows || rows.length > of.first) return source.fetch(null, limit, source.brings);
      return { rows, next: null, total: rows.length, limit: CONTACTS_PER_PAGE };
    };
    return mayBeWhole(of)
      ? {
          ...source,
          fetch: (at, limit, brings) => (at === null ? first(limit) : source.fetch(at, limit, brings)),
        }
      : source;
  };
  return {
    members,
    clear: () => {
      loader.clearAll();
    },
  };
}

/** Whether every member may be wanted: only then does it help to read them with others. */
function mayBeWhole({ size, first }: MembersOf): boolean {
  return size == null ? first >= CONTACTS_PER_PAGE : size <= first;
}

function groupOf({ by, status }: MembersOf): string {
  return `${by} ${status ?? ''}`;
}

function sizeOf(group: readonly MembersOf[]): number {
  return group.reduce((sum, { size }) => sum + (size ?? 0), 0);
}

/** Calls for so many contacts; an empty collection has to be asked for, too. */
function pagesFor(contacts: number): number {
  return Math.max(1, Math.ceil(contacts / CONTACTS_PER_PAGE));
}

function membersAmong(contacts: readonly Contact[], { by, id }: MembersOf): Contact[] {
  const seen = new Set<string | undefined>();
  return contacts.filter((contact) => {
    if (!contact[KINDS[by].part]?.includes(id) || seen.has(contact.contact_id)) return false;
    seen.add(contact.contact_id);
    return true;
  });
}
