import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { compact } from '../compact.js';
import { millis } from '../dates.js';
import { invalid, notFound } from '../errors.js';
import type { CampaignActivityRow, CampaignRow, CampaignStatus, ResendRow } from '../stores/campaigns.js';
import { checkLists } from './contact-parts.js';

/** Properties of an activity that require `include`. */
export const ACTIVITY_INCLUDES = [
  'physical_address_in_footer',
  'permalink_url',
  'html_content',
  'document_properties',
] as const;

/** `type_code` of A/B tests and of other campaigns. */
export const AB_TEST = { type: 'A/B TEST', type_code: 57 };
export const NEWSLETTER = { type: 'NEWSLETTER', type_code: 10 };

/** Formats whose HTML clients can read and write. */
export const HTML_FORMATS: readonly number[] = [1, 5];
const MAX_HTML_BYTES = 400 * 1024;
const TEMPLATE_PAIRS = ['[#', '${', '<@'];
/** Formats that can be sent to a segment. */
const SEGMENT_FORMATS: readonly number[] = [3, 4, 5];
const MINUTES_A_DAY = 24 * 60;

/** A campaign from the collection: status in mixed case, no activities. */
export function campaignItem(row: CampaignRow): Schema<'EmailCampaigns'> {
  const { campaign_id, name, type, type_code } = row;
  return {
    campaign_id,
    created_at: millis(row.created_at),
    current_status: row.status === 'NONE' ? 'NONE' : row.status.charAt(0) + row.status.slice(1).toLowerCase(),
    name,
    type,
    type_code,
    updated_at: millis(row.updated_at),
  };
}

/** A campaign from a read by ID: status in upper case, with its activities. */
export function campaignResource(account: Account, row: CampaignRow): Schema<'EmailCampaign'> {
  return {
    ...campaignItem(row),
    current_status: row.status,
    campaign_activities: account.campaignActivities
      .where('campaign', row.campaign_id)
      .map(({ campaign_activity_id, role, document_id }) =>
        compact<Schema<'ActivityReference'>>({ campaign_activity_id, role, document_id }),
      ),
  };
}

export function activityResource(
  row: CampaignActivityRow,
  include: ReadonlySet<string>,
): Schema<'EmailCampaignActivity'> {
  const included = <T>(name: (typeof ACTIVITY_INCLUDES)[number], value: T): T | null =>
    include.has(name) ? value : null;
  return compact<Schema<'EmailCampaignActivity'>>({
    campaign_activity_id: row.campaign_activity_id,
    campaign_id: row.campaign_id,
    role: row.role,
    contact_list_ids: [...row.contact_list_ids],
    segment_ids: [...row.segment_ids],
    current_status: row.status,
    format_type: row.format_type,
    from_email: row.from_email,
    from_name: row.from_name,
    reply_to_email: row.reply_to_email,
    subject: row.subject,
    preheader: row.preheader,
    document_id: row.document_id,
    html_content: included('html_content', HTML_FORMATS.includes(row.format_type) ? row.html_content : null),
    permalink_url: included('permalink_url', row.permalink_url),
    physical_address_in_footer: included('physical_address_in_footer', row.physical_address_in_footer),
    document_properties: included('document_properties', row.document_properties),
  });
}

export function resendResource(resend: ResendRow): Schema<'ResendToNonOpenersObject'> {
  const { resend_request_id, subject, delay_minutes, due } = resend;
  return compact<Schema<'ResendToNonOpenersObject'>>({
    resend_subject: subject,
    delay_days: delay_minutes % MINUTES_A_DAY === 0 ? delay_minutes / MINUTES_A_DAY : null,
    delay_minutes,
    resend_date: due === null ? null : millis(due),
    resend_request_id,
  });
}

/** @throws Refusal 404 for an unknown or removed campaign */
export function findCampaign(account: Account, id: string): CampaignRow {
  const row = account.campaigns.get(id);
  if (!row || row.phantom || row.status === 'REMOVED') throw notFound('campaign_id does not exist.');
  return row;
}

/** @throws Refusal 404 for an unknown activity or one of a removed campaign */
export function findActivity(account: Account, id: string): CampaignActivityRow {
  const row = account.campaignActivities.get(id);
  if (!row || row.status === 'REMOVED') throw notFound('campaign_activity_id does not exist.');
  findCampaign(account, row.campaign_id);
  return row;
}

/**
 * Finds the activity for operations on primary activities only. @throws Refusal 400 for another role or
 * status
 */
