import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Account, type Sandbox } from '../../src/sandbox/index.js';
import { Client, ManualClock } from './client.js';

const UNKNOWN = '00000000-0000-11ee-8000-fa163e000001';

let sandbox: Sandbox;
let client: Client;
let account: Account;

beforeEach(async () => {
  sandbox = await createSandbox({ requestsPerSecond: 0, clock: new ManualClock() });
  client = new Client(sandbox);
  account = sandbox.account();
});
afterEach(async () => {
  expect(sandbox.violations).toEqual([]);
  await sandbox.close();
});

const sentActivity = () => {
  const [row] = [...account.campaignActivities]
    .filter((one) => one.role === 'primary_email' && one.status === 'DONE')
    .sort((a, b) => b.sent_to.length - a.sent_to.length);
  if (!row) throw new Error('nothing was sent');
  return row;
};

describe('statistics', () => {
  it('fail a whole call for one campaign that does not exist', async () => {
    const { campaign_id } = sentActivity();
    for (const bad of [UNKNOWN, 'x']) {
      const campaign_ids = `${campaign_id},${bad}`;
      const { status, body } = await client.call('getEmailSummary', { path: { campaign_ids } });
      expect(status).toBe(404);
      expect(body).toMatchObject({ error_key: 'reportingsvc.not_found.invalid_path_param.campaign_ids' });
    }
  });

  it('report campaigns and activities without statistics as errors', async () => {
    const { campaign_id, campaign_activity_id } = sentActivity();
    const draft = account.campaigns.find((row) => row.status === 'DRAFT');
    const campaigns = await client.call('getEmailSummary', {
      path: { campaign_ids: `${draft?.campaign_id ?? ''},${campaign_id}` },
    });
    expect(campaigns.body.results?.map((row) => row.campaign_id)).toEqual([campaign_id]);
    expect(campaigns.body.errors).toHaveLength(1);

    const permalink = account.campaignActivities.find(
      (row) => row.campaign_id === campaign_id && row.role === 'permalink',
    );
    const campaign_activity_ids = [UNKNOWN, permalink?.campaign_activity_id ?? '', campaign_activity_id].join(
      ',',
    );
    const activities = await client.call('getEmailCampaignActivitySummary', {
      path: { campaign_activity_ids },
    });
    expect(activities.body.results?.map((row) => row.campaign_activity_id)).toEqual([campaign_activity_id]);
    expect(activities.body.errors).toHaveLength(2);
  });

  it('fail a whole call for one malformed activity', async () => {
    const campaign_activity_ids = `${sentActivity().campaign_activity_id},oops`;
    const { status } = await client.call('getEmailCampaignActivitySummary', {
      path: { campaign_activity_ids },
    });
    expect(status).toBe(404);
  });

  it('are removed with the campaign', async () => {
    const { campaign_id, campaign_activity_id } = sentActivity();
    await client.call('removeEmailCampaignUsingDELETE', { path: { campaign_id } });
    const stats = await client.call('getEmailSummary', { path: { campaign_ids: campaign_id } });
    expect(stats.body).toMatchObject({ results: [], errors: [{}] });
    const sends = await client.call('getSends', { path: { campaign_activity_id } });
    expect(sends.status).toBe(404);
  });

  it('are the same for the same seed and time', async () => {
    const other = await createSandbox({ requestsPerSecond: 0, clock: new ManualClock() });
    const query = { limit: 500 };
    const here = await client.call('getAllBulkEmailCampaignSummaries', { query });
    const there = await new Client(other).call('getAllBulkEmailCampaignSummaries', { query });
    expect(there.body).toEqual(here.body);
    await other.close();
  });
});

