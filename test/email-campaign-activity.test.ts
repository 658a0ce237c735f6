import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { campaignIn, draftIn } from './support/campaigns.js';

const UNKNOWN_ID = '06a100de-19b6-4266-874b-afff00ff6b01';
const GET = 'retrieveEmailCampaignActivityUsingGET';
const PUT = 'updateEmailCampaignActivityUsingPUT';

let app: TestApp;

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 60, clock: { now: () => Date.UTC(2026, 0, 15, 12) } } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const read = (id: string, fields: string) =>
  app.query(`query ($id: ID!) { emailCampaignActivity(id: $id) { ${fields} } }`, { variables: { id } });

describe('reading', () => {
  it('returns every field of an activity with one call', async () => {
    const { campaign, activity } = campaignIn(app, 'DONE', (row) => row.format_type === 1);
    for (const id of [
      activity.campaign_activity_id,
      encodeGlobalId('EmailCampaignActivity', activity.campaign_activity_id),
    ]) {
      app.resetCalls();
      const { data } = await read(
        id,
        `campaignActivityId campaignId role roleRaw documentId status format formatType subject preheader
         sender { name email replyTo } recipients { lists { listId } segment { segmentId } }
         htmlContent permalinkUrl
         physicalAddressInFooter { organizationName addressLine1 city stateCode postalCode countryCode countryName }
         documentProperties { letterFormat greetingSalutation subscribeLinkEnabled viewAsWebpageEnabled permissionReminder }`,
      );
      expect(data.emailCampaignActivity).toEqual({
        campaignActivityId: activity.campaign_activity_id,
        campaignId: campaign.campaign_id,
        role: 'PRIMARY_EMAIL',
        roleRaw: 'primary_email',
        documentId: activity.document_id,
        status: 'DONE',
        format: 'LEGACY_CUSTOM_CODE',
        formatType: 1,
        subject: activity.subject,
        preheader: activity.preheader,
        sender: { name: activity.from_name, email: activity.from_email, replyTo: activity.reply_to_email },
        recipients: {
          lists: activity.contact_list_ids.map((listId) => ({ listId })),
          segment: null,
        },
        htmlContent: activity.html_content,
        permalinkUrl: activity.permalink_url,
        physicalAddressInFooter: {
          organizationName: 'Harborlight Books',
          addressLine1: '48 Harbor Road',
          city: 'Boston',
          stateCode: 'MA',
          postalCode: '02110',
          countryCode: 'US',
          countryName: 'United States',
        },
        documentProperties: {
          letterFormat: 'HTML',
          greetingSalutation: 'Dear',
          subscribeLinkEnabled: false,
          viewAsWebpageEnabled: true,
          permissionReminder: 'You get this because you signed up in our shop.',
        },
      });
      expect(app.calls()).toEqual([GET]);
    }
  });

  it('requests parts only when they are selected, and the union of all aliases at once', async () => {
    const id = draftIn(app).activity.campaign_activity_id;
    await read(id, 'subject');
    expect(app.sandbox.journal.entries.at(-1)?.query).toBe('');
    app.resetCalls();
    await app.query(
      `query ($id: ID!) { a: emailCampaignActivity(id: $id) { htmlContent } b: emailCampaignActivity(id: $id) { permalinkUrl } }`,
      { variables: { id } },
    );
    expect(app.calls()).toEqual([GET]);
    expect(app.sandbox.journal.entries.at(-1)?.query).toBe('include=html_content,permalink_url');
  });

  it('resolves the lists, including deleted ones, and the segment', async () => {
    const account = app.sandbox.account();
    const deleted = account.lists.find((row) => row.deleted_at !== null && row.channel === 'email')!;
    const { activity } = campaignIn(app, 'DONE', (row) => row.contact_list_ids.includes(deleted.list_id));
    const lists = await read(
      activity.campaign_activity_id,
      'recipients { lists { name deletedAt } segment { name } }',
    );
    expect(lists.data.emailCampaignActivity.recipients.lists.map((list: any) => list.name)).toEqual(
      activity.contact_list_ids.map((id) => account.lists.get(id)?.name),
    );
    expect(app.calls()).toEqual([GET, 'getLists']);
    app.resetCalls();
    const other = campaignIn(app, 'DONE', (row) => row.segment_ids.length > 0).activity;
    const segment = account.segments.get(String(other.segment_ids[0]))!;
    const segments = await read(
      other.campaign_activity_id,
      'recipients { lists { name } segment { segmentId name } segments { segmentId name } }',
    );
    expect(segments.data.emailCampaignActivity.recipients).toEqual({
      lists: [],
      segment: { segmentId: String(segment.segment_id), name: segment.name },
      segments: [{ segmentId: String(segment.segment_id), name: segment.name }],
    });
    expect(app.calls()).toEqual([GET, 'getAccountSegments']);
  });

  it('finds the status of the sender among the addresses of the account, with one scan for all', async () => {
    const { data } = await app.query(
      `{ emailCampaigns(first: 5) { nodes { primaryActivity { sender { email accountEmail { emailAddress confirmStatus } } } } } }`,
    );
    for (const { primaryActivity } of data.emailCampaigns.nodes) {
      const { email, accountEmail } = primaryActivity.sender;
      expect(accountEmail).toEqual({ emailAddress: email, confirmStatus: 'CONFIRMED' });
    }
    expect(app.calls().filter((call) => call === 'retrieveEmailAddresses')).toHaveLength(1);
  });

  it('finds the reply-to address among the addresses of the account, with the same scan', async () => {
    const { activity } = draftIn(app);
    activity.reply_to_email = 'NEWS@harborlight.example';
    const { data } = await read(
      activity.campaign_activity_id,
      'sender { accountEmail { id } replyTo replyToAccountEmail { id emailAddress confirmStatus } }',
    );
    const { replyTo, replyToAccountEmail } = data.emailCampaignActivity.sender;
    expect(replyTo).toBe('NEWS@harborlight.example');
    expect(replyToAccountEmail).toMatchObject({
      emailAddress: 'news@harborlight.example',
      confirmStatus: 'CONFIRMED',
    });
    expect(app.calls()).toEqual([GET, 'retrieveEmailAddresses']);
    activity.reply_to_email = 'stranger@elsewhere.example';
    const other = await read(activity.campaign_activity_id, 'sender { replyToAccountEmail { id } }');
    expect(other.data.emailCampaignActivity.sender).toEqual({ replyToAccountEmail: null });
  });

  it('resolves its campaign', async () => {
    const { campaign, activity } = draftIn(app);
    const { data } = await read(
      activity.campaign_activity_id,
      'campaign { name status activities { role } }',
    );
    expect(data.emailCampaignActivity.campaign).toMatchObject({ name: campaign.name, status: 'DRAFT' });
    expect(app.calls()).toEqual([GET, 'retrieveEmailCampaignUsingGET']);
  });

  it('returns null for an unknown activity and for an activity of a removed campaign', async () => {
    const removed = campaignIn(app, 'REMOVED').activity.campaign_activity_id;
    const { data, errors } = await app.query(
      `{ a: emailCampaignActivity(id: "${UNKNOWN_ID}") { id } b: emailCampaignActivity(id: "${removed}") { subject } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ a: null, b: null });
  });

  it('keeps the fields that a campaign includes of an activity that cannot be read', async () => {
    const { campaign } = draftIn(app);
    app.sandbox.faults.script({ operationId: GET, fault: { kind: 'status', status: 404 } });
    const { data, errors } = await app.query(
      `{ emailCampaign(id: "${campaign.campaign_id}") { primaryActivity { role subject sender { name } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.emailCampaign.primaryActivity).toEqual({
      role: 'PRIMARY_EMAIL',
      subject: null,
      sender: null,
    });
  });

  it('fails for one activity without failing others', async () => {
    app.sandbox.faults.script({ operationId: GET, times: 1, fault: { kind: 'status', status: 403 } });
    const { data, errors } = await app.query(
      '{ emailCampaigns(first: 3) { nodes { name primaryActivity { subject } } } }',
    );
    const failed = data.emailCampaigns.nodes.filter((node: any) => node.primaryActivity === null);
    expect(failed).toHaveLength(1);
    expect(errors).toHaveLength(1);
    expect(errors?.[0].extensions.code).toBe('FORBIDDEN');
  });

  it('resolves node and entities', async () => {
    const { activity } = draftIn(app);
    const { campaign_activity_id, subject } = activity;
    const id = encodeGlobalId('EmailCampaignActivity', campaign_activity_id);
    const { data } = await app.query(
      `query ($id: ID!, $refs: [_Any!]!) {
        node(id: $id) { id ... on EmailCampaignActivity { subject } }
        _entities(representations: $refs) { ... on EmailCampaignActivity { subject } } }`,
      {
        variables: {
          id,
          refs: [{ __typename: 'EmailCampaignActivity', campaignActivityId: campaign_activity_id }],
        },
      },
    );
    expect(data).toEqual({ node: { id, subject }, _entities: [{ subject }] });
    expect(app.calls()).toEqual([GET]);
  });
});

describe('updateEmailCampaignActivity', () => {
  const update = (
    input: object,
    fields = 'subject preheader status recipients { lists { listId } segment { segmentId } }',
  ) =>
    app.query(
      `mutation ($input: UpdateEmailCampaignActivityInput!) { updateEmailCampaignActivity(input: $input) {
        activity { ${fields} } userErrors { code field message } } }`,
      { variables: { input } },
    );
  const errorOf = async (input: object) =>
    (await update(input)).data.updateEmailCampaignActivity.userErrors[0];

  it('keeps all omitted fields, recipients first of all, for two calls', async () => {
    const { activity } = draftIn(app);
    const before = structuredClone(activity);
    const { data } = await update({ activityId: activity.campaign_activity_id, subject: 'Changed' });
    expect(data.updateEmailCampaignActivity).toEqual({
      activity: {
        subject: 'Changed',
        preheader: before.preheader,
        status: 'DRAFT',
        recipients: { lists: before.contact_list_ids.map((listId) => ({ listId })), segment: null },
      },
      userErrors: [],
    });
    expect(app.calls()).toEqual([GET, PUT]);
    expect(activity).toEqual({
      ...before,
      subject: 'Changed',
      physical_address_in_footer: expect.anything(),
    });
    const { country_name: _, ...address } = before.physical_address_in_footer!;
    expect(activity.physical_address_in_footer).toEqual(address);
  });

  it('keeps the properties of old formats as well', async () => {
    const { activity } = campaignIn(app, 'DONE', (row) => row.format_type === 2);
    const before = structuredClone(activity);
    const { data } = await update(
      {
        activityId: activity.campaign_activity_id,
        documentProperties: {
          greetingNameType: 'BOTH',
          subscribeLinkEnabled: true,
          viewAsWebpageEnabled: null,
          viewAsWebpageText: null,
        },
      },
      'documentProperties { greetingNameType greetingNameTypeRaw subscribeLinkEnabled viewAsWebpageEnabled permissionReminder } permalinkUrl',
    );
    expect(data.updateEmailCampaignActivity.activity).toEqual({
      documentProperties: {
        greetingNameType: 'BOTH',
        greetingNameTypeRaw: 'B',
        subscribeLinkEnabled: true,
        viewAsWebpageEnabled: false,
        permissionReminder: before.document_properties!.permission_reminder,
      },
      permalinkUrl: before.permalink_url,
    });
    expect(app.calls()).toEqual([GET, PUT]);
    const { letter_format: _, ...kept } = before.document_properties!;
    expect(activity.document_properties).toEqual({
      ...kept,
      greeting_name_type: 'B',
      subscribe_link_enabled: 'true',
      view_as_webpage_enabled: 'false',
      view_as_webpage_text: '',
    });
  });

  it('changes every field that can be changed', async () => {
    const { activity } = draftIn(app);
    const segment = [...app.sandbox.account().segments].find((row) => row.deleted_at === null)!;
    const { data } = await update({
      activityId: activity.campaign_activity_id,
      sender: { name: 'New', email: 'events@harborlight.example', replyTo: 'news@harborlight.example' },
      subject: 'S',
      preheader: 'P',
      recipients: { segmentId: String(segment.segment_id) },
      htmlContent: '<p>[[trackingImage]]</p>',
      physicalAddressInFooter: {
        organizationName: 'Us',
        addressLine1: 'Here 1',
        addressLine2: 'b',
        addressLine3: 'c',
        addressOptional: 'd',
        city: 'Lund',
        stateNonUsName: 'Skåne',
        postalCode: '22100',
        countryCode: 'SE',
      },
      documentId: '7',
    });
    expect(data.updateEmailCampaignActivity.userErrors).toEqual([]);
    expect(activity).toMatchObject({
      from_name: 'New',
      from_email: 'events@harborlight.example',
      reply_to_email: 'news@harborlight.example',
      subject: 'S',
      preheader: 'P',
      contact_list_ids: [],
      segment_ids: [segment.segment_id],
      html_content: '<p>[[trackingImage]]</p>',
      physical_address_in_footer: { city: 'Lund', state_non_us_name: 'Skåne', address_optional: 'd' },
    });
  });

  it('changes a part of the sender', async () => {
    const { activity } = draftIn(app);
    const email = activity.from_email;
    await update({ activityId: activity.campaign_activity_id, sender: { name: 'Only the name' } });
    expect(activity).toMatchObject({ from_name: 'Only the name', from_email: email });
  });

  it('clears every nullable field with null', async () => {
    const { activity } = draftIn(app);
    const { data } = await update({
      activityId: activity.campaign_activity_id,
      preheader: null,
      recipients: null,
    });
    expect(data.updateEmailCampaignActivity.activity).toMatchObject({
      preheader: null,
      recipients: { lists: [], segment: null },
    });
    for (const key of ['subject', 'sender', 'htmlContent', 'physicalAddressInFooter', 'documentProperties']) {
      app.resetCalls();
      expect(await errorOf({ activityId: activity.campaign_activity_id, [key]: null })).toMatchObject({
        code: 'REQUIRED',
        field: ['input', key],
      });
      expect(app.calls()).toEqual([]);
    }
  });

  it.each([
    ['SCHEDULED', 'Unschedule'],
    ['EXECUTING', 'being sent'],
    ['ERROR', 'failed'],
  ] as const)('rejects one in %s before the write', async (status, message) => {
    const { activity } = campaignIn(app, status);
    const error = await errorOf({ activityId: activity.campaign_activity_id, subject: 'S' });
    expect(error.code).toBe('NOT_ALLOWED');
    expect(error.message).toContain(message);
    expect(app.calls()).toEqual([GET]);
  });

  it('returns the activity as it is after a rejection, which the API may have applied in part', async () => {
    const { activity } = draftIn(app);
    app.sandbox.faults.script({
      operationId: PUT,
      fault: {
        kind: 'status',
        status: 400,
        body: [{ error_key: 'x', error_message: 'No.' }],
        carriedOut: true,
      },
    });
    const { data } = await update({ activityId: activity.campaign_activity_id, preheader: 'Half' });
    const { userErrors, activity: shown } = data.updateEmailCampaignActivity;
    expect(userErrors).toMatchObject([
      { code: 'REJECTED', message: expect.stringContaining('may have been partly applied') as string },
    ]);
    expect(shown.preheader).toBe('Half');
    expect(app.calls()).toEqual([GET, PUT, GET]);
  });

  it('is an error of the operation after a rejection when user errors are not selected', async () => {
    const { activity } = draftIn(app);
    const body = [{ error_key: 'x', error_message: 'subject is too loud' }];
    app.sandbox.faults.script({ operationId: PUT, fault: { kind: 'status', status: 400, body } });
    const { data, errors } = await app.query(
      'mutation ($input: UpdateEmailCampaignActivityInput!) { result: updateEmailCampaignActivity(input: $input) { activity { subject } } }',
      { variables: { input: { activityId: activity.campaign_activity_id, subject: 'S' } } },
    );
    expect(data).toEqual({ result: null });
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('may have been partly applied') as string,
        path: ['result'],
        extensions: {
          code: 'BAD_USER_INPUT',
          problem: 'REJECTED',
          upstream: { status: 400, messages: ['subject is too loud'] },
        },
      },
    ]);
    expect(app.calls()).toEqual([GET, PUT]);
  });

  it('reports a rejection even when the activity cannot be read again', async () => {
    const { activity } = draftIn(app);
    app.sandbox.faults.script({ operationId: PUT, fault: { kind: 'status', status: 400 } });
    app.sandbox.faults.script({
      operationId: GET,
      after: 1,
      times: Infinity,
      fault: { kind: 'status', status: 403 },
    });
    const { data, errors } = await update({ activityId: activity.campaign_activity_id, preheader: 'Half' });
    expect(data.updateEmailCampaignActivity).toEqual({
      activity: null,
      userErrors: [
        expect.objectContaining({
          message: expect.stringContaining('may have been partly applied') as string,
        }),
      ],
    });
    expect(errors).toMatchObject([{ path: ['updateEmailCampaignActivity', 'activity'] }]);
    expect(app.calls()).toEqual([GET, PUT, GET]);
  });

  it('does not read the activity again when none of its fields are selected', async () => {
    const { activity } = draftIn(app);
    app.sandbox.faults.script({ operationId: PUT, fault: { kind: 'status', status: 400 } });
    const { data } = await app.query(
      'mutation ($input: UpdateEmailCampaignActivityInput!) { result: updateEmailCampaignActivity(input: $input) { userErrors { code } } }',
      { variables: { input: { activityId: activity.campaign_activity_id, preheader: 'P' } } },
    );
    expect(data.result.userErrors).toEqual([{ code: 'REJECTED' }]);
    expect(app.calls()).toEqual([GET, PUT]);
  });

  it('rejects changes that the role or the format does not allow before the write', async () => {
    const done = (format: number) => campaignIn(app, 'DONE', (row) => row.format_type === format).activity;
    const permalink = app.sandbox
      .account()
      .campaignActivities.find((row) => row.role === 'permalink' && row.status === 'DRAFT')!;
    const cases: [string, object, string[]][] = [
      [permalink.campaign_activity_id, { subject: 'S' }, ['input']],
      [done(3).campaign_activity_id, { htmlContent: '<p></p>' }, ['input', 'htmlContent']],
      [
        done(5).campaign_activity_id,
        { documentProperties: { textContent: 't' } },
        ['input', 'documentProperties'],
      ],
      [done(2).campaign_activity_id, { recipients: { segmentId: '1001' } }, ['input', 'recipients']],
    ];
    for (const [id, change, field] of cases) {
      expect(await errorOf({ activityId: id, ...change })).toMatchObject({ code: 'NOT_ALLOWED', field });
    }
    expect(app.calls()).toEqual(Array(4).fill(GET));
  });

  it('rejects values beyond the limits before any call', async () => {
    const id = draftIn(app).activity.campaign_activity_id;
    const cases: [object, string[], string][] = [
      [{ subject: 's'.repeat(201) }, ['subject'], 'TOO_LONG'],
      [{ preheader: 'p'.repeat(201) }, ['preheader'], 'TOO_LONG'],
      [{ htmlContent: 'h'.repeat(150_001) }, ['htmlContent'], 'TOO_LONG'],
      [{ sender: { name: 'n'.repeat(101) } }, ['sender', 'name'], 'TOO_LONG'],
      [{ sender: { email: 'no address' } }, ['sender', 'email'], 'INVALID'],
      [
        { documentProperties: { greetingSalutation: 'g'.repeat(51) } },
        ['documentProperties', 'greetingSalutation'],
        'TOO_LONG',
      ],
      [{ recipients: { listIds: [] } }, ['recipients', 'listIds'], 'REQUIRED'],
      [{ recipients: { listIds: ['x'] } }, ['recipients', 'listIds', '0'], 'INVALID_ID'],
    ];
    for (const [change, field, code] of cases) {
      expect(await errorOf({ activityId: id, ...change })).toMatchObject({
        code,
        field: ['input', ...field],
      });
    }
    expect(app.calls()).toEqual([]);
    expect(await errorOf({ activityId: UNKNOWN_ID, subject: 'S' })).toMatchObject({ code: 'NOT_FOUND' });
  });
});
