import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
import { CONTACTS_PER_PAGE, type Contact, type ContactFilter, type ContactLoaders } from './contact.js';
import { orNull } from './makers/batch.js';
import { gather } from './makers/gather.js';
import { asError, withId } from './makers/single.js';

/**
 * From this many contacts on, a scan is tried although the size of what is scanned is not known yet. Its first page
 * tells the size; if going on does not pay, that page was one call too many, once, until the size is forgotten.
 */
const EXPLORE_FROM = 4;

/** Most lists in one filter (vendor guide, GET /contacts). */
const LISTS_PER_FILTER = 25;

/** What a contact is looked for by. */
interface Wanted {
  by: 'id' | 'email';
  text: string;
}

interface LookupOptions {
  /** The sub-resources that the operation selects. */
  include: () => { include?: string };
  list: ContactLoaders['list'];
}

export interface ContactLookup {
  byId(id: string): Promise<Contact | null>;
  byEmail(address: string): Promise<Contact | null>;
  /** See `ContactLoaders.known`. */
  known(contactIds: readonly string[], lists: readonly string[]): void;
  /** Keeps a contact that came with all that is selected. */
  prime(contact: Contact): void;
  clear(): void;
}

/** Finds contacts: among those that the request has read already, and then by whatever costs the fewest calls. */
export function contactLookup(api: Api, { include, list }: LookupOptions): ContactLookup {
  let inHand = new ContactIndex();
  let listsOf = new Map<string, string>();
  const missing = (wanted: readonly Wanted[]) => wanted.filter((one) => !inHand.find(one));

  const readOne = async ({ by, text }: Wanted): Promise<Contact | null> => {
    if (by === 'id') {
      const call = api.call('getContact', { path: { contact_id: text }, query: include() });
      return withId('contact_id', text, orNull(call));
    }
    const { contacts } = await api.call('getContacts', {
      query: { email: text, status: 'all', ...include() },
    });
    return contacts?.[0] ?? null;
  };

  /**
   * Reads the pages of a collection until all are found or the rest is cheaper one by one.
   * @returns how many contacts the collection has, where the API told, and whether each of them was looked at
   */
  const scan = async (filter: ContactFilter, wanted: readonly Wanted[], known?: number) => {
    const source = list(filter, { count: true, keep: false });
    const looked = new Set<string | undefined>();
    const sought = new Set(wanted.map(keyOf));
    let told: number | null = null;
    let position: string | null = null;
    do {
      const page = await source.fetch(position, CONTACTS_PER_PAGE, source.brings);
      told ??= page.total;
      for (const contact of page.rows) {
        looked.add(contact.contact_id);
        if (keysOf(contact).some((key) => sought.has(key))) inHand.add(contact);
      }
      position = page.next;
      const rest = (told ?? known ?? looked.size) - looked.size;
      if (missing(wanted).length <= Math.ceil(Math.max(rest, 1) / CONTACTS_PER_PAGE)) break;
    } while (position !== null);
    // Contacts move between pages when the account changes meanwhile; the number tells whether one slipped through.
    return { total: told, isWhole: position === null && told !== null && looked.size >= told };
  };

  /** Looks for contacts on the lists that they are known to have been on. */
  const scanLists = async (wanted: readonly Wanted[]): Promise<void> => {
    const groups = new Map<string, Wanted[]>();
    for (const one of wanted) {
      const lists = listsOf.get(one.text);
      if (lists !== undefined) groups.set(lists, [...(groups.get(lists) ?? []), one]);
    }
    for (const [lists, group] of groups) {
      const left = missing(group);
      if (left.length >= EXPLORE_FROM) await scan({ lists, status: 'all' }, left);
    }
  };

  /** @returns whether what is not in hand then does not exist */
  const scanAccount = async (wanted: readonly Wanted[]): Promise<boolean> => {
    const known = api.peek<number>('contacts', 'total');
    const pages = known === undefined ? EXPLORE_FROM - 1 : Math.ceil(known / CONTACTS_PER_PAGE);
    if (wanted.length <= pages) return false;
    const { total, isWhole } = await scan({ status: 'all' }, wanted, known);
    if (total !== null) api.remember('contacts', 'total', total);
    return isWhole;
  };

  const load = async (keys: readonly string[]): Promise<(Contact | null | Error)[]> => {
    const wanted = keys.map(wantedOf);
    const onePage = (api.peek<number>('contacts', 'total') ?? Infinity) <= CONTACTS_PER_PAGE;
    if (!onePage) await scanLists(missing(wanted));
    const isAll = await scanAccount(missing(wanted));
    return Promise.all(
      wanted.map(async (one) => inHand.find(one) ?? (isAll ? null : readOne(one).catch(asError))),
    );
  };

  const loader = new DataLoader<string, Contact | null>(load, {
    maxBatchSize: 10_000,
    batchScheduleFn: gather(api),
  });
  const find = (one: Wanted): Promise<Contact | null> => loader.load(keyOf(one));

  return {
    byId: (text) => find({ by: 'id', text }),
    byEmail: async (text) => {
      const contact = await find({ by: 'email', text });
      if (contact) inHand.add(contact);
      return contact;
    },
    known: (contactIds, lists) => {
      if (lists.length === 0 || lists.length > LISTS_PER_FILTER) return;
      const csv = [...lists].sort().join(',');
      for (const id of contactIds) listsOf.set(id, csv);
    },
    prime: (contact) => {
      inHand.add(contact);
    },
    clear: () => {
      loader.clearAll();
      inHand = new ContactIndex();
      listsOf = new Map();
    },
  };
}

/** Contacts by what they are looked for by. */
class ContactIndex {
  readonly #contacts = new Map<string, Contact>();

  add(contact: Contact): void {
    for (const key of keysOf(contact)) this.#contacts.set(key, contact);
  }

  find(one: Wanted): Contact | undefined {
    return this.#contacts.get(keyOf(one));
  }
}

/** The API takes an address in any case for the same, and an account has it once. */
function keyOf({ by, text }: Wanted): string {
  return by === 'id' ? `id ${text}` : `email ${text.toLowerCase()}`;
}

function keysOf({ contact_id, email_address }: Contact): string[] {
  return [
    ...(contact_id ? [keyOf({ by: 'id', text: contact_id })] : []),
    ...(email_address?.address ? [keyOf({ by: 'email', text: email_address.address })] : []),
  ];
}

function wantedOf(key: string): Wanted {
  const [by = '', ...text] = key.split(' ');
  return { by: by as Wanted['by'], text: text.join(' ') };
}
