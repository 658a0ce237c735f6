import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  type ASTVisitor,
  type ValidationContext,
} from 'graphql';
import { createGraphQLError, type Plugin } from 'graphql-yoga';

/** The schema as text, which a gateway asks for, tells as much as introspection does. */
function noSdl(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      if (node.name.value !== '_service' || context.getParentType() !== context.getSchema().getQueryType())
        return;
      context.reportError(new GraphQLError('The schema is not told here.', { nodes: [node] }));
    },
  };
}

/** Where introspection is off: tells nothing of the schema beyond what an operation names itself. */
export function useIntrospection(allowed: boolean): Plugin {
  if (allowed) return {};
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
      addValidationRule(noSdl);
      return ({ result, setResult }) => {
        setResult((result as readonly GraphQLError[]).map(withoutSuggestion));
      };
    },
  };
}

/** The validator names similar fields and types to whoever misspells one, and so, guess by guess, the whole schema. */
function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ Did you mean .*\?$/s, '');
  if (message === error.message) return error;
  const { nodes, extensions } = error;
  return createGraphQLError(message, { nodes, extensions });
}
