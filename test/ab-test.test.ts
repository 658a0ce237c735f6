import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { campaignIn, draftIn } from './support/campaigns.js';

const GET = 'retrieveEmailCampaignABTestUsingGET';

let app: TestApp;

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 30 } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const FIELDS = 'abTest { alternativeSubject testSize winnerWaitHours }';
const create = async (input: object) =>
  (
    await app.query(
      `mutation ($input: CreateAbTestInput!) { createAbTest(input: $input) {
        ${FIELDS} activity { campaignActivityId } userErrors { code field message } } }`,
      { variables: { input } },
    )
  ).data.createAbTest;
const remove = async (id: string) =>
  (
    await app.query(
      `mutation ($id: ID!) { deleteAbTest(input: { activityId: $id }) { activity { ${FIELDS} } userErrors { code message } } }`,
      { variables: { id } },
    )
  ).data.deleteAbTest;

it('reads a test, and sends no request for campaigns that are not A/B tests', async () => {
  const { campaign, activity } = campaignIn(app, 'DONE', (row) => row.ab_test !== null);
  const plain = campaignIn(app, 'DONE', (row) => row.ab_test === null);
  const { alternative_subject, test_size, winner_wait_duration } = activity.ab_test!;
  const { data } = await app.query(
    `{ a: emailCampaign(id: "${campaign.campaign_id}") { type activities { role ${FIELDS} } }
       b: emailCampaign(id: "${plain.campaign.campaign_id}") { activities { ${FIELDS} } } }`,
  );
  const abTest = {
    alternativeSubject: alternative_subject,
    testSize: test_size,
    winnerWaitHours: winner_wait_duration,
  };
  expect(data.a.type).toBe('AB_TEST');
  expect(data.a.activities[0]).toEqual({ role: 'PRIMARY_EMAIL', abTest });
  expect(data.b.activities.every((one: any) => one.abTest === null)).toBe(true);
  expect(app.calls().filter((call) => call === GET)).toHaveLength(1);
});

it('is read when the API returns the type of its campaign as text', async () => {
  const { campaign, activity } = campaignIn(app, 'DONE', (row) => row.ab_test !== null);
  app.sandbox.faults.script({
    operationId: 'retrieveEmailCampaignUsingGET',
    fault: { kind: 'edit', edit: (body) => ({ ...(body as object), type_code: '57' }) },
  });
  const { data } = await app.query(
    `{ emailCampaign(id: "${campaign.campaign_id}") { primaryActivity { abTest { testSize } } } }`,
  );
  expect(data.emailCampaign.primaryActivity.abTest).toEqual({ testSize: activity.ab_test!.test_size });
  expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET', GET]);
});

it('is null for an activity without a test; 1 call when the campaign is not loaded', async () => {
  const { activity } = campaignIn(app, 'DONE', (row) => row.ab_test === null);
  const { data, errors } = await app.query(
    `{ emailCampaignActivity(id: "${activity.campaign_activity_id}") { ${FIELDS} } }`,
  );
  expect(errors).toBeUndefined();
  expect(data.emailCampaignActivity.abTest).toBeNull();
  expect(app.calls()).toEqual([GET]);
});

it('creates a test on a draft and deletes it', async () => {
  const { campaign, activity } = draftIn(app);
  const id = activity.campaign_activity_id;
  const input = { activityId: id, alternativeSubject: 'Or this?', testSize: 10, winnerWaitHours: 24 };
  expect(await create(input)).toEqual({
    abTest: { alternativeSubject: 'Or this?', testSize: 10, winnerWaitHours: 24 },
    activity: { campaignActivityId: id },
    userErrors: [],
  });
  expect(app.calls()).toEqual(['createEmailCampaignABTestUsingPOST']);
  expect(campaign.type_code).toBe(57);
  expect((await create(input)).userErrors[0].code).toBe('ALREADY_EXISTS');
  expect(await remove(id)).toEqual({ activity: { abTest: null }, userErrors: [] });
  expect(campaign.type_code).toBe(10);
  expect((await remove(id)).userErrors[0].code).toBe('NOT_FOUND');
});

it('rejects a test of a sent campaign, and values beyond the limits', async () => {
  const done = campaignIn(app, 'DONE').activity.campaign_activity_id;
  const input = { activityId: done, alternativeSubject: 'Or this?', testSize: 10, winnerWaitHours: 24 };
  const sent = await create(input);
  expect(sent.userErrors[0]).toMatchObject({ code: 'REJECTED', field: ['input', 'activityId'] });
  expect(sent.userErrors[0].message).toContain('DRAFT');
  app.resetCalls();
  const cases: [object, string][] = [
    [{ testSize: 4 }, 'testSize'],
    [{ testSize: 51 }, 'testSize'],
    [{ winnerWaitHours: 7 }, 'winnerWaitHours'],
    [{ alternativeSubject: '' }, 'alternativeSubject'],
  ];
  for (const [change, field] of cases) {
    expect((await create({ ...input, ...change })).userErrors[0].field).toEqual(['input', field]);
  }
  expect(app.calls()).toEqual([]);
});
