import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  type ASTVisitor,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationContext,
} from 'graphql';
import { createGraphQLError, type Plugin } from 'graphql-yoga';
import { prepare } from '../execution/variables.js';
import { introspectionLimit } from '../introspection-work.js';

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

/** Refuses operations that read the whole schema again and again: each time takes as long as a hundred small queries. */
export function useIntrospectionLimit(schema: GraphQLSchema): Plugin {
  const isTooMuch = introspectionLimit(schema);
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const prepared = prepare(args);
      if (
        !prepared?.variables ||
        !isTooMuch(args.document as DocumentNode, prepared.operation, prepared.variables)
      )
        return;
      const error = createGraphQLError(
        'The operation reads the schema more than once. Send one introspection query at a time.',
        { extensions: { code: 'QUERY_TOO_COMPLEX', retryable: false, http: { spec: true, status: 400 } } },
      );
      setResultAndStopExecution({ errors: [error] });
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
