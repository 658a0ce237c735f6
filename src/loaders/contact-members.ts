import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
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

/**
 * First pages of members. The API cannot limit them list by list, so each list costs a call of its own; but when all
 * members of several lists are wanted, those of 25 lists (or 50 tags) are read together, 500 a call, each contact once,
 * and told apart by what they themselves say they belong to. The whole account is read instead where that is less.
 */
export function memberPages(api: Api, list: ContactLoaders['list']): ContactLoaders['members'] {
  const filterOf = ({ by, status }: MembersOf, ids: readonly string[]): ContactFilter => ({
    ...(status !== undefined && { status }),
    [by]: ids.join(','),
  });

  const all = async (filter: ContactFilter, by: MembersOf['by']): Promise<Contact[]> =>
    readAll(list(filter, { count: false, also: KINDS[by].part, keep: false }));

  /** All contacts that belong to any of these; null when it costs less to read each by itself. */
  const readTogether = async (group: readonly MembersOf[]): Promise<Contact[] | null> => {
    const [some] = group;
    if (!some || group.length < 2) return null;
    const { most, part } = KINDS[some.by];
    const chunks = Array.from({ length: Math.ceil(group.length / most) }, (_, at) =>
      group.slice(at * most, (at + 1) * most),
    );
    const together = chunks.reduce((sum, chunk) => sum + pagesFor(sizeOf(chunk)), 0);
    const apart = group.reduce((sum, { size }) => sum + pagesFor(size ?? 0), 0);
    if (together >= apart) return null;
    if (chunks.length > 1) {
      // Lists overlap, so the account may be smaller than what they hold in sum; its first page tells.
      const { status } = some;
      const account = list(status === undefined ? {} : { status }, { count: true, also: part, keep: false });
      const page = await account.fetch(null, CONTACTS_PER_PAGE, account.brings);
      if (pagesFor(page.total ?? Infinity) <= together) return readAll(account, page);
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

  const load = async (keys: readonly string[]): Promise<(readonly Contact[] | null | Error)[]> => {
    const wanted = keys.map((key) => JSON.parse(key) as MembersOf);
    const groups = new Map<string, MembersOf[]>();
    for (const one of wanted) groups.set(groupOf(one), [...(groups.get(groupOf(one)) ?? []), one]);
    const read = new Map(
      [...groups].map(([name, group]) => [
        name,
        readTogether(group).catch((error: unknown) => asError(error)),
      ]),
    );
    return Promise.all(
      wanted.map(async (one) => {
        const contacts = await read.get(groupOf(one));
        return Array.isArray(contacts) ? membersAmong(contacts, one) : (contacts ?? null);
      }),
    );
  };
  const loader = new DataLoader<string, readonly Contact[] | null>(load, {
    cache: false,
    batchScheduleFn: gather(api),
  });

  return (of, options) => {
    const source = list(filterOf(of, [of.id]), options);
    const first = async (limit: number): Promise<Page<Contact>> => {
      const rows = await loader.load(JSON.stringify(of));
      // More than were counted: only the list's own pages can be gone on from.
      if (!rows || rows.length > of.first) return source.fetch(null, limit, source.brings);
      return { rows, next: null, total: rows.length, limit: CONTACTS_PER_PAGE };
    };
    return isWholeWanted(of)
      ? {
          ...source,
          fetch: (at, limit, brings) => (at === null ? first(limit) : source.fetch(at, limit, brings)),
        }
      : source;
  };
}

/** Whether every member is wanted: only then does it help to read them with others. */
function isWholeWanted({ size, first }: MembersOf): boolean {
  return size !== undefined && size !== null && size <= first;
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
