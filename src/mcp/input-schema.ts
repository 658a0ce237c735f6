import {
  astFromValue,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  valueFromASTUntyped,
  typeFromAST,
  type GraphQLEnumType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { limitsOf, type Limits } from '../resolvers/support/declared-limits.js';
import { inToolNames, type ToolNames } from './tool-names.js';

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
  names: ToolNames,
  clears: boolean,
): Properties {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const { variable, type: node, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const type = typeFromAST(schema, node) as GraphQLInputType | undefined;
    if (!type) throw new TypeError(`$${name} has a type that the schema does not have`);
    const binding = names.bindings.get(name);
    const value = defaultValue ? valueFromASTUntyped(defaultValue) : jsonOf(binding?.defaultValue, type);
    const { description, limits = {} } = binding ?? {};
    properties[name] = {
      ...schemaOf(type, { description, limits }, { names, clears }),
      ...(value !== undefined && value !== null && { default: value }),
    };
    if (isNonNullType(type) && !defaultValue) required.push(name);
  }
  return { properties, required };
}

/** A default value of the schema as callers write it: enum values by their names. */
function jsonOf(value: unknown, type: GraphQLInputType): unknown {
  const node = value === undefined ? null : astFromValue(value, type);
  return node ? valueFromASTUntyped(node) : undefined;
}

/** An argument or input field: its description, and the limits that it declares. */
interface Declared {
  readonly description: string | undefined;
  readonly limits: Limits;
}

/** Parts of the schemas that differ between tools. */
interface ToolWords {
  readonly names: ToolNames;
  /** True when null clears the stored value. */
  readonly clears: boolean;
}

function schemaOf(type: GraphQLInputType, declared: Declared, words: ToolWords): JsonSchema {
  const bare = isNonNullType(type) ? type.ofType : type;
  const values = describedValues(bare, declared, words);
  const isNullable = words.clears && !isNonNullType(type) && declared.limits.nullable !== false;
  return isNullable ? nullable(values) : values;
}

function describedValues(
  type: GraphQLInputType,
  { description, limits }: Declared,
  words: ToolWords,
): JsonSchema {
  const text = description && inToolNames(description, words.names);
  return { ...valuesOf(type, limits, words), ...(text && { description: text }) };
}

/** The keywords that apply to each type of JSON. A variable can be one item of the list that the limits are for. */
const KEYWORDS = {
  string: ['minLength', 'maxLength'],
  boolean: ['const'],
  integer: ['enum', 'minimum', 'maximum'],
  number: ['minimum', 'maximum'],
  array: ['minItems', 'maxItems'],
} as const;

function valuesOf(type: GraphQLInputType, limits: Limits, words: ToolWords): JsonSchema {
  if (isNonNullType(type)) return valuesOf(type.ofType, limits, words);
  if (isListType(type))
    return limitedBy(limits, { type: 'array', items: valuesOf(type.ofType, limits.items ?? {}, words) });
  if (isEnumType(type)) return { type: 'string', enum: choicesOf(type, limits) };
  if (isInputObjectType(type)) return type.isOneOf ? oneOf(type, words) : object(type, words);
  return limitedBy(limits, SCALARS[type.name] ?? {});
}

function limitedBy(limits: Limits, schema: JsonSchema): JsonSchema {
  const { anyOf } = schema as { anyOf?: readonly JsonSchema[] };
  if (anyOf) return { ...schema, anyOf: anyOf.map((one) => limitedBy(limits, one)) };
  const keywords: readonly (keyof Limits)[] = KEYWORDS[schema['type'] as keyof typeof KEYWORDS] ?? [];
  return {
    ...schema,
    ...Object.fromEntries(keywords.flatMap((name) => (name in limits ? [[name, limits[name]]] : []))),
  };
}

function object(type: GraphQLInputObjectType, words: ToolWords): JsonSchema {
  const fields = fieldsOf(type);
  return objectSchema({
    properties: Object.fromEntries(
      fields.map((field) => [field.name, schemaOf(field.type, declaredBy(field), words)]),
    ),
    required: fields
      .filter((field) => isNonNullType(field.type) && field.defaultValue === undefined)
      .map(({ name }) => name),
  });
}

/** Exactly one of the fields, not null. */
function oneOf(type: GraphQLInputObjectType, words: ToolWords): JsonSchema {
  return {
    type: 'object',
    oneOf: fieldsOf(type).map((field) => {
      const property = describedValues(field.type, declaredBy(field), words);
      return objectSchema({ properties: { [field.name]: property }, required: [field.name] });
    }),
  };
}

const declaredBy = (field: GraphQLInputField): Declared => ({
  description: field.description ?? undefined,
  limits: limitsOf(field),
});

function fieldsOf(type: GraphQLInputObjectType) {
  return Object.values(type.getFields()).filter(
    (field) => field.deprecationReason == null && String(field.type) !== FILE,
  );
}

/** The values of an enum within these limits. */
const choicesOf = (type: GraphQLEnumType, { enum: only, not = [] }: Limits): readonly string[] =>
  namesOf(type).filter((name) => (only?.includes(name) ?? true) && !not.includes(name));

/** The values that arguments accept. Others occur only in responses. */
export const namesOf = (type: GraphQLEnumType): readonly string[] =>
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
