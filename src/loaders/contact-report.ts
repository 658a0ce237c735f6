import type { ResponseBody, Schema } from '../constant-contact/contract/operations.js';
import { paged } from './makers/pages.js';
import { single } from './makers/single.js';

export type ContactRates = ResponseBody<'getContactOpenClickRate'>;
export type CampaignActivitySummary = Schema<'CampaignActivitySummary'>;
export type SmsEngagement = ResponseBody<'getSmsEngagementHistory'>[number];
export type ContactActivity = Schema<'ContactTrackingActivity'>;

/** What a contact did with emails and landing pages, newest first. */
export const contactActivity = paged({
  noun: 'tracking activities',
  reads: 'getContactTracking',
  rows: (body): readonly ContactActivity[] => body.tracking_activities ?? [],
  // Contract: `limit`.
  pageSize: 100,
  request: (_scope, contact_id: string, options: { types: readonly string[]; names: boolean }) => ({
    path: { contact_id },
    query: { tracking_activities_list: options.types.join(',') },
    // The API is faster without the names.
    along: options.names ? {} : { include_campaign_activity_names: false },
  }),
});

/** A time from a start to an end, as the API writes dates in queries. */
export interface Period {
  start: string;
  end: string;
}

/** What a report on one contact in a period is loaded by. */
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

/** Emails with what a contact did with each, by `contactPeriod`. Null for unknown contacts. */
export const contactActivitySummaries = single<readonly CampaignActivitySummary[]>({
  noun: 'contacts',
  read: async ({ api }, period) =>
    (await api.call('getContactTrackingCount', JSON.parse(period) as ContactPeriod)).campaign_activities,
});

/** Text messages with what a contact did with each. Null for unknown contacts. */
export const contactSmsHistory = single<readonly SmsEngagement[]>({
  noun: 'contacts',
  read: ({ api }, contact_id) => api.call('getSmsEngagementHistory', { path: { contact_id } }),
});
