import {
  getOperationAST,
  getNullableType,
  getVariableValues,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  Kind,
  typeFromAST,
  valueFromAST,
  visit,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import { Attached } from '../../constant-contact/attached.js';

/** The operation that is executed, and its variables as their types have them. */
export interface Prepared {
  operation: OperationDefinitionNode;
  /** Null when they do not fit: execution then says why, and resolves nothing. */
  variables: Readonly<Record<string, unknown>> | null;
}

/** What of the arguments of an execution decides what is prepared. */
type Asked = Readonly<Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>>;

const prepared = new Attached<Asked, { of: Omit<Asked, 'schema'>; made: Prepared | null }>();

/**
 * What several plugins and the executor need to know of the same execution, found out once. Null where the document has
 * no operation of that name.
 */
export function prepare(args: Asked): Prepared | null {
  const known = prepared.get(args);
  const { schema, document, operationName, variableValues } = args;
  // A copy of these arguments has what was attached to them, but may differ in all else.
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

/** Variables of operations; null where one cannot be assigned by its name. */
const declared = new WeakMap<OperationDefinitionNode, readonly Variable[] | null>();

function variablesOf(
  schema: ExecutionArgs['schema'],
  { variableDefinitions = [] }: OperationDefinitionNode,
): readonly Variable[] | null {
  const variables: Variable[] = [];
  for (const { variable, type: node, defaultValue } of variableDefinitions) {
    const name = variable.name.value;
    const type = typeFromAST(schema, node);
    // Assigned, that name would not become a property.
    if (!isInputType(type) || name === '__proto__') return null;
    variables.push({ name, type, defaultValue });
  }
  return variables;
}

/**
 * The values of `getVariableValues`, which takes longer.
 *
 * @returns null when they do not fit
 */
function coerced(
  schema: ExecutionArgs['schema'],
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | null {
  let variables = declared.get(operation);
  if (variables === undefined) declared.set(operation, (variables = variablesOf(schema, operation)));
  // Never null, which stands for values that do not fit: such an operation has no query cost.
  if (variables === null)
    return getVariableValues(schema, operation.variableDefinitions ?? [], given).coerced ?? null;
  const values: Record<string, unknown> = {};
  try {
    for (const { name, type, defaultValue } of variables) {
      if (Object.hasOwn(given, name)) values[name] = coerce(given[name], type);
      else if (defaultValue) values[name] = valueFromAST(defaultValue, type);
      else if (isNonNullType(type)) return null;
    }
  } catch {
    return null;
  }
  return values;
}

class Misfit extends Error {}

/**
 * The value that graphql-js has for a given one. It keeps no path to each, which takes most of the time for the 40,000 contacts of an
 * import: what does not fit is explained by the interpreter.
 *
 * @throws what the type does, for a value that does not fit
 */
function coerce(value: unknown, type: GraphQLInputType): unknown {
  if (value == null) {
    if (isNonNullType(type)) throw new Misfit();
    return null;
  }
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const { ofType } = nullable;
    const items =
      typeof value === 'object' && Symbol.iterator in value ? (value as Iterable<unknown>) : [value];
    return Array.from(items, (item) => coerce(item, ofType));
  }
  if (isInputObjectType(nullable)) return coerceObject(value, nullable);
  const parsed: unknown = nullable.parseValue(value);
  if (parsed === undefined) throw new Misfit();
  return parsed;
}

const fieldsOfInputs = new WeakMap<GraphQLInputObjectType, readonly GraphQLInputField[]>();

function coerceObject(value: object, type: GraphQLInputObjectType): Record<string, unknown> {
  if (typeof value !== 'object' || Array.isArray(value)) throw new Misfit();
  let fields = fieldsOfInputs.get(type);
  if (!fields) fieldsOfInputs.set(type, (fields = Object.values(type.getFields())));
  const given = value as Readonly<Record<string, unknown>>;
  const values: Record<string, unknown> = {};
  let left = Object.keys(given).length;
  for (const { name, type: fieldType, defaultValue } of fields) {
    const isGiven = Object.hasOwn(given, name);
    if (isGiven) left -= 1;
    if (isGiven && given[name] !== undefined) values[name] = coerce(given[name], fieldType);
    else if (defaultValue !== undefined) values[name] = defaultValue;
    else if (isNonNullType(fieldType)) throw new Misfit();
  }
  const isOneOf = type.isOneOf && (Object.keys(values).length !== 1 || Object.values(values).includes(null));
  if (left > 0 || isOneOf) throw new Misfit();
  return values;
}

const conditions = new WeakMap<DocumentNode, readonly string[]>();

/** Names of the variables that decide what a document skips and includes. */
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

/** Whether what a document selects depends on its variables. */
export function hasConditions(document: DocumentNode): boolean {
  return conditionsOf(document).length > 0;
}
