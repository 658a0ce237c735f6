import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { campaignIn, draftIn } from './support/campaigns.js';

const GET = 'retrieveResendToNonOpenersUsingGET';
const DAY = 86_400_000;

let app: TestApp;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 12);
  app = await startApp({ sandbox: { contacts: 60, clock: { now: () => now } } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const FIELDS = 'resendRequestId status subject delayDays delayMinutes resendAt';
const read = async (id: string) =>
  (await app.query(`{ emailCampaignActivity(id: "${id}") { nonOpenerResends { ${FIELDS} } } }`)).data
    .emailCampaignActivity.nonOpenerResends;
const create = async (input: object) =>
  (
    await app.query(
      `mutation ($input: ResendToNonOpenersInput!) { resendToNonOpeners(input: $input) {
        resend { ${FIELDS} } activity { campaignActivityId } userErrors { code field message } } }`,
      { variables: { input } },
    )
  ).data.resendToNonOpeners;
const remove = async (id: string, resendRequestId: string) =>
  (
    await app.query(
      `mutation ($id: ID!, $resendRequestId: ID!) {
        deleteNonOpenerResend(input: { activityId: $id, resendRequestId: $resendRequestId }) {
          deletedResendRequestId activity { nonOpenerResends { subject } } userErrors { code field } } }`,
      { variables: { id, resendRequestId } },
    )
  ).data.deleteNonOpenerResend;

const iso = (ms: number) => new Date(ms).toISOString();

it('returns a resend, and null when there is none', async () => {
  const { activity } = campaignIn(app, 'DONE', (row) => row.resend !== null);
  const resend = activity.resend!;
  expect(await read(activity.campaign_activity_id)).toEqual([
    {
      resendRequestId: resend.resend_request_id,
      status: expect.stringMatching(/^(DONE|SCHEDULED)$/),
      subject: resend.subject,
      delayDays: resend.delay_minutes / 1440,
      delayMinutes: resend.delay_minutes,
      resendAt: iso(resend.due!),
    },
  ]);
  expect(app.calls()).toEqual([GET]);
  expect(await read(draftIn(app).activity.campaign_activity_id)).toEqual([]);
});

it('links to the email that it sends', async () => {
  const { campaign, activity } = campaignIn(app, 'DONE', (row) => row.resend !== null);
  const sent = app.sandbox
    .account()
    .campaignActivities.where('campaign', campaign.campaign_id)
    .find((row) => row.role === 'resend')!;
  const below = 'nonOpenerResends { activity { campaignActivityId role campaignId } }';
  const expected = [
    {
      activity: {
        campaignActivityId: sent.campaign_activity_id,
        role: 'RESEND',
        campaignId: campaign.campaign_id,
      },
    },
  ];
  const ofCampaign = await app.query(
    `{ emailCampaign(id: "${campaign.campaign_id}") { primaryActivity { ${below} } } }`,
  );
  expect(ofCampaign.data.emailCampaign.primaryActivity.nonOpenerResends).toEqual(expected);
  expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET', GET]);
  app.resetCalls();
  const { data } = await app.query(
    `{ emailCampaignActivity(id: "${activity.campaign_activity_id}") { subject ${below} } }`,
  );
  expect(data.emailCampaignActivity.nonOpenerResends).toEqual(expected);
  expect(app.calls()).toEqual([
    'retrieveEmailCampaignActivityUsingGET',
    GET,
    'retrieveEmailCampaignUsingGET',
  ]);
  app.resetCalls();
  const draft = draftIn(app).activity.campaign_activity_id;
  const made = await app.query(
    `mutation { resendToNonOpeners(input: { activityId: "${draft}", subject: "Again", delay: { days: 2 } }) {
      resend { activity { campaignActivityId } } userErrors { message } } }`,
  );
  // A draft has no such email yet.
  expect(made.data.resendToNonOpeners).toEqual({ resend: { activity: null }, userErrors: [] });
});

it('sends no request for activities that cannot have a resend', async () => {
  const { campaign } = campaignIn(app, 'DONE', (row) => row.resend !== null);
  const { data } = await app.query(
    `{ emailCampaign(id: "${campaign.campaign_id}") { activities { role nonOpenerResends { subject } } } }`,
  );
  expect(data.emailCampaign.activities.map((one: any) => one.nonOpenerResends.length)).toEqual([1, 0, 0]);
  expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET', GET]);
});

it('is sent to non-openers days after a sent email', async () => {
  const { campaign, activity } = campaignIn(
    app,
    'DONE',
    (row) => row.resend === null && row.sent_to.length > 10,
  );
  const id = activity.campaign_activity_id;
  const answer = await create({ activityId: id, subject: 'Again', delay: { days: 3 } });
  expect(answer).toMatchObject({
    resend: {
      status: null,
      subject: 'Again',
      delayDays: 3,
      delayMinutes: 4320,
      resendAt: iso(now + 3 * DAY),
    },
    activity: { campaignActivityId: id },
    userErrors: [],
  });
  expect(app.calls()).toEqual(['createResendToNonOpenersUsingPOST']);
  expect((await create({ activityId: id, subject: 'Again', delay: { days: 3 } })).userErrors[0].code).toBe(
    'ALREADY_EXISTS',
  );
  now += 3 * DAY + 5_000;
  expect((await read(id))[0].status).toBe('DONE');
  const resend = app.sandbox
    .account()
    .campaignActivities.where('campaign', campaign.campaign_id)
    .find((row) => row.role === 'resend')!;
  expect(resend.sent_to.length).toBeGreaterThan(0);
  expect(resend.sent_to.length).toBeLessThan(activity.sent_to.length);
  expect(resend.sent_to.every((one) => activity.sent_to.includes(one))).toBe(true);
  const late = await remove(id, answer.resend.resendRequestId);
  expect(late.userErrors).toHaveLength(1);
});

it('waits minutes on a draft, and can be deleted', async () => {
  const { activity } = draftIn(app);
  const id = activity.campaign_activity_id;
  const { resend } = await create({ activityId: id, subject: 'Again', delay: { minutes: 721 } });
  expect(resend).toMatchObject({
    resendRequestId: 'DRAFT',
    delayDays: null,
    delayMinutes: 721,
    resendAt: null,
  });
  expect((await read(id))[0].status).toBe('DRAFT');
  expect((await remove(id, '42')).userErrors).toEqual([
    { code: 'NOT_FOUND', field: ['input', 'resendRequestId'] },
  ]);
  expect((await remove('06a100de-19b6-4266-874b-afff00ff6b01', 'DRAFT')).userErrors).toEqual([
    { code: 'NOT_FOUND', field: ['input', 'activityId'] },
  ]);
  expect(await remove(id, 'DRAFT')).toEqual({
    deletedResendRequestId: 'DRAFT',
    activity: { nonOpenerResends: [] },
    userErrors: [],
  });
});

it('rejects values beyond the limits before any call, and a state that does not allow it', async () => {
  const { activity } = campaignIn(app, 'ERROR');
  const input = { activityId: activity.campaign_activity_id, subject: 'Again' };
  const cases: [object, string[]][] = [
    [{ delay: { days: 0 } }, ['delay', 'days']],
    [{ delay: { days: 11 } }, ['delay', 'days']],
    [{ delay: { minutes: 719 } }, ['delay', 'minutes']],
    [{ delay: { minutes: 14_401 } }, ['delay', 'minutes']],
    [{ delay: { days: 1 }, subject: ' ' }, ['subject']],
  ];
  for (const [change, field] of cases) {
    expect((await create({ ...input, ...change })).userErrors[0].field).toEqual(['input', ...field]);
  }
  expect((await remove(input.activityId, 'a/b')).userErrors[0].code).toBe('INVALID_ID');
  expect(app.calls()).toEqual([]);
  expect((await create({ ...input, delay: { days: 1 } })).userErrors[0]).toMatchObject({
    code: 'REJECTED',
    field: ['input', 'activityId'],
  });
});
