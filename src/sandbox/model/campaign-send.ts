import type { Account } from '../account.js';
import { MINUTE, SECOND } from '../dates.js';
import { hash } from '../random.js';
import type { ContactRow } from '../stores/audience.js';
import type { CampaignActivityRow, ResendRow } from '../stores/campaigns.js';
import { activityOf, setStatus } from './campaign.js';
import { isActive } from './contact.js';
import { segmentMembers } from './segment-criteria.js';

/** Duration of sending an email. */
export const SENDING_MS = 5 * SECOND;
const NO_RECIPIENTS = 12;
/** Percentage of the recipients that open an email. */
const OPENERS = 34;

/** Returns true if a recipient opens an email. Derived from the IDs, so that all reports agree. */
export function isOpener(campaign_activity_id: string, contact_id: string): boolean {
  return (hash(`${campaign_activity_id}:${contact_id}:opens`) >>> 0) % 100 < OPENERS;
}

export function startSending(account: Account, row: CampaignActivityRow, now: number): void {
  row.scheduled_at = null;
  row.done_at = now + SENDING_MS;
  setStatus(account, row, 'EXECUTING', now);
}

export function schedule(account: Account, row: CampaignActivityRow, at: number, now: number): void {
  row.status_before = row.status;
  row.scheduled_at = at;
  setStatus(account, row, 'SCHEDULED', now);
  planResend(account, row, at, now);
}

/** Sends what is due by the clock, in due order. Sending an email may make its resend due. */
export function settleCampaigns(account: Account, now: number): void {
  for (;;) {
    const [next] = account.campaignActivities
      .where('pending', 'yes')
      .map((row) => ({ row, at: row.done_at ?? row.scheduled_at ?? Infinity }))
      .filter(({ at }) => at <= now)
      .sort((a, b) => a.at - b.at);
    if (!next) return;
    if (next.row.status === 'SCHEDULED') startSending(account, next.row, next.at);
    else finish(account, next.row, next.at);
  }
}

function finish(account: Account, row: CampaignActivityRow, at: number): void {
  const recipients = recipientsOf(account, row);
  row.sent_to.push(...recipients);
  row.sends.push({
    send_id: row.sends.length + 1,
    contact_list_ids: row.contact_list_ids,
    segment_ids: row.segment_ids,
    count: recipients.length,
    run_date: at,
    send_status: 'COMPLETED',
    reason_code: recipients.length > 0 ? 0 : NO_RECIPIENTS,
  });
  row.done_at = null;
  row.status_before = null;
  setStatus(account, row, 'DONE', at);
  planResend(account, row, at, at);
}

/**
 * Recipients at this time: mailable contacts who have not received it; for a resend, those who received the
 * email and did not open it.
 */
function recipientsOf(account: Account, row: CampaignActivityRow): string[] {
  const had = new Set(row.sent_to);
  const isMeant = audienceTest(account, row);
  const ids: string[] = [];
  for (const contact of account.contacts) {
    if (isActive(contact) && !had.has(contact.contact_id) && isMeant(contact)) ids.push(contact.contact_id);
  }
  return ids;
}

function audienceTest(account: Account, row: CampaignActivityRow): (contact: ContactRow) => boolean {
  if (row.role === 'resend') {
    const primary = activityOf(account, row.campaign_id, 'primary_email');
    const had = new Set(primary?.sent_to);
    return ({ contact_id }) =>
      had.has(contact_id) && !isOpener(primary?.campaign_activity_id ?? '', contact_id);
  }
  return audienceOf(account, row);
}

/** Returns a test for contacts on the lists, or in the segment, of an activity. */
export function audienceOf(
  account: Account,
  { contact_list_ids, segment_ids }: Pick<CampaignActivityRow, 'contact_list_ids' | 'segment_ids'>,
): (contact: ContactRow) => boolean {
  const segment = segment_ids[0] === undefined ? undefined : account.segments.get(String(segment_ids[0]));
  if (segment) return segmentMembers(account, segment);
  const lists = new Set(contact_list_ids);
  return (contact) => contact.list_memberships.some((id) => lists.has(id));
}

/** Sets the date of a requested resend and adds its activity, once the email itself has a date. */
export function planResend(
  account: Account,
  primary: CampaignActivityRow,
  sentAt: number,
  now: number,
): void {
  const { resend } = primary;
  if (primary.role !== 'primary_email' || !resend) return;
  const existing = activityOf(account, primary.campaign_id, 'resend');
  if (existing?.status === 'DONE') return;
  resend.due = sentAt + resend.delay_minutes * MINUTE;
  if (resend.resend_request_id === 'DRAFT') resend.resend_request_id = nextResendId(account);
  const row = existing ?? addResend(account, primary, resend);
  row.scheduled_at = resend.due;
  setStatus(account, row, 'SCHEDULED', now);
}

export const nextResendId = (account: Account): string => String(account.ids.number('resend', 1_100_001));

/** A resend is the email again with another subject. */
export function addResend(
  account: Account,
  primary: CampaignActivityRow,
  resend: ResendRow,
): CampaignActivityRow {
  return account.campaignActivities.add({
    ...primary,
    campaign_activity_id: account.ids.uuid('campaign-activity'),
    role: 'resend',
    subject: resend.subject,
    status: 'SCHEDULED',
    status_before: null,
    scheduled_at: null,
    done_at: null,
    sends: [],
    sent_to: [],
    ab_test: null,
    resend: null,
  });
}

/** Removes a resend that has not been sent, with its activity. */
export function dropResendActivity(account: Account, primary: CampaignActivityRow): void {
  const row = activityOf(account, primary.campaign_id, 'resend');
  if (row) account.campaignActivities.remove(row.campaign_activity_id);
}
