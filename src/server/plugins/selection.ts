import { getOperationAST, getVariableValues, type ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../context.js';
import { OperationSelection } from '../../resolvers/support/selection.js';

/** Tells the loaders what the whole operation selects, before its first resolver runs. */
export function useSelection(): Plugin<Context> {
  const note = (args: ExecutionArgs) => {
    const { schema, document, operationName, variableValues, contextValue } = args;
    const operation = getOperationAST(document, operationName);
    if (!operation) return;
    // Bad variables are reported by execution itself, which then resolves nothing.
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {});
    const selection = new OperationSelection(schema, document, operation, coerced ?? {});
    (contextValue as Context).select((type, ...fields) => selection.has(type, ...fields));
  };
  return {
    onExecute: ({ args }) => {
      note(args);
    },
    onSubscribe: ({ args }) => {
      note(args);
    },
  };
}
