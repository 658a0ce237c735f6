import type { OperationId, ResponseBody, Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { compact } from '../compact.js';
import { millis } from '../dates.js';
import { notFound, Refusal } from '../errors.js';
import { csv, type Call, type Handlers, type Reply } from '../handler.js';
import { linksOf, listOfLink } from '../model/email-link.js';
import { activityStatsResource, counter, percentsResource, statsResource } from '../model/email-stats.js';
import { engagementOf, optOuts, type Engagement, type EngagementEvent } from '../model/engagement.js';
import { contactPart, deviceText } from '../model/tracking-row.js';
import type { CampaignActivityRow } from '../stores/campaigns.js';

const PAGE = 500;
const UUID = /^[0-9a-f-]{36}$/i;

type Row = Schema<'SendsTrackingActivity'>;
type TrackingId = Extract<
  OperationId,
  | 'getSends'
  | 'getOpens'
  | 'getUniqueOpens'
  | 'getDidNotOpens'
  | 'getClicks'
  | 'getForwards'
  | 'getOptouts'
  | 'getBounces'
>;

export const emailReport = {
  getSends: (call) => tracking(call, 'em_sends', (engagement) => engagement.sends),
  getOpens: (call) => tracking(call, 'em_opens', (engagement) => engagement.opens, withDevice),
  getUniqueOpens: (call) => tracking(call, 'em_opens', (engagement) => engagement.uniqueOpens, withDevice),
  getDidNotOpens: (call) => tracking(call, 'em_didnotopens', (engagement) => engagement.didNotOpens),
  getForwards: (call) => tracking(call, 'em_forwards', (engagement) => engagement.forwards),

  getClicks: (call) => {
    const links = linksOf(findReported(call.account, call.path.campaign_activity_id));
    const { url_id } = call.query;
    const isMeant = ({ link = 0 }: EngagementEvent) => url_id === undefined || links[link]?.url_id === url_id;
    return tracking(
      call,
      'em_clicks',
      (engagement) => engagement.clicks.filter(isMeant),
      (row, { device, link = 0 }) => ({
        ...row,
        device_type: deviceText(device),
        url_id: links[link]?.url_id ?? '',
        link_url: links[link]?.link_url ?? '',
      }),
    );
  },

  getOptouts: (call) => {
    const { account, now } = call;
    const found = optOuts(account, now);
    return tracking(
      call,
      'em_optouts',
      (_engagement, row) => found.get(row) ?? [],
      (row) =>
        compact({ ...row, opt_out_reason: account.contacts.get(row.contact_id)?.email?.opt_out_reason }),
    );
  },

  getBounces: (call) => {
    const { bounce_code = [] } = call.query;
    const isMeant = ({ bounce = 'X' }: EngagementEvent) =>
      bounce_code.length === 0 || bounce_code.includes(bounce);
    return tracking(
      call,
      'em_bounces',
      (engagement) => engagement.bounces.filter(isMeant),
      (row, { bounce = 'X' }) => ({
        ...row,
        bounce_code: bounce,
        current_email_address: row.email_address,
      }),
    );
  },

  getCampaignActivityLinkStats: (call) => {
    const { account, now, path, query } = call;
    const row = findReported(account, path.campaign_activity_id);
    const clickers = new Map<number, Set<string>>();
    for (const { link = 0, contact_id } of engagementOf(row, now).clicks) {
      clickers.set(link, (clickers.get(link) ?? new Set()).add(contact_id));
    }
    const link_click_counts = linksOf(row).flatMap((link, place) => {
      const unique_clicks = clickers.get(place)?.size ?? 0;
      if (unique_clicks === 0 && query.no_clicks !== true) return [];
      const list_id = listOfLink(account, link);
      return [
        compact<Schema<'EmailLinkClickCount'>>({
          ...link,
          unique_clicks,
          list_action: list_id && 'add',
          list_id,
        }),
      ];
    });
    return { status: 200, body: { link_click_counts } };
  },

  getEmailSummary: (call) => {
    const { account, now } = call;
    const ids = [...new Set(csv(call.path.campaign_ids))];
    // One unknown ID makes the whole call fail; one without statistics is reported in `errors`.
    if (!ids.every((id) => account.campaigns.get(id))) throw notFoundIds('campaign_ids');
    const count = counter(account, now);
    const body: ResponseBody<'getEmailSummary'> = { results: [], errors: [] };
    for (const campaign_id of ids) {
      const counts = count(account.campaignActivities.where('campaign', campaign_id));
      if (!counts) body.errors?.push(noStats('campaign_id', campaign_id));
      else {
        body.results?.push({
          campaign_id,
          stats: statsResource(account, counts),
          percents: percentsResource(counts),
          last_refresh_time: millis(now),
        });
      }
    }
    return { status: 200, body };
  },

  getEmailCampaignActivitySummary: (call) => {
    const { account, now } = call;
    const ids = [...new Set(csv(call.path.campaign_activity_ids))];
    if (!ids.every((id) => UUID.test(id))) throw notFoundIds('campaign_activity_ids');
    const count = counter(account, now);
    const body: ResponseBody<'getEmailCampaignActivitySummary'> = { results: [], errors: [] };
    for (const campaign_activity_id of ids) {
      const row = account.campaignActivities.get(campaign_activity_id);
      const counts = row && count([row]);
      if (!counts) body.errors?.push(noStats('campaign_activity_id', campaign_activity_id));
      else {
        body.results?.push({
          campaign_id: row.campaign_id,
          campaign_activity_id,
          stats: activityStatsResource(account, counts),
          last_refresh_time: millis(now),
        });
      }
    }
    return { status: 200, body };
  },
} satisfies Handlers;

/** One page of a tracking report. */
function tracking<Id extends TrackingId, More extends Row = Row>(
  call: Call<Id>,
  tracking_activity_type: string,
  pick: (engagement: Engagement, row: CampaignActivityRow) => readonly EngagementEvent[],
  complete: (row: Row, happening: EngagementEvent) => More = (row) => row as More,
): Reply<{ tracking_activities: More[] }> {
  const { account, now, page } = call;
  const { campaign_activity_id } = call.path as { campaign_activity_id: string };
  const { limit = PAGE } = call.query as { limit?: number };
  const activity = findReported(account, campaign_activity_id);
  const happenings = pick(engagementOf(activity, now), activity);
  const { rows, links } = page.take(happenings, { limit, key: ({ key }) => key });
  const tracking_activities = rows.map((happening) => {
    const { contact_id, at } = happening;
    const contact = contactPart(account.contacts.get(contact_id));
    const row = compact<Row>({
      contact_id,
      campaign_activity_id,
      tracking_activity_type,
      ...contact,
      email_address: contact.email_address ?? '',
      created_time: millis(at),
    });
    return complete(row, happening);
  });
  return { status: 200, body: { tracking_activities, ...links } };
}

const withDevice = (row: Row, { device }: EngagementEvent): Schema<'OpensTrackingActivity'> =>
  compact({ ...row, device_type: deviceText(device) });

/** @throws Refusal 404 for an unknown or deleted activity, and for a permalink */
function findReported(account: Account, id: string): CampaignActivityRow {
  const row = account.campaignActivities.get(id);
  if (!row || row.role === 'permalink' || row.status === 'REMOVED')
    throw notFound('campaign_activity_id does not exist.');
  return row;
}

const notFoundIds = (name: string): Refusal =>
  new Refusal(404, `reportingsvc.not_found.invalid_path_param.${name}`, `One of the ${name} is invalid.`);

const noStats = (name: string, id: string): Schema<'StatsError'> => ({
  error_key: `reportingsvc.not_found.${name}`,
  error_message: `There are no statistics for ${name} ${id}.`,
});
