import { GraphQLError, OperationTypeNode, type ASTVisitor, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { refusalError } from '../error-response.js';
import { acceptedOf, acceptsEventParts } from '../accept.js';

/** Refuses @skip and @include on the root field: a subscription without a root field makes the executor fail. */
function noConditions(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition({ operation, selectionSet }) {
      if (operation !== OperationTypeNode.SUBSCRIPTION) return;
      for (const { directives = [] } of selectionSet.selections) {
        for (const node of directives.filter(({ name }) => /^(skip|include)$/.test(name.value))) {
          context.reportError(
            new GraphQLError('The root field of a subscription cannot have @skip or @include.', {
              nodes: [node],
            }),
          );
        }
      }
    },
  };
}

/** Refuses subscriptions that cannot be executed, with a message. */
export function useSubscriptionRequest(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(noConditions);
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const { request } = args.contextValue as { request: Request };
      const accept = request.headers.get('accept');
      if (acceptedOf(accept, ['text/event-stream']) || acceptsEventParts(accept)) return;
      const error = refusalError(
        'NOT_ACCEPTABLE',
        'Subscriptions use server-sent events: send "Accept: text/event-stream", or use a WebSocket. Apollo\'s "multipart/mixed;subscriptionSpec=1.0" is accepted too.',
        { status: 406 },
      );
      setResultAndStopExecution({ errors: [error] });
    },
  };
}
