import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound, withRequestedId } from '../constant-contact/by-id.js';
import { Walk } from '../constant-contact/http/paging.js';
import { CONTACTS_PER_PAGE, type Contact, type ContactFilter, type ContactLoaders } from './contact.js';
import type { AccountSize } from './account-size.js';
import { gather } from './makers/gather.js';
import { asError } from './makers/single.js';

/**
 * From this many contacts on, a scan is tried although the size of what is scanned is not known yet. Its first page
 * tells the size; if going on does not pay, that page was one call too many, once, until the size is forgotten.
 */
export const EXPLORE_FROM = 4;

/** From so many calls on, the lists that the contacts have been on are tried before the account or the single calls. */
export const LISTS_FROM = 6;

/** Most lists in one filter (vendor guide, GET /contacts). */
const LISTS_PER_FILTER = 25;

/** What a contact is looked for by. */
interface Wanted {
  by: 'id' | 'email';
  text: string;
}

/** Whether to go on, with so many contacts missing, so many pages left and so many read. */
type Pays = (missing: number, pages: number, read: number) => boolean;

/** A mail that contacts got, and the lists that it went to, where those are known. */
export interface Mail {
  id: string;
  lists: readonly string[] | undefined;
}

interface Scanned {
  /** How many of its pages were left. */
  rest: number;
  /** Whether each of its contacts was looked at. */
  isWhole: boolean;
}

/** Where contacts come from. */
export interface LookupSource {
  /** The sub-resources that the operation selects. */
  include(): { include?: string };
  list: ContactLoaders['list'];
  /** The lists that a mail went to, for one call at most. */
  readonly listsOfMail: ListsOfMail;
  /** What is known of the number of contacts. */
  readonly size: AccountSize;
}

export type ListsOfMail = (activityId: string) => Promise<readonly string[]>;

/** Finds contacts: among those that the request has read already, and then by whatever costs the fewest calls. */
export class ContactLookup {
  readonly #api: Api;
  readonly #source: LookupSource;
  readonly #loader: DataLoader<string, Contact | null>;
  #inHand = new ContactIndex();
  #mailOf: Map<string, Mail> | undefined;

