import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSandbox, type Account, type Sandbox } from '../../src/sandbox/index.js';
import type { CampaignActivityRow, CampaignStatus } from '../../src/sandbox/stores/campaigns.js';
import { Client, first, ManualClock } from './client.js';

let sandbox: Sandbox;
let client: Client;
let account: Account;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  sandbox = await createSandbox({ requestsPerSecond: 0, contacts: 100, clock });
  client = new Client(sandbox);
  account = sandbox.account();
});
afterEach(() => sandbox.close());

const primary = (status: CampaignStatus, test: (row: CampaignActivityRow) => boolean = () => true) =>
  first(
    account.campaignActivities,
    (row) => row.role === 'primary_email' && row.status === status && test(row),
  );
const draft = () => primary('DRAFT', (row) => row.contact_list_ids.length > 0 && row.format_type === 5);
const headers = ({ from_name, from_email, reply_to_email, subject }: CampaignActivityRow) => ({
  from_name,
  from_email,
  reply_to_email,
  subject,
});

const campaign = (changes: object = {}) => ({
  name: 'Made here',
  email_campaign_activities: [
    {
      format_type: 5,
      from_name: 'Harborlight',
      from_email: 'news@harborlight.example',
      reply_to_email: 'news@harborlight.example',
      subject: 'Hello',
      html_content: '<p>Hello</p>[[trackingImage]]',
      ...changes,
    },
  ],
});

it('has 200 campaigns in every state, whose recipients match their history', () => {
  const rows = [...account.campaigns];
  expect(rows).toHaveLength(200);
  expect(new Set(rows.map((row) => row.status)).size).toBe(7);
  expect(rows.every((row) => row.created_at <= row.updated_at && row.updated_at <= clock.now())).toBe(true);
  const sent = [...account.campaignActivities].filter((row) => row.sent_to.length > 0);
  expect(sent.length).toBeGreaterThan(100);
  expect(
    sent.every((row) => row.sends.reduce((sum, send) => sum + send.count, 0) === row.sent_to.length),
  ).toBe(true);
  expect(sent.every((row) => row.role === 'resend' || row.html_content?.includes('[[trackingImage]]'))).toBe(
    true,
  );
});

it('uses mixed case for states in the collection and upper case elsewhere', async () => {
  const row = primary('DONE');
  const pages = await client.pages('retrieveEmailCampaignsUsingGET', { query: { limit: 75 } });
  expect(pages).toHaveLength(3);
  const listed = pages.flatMap((page) => page.campaigns ?? []);
  expect(listed).toHaveLength(200);
  const item = listed.find((one) => one.campaign_id === row.campaign_id);
  expect(item?.current_status).toBe('Done');
  expect(item).not.toHaveProperty('campaign_activities');
  const { body } = await client.call('retrieveEmailCampaignUsingGET', {
    path: { campaign_id: row.campaign_id },
  });
  expect(body.current_status).toBe('DONE');
});

it('returns parts of an activity only with include', async () => {
  const path = { campaign_activity_id: draft().campaign_activity_id };
  const bare = (await client.call('retrieveEmailCampaignActivityUsingGET', { path })).body;
  for (const part of ['html_content', 'permalink_url', 'physical_address_in_footer']) {
    expect(bare).not.toHaveProperty(part);
    const query = { include: part as 'html_content' };
    const { body } = await client.call('retrieveEmailCampaignActivityUsingGET', { path, query });
    expect(body).toHaveProperty(part);
  }
});

it('clears plain properties that a PUT omits, and keeps the parts requested with include', async () => {
  const row = draft();
  const { html_content } = row;
  const { status, body } = await client.call('updateEmailCampaignActivityUsingPUT', {
    path: { campaign_activity_id: row.campaign_activity_id },
    body: headers(row),
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ contact_list_ids: [], segment_ids: [] });
  expect(body).not.toHaveProperty('preheader');
  expect(row).toMatchObject({ contact_list_ids: [], preheader: null, html_content });
});

it('changes only the primary activity, in draft or sent state', async () => {
  const put = (row: CampaignActivityRow) =>
    client.call('updateEmailCampaignActivityUsingPUT', {
      path: { campaign_activity_id: row.campaign_activity_id },
      body: headers(row),
    });
  for (const status of ['SCHEDULED', 'EXECUTING', 'ERROR'] as const) {
    expect((await put(primary(status))).status).toBe(400);
  }
  expect((await put(first(account.campaignActivities, (row) => row.role === 'permalink'))).status).toBe(400);
  expect((await put(primary('REMOVED'))).status).toBe(404);
  expect((await put(primary('DONE'))).status).toBe(200);
});

it('saves the subject of an email even when it rejects the change because of its state', async () => {
  const row = primary('SCHEDULED');
  const { contact_list_ids, preheader } = row;
  const answer = await client.call('updateEmailCampaignActivityUsingPUT', {
    path: { campaign_activity_id: row.campaign_activity_id },
    body: { ...headers(row), subject: 'Half written', contact_list_ids: [] },
  });
  expect(answer.status).toBe(400);
  expect(row).toMatchObject({ subject: 'Half written', contact_list_ids, preheader, status: 'SCHEDULED' });
});

