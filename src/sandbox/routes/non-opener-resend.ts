import { conflict, invalid, notFound } from '../errors.js';
import type { Handlers } from '../handler.js';
import { activityOf, findPrimary, resendResource } from '../model/campaign.js';
import { dropResendActivity, nextResendId, planResend } from '../model/campaign-send.js';
import type { CampaignStatus } from '../stores/campaigns.js';

const MINUTES_A_DAY = 24 * 60;
const READABLE: readonly CampaignStatus[] = ['DRAFT', 'SCHEDULED', 'EXECUTING', 'DONE', 'ERROR', 'NONE'];

/** Resends to non-openers: at most one per campaign. */
export const nonOpenerResend = {
  retrieveResendToNonOpenersUsingGET: (call) => {
    const row = findPrimary(call.account, call.path.campaign_activity_id, READABLE);
    if (!row.resend) return { status: 200, body: [] };
    const resend_status = activityOf(call.account, row.campaign_id, 'resend')?.status ?? 'DRAFT';
    return { status: 200, body: [{ ...resendResource(row.resend), resend_status }] };
  },

  createResendToNonOpenersUsingPOST: (call) => {
    const { account, body, now } = call;
    const row = findPrimary(account, call.path.campaign_activity_id, ['DRAFT', 'SCHEDULED', 'DONE']);
    if (row.resend) throw conflict('The campaign has a resend.');
    const delay_minutes = delayOf(body.delay_days, body.delay_minutes);
    const isDraft = row.status === 'DRAFT';
    row.resend = {
      resend_request_id: isDraft ? 'DRAFT' : nextResendId(account),
      subject: body.resend_subject,
      delay_minutes,
      due: null,
    };
    if (!isDraft) planResend(account, row, row.scheduled_at ?? now, now);
    return { status: 201, body: resendResource(row.resend) };
  },

  deleteResendToNonOpenersUsingDELETE: (call) => {
    const { account, path, now } = call;
    const row = findPrimary(account, path.campaign_activity_id, READABLE);
    if (row.resend?.resend_request_id !== path.resend_request_id)
      throw notFound('resend_request_id does not exist.');
    if (row.resend.due !== null && row.resend.due <= now) throw conflict('The resend has been sent.');
    dropResendActivity(account, row);
    row.resend = null;
    return { status: 204 };
  },
} satisfies Handlers;

function delayOf(days: number | undefined, minutes: number | undefined): number {
  if (days !== undefined) {
    if (days < 1 || days > 10) throw invalid('delay_days must be between 1 and 10.');
    return days * MINUTES_A_DAY;
  }
  if (minutes === undefined) throw invalid('delay_days or delay_minutes is required.');
  if (minutes < 12 * 60 || minutes > 10 * MINUTES_A_DAY)
    throw invalid('delay_minutes must be between 720 and 14,400.');
  return minutes;
}
