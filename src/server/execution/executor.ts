import type { DocumentNode, ExecutionArgs } from 'graphql';
import type { Stop } from '../../constant-contact/stop.js';
import { tokensOf } from '../documents.js';
import type { Plan } from './plan.js';
import { planOf } from './planner.js';
import { execute, type Result } from './run.js';
import { conditionsOf, prepare, type Prepared } from './variables.js';

/**
 * Maximum number of tokens of all planned documents, counted once per plan: an operation has one plan for each combination of skipped
 * and included fields.
 */
const MAX_PLANNED_TOKENS = 100_000;

type Execute = (args: ExecutionArgs) => unknown;

/**
 * Executes operations by a plan, which is kept at most for as long as the document. What has no plan
 * (subscriptions, incremental delivery, introspection) is left to the interpreter. The answers are the same to the letter. Errors
 * below a field that has already failed are not reported.
 *
 * @param namesFields whether reads are told which field asks for them
 * @returns what executes an operation until `gone` fires
 */
export function createExecutor(
  namesFields = false,
): (args: ExecutionArgs, interpret: Execute, gone: Stop | undefined) => unknown {
  let documents = new WeakMap<DocumentNode, Map<string, Plan | null>>();
  let plannedTokens = 0;

  const planFor = ({ schema, document }: ExecutionArgs, { operation, variables }: Prepared): Plan | null => {
    if (!variables) return null;
    // The name is part of the key: two operations of one document never stand in for each other.
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

  return (args, interpret, gone) => {
    const prepared = prepare(args);
    const plan = prepared && planFor(args, prepared);
    // Understood by the interpreter, though missing from the type of its arguments.
    if (!plan || !prepared.variables) return interpret(Object.assign(args, { signal: gone?.signal }));
    const { contextValue, rootValue } = args;
    return execute({
      plan,
      variables: prepared.variables,
      context: contextValue,
      rootValue,
      namesFields,
      gone,
    }) satisfies Result | Promise<Result>;
  };
}
