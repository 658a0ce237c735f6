import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  valueFromAST,
  typeFromAST,
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { inToolNames, type Bindings } from './bindings.js';

/** A JSON Schema of draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schemas of scalars. */
const SCALARS: Readonly<Record<string, JsonSchema>> = {
  ID: { type: 'string' },
  String: { type: 'string' },
  Boolean: { type: 'boolean' },
  Int: { type: 'integer' },
  Float: { type: 'number' },
  Date: { type: 'string', format: 'date' },
  DateTime: { type: 'string', format: 'date-time' },
  Decimal: { type: 'string' },
  // A JSON object, or its text.
  JSON: { anyOf: [{ type: 'object' }, { type: 'string' }] },
};

/** A part of a multipart request. A tool call cannot contain one. */
const FILE = 'File';

/** Properties of an object schema, and the names of the required ones. */
export interface Properties {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
}

/** The schema of an object with these properties and no others. */
export function objectSchema({ properties, required }: Properties): JsonSchema {
  return {
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/**
 * The variables of an operation as properties.
 *
 * @param clears true when null clears the stored value
 */
export function variableProperties(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  bindings: Bindings,
  clears: boolean,
): Properties {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const { variable, type: node, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const type = typeFromAST(schema, node) as GraphQLInputType | undefined;
    if (!type) throw new TypeError(`$${name} has a type that the schema does not have`);
    const binding = bindings.get(name);
    const value: unknown = defaultValue ? valueFromAST(defaultValue, type) : binding?.defaultValue;
    const description = binding?.description && inToolNames(binding.description, bindings);
    properties[name] = {
      ...schemaOf(type, description, clears),
      ...(value !== undefined && value !== null && { default: value }),
    };
    if (isNonNullType(type) && !defaultValue) required.push(name);
  }
  return { properties, required };
}

function schemaOf(type: GraphQLInputType, text: string | undefined, clears: boolean): JsonSchema {
  const description = textOf(text, clears);
  const bare = isNonNullType(type) ? type.ofType : type;
  const values = { ...valuesOf(bare, description, clears), ...(description && { description }) };
  return clears && !isNonNullType(type) ? nullable(values) : values;
}

function valuesOf(type: GraphQLInputType, description: string | undefined, clears: boolean): JsonSchema {
  if (isNonNullType(type)) return valuesOf(type.ofType, description, clears);
  if (isListType(type)) {
    const items = valuesOf(type.ofType, undefined, clears);
    return { type: 'array', items, ...range(description, COUNT, 'Items') };
  }
  if (isEnumType(type)) return { type: 'string', enum: choicesOf(type, description) };
  if (isInputObjectType(type)) return type.isOneOf ? oneOf(type, clears) : object(type, clears);
  const scalar = SCALARS[type.name] ?? {};
  switch (scalar['type']) {
    case 'string':
      return { ...scalar, ...range(description, CHARACTERS, 'Length') };
    case 'integer':
      return { ...scalar, ...range(description, COUNT, 'imum') };
    default:
      return scalar;
  }
}

function object(type: GraphQLInputObjectType, clears: boolean): JsonSchema {
  const fields = fieldsOf(type);
  return objectSchema({
    properties: Object.fromEntries(
      fields.map((field) => [field.name, schemaOf(field.type, field.description ?? undefined, clears)]),
    ),
    required: fields
      .filter((field) => isNonNullType(field.type) && field.defaultValue === undefined)
      .map(({ name }) => name),
  });
}

/** Removes sentences about null where null is not allowed. */
function textOf(description: string | undefined, clears: boolean): string | undefined {
  return clears ? description : description?.replace(/ ?[^.;]*`null`[^.]*\./g, '');
}

/** Exactly one of the fields, not null. */
function oneOf(type: GraphQLInputObjectType, clears: boolean): JsonSchema {
  return {
    type: 'object',
    oneOf: fieldsOf(type).map(({ name, type: value, description }) => {
      const text = textOf(description ?? undefined, clears);
      const property = { ...valuesOf(value, text, clears), ...(text && { description: text }) };
      return objectSchema({ properties: { [name]: property }, required: [name] });
    }),
  };
}

function fieldsOf(type: GraphQLInputObjectType) {
  return Object.values(type.getFields()).filter(
    (field) => field.deprecationReason == null && String(field.type) !== FILE,
  );
}

// Descriptions of arguments use these words when only some values of an enum are allowed.
const ONLY = /(?:^|: )((?:[A-Z_]+, )*[A-Z_]+ or [A-Z_]+)(?=[.;])/;
const NEVER = /\bcannot (?:filter by|be cleared or set to) ([A-Z_]+(?: or [A-Z_]+)*)/;

/** The values of an enum that an argument with this description accepts. */
function choicesOf(type: GraphQLEnumType, description = ''): readonly string[] {
  const listed = (words: RegExp) => words.exec(description)?.[1]?.split(/, | or /);
  const [only, never = []] = [listed(ONLY), listed(NEVER)];
  return namesOf(type).filter((name) => (only?.includes(name) ?? true) && !never.includes(name));
}

/** The values that arguments accept. Others occur only in responses. */
const namesOf = (type: GraphQLEnumType) =>
  type
    .getValues()
    .filter(({ deprecationReason, name }) => deprecationReason == null && isArgument(type, name))
    .map(({ name }) => name);

function isArgument(type: GraphQLEnumType, name: string): boolean {
  try {
    type.parseValue(name);
    return true;
  } catch {
    return false;
  }
}

/** The same schema with null as an additional value. `anyOf` is used because fewer clients support a list of types. */
export function nullable(schema: JsonSchema): JsonSchema {
  const { description, ...values } = schema;
  return { anyOf: [values, { type: 'null' }], ...(description !== undefined && { description }) };
}

// All descriptions state limits in these words.
const CHARACTERS = /\b(?:at most|([\d,]+) to) ([\d,]+) characters\b(?! each)/i;
const COUNT = /\b(?:at most|([\d,]+) to) ([\d,]+)(?: IDs)?(?=[.;]|, (?!\d)|$)/i;

/** The limits in a description, such as `minLength` and `maxLength` for `Length`. */
function range(description: string | undefined, words: RegExp, of: 'Length' | 'Items' | 'imum'): JsonSchema {
  const [, least, most] = words.exec(description ?? '') ?? [];
  const number = (text: string) => Number(text.replaceAll(',', ''));
  return {
    ...(least !== undefined && { [`min${of}`]: number(least) }),
    ...(most !== undefined && { [`max${of}`]: number(most) }),
  };
}
