import { DEFAULT_FIRST } from '../resolvers/support/page.js';
import { exploredCalls, exploring, MISSES, scanCalls, scanned, type Length } from './collection-cost.js';
import { pages, pagesOfMembers, rowsOfPart, type Members, type Part } from './cost-pages.js';
import {
  at,
  fixed,
  itemsOf,
  lengthOf,
  part,
  rowsOf,
  type Asked,
  type Collection,
  type Condition,
  type Cost,
  type CostPart,
  type Declared,
  type Distinct,
  type Paged,
  type Rows,
} from './cost-part.js';
import * as words from './cost-words.js';

export type { Asked, Cost } from './cost-part.js';

/** Polls of a subscription in an hour when the object changes all the time: see `pauseBeforeRead`. */
export const MOST_POLLS = 270;
/** Events in an hour for an object that changes only when a person acts or a step is completed; an estimate. */
export const MOST_STEPS = 10;

const NONE: Cost = { parts: [] };

const SHARED = 'All fields of the object with this cost share the call.';

/**
 * Costs for the option `queryCost` of a field. Each gives the calls, which are an upper bound, and the sentence of the field's
 * description; figures come from the declarations of the loaders.
 */
export const cost = {
  /** No call beyond those of the object itself. */
  none: NONE,

  /** No call; at most this many objects, or `first` if that is lower. */
  rows: (rows: Length | number): Cost => ({
    parts: [],
    rows: (asked) => Math.min(rowsOf(Infinity)(asked), lengthOf(rows, asked)),
  }),

  /**
   * A fixed number of calls for each object.
   *
   * @param options.usually the usual number of calls, for the description, when it is lower; 0 states no usual number
   * @param options.counted the number that query costs count in ordinary accounts, when it is lower
   * @param options.oneWhen in words, when it is one call
   */
  calls: (
    calls: number,
    {
      usually = calls,
      counted,
      oneWhen,
      rows,
      ...condition
    }: Condition & Rows & { usually?: number; counted?: (asked: Asked) => number; oneWhen?: string } = {},
  ): Cost => ({
    parts: [
      part(
        (n, asked) => n * asked.sizes.lengthOf({ usual: counted?.(asked) ?? calls, most: calls }),
        () => words.upTo(calls, usually),
        condition,
        notes(
          usually > 0 && usually < calls && `Usually ${String(usually)}.`,
          oneWhen && `Only 1 when ${oneWhen}.`,
        ),
      ),
    ],
    ...fixed(rows),
  }),

  /**
   * One call for each object.
   *
   * @param options.batched where a call for many ids returns all selected fields: that loader, and when it does
   */
  one: (
    { cost: { rows: what } }: Declared<'ONE'>,
    {
      rows,
      batched,
      ...condition
    }: Condition & Rows & { batched?: { by: Declared<'BATCH'>; when: (asked: Asked) => boolean } } = {},
  ): Cost => ({
    parts: [
      part(
        (n, asked) => {
          if (!batched?.when(asked)) return n;
          const batches = Math.ceil(n / batched.by.cost.size);
          return asked.sizes.lengthOf({ usual: batches, most: batches + n });
        },
        (parent) => (parent ? words.perOne(what) : '1 REST call'),
        condition,
      ),
    ],
    readBy: what,
    ...fixed(rows),
  }),

  /** One call for each object, shared by all fields of the object that have this cost. */
  detail: (
    { cost: { rows: what } }: Declared<'ONE' | 'WHOLE'>,
    { rows, ...condition }: Condition & Rows = {},
  ): Cost => ({
    parts: [
      part(
        (n, asked) => (asked.readBy === what ? 0 : n),
        () => words.perOne(what),
        condition,
        { once: { key: 'detail', per: 'object' }, note: SHARED },
      ),
    ],
    ...fixed(rows),
  }),

  /** Many ids per call. */
  batch: ({ cost: { rows, size } }: Declared<'BATCH'>, condition: Condition = {}): Cost => ({
    parts: [
      part(
        (n) => Math.ceil(n / size),
        () => words.perPage(size, rows),
        condition,
      ),
    ],
  }),

  /** One call for all rows of a page. */
  perPage: (condition: Condition): Cost => ({
    parts: [
      part(
        (n, { perList }) => Math.ceil(n / perList),
        () => '1 REST call for all rows of a page',
        condition,
        { apart: () => false },
      ),
    ],
  }),

  /**
   * A collection that is read once per operation, for all fields that need it.
   *
   * @param options.along an addition to its rows, which needs a scan of its own
   * @param options.misses true when ids that are not in it cost a call each, once
   */
  scan: (
    { cost: collection }: Collection,
    {
      along,
      misses = false,
      rows,
      ...condition
    }: Condition & Rows & { along?: string; misses?: boolean } = {},
  ): Cost => {
    const says = () => `${scanned(collection)}${along ? ` with their ${along}` : ''}`;
    const missed = () => `${words.perOne(collection.rows)} that is not among them`;
    const { rows: key } = collection;
    return {
      parts: [
        part((_n, { sizes }) => scanCalls(collection, sizes), says, condition, {
          once: { key, along, per: 'operation' },
        }),
        ...(misses
          ? [
              part((n, { sizes }) => Math.min(n, sizes.lengthOf(MISSES)), missed, condition, {
                once: { key: `${key} missed`, along, per: 'operation' },
              }),
            ]
          : []),
      ],
      ...fixed(rows),
    };
  },

  /**
   * The newest rows of a collection: a page, read once per operation.
   *
   * @param options.among where further pages are read until all are found: a collection that has at least as many rows
   */
  newest: (
    { cost: of }: Paged,
    { among, ...condition }: Condition & { among?: Declared<'EXPLORED'> } = {},
  ): Cost => ({
    parts: [
      part(
        (_n, { sizes }) => (among ? Math.ceil(sizes.rowsOf(among.cost) / sizes.pageSizeOf(of)) : 1),
        () =>
          among
            ? words.perPage(of.pageSize, `existing ${among.cost.rows}`)
            : `1 REST call for the ${words.count(of.pageSize)} newest ${of.rows}`,
        condition,
        { once: { key: `newest ${of.rows}`, per: 'operation' } },
      ),
    ],
  }),

  /** Objects by id: the lower of one call each and a scan, plus the calls that finding out which is lower may waste. */
  explored: ({ cost: collection }: Declared<'EXPLORED'>, condition: Condition = {}): Cost => ({
    parts: [
      part(
        (n, { sizes }) => exploredCalls(collection, n, sizes),
        () => words.perOne(collection.rows),
        condition,
        { note: exploring(collection) },
      ),
    ],
  }),

  /**
   * A connection whose rows may be read again by their ids.
   *
   * @param options.part the part of the collection that the connection is
   */
  reread: (
    { cost: collection }: Declared<'EXPLORED'>,
    { part: partName, ...condition }: Condition & Part,
  ): Cost => ({
    parts: [
      part(
        (n, asked) => {
          const rows = Math.min(rowsOf(DEFAULT_FIRST)(asked), rowsOfPart(collection.rows, partName, asked));
          const most = n * exploredCalls(collection, rows, asked.sizes);
          return asked.sizes.lengthOf({ usual: exploredCalls(collection, n * rows, asked.sizes), most });
        },
        () => words.perOne(collection.rows),
        condition,
        { note: exploring(collection) },
      ),
    ],
  }),

  /** A page that is searched for several objects before each is read by itself; one per operation. */
  lookUp: ({ cost: { rows } }: Declared<'EXPLORED'>, condition: Condition = {}): Cost => ({
    parts: [
      part(
        () => 1,
        () => '1 REST call',
        { when: `several ${rows} are requested`, ...condition },
        { once: { key: `${rows} looked up`, per: 'operation' } },
      ),
    ],
  }),

  /** `lookUp` for parts of a report, one for each report. `ofOne`: the objects are the parts of one. */
  lookUpParts: (
    report: string,
    { ofOne = false, when, ...condition }: Condition & { ofOne?: boolean } = {},
  ): Cost => ({
    parts: [
      part(
        (n) => (ofOne ? 1 : n),
        () => '1 REST call per email',
        {
          ...condition,
          when: `several parts of \`${report}\` are requested${when ? ` and ${when}` : ''}`,
        },
        { once: { key: `${report} looked up`, per: 'object' } },
      ),
    ],
  }),

  pages,

  /** A connection over a collection that one call returns whole. */
  whole: ({ cost: collection }: Collection, length: Length): Cost => ({
    parts: [
      part(
        (_n, { sizes }) => scanCalls(collection, sizes),
        () => scanned(collection),
      ),
    ],
    rows: (asked) =>
      Math.min(rowsOf(Infinity)(asked), asked.sizes.rowsOf({ rows: collection.rows, ...length })),
  }),

  /**
   * Members of a list or contacts with a tag. Where all may be requested, a call may read their numbers, and those of several
   * are read together.
   */
  members: (
    members: Members,
    groups: Declared<'SCAN'>,
    { along, all }: { along: string; all: Declared<'EXPLORED'> },
  ): Cost =>
    cost.all(
      pagesOfMembers(members, groups, all),
      cost.scan(groups, {
        along,
        due: (_n, asked) => rowsOf(DEFAULT_FIRST)(asked) >= members.cost.pageSize,
        when: `\`first\` is ${words.count(members.cost.pageSize)} or more`,
      }),
    ),

  /** A subscription that polls: the polls of an hour, and the events in that time, each of which is resolved by itself. */
  watch: ({ events }: { events: number }): Cost => ({
    parts: [
      part(
        (n) => n * MOST_POLLS,
        () => '1 REST call per poll',
        {},
        { note: `At most ${words.count(MOST_POLLS)} polls per hour.` },
      ),
    ],
    events,
  }),

  /** The cost `of`, where the objects lead to fewer different ones. */
  fewer: (different: NonNullable<Cost['different']>, of: Cost): Cost => ({
    ...of,
    parts: of.parts.map((one) => ({
      ...one,
      calls: (n, asked) => one.calls(Math.min(n, different(n, asked)), asked),
    })),
    different,
  }),

  /** No call; one object for each item of the list argument at this path. */
  rowsOf: (...path: readonly string[]): Cost => ({ parts: [], rows: ({ args }) => itemsOf(at(args, path)) }),

  /** No call; as many objects as `rowsOf` returned at the field above. */
  sameRows: { parts: [], sameRows: true } as Cost,

  /** All of these together. */
  all: (...costs: readonly Cost[]): Cost =>
    costs.reduce((sum, next) => ({ ...sum, ...next, parts: [...sum.parts, ...next.parts] })),
};

/**
 * Extensions of a type of which an account has a limited number. Its objects are loaded one by one: the cost
 * of several together must not exceed the sum of the costs of each.
 */
export const distinct = ({ cost }: Declared<'SCAN' | 'EXPLORED'>): Distinct => ({ distinct: cost });

/** Sentences as the `note` of a part; those that are not due are left out. */
function notes(...sentences: readonly (string | false | undefined)[]): Pick<CostPart, 'note'> {
  const note = sentences.filter(Boolean).join(' ');
  return note ? { note } : {};
}