  constructor(api: Api, source: LookupSource) {
    this.#api = api;
    this.#source = source;
    this.#loader = new DataLoader((keys) => this.#load(keys), {
      maxBatchSize: 10_000,
      batchScheduleFn: gather(api),
    });
  }

  byId(text: string): Promise<Contact | null> {
    return this.#loader.load(keyOf({ by: 'id', text }));
  }

  async byEmail(text: string): Promise<Contact | null> {
    const contact = await this.#loader.load(keyOf({ by: 'email', text }));
    if (contact) this.#inHand.add([contact]);
    return contact;
  }

  /** See `ContactLoaders.known`. */
  known(contactIds: readonly string[], mail: Mail): void {
    if (mail.lists?.length === 0) return;
    this.#mailOf ??= new Map();
    for (const id of contactIds) this.#mailOf.set(id, mail);
  }

  /** Keeps contacts that came with all that is selected. */
  prime(contacts: readonly Contact[]): void {
    this.#inHand.add(contacts);
  }

  clear(): void {
    this.#loader.clearAll();
    this.#inHand = new ContactIndex();
    this.#mailOf = undefined;
  }

  #load(keys: readonly string[]): Promise<(Contact | null | Error)[]> {
    const wanted = keys.map(wantedOf);
    const missing = this.#missing(wanted);
    // A page of many costs as much as the one.
    if (missing.length < 2) return this.#answer(wanted, false);
    return this.#scanFor(missing).then((isAll) => this.#answer(wanted, isAll));
  }

  /** @param isAll whether what is not in hand does not exist */
  #answer(wanted: readonly Wanted[], isAll: boolean): Promise<(Contact | null | Error)[]> {
    return Promise.all(
      wanted.map((one): Promise<Contact | null | Error> => {
        const known = this.#inHand.find(one) ?? null;
        return known || isAll ? Promise.resolve(known) : this.#readOne(one).catch(asError);
      }),
    );
  }

  #missing(wanted: readonly Wanted[]): Wanted[] {
    return wanted.filter((one) => !this.#inHand.find(one));
  }

  #readOne({ by, text }: Wanted): Promise<Contact | null> {
    if (by === 'email') return this.#readByEmail(text);
    const query = this.#source.include();
    const call = this.#api.call('getContact', { path: { contact_id: text }, query });
    return withRequestedId('contact_id', text, nullIfNotFound(call));
  }

  async #readByEmail(email: string): Promise<Contact | null> {
    const { contacts } = await this.#api.call('getContacts', {
      query: { email, status: 'all', ...this.#source.include() },
    });
    return contacts?.[0] ?? null;
  }

  /**
   * Reads the pages of a collection until all are found or going on does not pay any more.
   * @param known how many contacts it has, as far as that is known
   */
  async #scan(
    filter: ContactFilter,
    wanted: readonly Wanted[],
    pays: Pays,
    known?: number,
  ): Promise<Scanned> {
    const source = this.#source.list(filter, { count: true, keep: false });
    const looked = new Set<string | undefined>();
    const sought = new Set(wanted.map(keyOf));
    let told: number | null = null;
    const walk = new Walk();
    let position: string | null = null;
    let read = 0;
    let rest: number;
    do {
      const page = await source.fetch(position, CONTACTS_PER_PAGE, source.brings);
      told ??= page.total;
      for (const contact of page.rows) {
        looked.add(contact.contact_id);
        if (keysOf(contact).some((key) => sought.has(key))) this.#inHand.add([contact]);
      }
      position = walk.to(page.next);
      read += 1;
      rest = pagesOf(Math.max((told ?? known ?? looked.size) - looked.size, 1));
    } while (position !== null && this.#goesOn(wanted, pays, rest, read));
    // Contacts move between pages when the account changes meanwhile; the number tells whether one slipped through.
    return { rest, isWhole: position === null && told !== null && looked.size >= told };
  }

  #goesOn(wanted: readonly Wanted[], pays: Pays, pages: number, read: number): boolean {
    const missing = this.#missing(wanted).length;
    return missing > pages && pays(missing, pages, read);
  }

  /** Mails that so many of these contacts got that it may pay to look through the lists that they went to. */
  #mailsOf(wanted: readonly Wanted[]): Mail[] {
    if (wanted.length < LISTS_FROM) return [];
    const mails = wanted.flatMap(({ text }) => this.#mailOf?.get(text) ?? []);
    return mails.length < LISTS_FROM ? [] : [...new Map(mails.map((mail) => [mail.id, mail])).values()];
  }

  /** The lists that these mails went to, all in one filter; none when they are too many. */
  async #listsFor(mails: readonly Mail[]): Promise<string[]> {
    const { listsOfMail } = this.#source;
    const lists = await Promise.all(mails.map(async (mail) => mail.lists ?? listsOfMail(mail.id)));
    const different = [...new Set(lists.flat())].sort();
    return different.length > LISTS_PER_FILTER ? [] : different;
  }

  /**
   * The account is looked through when that is less than a call each. When it turns out to be large, the lists that the
   * contacts have been on are looked through instead.
   * @returns whether what is not in hand then does not exist
   */
  async #scanFor(wanted: readonly Wanted[]): Promise<boolean> {
    const { size } = this.#source;
    const mails = this.#mailsOf(wanted);
    const unread = mails.filter(({ lists }) => lists === undefined).length;
    const isLarge = (count: number, pages: number) =>
      mails.length > 0 && Math.min(count, pages) >= LISTS_FROM + unread;
    const scanAccount = (pays: Pays) => this.#scan({ status: 'all' }, wanted, pays, size.total());
    const isWorth = (count: number) =>
      pagesOf(size.least()) < count && (size.total() !== undefined || count >= EXPLORE_FROM);

    let count = wanted.length;
    if (!isWorth(count) && !isLarge(count, pagesOf(size.least()))) return false;
    if (!isLarge(count, pagesOf(size.least()))) {
      const { isWhole, rest } = await scanAccount((left, pages) => !isLarge(left, pages));
      count = this.#missing(wanted).length;
      if (isWhole || !isLarge(count, rest)) return isWhole;
    }
    const lists = await this.#listsFor(mails);
    if (lists.length > 0) {
      // Who has left the lists is not on them: each page has to find one contact at least to have been worth it.
      const left = this.#missing(wanted);
      const pays: Pays = (still, _pages, read) => left.length - still >= read;
      await this.#scan({ lists: lists.join(','), status: 'all' }, left, pays);
    }
    count = this.#missing(wanted).length;
    return isWorth(count) ? (await scanAccount(() => true)).isWhole : false;
  }
}

function pagesOf(contacts: number): number {
  return Math.ceil(contacts / CONTACTS_PER_PAGE);
}

/** Contacts by what they are looked for by. Most pages are never looked through, so it is made when one is looked for. */
class ContactIndex {
  #contacts: Map<string, Contact> | undefined;
  #added: (readonly Contact[])[] = [];

  add(contacts: readonly Contact[]): void {
    this.#added.push(contacts);
  }

  find(one: Wanted): Contact | undefined {
    for (const contacts of this.#added) {
      this.#contacts ??= new Map();
      for (const contact of contacts) for (const key of keysOf(contact)) this.#contacts.set(key, contact);
    }
    if (this.#added.length > 0) this.#added = [];
    return this.#contacts?.get(keyOf(one));
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
  const end = key.indexOf(' ');
  return { by: key.slice(0, end) as Wanted['by'], text: key.slice(end + 1) };
}
