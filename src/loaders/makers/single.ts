import { nullIfNotFound, withRequestedId } from '../../constant-contact/by-id.js';
import type { CostOf } from '../cost.js';
import { oneByOne, type ById } from './keyed.js';
import type { Loader, Scope } from './loader.js';

interface SingleOptions<Row> {
  /** What the ids are of, in the plural. */
  noun: string;
  read: (scope: Scope, id: string) => Promise<Row | null>;
  /** The property that holds the id: an answer need not repeat it. */
  key?: keyof Row & string;
  /** Whether "not found" is an error; else it is null. */
  required?: boolean;
}

/** Cost class ONE: one call an id, because the API has no other way. */
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

/** A row that was read by its id: null when it does not exist, and with its id although the answer leaves it out. */
export function readById<Row>(
  call: Promise<Row | null>,
  id: string,
  key?: keyof Row & string,
): Promise<Row | null> {
  const row = nullIfNotFound(call);
  return key === undefined ? row : withRequestedId(key, id, row);
}
