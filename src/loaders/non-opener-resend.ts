import type { Schema } from '../constant-contact/contract/operations.js';
import type { EmailCampaignActivity } from './email-campaign-activity.js';
import { single } from './makers/single.js';

/**
 * A resend to non-openers, with the ID of its activity. The response to its creation leaves out its state.
 */
export type NonOpenerResend = Schema<'ResendToNonOpeners'>[number] & {
  campaign_activity_id?: string;
  /** The activity that it repeats, if it was reached through that. Not part of the REST object. */
  repeats?: EmailCampaignActivity;
};

/**
 * Resends by the activity that they repeat; a campaign has at most one. Null for an activity that does not
 * exist.
 */
export const nonOpenerResends = single<readonly NonOpenerResend[]>({
  noun: 'email campaign activities',
  read: async ({ api }, campaign_activity_id) => {
    const path = { campaign_activity_id };
    const resends = await api.call('retrieveResendToNonOpenersUsingGET', { path });
    return resends.map((resend) => ({ ...resend, campaign_activity_id }));
  },
});
