import {
  GraphQLError,
  Kind,
  visit,
  type ASTVisitor,
  type DirectiveNode,
  type DocumentNode,
  type ExecutionArgs,
  type ValidationContext,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { acceptsEventParts, asksForCurrentFormat, namesType } from '../accept.js';

/** Media types of responses in several parts. */
const IN_PARTS = ['multipart/mixed', 'text/event-stream'];

const whole = new WeakMap<DocumentNode, DocumentNode>();

/**
 * Returns true if a condition of `@defer` is null: the operation is then answered whole, as it is for clients that accept no parts.
 * An executor would refuse it.
 */
function hasNullCondition(document: DocumentNode, variables: ExecutionArgs['variableValues']): boolean {
  let isNull = false;
  visit(document, {
    Directive({ name, arguments: given = [] }) {
      const condition = given.find((one) => one.name.value === 'if')?.value;
      if (name.value !== 'defer' || condition?.kind !== Kind.VARIABLE) return;
      isNull ||= variables?.[condition.name.value] === null;
    },
  });
  return isNull;
}

/** Removes `@defer` from a document; returns the same object if there is none. */
function wholeOf(document: DocumentNode): DocumentNode {
  let known = whole.get(document);
  if (!known) {
    known = visit(document, { Directive: ({ name }) => (name.value === 'defer' ? null : undefined) });
    whole.set(document, known);
  }
  return known;
}

/** Returns true if a document has deferred parts and the client accepts them. */
export function isDeliveredInParts(document: DocumentNode, accept: string | null | undefined): boolean {
  return wholeOf(document) !== document && IN_PARTS.some((type) => namesType(accept, type));
}

/**
 * `@defer`: responses in several parts, for clients that accept them. `@stream` is not supported: the API returns lists page by
 * page, so it would save no time.
 */
export function useDefer(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(deferRule);
    },
    onExecute({ args }) {
      const { document, contextValue, variableValues } = args as ExecutionArgs;
      const { request } = contextValue as { request: Request };
      const isInParts = isDeliveredInParts(document, request.headers.get('accept'));
      if (!isInParts || hasNullCondition(document, variableValues)) args.document = wholeOf(document);
    },
    onSubscribe({ args }) {
      const { document, contextValue, variableValues } = args as ExecutionArgs;
      const { request } = contextValue as { request: Request };
      const accept = request.headers.get('accept');
      const isNull = wholeOf(document) !== document && hasNullCondition(document, variableValues);
      // Apollo's protocol has no events in parts, and the current format has none for subscriptions.
      if (acceptsEventParts(accept) || asksForCurrentFormat(accept) || isNull)
        args.document = wholeOf(document);
    },
  };
}

function deferRule(context: ValidationContext): ASTVisitor {
  const labels = new Set<string>();
  const report = (message: string, node: DirectiveNode) =>
    context.reportError(new GraphQLError(message, { nodes: [node] }));
  return {
    Directive(node) {
      if (node.name.value === 'stream') {
        report('@stream is not supported. Lists are paginated: use "first" and "after".', node);
      }
      if (node.name.value !== 'defer') return;
      const schema = context.getSchema();
      const parent = context.getParentType();
      if (parent && (parent === schema.getMutationType() || parent === schema.getSubscriptionType())) {
        report(`@defer cannot be used on fields of the type ${parent.name}.`, node);
      }
      const label = node.arguments?.find(({ name }) => name.value === 'label')?.value;
      if (!label || label.kind === Kind.NULL) return;
      if (label.kind !== Kind.STRING) report('The label of @defer cannot be a variable.', node);
      else if (labels.has(label.value))
        report(`The label "${label.value}" of @defer is used twice. Labels must be unique.`, node);
      else labels.add(label.value);
    },
  };
}
