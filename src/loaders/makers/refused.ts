import type { Api } from '../../constant-contact/api.js';
import { ConstantContactError, isOverCost } from '../../constant-contact/errors.js';

/**
 * Ignores that a shared read was refused, where each row may still be readable by itself. These reads stay within the query
 * cost of the operation.
 * @throws any other error
 */
export function ignoreRefusal({ meter }: Api, error: unknown): void {
  if (!(error instanceof ConstantContactError)) throw error;
  const isRefused = error.kind === 'rejected' || error.kind === 'notFound';
  if (!isRefused && !isOverCost(error)) throw error;
  if (isRefused) meter.postpone();
}
