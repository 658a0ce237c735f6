import type { Api } from '../../constant-contact/api.js';
import type { Costs, LoaderCost } from '../cost.js';
import type { Wants } from '../wants.js';
import type { PageReads } from './page-reads.js';

/** What the loaders of one request have in common. */
export interface Scope {
  readonly api: Api;
  readonly wants: Wants;
  /** The pages that the request has read or is reading. */
  readonly pageReads: PageReads;
  /** The request's loader of this declaration, which is made when it is used for the first time. */
  use<Instance extends Clearable>(loader: Loader<Instance>): Instance;
  /** The same with another session: this one, for its own. */
  over(api: Api): Scope;
}

export interface Clearable {
  /** Forgets what the request has read. */
  clear(): void;
}

/** The declaration of a loader: what it costs, and how each request makes its own. */
export interface Loader<
  Instance extends Clearable,
  Cost extends LoaderCost = LoaderCost,
> extends Costs<Cost> {
  create(scope: Scope): Instance;
}

export type InstanceOf<Declared> = Declared extends Loader<infer Instance> ? Instance : never;

/** What tells rows apart: a property, or a function where it takes more. */
export type Key<Row> = (keyof Row & string) | ((row: Row) => string | null | undefined);

export function keyReader<Row>(key: Key<Row>): (row: Row) => string | undefined {
  if (typeof key === 'function') return (row) => key(row) ?? undefined;
  return (row) => {
    const value = row[key];
    return value === undefined || value === null || value === '' ? undefined : String(value);
  };
}
