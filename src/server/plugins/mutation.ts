import { OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../context.js';
import { prepare } from '../execution/variables.js';

/** Lets all that a mutation calls use the part of the budget that is reserved for mutations, from its first read on. */
export function useMutation(): Plugin<Context> {
  return {
    onExecute: ({ args }) => {
      if (prepare(args)?.operation.operation === OperationTypeNode.MUTATION)
        (args.contextValue as Context).api.beginMutation();
    },
  };
}
