import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { ResponseBody, Schema } from '../constant-contact/contract/operations.js';
import { pages, type PageSource } from './makers/pages.js';
import { single } from './makers/single.js';
import type { Costs } from './cost.js';

export type ContactRates = ResponseBody<'getContactOpenClickRate'>;
export type CampaignActivitySummary = Schema<'CampaignActivitySummary'>;
export type SmsEngagement = ResponseBody<'getSmsEngagementHistory'>[number];
export type ContactActivity = Schema<'ContactTrackingActivity'>;

/** Most rows of a contact's activity that one call gives (contract: `limit`). */
const ROWS_PER_PAGE = 100;

/** What a contact did with mails and landing pages, newest first. ONE: a call for each 100 rows of each contact. */
export function contactActivityOf(
  api: Api,
  contact_id: string,
  options: { types: readonly string[]; names: boolean },
): PageSource<ContactActivity> {
  return pages(api, 'getContactTracking', {
    path: { contact_id },
    query: { tracking_activities_list: options.types.join(',') },
    // The API does without the names faster.
    along: options.names ? {} : { include_campaign_activity_names: false },
    maxPage: ROWS_PER_PAGE,
    rows: (body) => body.tracking_activities,
  });
}

/** A time from a start to an end, as the API writes dates in queries. */
export interface Period {
  start: string;
  end: string;
}

export interface ContactReportLoaders {
  rates(contactId: string, period: Period): Promise<ContactRates | null>;
  activitySummary(contactId: string, period: Period): Promise<readonly CampaignActivitySummary[] | null>;
  smsHistory(contactId: string): Promise<readonly SmsEngagement[] | null>;
  clear(): void;
}

/** Reports on one contact. ONE: a call for each report of each contact, however often a query meets it. Null for unknown contacts. */
export function contactReportLoaders(api: Api): ContactReportLoaders {
  const keyOf = (contact_id: string, query: Period) => JSON.stringify({ path: { contact_id }, query });
  type Asked = { path: { contact_id: string }; query: Period };
  const rates = single<ContactRates>((key) =>
    nullIfNotFound(api.call('getContactOpenClickRate', JSON.parse(key) as Asked)),
  );
  const summaries = single<readonly CampaignActivitySummary[]>(async (key) => {
    const body = await nullIfNotFound(api.call('getContactTrackingCount', JSON.parse(key) as Asked));
    return body && body.campaign_activities;
  });
  const smsHistory = single<readonly SmsEngagement[]>((contact_id) =>
    nullIfNotFound(api.call('getSmsEngagementHistory', { path: { contact_id } })),
  );
  return {
    rates: (id, period) => rates.load(keyOf(id, period)),
    activitySummary: (id, period) => summaries.load(keyOf(id, period)),
    smsHistory: (id) => smsHistory.load(id),
    clear: () => {
      for (const loader of [rates, summaries, smsHistory]) loader.clear();
    },
  };
}

export const contactActivity = {
  cost: { costClass: 'PAGES', rows: 'tracking activities', pageSize: ROWS_PER_PAGE },
} as const satisfies Costs;

export const contactRates = { cost: { costClass: 'ONE', rows: 'contacts' } } as const satisfies Costs;

export const contactActivitySummaries = {
  cost: { costClass: 'ONE', rows: 'contacts' },
} as const satisfies Costs;

export const contactSmsHistory = { cost: { costClass: 'ONE', rows: 'contacts' } } as const satisfies Costs;
