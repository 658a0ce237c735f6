import {
  getNamedType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { Cost } from '../../src/schema/cost.js';

export type Field = GraphQLField<unknown, unknown>;
/** Values of arguments, by `field.argument`; those of required ones by the argument as well. */
export type Values = Readonly<Record<string, unknown>>;

/** Fields that lead from a root to an object. */
export type Path = readonly Field[];

/** Rows of connections on the way: enough that it pays to read several by one call. */
const ROWS = 8;
/** Ways to a type that are tried. */
const MOST_PATHS = 8;
const DEEPEST = 7;

export const costAt = (field: Field) => field.extensions['cost'] as Cost | undefined;
export const isConnection = (type: GraphQLNamedType) => 'pageInfo' in namesOf(type);
const namesOf = (type: GraphQLNamedType) =>
  isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
const fieldsOf = (type: GraphQLNamedType) => Object.values(namesOf(type));

/** The shortest ways to each type of the schema from a root, each of them to objects of the kind that the account has. */
export function pathsFrom(root: GraphQLObjectType, values: Values): ReadonlyMap<string, readonly Path[]> {
  const paths = new Map<string, Path[]>();
  let reached: [GraphQLNamedType, Path][] = [[root, []]];
  while (reached.length > 0) {
    const next: typeof reached = [];
    for (const [type, path] of reached) {
      for (const field of fieldsOf(type)) {
        if (field.name.startsWith('_') || field.name === 'edges' || !canCall(field, values)) continue;
        const below = getNamedType(field.type);
        const known = paths.get(below.name) ?? [];
        if (isLeafType(below) || path.length >= DEEPEST || known.length >= MOST_PATHS) continue;
        // The second object of a type is found as the first one was.
        if (path.some((step) => getNamedType(step.type) === below)) continue;
        paths.set(below.name, [...known, [...path, field]]);
        next.push([below, [...path, field]]);
      }
    }
    reached = next;
  }
  return paths;
}

function canCall({ name, args }: Field, values: Values): boolean {
  if (`Mutation.${name}` in values) return true;
  return args.every(
    (arg) =>
      !isRequiredArgument(arg) ||
      literal(arg.type, values[`${name}.${arg.name}`] ?? values[arg.name]) !== null,
  );
}

/** A field with its required arguments, and so many rows when it is a connection. */
export function call(field: Field, values: Values, rows = ROWS): string {
  const example = values[`Mutation.${field.name}`];
  if (typeof example === 'string') return example;
  const given = field.args.flatMap((arg) => {
    if (arg.name === 'first') return [`first: ${String(rows)}`];
    const byName = isRequiredArgument(arg) ? values[arg.name] : undefined;
    const value = literal(arg.type, values[`${field.name}.${arg.name}`] ?? byName, isRequiredArgument(arg));
    return value ? [`${arg.name}: ${value}`] : [];
  });
  return given.length > 0 ? `${field.name}(${given.join(', ')})` : field.name;
}

function literal(type: GraphQLInputType, value: unknown, required = true): string | null {
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (isEnumType(nullable) && required) return nullable.getValues()[0]?.name ?? null;
  return value === undefined ? null : JSON.stringify(value);
}

/** Fields that an object has without a further call, nested ones included. */
export function included(type: GraphQLNamedType, deep = 2): string {
  if (isInterfaceType(type)) return '__typename';
  const fields = fieldsOf(type).filter(
    (field) =>
      !field.name.startsWith('_') && !costAt(field)?.parts.length && !field.args.some(isRequiredArgument),
  );
  const parts = fields.flatMap((field) => {
    const below = getNamedType(field.type);
    if (isLeafType(below)) return [field.name];
    if (deep === 0 || isConnection(below) || /^(edges|pageInfo)$/.test(field.name)) return [];
    return [`${field.name} { ${included(below, deep - 1)} }`];
  });
  return ['__typename', ...parts].join(' ');
}

/** An operation that selects this at the end of a path. */
export function along(path: Path, selection: string, values: Values): string {
  return path.reduceRight((below, field) => `${call(field, values)} { ${below} }`, selection);
}

/** Names of a type and of all that can be selected below it. */
export function typesBelow(type: GraphQLNamedType, seen = new Set<string>()): ReadonlySet<string> {
  if (!seen.has(type.name)) {
    seen.add(type.name);
    for (const field of fieldsOf(type)) typesBelow(getNamedType(field.type), seen);
  }
  return seen;
}

/** The fields of these names, one below the other. */
export function pathOf(root: GraphQLObjectType, names: string): Path {
  let type: GraphQLNamedType = root;
  return names.split('.').map((name) => {
    const field: Field | undefined = namesOf(type)[name];
    if (!field) throw new Error(`${type.name} has no ${name}`);
    type = getNamedType(field.type);
    return field;
  });
}

/** The objects at the end of a path in an answer. */
export function objectsAt(data: unknown, path: readonly string[]): Record<string, unknown>[] {
  const [name, ...rest] = path;
  const objects = (Array.isArray(data) ? data.flat(Infinity) : [data]).filter(
    (one): one is Record<string, unknown> => typeof one === 'object' && one !== null,
  );
  return name === undefined ? objects : objects.flatMap((one) => objectsAt(one[name], rest));
}

export interface Costed {
  type: GraphQLObjectType;
  field: Field;
  /** Its coordinate. */
  at: string;
}

/** Every field that says a cost. */
export function costed(schema: GraphQLSchema): Costed[] {
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type)
      ? fieldsOf(type).flatMap((field) =>
          costAt(field) ? [{ type, field, at: `${type.name}.${field.name}` }] : [],
        )
      : [],
  );
}