export function findPrimary(
  account: Account,
  id: string,
  statuses: readonly CampaignStatus[],
): CampaignActivityRow {
  const row = findActivity(account, id);
  if (row.role !== 'primary_email') throw invalid('The role of this activity must be primary_email.');
  if (!statuses.includes(row.status))
    throw invalid(`The status of the activity must not be ${row.status} for this.`);
  return row;
}

export function activityOf(
  account: Account,
  campaign_id: string,
  role: CampaignActivityRow['role'],
): CampaignActivityRow | undefined {
  return account.campaignActivities.where('campaign', campaign_id).find((row) => row.role === role);
}

/** Sets the status of an activity; its campaign and its permalink follow the primary activity. */
export function setStatus(
  account: Account,
  row: CampaignActivityRow,
  status: CampaignStatus,
  now: number,
): void {
  const { campaigns, campaignActivities } = account;
  const leads = row.role === 'primary_email';
  const permalink = leads ? activityOf(account, row.campaign_id, 'permalink') : undefined;
  for (const one of permalink ? [row, permalink] : [row]) {
    campaignActivities.update(one, () => {
      one.status = status;
    });
  }
  const campaign = campaigns.get(row.campaign_id);
  if (!campaign) return;
  campaigns.update(campaign, () => {
    if (leads) campaign.status = status;
    campaign.updated_at = now;
  });
}

/** @throws Refusal 400 unless both addresses of an email are confirmed sender addresses of the account */
export function checkSenders(
  account: Account,
  row: Pick<CampaignActivityRow, 'from_email' | 'reply_to_email'>,
): void {
  for (const property of ['from_email', 'reply_to_email'] as const) {
    const known = account.emails.first('address', row[property].toLowerCase());
    if (known?.confirm_status !== 'CONFIRMED')
      throw invalid(`${property} is not a confirmed address of the account.`);
  }
}

/** @throws Refusal 400 for HTML that is too long or contains a template expression */
export function checkHtml(html: string): void {
  if (Buffer.byteLength(html) > MAX_HTML_BYTES) throw invalid('html_content may not exceed 400 KB.');
  const pair = TEMPLATE_PAIRS.find((one) => html.includes(one));
  if (pair !== undefined) throw invalid(`html_content may not contain ${pair}`);
}

/**
 * @throws Refusal 400 for lists combined with segments, several or unknown segments, or a format without
 * segments
 */
export function checkRecipients(
  account: Account,
  {
    contact_list_ids = [],
    segment_ids = [],
  }: Pick<Schema<'EmailCampaignActivity'>, 'contact_list_ids' | 'segment_ids'>,
  format_type: number,
): Pick<CampaignActivityRow, 'contact_list_ids' | 'segment_ids'> {
  if (contact_list_ids.length > 0 && segment_ids.length > 0) {
    throw invalid('contact_list_ids and segment_ids cannot be combined.');
  }
  if (segment_ids.length > 1) throw invalid('segment_ids must have at most one segment.');
  if (segment_ids.length > 0 && !SEGMENT_FORMATS.includes(format_type)) {
    throw invalid('This format_type cannot be sent to a segment.');
  }
  for (const id of segment_ids) {
    if (account.segments.get(String(id))?.deleted_at !== null)
      throw invalid(`segment_id ${String(id)} does not exist.`);
  }
  return { contact_list_ids: checkLists(account, contact_list_ids), segment_ids: [...segment_ids] };
}

/** Properties that a new activity does not have yet. */
export function blankActivity(account: Account) {
  return {
    campaign_activity_id: account.ids.uuid('campaign-activity'),
    document_id: null,
    document_properties: null,
    contact_list_ids: [],
    segment_ids: [],
    scheduled_at: null,
    status_before: null,
    done_at: null,
    sends: [],
    sent_to: [],
    ab_test: null,
    resend: null,
  } satisfies Partial<CampaignActivityRow>;
}

/** The account's address in the form of a footer. */
export function footerOf({ profile }: Account): CampaignActivityRow['physical_address_in_footer'] {
  if (!profile.address) return null;
  const { address_line1, address_line2, city, state_code, postal_code, country_code } = profile.address;
  return {
    address_line1,
    ...(address_line2 && { address_line2 }),
    city,
    country_code,
    ...(country_code.toUpperCase() === 'US' && { country_name: 'United States' }),
    organization_name: profile.summary.organization_name ?? '',
    ...(postal_code && { postal_code }),
    ...(state_code && { state_code }),
  };
}

export const permalinkUrl = (account: Account): string =>
  `https://conta.example/${account.ids.key('permalink', 8)}`;
