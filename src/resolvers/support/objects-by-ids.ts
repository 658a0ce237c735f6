import type { Context } from '../../context.js';
import { InputError } from './input-error.js';
import { MAX_FIRST } from './page.js';

/**
 * Maximum number of objects that one operation requests by their IDs, over all aliases of `nodes` and `_entities`: as many as a
 * connection has on one page.
 */
export const MAX_BY_IDS = MAX_FIRST;

const requested = new WeakMap<Context, number>();

/**
 * Counts objects that are requested by their IDs, before any of them is looked at.
 * @throws InputError `TOO_MANY` when the operation has requested more than `MAX_BY_IDS`
 */
export function countByIds(context: Context, ids: readonly unknown[], field: readonly string[]): void {
  const count = (requested.get(context) ?? 0) + ids.length;
  requested.set(context, count);
  if (count <= MAX_BY_IDS) return;
  throw new InputError(
    'TOO_MANY',
    `One operation can request at most ${String(MAX_BY_IDS)} objects by their IDs; with these it requests ${String(count)}.`,
    field,
  );
}
