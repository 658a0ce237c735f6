import { operations, type OperationId, type Writable } from '../contract/operations.js';
import { ConstantContactError } from '../errors.js';

/** Statuses with which the API may refuse an unknown property. */
const REFUSALS: readonly unknown[] = [400, 415, 422];

/**
 * The body of an update without the properties that the contract does not declare, which come from the read before it.
 * @returns undefined when the API did not refuse the body, or it has no such properties
 */
export function bodyWithoutUndeclared(id: OperationId, body: unknown, error: unknown): unknown {
  const { writable } = operations[id];
  if (!writable || !(error instanceof ConstantContactError) || !REFUSALS.includes(error.status))
    return undefined;
  const isWrapped = id === 'updateAutomationCampaignUsingPut';
  const declared = pick(body, isWrapped ? { automation_flow: writable } : writable);
  return JSON.stringify(declared) === JSON.stringify(body) ? undefined : declared;
}

function pick(value: unknown, writable: Writable): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, writable));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, child]: [string, unknown]) => {
      if (!Object.hasOwn(writable, name)) return [];
      const inside = writable[name];
      return [[name, typeof inside === 'object' ? pick(child, inside) : child]];
    }),
  );
}
