/** Keywords of JSON Schema that the tools' input schemas use. */
interface Schema {
  type?: string;
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

/** Arguments with one change that the schema does not accept. */
export interface Violation {
  readonly label: string;
  readonly args: Record<string, unknown>;
  /** The argument that the change is in. */
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
    const label = `${what} ${path.join('.')}`;
    found.push({ label, args: withValue(args, path, value) as never, argument: String(path[0]) });
  };
  const visit = (given: Schema, value: unknown, path: Path, isRequired: boolean) => {
    const isNullable = given.anyOf?.some(({ type }) => type === 'null') ?? false;
    const part = isNullable ? (given.anyOf?.[0] ?? {}) : given;
    if (path.length > 0) {
      if (!isNullable && (isRequired || !isNullIgnored)) add('null', path, null);
      for (const [what, bad] of badValues(part, value)) add(what, path, bad);
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
  if (part.format) yield ['no date', 'yesterday'];
  if (minLength) yield ['blank', ' '.repeat(minLength - 1)];
  if (maxLength) yield ['too long', 'x'.repeat(maxLength + 1)];
  if (minItems) yield ['too few', []];
  if (minimum !== undefined) yield ['too low', minimum - 1];
  if (maximum !== undefined) yield ['too high', maximum + 1];
  if (part.type === 'array') yield ['wrong type', [[{}]]];
  else if (part.type === 'object') yield ['wrong type', 5];
  else if (part.type) yield ['wrong type', { unheard_of: 1 }];
  const [first] = Array.isArray(value) ? (value as unknown[]) : [];
  if (maxItems && typeof first === 'string' && /^[0-9a-f-]{36}$/.test(first))
    yield [
      'too many',
      Array.from({ length: maxItems + 1 }, (_, at) => first.slice(0, -5) + String(10_000 + at)),
    ];
}

function withValue(whole: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const copy = structuredClone(whole) as Record<string | number, unknown>;
  copy[key] = withValue(copy[key], rest, value);
  if (copy[key] === undefined) delete copy[key];
  return copy;
}
