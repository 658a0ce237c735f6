import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OperationId } from '../src/constant-contact/contract/operations.js';
import type { Fault } from '../src/sandbox/faults.js';
import { startApp, type TestApp } from './support/app.js';
import { startFacade } from './support/facade.js';
import { startUpstream } from './support/upstream.js';

/** Answers that the contract does not allow, as integrators have seen them. */
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 20, campaigns: 60 } });
});
afterAll(() => app.close());
beforeEach(() => {
  app.sandbox.reset();
});

function script(operationId: OperationId, fault: Fault): void {
  app.resetCalls();
  app.sandbox.faults.clear();
  app.sandbox.faults.script({ operationId, fault, times: Infinity });
}
const edited = (operationId: OperationId, edit: (body: any) => unknown) => {
  script(operationId, { kind: 'edit', edit });
};
const invalidAt = (...path: (string | number)[]) =>
  expect.objectContaining({
    path,
    extensions: expect.objectContaining({ code: 'UPSTREAM_INVALID_RESPONSE' }) as unknown,
  }) as unknown;

describe('an invalid number', () => {
  const ODD = ['', 'n/a', '1,234', 1.5, true, false, -5, 2 ** 31, 9e99, '99999999999999999999', {}, [1]];

  it('is not accepted as an amount of money; one with an exponent is normalised', async () => {
    const prices = ['', 'n/a', true, 1e-7, '12.50', '1e3', 0.1, undefined];
    const { data } = await app.query('{ events(first: 1) { nodes { eventId } } }');
    edited('getEvent_2', (body) => ({
      ...body,
      currency_type: 'EUR',
      default_track: { ...body.default_track, items: prices.map((price) => ({ name: 'x', price })) },
    }));
    app.resetCalls();
    const answer = await app.query(
      'query ($id: ID!) { event(id: $id) { track { items { price { amount currency } } } } }',
      { variables: { id: data.events.nodes[0].eventId } },
    );
    const amounts = answer.data.event.track.items.map(({ price }: any) => price?.amount ?? null);
    expect(amounts).toEqual([null, null, null, '0.0000001', '12.50', '1000', '0.1', null]);
    expect(answer.data.event.track.items[4].price.currency).toBe('EUR');
    expect(answer.errors).toEqual(
      [0, 1, 2].map((at) => invalidAt('event', 'track', 'items', at, 'price', 'amount')),
    );
    expect(app.calls()).toEqual(['getEvent_2']);
  });

  it.each(ODD)('is null, with an error at its field: %j', async (odd) => {
    edited('countContact', (body) => ({ ...body, total: odd }));
    const counts = await app.query('{ contactConsentCounts { total explicit } }');
    expect(counts.data.contactConsentCounts).toEqual({
      total: null,
      explicit: expect.any(Number) as unknown,
    });
    expect(counts.errors).toEqual([invalidAt('contactConsentCounts', 'total')]);
    expect(app.calls()).toEqual(['countContact']);

    edited('getLists', (body) => ({
      ...body,
      lists: body.lists.map((list: object, at: number) => ({
        ...list,
        ...(at === 1 && { membership_count: odd }),
      })),
    }));
    const lists = await app.query(
      '{ contactLists(first: 3) { nodes { name membershipCount contacts(first: 1) { edges { cursor } } } } }',
    );
    expect(lists.data?.contactLists.nodes, JSON.stringify(lists.errors)).toHaveLength(3);
    expect(lists.data.contactLists.nodes[1]).toMatchObject({
      name: expect.any(String) as unknown,
      membershipCount: null,
    });
    expect(lists.errors).toEqual([invalidAt('contactLists', 'nodes', 1, 'membershipCount')]);
  });

  it('loses no row, in collections that are read by pages or by their sizes', async () => {
    edited('getContacts', (body) => ({ ...body, contacts_count: 'n/a' }));
    const contacts = await app.query('{ contacts(first: 500) { totalCount nodes { firstName } } }');
    expect(contacts.data.contacts.nodes).toHaveLength(20);
    expect(contacts.data.contacts.totalCount).toBeNull();
    expect(contacts.errors).toEqual([invalidAt('contacts', 'totalCount')]);

    edited('getAllBulkEmailCampaignSummaries', (body) => ({
      ...body,
      bulk_email_campaign_summaries: body.bulk_email_campaign_summaries.map((row: any) => ({
        ...row,
        unique_counts: { ...row.unique_counts, sends: '', opens: '12' },
      })),
    }));
    const reports = await app.query(
      '{ emailCampaignSummaries(first: 2) { nodes { campaignId uniqueCounts { sends opens } } } }',
    );
    expect(reports.data.emailCampaignSummaries.nodes).toEqual(
      [0, 1].map(() => ({
        campaignId: expect.any(String) as unknown,
        uniqueCounts: { sends: null, opens: 12 },
      })),
    );
    expect(reports.errors).toHaveLength(2);
  });

  it('is not used as a count where counts are added, compared or checked', async () => {
    const { data } = await app.query('{ contacts(first: 1) { nodes { id } } }');
    const [{ id }] = data.contacts.nodes;
    edited('getContact', (body) => ({ ...body, birthday_month: 'May', birthday_day: 4 }));
    const QUERY = 'query ($id: ID!) { contact(id: $id) { firstName birthday { month day } } }';
    const text = await app.query(QUERY, { variables: { id } });
    expect(text.data.contact).toMatchObject({ birthday: null });
    expect(text.errors).toEqual([invalidAt('contact', 'birthday', 'month')]);
    edited('getContact', (body) => ({ ...body, birthday_month: 13, birthday_day: 4 }));
    expect((await app.query(QUERY, { variables: { id } })).errors).toEqual([
      invalidAt('contact', 'birthday'),
    ]);
    edited('getContact', (body) => ({ ...body, birthday_month: '5', birthday_day: 4 }));
    expect((await app.query(QUERY, { variables: { id } })).data.contact.birthday).toEqual({
      month: 5,
      day: 4,
    });
  });

  it('is null in a deferred part, too', async () => {
    edited('countContact', (body) => ({ ...body, total: 'n/a' }));
    const response = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'multipart/mixed' },
      body: JSON.stringify({
        query: '{ contactConsentCounts { explicit ... @defer(label: "a") { total } } }',
      }),
    });
    const text = await response.text();
    expect(text).toContain('UPSTREAM_INVALID_RESPONSE');
    expect(text).not.toContain('INTERNAL_SERVER_ERROR');
  });
});