describe('summaries', () => {
  it('cover every sent campaign, by default 50 a page, dates to the second', async () => {
    const pages = await client.pages('getAllBulkEmailCampaignSummaries');
    expect(pages[0]?.bulk_email_campaign_summaries).toHaveLength(50);
    const rows = pages.flatMap((page) => page.bulk_email_campaign_summaries ?? []);
    expect(rows).toHaveLength(account.campaigns.count((row) => row.status === 'DONE'));
    expect(rows.every((row) => row.last_sent_date?.endsWith('.000Z'))).toBe(true);
  });

  it('add up to thousands of opens and clicks', async () => {
    const { body } = await client.call('getAllBulkEmailCampaignSummaries', { query: { limit: 500 } });
    const sum = (key: 'sends' | 'opens' | 'clicks' | 'bounces' | 'optouts' | 'forwards' | 'abuse') =>
      (body.bulk_email_campaign_summaries ?? []).reduce(
        (total, row) => total + (row.unique_counts?.[key] ?? 0),
        0,
      );
    expect(sum('sends')).toBeGreaterThan(10_000);
    expect(sum('opens')).toBeGreaterThan(3_000);
    expect(sum('clicks')).toBeGreaterThan(800);
    expect(sum('bounces')).toBeGreaterThan(300);
    expect(sum('optouts')).toBeGreaterThan(20);
    expect(sum('forwards')).toBeGreaterThan(20);
    expect(sum('abuse')).toBeGreaterThan(3);
  });
});

describe('tracking', () => {
  it('follows links to the end, whatever the page size', async () => {
    const { campaign_activity_id, sent_to } = sentActivity();
    const pages = await client.pages('getSends', { path: { campaign_activity_id }, query: { limit: 90 } });
    expect(pages).toHaveLength(Math.ceil(sent_to.length / 90));
    const ids = pages.flatMap((page) => page.tracking_activities.map((row) => row.contact_id));
    expect(ids.reverse()).toEqual(sent_to);
  });

  it('is empty for a draft and not found for a permalink', async () => {
    const find = (role: string) =>
      account.campaignActivities.find((row) => row.role === role && row.status === 'DRAFT')
        ?.campaign_activity_id ?? '';
    const draft = await client.call('getOpens', { path: { campaign_activity_id: find('primary_email') } });
    expect(draft.body.tracking_activities).toEqual([]);
    const page = await client.call('getOpens', { path: { campaign_activity_id: find('permalink') } });
    expect(page.status).toBe(404);
  });
});

describe('contact reports', () => {
  it('require activity types, by either parameter', async () => {
    const contact_id = sentActivity().sent_to[0] ?? '';
    const none = await client.call('getContactTracking', { path: { contact_id }, query: {} });
    expect(none.status).toBe(400);
    const list = await client.call('getContactTracking', {
      path: { contact_id },
      query: { tracking_activities_list: 'em_sends,em_opens' },
    });
    const repeated = await client.call('getContactTracking', {
      path: { contact_id },
      query: { tracking_activity_type: ['em_sends', 'em_opens'] },
    });
    expect(list.body.tracking_activities?.length).toBeGreaterThan(5);
    expect(repeated.body.tracking_activities).toEqual(list.body.tracking_activities);
  });

  it('omit names on request and have their own date format', async () => {
    const contact_id = sentActivity().sent_to[0] ?? '';
    const query = { tracking_activities_list: 'em_sends', include_campaign_activity_names: false };
    const { body } = await client.call('getContactTracking', { path: { contact_id }, query });
    expect(body.tracking_activities?.[0]).not.toHaveProperty('campaign_activity_name');
    expect(body.tracking_activities?.[0]?.created_time).toMatch(/T\d\d:\d\d:\d\d-0500$/);
  });

  it('reject rates over more than five years, and unknown contacts', async () => {
    const path = { contact_id: sentActivity().sent_to[0] ?? '' };
    const rates = (start: string, end: string) =>
      client.call('getContactOpenClickRate', { path, query: { start, end } });
    expect((await rates('2020-01-01', '2025-01-02')).status).toBe(400);
    expect((await rates('2020-01-01', '2025-01-01')).status).toBe(200);
    const query = { start: '2020-01-01', end: '2025-01-01' };
    const unknown = await client.call('getContactTrackingCount', { path: { contact_id: UNKNOWN }, query });
    expect(unknown.status).toBe(404);
  });
});
