import type { ExecutionArgs } from 'graphql';
import { createGraphQLError, type Plugin } from 'graphql-yoga';
import { rememberPrices } from '../known-prices.js';
import { MAX_FIELDS, TooManyFields, type Bill, type PricedOperation } from '../price.js';

/** REST calls that one operation may cost unless said otherwise: a tenth of what a day allows every API key. */
export const DEFAULT_MAX_QUERY_COST = 1_000;

/**
 * Refuses operations that could cost more REST calls than one operation may, before the first of them is made.
 *
 * @param limit most REST calls at worst; 0 for no limit
 */
export function usePrice(limit: number): Plugin {
  const priceOf = rememberPrices();
  const refusalOf = (args: ExecutionArgs) => refuse(args, limit, priceOf);
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = limit > 0 ? refusalOf(args) : null;
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = limit > 0 ? refusalOf(args) : null;
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
  };
}

function refuse(args: ExecutionArgs, limit: number, priceOf: (operation: PricedOperation) => Bill) {
  let bill: Bill;
  try {
    bill = priceOf(args);
  } catch (error) {
    if (!(error instanceof TooManyFields)) throw error;
    return createGraphQLError(
      `The operation selects more than ${String(MAX_FIELDS)} fields, those of fragments counted where they are spread.`,
      { extensions: { code: 'QUERY_TOO_COMPLEX', retryable: false, http: { spec: true, status: 400 } } },
    );
  }
  if (bill.total <= limit) return null;
  const price = Math.min(bill.total, Number.MAX_SAFE_INTEGER);
  const dearest = bill.items.slice(0, 3).map(({ field, calls }) => ({
    field,
    calls: Math.min(calls, Number.MAX_SAFE_INTEGER),
  }));
  const shares = dearest.map(({ field, calls }) => `${field} ${String(calls)}`).join(', ');
  return createGraphQLError(
    `At worst this costs ${String(price)} REST calls, of which ${shares}; one operation may cost ${String(limit)}. Ask for fewer rows with "first", or for fewer fields at a time.`,
    {
      extensions: {
        code: 'QUERY_TOO_EXPENSIVE',
        retryable: false,
        price,
        limit,
        dearest,
        http: { spec: true, status: 400 },
      },
    },
  );
}
