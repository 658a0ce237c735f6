import { contacts } from '../loaders/contact.js';
import { emailCampaigns } from '../loaders/email-campaign.js';
import { DEFAULT_FIRST } from '../resolvers/support/page.js';
import { pageSizeOf } from '../resolvers/support/cursor.js';

/** What is asked of a field, as far as its price depends on it. */
export interface Asked {
  /** Coerced arguments. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Whether nothing but these is selected below the field; `emailAddress.address` is a field of a field. */
  only(paths: readonly string[]): boolean;
  /** Whether any of these is selected anywhere below the field. */
  selects(fields: readonly string[]): boolean;
}

/** One reason for which a field costs REST calls. */
export interface PricePart {
  /** Calls at worst for `n` objects that are resolved together. */
  calls(n: number, asked: Asked): number;
  /** Set where several fields share the calls: those that name the same key pay once an operation, or once an object. */
  once?: { key: string; per: 'operation' | 'object' };
}

/** What a field costs at worst, as it is declared beside the field under `extensions.price`. */
export interface Price {
  parts: readonly PricePart[];
  /** Most objects that one object has in this field; for a connection, most rows of a page. */
  rows?(asked: Asked): number;
  /** How often a subscription resolves what is below it, each time with nothing read before. */
  events?: number;
  /** Set where the values come in one by one, so that what is below them cannot be loaded together. */
  apart?: boolean;
  /** Set where the list has as many objects as the field above it was declared to have rows. */
  sameRows?: boolean;
}

/** What a type declares of which an account has a limited number of objects, under its `extensions`. */
export type Distinct = {
  /** So many objects at most; however often they are named, what is loaded of each is loaded once an operation. */
  most: number;
};

/** A type alias, because what stands under `extensions` wants an index signature. */
export type Priced = { price: Price };

/** Fields that cost nothing by themselves: with no others selected, the object is not read. */
interface Unless {
  unless?: readonly string[];
}

/**
 * Calls for a whole reference collection. Where the API sets no limit on a collection, the size is a guess that few
 * accounts exceed; it is the one place where a price can be too low.
 */
const SCANS = {
  /** 1,000 lists at most, 1,000 a call (api-documented). */
  lists: 1,
  listCounts: 1,
  activeListCounts: 1,
  /** 1,000 tags, 500 a call. */
  tags: 2,
  tagCounts: 2,
  /** 1,000 segments, 1,000 a call. */
  segments: 1,
  /** 100 fields at most, all at once. */
  customFields: 1,
  account: 1,
  accountEmails: 1,
  socialProfiles: 1,
  socialConnections: 1,
  automations: 1,
  newestSummaries: 1,
  webhookTopics: 1,
  /** 1,000 events, 100 a call. */
  events: 10,
  /** 1,000 client accounts, 50 a call. */
  partnerAccounts: 20,
  /** A file of an export, read by all fields that want a piece of it. */
  exportFile: 1,
} as const;

/** How many there are in an account: 1,000 lists (api-documented), and as many tags and segments, which is a guess. */
const DISTINCT = { lists: 1_000, tags: 1_000, segments: 1_000 } as const;

/** Contacts and campaigns are read one by one or by a scan of 500 a call, whichever is less; a guess at the calls of the scan. */
const ACCOUNT_SCANS = { contacts: 200, campaigns: 20 } as const;
/** Fewer than these are read one by one. */
const EXPLORED_FROM = { contacts: contacts.cost.from, campaigns: emailCampaigns.cost.from } as const;

/** Different ids that a scan does not hold: lists for text messages, and what was made since; a guess. */
const MOST_MISSES = 100;

/** Looks at what a subscription of an hour follows, when it changes all the time: see `pauseBeforeRead`. */
export const MOST_LOOKS = 270;
/** Events in the same time of what changes only when somebody does something, or a step is done; a guess. */
export const MOST_STEPS = 10;

const priced = (parts: readonly PricePart[], rest: Omit<Price, 'parts'> = {}): Priced => ({
  price: { parts, ...rest },
});

const part = (calls: PricePart['calls'], { unless }: Unless = {}, once?: PricePart['once']): PricePart => ({
  calls: (n, asked) => (unless && asked.only(unless) ? 0 : calls(n, asked)),
  ...(once && { once }),
});

const constant = (rows: number | undefined) => (rows === undefined ? {} : { rows: () => rows });

