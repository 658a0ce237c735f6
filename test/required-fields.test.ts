import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OperationId } from '../src/constant-contact/contract/operations.js';
import { startApp, type TestApp } from './support/app.js';
import { campaignIn } from './support/campaigns.js';

/** Properties that the contract requires are non-null; a response that omits one loses no row. */

let app: TestApp;

beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 200 } });
});

beforeEach(() => {
  app.resetCalls();
});

afterEach(() => {
  app.sandbox.faults.clear();
});

afterAll(() => app.close());

/** The body with something else in each of the properties, wherever they are; undefined leaves them out. */
function having(body: unknown, keys: readonly string[], value: unknown): unknown {
  if (Array.isArray(body)) return body.map((item) => having(item, keys, value));
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([key, child]) => [
      key,
      keys.includes(key) ? value : having(child, keys, value),
    ]),
  );
}

interface Case {
  operationId: OperationId;
  keys: readonly string[];
  /** Has the rows in `rows`, in a connection or as a list. */
  query: () => string;
  row: Record<string, unknown>;
}

const event = () => [...app.sandbox.account().events].find((one) => one.status === 'ACTIVE')!.event_id;
// To most of the contacts, so that every report has rows.
const sent = () =>
  campaignIn(app, 'DONE', ({ sent_to }) => sent_to.length > 90).activity.campaign_activity_id;

const CASES: Record<string, Case> = {
  lists: {
    operationId: 'getLists',
    keys: ['name'],
    query: () => '{ rows: contactLists { nodes { name } } }',
    row: { name: '' },
  },
  tags: {
    operationId: 'getTags',
    keys: ['name'],
    query: () => '{ rows: tags { nodes { name } } }',
    row: { name: '' },
  },
  campaigns: {
    operationId: 'retrieveEmailCampaignsUsingGET',
    keys: ['name'],
    query: () => '{ rows: emailCampaigns { nodes { name } } }',
    row: { name: '' },
  },
  segments: {
    operationId: 'getAccountSegments',
    keys: ['name'],
    query: () => '{ rows: segments { nodes { name } } }',
    row: { name: '' },
  },
  'custom fields': {
    operationId: 'getCustomFields',
    keys: ['label', 'type'],
    query: () => '{ rows: customFields { nodes { label type typeRaw } } }',
    row: { label: '', type: 'UNKNOWN', typeRaw: null },
  },
  events: {
    operationId: 'findEvents',
    keys: ['name', 'title', 'description', 'event_type', 'location_type'],
    query: () => '{ rows: events { nodes { name title description type typeRaw locationType } } }',
    row: { name: '', title: '', description: '', type: 'UNKNOWN', typeRaw: null, locationType: '' },
  },
  'bulk activities': {
    operationId: 'getActivityStatusCollection',
    keys: ['state'],
    query: () => '{ rows: bulkActivities { nodes { state stateRaw } } }',
    row: { state: 'UNKNOWN', stateRaw: null },
  },
  profiles: {
    operationId: 'getSocialProfilesUsingGET',
    keys: ['network', 'connected'],
    query: () => '{ rows: socialProfiles { network connected } }',
    row: { network: 'UNKNOWN', connected: false },
  },
  'hashtag groups': {
    operationId: 'getSocialHashtagGroupsUsingGET',
    keys: ['hashtag_group_name', 'hashtag_names'],
    query: () => '{ rows: socialHashtagGroups { nodes { name hashtags } } }',
    row: { name: '', hashtags: [] },
  },
  'text-message campaigns': {
    operationId: 'getAllBulkSmsCampaignSummaries',
    keys: ['campaign_name', 'campaign_type'],
    query: () =>
      '{ rows: smsCampaignSummaries(startAt: "2015-01-01T00:00:00Z") { nodes { name campaignType } } }',
    row: { name: '', campaignType: '' },
  },
  'rows of a tracking report': {
    operationId: 'getSends',
    keys: ['email_address', 'tracking_activity_type'],
    query: () =>
      `{ a: emailCampaignActivity(id: "${sent()}") { rows: sends { nodes { emailAddress type } } } }`,
    row: { emailAddress: '', type: 'UNKNOWN' },
  },
  'rows of bounces': {
    operationId: 'getBounces',
    keys: ['bounce_code'],
    query: () =>
      `{ a: emailCampaignActivity(id: "${sent()}") { rows: bounces { nodes { bounceReason bounceReasonRaw } } } }`,
    row: { bounceReason: 'UNKNOWN', bounceReasonRaw: null },
  },
  'rows of clicks': {
    operationId: 'getClicks',
    keys: ['link_url', 'url_id'],
    query: () => `{ a: emailCampaignActivity(id: "${sent()}") { rows: clicks { nodes { linkUrl urlId } } } }`,
    row: { linkUrl: '', urlId: '' },
  },
  'clicks on a landing page': {
    operationId: 'getUniqueContactClicks',
    keys: ['link_url', 'email_address'],
    query: () => {
      const { campaign_activity_id } = [...app.sandbox.account().landingPages][1]!;
      return `{ a: landingPageReport(campaignActivityId: "${campaign_activity_id}") {
        rows: uniqueClicks { nodes { linkUrl emailAddress } } } }`;
    },
    row: { linkUrl: '', emailAddress: '' },
  },
  'tracks of events': {
    operationId: 'getEvent_2',
    keys: ['campaign_activity_id'],
    query: () => `{ a: event(id: "${event()}") { rows: track { campaignActivityId } } }`,
    row: { campaignActivityId: '' },
  },
  'senders of emails': {
    operationId: 'retrieveEmailCampaignActivityUsingGET',
    keys: ['from_name', 'reply_to_email'],
    query: () => `{ a: emailCampaignActivity(id: "${sent()}") { rows: sender { name replyTo } } }`,
    row: { name: '', replyTo: '' },
  },
  'contacts of events': {
    operationId: 'getEvent_2',
    keys: ['name', 'organization_name'],
    query: () => `{ a: event(id: "${event()}") { rows: contact { name organizationName } } }`,
    row: { name: '', organizationName: '' },
  },
};

describe.each(Object.entries(CASES))('%s', (_, { operationId, keys, query, row }) => {
  it.each<[string, unknown]>([
    ['omitted', undefined],
    ['null', null],
    ['no text', { odd: [1] }],
  ])('keep their rows when it is %s', async (how, value) => {
    const isEnum = Object.values(row).includes('UNKNOWN');
    if (how === 'no text' && isEnum) return;
    const { data: before } = await app.query(query());
    app.sandbox.faults.script({
      operationId,
      times: Infinity,
      fault: { kind: 'edit', edit: (body) => having(body, keys, value) },
    });
    app.resetCalls();
    const { data, errors } = await app.query(query());
    expect(errors).toBeUndefined();
    const rowsOf = ({ rows, a }: any): any[] => [(rows ?? a.rows).nodes ?? rows ?? a.rows].flat();
    expect(rowsOf(data).length).toBeGreaterThan(0);
    expect(rowsOf(data)).toEqual(rowsOf(before).map(() => row));
    expect(app.calls()).toContain(operationId);
  });
});
