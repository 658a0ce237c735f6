import { getOperationAST, OperationTypeNode, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { queryCostOf, type QueryCost, type CostedOperation } from './query-cost.js';

/** Maximum number of cached query costs of one operation. A page of contacts has two: of its first page, and of later ones. */
const MAX_COSTS = 50;
/** Maximum length of variables for which a query cost is cached, in characters. */
const MAX_VARIABLES_LENGTH = 1_000;

/** Variables that affect the cost of an operation, and its costs by their values and the version of the account's sizes. */
interface Known {
  names: readonly string[];
  costs: Map<string, QueryCost>;
}

/**
 * Computes query costs with `queryCostOf`, and caches them with their documents: nearly all queries repeat, with values of
 * variables that do not affect their cost. A cached cost may be higher than a new one in one case: an argument does not fit,
 * and its field will fail.
 *
 * @returns `queryCostOf` for operations on one schema
 */
export function rememberQueryCosts(): (operation: CostedOperation) => QueryCost {
  const documents = new WeakMap<DocumentNode, Map<OperationDefinitionNode, Known[]>>();
  return (asked) => {
    const { document, operationName, variableValues, known: sizes } = asked;
    const operation = getOperationAST(document, operationName);
    // Variables of a mutation may have files, which have no text form.
    if (operation?.operation !== OperationTypeNode.QUERY) return queryCostOf(asked);

    const values = variableValues ?? {};
    const ofDocument = documents.get(document) ?? new Map<OperationDefinitionNode, Known[]>();
    const known = ofDocument.get(operation) ?? [];
    for (const { names, costs } of known) {
      const cost = costs.get(keyOf(textOf(names, values), sizes));
      if (cost) return cost;
    }

    const deciding = new Set<string>();
    const cost = queryCostOf(asked, deciding);
    const names = [...deciding].sort();
    const text = textOf(names, values);
    if (text.length > MAX_VARIABLES_LENGTH) return cost;
    if (known.reduce((sum, { costs }) => sum + costs.size, 0) >= MAX_COSTS) known.length = 0;
    let same = known.find((one) => String(one.names) === String(names));
    if (!same) known.push((same = { names, costs: new Map() }));
    same.costs.set(keyOf(text, sizes), cost);
    documents.set(document, ofDocument.set(operation, known));
    return cost;
  };
}

/** Text of the values of variables. An omitted variable is not the same as null. */
function textOf(names: readonly string[], values: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(names.map((name) => [Object.hasOwn(values, name), values[name]]));
}

const keyOf = (variables: string, sizes: CostedOperation['known']) => `${sizes?.version ?? ''} ${variables}`;
