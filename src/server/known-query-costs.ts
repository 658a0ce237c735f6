import { getOperationAST, OperationTypeNode, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { queryCostOf, type QueryCost, type CostedOperation } from './query-cost.js';

/** Most query costs that are kept of one operation. A page of contacts has two: of its first page, and of those after it. */
const MOST_COSTS = 50;
/** Longest text of variables that a query cost is kept for, in characters. */
const LONGEST_TEXT = 1_000;

/** Variables that costs of an operation depended on, and the costs by the values of these and the sizes of the account. */
interface Known {
  names: readonly string[];
  costs: Map<string, QueryCost>;
}

/**
 * Computes query costs with `queryCostOf`, and remembers those of queries for as long as their documents are kept: nearly all queries
 * come again, with other values of variables that do not affect their cost. A remembered cost may be higher than a
 * new one in one case: an argument does not fit, and its field will fail.
 *
 * @returns `queryCostOf` for operations on one schema
 */
export function rememberQueryCosts(): (operation: CostedOperation) => QueryCost {
  const documents = new WeakMap<DocumentNode, Map<OperationDefinitionNode, Known[]>>();
  return (asked) => {
    const { document, operationName, variableValues, known: sizes } = asked;
    const operation = getOperationAST(document, operationName);
    // Variables of a mutation may hold files, which no text stands for.
    if (operation?.operation !== OperationTypeNode.QUERY) return queryCostOf(asked);

    const values = variableValues ?? {};
    const ofDocument = documents.get(document) ?? new Map<OperationDefinitionNode, Known[]>();
    const known = ofDocument.get(operation) ?? [];
    for (const { names, costs } of known) {
      const cost = costs.get(textOf(names, values, sizes));
      if (cost) return cost;
    }

    const deciding = new Set<string>();
    const cost = queryCostOf(asked, deciding);
    const names = [...deciding].sort();
    const text = textOf(names, values, sizes);
    if (text.length > LONGEST_TEXT) return cost;
    if (known.reduce((sum, { costs }) => sum + costs.size, 0) >= MOST_COSTS) known.length = 0;
    let same = known.find((one) => String(one.names) === String(names));
    if (!same) known.push((same = { names, costs: new Map() }));
    same.costs.set(text, cost);
    documents.set(document, ofDocument.set(operation, known));
    return cost;
  };
}

/** Key of a remembered cost. An omitted variable is not the same as null. */
function textOf(
  names: readonly string[],
  values: Readonly<Record<string, unknown>>,
  sizes: CostedOperation['known'],
): string {
  const given = names.map((name) => [Object.hasOwn(values, name), values[name]]);
  return (sizes?.text ?? '') + (names.length === 0 ? '' : JSON.stringify(given));
}