it('checks the senders of an email when it is scheduled, not before', async () => {
  const row = draft();
  const path = { campaign_activity_id: row.campaign_activity_id };
  const contact_list_ids = [...row.contact_list_ids];
  const body = { ...headers(row), from_email: 'press@harborlight.example', contact_list_ids };
  expect((await client.call('updateEmailCampaignActivityUsingPUT', { path, body })).status).toBe(200);
  const schedule = (scheduled_date: string) =>
    client.call('scheduleEmailCampaignActivityUsingPOST', { path, body: { scheduled_date } });
  expect((await schedule('0')).body).toEqual([
    {
      error_key: 'campaigns.api.validation.error',
      error_message: 'from_email is not a confirmed address of the account.',
    },
  ]);
  row.from_email = 'news@harborlight.example';
  expect((await schedule('0')).status).toBe(201);
  const created = await client.call('createEmailCampaignUsingPOST', {
    body: campaign({ reply_to_email: 'nobody@example.org' }),
  });
  expect(created.status).toBe(200);
});

it.each<[string, string]>([
  ['2026-07-01T10:00:00', '2026-07-01T14:00:00.000Z'],
  ['2026-12-01T10:00:00', '2026-12-01T15:00:00.000Z'],
  ['2026-12-01T10:00:00+02:00', '2026-12-01T08:00:00.000Z'],
])('reads a time without a time zone as US Eastern time: %s', async (scheduled_date, utc) => {
  const path = { campaign_activity_id: draft().campaign_activity_id };
  const answer = await client.call('scheduleEmailCampaignActivityUsingPOST', {
    path,
    body: { scheduled_date },
  });
  expect(answer.body).toEqual([{ scheduled_date: utc }]);
});

it('names `scheduled_date` when it is in the past', async () => {
  const path = { campaign_activity_id: draft().campaign_activity_id };
  const body = { scheduled_date: '2026-03-15T11:59:00Z' };
  const answer = await client.call('scheduleEmailCampaignActivityUsingPOST', { path, body });
  expect([answer.status, answer.body]).toEqual([
    400,
    [{ error_key: 'campaigns.api.validation.error', error_message: 'scheduled_date must be in the future' }],
  ]);
});

it.each(['[#', '${', '<@'])('rejects HTML with %s', async (pair) => {
  const html_content = `<p>Hello ${pair}if name]</p>[[trackingImage]]`;
  const size = account.campaigns.size;
  const refused = [
    {
      error_key: 'campaigns.api.validation.error',
      error_message: `html_content may not contain ${pair}`,
    },
  ];
  const created = await client.call('createEmailCampaignUsingPOST', { body: campaign({ html_content }) });
  expect([created.status, created.body]).toEqual([400, refused]);
  expect(account.campaigns.size).toBe(size);
  const row = draft();
  const before = row.html_content;
  const put = await client.call('updateEmailCampaignActivityUsingPUT', {
    path: { campaign_activity_id: row.campaign_activity_id },
    body: { ...headers(row), html_content },
  });
  expect([put.status, put.body]).toEqual([400, refused]);
  expect(row.html_content).toBe(before);
});

it('rejects HTML of more than 400 KB', async () => {
  const create = (length: number) => {
    const body = { ...campaign({ html_content: '本'.repeat(length) }), name: `Long ${length}` };
    return client.call('createEmailCampaignUsingPOST', { body });
  };
  expect((await create(136_533)).status).toBe(200);
  expect((await create(136_534)).status).toBe(400);
});

it('keeps the name of a removed campaign reserved, and does not find the campaign by its id', async () => {
  const { body: created } = await client.call('createEmailCampaignUsingPOST', { body: campaign() });
  const path = { campaign_id: created.campaign_id ?? '' };
  expect((await client.call('removeEmailCampaignUsingDELETE', { path })).status).toBe(204);
  expect((await client.call('retrieveEmailCampaignUsingGET', { path })).status).toBe(404);
  expect((await client.call('renameEmailCampaignUsingPATCH', { path, body: { name: 'New' } })).status).toBe(
    404,
  );
  expect((await client.call('removeEmailCampaignUsingDELETE', { path })).status).toBe(404);
  expect((await client.call('createEmailCampaignUsingPOST', { body: campaign() })).status).toBe(409);
  const pages = await client.pages('retrieveEmailCampaignsUsingGET', { query: { limit: 500 } });
  expect(pages[0]?.campaigns?.find((row) => row.campaign_id === path.campaign_id)?.current_status).toBe(
    'Removed',
  );
});

it('rejects lists combined with a segment, and more than one segment', async () => {
  const row = draft();
  const put = (change: object) =>
    client.call('updateEmailCampaignActivityUsingPUT', {
      path: { campaign_activity_id: row.campaign_activity_id },
      body: { ...headers(row), ...change },
    });
  const segment = first(account.segments, (one) => one.deleted_at === null).segment_id;
  expect((await put({ contact_list_ids: row.contact_list_ids, segment_ids: [segment] })).status).toBe(400);
  expect((await put({ segment_ids: [segment, segment] })).status).toBe(400);
});

it('sends scheduled emails and resends by the clock, and does not change afterwards', () => {
  const sendable = [...account.campaignActivities].filter((row) => row.role !== 'permalink');
  const due = sendable.filter((row) => row.status === 'SCHEDULED');
  const running = sendable.filter((row) => row.status === 'EXECUTING');
  expect([due.length, running.length]).toEqual([9, 2]);
  clock.tick(31 * 86_400_000);
  sandbox.account();
  for (const row of [...due, ...running]) {
    expect(row.status).toBe('DONE');
    expect(row.sends.at(-1)).toMatchObject({ send_status: 'COMPLETED', count: row.sent_to.length });
    expect(row.sends.at(-1)?.reason_code).toBe(row.sent_to.length > 0 ? 0 : 12);
  }
  expect(account.campaignActivities.where('pending', 'yes')).toEqual([]);
});

it('creates the same campaigns from the same seed', async () => {
  const other = await createSandbox({ requestsPerSecond: 0, contacts: 100, clock });
  expect([...other.account().campaignActivities]).toEqual([...account.campaignActivities]);
  await other.close();
});
