/** Steps of `sendEmailCampaign`, in order. */
export const SEND_STEPS = ['CHECK', 'CREATE', 'PREPARE', 'TEST', 'SCHEDULE'] as const;
export type SendStep = (typeof SEND_STEPS)[number];
