import { GraphQLError, type ASTVisitor, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * The executor treats an object with a property `then` as a promise, so an alias of that name would make it wait forever. It is
 * refused with a message instead of failing as an internal error.
 */
function noThen(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      if ((node.alias ?? node.name).value === 'then') {
        context.reportError(
          new GraphQLError('The alias "then" is reserved. Choose another alias.', {
            nodes: [node],
          }),
        );
      }
    },
  };
}

/** Refuses response keys that the executor cannot use. */
export function useReservedNames(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(noThen);
    },
  };
}