it('an invalid string, list or boolean is null, with an error at its field', async () => {
  const { data } = await app.query('{ contacts(first: 1) { nodes { id } } }');
  const [{ id }] = data.contacts.nodes;
  edited('getContact', (body) => ({ ...body, first_name: { text: 'Zara' }, last_name: 7, notes: {} }));
  const contact = await app.query(
    'query ($id: ID!) { contact(id: $id) { firstName lastName notes { content } jobTitle } }',
    { variables: { id } },
  );
  expect(contact.data.contact).toMatchObject({ firstName: null, lastName: '7' });
  expect(contact.errors).toEqual([invalidAt('contact', 'firstName'), invalidAt('contact', 'notes')]);
  expect(app.calls()).toEqual(['getContact']);

  edited('getLists', (body) => ({
    ...body,
    lists: body.lists.map((list: object, at: number) => ({
      ...list,
      favorite: ['true', 'yes', 1][at] ?? null,
    })),
  }));
  const lists = await app.query('{ contactLists(first: 4) { nodes { favorite } } }');
  expect(lists.data.contactLists.nodes.map((list: any) => list.favorite)).toEqual([true, null, null, null]);
  expect(lists.errors).toHaveLength(2);
  expect(app.calls()).toEqual(['getLists']);
});

describe('a value of another kind', () => {
  const ODD = ['n/a', 7, true, { a: 1 }];
  const rowsOf = async (query: string) => {
    const { data } = await app.query(query);
    return data;
  };

  it.each(ODD)('in place of a list is null, with an error at each field that reads it: %j', async (odd) => {
    const { contacts, emailCampaigns } = await rowsOf(
      '{ contacts(first: 1) { nodes { id } } emailCampaigns(first: 1) { nodes { id } } }',
    );
    edited('getContact', (body) => ({ ...body, list_memberships: odd, taggings: odd }));
    const contact = await app.query(
      'query ($id: ID!) { contact(id: $id) { firstName lists { name } tags { tagId } } }',
      { variables: { id: contacts.nodes[0].id } },
    );
    expect(contact.data.contact).toEqual({
      firstName: expect.any(String) as unknown,
      lists: null,
      tags: null,
    });
    expect(contact.errors).toEqual([invalidAt('contact', 'lists'), invalidAt('contact', 'tags')]);
    expect(app.calls()).toEqual(['getContact']);

    edited('retrieveEmailCampaignUsingGET', (body) => ({ ...body, campaign_activities: odd }));
    const campaign = await app.query(
      'query ($id: ID!) { emailCampaign(id: $id) { name activities { role } primaryActivity { role } } }',
      { variables: { id: emailCampaigns.nodes[0].id } },
    );
    expect(campaign.data.emailCampaign).toMatchObject({ activities: null, primaryActivity: null });
    expect(campaign.errors).toHaveLength(2);
    expect(campaign.errors?.map((error) => error.extensions.code)).toEqual([
      'UPSTREAM_INVALID_RESPONSE',
      'UPSTREAM_INVALID_RESPONSE',
    ]);
    expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET']);

    edited('retrieveEmailAddresses', (body) =>
      body.map((row: object) => ({ ...row, roles: odd, pending_roles: odd })),
    );
    const emails = await app.query('{ accountEmails { emailAddress roles rolesRaw pendingRoles } }');
    expect(emails.data.accountEmails[0]).toEqual({
      emailAddress: expect.any(String) as unknown,
      roles: null,
      rolesRaw: null,
      pendingRoles: null,
    });
    expect(emails.errors?.every((error) => error.extensions.code === 'UPSTREAM_INVALID_RESPONSE')).toBe(true);
    expect(app.calls()).toEqual(['retrieveEmailAddresses']);
  });

  it.each(ODD)('in place of recipients and errors of a job, likewise: %j', async (odd) => {
    const { emailCampaigns, exported } = {
      ...(await rowsOf('{ emailCampaigns(first: 1) { nodes { primaryActivity { id } } } }')),
      exported: (await app.query('mutation { exportContacts(input: {}) { bulkActivity { id } } }')).data,
    };
    edited('retrieveEmailCampaignActivityUsingGET', (body) => ({
      ...body,
      contact_list_ids: odd,
      from_email: [],
    }));
    const activity = await app.query(
      'query ($id: ID!) { emailCampaignActivity(id: $id) { subject recipients { lists { name } } sender { email accountEmail { emailId } } } }',
      { variables: { id: emailCampaigns.nodes[0].primaryActivity.id } },
    );
    expect(activity.data.emailCampaignActivity).toEqual({
      subject: expect.any(String) as unknown,
      recipients: null,
      sender: { email: '', accountEmail: null },
    });
    expect(activity.errors).toEqual([invalidAt('emailCampaignActivity', 'recipients')]);
    expect(app.calls()).toEqual(['retrieveEmailCampaignActivityUsingGET']);

    edited('getActivity', (body) => ({
      ...body,
      activity_errors: odd,
      _links: { results: { href: { to: 'x' } } },
    }));
    const job = await app.query(
      'query ($id: ID!) { bulkActivity(id: $id) { state failures { message } export { fileExportId } } }',
      { variables: { id: exported.exportContacts.bulkActivity.id } },
    );
    expect(job.data.bulkActivity).toMatchObject({ failures: null, export: null });
    expect(job.errors).toEqual([invalidAt('bulkActivity', 'failures')]);
    expect(app.calls()).toEqual(['getActivity']);
  });

  it('in place of an object is null, with an error, and no object without values', async () => {
    const { contacts } = await rowsOf('{ contacts(first: 3) { nodes { id } } }');
    const odd = ['ann@example.com', 7, []];
    edited('getContacts', (body) => ({
      ...body,
      contacts: body.contacts.map((row: object, at: number) => ({ ...row, email_address: odd[at] ?? null })),
    }));
    const LIST = '{ contacts(first: 3) { nodes { id emailAddress { address } } } }';
    const ERRORS = [0, 1, 2].map((at) => invalidAt('contacts', 'nodes', at, 'emailAddress'));
    const answer = await app.query(LIST);
    expect(answer.data.contacts.nodes).toEqual(
      contacts.nodes.map(({ id }: any) => ({ id, emailAddress: null })),
    );
    expect(answer.errors).toEqual(ERRORS);
    expect(app.calls()).toEqual(['getContacts']);
    app.resetCalls();
    // The interpreter answers this one.
    const introspected = await app.query(
      LIST.replace('{ contacts', '{ __schema { queryType { name } } contacts'),
    );
    expect(introspected.errors).toEqual(ERRORS);
    expect(app.calls()).toEqual(['getContacts']);

    edited('getAllBulkEmailCampaignSummaries', (body) => ({ ...body, aggregate_percents: 'n/a' }));
    const reports = await app.query(
      '{ emailCampaignSummaries(first: 1) { nodes { campaignId } pagePercents { openPercentOfDelivered } } }',
    );
    expect(reports.data.emailCampaignSummaries).toMatchObject({ pagePercents: null });
    expect(reports.errors).toEqual([invalidAt('emailCampaignSummaries', 'pagePercents')]);
  });

  it('among the items of a list fails at that item', async () => {
    const { contacts } = await rowsOf('{ contacts(first: 1) { nodes { id } } }');
    edited('getContact', (body) => ({ ...body, phone_numbers: [{ phone_number: '1' }, 'n/a', null] }));
    const { data, errors } = await app.query(
      'query ($id: ID!) { contact(id: $id) { firstName phoneNumbers { number } } }',
      { variables: { id: contacts.nodes[0].id } },
    );
    expect(data.contact).toEqual({ firstName: expect.any(String) as unknown, phoneNumbers: null });
    expect(errors).toEqual([invalidAt('contact', 'phoneNumbers', 1)]);

    edited('getContact', (body) => ({
      ...body,
      custom_fields: [
        { custom_field_id: body.contact_id, choice_ids: [1, '000002'] },
        { custom_field_id: body.contact_id, choice_ids: [{}] },
        { value: 'x' },
      ],
    }));
    const fields = await app.query(
      'query ($id: ID!) { contact(id: $id) { customFields { choiceIds field { label } choices { label } } } }',
      { variables: { id: contacts.nodes[0].id } },
    );
    expect(fields.data.contact.customFields.map((row: any) => row.choiceIds)).toEqual([
      ['1', '000002'],
      null,
      null,
    ]);
    expect(fields.data.contact.customFields[2]).toMatchObject({ field: null, choices: [] });
    expect(fields.errors).toEqual([invalidAt('contact', 'customFields', 1, 'choiceIds', 0)]);
  });

  it.each(ODD)('in place of the parts of registrations, profiles and automations: %j', async (odd) => {
    const { events, automations } = await rowsOf(
      '{ events(first: 20) { nodes { eventId registrations(first: 1) { nodes { registrationId trackId } } } } automations(first: 1) { nodes { id } } }',
    );
    const event = events.nodes.find((one: any) => one.registrations?.nodes.length > 0);
    const [{ registrationId, trackId }] = event.registrations.nodes;
    edited('getRegistrationInfo', (body) => ({ ...body, contact: odd }));
    const registration = await app.query(
      'query ($e: ID!, $t: ID!, $r: ID!) { eventRegistration(eventId: $e, trackId: $t, registrationId: $r) { registrationId firstName } }',
      { variables: { e: event.eventId, t: trackId, r: registrationId } },
    );
    expect(registration.data.eventRegistration).toEqual({ registrationId, firstName: null });
    expect(registration.errors).toEqual([invalidAt('eventRegistration', 'firstName')]);
    expect(app.calls()).toEqual(['getRegistrationInfo']);

    edited('getSocialProfilesUsingGET', (body) => body.map((row: object) => ({ ...row, network: odd })));
    const social = await app.query('{ socialProfiles { name connection { __typename } } }');
    expect(social.errors).toBeUndefined();
    expect(social.data.socialProfiles[0].connection).toBeNull();
    // A network that can be a name is looked for.
    const isName = typeof odd === 'string' || typeof odd === 'number';
    expect(app.calls().includes('getSocialConnectionsUsingGET')).toBe(isName);

    edited('retrieveAutomationCampaignUsingGet', (body) => {
      const definition = body.active_definition ?? body.draft_definition;
      definition.workflow.workflow_def.tasks = odd;
      return { ...body, active_definition: definition };
    });
    const automation = await app.query(
      'query ($id: ID!) { automation(id: $id) { name activeDefinition { workflow { allTasks { __typename } } } } }',
      { variables: { id: automations.nodes[0].id } },
    );
    expect(automation.data.automation.name).toEqual(expect.any(String));
    expect(automation.errors?.map(({ extensions }) => extensions.code)).toEqual([
      'UPSTREAM_INVALID_RESPONSE',
    ]);
    expect(app.calls()).toEqual(['retrieveAutomationCampaignUsingGet']);
  });
});

