import { START_CURSOR } from '../../src/resolvers/support/cursor.js';
import { sampleOf } from './schema-sample.js';

/** Keywords of JSON Schema that the tools' input schemas use. */
export interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** Arguments with one change. The schema does not accept it, unless its label begins with `ID`: schemas do not declare formats of IDs. */
export interface Violation {
  readonly label: string;
  readonly args: Record<string, unknown>;
  /** The place of the change, such as `phone_numbers.0.number`. */
  readonly argument: string;
}

type Path = readonly (string | number)[];

/**
 * Valid arguments, each time with one change that their schema does not accept.
 *
 * @param isNullIgnored true when null means the same as no value for arguments that are not required
 */
export function violationsOf(
  schema: Schema,
  args: Record<string, unknown>,
  isNullIgnored: boolean,
): Violation[] {
  const found: Violation[] = [];
  const add = (what: string, path: Path, value: unknown) => {
    const argument = path.join('.');
    // Some reads answer for the other IDs of a list.
    const isItemId = what.startsWith('ID ') && path.at(-1) === 0;
    const changed = isItemId ? withValue(args, path.slice(0, -1), [value]) : withValue(args, path, value);
    found.push({ label: `${what} ${argument}`, args: changed as never, argument });
  };
  const visit = (given: Schema, value: unknown, path: Path, isRequired: boolean) => {
    const isNullable = given.anyOf?.some(({ type }) => type === 'null') ?? false;
    const part = isNullable ? (given.anyOf?.[0] ?? {}) : given;
    if (path.length > 0) {
      if (!isNullable && (isRequired || !isNullIgnored)) add('null', path, null);
      for (const [what, bad] of badValues(part, value))
        if (!what.startsWith('ID ') || !OPAQUE_IDS.test(path.join('.'))) add(what, path, bad);
      if (part.type === 'array') add('wrong type', [...path, 0], [{}]);
      if (CURSOR.test(path.join('.'))) add('ID malformed', path, 'x');
    }
    if (typeof value !== 'object' || value === null) return;
    if (part.items) visit(part.items, (value as unknown[])[0], [...path, 0], true);
    const isChosen = ({ required: [name = ''] = [] }: Schema) => Object.hasOwn(value, name);
    const object = part.oneOf?.find(isChosen) ?? part;
    if (!object.properties) return;
    add('unknown', [...path, 'unheard_of'], 1);
    for (const [name, inner] of Object.entries(value))
      if (object.properties[name]) {
        const isNeeded = object.required?.includes(name) ?? false;
        if (isNeeded && !part.oneOf) add('missing', [...path, name], undefined);
        visit(object.properties[name], inner, [...path, name], isNeeded);
      }
  };
  visit(schema, args, [], true);
  return found.filter(({ argument }) => argument !== 'confirm');
}

function* badValues(part: Schema, value: unknown): Generator<[what: string, value: unknown]> {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = part;
  if (part.enum) yield ['lower case', String(value).toLowerCase()];
  if (part.type === 'integer' && part.enum) yield ['no choice', Math.max(...(part.enum as number[])) + 1];
  if (part.const !== undefined) yield ['not constant', !part.const];
  if (isUuid(value))
    yield* [
      ['ID malformed', 'x'],
      ['ID number', '12345678'],
      ['ID other type', OTHER_ID],
    ] as const;
  if (part.format) yield ['no date', 'yesterday'];
  if (minLength) yield ['blank', ' '.repeat(minLength - 1)];
  if (maxLength) yield ['too long', 'x'.repeat(maxLength + 1)];
  if (minItems) yield ['too few', []];
  if (minimum !== undefined) yield ['too low', minimum - 1];
  if (maximum !== undefined) yield ['too high', maximum + 1];
  if (part.type === 'object') yield ['wrong type', 5];
  else if (part.type && part.type !== 'array') yield ['wrong type', { unheard_of: 1 }];
  const [first] = Array.isArray(value) ? (value as unknown[]) : [];
  // More would not fit into a request.
  if (!maxItems || first === undefined || (typeof first === 'object' && maxItems > 100)) return;
  // Duplicate IDs do not count.
  const items = Array.from({ length: maxItems + 1 }, (_, at) =>
    typeof first === 'string' && /^[0-9a-f-]+$/.test(first)
      ? first.slice(0, -5) + String(10_000 + at)
      : first,
  );
  yield ['too many', items];
}

/** IDs whose format is not known. */
const OPAQUE_IDS = /file_export_id|profileIds/;

/** The global ID of an object that no action takes. */
const OTHER_ID = Buffer.from('Account:a07e1il8xxxx').toString('base64');

const isUuid = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value);

/** Arguments that have each property of the schema at least once: those given, with further properties, and with each alternative. */
export function variantsOf(
  { properties = {}, required = [] }: Schema,
  inputs: readonly Record<string, unknown>[],
): Record<string, unknown>[] {
  const needed = Object.fromEntries(
    Object.entries(inputs[0] ?? {}).filter(([name]) => required.includes(name)),
  );
  const others = Object.entries(properties).flatMap(([name, part]) => [
    ...alternativesOf(part).map((value) => ({ ...needed, [name]: value })),
    ...(CURSOR.test(name) ? [{ ...needed, [name]: START_CURSOR }] : []),
  ]);
  return [...inputs, ...inputs.map((args) => completed({ properties }, args)), ...others];
}

const CURSOR = /^(?:after|next)$/;

/** The same arguments, with samples for the properties of their objects that they do not have. */
function completed({ properties = {} }: Schema, args: Record<string, unknown>): Record<string, unknown> {
  const values = Object.entries(args);
  return Object.fromEntries(
    values.map(([name, value]) => [name, completedValue(properties[name] ?? {}, value)]),
  );
}

function completedValue(schema: Schema, value: unknown): unknown {
  if (schema.anyOf?.[0]) return completedValue(schema.anyOf[0], value);
  if (schema.items && Array.isArray(value))
    return value.map((item) => completedValue(schema.items ?? {}, item));
  if (!schema.properties || typeof value !== 'object') return value;
  const given = value as Record<string, unknown>;
  const missing = Object.entries(schema.properties).filter(([name]) => !(name in given));
  // Some limits do not apply beside a switch that is on.
  const samples = missing.map(([name, part]) => [
    name,
    part.type === 'boolean' ? false : sampleOf(part, true),
  ]);
  return { ...completed(schema, given), ...Object.fromEntries(samples) };
}

/** The names of all properties. */
export function namesIn({ properties = {}, items, anyOf = [], oneOf = [] }: Schema): Set<string> {
  const parts = [...Object.values(properties), ...(items ? [items] : []), ...anyOf, ...oneOf];
  return new Set([...Object.keys(properties), ...parts.flatMap((part) => [...namesIn(part)])]);
}

/** A sample of each alternative of an argument. */
const alternativesOf = ({ oneOf = [] }: Schema): object[] =>
  oneOf.map((one) => {
    const [[name = '', value] = []] = Object.entries(sampleOf(one, true) as object);
    const isIds = name.endsWith('Ids');
    return { [name]: isIds ? ['49326799-080a-11ef-9e8d-fa163e66f4ce'] : (value as unknown) };
  });

function withValue(whole: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const copy = structuredClone(whole) as Record<string | number, unknown>;
  copy[key] = withValue(copy[key], rest, value);
  if (copy[key] === undefined) delete copy[key];
  return copy;
}
