import type { ExecutionArgs, GraphQLError } from 'graphql';
import { createGraphQLError, type Plugin } from 'graphql-yoga';
import type { Meter } from '../../constant-contact/budget/meter.js';
import type { Context } from '../../context.js';
import { rememberPrices } from '../known-prices.js';
import { MAX_FIELDS, TooManyFields, type Bill, type PricedOperation } from '../price.js';

/** REST calls that one operation may cost unless said otherwise: a tenth of what a day allows every API key. */
export const DEFAULT_MAX_QUERY_COST = 1_000;

/**
 * Refuses operations that could cost more REST calls than one operation may, before the first of them is made, and lets the others
 * make no more calls than they were priced at. Each event of a subscription may make as many again.
 *
 * @param limit most REST calls at worst; 0 for no limit
 */
export function usePrice(limit: number): Plugin {
  const priceOf = rememberPrices();
  const admit = (args: ExecutionArgs): GraphQLError | number => {
    const bill = billOf(args, priceOf);
    if (bill === null) return limit > 0 ? tooManyFields() : Infinity;
    if (limit > 0 && bill.total > limit) return tooExpensive(bill, limit);
    // Fields of an embedding program need not declare what they cost.
    return bill.total > 0 ? bill.total : Infinity;
  };
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const price = admit(args);
      if (typeof price === 'number') meterOf(args).allow(price);
      else setResultAndStopExecution({ errors: [price] });
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const price = admit(args);
      if (typeof price !== 'number') {
        setResultAndStopExecution({ errors: [price] });
        return;
      }
      const meter = meterOf(args);
      meter.allow(price);
      return {
        onSubscribeResult: () => ({
          onNext: () => {
            meter.allow(price);
          },
        }),
      };
    },
  };
}

function meterOf({ contextValue }: ExecutionArgs): Meter {
  return (contextValue as Context).api.meter;
}

/** Null for an operation with more fields than can be priced. */
function billOf(args: ExecutionArgs, priceOf: (operation: PricedOperation) => Bill): Bill | null {
  try {
    return priceOf(args);
  } catch (error) {
    if (!(error instanceof TooManyFields)) throw error;
    return null;
  }
}

function tooManyFields(): GraphQLError {
  return createGraphQLError(
    `The operation selects more than ${String(MAX_FIELDS)} fields, those of fragments counted where they are spread.`,
    { extensions: { code: 'QUERY_TOO_COMPLEX', retryable: false, http: { spec: true, status: 400 } } },
  );
}

function tooExpensive(bill: Bill, limit: number): GraphQLError {
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
