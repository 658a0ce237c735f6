import { OperationTypeNode, type DocumentNode, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { tokensOf } from '../documents.js';
import { disconnectSignalOf } from '../gone.js';
import type { Plan } from './plan.js';
import { planOf } from './planner.js';
import { countingSignal, limitErrors } from './response-limits.js';
import { execute, isPromise } from './run.js';
import { conditionsOf, prepare, type Prepared } from './variables.js';

/**
 * Maximum number of tokens of all planned documents, counted once per plan: an operation has one plan for each combination of skipped
 * and included fields.
 */
const MAX_PLANNED_TOKENS = 100_000;

/**
 * Executes operations by a plan, which is cached at most as long as the document. The interpreter executes operations without a plan
 * (subscriptions, incremental delivery, introspection). Both give the same results, except that a plan reports no errors below a
 * field that has already failed. Neither calls further resolvers once the client has disconnected; the context hands the same signal
 * to the REST client.
 *
 * @param namesFields true if reads need the name of the field that requests them
 */
export function useExecution(namesFields = false): Plugin {
  let documents = new WeakMap<DocumentNode, Map<string, Plan | null>>();
  let plannedTokens = 0;

  const planFor = ({ schema, document }: ExecutionArgs, { operation, variables }: Prepared): Plan | null => {
    if (!variables) return null;
    // The name is part of the key: two operations of one document never share a plan.
    const conditions = conditionsOf(document).map((name) => String(variables[name]));
    const key = [operation.name?.value ?? '', ...conditions].join(' ');
    const known = documents.get(document)?.get(key);
    if (known !== undefined) return known;
    plannedTokens += tokensOf(document);
    if (plannedTokens > MAX_PLANNED_TOKENS) {
      documents = new WeakMap();
      plannedTokens = tokensOf(document);
    }
    const plan = planOf(schema, document, operation, variables);
    const plans = documents.get(document) ?? new Map<string, Plan | null>();
    documents.set(document, plans.set(key, plan));
    return plan;
  };

  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => {
        const { contextValue, rootValue } = args;
        const { request } = contextValue as { request?: Request };
        const gone = request && disconnectSignalOf(request);
        const prepared = prepare(args);
        const plan = prepared && planFor(args, prepared);
        // The interpreter accepts `signal`, but the type of its arguments lacks it.
        if (!plan || !prepared.variables) {
          const isMutation = prepared?.operation.operation === OperationTypeNode.MUTATION;
          const signal = countingSignal(gone?.signal, isMutation);
          const result = executeFn(Object.assign(args, { signal })) as unknown;
          return isPromise(result) ? result.then(withFewErrors) : withFewErrors(result);
        }
        const { variables } = prepared;
        return execute({ plan, variables, context: contextValue, rootValue, namesFields, gone });
      });
    },
  };
}

/** The errors of responses in several parts are limited where they are translated. */
function withFewErrors(result: unknown): unknown {
  const { errors } = result as ExecutionResult;
  return errors && !isAsyncIterable(result)
    ? { ...(result as ExecutionResult), errors: limitErrors(errors) }
    : result;
}
