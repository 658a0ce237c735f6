import { OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../context.js';
import { prepare } from '../execution/variables.js';

/** Lets all calls of a mutation, from its first read on, use the reserve of the budget. */
export function useMutation(): Plugin<Context> {
  return {
    onExecute: ({ args }) => {
      if (prepare(args)?.operation.operation === OperationTypeNode.MUTATION)
        (args.contextValue as Context).api.beginMutation();
    },
  };
}
