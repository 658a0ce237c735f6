import { getOperationAST, OperationTypeNode, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { queryCostOf, type QueryCost, type CostedOperation } from './query-cost.js';

/** Most prices that are kept of one operation. A page of contacts has two: of its first page, and of those after it. */
const MOST_BILLS = 50;
/** Longest text of variables that a price is kept for, in characters. */
const LONGEST = 1_000;

/** Variables that prices of an operation depended on, and the prices by the values of these and the sizes of the account. */
interface Known {
  names: readonly string[];
  bills: Map<string, QueryCost>;
}

/**
 * Prices as `queryCostOf` has them, and remembers those of queries for as long as their documents are kept: nearly all queries
 * come again, with other values of variables that decide nothing about their price. A remembered price may be higher than a
 * new one in one case: some argument does not fit, and its field will fail.
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
    for (const { names, bills } of known) {
      const bill = bills.get(textOf(names, values, sizes));
      if (bill) return bill;
    }

    const deciding = new Set<string>();
    const bill = queryCostOf(asked, deciding);
    const names = [...deciding].sort();
    const text = textOf(names, values, sizes);
    if (text.length > LONGEST) return bill;
    let same = known.find((one) => String(one.names) === String(names));
    if (!same) known.push((same = { names, bills: new Map() }));
    if (same.bills.size >= MOST_BILLS) same.bills.clear();
    same.bills.set(text, bill);
    documents.set(document, ofDocument.set(operation, known));
    return bill;
  };
}

/** What is not given is not the same as null. */
function textOf(
  names: readonly string[],
  values: Readonly<Record<string, unknown>>,
  sizes: CostedOperation['known'],
): string {
  const given = names.map((name) => [Object.hasOwn(values, name), values[name]]);
  return (sizes?.text ?? '') + (names.length === 0 ? '' : JSON.stringify(given));
}
