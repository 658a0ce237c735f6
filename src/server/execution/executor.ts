import type { DocumentNode, ExecutionArgs } from 'graphql';
import type { Stop } from '../../constant-contact/stop.js';
import type { Plan } from './plan.js';
import { planOf } from './planner.js';
import { execute, type Result } from './run.js';
import { conditionsOf, prepare, type Prepared } from './variables.js';

/** Plans that one document may have: an operation has one for each combination of what it skips and includes. */
const MOST_PLANS = 32;

type Execute = (args: ExecutionArgs) => unknown;

/**
 * Executes operations by a plan, which is kept for as long as the parser's cache keeps the document. What has no plan
 * (subscriptions, incremental delivery, introspection) is left to the interpreter. The answers are the same to the letter. Errors
 * below a field that has already failed are not reported.
 *
 * @param namesFields whether reads are told which field asks for them
 * @returns what executes an operation until `gone` fires
 */
export function createExecutor(
  namesFields = false,
): (args: ExecutionArgs, interpret: Execute, gone: Stop | undefined) => unknown {
  const documents = new WeakMap<DocumentNode, Map<string, Plan | null>>();

  const planFor = ({ schema, document }: ExecutionArgs, { operation, variables }: Prepared): Plan | null => {
    if (!variables) return null;
    let plans = documents.get(document);
    if (!plans) documents.set(document, (plans = new Map<string, Plan | null>()));
    // The name is part of the key: two operations of one document never stand in for each other.
    const conditions = conditionsOf(document).map((name) => String(variables[name]));
    const key = [operation.name?.value ?? '', ...conditions].join(' ');
    let plan = plans.get(key);
    if (plan === undefined) {
      if (plans.size >= MOST_PLANS) plans.clear();
      plans.set(key, (plan = planOf(schema, document, operation, variables)));
    }
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
