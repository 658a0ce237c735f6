import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  type ASTVisitor,
  type ExecutionResult,
  type ValidationContext,
} from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { errorsOf, type Part } from '../outcome.js';

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
  const watch = (result: unknown) =>
    isAsyncIterable(result)
      ? { onNext: (payload: { result: unknown }) => hideSuggestions(payload.result as Part) }
      : undefined;
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
      addValidationRule(noSdl);
    },
    onExecute: () => ({ onExecuteDone: ({ result }) => watch(result) }),
    onSubscribe: () => ({ onSubscribeResult: ({ result }) => watch(result) }),
    onResultProcess({ result }) {
      if (isAsyncIterable(result)) return;
      for (const one of [result].flat() as ExecutionResult[]) hideSuggestions(one);
    },
  };
}

/**
 * Errors name similar fields, types, arguments and enum values to whoever misspells one, and so, guess by guess, the whole
 * schema: those of validation, and those of variables, which are found only at execution.
 */
function hideSuggestions(part: Part): void {
  for (const error of errorsOf(part)) error.message = error.message.replace(/ ?Did you mean [^?]*\?/g, '');
}
