import type { DocumentNode, ExecutionArgs, OperationDefinitionNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../context.js';
import { OperationSelection } from '../../resolvers/support/selection.js';
import { hasConditions, prepare, type Prepared } from '../execution/variables.js';

/** Cached selections of operations whose selection does not depend on variables. */
const known = new WeakMap<OperationDefinitionNode, OperationSelection>();

/** Passes the selection of the whole operation to the loaders, before its first resolver runs. */
export function useSelection(): Plugin<Context> {
  const note = (args: ExecutionArgs) => {
    const prepared = prepare(args);
    // Execution reports invalid variables and resolves nothing.
    if (!prepared?.variables) return;
    const selection = selectionOf(args, prepared.operation, prepared.variables);
    (args.contextValue as Context).select((type, ...fields) => selection.has(type, ...fields));
  };
  return {
    onExecute: ({ args }) => note(args),
    onSubscribe: ({ args }) => note(args),
  };
}

function selectionOf(
  { schema, document }: { schema: ExecutionArgs['schema']; document: DocumentNode },
  operation: OperationDefinitionNode,
  variables: NonNullable<Prepared['variables']>,
): OperationSelection {
  const before = known.get(operation);
  if (before) return before;
  const selection = new OperationSelection(schema, document, operation, variables);
  if (!hasConditions(document)) known.set(operation, selection);
  return selection;
}
