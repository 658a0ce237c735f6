import type { Api } from '../../constant-contact/api.js';
import { idKey } from '../../constant-contact/same-id.js';
import type { Costs, LoaderCost } from '../cost.js';
import type { Wants } from '../wants.js';
import type { PageReads } from './page-reads.js';

/** State that the loaders of one request share. */
export interface Scope {
  readonly api: Api;
  readonly wants: Wants;
  /** Pages that the request has read or that are in flight. */
  readonly pageReads: PageReads;
  /** The request's loader for this declaration, created on first use. */
  use<Instance extends object>(loader: Loader<Instance>): Instance;
  /** The same with another session: this one, for its own. */
  over(api: Api): Scope;
}

/** The declaration of a loader: its cost, and how each request creates its own. */
export interface Loader<Instance extends object, Cost extends LoaderCost = LoaderCost> extends Costs<Cost> {
  create(scope: Scope): Instance;
}

export type InstanceOf<Declared> = Declared extends Loader<infer Instance> ? Instance : never;

/** Key of a row: a property, or a function of several. */
export type Key<Row> = (keyof Row & string) | ((row: Row) => string | null | undefined);

export function keyReader<Row>(key: Key<Row>): (row: Row) => string | undefined {
  if (typeof key === 'function') return (row) => key(row) ?? undefined;
  return (row) => {
    const value = row[key];
    return value === undefined || value === null || value === '' ? undefined : idKey(String(value));
  };
}
