import type { Schema } from '../constant-contact/contract/operations.js';
import { single } from './makers/single.js';

export type EmailSchedule = Schema<'EmailScheduleResponse'>[number];
export type EmailSend = Schema<'EmailSendHistory'>[number];
export type EmailPreview = Schema<'EmailCampaignActivityPreview'>;

/** Send times of a scheduled activity; empty unless it is scheduled, null when it does not exist. */
export const emailSchedules = single<readonly EmailSchedule[]>({
  noun: 'email campaign activities',
  read: ({ api }, campaign_activity_id) =>
    api.call('retrieveEmailSchedulesUsingGET', { path: { campaign_activity_id } }),
});

/** Past sends of an activity, oldest first; null when it does not exist. */
export const emailSendHistory = single<readonly EmailSend[]>({
  noun: 'email campaign activities',
  read: ({ api }, campaign_activity_id) =>
    api.call('retrieveEmailSendHistoryUsingGET', { path: { campaign_activity_id } }),
});

/** An activity as its recipients see it; null when it does not exist. */
export const emailPreviews = single<EmailPreview>({
  noun: 'email campaign activities',
  read: ({ api }, campaign_activity_id) =>
    api.call('retrieveEmailCampaignActivityPreviewUsingGET', { path: { campaign_activity_id } }),
});
