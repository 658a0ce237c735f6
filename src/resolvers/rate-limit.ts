import type { Context } from '../context.js';
import type { GovernorStatus } from '../constant-contact/budget/governor.js';
import type { PaceStatus } from '../constant-contact/budget/pacing.js';

export type RateLimit = GovernorStatus & PaceStatus;

/** Remaining budget of the API key. Makes no call. */
export function rateLimit(_parent: unknown, _args: unknown, { api }: Context): RateLimit {
  return api.budget();
}
