import {
  getOperationAST,
  getVariableValues,
  Kind,
  visit,
  type DocumentNode,
  type ExecutionArgs,
  type OperationDefinitionNode,
} from 'graphql';
import { Attached } from '../../constant-contact/attached.js';

/** The operation that is executed, and its variables as their types have them. */
export interface Prepared {
  operation: OperationDefinitionNode;
  /** Null when they do not fit: execution then says why, and resolves nothing. */
  variables: Readonly<Record<string, unknown>> | null;
}

const prepared = new Attached<ExecutionArgs, { of: ExecutionArgs; made: Prepared | null }>();

/**
 * What several plugins and the executor need to know of the same execution, found out once. Null where the document has
 * no operation of that name.
 */
export function prepare(args: ExecutionArgs): Prepared | null {
  const known = prepared.get(args);
  // A copy of these arguments has what was attached to them, but may differ in all else.
  if (known?.of === args) return known.made;
  const { schema, document, operationName, variableValues } = args;
  const operation = getOperationAST(document, operationName);
  const made = operation ? { operation, variables: coerce(schema, operation, variableValues ?? {}) } : null;
  prepared.set(args, { of: args, made });
  return made;
}

const NONE: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null) as Record<string, unknown>);

function coerce(
  schema: ExecutionArgs['schema'],
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | null {
  if (variableDefinitions.length === 0) return NONE;
  return getVariableValues(schema, variableDefinitions, given).coerced ?? null;
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
