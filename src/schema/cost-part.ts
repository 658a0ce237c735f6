import type { CostOf, Costs, Counted, LoaderCost } from '../loaders/cost.js';
import { cursorCost } from '../resolvers/support/cursor.js';
import type { Length, Sizes } from './collection-cost.js';
import * as words from './cost-words.js';

/** The selection of a field, as far as its cost depends on it. */
export interface Asked {
  /** Coerced arguments. */
  readonly args: Readonly<Record<string, unknown>>;
  /** True when only these are selected below the field; `emailAddress.address` is a field of a field. */
  only(paths: readonly string[]): boolean;
  /** True when any of these is selected anywhere below the field. */
  selects(fields: readonly string[]): boolean;
  /** True when any of these is selected directly below the field. */
  has(fields: readonly string[]): boolean;
  /** Fields of objects of a type that are selected directly below the field, as fragments on that type have them. */
  fieldsOf(type: string): readonly string[];
  /** Coerced arguments of the field above. */
  readonly parentArgs: Readonly<Record<string, unknown>>;
  /** Number of different objects that the field is selected on. */
  readonly objects: number;
  /** Number of these that are in one list or connection. */
  readonly perList: number;
  /** Assumed sizes of the account. */
  readonly sizes: Sizes;
  /** The read that the object of the field comes from (`Cost.readBy`); undefined where it is not known. */
  readonly readBy?: string | undefined;
  /** The kind of the objects, where they were read by it (`Cost.kind`). */
  readonly kind?: string | undefined;
}

/** Fields with the same key share the calls of an operation, or of an object. */
export interface Once {
  key: string;
  per: 'operation' | 'object';
  /**
   * An addition to the rows that needs a separate read. That read also serves fields that need no addition.
   */
  along?: string | undefined;
  /** True when this holds only for a field of the root without arguments other than `first`. */
  ifWhole?: boolean;
}

/** A condition under which a field costs REST calls. */
export interface CostPart {
  /** Calls for `n` different objects. */
  calls(n: number, asked: Asked): number;
  /** Set where several fields share the calls. The same field with the same arguments shares them anyway. */
  once?: Once;
  /**
   * Set for the pages of a connection: those of different `first` may be read again where they are requested at another time.
   * True if they may be read again at the same time as well.
   */
  apart?: (asked: Asked) => boolean;
  /**
   * The calls as a sentence, for a field of `parent`, or of a root or payload when null; empty when another
   * part describes them.
   */
  says(parent: string | null): string;
  /** Condition as a phrase; unconditional when not set. */
  when?: string;
  /** Cases without a call, as phrases. */
  free: readonly string[];
  /** Further sentences, after the costs of all parts. */
  note?: string;
}

/** Cost of a field in REST calls. A field declares it as its option `queryCost`, and has it under `extensions.cost`. */
export interface Cost {
  readonly parts: readonly CostPart[];
  /** Maximum number of objects that one object has in this field; for a connection, of rows of a page. */
  rows?(asked: Asked): number;
  /** Number of different objects that the field leads to from `n` objects, where that is fewer. */
  different?(n: number, asked: Asked): number;
  /** Number of times that a subscription resolves its selection; no event shares reads with another. */
  events?: number;
  /** The read that the objects of the field come from, where other fields cost nothing because of it. */
  readBy?: string;
  /** The kind of rows that is requested, where their numbers are known by kind. */
  kind?(asked: Asked): string | undefined;
  /** Set where the list has as many objects as the declared rows of the field above it. */
  sameRows?: boolean;
}

/** `extensions` of a type of which an account has a limited number of objects. */
export type Distinct = {
  /** Each of these objects is loaded once per operation, however often it is referenced. */
  distinct: Counted;
};

/** Condition of a cost part. */
export interface Condition {
  /** Free when only these fields are selected. */
  unless?: readonly string[];
  /** Due only when one of these fields is selected anywhere below. */
  selects?: readonly string[];
  /** Due only when this returns true. */
  due?: (n: number, asked: Asked) => boolean;
  /** The condition as a phrase. Default for `selects`: the names of its fields. */
  when?: string;
  /** Cases that are free although the query cost counts them, as a phrase. */
  noneWhen?: string;
}

export interface Rows {
  /** Number of objects in the response. */
  rows?: number | Length;
}

export type Declared<Class extends LoaderCost['costClass']> = Costs<CostOf<Class>>;
export type Collection = Declared<'SCAN' | 'WHOLE'>;
export type Paged = Declared<'SCAN' | 'PAGES' | 'EXPLORED'>;

export function fixed(rows: number | Length | undefined) {
  return rows === undefined ? {} : { rows: (asked: Asked) => lengthOf(rows, asked) };
}

export function part(
  calls: CostPart['calls'],
  says: CostPart['says'],
  { unless, selects, due, when = selects && words.selected(selects), noneWhen }: Condition = {},
  { once, apart, note }: Pick<CostPart, 'once' | 'apart' | 'note'> = {},
): CostPart {
  const isDue = (n: number, asked: Asked) =>
    !(unless && asked.only(unless)) && (!selects || asked.selects(selects)) && (!due || due(n, asked));
  return {
    calls: (n, asked) => (isDue(n, asked) ? calls(n, asked) : 0),
    says,
    free: [unless && words.onlySelected(unless), noneWhen].filter((reason) => reason !== undefined),
    ...(when && { when }),
    ...(once && { once }),
    ...(apart && { apart }),
    ...(note && { note }),
  };
}

/** Objects in the list of each object. */
export function lengthOf(rows: Length | number, { sizes, objects }: Asked): number {
  if (typeof rows === 'number') return rows;
  const { usual, most, extra = 0 } = rows;
  return sizes.lengthOf({ usual: usual + extra / objects, most });
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

/** True for a page after a cursor: each `first` asks for it in another size. */
export function isAfterCursor({ args }: Asked): boolean {
  return typeof args['after'] === 'string';
}

export function rowsOf(first: number) {
  return ({ args }: Asked): number => Math.max(1, typeof args['first'] === 'number' ? args['first'] : first);
}

/**
 * A cursor may point into the middle of a page, and the API may refuse its page in another size: one call more. If it does,
 * the response ends early where pages are small.
 */
export function pageCalls(perCall: number, rows: number, asked: Asked): number {
  const { after } = asked.args;
  if (typeof after !== 'string') return Math.max(1, Math.ceil(rows / perCall));
  const { pageSize, index } = cursorCost(after) ?? { pageSize: perCall, index: 0 };
  const size = Math.min(perCall, Math.max(pageSize, index + rows));
  return Math.ceil((rows + (index > pageSize ? index : 0)) / size) + 1;
}

/** Calls for the first rows of `n` groups of known sizes. The largest groups are counted. */
export function groupCalls(perCall: number, rows: number, n: number, groups: readonly number[]): number {
  const pages = groups.slice(0, n).map((size) => Math.max(1, Math.ceil(Math.min(rows, size) / perCall)));
  return sum(pages) + Math.max(0, n - groups.length);
}

/** First rows of `n` groups of known sizes. The largest groups are counted. */
export function groupRows(rows: number, n: number, groups: readonly number[]): number {
  return sum(groups.slice(0, n).map((size) => Math.min(rows, size)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
