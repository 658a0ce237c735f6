import type { DocumentNode, ExecutionArgs } from 'graphql';
import type { Stop } from '../../constant-contact/stop.js';
import { planOf, type Plan } from './plan.js';
import { execute, type Result } from './run.js';
import { conditionsOf, prepare, type Prepared } from './variables.js';

/** An operation is planned the second time that it comes: many come once. */
export const DEFAULT_PLAN_FROM = 2;

/** Plans that one document may have: an operation has one for each combination of what it skips and includes. */
const MOST_PLANS = 32;

/** Plans of one document, by operation and conditions. */
type Plans = Map<string, { uses: number; plan?: Plan | null }>;

export type Execute = (args: ExecutionArgs) => unknown;

interface ExecutorOptions {
  /** Fires when nobody waits for the answer any more. */
  gone?: Stop | undefined;
}

/**
 * Executes operations by a plan that is made once for each operation of a document and kept for as long as the document
 * itself is, which is what the parser's cache decides. Whatever has no plan is left to the interpreter, whose answers these
 * are to the letter; but nothing is said of what fails within something that has failed already.
 *
 * @param planFrom the use from which on an operation is planned; Infinity for never
 * @returns what executes an operation until `gone` fires
 */
export function createExecutor(
  planFrom: number,
): (args: ExecutionArgs, interpret: Execute, options: ExecutorOptions) => unknown {
  const documents = new WeakMap<DocumentNode, Plans>();

  const planFor = ({ schema, document }: ExecutionArgs, { operation, variables }: Prepared): Plan | null => {
    if (!variables) return null;
    let plans = documents.get(document);
    if (!plans) documents.set(document, (plans = new Map() as Plans));
    // The name is part of the key: two operations of one document never stand in for each other.
    const conditions = conditionsOf(document).map((name) => String(variables[name]));
    const key = [operation.name?.value ?? '', ...conditions].join(' ');
    let entry = plans.get(key);
    if (!entry) {
      if (plans.size >= MOST_PLANS) return null;
      plans.set(key, (entry = { uses: 0 }));
    }
    entry.uses += 1;
    if (entry.uses < planFrom) return null;
    if (entry.plan === undefined) entry.plan = planOf(schema, document, operation, variables);
    return entry.plan;
  };

  return (args, interpret, { gone }): unknown => {
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
      gone,
    }) satisfies Result | Promise<Result>;
  };
}
