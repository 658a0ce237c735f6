import type { Context } from '../context.js';
import type { GovernorStatus } from '../constant-contact/budget/governor.js';

/** What is left of the API key's budget. Makes no call. */
export function rateLimit(_parent: unknown, _args: unknown, { api }: Context): GovernorStatus {
  return api.budget();
}
