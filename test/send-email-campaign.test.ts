import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OperationId } from '../src/constant-contact/contract/operations.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { campaignIn, draftIn } from './support/campaigns.js';
import { manualClock, type ManualClock } from './support/clock.js';

const UNKNOWN_ID = '06a100de-19b6-4266-874b-afff00ff6b01';
const CHECKS: OperationId[] = ['getLists', 'getPhysicalAddress', 'retrieveEmailAddresses'];
const CREATE = 'createEmailCampaignUsingPOST';
const PREPARE = 'updateEmailCampaignActivityUsingPUT';
const TEST = 'testSendCampaignActivityUsingPOST';
const SCHEDULE = 'scheduleEmailCampaignActivityUsingPOST';
const READS: OperationId[] = ['retrieveEmailCampaignUsingGET', 'retrieveEmailCampaignActivityUsingGET'];

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

const listId = (name: string) => app.sandbox.account().lists.first('name', name.toLowerCase())!.list_id;
const input = (change: object = {}) => ({
  name: 'Spring letter',
  sender: { name: 'Robin', email: 'news@harborlight.example' },
  subject: 'Hello',
  htmlContent: '<body>[[trackingImage]]<p>Hi</p></body>',
  recipients: { listIds: [listId('General Interest')] },
  when: { now: true },
  ...change,
});
const OUTCOME = 'campaignId campaignActivityId completedSteps failedStep userErrors { code field message }';
const ask = (value: object, fields = OUTCOME) =>
  clock.run(
    app.query(
      `mutation ($input: SendEmailCampaignInput!) { sendEmailCampaign(input: $input) { ${fields} } }`,
      {
        variables: { input: value },
      },
    ),
  );
const send = async (value: object, fields?: string) => (await ask(value, fields)).data.sendEmailCampaign;
const fail = (operationId: OperationId, status: number) =>
  app.sandbox.faults.script({ operationId, times: 1, fault: { kind: 'status', status } });
const activityOf = (id: string) => app.sandbox.account().campaignActivities.get(id)!;

/** The reads of the checks go out together, in no order. */
function expectCalls(...later: OperationId[]): void {
  const calls = app.calls();
  expect([...calls.slice(0, CHECKS.length).sort(), ...calls.slice(CHECKS.length)]).toEqual([
    ...CHECKS,
    ...later,
  ]);
}

