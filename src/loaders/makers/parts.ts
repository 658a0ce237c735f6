import type { FieldCoordinates } from '../field-coordinates.js';
import type { Wants } from '../wants.js';

/** Parts of an object that a read includes only on request. */
export interface Parts<Field extends string, Name extends string> {
  /** GraphQL fields. */
  readonly fields: readonly Field[];
  /** Names in the REST API, in the same order. */
  readonly names: readonly Name[];
  /** Names of the parts that the operation selects, and of these. */
  selected(wants: Wants, ...also: readonly Name[]): Name[];
}

/** @param nameOf GraphQL field → name in the REST API */
export function parts<
  Type extends keyof FieldCoordinates,
  const Names extends Partial<Record<FieldCoordinates[Type], string>>,
>(
  type: Type,
  nameOf: Names,
): Parts<keyof Names & FieldCoordinates[Type], Extract<Names[keyof Names], string>> {
  type Field = keyof Names & FieldCoordinates[Type];
  type Name = Extract<Names[keyof Names], string>;
  const fields = Object.keys(nameOf) as Field[];
  const names = Object.values(nameOf) as Name[];
  return {
    fields,
    names,
    selected: (wants, ...also) =>
      names.filter((name, at) => also.includes(name) || wants(type, fields[at] as Field)),
  };
}
