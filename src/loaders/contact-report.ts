import type { ResponseBody, Schema } from '../constant-contact/contract/operations.js';
import { paged, pagesOf } from './makers/pages.js';
import { single } from './makers/single.js';
import { walk } from './makers/walk.js';

export type ContactRates = ResponseBody<'getContactOpenClickRate'>;
export type CampaignActivitySummary = Schema<'CampaignActivitySummary'>;
export type SmsEngagement = ResponseBody<'getSmsEngagementHistory'>[number];
export type ContactActivity = Schema<'ContactTrackingActivity'>;

/** Activity of a contact in emails and on landing pages, newest first. */
export const contactActivity = paged({
  noun: 'tracking activities',
  reads: 'getContactTracking',
  rows: (body): readonly ContactActivity[] => body.tracking_activities ?? [],
  // Contract: `limit`.
  pageSize: 100,
  countedRows: 300,
  request: (_scope, contact_id: string, options: { types: readonly string[]; names: boolean }) => ({
    path: { contact_id },
    query: { tracking_activities_list: options.types.join(',') },
    // The API is faster without the names.
    includeParams: options.names ? {} : { include_campaign_activity_names: false },
  }),
});

/** A period, in the API's date format for queries. */
export interface Period {
  start: string;
  end: string;
}

/** Key of the reports on one contact in a period. */
export function contactPeriod(contact_id: string, query: Period): string {
  return JSON.stringify({ path: { contact_id }, query });
}

interface ContactPeriod {
  path: { contact_id: string };
  query: Period;
}

/** Average rates of a contact, by `contactPeriod`. Null for unknown contacts. */
export const contactRates = single<ContactRates>({
  noun: 'contacts',
  read: ({ api }, period) => api.call('getContactOpenClickRate', JSON.parse(period) as ContactPeriod),
});

/** Maximum number of pages for the 200 emails of a summary, at the API's usual page size. */
export const MAX_SUMMARY_PAGES = 4;

/** Emails with the activity of a contact in each, by `contactPeriod`. Null for unknown contacts. */
export const contactActivitySummaries = single<readonly CampaignActivitySummary[]>({
  noun: 'contacts',
  read: async (scope, period) => {
    const { api } = scope;
    const source = pagesOf(scope, ACTIVITY_SUMMARY, JSON.parse(period) as ContactPeriod);
    const rows: CampaignActivitySummary[] = [];
    let pages = 0;
    for await (const { page, next, isNew } of walk(source)) {
      rows.push(...page.rows.filter((_, at) => isNew(at)));
      pages += 1;
      if (next === null || pages >= MAX_SUMMARY_PAGES) continue;
      // The query cost counts one page until more have been seen.
      api.meter.extend();
      api.sizes.noteLongLists();
    }
    return rows;
  },
});

const ACTIVITY_SUMMARY = {
  reads: 'getContactTrackingCount',
  rows: (body: ResponseBody<'getContactTrackingCount'>) => body.campaign_activities,
  key: 'campaign_activity_id',
  // Vendor guide: the most recent 200 campaigns, without a page size.
  pageSize: 200,
} as const;

/** Text messages with the activity of a contact in each. Null for unknown contacts. */
export const contactSmsHistory = single<readonly SmsEngagement[]>({
  noun: 'contacts',
  read: ({ api }, contact_id) => api.call('getSmsEngagementHistory', { path: { contact_id } }),
});