describe('an enum value in another spelling', () => {
  const spellings: [string, (word: string) => string][] = [
    ['capitals', (word) => word.toUpperCase()],
    ['hyphens', (word) => word.toLowerCase().replaceAll('_', '-')],
    ['blanks', (word) => ` ${word.toLowerCase().replaceAll('_', ' ')} `],
  ];

  it.each(spellings)('is read as the same role and status: %s', async (_, spell) => {
    const { data: before } = await app.query('{ emailCampaigns(first: 1) { nodes { id status } } }');
    const [{ id, status }] = before.emailCampaigns.nodes;
    edited('retrieveEmailCampaignUsingGET', (body) => ({
      ...body,
      current_status: spell(body.current_status),
      campaign_activities: body.campaign_activities.map((one: any) => ({ ...one, role: spell(one.role) })),
    }));
    const { data, errors } = await app.query(
      'query ($id: ID!) { emailCampaign(id: $id) { status primaryActivity { role campaignActivityId } } }',
      { variables: { id } },
    );
    expect(errors).toBeUndefined();
    expect(data.emailCampaign).toEqual({
      status,
      primaryActivity: { role: 'PRIMARY_EMAIL', campaignActivityId: expect.any(String) as unknown },
    });
    expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET']);
  });
});

it.each([3_000, 6_000, 20_000])(
  'reads a response with %i levels, or fails after one call',
  async (levels) => {
    const deep = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    script('getLists', {
      kind: 'status',
      status: 200,
      contentType: 'application/json',
      body: `{"lists":[null,{"list_id":"a","name":"A","unknown":${deep}}],"lists_count":2}`,
    });
    const { data, errors } = await app.query('{ contactLists(first: 2) { nodes { name } } }');
    // The size of the stack decides.
    if (errors) expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }]);
    else expect(data.contactLists.nodes).toEqual([{ name: 'A' }]);
    expect(app.calls()).toEqual(['getLists']);
  },
);

