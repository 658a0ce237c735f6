import { nullIfNotFound, withRequestedId } from '../../constant-contact/by-id.js';
import type { CostOf } from '../cost.js';
import { oneByOne, type ById } from './keyed.js';
import type { Loader, Scope } from './loader.js';

interface SingleOptions<Row> {
  /** Plural noun for the objects. */
  noun: string;
  read: (scope: Scope, id: string) => Promise<Row | null>;
  /** The property with the ID: a response may leave it out. */
  key?: keyof Row & string;
  /** Makes "not found" an error instead of null. */
  required?: boolean;
}

/** Cost class ONE: one call per ID, because the API has no batch read. */
export function single<Row>({
  noun,
  read,
  key,
  required = false,
}: SingleOptions<Row>): Loader<ById<Row>, CostOf<'ONE'>> {
  return {
    cost: { costClass: 'ONE', rows: noun },
    create: (scope) => oneByOne((id) => (required ? read(scope, id) : readById(read(scope, id), id, key))),
  };
}

/** A row by ID: null when it does not exist, and with its ID even if the response leaves it out. */
export function readById<Row>(
  call: Promise<Row | null>,
  id: string,
  key?: keyof Row & string,
): Promise<Row | null> {
  const row = nullIfNotFound(call);
  return key === undefined ? row : withRequestedId(key, id, row);
}