describe('a new campaign', () => {
  it('is checked, created, given recipients and sent, for 6 calls', async () => {
    const outcome = await send(input());
    expect(outcome).toMatchObject({
      completedSteps: ['CHECK', 'CREATE', 'PREPARE', 'SCHEDULE'],
      failedStep: null,
      userErrors: [],
    });
    expectCalls(CREATE, PREPARE, SCHEDULE);
    const row = activityOf(outcome.campaignActivityId);
    expect(row).toMatchObject({
      campaign_id: outcome.campaignId,
      status: 'EXECUTING',
      contact_list_ids: input().recipients.listIds,
      reply_to_email: 'news@harborlight.example',
      html_content: input().htmlContent,
    });
    await clock.advance(5_000);
    app.sandbox.account();
    expect(row.status).toBe('DONE');
    expect(row.sent_to.length).toBeGreaterThan(0);
  });

  it('is sent as a test and scheduled, and returned in its scheduled state', async () => {
    const at = new Date(clock.now() + 3_600_000).toISOString();
    const segment = [...app.sandbox.account().segments].find((row) => row.deleted_at === null)!;
    const outcome = await send(
      input({
        when: { at },
        recipients: { segmentId: String(segment.segment_id) },
        sender: { name: 'R', email: 'news@harborlight.example', replyTo: 'events@harborlight.example' },
        preheader: 'P',
        physicalAddressInFooter: { organizationName: 'Us', addressLine1: 'Here 1', countryCode: 'US' },
        testAddresses: ['a@x.example'],
        testMessage: 'Look',
      }),
      `completedSteps failedStep userErrors { code } emailCampaign { name status }
       activity { status preheader schedules { scheduledAt } recipients { segment { segmentId } } physicalAddressInFooter { organizationName } }`,
    );
    expect(outcome).toEqual({
      completedSteps: ['CHECK', 'CREATE', 'PREPARE', 'TEST', 'SCHEDULE'],
      failedStep: null,
      userErrors: [],
      emailCampaign: { name: 'Spring letter', status: 'SCHEDULED' },
      activity: {
        status: 'SCHEDULED',
        preheader: 'P',
        schedules: [{ scheduledAt: at }],
        recipients: { segment: { segmentId: String(segment.segment_id) } },
        physicalAddressInFooter: { organizationName: 'Us' },
      },
    });
    expect(app.calls().slice(3, 7)).toEqual([CREATE, PREPARE, TEST, SCHEDULE]);
  });

  it('reports that a rejected change may have been partly applied, and returns the email as it is', async () => {
    app.sandbox.faults.script({
      operationId: PREPARE,
      fault: { kind: 'status', status: 400, carriedOut: true },
    });
    const outcome = await send(input(), `${OUTCOME} activity { status recipients { lists { listId } } }`);
    expect(outcome).toMatchObject({
      failedStep: 'PREPARE',
      activity: { status: 'DRAFT', recipients: { lists: [{ listId: listId('General Interest') }] } },
    });
    expect(outcome.userErrors.map(({ code }: any) => code)).toEqual(['PARTLY_DONE', 'REJECTED']);
    expect(outcome.userErrors[1].message).toContain('may have been partly applied');
    expect(app.calls().slice(3)).toEqual([CREATE, PREPARE, READS[1]]);
  });

  it.each([
    [true, '<body>[[trackingImage]]<p>Hi</p></body>'],
    [false, '<body><p>Hi</p></body>'],
  ])('with insertTrackingImage %s gets the image or does without', async (insertTrackingImage, html) => {
    const outcome = await send(input({ htmlContent: '<body><p>Hi</p></body>', insertTrackingImage }));
    expect(activityOf(outcome.campaignActivityId).html_content).toBe(html);
  });

  it.each([
    [
      'an unknown sender',
      { sender: { name: 'R', email: 'x@y.example' } },
      ['sender', 'email'],
      'NOT_ALLOWED',
    ],
    [
      'an unconfirmed sender',
      { sender: { name: 'R', email: 'news@harborlight.example', replyTo: 'press@harborlight.example' } },
      ['sender', 'replyTo'],
      'NOT_ALLOWED',
    ],
    ['no tracking image', { htmlContent: '<p></p>' }, ['htmlContent'], 'INVALID'],
    ['an unknown list', { recipients: { listIds: [UNKNOWN_ID] } }, ['recipients', 'listIds'], 'NOT_FOUND'],
    ['an unknown segment', { recipients: { segmentId: '42' } }, ['recipients', 'segmentId'], 'NOT_FOUND'],
  ])('is not created with %s', async (_, change, field, code) => {
    const outcome = await send(input(change));
    expect(outcome).toMatchObject({ campaignId: null, completedSteps: [], failedStep: 'CHECK' });
    expect(outcome.userErrors[0]).toMatchObject({ code, field: ['input', ...field] });
    expect(app.calls()).not.toContain(CREATE);
  });

  it('is not created for lists that are empty or deleted', async () => {
    const empty = await send(input({ recipients: { listIds: [listId('Scratch')] } }));
    expect(empty.userErrors[0]).toMatchObject({
      code: 'NOT_ALLOWED',
      field: ['input', 'recipients', 'listIds'],
    });
    const deleted = app.sandbox.account().lists.find((row) => row.deleted_at !== null)!.list_id;
    const gone = await send(input({ recipients: { listIds: [deleted, listId('General Interest')] } }));
    expect(gone.userErrors[0].code).toBe('NOT_FOUND');
    expect(app.calls()).not.toContain(CREATE);
    const one = await send(
      input({ recipients: { listIds: [listId('Scratch'), listId('General Interest')] } }),
    );
    expect(one.failedStep).toBeNull();
  });

  it('is created for a list whose count the API leaves out, which may have members', async () => {
    app.sandbox.faults.script({
      operationId: 'getLists',
      fault: {
        kind: 'edit',
        edit: (body: any) => ({
          ...body,
          lists: body.lists.map(({ membership_count: _, ...list }: any) => list),
        }),
      },
    });
    expect(await send(input())).toMatchObject({ failedStep: null, userErrors: [] });
    expect(app.calls()).toContain(CREATE);
  });

  it('is not created without a physical address of the account; all errors are reported together', async () => {
    app.sandbox.account().profile.address = null;
    const outcome = await send(
      input({ htmlContent: '<p></p>', sender: { name: 'R', email: 'x@y.example' } }),
    );
    expect(outcome.failedStep).toBe('CHECK');
    expect(outcome.userErrors.map((error: any) => error.message).join()).toContain('postal address');
    expect(outcome.userErrors).toHaveLength(4);
    expectCalls();
  });

  it('is an error of the operation after a refused check when user errors are not selected', async () => {
    const { data, errors } = await ask(
      input({ sender: { name: 'R', email: 'x@y.example' } }),
      'campaignId failedStep',
    );
    expect(data).toEqual({ sendEmailCampaign: null });
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          problems: [
            { problem: 'NOT_ALLOWED', field: ['input', 'sender', 'email'] },
            { problem: 'NOT_ALLOWED', field: ['input', 'sender', 'replyTo'] },
          ],
        },
      },
    ]);
    expectCalls();
    fail(SCHEDULE, 400);
    const partly = await ask(input(), 'campaignId failedStep');
    expect(partly.errors).toBeUndefined();
    expect(partly.data.sendEmailCampaign.failedStep).toBe('SCHEDULE');
  });

  it('is created without the checks for which the token has no permission', async () => {
    fail('retrieveEmailAddresses', 403);
    fail('getPhysicalAddress', 403);
    fail('getLists', 403);
    expect((await send(input())).failedStep).toBeNull();
  });

  it('is rejected before any call when fields are missing or beyond the limits', async () => {
    const cases: [object, string[]][] = [
      [{ name: null }, ['name']],
      [{ sender: null }, ['sender']],
      [{ subject: null }, ['subject']],
      [{ htmlContent: null }, ['htmlContent']],
      [{ recipients: null }, ['recipients']],
      [{ name: 'n'.repeat(81) }, ['name']],
      [{ htmlContent: 'h'.repeat(150_001) }, ['htmlContent']],
      [
        { campaignId: UNKNOWN_ID, htmlContent: 'h'.repeat(150_000), insertTrackingImage: true },
        ['htmlContent'],
      ],
      [{ when: { now: false } }, ['when', 'now']],
      [{ when: { at: '2020-01-01T00:00:00Z' } }, ['when', 'at']],
      [{ testAddresses: Array(6).fill('a@x.example') }, ['testAddresses']],
    ];
    for (const [change, field] of cases) {
      expect((await send(input(change))).userErrors[0].field).toEqual(['input', ...field]);
    }
    expect(app.calls()).toEqual([]);
  });
});

