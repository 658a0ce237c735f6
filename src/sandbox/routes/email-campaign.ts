import type { Account } from '../account.js';
import { parseDate } from '../dates.js';
import { conflict, invalid } from '../errors.js';
import { csv, type Handlers } from '../handler.js';
import {
  activityOf,
  blankActivity,
  campaignItem,
  campaignResource,
  checkHtml,
  findCampaign,
  footerOf,
  NEWSLETTER,
  permalinkUrl,
  setStatus,
} from '../model/campaign.js';
import type { CampaignRow } from '../stores/campaigns.js';

const PAGE = 50;
const MAX_CAMPAIGNS = 500;
const MAX_XREFS = 50;
/** Formats that this operation accepts; the old one is converted to the new one. */
const CREATED_FORMATS: readonly number[] = [1, 4, 5];
const LEGACY_HTML = 1;
const HTML = 5;

export const emailCampaign = {
  retrieveEmailCampaignsUsingGET: (call) => {
    const { limit = PAGE, after_date, before_date } = call.query;
    if (limit < 1 || limit > MAX_CAMPAIGNS) throw invalid('limit must be between 1 and 500.');
    const after = after_date === undefined ? -Infinity : dateOf(after_date, 'after_date');
    const before = before_date === undefined ? Infinity : dateOf(before_date, 'before_date');
    const newest = [...call.account.campaigns].sort((a, b) => b.updated_at - a.updated_at);
    const page = call.page.take(newest, {
      limit,
      key: (row) => row.campaign_id,
      where: (row) => row.updated_at > after && row.updated_at < before,
    });
    return { status: 200, body: { campaigns: page.rows.map(campaignItem), ...page.links } };
  },

  createEmailCampaignUsingPOST: (call) => {
    const { account, body, now } = call;
    checkName(account, body.name, null);
    const [input, ...others] = body.email_campaign_activities;
    if (!input || others.length > 0)
      throw invalid('email_campaign_activities must have exactly one activity.');
    if (!CREATED_FORMATS.includes(input.format_type)) throw invalid('This format_type cannot be created.');
    checkHtml(input.html_content);
    const campaign = account.campaigns.add({
      campaign_id: account.ids.uuid('campaign'),
      v2_id: null,
      name: body.name,
      status: 'DRAFT',
      ...NEWSLETTER,
      created_at: now,
      updated_at: now,
      phantom: false,
    });
    const shared = {
      campaign_id: campaign.campaign_id,
      status: 'DRAFT' as const,
      format_type: input.format_type === LEGACY_HTML ? HTML : input.format_type,
      from_name: input.from_name,
      from_email: input.from_email,
      reply_to_email: input.reply_to_email,
      subject: input.subject,
      preheader: input.preheader ?? null,
      permalink_url: permalinkUrl(account),
      physical_address_in_footer: input.physical_address_in_footer ?? footerOf(account),
    };
    for (const role of ['primary_email', 'permalink'] as const) {
      const html_content = role === 'primary_email' ? input.html_content : null;
      account.campaignActivities.add({ ...blankActivity(account), ...shared, role, html_content });
    }
    return { status: 200, body: campaignResource(account, campaign) };
  },

  retrieveEmailCampaignUsingGET: (call) => {
    const row = findCampaign(call.account, call.path.campaign_id);
    return { status: 200, body: campaignResource(call.account, row) };
  },

  renameEmailCampaignUsingPATCH: (call) => {
    const { account, body, now } = call;
    const row = findCampaign(account, call.path.campaign_id);
    checkName(account, body.name, row);
    account.campaigns.update(row, () => {
      row.name = body.name;
      row.updated_at = now;
    });
    return { status: 200, body: campaignResource(account, row) };
  },

  removeEmailCampaignUsingDELETE: (call) => {
    const { account, now } = call;
    const row = findCampaign(account, call.path.campaign_id);
    if (row.status === 'SCHEDULED') throw invalid('The campaign is scheduled. Unschedule it first.');
    for (const activity of [...account.campaignActivities.where('campaign', row.campaign_id)]) {
      setStatus(account, activity, 'REMOVED', now);
    }
    return { status: 204 };
  },

  retrieveXrefMappingsUsingGET: (call) => {
    const { account } = call;
    const ids = csv(call.query.v2_email_campaign_ids);
    if (ids.length > MAX_XREFS) throw invalid('v2_email_campaign_ids must have at most 50 ids.');
    const xrefs = ids.flatMap((v2_email_campaign_id) => {
      const campaign = account.campaigns.first('v2', v2_email_campaign_id);
      const activity = campaign && activityOf(account, campaign.campaign_id, 'primary_email');
      if (!activity) return [];
      const { campaign_id, campaign_activity_id } = activity;
      return [{ v2_email_campaign_id, campaign_id, campaign_activity_id }];
    });
    return { status: 200, body: { xrefs } };
  },
} satisfies Handlers;

function checkName(account: Account, name: string, own: CampaignRow | null): void {
  if (name.trim() === '') throw invalid('name must not be blank.');
  const holder = account.campaigns.first('name', name.toLowerCase());
  if (holder && holder !== own) throw conflict('A campaign with this name exists.');
}

function dateOf(text: string, property: string): number {
  const date = parseDate(text);
  if (Number.isNaN(date)) throw invalid(`${property} is not a date.`);
  return date;
}
