import type { IncomingMessage } from 'node:http';
import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  type ASTVisitor,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationContext,
} from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { tooComplex } from '../error-response.js';
import { prepare } from '../execution/variables.js';
import { introspectionWork } from '../introspection-work.js';
import { errorsOf, type Part } from '../outcome.js';
import type { LongTaskTurn } from '../turns.js';
import { turnToRespond } from '../unsent.js';
import { operationStopOf } from './deadline.js';

/** The schema as text, for gateways, exposes as much as introspection does. */
function noSdl(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      if (node.name.value !== '_service' || context.getParentType() !== context.getSchema().getQueryType())
        return;
      context.reportError(new GraphQLError('Introspection is disabled.', { nodes: [node] }));
    },
  };
}

/** With introspection disabled, exposes no part of the schema beyond the names in an operation. */
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
      hideSuggestions(result as Part);
    },
  };
}

/**
 * Refuses operations that read the whole schema several times, and runs other operations between those that read it: each takes
 * as long as a hundred small queries.
 */
export function useIntrospectionLimit(schema: GraphQLSchema, longTaskTurn: LongTaskTurn): Plugin {
  const { isIntrospecting, isTooMuch } = introspectionWork(schema);
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const document = args.document as DocumentNode;
      if (!isIntrospecting(document)) return undefined;
      const { request, req } = args.contextValue as { request: Request; req?: IncomingMessage };
      const start = async () => {
        const stop = operationStopOf(request);
        const turn = () => turnToRespond(req?.socket, () => longTaskTurn(stop));
        await turn();
        const prepared = prepare(args);
        if (prepared?.variables && isTooMuch(document, prepared.operation, prepared.variables)) {
          setResultAndStopExecution({ errors: [tooMuch()] });
          return;
        }
        await turn();
      };
      return start();
    },
  };
}

const tooMuch = () =>
  tooComplex('The operation contains more than one introspection query. Send one at a time.');

/**
 * Errors about misspelt fields, types, arguments and enum values suggest similar names, which exposes the whole schema guess by
 * guess: errors of validation, and those of variables, which are found only at execution.
 */
function hideSuggestions(part: Part): void {
  for (const error of errorsOf(part)) error.message = error.message.replace(/ ?Did you mean [^?]*\?/g, '');
}
