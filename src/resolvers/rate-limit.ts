import type { Context } from '../context.js';
import type { GovernorStatus } from '../constant-contact/budget/governor.js';

/** Remaining budget of the API key. Makes no call. */
export function rateLimit(_parent: unknown, _args: unknown, { api }: Context): GovernorStatus {
  return api.budget();
}
