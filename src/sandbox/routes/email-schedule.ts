import { compact } from '../compact.js';
import { millis, parseDateEastern, startOfDay } from '../dates.js';
import { invalid } from '../errors.js';
import type { Handlers } from '../handler.js';
import type { Schema } from '../../constant-contact/contract/operations.js';
import { checkSenders, findActivity, findPrimary, setStatus } from '../model/campaign.js';
import { dropResendActivity, schedule, startSending } from '../model/campaign-send.js';
import { checkAddress } from '../model/contact-parts.js';

const NOW = '0';
const MAX_TESTS = 5;
const MAX_TESTS_A_DAY = 50;

export const emailSchedule = {
  retrieveEmailSchedulesUsingGET: (call) => {
    const { status, scheduled_at } = findActivity(call.account, call.path.campaign_activity_id);
    const isScheduled = status === 'SCHEDULED' && scheduled_at !== null;
    return { status: 200, body: isScheduled ? [{ scheduled_date: millis(scheduled_at) }] : [] };
  },

  scheduleEmailCampaignActivityUsingPOST: (call) => {
    const { account, body, now } = call;
    const row = findPrimary(account, call.path.campaign_activity_id, ['DRAFT', 'DONE', 'ERROR']);
    if (row.contact_list_ids.length + row.segment_ids.length === 0)
      throw invalid('The activity has no recipients.');
    checkSenders(account, row);
    if (!account.profile.address) throw invalid('The account has no physical address.');
    if (body.scheduled_date === NOW) {
      startSending(account, row, now);
      return { status: 201, body: [] };
    }
    const at = parseDateEastern(body.scheduled_date);
    if (!(at > now)) throw invalid('scheduled_date must be in the future');
    schedule(account, row, at, now);
    return { status: 201, body: [{ scheduled_date: millis(at) }] };
  },

  unscheduleEmailCampaignActivityUsingDELETE: (call) => {
    const { account, now } = call;
    const row = findPrimary(account, call.path.campaign_activity_id, ['SCHEDULED']);
    row.scheduled_at = null;
    setStatus(account, row, row.status_before ?? 'DRAFT', now);
    if (row.resend) {
      dropResendActivity(account, row);
      row.resend = { ...row.resend, resend_request_id: 'DRAFT', due: null };
    }
    return { status: 204 };
  },

  testSendCampaignActivityUsingPOST: (call) => {
    const { account, body, now } = call;
    findPrimary(account, call.path.campaign_activity_id, ['DRAFT', 'SCHEDULED', 'DONE', 'ERROR']);
    const addresses = body.email_addresses.map(checkAddress);
    if (addresses.length < 1 || addresses.length > MAX_TESTS)
      throw invalid('email_addresses must have 1 to 5 addresses.');
    const today = startOfDay(now);
    const sent = (account.testMails.get(today) ?? 0) + addresses.length;
    if (sent > MAX_TESTS_A_DAY) throw invalid('An account can send at most 50 tests a day.');
    account.testMails.set(today, sent);
    return { status: 204 };
  },

  retrieveEmailCampaignActivityPreviewUsingGET: (call) => {
    const row = findActivity(call.account, call.path.campaign_activity_id);
    const html = (row.html_content ?? '').replace('[[trackingImage]]', '');
    return {
      status: 200,
      body: compact<Schema<'EmailCampaignActivityPreview'>>({
        campaign_activity_id: row.campaign_activity_id,
        from_email: row.from_email,
        from_name: row.from_name,
        preheader: row.preheader,
        preview_html_content: html,
        preview_text_content: textOf(html),
        reply_to_email: row.reply_to_email,
        subject: row.subject,
      }),
    };
  },

  retrieveEmailSendHistoryUsingGET: (call) => {
    const row = findActivity(call.account, call.path.campaign_activity_id);
    if (row.role === 'permalink') throw invalid('A permalink activity cannot be sent.');
    const body = row.sends.map((send) => ({
      ...send,
      contact_list_ids: [...send.contact_list_ids],
      segment_ids: [...send.segment_ids],
      run_date: millis(send.run_date),
    }));
    return { status: 200, body };
  },
} satisfies Handlers;

function textOf(html: string): string {
  const text = html.replace(/<style[\s\S]*?<\/style>/gi, '').replace(/<\/(p|h1|h2|li|tr|div)>/gi, '\n');
  return text
    .replace(/<[^>]+>/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/\s*\n\s*/g, '\n')
    .trim();
}
