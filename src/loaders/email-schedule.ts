import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { single, type ById } from './makers/single.js';
import type { Costs } from './cost.js';

export type EmailSchedule = Schema<'EmailScheduleResponse'>[number];
export type EmailSend = Schema<'EmailSendHistory'>[number];
export type EmailPreview = Schema<'EmailCampaignActivityPreview'>;

export interface EmailScheduleLoaders {
  /** When it will be sent; empty unless it is scheduled. */
  schedules: ById<readonly EmailSchedule[]>;
  /** The times that it was sent, oldest first. */
  sendHistory: ById<readonly EmailSend[]>;
  preview: ById<EmailPreview>;
  clear(): void;
}

/** What belongs to the sending of an activity. Each is ONE: a call an activity. Null for activities that are gone. */
export function emailScheduleLoaders(api: Api): EmailScheduleLoaders {
  const schedules = single<readonly EmailSchedule[]>((campaign_activity_id) =>
    nullIfNotFound(api.call('retrieveEmailSchedulesUsingGET', { path: { campaign_activity_id } })),
  );
  const sendHistory = single<readonly EmailSend[]>((campaign_activity_id) =>
    nullIfNotFound(api.call('retrieveEmailSendHistoryUsingGET', { path: { campaign_activity_id } })),
  );
  const preview = single<EmailPreview>((campaign_activity_id) =>
    nullIfNotFound(
      api.call('retrieveEmailCampaignActivityPreviewUsingGET', { path: { campaign_activity_id } }),
    ),
  );
  return {
    schedules,
    sendHistory,
    preview,
    clear: () => {
      schedules.clear();
      sendHistory.clear();
      preview.clear();
    },
  };
}

export const emailSchedules = {
  cost: { costClass: 'ONE', rows: 'email campaign activities' },
} as const satisfies Costs;

export const emailSendHistory = {
  cost: { costClass: 'ONE', rows: 'email campaign activities' },
} as const satisfies Costs;

export const emailPreviews = {
  cost: { costClass: 'ONE', rows: 'email campaign activities' },
} as const satisfies Costs;
