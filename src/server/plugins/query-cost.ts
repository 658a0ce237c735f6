import type { ExecutionArgs, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { AccountSizes } from '../../constant-contact/cache/account-sizes.js';
import type { Meter } from '../../constant-contact/budget/meter.js';
import type { Clock } from '../../constant-contact/clock.js';
import type { Context } from '../../context.js';
import type { Loaders } from '../../loaders/index.js';
import { readSizes } from '../../loaders/sizes.js';
import { refusalError, tooComplex } from '../error-response.js';
import { translateError } from '../errors.js';
import { rememberQueryCosts } from '../known-query-costs.js';
import type { CostedOperation, QueryCost } from '../query-cost.js';
import { MAX_FIELDS, TooManyFields } from '../selected-fields.js';

/**
 * Refuses operations with too high a query cost before their first REST call. If the cost depends on the size of the account
 * and that is unknown, it is measured first, in a few calls: the operation may be affordable, and the error states its cost in
 * this account. When it cannot be measured, the operation fails with that error. Other operations cannot make more calls than their cost. Each event of a subscription may make as many again.
 *
 * @param limit maximum number of REST calls; 0 for no limit
 */
export function useQueryCost(limit: number, clock: Clock): Plugin {
  const queryCostOf = rememberQueryCosts();
  /** Maximum number of REST calls of the operation, or the error if it must not run. */
  const admit = (args: ExecutionArgs): GraphQLError | number | Promise<GraphQLError | number> => {
    // On Node 20 a new key after a spread makes it slow.
    const cost = costOf({ known: sizesOf(args), ...args }, queryCostOf);
    if (cost === null || limit === 0 || cost.total <= limit) return decide(cost);
    // It costs the same with every assumed size.
    if (queryCostOf({ known: smallUnlessKnown(sizesOf(args)), ...args }).total === cost.total)
      return decide(cost);
    const reading = readSizes(loadersOf(args), cost.assumed);
    return reading
      ? reading.then(
          () => decide(costOf({ known: sizesOf(args), ...args }, queryCostOf)),
          // It may be affordable.
          (error: unknown) => translateError(error, clock.now()),
        )
      : decide(cost);
  };
  const decide = (cost: QueryCost | null): GraphQLError | number => {
    if (cost === null) return limit > 0 ? tooManyFields() : Infinity;
    if (limit > 0 && cost.total > limit) return tooExpensive(cost, limit);
    // Fields of an embedding program need not declare a cost.
    return cost.total || limit || Infinity;
  };
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const apply = (cost: GraphQLError | number) => {
        if (typeof cost === 'number') meterOf(args).allow(cost, limit || Infinity);
        else setResultAndStopExecution({ errors: [cost] });
      };
      const cost = admit(args);
      if (!(cost instanceof Promise)) {
        apply(cost);
        return undefined;
      }
      return cost.then(apply);
    },
    async onSubscribe({ args, setResultAndStopExecution }) {
      const cost = await admit(args);
      if (typeof cost !== 'number') {
        setResultAndStopExecution({ errors: [cost] });
        return;
      }
      const meter = meterOf(args);
      meter.allow(cost, limit || Infinity);
      return {
        onSubscribeResult: () => ({
          onNext: () => meter.allow(cost, limit || Infinity),
        }),
      };
    },
  };
}

function meterOf({ contextValue }: ExecutionArgs): Meter {
  return (contextValue as Context).api.meter;
}

function loadersOf({ contextValue }: ExecutionArgs): Loaders {
  return (contextValue as Context).loaders;
}

function sizesOf({ contextValue }: ExecutionArgs): AccountSizes {
  return (contextValue as Context).api.sizes;
}

/** Unknown sizes count as one. */
function smallUnlessKnown(sizes: AccountSizes): NonNullable<CostedOperation['known']> {
  return {
    of: (collection) => sizes.of(collection) ?? { rows: 1, isLeast: false },
    groupsOf: (collection) => sizes.groupsOf(collection) ?? [],
    partOf: (collection, part) => sizes.partOf(collection, part) ?? 1,
    largestPage: (id) => sizes.largestPage(id),
    now: () => sizes.now(),
    hasLongLists: sizes.hasLongLists,
    version: `least ${sizes.version}`,
  };
}

/** Null for an operation with too many fields to compute its cost. */
function costOf(
  args: CostedOperation,
  queryCostOf: (operation: CostedOperation) => QueryCost,
): QueryCost | null {
  try {
    return queryCostOf(args);
  } catch (error) {
    if (!(error instanceof TooManyFields)) throw error;
    return null;
  }
}

function tooManyFields(): GraphQLError {
  return tooComplex(
    `The operation selects more than ${String(MAX_FIELDS)} fields; a fragment counts each time it is used. Split it into several requests.`,
  );
}

function tooExpensive({ total, items }: QueryCost, limit: number): GraphQLError {
  const calls = Math.min(total, Number.MAX_SAFE_INTEGER);
  const mostExpensive = items.slice(0, 3).map(({ field, calls }) => ({
    field,
    calls: Math.min(calls, Number.MAX_SAFE_INTEGER),
  }));
  const shares = mostExpensive.map(({ field, calls }) => `${field} ${String(calls)}`).join(', ');
  return refusalError(
    'QUERY_TOO_EXPENSIVE',
    `This query costs ${String(calls)} REST calls; the limit for one operation is ${String(limit)}. Most expensive: ${shares}. ${adviceFor(total, items, limit)}`,
    { spec: true, status: 400 },
    { cost: calls, limit, dearest: mostExpensive },
  );
}

/** Suggests a cheaper selection. */
function adviceFor(total: number, [mostExpensive, ...others]: QueryCost['items'], limit: number): string {
  if (!mostExpensive) return '';
  const { field, calls, page } = mostExpensive;
  // Fields that do not depend on the page cost the same with fewer rows.
  const onPage = [mostExpensive, ...others].filter((item) => item.page?.field === page?.field);
  const perRow = onPage.reduce((sum, item) => sum + item.calls, 0) / (page?.rows ?? 1);
  const first = page ? Math.floor(page.rows - (total - limit) / perRow) : 0;
  const fewer = page && first > 0 ? `Ask for \`first: ${String(first)}\` at ${page.field}` : null;
  const isPage = page?.field === field;
  const without = isPage ? null : `leave out ${field} (${String(calls)})`;
  if (fewer && without) return `${fewer}, or ${without}.`;
  if (fewer) return `${fewer}.`;
  return `Ask for fewer rows with \`first\`, or leave out ${field} (${String(calls)}).`;
}