/** Prices to write under `extensions` of a field. All of them are upper bounds. */
export const price = {
  /** Nothing beyond what the object cost itself. */
  none: priced([]),

  /** Inline objects, so many at most. */
  rows: (most: number) => priced([], { rows: () => most }),

  /** So many calls for each object. `rows`: how many objects the answer holds at most. */
  each: ({ calls = 1, rows, ...options }: Unless & { calls?: number; rows?: number } = {}) =>
    priced([part((n) => n * calls, options)], { apart: true, ...constant(rows) }),

  /** One call for each item of a list argument, and what looking for them together may cost before. */
  eachOf: (argument: string) => {
    const count = ({ args }: Asked) => lengthOf(args[argument]);
    const calls = (n: number) => n + Math.min(n, ACCOUNT_SCANS.campaigns);
    return priced([part((n, asked) => n * calls(count(asked)))], { rows: count, apart: true });
  },

  /**
   * Something that is followed: a call for each look at it, so many at most, and as many events of which each is resolved
   * anew as it can change in that time.
   */
  watch: ({ looks, events }: { looks: number; events: number }) =>
    priced([part((n) => n * looks)], { events }),

  /** A collection that is read once an operation, whatever asks for it. `misses`: ids that are not in it cost a call each, once. */
  scan: (
    key: keyof typeof SCANS,
    { misses = false, rows, ...options }: Unless & { misses?: boolean; rows?: number } = {},
  ) =>
    priced(
      [
        part(() => SCANS[key], options, { key, per: 'operation' }),
        ...(misses ? [part((n) => Math.min(n, MOST_MISSES), options)] : []),
      ],
      constant(rows),
    ),

  /** One call for each object, shared by all fields of the object that name the same key. */
  detail: (key: string, { rows, ...options }: Unless & { rows?: number } = {}) =>
    priced([part((n) => n, options, { key, per: 'object' })], { apart: true, ...constant(rows) }),

  /** Many ids a call. */
  batch: (size: number, options: Unless = {}) => priced([part((n) => Math.ceil(n / size), options)]),

  /** Many ids a call; more of them, where nothing but these fields is selected, are looked for in the newest summaries before. */
  batchOrSummaries: (size: number, fields: readonly string[]) =>
    priced([
      part((n) => Math.ceil(n / size)),
      part(
        (n, asked) => (n > size && asked.only(fields) ? SCANS.newestSummaries : 0),
        {},
        {
          key: 'newestSummaries',
          per: 'operation',
        },
      ),
    ]),

  /** Contacts or campaigns by id: the least of one call each and a scan, with what finding out which may cost. */
  byId: (what: keyof typeof ACCOUNT_SCANS, options: Unless = {}) =>
    priced([part((n) => byIdCalls(what, n), options)]),

  /**
   * Objects of a type that is in an account so many times at most. What hangs on one of them is loaded for each by itself:
   * prices of their fields may not say that several together cost more than each alone.
   */
  distinct: (what: keyof typeof DISTINCT): Distinct => ({ most: DISTINCT[what] }),

  /** Members of a list or contacts with a tag. Where all may be wanted, a call may tell the number of them. */
  members: (counts: 'listCounts' | 'tagCounts') =>
    price.all(
      price.pages(contacts.cost.pageSize),
      priced([
        part(
          (_n, asked) => (rowsOf(DEFAULT_FIRST)(asked) >= contacts.cost.pageSize ? SCANS[counts] : 0),
          {},
          { key: counts, per: 'operation' },
        ),
      ]),
    ),

  /** A page in which several objects are looked for before each is read by itself; one for the whole operation. */
  explored: (key: string, options: Unless = {}) =>
    priced([part(() => 1, options, { key: `${key} explored`, per: 'operation' })]),

  /** The same for parts of a report, one for each report. The objects are either what has the reports, or the parts of one. */
  exploredParts: (
    key: string,
    { ofOne = false, when = () => true }: { ofOne?: boolean; when?: (asked: Asked) => boolean } = {},
  ) =>
    priced([
      part((n, asked) => (when(asked) ? (ofOne ? 1 : n) : 0), {}, { key: `${key} explored`, per: 'object' }),
    ]),

  /** A connection: so many rows a call, for each object. */
  pages: (perCall: number, { first = DEFAULT_FIRST }: { first?: number } = {}) =>
    priced([part((n, asked) => n * pageCalls(perCall, first, asked))], { rows: rowsOf(first) }),

  /** A connection over rows that one call brings; `most` is a guess at their number. */
  whole: (most: number, calls = 1) =>
    priced([part((n) => n * calls)], { rows: (asked) => Math.min(rowsOf(most)(asked), most) }),

  /** Another price that is due only when one of these fields is selected below. */
  when: (fields: readonly string[], { price: { parts } }: Priced) =>
    priced(
      parts.map((one) => ({
        ...one,
        calls: (n: number, asked: Asked) => (asked.selects(fields) ? one.calls(n, asked) : 0),
      })),
    ),

  /** Nothing; but as many objects as the list argument at this path has items. */
  rowsOf: (...path: readonly string[]) => priced([], { rows: ({ args }) => lengthOf(at(args, path)) }),

  /** As many objects as `rowsOf` said at the field above. */
  sameRows: priced([], { sameRows: true }),

  /** Rows of contacts that are read once more when one of these fields is selected below them. */
  rereadRows: (fields: readonly string[], applies: (asked: Asked) => boolean = () => true) =>
    priced([
      part((n, asked) =>
        asked.selects(fields) && applies(asked) ? n * byIdCalls('contacts', rowsOf(DEFAULT_FIRST)(asked)) : 0,
      ),
    ]),

  /** All of these together. */
  all: (...prices: readonly Priced[]): Priced =>
    prices.reduce((sum, { price: next }) => ({
      price: { ...sum.price, ...next, parts: [...sum.price.parts, ...next.parts] },
    })),
};

function byIdCalls(what: keyof typeof ACCOUNT_SCANS, n: number): number {
  // A scan of campaigns that finds nothing costs as much again as the single calls at most. One of contacts costs a call;
  // and for the readers of a mail, to see which lists it went to and that they have left those, two more.
  const without = what === 'contacts' ? n + (n < (contacts.cost.smallerFrom ?? Infinity) ? 1 : 3) : 2 * n;
  return n < EXPLORED_FROM[what] ? n : Math.min(without, ACCOUNT_SCANS[what] + 1);
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 1;
}

function at(args: Asked['args'], path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | null | undefined)?.[name],
    args,
  );
}

function rowsOf(first: number) {
  return ({ args }: Asked): number => Math.max(1, typeof args['first'] === 'number' ? args['first'] : first);
}

/** A cursor carries the size of the pages that it was made with, and may stand in the middle of one. */
function pageCalls(perCall: number, first: number, asked: Asked): number {
  const rows = rowsOf(first)(asked);
  const { after } = asked.args;
  if (typeof after !== 'string') return Math.ceil(rows / Math.min(perCall, rows));
  const size = Math.min(perCall, Math.max(1, pageSizeOf(after) ?? perCall));
  return Math.ceil(rows / size) + 1;
}
