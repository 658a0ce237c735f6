import type { ContentInput, RecipientsInput } from './email-campaign-input.js';

/** Steps of `sendEmailCampaign`, in order. */
export const SEND_STEPS = ['CHECK', 'CREATE', 'PREPARE', 'TEST', 'SCHEDULE'] as const;
export type SendStep = (typeof SEND_STEPS)[number];

type Optional<T> = { [Key in keyof T]?: T[Key] | null };

export interface SendEmailCampaignInput extends Optional<ContentInput> {
  campaignId?: string | null;
  name?: string | null;
  recipients?: RecipientsInput | null;
  when: { now?: boolean | null; at?: Date | null };
  testAddresses?: readonly string[] | null;
  testMessage?: string | null;
  completedSteps?: readonly SendStep[] | null;
}
