import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { campaignIn, draftIn } from './support/campaigns.js';
import { manualClock, type ManualClock } from './support/clock.js';

const UNKNOWN_ID = '06a100de-19b6-4266-874b-afff00ff6b01';
const GET = 'retrieveEmailCampaignActivityUsingGET';
const POST = 'scheduleEmailCampaignActivityUsingPOST';
const HOUR = 3_600_000;

let app: TestApp;
let clock: ManualClock;

beforeEach(async () => {
  clock = manualClock();
  app = await startApp({ sandbox: { contacts: 60, clock }, client: { clock } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const iso = (ms: number) => new Date(ms).toISOString();
const read = (id: string, fields: string) =>
  app.query(`query ($id: ID!) { emailCampaignActivity(id: $id) { ${fields} } }`, { variables: { id } });
const mutate = async (field: string, input: object, fields: string) =>
  (
    await app.query(
      `mutation ($input: ${field.charAt(0).toUpperCase()}${field.slice(1)}Input!) {
        ${field}(input: $input) { ${fields} userErrors { code field message } } }`,
      { variables: { input } },
    )
  ).data[field];

describe('reading', () => {
  it('reads schedules without the activity when only they are selected', async () => {
    const { activity } = campaignIn(app, 'SCHEDULED');
    const { data } = await read(
      activity.campaign_activity_id,
      'campaignActivityId schedules { scheduledAt }',
    );
    expect(data.emailCampaignActivity.schedules).toEqual([{ scheduledAt: iso(activity.scheduled_at!) }]);
    expect(app.calls()).toEqual(['retrieveEmailSchedulesUsingGET']);
  });

  it.each([
    ['DRAFT', [GET]],
    ['DONE', [GET, 'retrieveEmailSendHistoryUsingGET']],
    ['ERROR', [GET, 'retrieveEmailSendHistoryUsingGET']],
    ['SCHEDULED', [GET, 'retrieveEmailSchedulesUsingGET', 'retrieveEmailSendHistoryUsingGET']],
  ] as const)(
    'reads only what an activity in %s has, when its state is read as well',
    async (status, calls) => {
      const { activity } = campaignIn(app, status);
      const { data } = await read(
        activity.campaign_activity_id,
        'status schedules { scheduledAt } sendHistory { sendId }',
      );
      expect(data.emailCampaignActivity.schedules).toHaveLength(status === 'SCHEDULED' ? 1 : 0);
      expect(data.emailCampaignActivity.sendHistory).toHaveLength(activity.sends.length);
      expect(app.calls().sort()).toEqual([...calls].sort());
    },
  );

  it('returns the reason for which a send ended, in words', async () => {
    const { activity } = campaignIn(app, 'ERROR', (row) => row.sends[0]?.reason_code === 9);
    const fields = `sendHistory { sendId sentAt status statusRaw reason reasonCode reasonText count
      recipients { lists { listId } segments { segmentId } } }`;
    const { data } = await read(activity.campaign_activity_id, fields);
    expect(data.emailCampaignActivity.sendHistory).toEqual([
      {
        sendId: 1,
        sentAt: iso(activity.sends[0]!.run_date),
        status: 'ERRORED',
        statusRaw: 'ERRORED',
        reason: 'SENDER_UNVERIFIED',
        reasonCode: 9,
        reasonText: 'The sender address or the reply-to address is not confirmed.',
        count: 0,
        recipients: {
          lists: activity.contact_list_ids.map((listId) => ({ listId })),
          segments: activity.segment_ids.map((id) => ({ segmentId: String(id) })),
        },
      },
    ]);
    expect(app.calls()).toEqual(['retrieveEmailSendHistoryUsingGET']);
    const nobody = campaignIn(app, 'DONE', (row) => row.sends[0]?.reason_code === 12).activity;
    const empty = await read(nobody.campaign_activity_id, fields);
    expect(empty.data.emailCampaignActivity.sendHistory[0]).toMatchObject({
      status: 'COMPLETED',
      reason: 'NO_RECIPIENTS',
      count: 0,
    });
    Object.assign(nobody.sends[0]!, { reason_code: 77 });
    const unknown = await read(nobody.campaign_activity_id, fields);
    expect(unknown.data.emailCampaignActivity.sendHistory[0]).toMatchObject({
      reason: 'UNKNOWN',
      reasonCode: 77,
      reasonText: null,
    });
  });

  it('returns a preview of an email', async () => {
    const { activity } = draftIn(app);
    const { data } = await read(
      activity.campaign_activity_id,
      'preview { fromName fromEmail replyToEmail subject preheader html text }',
    );
    expect(data.emailCampaignActivity.preview).toMatchObject({
      fromName: activity.from_name,
      fromEmail: activity.from_email,
      replyToEmail: activity.reply_to_email,
      subject: activity.subject,
      preheader: activity.preheader,
    });
    expect(data.emailCampaignActivity.preview.html).toContain('<h1>');
    expect(data.emailCampaignActivity.preview.text).not.toContain('<');
    expect(app.calls()).toEqual(['retrieveEmailCampaignActivityPreviewUsingGET']);
  });

  it('returns null for an activity that does not exist', async () => {
    const { data, errors } = await read(
      UNKNOWN_ID,
      'schedules { scheduledAt } sendHistory { sendId } preview { text }',
    );
    expect(errors).toBeUndefined();
    expect(data.emailCampaignActivity).toEqual({ schedules: null, sendHistory: null, preview: null });
  });
});

describe('scheduling', () => {
  it.each([
    ['an empty list', { kind: 'status', status: 201, body: [] }],
    ['nothing', { kind: 'empty', status: 201 }],
  ] as const)('returns the schedule when the API answers with %s', async (_what, fault) => {
    const input = {
      activityId: draftIn(app).activity.campaign_activity_id,
      scheduledAt: iso(clock.now() + HOUR),
    };
    app.sandbox.faults.script({ operationId: POST, fault });
    const { schedules, userErrors } = await mutate(
      'scheduleEmailCampaignActivity',
      input,
      'schedules { scheduledAt }',
    );
    expect({ schedules, userErrors }).toEqual({
      schedules: [{ scheduledAt: input.scheduledAt }],
      userErrors: [],
    });
    expect(app.calls()).toEqual([POST]);
  });

  it('schedules, unschedules, and sends at its time', async () => {
    const { campaign, activity } = draftIn(app);
    const input = { activityId: activity.campaign_activity_id, scheduledAt: iso(clock.now() + HOUR) };
    const scheduled = await mutate(
      'scheduleEmailCampaignActivity',
      input,
      'schedules { scheduledAt } activity { campaignActivityId }',
    );
    expect(scheduled).toEqual({
      schedules: [{ scheduledAt: input.scheduledAt }],
      activity: { campaignActivityId: activity.campaign_activity_id },
      userErrors: [],
    });
    expect(app.calls()).toEqual([POST]);
    expect(campaign.status).toBe('SCHEDULED');

    const unscheduled = await mutate(
      'unscheduleEmailCampaignActivity',
      { activityId: input.activityId },
      'activity { status schedules { scheduledAt } }',
    );
    expect(unscheduled).toEqual({ activity: { status: 'DRAFT', schedules: [] }, userErrors: [] });

    await mutate('scheduleEmailCampaignActivity', input, 'activity { status }');
    await clock.advance(HOUR);
    const fields = 'status sendHistory { count reason } campaign { status }';
    expect((await read(input.activityId, fields)).data.emailCampaignActivity).toEqual({
      status: 'EXECUTING',
      sendHistory: [],
      campaign: { status: 'EXECUTING' },
    });
    await clock.advance(5_000);
    const { data } = await read(input.activityId, fields);
    expect(data.emailCampaignActivity).toEqual({
      status: 'DONE',
      sendHistory: [{ count: activity.sent_to.length, reason: 'SENT' }],
      campaign: { status: 'DONE' },
    });
    expect(activity.sent_to.length).toBeGreaterThan(0);
  });

  it('sends immediately, and later only to contacts who have not received it', async () => {
    const { activity } = draftIn(app);
    const send = () =>
      mutate(
        'sendEmailCampaignActivityNow',
        { activityId: activity.campaign_activity_id },
        'activity { status }',
      );
    expect(await send()).toEqual({ activity: { status: 'EXECUTING' }, userErrors: [] });
    expect(app.calls()).toEqual([POST, GET]);
    expect((await send()).userErrors[0].code).toBe('REJECTED');
    await clock.advance(5_000);
    expect((await send()).userErrors).toEqual([]);
    await clock.advance(5_000);
    const { data } = await read(activity.campaign_activity_id, 'sendHistory { sendId count reason }');
    expect(data.emailCampaignActivity.sendHistory).toEqual([
      { sendId: 1, count: activity.sent_to.length, reason: 'SENT' },
      { sendId: 2, count: 0, reason: 'NO_RECIPIENTS' },
    ]);
  });

  it('explains a rejection by the API', async () => {
    const empty = campaignIn(
      app,
      'DRAFT',
      (row) => row.contact_list_ids.length + row.segment_ids.length === 0,
    );
    const id = empty.activity.campaign_activity_id;
    const refused = await mutate('sendEmailCampaignActivityNow', { activityId: id }, 'activity { status }');
    expect(refused.userErrors[0]).toMatchObject({ code: 'REJECTED', field: ['input', 'activityId'] });
    expect(refused.userErrors[0].message).toContain('recipients');
    const draft = await mutate('unscheduleEmailCampaignActivity', { activityId: id }, 'activity { status }');
    expect(draft.userErrors[0]).toMatchObject({ code: 'REJECTED', field: ['input', 'activityId'] });
    const unknown = await mutate(
      'sendEmailCampaignActivityNow',
      { activityId: UNKNOWN_ID },
      'activity { status }',
    );
    expect(unknown.userErrors[0].code).toBe('NOT_FOUND');
  });

  it('rejects a time in the past before any call', async () => {
    const { activity } = draftIn(app);
    const input = { activityId: activity.campaign_activity_id, scheduledAt: iso(clock.now()) };
    const { userErrors } = await mutate('scheduleEmailCampaignActivity', input, 'activity { status }');
    expect(userErrors[0]).toMatchObject({ code: 'INVALID', field: ['input', 'scheduledAt'] });
    expect(app.calls()).toEqual([]);
  });

  it('does not send a second time when the outcome of the first is unknown', async () => {
    const { activity } = draftIn(app);
    app.sandbox.faults.script({ operationId: POST, fault: { kind: 'resetBody' } });
    const { data, errors } = await clock.run(
      app.query(
        'mutation ($id: ID!) { sendEmailCampaignActivityNow(input: { activityId: $id }) { userErrors { code } } }',
        { variables: { id: activity.campaign_activity_id } },
      ),
    );
    expect(data?.sendEmailCampaignActivityNow ?? null).toBeNull();
    expect(errors?.[0].extensions.code).toMatch(/^UPSTREAM_/);
    expect(app.calls()).toEqual([POST]);
  });
});

describe('sendTestEmail', () => {
  it('sends to 1 to 5 addresses for one call, up to 50 a day', async () => {
    const { activity } = draftIn(app);
    const addresses = ['a@x.example', 'b@x.example', 'c@x.example', 'd@x.example', ' e@x.example '];
    const input = { activityId: activity.campaign_activity_id, addresses, personalMessage: 'Look' };
    const send = (change: object = {}) => mutate('sendTestEmail', { ...input, ...change }, 'sentTo');
    expect(await send()).toEqual({ sentTo: addresses.map((one) => one.trim()), userErrors: [] });
    expect(app.calls()).toEqual(['testSendCampaignActivityUsingPOST']);
    app.resetCalls();
    const cases: [object, string, string[]][] = [
      [{ addresses: [...addresses, 'f@x.example'] }, 'TOO_MANY', []],
      [{ addresses: [] }, 'REQUIRED', []],
      [{ addresses: ['nobody'] }, 'INVALID', ['0']],
      [{ addresses: ['a@x.example', `${'a'.repeat(80)}@x.example`] }, 'TOO_LONG', ['1']],
    ];
    for (const [change, code, rest] of cases) {
      expect((await send(change)).userErrors[0]).toMatchObject({
        code,
        field: ['input', 'addresses', ...rest],
      });
    }
    expect(app.calls()).toEqual([]);
    for (let i = 0; i < 9; i++) await send();
    expect((await send()).userErrors[0]).toMatchObject({
      code: 'REJECTED',
      message: expect.stringContaining('50'),
    });
    await clock.advance(24 * HOUR);
    const twice = await send({ addresses: ['a@x.example', ' a@x.example'] });
    expect(twice).toEqual({ sentTo: ['a@x.example'], userErrors: [] });
  });
});
