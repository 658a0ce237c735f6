import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  type ASTVisitor,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type ValidationContext,
} from 'graphql';
import { createGraphQLError, isAsyncIterable, type Plugin } from 'graphql-yoga';
import { prepare } from '../execution/variables.js';
import { introspectionWork } from '../introspection-work.js';
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

/** Turns of the event loop between two introspections. In each, one connection is accepted, and other operations go on. */
const TURNS = 64;

/**
 * Bounds introspection, which takes as long as a hundred small queries: an operation may read the schema once, and operations that do
 * run one at a time, so that other operations run between them.
 */
export function useIntrospectionLimit(schema: GraphQLSchema): Plugin {
  const { isIntrospecting, isTooMuch } = introspectionWork(schema);
  const nextTurn = async () => {
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise(setImmediate);
  };
  let lastTurn = Promise.resolve();
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const document = args.document as DocumentNode;
      if (!isIntrospecting(document)) return undefined;
      lastTurn = lastTurn.then(nextTurn);
      return lastTurn.then(() => {
        const prepared = prepare(args);
        if (!prepared?.variables || !isTooMuch(prepared.operation, document, prepared.variables)) return;
        const error = createGraphQLError(
          'The operation reads the schema more than once. Send one introspection query at a time.',
          { extensions: { code: 'QUERY_TOO_COMPLEX', retryable: false, http: { spec: true, status: 400 } } },
        );
        setResultAndStopExecution({ errors: [error] });
      });
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
