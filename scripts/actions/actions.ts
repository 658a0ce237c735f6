import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { OperationId } from '../../src/constant-contact/contract/operations.js';

/** An operation of the API and its place in the graph; most are actions of the action catalogue. */
export interface Mapping {
  /** Name in the action catalogue; null for operations beyond the actions. */
  action: { slug: string; name: string } | null;
  operationId: OperationId;
  /** Coordinate of the GraphQL field, such as `Mutation.createContact`. */
  field: string;
  /**
   * REST calls of the action's document with an empty cache, such as `1–2`; empty for operations beyond the
   * actions.
   */
  calls: string;
  /**
   * Place of each parameter of the action: `(input.name)` is an argument of the field, `Query.contact(id)` an
   * argument of another field, `Contact.lists` a field whose selection includes it (several separated by
   * commas), and text after `- ` is the reason that it has no place.
   */
  places: ReadonlyMap<string, string>;
}

type Row = Record<'slug' | 'name' | 'operationId' | 'field' | 'calls' | 'parameters', string>;

/** All rows of actions.csv: the actions by slug, then the operations beyond them. */
export function readMappings(): readonly Mapping[] {
  const rows = parse<Row>(readFileSync(new URL('actions.csv', import.meta.url)), { columns: true });
  return rows.map(({ slug, name, operationId, field, calls, parameters }) => ({
    action: slug ? { slug, name } : null,
    operationId: operationId as OperationId,
    field,
    calls,
    places: new Map(parameters === '' ? [] : parameters.split('; ').map(toPlace)),
  }));
}

function toPlace(text: string): [string, string] {
  const separator = text.indexOf(': ');
  return [text.slice(0, separator), text.slice(separator + 2)];
}
