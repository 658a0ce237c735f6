import type { CostOf, Costs, Counted, LoaderCost } from '../loaders/cost.js';
import { cursorCost } from '../resolvers/support/cursor.js';
import type { Length, Sizes } from './collection-cost.js';
import * as words from './cost-words.js';

/** What is asked of a field, as far as its cost depends on it. */
export interface Asked {
  /** Coerced arguments. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Whether nothing but these is selected below the field; `emailAddress.address` is a field of a field. */
  only(paths: readonly string[]): boolean;
  /** Whether any of these is selected anywhere below the field. */
  selects(fields: readonly string[]): boolean;
  /** Whether any of these is selected directly below the field. */
  has(fields: readonly string[]): boolean;
  /** Coerced arguments of the field above. */
  readonly parentArgs: Readonly<Record<string, unknown>>;
  /** How many different objects the field is selected on. */
  readonly objects: number;
  /** How many of these are in one list or connection. */
  readonly perList: number;
  /** What is assumed of the account. */
  readonly sizes: Sizes;
  /** What the object of the field was read with (`Cost.readBy`), as far as that is known. */
  readonly readBy?: string | undefined;
  /** The kind of the objects, where they were read by it (`Cost.kind`). */
  readonly kind?: string | undefined;
}

/** Fields that name the same key pay once an operation, or once an object. */
export interface Once {
  key: string;
  per: 'operation' | 'object';
  /** What is read along. It takes a read of its own, which serves those that need nothing along as well. */
  along?: string | undefined;
  /** Whether it is so only for a field of the root without any argument but `first`. */
  ifWhole?: boolean;
}

/** One reason for which a field costs REST calls. */
export interface CostPart {
  /** Calls for `n` different objects. */
  calls(n: number, asked: Asked): number;
  /** Set where several fields share the calls. The same field with the same arguments shares them anyway. */
  once?: Once;
  /** The same in words, for a field of `parent`, or of a root or payload when null; empty when another part says it. */
  says(parent: string | null): string;
  /** When it costs nothing, in words. */
  free: string;
  /** Sentences that explain it, after those of all parts. */
  note?: string;
}

/** What a field costs, in REST calls. A field declares it as its option `queryCost`, and has it under `extensions.cost`. */
export interface Cost {
  readonly parts: readonly CostPart[];
  /** Most objects that one object has in this field; for a connection, most rows of a page. */
  rows?(asked: Asked): number;
  /** How many different objects the field leads to from `n` objects, where that is fewer. */
  different?(n: number, asked: Asked): number;
  /** How often a subscription resolves what is below it, each time with nothing read before. */
  events?: number;
  /** The read that the objects of the field come from, where other fields cost nothing because of it. */
  readBy?: string;
  /** The one kind of rows that is asked for, where their numbers are known by kind. */
  kind?(asked: Asked): string | undefined;
  /** Set where the list has as many objects as the field above it was declared to have rows. */
  sameRows?: boolean;
}

/** What a type declares of which an account has a limited number of objects, under its `extensions`. */
export type Distinct = {
  /** However often they are named, what is loaded of each is loaded once an operation. */
  distinct: Counted;
};

/** When a part is due. */
export interface Condition {
  /** Free when nothing but these fields is selected. */
  unless?: readonly string[];
  /** Due only when one of these fields is selected anywhere below. */
  selects?: readonly string[];
  /** Due only then. */
  due?: (n: number, asked: Asked) => boolean;
  /** In words, when it is due; of `selects` the names unless said. */
  when?: string;
  /** In words, when it is free although the query cost counts it. */
  noneWhen?: string;
}

export interface Rows {
  /** Objects that the answer holds. */
  rows?: number | Length;
}

export type Declared<Class extends LoaderCost['costClass']> = Costs<CostOf<Class>>;
export type Collection = Declared<'SCAN' | 'WHOLE'>;
export type Paged = Declared<'SCAN' | 'PAGES' | 'EXPLORED'>;

export function fixed(rows: number | Length | undefined) {
  return rows === undefined ? {} : { rows: ({ sizes }: Asked) => lengthOf(rows, sizes) };
}

export function part(
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

export function lengthOf(rows: Length | number, sizes: Sizes): number {
  return typeof rows === 'number' ? rows : sizes.lengthOf(rows);
}

export function itemsOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 1;
}

export function at(args: Asked['args'], path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | null | undefined)?.[name],
    args,
  );
}

export function rowsOf(first: number) {
  return ({ args }: Asked): number => Math.max(1, typeof args['first'] === 'number' ? args['first'] : first);
}

/** A cursor carries the size of the pages that it was made with, and may stand in the middle of one. */
export function pageCalls(perCall: number, rows: number, asked: Asked): number {
  const { after } = asked.args;
  if (typeof after !== 'string') return Math.max(1, Math.ceil(rows / perCall));
  const { pageSize, skipped } = cursorCost(after) ?? { pageSize: perCall, skipped: 0 };
  return Math.ceil((rows + skipped) / Math.min(perCall, pageSize)) + 1;
}

/** Calls for the first rows of `n` groups, whose sizes are known: the largest ones. */
export function groupCalls(perCall: number, rows: number, n: number, groups: readonly number[]): number {
  const pages = groups.slice(0, n).map((size) => Math.max(1, Math.ceil(Math.min(rows, size) / perCall)));
  return sum(pages) + Math.max(0, n - groups.length);
}

/** First rows of `n` groups, whose sizes are known: the largest ones. */
export function groupRows(rows: number, n: number, groups: readonly number[]): number {
  return sum(groups.slice(0, n).map((size) => Math.min(rows, size)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