describe('a write whose response cannot be read', () => {
  const html: Fault = {
    kind: 'status',
    status: 200,
    body: '<html>Hello</html>',
    contentType: 'text/html',
    carriedOut: true,
  };
  const DONE = expect.objectContaining({
    code: 'DONE_UNREAD',
    message: expect.stringContaining('Do not send it again') as unknown,
  }) as unknown;

  it('returns the object after the write, with all selected fields', async () => {
    const { data } = await app.query('{ contacts(first: 20) { nodes { id lists { name } } } }');
    const contact = data.contacts.nodes.find((one: any) => one.lists.length > 0);
    script('putContact', html);
    const changed = await app.query(
      'mutation ($id: ID!) { updateContact(input: { id: $id, jobTitle: "Gardener" }) { contact { jobTitle lists { name } } userErrors { code message } } }',
      { variables: { id: contact.id } },
    );
    expect(changed.errors).toBeUndefined();
    expect(changed.data.updateContact).toEqual({
      contact: { jobTitle: 'Gardener', lists: contact.lists },
      userErrors: [DONE],
    });
    expect(app.calls().filter((call) => call !== 'getLists')).toEqual([
      'getContact',
      'putContact',
      'getContact',
    ]);
  });

  it('that creates an object returns no id, and says how to find it', async () => {
    script('postTag', html);
    const { data, errors } = await app.query(
      'mutation { createTag(input: { name: "Unread" }) { tag { tagId } userErrors { code message } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.createTag).toEqual({ tag: null, userErrors: [DONE] });
    expect(app.calls()).toEqual(['postTag']);
  });

  it('counts as a successful step of sendEmailCampaign', async () => {
    const { data } = await app.query(
      '{ accountEmails { emailAddress confirmStatus } contactLists(first: 50) { nodes { id membershipCount } } }',
    );
    const from = data.accountEmails.find((one: any) => one.confirmStatus === 'CONFIRMED').emailAddress;
    const list = data.contactLists.nodes.find((one: any) => one.membershipCount > 0).id;
    script('scheduleEmailCampaignActivityUsingPOST', html);
    const sent = await app.query(
      `mutation ($input: SendEmailCampaignInput!) { sendEmailCampaign(input: $input) {
        completedSteps failedStep userErrors { code message } } }`,
      {
        variables: {
          input: {
            name: 'Unread',
            sender: { name: 'Zara', email: from, replyTo: from },
            subject: 'Hello',
            htmlContent: '<html><body>Hello [[trackingImage]]</body></html>',
            recipients: { listIds: [list] },
            when: { now: true },
          },
        },
      },
    );
    expect(sent.errors).toBeUndefined();
    expect(sent.data.sendEmailCampaign).toMatchObject({ failedStep: null, userErrors: [DONE] });
    expect(sent.data.sendEmailCampaign.completedSteps).toContain('SCHEDULE');
    expect(app.calls().filter((call) => call === 'scheduleEmailCampaignActivityUsingPOST')).toHaveLength(1);
  });
});

describe('a proxy that compresses responses', () => {
  it('leaves them as they are, because the requests ask for it', async () => {
    const api = await startUpstream((response, { headers, method }) => {
      const body = JSON.stringify(
        method === 'POST'
          ? { tag_id: '00000000-0000-4000-8000-000000000001', name: 'new' }
          : { tags: [{ tag_id: '00000000-0000-4000-8000-000000000002', name: 'old' }] },
      );
      const isPlain = headers['accept-encoding'] === 'identity';
      response.writeHead(method === 'POST' ? 201 : 200, {
        'content-type': 'application/json',
        ...(!isPlain && { 'content-encoding': 'gzip' }),
      });
      response.end(isPlain ? body : gzipSync(body));
    });
    const facade = startFacade(api.url);
    expect(await facade.query({ query: '{ tags(first: 1) { nodes { name } } }' })).toMatchObject({
      data: { tags: { nodes: [{ name: 'old' }] } },
    });
    const mutation = 'mutation { createTag(input: { name: "new" }) { tag { name } userErrors { code } } }';
    expect(await facade.query({ query: mutation })).toMatchObject({
      data: { createTag: { tag: { name: 'new' }, userErrors: [] } },
    });
    expect(api.requests).toHaveLength(2);
    await facade.close();
    await api.close();
  });
});

it('an ID that is a number where the contract has a text keeps its statistics', async () => {
  const { data } = await app.query(
    '{ emailCampaigns(first: 60) { nodes { campaignId status stats { opens } } } }',
  );
  const sent = data.emailCampaigns.nodes.find((node: any) => node.stats);
  for (const errors of [[], [{ error_key: 'internal.error', error_message: 'no' }]]) {
    edited('retrieveEmailCampaignsUsingGET', (body) => ({
      campaigns: body.campaigns
        .filter(({ campaign_id }: any) => campaign_id === sent.campaignId)
        .map((row: object) => ({ ...row, campaign_id: 12345 })),
    }));
    app.sandbox.faults.script({
      operationId: 'getEmailSummary',
      fault: {
        kind: 'status',
        status: 200,
        body:
          errors.length > 0
            ? { results: [], errors }
            : { results: [{ campaign_id: 12345, stats: { em_opens_all: 7 } }] },
      },
    });
    const answer = await app.query(
      '{ emailCampaigns(first: 60) { nodes { campaignId status stats { opens } } } }',
    );
    expect(answer.data.emailCampaigns.nodes).toHaveLength(1);
    expect(answer.data.emailCampaigns.nodes[0].campaignId).toBe('12345');
    if (errors.length === 0) {
      expect(answer.errors).toBeUndefined();
      expect(answer.data.emailCampaigns.nodes[0].stats).toEqual({ opens: 7 });
    } else
      expect(answer.errors?.map(({ extensions }) => extensions.code)).not.toContain('INTERNAL_SERVER_ERROR');
    expect(app.calls()).toEqual(['retrieveEmailCampaignsUsingGET', 'getEmailSummary']);
  }
});
