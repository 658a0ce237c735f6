import type { CostOf, Costs, LoaderCost } from '../loaders/cost.js';
import { DEFAULT_FIRST } from '../resolvers/support/page.js';
import { reachOf } from '../resolvers/support/cursor.js';
import { exploredCalls, exploring, scanCalls, scanned } from './collection-cost.js';
import * as words from './cost-words.js';

/** What is asked of a field, as far as its cost depends on it. */
export interface Asked {
  /** Coerced arguments. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Whether nothing but these is selected below the field; `emailAddress.address` is a field of a field. */
  only(paths: readonly string[]): boolean;
  /** Whether any of these is selected anywhere below the field. */
  selects(fields: readonly string[]): boolean;
}

/** One reason for which a field costs REST calls. */
export interface CostPart {
  /** Calls at worst for `n` objects that are resolved together. */
  calls(n: number, asked: Asked): number;
  /** Set where several fields share the calls: those that name the same key pay once an operation, or once an object. */
  once?: { key: string; per: 'operation' | 'object' };
  /** The same in words, for a field of `parent`, or of a root or payload when null. */
  says(parent: string | null): string;
  /** When it costs nothing, in words. */
  free: string;
  /** Sentences that explain it, after those of all parts. */
  note?: string;
}

/** What a field costs at worst, in REST calls. A field declares it as its option `queryCost`, and has it under `extensions.cost`. */
export interface Cost {
  readonly parts: readonly CostPart[];
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

/** Different ids that a scan does not hold: lists for text messages, and what was made since; a guess. */
const MOST_MISSES = 100;

/** Polls of a subscription in an hour, when what it follows changes all the time: see `pauseBeforeRead`. */
export const MOST_POLLS = 270;
/** Events in the same time of what changes only when somebody does something, or a step is done; a guess. */
export const MOST_STEPS = 10;

/** When a part is due. */
interface Condition {
  /** Free when nothing but these fields is selected. */
  unless?: readonly string[];
  /** Due only when one of these fields is selected anywhere below. */
  selects?: readonly string[];
  /** Due only then. */
  due?: (n: number, asked: Asked) => boolean;
  /** In words, when it is due; of `selects` the names unless said. */
  when?: string;
  /** In words, when it is free although the price counts it. */
  noneWhen?: string;
}

interface Rows {
  /** Most objects that the answer holds. */
  rows?: number;
}

type Declared<Class extends LoaderCost['costClass']> = Costs<CostOf<Class>>;
type Collection = Declared<'SCAN' | 'WHOLE'>;
type Paged = Declared<'SCAN' | 'PAGES' | 'EXPLORED'>;

const fixed = (rows: number | undefined) => (rows === undefined ? {} : { rows: () => rows });

function part(
  calls: CostPart['calls'],
  says: CostPart['says'],
  { unless, selects, due, when = selects && words.selected(selects), noneWhen }: Condition = {},
  { once, note }: Pick<CostPart, 'once' | 'note'> = {},
): CostPart {
  const isDue = (n: number, asked: Asked) =>
    !(unless && asked.only(unless)) && (!selects || asked.selects(selects)) && (!due || due(n, asked));
  return {
    calls: (n, asked) => (isDue(n, asked) ? calls(n, asked) : 0),
    says: (parent) => says(parent) + (when ? ` when ${when}` : ''),
    free: [unless && words.onlySelected(unless), noneWhen].filter(Boolean).join(', or when '),
    ...(once && { once }),
    ...(note && { note }),
  };
}

const NONE: Cost = { parts: [] };

/**
 * Costs to write beside a field. Each gives the price, which is an upper bound, and the sentence of the field's description;
 * figures come from the declarations of the loaders.
 */
export const cost = {
  /** Nothing beyond what the object cost itself. */
  none: NONE,

  /** Nothing; but so many objects at most, or as many as `first` says. */
  rows: (most: number): Cost => ({ parts: [], rows: (asked) => Math.min(rowsOf(most)(asked), most) }),

  /**
   * So many calls for each object, whoever makes them.
   *
   * @param options.usually the usual number of calls, when it is lower
   * @param options.oneWhen when it is one, in words
   */
  calls: (
    calls: number,
    {
      usually = calls,
      oneWhen,
      rows,
      ...condition
    }: Condition & Rows & { usually?: number; oneWhen?: string } = {},
  ): Cost => ({
    parts: [
      part(
        (n) => n * calls,
        () => words.upTo(calls, usually) + (oneWhen ? `; 1 when ${oneWhen}` : ''),
        condition,
      ),
    ],
    apart: true,
    ...fixed(rows),
  }),

  /** One call for each object. */
  one: ({ cost: { rows: what } }: Declared<'ONE'>, { rows, ...condition }: Condition & Rows = {}): Cost => ({
    parts: [
      part(
        (n) => n,
        (parent) => (parent ? words.perOne(what) : '1 REST call'),
        condition,
      ),
    ],
    apart: true,
    ...fixed(rows),
  }),

  /** One call for each object, shared by all fields of the object that have this cost. */
  detail: (
    { cost: { rows: what } }: Declared<'ONE' | 'WHOLE'>,
    { rows, ...condition }: Condition & Rows = {},
  ): Cost => ({
    parts: [
      part(
        (n) => n,
        () => `${words.perOne(what)}, shared by all fields with this cost`,
        condition,
        { once: { key: 'detail', per: 'object' } },
      ),
    ],
    apart: true,
    ...fixed(rows),
  }),

  /** Many ids a call. */
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
        () => 1,
        () => '1 REST call for all rows of a page',
        condition,
      ),
    ],
  }),

  /**
   * A collection that is read once an operation, whatever asks for it.
   *
   * @param options.along what is read along with its rows, in a scan of its own
   * @param options.misses whether ids that are not in it cost a call each, once
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
    const key = along ? `${collection.rows} with ${along}` : collection.rows;
    const says = () => `${scanned(collection)}${along ? ` with their ${along}` : ''}`;
    const missed = () => `${words.perOne(collection.rows)} that is not among them`;
    return {
      parts: [
        part(() => scanCalls(collection), says, condition, { once: { key, per: 'operation' } }),
        ...(misses ? [part((n) => Math.min(n, MOST_MISSES), missed, condition)] : []),
      ],
      ...fixed(rows),
    };
  },

  /** The newest rows of a collection: a page, read once an operation. */
  newest: ({ cost: { rows, pageSize } }: Paged, condition: Condition = {}): Cost => ({
    parts: [
      part(
        () => 1,
        () => `1 REST call for the ${words.count(pageSize)} newest ${rows}`,
        condition,
        { once: { key: `newest ${rows}`, per: 'operation' } },
      ),
    ],
  }),

  /** Objects by id: the least of one call each and a scan, with what finding out which may cost. */
  explored: ({ cost: collection }: Declared<'EXPLORED'>, condition: Condition = {}): Cost => ({
    parts: [
      part(
        (n) => exploredCalls(collection, n),
        () => words.perOne(collection.rows),
        condition,
        { note: exploring(collection) },
      ),
    ],
  }),

  /** A connection whose rows may be read once more by their ids. */
  reread: ({ cost: collection }: Declared<'EXPLORED'>, condition: Condition): Cost => ({
    parts: [
      part(
        (n, asked) => n * exploredCalls(collection, rowsOf(DEFAULT_FIRST)(asked)),
        () => words.perOne(collection.rows),
        condition,
        { note: exploring(collection) },
      ),
    ],
  }),

  /** A page in which several objects are looked for before each is read by itself; one for the whole operation. */
  lookUp: ({ cost: { rows } }: Declared<'EXPLORED'>, condition: Condition = {}): Cost => ({
    parts: [
      part(
        () => 1,
        () => '1 REST call',
        { when: `several ${rows} are asked for`, ...condition },
        { once: { key: `${rows} looked up`, per: 'operation' } },
      ),
    ],
  }),

  /** The same for parts of a report, one for each report. `ofOne`: the objects are the parts of one. */
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
          when: `several parts of \`${report}\` are asked for${when ? ` and ${when}` : ''}`,
        },
        { once: { key: `${report} looked up`, per: 'object' } },
      ),
    ],
  }),

  /** A connection: so many rows a call, for each object. */
  pages: ({ cost: { rows, pageSize } }: Paged, { first = DEFAULT_FIRST }: { first?: number } = {}): Cost => ({
    parts: [
      part(
        (n, asked) => n * pageCalls(pageSize, first, asked),
        (parent) => words.perPage(pageSize, rows) + (parent ? ` of each \`${parent}\`` : ''),
      ),
    ],
    rows: rowsOf(first),
  }),

  /** A connection over a collection that one call brings whole, so many rows at most. */
  whole: ({ cost: collection }: Collection, most: number): Cost => ({
    ...cost.rows(most),
    parts: [
      part(
        (n) => n * scanCalls(collection),
        () => scanned(collection),
      ),
    ],
  }),

  /** Members of a list or contacts with a tag. Where all may be wanted, a call may tell the number of them. */
  members: (members: Paged, groups: Declared<'SCAN'>, along: string): Cost => {
    const { pageSize } = members.cost;
    return cost.all(
      cost.pages(members),
      cost.scan(groups, {
        along,
        due: (_n, asked) => rowsOf(DEFAULT_FIRST)(asked) >= pageSize,
        when: `\`first\` is ${words.count(pageSize)} or more`,
      }),
    );
  },

  /** Something that is polled, and as many events of which each is resolved anew as it can change in that time. */
  watch: ({ events }: { events: number }): Cost => ({
    parts: [
      part(
        (n) => n * MOST_POLLS,
        () => `1 REST call per poll, at most ${words.count(MOST_POLLS)} an hour`,
      ),
    ],
    events,
  }),

  /** Objects of any type by the ids of a list argument; of the types that are looked for together, this one wastes most. */
  byIds: (argument: string, { cost: dearest }: Declared<'EXPLORED'>): Cost => {
    const ids = ({ args }: Asked) => lengthOf(args[argument]);
    const calls = (n: number) => n + Math.min(n, scanCalls(dearest));
    return {
      parts: [
        part(
          (n, asked) => n * calls(ids(asked)),
          () => `1 REST call per item of \`${argument}\`, 2 at most`,
        ),
      ],
      rows: ids,
      apart: true,
    };
  },

  /** Nothing; but as many objects as the list argument at this path has items. */
  rowsOf: (...path: readonly string[]): Cost => ({ parts: [], rows: ({ args }) => lengthOf(at(args, path)) }),

  /** As many objects as `rowsOf` said at the field above. */
  sameRows: { parts: [], sameRows: true } as Cost,

  /** All of these together. */
  all: (...costs: readonly Cost[]): Cost =>
    costs.reduce((sum, next) => ({ ...sum, ...next, parts: [...sum.parts, ...next.parts] })),
};

/**
 * Extensions of a type of which an account has a limited number. What hangs on one of its objects is loaded for each by itself:
 * costs of their fields may not say that several together cost more than each alone.
 */
export const distinct = ({ cost: { most } }: Declared<'SCAN'>): Distinct => ({ most });

/** What the cost of a field of this type is in the field's description. */
export function costSentence({ parts }: Cost, parentType: string): string {
  if (parts.length === 0) return 'No extra REST call.';
  const parent = /^(Query|Mutation|Subscription)$|Payload$/.test(parentType) ? null : parentType;
  const [first] = parts;
  const shared = parts.every(({ free }) => free === first?.free) ? first?.free : '';
  const clauses = parts.map(
    ({ says, free }) => says(parent) + (free && !shared ? ` (none when ${free})` : ''),
  );
  const notes = new Set(parts.flatMap(({ note }) => note ?? []));
  return [`Cost: ${clauses.join(', plus ')}${shared ? `; none when ${shared}` : ''}.`, ...notes].join(' ');
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
  const { pageSize, skipped } = reachOf(after) ?? { pageSize: perCall, skipped: 0 };
  return Math.ceil((rows + skipped) / Math.min(perCall, pageSize)) + 1;
}