describe('a step that fails', () => {
  it('is reported when it is the creation: then nothing was created', async () => {
    const taken = await send(input({ name: draftIn(app).campaign.name }));
    expect(taken).toMatchObject({ campaignId: null, completedSteps: ['CHECK'], failedStep: 'CREATE' });
    expect(taken.userErrors.map((error: any) => error.code)).toEqual(['ALREADY_EXISTS']);
    fail(CREATE, 500);
    const { errors } = await ask(input());
    expect(errors?.[0].extensions.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(app.calls()).not.toContain(PREPARE);
  });

  it.each([
    ['PREPARE', PREPARE, 400, ['CHECK', 'CREATE'], [PREPARE, TEST, SCHEDULE]],
    ['PREPARE', PREPARE, 500, ['CHECK', 'CREATE'], [PREPARE, TEST, SCHEDULE]],
    ['TEST', TEST, 403, ['CHECK', 'CREATE', 'PREPARE'], [TEST, SCHEDULE]],
    ['SCHEDULE', SCHEDULE, 503, ['CHECK', 'CREATE', 'PREPARE', 'TEST'], [SCHEDULE]],
  ] as const)(
    '%s is reported with what was created, and a second call continues from there (%s, %i)',
    async (step, operationId, status, done, rest) => {
      fail(operationId, status);
      const value = input({ testAddresses: ['a@x.example'] });
      const first = await send(value);
      expect(first).toMatchObject({ completedSteps: done, failedStep: step });
      expect(first.userErrors[0].code).toBe('PARTLY_DONE');
      expect(first.userErrors[0].message).toContain(step);
      const { campaignId, completedSteps } = first;
      expect(app.sandbox.account().campaigns.get(campaignId)).toBeDefined();

      app.resetCalls();
      const second = await send({ ...value, campaignId, completedSteps });
      expect(second).toMatchObject({
        campaignId,
        completedSteps: ['CHECK', 'CREATE', 'PREPARE', 'TEST', 'SCHEDULE'],
        failedStep: null,
        userErrors: [],
      });
      expect(app.calls().slice(0, 2)).toEqual(READS);
      expect(app.calls().slice(5)).toEqual(rest);
      expect(activityOf(second.campaignActivityId).status).toBe('EXECUTING');
    },
  );

  it.each([
    [TEST, 'testAddresses'],
    [SCHEDULE, 'when'],
  ] as const)(
    'rejected by the API (%s) is reported at the argument of this mutation',
    async (operationId, key) => {
      fail(operationId, 400);
      const { userErrors } = await send(input({ testAddresses: ['a@x.example'] }));
      expect(userErrors.slice(1)).toMatchObject([{ field: ['input', key] }]);
    },
  );

  it.each([
    [{ kind: 'reset' } as const],
    [{ kind: 'status', status: 408 } as const],
    [{ kind: 'status', status: 500 } as const],
    [{ kind: 'html', status: 408 } as const],
  ])('does not send the test again when it may have been sent (%j)', async (fault) => {
    app.sandbox.faults.script({ operationId: TEST, times: 1, fault });
    const value = input({ testAddresses: ['a@x.example'] });
    const first = await send(value);
    expect(first).toMatchObject({ failedStep: 'TEST' });
    expect(first.userErrors[0].message).toContain('may have been sent');
    const { campaignId, completedSteps } = first;
    const second = await send({ ...value, campaignId, completedSteps });
    expect(second).toMatchObject({ failedStep: null, userErrors: [] });
    expect(app.sandbox.journal.count(TEST)).toBe(1);
    expect(app.sandbox.journal.count(SCHEDULE)).toBe(1);
  });

  it('is not repeated when it took effect although the response was lost', async () => {
    app.sandbox.faults.script({ operationId: SCHEDULE, times: 1, fault: { kind: 'resetBody' } });
    const first = await send(input());
    expect(first).toMatchObject({ failedStep: 'SCHEDULE' });
    app.resetCalls();
    const { campaignId, completedSteps } = first;
    const second = await send(input({ campaignId, completedSteps }));
    expect(second).toMatchObject({
      failedStep: null,
      completedSteps: ['CHECK', 'CREATE', 'PREPARE', 'SCHEDULE'],
    });
    expect(app.calls()).toEqual(READS);
  });
});

describe('a campaign that was scheduled although the response was lost', () => {
  const reversed = (ids: string[]) => [...ids].reverse().map((id) => id.toUpperCase());

  it.each([
    ['lists in another order', (body: any) => ({ contact_list_ids: reversed(body.contact_list_ids) })],
    ['no segments', () => ({ segment_ids: [] })],
    ['another final newline', (body: any) => ({ html_content: `${body.html_content}\r\n` })],
    [
      'addresses in capitals',
      () => ({ from_email: 'News@Harborlight.example', reply_to_email: 'NEWS@HARBORLIGHT.EXAMPLE' }),
    ],
  ])('is recognized when the API returns %s', async (_name, edit) => {
    const value = input({ recipients: { listIds: [listId('General Interest'), listId('Donors')] } });
    app.sandbox.faults.script({ operationId: SCHEDULE, times: 1, fault: { kind: 'resetBody' } });
    const { campaignId, completedSteps } = await send(value);
    app.sandbox.faults.script({
      operationId: 'retrieveEmailCampaignActivityUsingGET',
      fault: { kind: 'edit', edit: (body: any) => ({ ...body, ...edit(body) }) },
    });
    app.resetCalls();
    const second = await send({ ...value, campaignId, completedSteps });
    expect(second).toMatchObject({
      failedStep: null,
      completedSteps: ['CHECK', 'CREATE', 'PREPARE', 'SCHEDULE'],
      userErrors: [],
    });
    expect(app.calls()).toEqual(READS);
  });

  it('is not when its lists are others', async () => {
    app.sandbox.faults.script({ operationId: SCHEDULE, times: 1, fault: { kind: 'resetBody' } });
    const { campaignId, completedSteps } = await send(input());
    app.resetCalls();
    const recipients = { listIds: [listId('Donors')] };
    const { userErrors } = await send(input({ campaignId, completedSteps, recipients }));
    expect(userErrors).toMatchObject([{ code: 'NOT_ALLOWED', field: ['input', 'campaignId'] }]);
    expect(app.calls()).toEqual(READS);
  });
});

describe('an existing campaign', () => {
  it('is sent unchanged by default', async () => {
    const { campaign, activity } = draftIn(app);
    const before = structuredClone(activity);
    const outcome = await send({ campaignId: campaign.campaign_id, when: { now: true } });
    expect(outcome).toMatchObject({
      campaignId: campaign.campaign_id,
      campaignActivityId: activity.campaign_activity_id,
      failedStep: null,
    });
    expect(app.calls()).toHaveLength(6);
    expect(app.calls()).not.toContain(PREPARE);
    expect(activity).toMatchObject({ subject: before.subject, contact_list_ids: before.contact_list_ids });
  });

  it('is changed before it is sent on request', async () => {
    const { campaign, activity } = draftIn(app);
    Object.assign(activity, { html_content: '<p>plain</p>', preheader: null });
    const outcome = await send({
      campaignId: campaign.campaign_id,
      preheader: 'New',
      recipients: { listIds: [listId('Donors')] },
      insertTrackingImage: true,
      when: { now: true },
    });
    expect(outcome.userErrors).toEqual([]);
    expect(activity).toMatchObject({
      preheader: 'New',
      contact_list_ids: [listId('Donors')],
      html_content: '[[trackingImage]]<p>plain</p>',
      status: 'EXECUTING',
    });
  });

  it.each(['SCHEDULED', 'EXECUTING', 'DONE'] as const)('is refused when it is %s already', async (status) => {
    const { campaign, activity } = campaignIn(app, status, (row) => row.format_type === 5);
    const before = structuredClone(activity);
    for (const change of [
      { when: { now: true } },
      { when: { now: true }, completedSteps: ['CHECK', 'CREATE'] },
      { when: { now: true }, subject: 'A new subject' },
      { when: { now: true }, subject: 'A new subject', completedSteps: ['CHECK', 'CREATE', 'PREPARE'] },
      { when: { now: true }, recipients: { listIds: [listId('Press')] }, completedSteps: ['PREPARE'] },
      { when: { at: new Date(clock.now() + 90 * 86_400_000) }, completedSteps: ['PREPARE'] },
    ]) {
      app.resetCalls();
      const outcome = await send({
        campaignId: campaign.campaign_id,
        testAddresses: ['a@x.example'],
        ...change,
      });
      expect(outcome).toMatchObject({ campaignId: null, completedSteps: [], failedStep: null });
      expect(outcome.userErrors).toMatchObject([{ code: 'NOT_ALLOWED', field: ['input', 'campaignId'] }]);
      const asksForTime =
        status === 'SCHEDULED' && 'completedSteps' in change && 'at' in change.when
          ? ['retrieveEmailSchedulesUsingGET']
          : [];
      expect(app.calls()).toEqual([...READS, ...asksForTime]);
    }
    expect(activity).toEqual(before);
  });

  it('is the result of the same call before when that scheduled it', async () => {
    const at = new Date(clock.now() + 3_600_000);
    const value = input({ when: { at } });
    const { campaignId, completedSteps } = await send(value);
    app.resetCalls();
    const again = await send({ ...value, campaignId, completedSteps });
    expect(again).toMatchObject({
      campaignId,
      completedSteps: ['CHECK', 'CREATE', 'PREPARE', 'SCHEDULE'],
      failedStep: null,
      userErrors: [],
    });
    expect(app.calls()).toEqual([...READS, 'retrieveEmailSchedulesUsingGET']);
    const later = await send({ ...value, campaignId, completedSteps, when: { now: true } });
    expect(later.userErrors).toMatchObject([{ code: 'NOT_ALLOWED', field: ['input', 'campaignId'] }]);
  });

  it.each([
    ['is ahead by seconds', 30_000, []],
    ['would be ahead by minutes', 120_000, [{ code: 'NOT_ALLOWED', field: ['input', 'campaignId'] }]],
  ])('is the result of the same call when the clock of the API %s', async (_what, ahead, errors) => {
    const at = new Date(clock.now() + 3_600_000);
    const { campaignId, completedSteps } = await send(input({ when: { at } }));
    await clock.advance(3_600_000 - ahead);
    app.resetCalls();
    const again = await send(input({ campaignId, completedSteps }));
    expect(again.userErrors).toMatchObject(errors);
    expect(app.calls()).toEqual([...READS, 'retrieveEmailSchedulesUsingGET']);
  });

  it('is rejected when it cannot be sent', async () => {
    const nobody = campaignIn(
      app,
      'DRAFT',
      (row) => row.contact_list_ids.length + row.segment_ids.length === 0,
    );
    const value = { campaignId: nobody.campaign.campaign_id, when: { now: true } };
    const outcome = await send(value);
    expect(outcome).toMatchObject({ completedSteps: ['CREATE'], failedStep: 'CHECK' });
    expect(outcome.userErrors).toHaveLength(1);
    expect(outcome.userErrors[0]).toMatchObject({ code: 'REQUIRED', field: ['input', 'recipients'] });
    const removed = await send({ ...value, campaignId: campaignIn(app, 'REMOVED').campaign.campaign_id });
    expect(removed.userErrors[0]).toMatchObject({ code: 'NOT_FOUND', field: ['input', 'campaignId'] });
    const unknown = await send({ ...value, campaignId: UNKNOWN_ID });
    expect(unknown.userErrors[0]).toMatchObject({ code: 'NOT_FOUND', field: ['input', 'campaignId'] });
  });
});
