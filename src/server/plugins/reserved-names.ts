import { GraphQLError, type ASTVisitor, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * The executor takes an object with a property `then` for a promise, so an alias of that name would make it wait for
 * a text. It is refused by name instead of failing as an internal error.
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

/** Refuses response keys that the executor cannot answer under. */
export function useReservedNames(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(noThen);
    },
  };
}
