import type { Schema } from '../constant-contact/contract/operations.js';
import type { EmailCampaignActivity } from './email-campaign-activity.js';
import { single } from './makers/single.js';

/** A resend to those who did not open, with the id of its activity. The answer to its creation leaves its state out. */
export type NonOpenerResend = Schema<'ResendToNonOpeners'>[number] & {
  campaign_activity_id?: string;
  /** The activity that it repeats, where it was reached through that. Not part of the wire object. */
  repeats?: EmailCampaignActivity;
};

/** Resends by the activity that they repeat. A campaign has one at most. Null for activities that are gone. */
export const nonOpenerResends = single<readonly NonOpenerResend[]>({
  noun: 'email campaign activities',
  read: async ({ api }, campaign_activity_id) => {
    const path = { campaign_activity_id };
    const resends = await api.call('retrieveResendToNonOpenersUsingGET', { path });
    return resends.map((resend) => ({ ...resend, campaign_activity_id }));
  },
});
