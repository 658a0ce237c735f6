import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { single, type ById } from './makers/single.js';
import type { Costs } from './cost.js';

/** A resend to those who did not open. The answer to its creation leaves its state out. */
export type NonOpenerResend = Schema<'ResendToNonOpeners'>[number];

/** Resends by the activity that they repeat: ONE. A campaign has one at most. Null for activities that are gone. */
export function nonOpenerResendLoaders(api: Api): ById<readonly NonOpenerResend[]> {
  return single<readonly NonOpenerResend[]>((campaign_activity_id) =>
    nullIfNotFound(api.call('retrieveResendToNonOpenersUsingGET', { path: { campaign_activity_id } })),
  );
}

export const nonOpenerResends = {
  cost: { costClass: 'ONE', rows: 'email campaign activities' },
} as const satisfies Costs;
