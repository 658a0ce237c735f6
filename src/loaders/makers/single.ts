import { readById } from '../../constant-contact/by-id.js';
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
