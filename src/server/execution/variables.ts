import {
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  typeFromAST,
  valueFromAST,
  visit,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import { Attached } from '../../constant-contact/attached.js';
import { limitsOf } from '../../resolvers/support/declared-limits.js';

/** The operation that is executed, and its coerced variables. */
export interface Prepared {
  operation: OperationDefinitionNode;
  /** Null if they are invalid: execution then reports the reason, and resolves nothing. */
  variables: Readonly<Record<string, unknown>> | null;
}

/** The arguments of an execution that affect the prepared operation. */
type Asked = Readonly<Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>>;

const prepared = new Attached<Asked, { of: Omit<Asked, 'schema'>; made: Prepared | null }>();

/**
 * Prepares an execution once for all plugins and the executor.
 *
 * @returns null if the document has no operation of that name
 */
export function prepare(args: Asked): Prepared | null {
  const known = prepared.get(args);
  const { schema, document, operationName, variableValues } = args;
  // A copy of the arguments has the attached value too, but its properties may differ.
  const isSame =
    known?.of.document === document &&
    known.of.operationName === operationName &&
    known.of.variableValues === variableValues;
  if (isSame) return known.made;
  const operation = getOperationAST(document, operationName);
  const made = operation ? { operation, variables: coerced(schema, operation, variableValues ?? {}) } : null;
  prepared.set(args, { of: { document, operationName, variableValues }, made });
  return made;
}

interface Variable {
  name: string;
  type: GraphQLInputType;
  defaultValue: VariableDefinitionNode['defaultValue'];
}

/** Variables of operations; null if one cannot be assigned by its name. */
const declared = new WeakMap<OperationDefinitionNode, readonly Variable[] | null>();

function variablesOf(
  schema: ExecutionArgs['schema'],
  { variableDefinitions = [] }: OperationDefinitionNode,
): readonly Variable[] | null {
  const variables: Variable[] = [];
  for (const { variable, type: node, defaultValue } of variableDefinitions) {
    const name = variable.name.value;
    const type = typeFromAST(schema, node);
    // An assignment to `__proto__` creates no property.
    if (!isInputType(type) || name === '__proto__') return null;
    variables.push({ name, type, defaultValue });
  }
  return variables;
}

/**
 * Coerces variables like `getVariableValues`, but faster.
 *
 * @returns null if they are invalid
 */
function coerced(
  schema: ExecutionArgs['schema'],
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | null {
  let variables = declared.get(operation);
  if (variables === undefined) declared.set(operation, (variables = variablesOf(schema, operation)));
  // Valid values must not become null: such an operation has no query cost.
  if (variables === null)
    return getVariableValues(schema, operation.variableDefinitions ?? [], given).coerced ?? null;
  const values: Record<string, unknown> = {};
  const maxima = maximaOf(schema);
  try {
    for (const { name, type, defaultValue } of variables) {
      if (Object.hasOwn(given, name)) values[name] = coerce(given[name], type, maxima);
      else if (defaultValue) values[name] = valueFromAST(defaultValue, type);
      else if (isNonNullType(type)) return null;
    }
  } catch {
    return null;
  }
  return values;
}

/** The most items that any list of an input type may have, by the name of that type; missing where one has no maximum. */
type Maxima = ReadonlyMap<string, number>;

const maximaOfSchemas = new WeakMap<GraphQLSchema, Maxima>();

function maximaOf(schema: GraphQLSchema): Maxima {
  const known = maximaOfSchemas.get(schema);
  if (known) return known;
  const maxima = new Map<string, number>();
  for (const type of Object.values(schema.getTypeMap())) {
    const fields = isInputObjectType(type) ? Object.values(type.getFields()) : argumentsOf(type);
    for (const field of fields) {
      const item = getNamedType(field.type);
      if (!isListType(getNullableType(field.type)) || !isInputObjectType(item)) continue;
      const max = limitsOf(field).maxItems ?? Infinity;
      maxima.set(item.name, Math.max(max, maxima.get(item.name) ?? 0));
    }
  }
  maximaOfSchemas.set(schema, maxima);
  return maxima;
}

function argumentsOf(type: GraphQLNamedType): GraphQLArgument[] {
  return isObjectType(type) ? Object.values(type.getFields()).flatMap(({ args }) => args) : [];
}

class Misfit extends Error {}

/**
 * Coerces a value like graphql-js, but keeps no path to each value, which takes most of the time for the 40,000 contacts of an import.
 * The interpreter reports the reason for invalid values. Items of a list that is too long everywhere stay as they are: the mutation
 * refuses the list without looking at them.
 *
 * @throws Misfit, or the error of the type, for an invalid value
 */
function coerce(value: unknown, type: GraphQLInputType, maxima: Maxima): unknown {
  if (value == null) {
    if (isNonNullType(type)) throw new Misfit();
    return null;
  }
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const { ofType } = nullable;
    const items =
      typeof value === 'object' && Symbol.iterator in value ? (value as Iterable<unknown>) : [value];
    if (Array.isArray(items) && items.length > (maxima.get(getNamedType(ofType).name) ?? Infinity))
      return items;
    return Array.from(items, (item) => coerce(item, ofType, maxima));
  }
  if (isInputObjectType(nullable)) return coerceObject(value, nullable, maxima);
  const parsed: unknown = nullable.parseValue(value);
  if (parsed === undefined) throw new Misfit();
  return parsed;
}

const fieldsOfInputs = new WeakMap<GraphQLInputObjectType, readonly GraphQLInputField[]>();

function coerceObject(value: object, type: GraphQLInputObjectType, maxima: Maxima): Record<string, unknown> {
  if (typeof value !== 'object' || Array.isArray(value)) throw new Misfit();
  let fields = fieldsOfInputs.get(type);
  if (!fields) fieldsOfInputs.set(type, (fields = Object.values(type.getFields())));
  const given = value as Readonly<Record<string, unknown>>;
  const values: Record<string, unknown> = {};
  let left = Object.keys(given).length;
  for (const { name, type: fieldType, defaultValue } of fields) {
    const isGiven = Object.hasOwn(given, name);
    if (isGiven) left -= 1;
    if (isGiven && given[name] !== undefined) values[name] = coerce(given[name], fieldType, maxima);
    else if (defaultValue !== undefined) values[name] = defaultValue;
    else if (isNonNullType(fieldType)) throw new Misfit();
  }
  const isOneOf = type.isOneOf && (Object.keys(values).length !== 1 || Object.values(values).includes(null));
  if (left > 0 || isOneOf) throw new Misfit();
  return values;
}

const conditions = new WeakMap<DocumentNode, readonly string[]>();

/** Names of the variables that affect the skipped and included fields of a document. */
export function conditionsOf(document: DocumentNode): readonly string[] {
  let names = conditions.get(document);
  if (!names) {
    const found = new Set<string>();
    visit(document, {
      Directive: ({ arguments: given = [] }) => {
        for (const { value } of given) if (value.kind === Kind.VARIABLE) found.add(value.name.value);
      },
    });
    conditions.set(document, (names = [...found]));
  }
  return names;
}

/** Returns true if the selected fields of a document depend on its variables. */
export function hasConditions(document: DocumentNode): boolean {
  return conditionsOf(document).length > 0;
}
