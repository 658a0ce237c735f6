import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { parse, type OperationDefinitionNode } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../src/config.js';
import { createFacade, type Facade } from '../../src/facade.js';
import { effectsOf } from '../../src/mcp/effects.js';
import { serveStdio } from '../../src/mcp/stdio.js';
import { connected, type Agent } from '../support/agents.js';

/** An agent whose client asks the person, and one whose client cannot. */
let asked: Agent;
let plain: Agent;
let facade: Facade;
const questions: string[] = [];
const errors: unknown[] = [];
let answer: () => ElicitResult | Promise<ElicitResult>;

const DECLINE = (): ElicitResult => ({ action: 'decline' });

beforeAll(async () => {
  const logger = {
    info: () => undefined,
    warn: () => undefined,
    error: (details: unknown) => void errors.push(details),
  };
  const config = readConfig({
    SANDBOX: 'on',
    MCP: 'on',
    MCP_ALLOW_MUTATIONS: 'on',
    CONSTANT_CONTACT_REQUESTS_PER_SECOND: '0',
  });
  facade = await createFacade({
    config,
    logger,
    sandbox: { contacts: 20 },
    extend: (builder) => {
      builder.mutationField('purge', (t) => t.boolean({ description: 'Purges.', resolve: () => true }));
    },
  });
  const start = (client: Client) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    void serveStdio(
      { schema: facade.schema, config: config.mcp, introspection: true, sandbox: true },
      (body, accept, signal) =>
        facade.fetch('http://localhost/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept },
          body,
          signal,
        }),
      logger,
      { input, output },
    );
    return connected(client, new StdioServerTransport(output, input));
  };
  const person = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: {} } });
  person.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    questions.push(params.message);
    return answer();
  });
  [asked, plain] = await Promise.all([start(person), start(new Client({ name: 'test', version: '1' }))]);
});
afterAll(async () => {
  await Promise.all([asked.close(), plain.close()]);
  await facade.close();
});
beforeEach(() => {
  questions.length = 0;
  answer = DECLINE;
  facade.sandbox?.journal.clear();
});
const calls = () => facade.sandbox?.journal.operations();

const ID = '49326799-080a-11ef-9e8d-fa163e66f4ce';
const update = (name: string, input: string) =>
  `mutation { ${name}(input: { ${input} }) { userErrors { code } } }`;

describe('the question to the person', () => {
  it('names the mutations first, then the operation without comments, then the variables', async () => {
    const query = `# ${'Only a tag. '.repeat(200)}
      mutation Other { createTag(input: { name: "x" }) { tag { tagId } } }
      mutation Named($ids: [ID!]!) { ...Root }
      # ${'Nothing to see. '.repeat(200)}
      fragment Root on Mutation {
        createTag(input: { name: """a${'\n'.repeat(100)}b""" }) { userErrors { code } }
        ... { hidden: deleteContacts(input: { source: { contactIds: $ids } }) { userErrors { code } } }
      }`;
    const args = { query, operation_name: 'Named', variables: { ids: [ID] } };
    expect(await asked.call('run_query', args)).toMatchObject({ error: { code: 'DECLINED' } });
    const [question = ''] = questions;
    expect(question).toMatch(
      /^run_query runs createTag, deleteContacts\.\n\nmutation Named\(\$ids: \[ID!\]!\) \{\n {2}\.\.\.Root\n\}\n\nfragment Root /,
    );
    expect(question).toContain('hidden: deleteContacts(input: {source: {contactIds: $ids}})');
    expect(question).toContain(`Variables: {"ids":["${ID}"]}\n\nRun it?`);
    expect(question).not.toMatch(/#|Other|\n{3}/);
    expect(calls()).toEqual([]);
  });

  it('is put soon for fragments that multiply', async () => {
    const fragments = Array.from({ length: 6 }, (_, at) => {
      const next = `...F${String(at + 1)} `;
      return `fragment F${String(at)} on Mutation { ${next.repeat(20)} }`;
    });
    const last = `fragment F6 on Mutation { deleteTag(input: { id: "${ID}" }) { userErrors { code } } }`;
    const query = `mutation { ...F0 } ${fragments.join(' ')} ${last}`;
    expect(await asked.call('run_query', { query })).toMatchObject({ error: { code: 'DECLINED' } });
    expect(questions[0]).toMatch(/^run_query runs deleteTag\.\n/);
    expect(calls()).toEqual([]);
  });

  it('shows the text in its own order and on its own lines', async () => {
    await asked.call('delete_contact', { contact_id: 'a\u202eb\u2028c\u2029d\u0085e\u200bf\u{e0001}g' });
    expect(questions[0]).toContain(
      'Arguments: {"contact_id":"a\\u202eb\\u2028c\\u2029d\\u0085e\\u200bf\\u{e0001}g"}',
    );
    const query = `mutation { deleteTag(input: { id: "${'\u2028'.repeat(500)}" }) { userErrors { code } } }`;
    await asked.call('run_query', { query });
    expect(questions[1]).toContain('id: "\\u2028\\u2028');
    expect(questions[1]).not.toMatch(/[\u2028\u2029\u0085]/);
    expect(calls()).toEqual([]);
  });

  it('shows all arguments of an action', async () => {
    const ids = Array.from({ length: 400 }, (_, at) => ID.replace('4932', String(1_000 + at)));
    const args = { source: { contactIds: ids } };
    expect(await asked.call('delete_contacts_activity', args)).toMatchObject({ error: { code: 'DECLINED' } });
    expect(questions[0]).toContain(JSON.stringify(args));
    expect(calls()).toEqual([]);
  });

  it('shortens the HTML of an email, and says by how much', async () => {
    const query = `mutation ($input: SendEmailCampaignInput!) { sendEmailCampaign(input: $input) { userErrors { code } } }`;
    const input = {
      name: 'Newsletter',
      subject: 'Spring',
      htmlContent: `<html>${'x'.repeat(50_000)}`,
      sender: { name: 'Shop', email: 'owner@shop.example' },
      recipients: { listIds: [ID] },
      when: { now: true },
    };
    const answer = await asked.call('run_query', { query, variables: { input } });
    expect(answer).toMatchObject({ error: { code: 'DECLINED' } });
    expect(questions[0]).toContain('run_query runs sendEmailCampaign.');
    expect(questions[0]).toContain('x… (48,006 more characters)","sender":{"name":"Shop"');
    expect(questions[0]).toContain(`"recipients":{"listIds":["${ID}"]},"when":{"now":true}`);
    expect(calls()).toEqual([]);
  });

  it('has room for all global IDs that a call can have', async () => {
    const ids = (type: string, length: number) =>
      Array.from({ length }, () => Buffer.from(`${type}:${ID}`).toString('base64'));
    const args = { source: { contactIds: ids('Contact', 500) }, list_ids: ids('ContactList', 50) };
    expect(await asked.call('remove_list_memberships', args)).toMatchObject({ error: { code: 'DECLINED' } });
    expect(questions[0]).toContain(JSON.stringify(args));
    expect(calls()).toEqual([]);
  });

  it.each<[string, Record<string, unknown>]>([
    [
      'delete_contacts_activity',
      { source: { contactIds: Array.from({ length: 500 }, () => `${ID}-x`.repeat(3)) } },
    ],
    [
      'run_query',
      {
        query: `mutation ($id: ID!) { deleteTag(input: { id: $id }) { userErrors { code } } }`,
        variables: { id: ID, unused: Array.from({ length: 21 }, () => 'x'.repeat(2_000)) },
      },
    ],
  ])('is refused where the arguments of %s do not fit', async (name, args) => {
    const { error } = await asked.call(name, args);
    expect(error).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('at most 40,000 are allowed'),
      advice:
        name === 'run_query'
          ? 'Pass long texts as variables, or split the call.'
          : 'Split the call into several with fewer values.',
    });
    expect({ questions, calls: calls() }).toEqual({ questions: [], calls: [] });
  });

  it.each([
    ['an unknown field', 'mutation { deleteTag(input: { id: "x" }) { gone } }', {}],
    ['a mutation that the schema lacks', 'mutation { dropEverything }', {}],
    ['a fragment that includes itself', 'mutation { ...A } fragment A on Mutation { ...A }', {}],
    [
      'a missing variable',
      'mutation ($id: ID!) { deleteTag(input: { id: $id }) { userErrors { code } } }',
      {},
    ],
    [
      'a variable of a wrong type',
      'mutation ($id: ID!) { deleteTag(input: { id: $id }) { userErrors { code } } }',
      { id: {} },
    ],
  ])('is not put for an invalid mutation: %s', async (_, query, variables) => {
    const { error } = await asked.call('run_query', { query, variables });
    expect(error.code).not.toBe('DECLINED');
    expect({ questions, calls: calls() }).toEqual({ questions: [], calls: [] });
  });
});

describe('a person who does not answer', () => {
  it('has declined after ten minutes, which is no error of the server', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const put = new Promise<void>((resolve) => {
      answer = () => {
        resolve();
        return new Promise(() => undefined);
      };
    });
    const declined = asked.call('delete_contact', { contact_id: ID }, { timeout: 3_600_000 });
    await put;
    await vi.advanceTimersByTimeAsync(600_000);
    vi.useRealTimers();
    expect(await declined).toMatchObject({ isError: true, error: { code: 'DECLINED', retryable: false } });
    expect({ errors, calls: calls() }).toEqual({ errors: [], calls: [] });
  });

  it.each([
    ['an error', () => Promise.reject(new Error('No window.'))],
    ['a value of a wrong type', () => ({ action: 'accept' as const, content: { confirm: 'yes' } })],
    ['no confirmation', () => ({ action: 'accept' as const, content: { confirm: false } })],
  ])('%s of the client is no confirmation', async (_, result) => {
    answer = result;
    expect(await asked.call('delete_contact', { contact_id: ID })).toMatchObject({
      error: { code: 'DECLINED' },
    });
    expect({ errors, calls: calls() }).toEqual({ errors: [], calls: [] });
  });
});

describe('an argument `confirm` that is not true', () => {
  const tag = { query: 'mutation { createTag(input: { name: "New" }) { tag { tagId } } }' };
  it.each<[string, Record<string, unknown>, unknown, string]>([
    ['update_event', { event_id: ID, status: 'COMPLETE' }, false, 'CONFIRMATION_REQUIRED'],
    ['update_event', { event_id: ID, title: 'Fair' }, 'yes', 'BAD_USER_INPUT'],
    ['create_contact', { first_name: 'A' }, false, 'CONFIRMATION_REQUIRED'],
    ['create_contact', { first_name: 'A' }, { x: 1 }, 'BAD_USER_INPUT'],
    ['delete_contact', { contact_id: ID }, 1, 'BAD_USER_INPUT'],
    ['run_query', tag, 'no', 'BAD_USER_INPUT'],
    ['run_query', tag, 0, 'BAD_USER_INPUT'],
    ['run_query', tag, false, 'CONFIRMATION_REQUIRED'],
  ])('refuses %s %j: %j', async (name, args, confirm, code) => {
    for (const agent of [plain, asked])
      expect(await agent.call(name, { ...args, confirm })).toMatchObject({
        isError: true,
        error: { code, argument: 'confirm' },
      });
    expect({ questions, calls: calls() }).toEqual({ questions: [], calls: [] });
  });
});

describe('a mutation that failed', () => {
  const tag = (selection: string) => `createTag(input: { name: "" }) { tag { tagId } ${selection} }`;
  it.each<[string, string]>([
    ['with an alias', `mutation { ${tag('problems: userErrors { code message }')} }`],
    ['without their messages', `mutation { ${tag('userErrors { __typename }')} }`],
    ['on a condition', `mutation ($c: Boolean = false) { ${tag('userErrors @include(if: $c) { code }')} }`],
    ['not at all', `mutation { ${tag('')} }`],
    [
      'for another one only',
      `mutation { ${tag('')} other: createTag(input: { name: "" }) { userErrors { code } } }`,
    ],
    [
      'in fragments',
      `mutation { ...R } fragment R on Mutation { ${tag('...P')} } fragment P on CreateTagPayload { e: userErrors { code } }`,
    ],
  ])('is an error when its user errors are selected %s', async (_, query) => {
    expect(await plain.call('run_query', { query })).toMatchObject({
      isError: true,
      successful: false,
      data: { createTag: { tag: null } },
      error: { code: 'REQUIRED', message: 'This must not be empty.', path: 'createTag' },
    });
    expect(calls()).toEqual([]);
  });

  it('is an error when the API refuses it', async () => {
    const [{ name = '' } = {}] = [...(facade.sandbox?.account().lists ?? [])];
    const query = `mutation ($name: String!) { createContactList(input: { name: $name }) { contactList { listId } problems: userErrors { code } } }`;
    expect(await plain.call('run_query', { query, variables: { name } })).toMatchObject({
      isError: true,
      data: { createContactList: { contactList: null } },
      error: { code: 'ALREADY_EXISTS', upstreamMessages: [expect.any(String)] },
    });
    expect(calls()).toEqual(['createList']);
  });
});

describe('a mutation of several that failed', () => {
  it('leaves those that are done in `done`, with the advice not to repeat them', async () => {
    const [one, two] = [...(facade.sandbox?.account().contacts ?? [])].map((contact) => contact.contact_id);
    const remove = (name: string, id: string, selection: string) =>
      `${name}: deleteContact(input: { id: "${id}" }) { ${selection} }`;
    const missing = '11111111-2222-4333-8444-555555555555';
    const query = `mutation {
      ${remove('a', String(one), 'deletedContactId userErrors { code }')}
      ${remove('b', missing, 'deletedContactId userErrors { code }')}
      ${remove('c', String(two), 'problems: userErrors { code }')}
    }`;
    const { data, error } = await plain.call('run_query', { query, confirm: true });
    expect(data).toMatchObject({ a: { deletedContactId: one }, b: { deletedContactId: null } });
    expect(error).toMatchObject({
      code: 'NOT_FOUND',
      path: 'b',
      done: ['a.deletedContactId', 'c'],
      advice: expect.stringMatching(/ Do not repeat what `done` lists\.$/),
    });
    expect(calls()).toEqual(['deleteContact', 'deleteContact', 'deleteContact']);
  });
});

describe('a mutation that did nothing', () => {
  it('lists nothing as done', async () => {
    const { list_id: listId } = [...(facade.sandbox?.account().lists ?? [])][0] ?? {};
    const input = {
      name: 'Newsletter',
      subject: 'Spring',
      htmlContent: '<html><body>No tracking image</body></html>',
      sender: { name: 'Shop', email: 'news@harborlight.example' },
      recipients: { listIds: [listId] },
      when: { at: '2040-01-01T09:00:00-05:00' },
    };
    const query = `mutation ($input: SendEmailCampaignInput!) { sendEmailCampaign(input: $input) { completedSteps userErrors { code field message } } }`;
    const args = { query, variables: { input }, confirm: true };
    const { data, error } = await plain.call('run_query', args);
    expect(data.sendEmailCampaign.completedSteps).toEqual([]);
    expect(error.message).toContain('[[trackingImage]]');
    expect(error).not.toHaveProperty('done');
    expect(calls()?.filter((operation) => !/^(get|retrieve)/.test(operation))).toEqual([]);
  });
});

describe('values that need confirmation', () => {
  const registrations = (status: string) =>
    update(
      'updateEventRegistrations',
      `eventId: "x", trackId: "x", registrationIds: ["x"], status: ${status}`,
    );
  const payments = (status: string) =>
    update(
      'updateEventRegistrationPaymentStatus',
      `eventId: "x", trackId: "x", registrationIds: ["x"], paymentStatus: ${status}`,
    );
  const account = update(
    'createPartnerAccount',
    'contactEmail: "a@b.example", countryCode: "US", loginName: "x"',
  );
  const permission =
    'mutation ($v: PermissionToSend = UNSUBSCRIBED) { updateContact(input: { id: "x", emailAddress: { permissionToSend: $v } }) { userErrors { code } } }';
  const automation =
    'mutation ($i: UpdateAutomationInput!) { updateAutomation(input: $i) { userErrors { code } } }';
  it.each<[string, string, Record<string, unknown>]>([
    ['a mutation of an extension', 'mutation { purge }', {}],
    ['a literal', update('updateContact', 'id: "x", emailAddress: { permissionToSend: UNSUBSCRIBED }'), {}],
    ['a variable', permission, { v: 'UNSUBSCRIBED' }],
    ['the default of a variable', permission, {}],
    [
      'a variable with an input object',
      'mutation ($s: SmsChannelInput) { updateContact(input: { id: "x", smsChannel: $s }) { userErrors { code } } }',
      { s: { fullSmsAddress: '+15550100123', permission: 'UNSUBSCRIBED' } },
    ],
    [
      'a literal in a fragment',
      `mutation { ... { ...F } } fragment F on Mutation ${update('updateEvent', `id: "${ID}", status: CANCELED`).slice(8)}`,
      {},
    ],
    ['an event that becomes public', update('updateEvent', `id: "${ID}", status: ACTIVE`), {}],
    ['a new event that is public', update('createEvent', 'name: "Fair", status: ACTIVE'), {}],
    ['an automation that starts', automation, { i: { id: ID, status: 'ACTIVE' } }],
    ['a status that is not documented', automation, { i: { id: ID, status: 'active ' } }],
    ['an active definition', automation, { i: { id: ID, activeDefinition: { state: 'ACTIVE' } } }],
    ['one in a literal', update('updateAutomation', `id: "${ID}", activeDefinition: { state: "x" }`), {}],
    ['an opt-in', update('updateContact', 'id: "x", emailAddress: { permissionToSend: EXPLICIT }'), {}],
    ['an implied opt-in', permission, { v: 'IMPLICIT' }],
    [
      'an opt-in of a contact who may exist',
      update('upsertContact', 'emailAddress: { address: "a@b.example", permissionToSend: EXPLICIT }'),
      {},
    ],
    [
      'an opt-in to text messages',
      update(
        'updateContact',
        'id: "x", smsChannel: { fullSmsAddress: "+15550100123", permission: EXPLICIT }',
      ),
      {},
    ],
    [
      'an import that records a consent',
      update(
        'importContacts',
        'contacts: [{ email: "a@b.example" }], listIds: [], smsPermissionToSend: EXPLICIT',
      ),
      {},
    ],
    ['no list at all', update('updateContact', 'id: "x", listIds: []'), {}],
    ['no tags at all', update('updateContact', 'id: "x", tagIds: null'), {}],
    [
      'no values at all',
      update('upsertContact', 'emailAddress: { address: "a@b.example" }, customFields: null'),
      {},
    ],
    ['no notes at all', update('updateContact', 'id: "x", notes: []'), {}],
    [
      'no list at all, in a variable',
      'mutation ($i: UpdateContactInput!) { updateContact(input: $i) { userErrors { code } } }',
      { i: { id: 'x', listIds: null } },
    ],
    ['a list less', update('updateContact', 'id: "x", removeListIds: ["y"]'), {}],
    [
      'a tag less',
      update('upsertContact', 'emailAddress: { address: "a@b.example" }, removeTagIds: "y"'),
      {},
    ],
    ['other choices', update('updateCustomField', `id: "${ID}", choices: [{ label: "only" }]`), {}],
    ['no choices', update('updateCustomField', `id: "${ID}", choices: null`), {}],
    ['an event that ends', update('updateEvent', `id: "${ID}", status: COMPLETE`), {}],
    ['a new event that has ended', update('createEvent', 'name: "Fair", status: COMPLETE'), {}],
    ['registrations that are declined', registrations('DECLINED'), {}],
    ['registrations that are cancelled', registrations('CANCELED'), {}],
    ['a new sender', update('addAccountEmail', 'emailAddress: "a@b.example"'), {}],
    [
      'an address for data',
      update('setPartnerWebhook', 'topic: TIER_UPGRADE, hookUri: "https://a.example"'),
      {},
    ],
    ['data for an address', update('testPartnerWebhook', 'topic: TIER_UPGRADE'), {}],
    [
      'a user with access',
      update(
        'createPartnerSsoUser',
        'accountId: "x", contactEmail: "a@b.example", externalId: "x", externalProvider: "x", firstName: "x", lastName: "x", loginName: "x", role: ACCOUNT_MANAGER',
      ),
      {},
    ],
    ['an account that costs', account, {}],
  ])('%s', async (_, query, variables) => {
    expect(await plain.call('run_query', { query, variables })).toMatchObject({
      error: { code: 'CONFIRMATION_REQUIRED' },
    });
    expect(calls()).toEqual([]);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['other values of the enum', permission, { v: 'NOT_SET' }],
    ['null', permission, { v: null }],
    ['a name', update('updateContact', 'id: "x", firstName: "UNSUBSCRIBED", lastName: "CANCELED"'), {}],
    ['a comment', `${update('updateContact', 'id: "x", firstName: "A"')} # UNSUBSCRIBED`, {}],
    [
      'a variable',
      'mutation ($n: String!) { updateTag(input: { id: "x", name: $n }) { userErrors { code } } }',
      { n: 'ACTIVE' },
    ],
    ['a draft of an automation', automation, { i: { id: 'x', status: 'DRAFT', name: 'ACTIVE' } }],
    ['an automation that pauses', automation, { i: { id: 'x', status: 'PAUSED', activeDefinition: null } }],
    ['a new automation, which is a draft', update('createAutomation', 'trigger: { type: "ACTIVE" }'), {}],
    ['an event that stays a draft', update('updateEvent', 'id: "x", title: "CANCELED"'), {}],
    ['a sign-up', update('createContactFromSignUpForm', 'listIds: ["x"]'), {}],
    [
      'the consent of a new contact',
      update('createContact', 'emailAddress: { address: "no address", permissionToSend: EXPLICIT }'),
      {},
    ],
    ['a list more', update('updateContact', 'id: "x", addListIds: ["y"], removeListIds: []'), {}],
    ['other lists', update('updateContact', 'id: "x", listIds: ["y"]'), {}],
    ['registrations that are approved', registrations('APPROVED'), {}],
    ['payments that are refunded', payments('REFUNDED'), {}],
    ['another label', update('updateCustomField', 'id: "x", label: "A"'), {}],
    [
      'a type name',
      `mutation { __typename ...F } fragment F on Mutation ${update('updateTag', 'id: "x", name: "A"').slice(8)}`,
      {},
    ],
    ['an import', update('importContacts', 'contacts: [{ email: "a@b.example" }], listIds: []'), {}],
  ])('none: %s', async (_, query, variables) => {
    const { error } = await plain.call('run_query', { query, variables });
    expect(error?.code).not.toBe('CONFIRMATION_REQUIRED');
    expect(JSON.stringify(error)).not.toContain('VALIDATION');
  });

  it('are offered by tools together with their confirmation', async () => {
    for (const [name, args] of [
      ['update_event', { event_id: ID, status: 'ACTIVE' }],
      ['update_event', { event_id: ID, status: 'COMPLETE' }],
      ['update_contact', { contact_id: ID, list_ids: null, tag_ids: null, custom_fields: null }],
      ['update_custom_field', { custom_field_id: ID, choices: [{ label: 'only' }] }],
      ['add_account_email_address', { email_address: 'a@b.example' }],
    ] as const)
      expect(await plain.call(name, args)).toMatchObject({ error: { code: 'CONFIRMATION_REQUIRED' } });
    expect(calls()).toEqual([]);
    const made = await plain.call('create_contact', {
      email_address: { address: 'a@b.example' },
      first_name: 'UNSUBSCRIBED',
    });
    expect(made.error?.code).not.toBe('CONFIRMATION_REQUIRED');
  });
});

describe('each mutation of the schema', () => {
  const CONFIRMED = [
    'addAccountEmail',
    'cancelPartnerAccount',
    'createPartnerAccount',
    'createPartnerSsoUser',
    'createSocialPost',
    'deleteAbTest',
    'deleteContact',
    'deleteContactList',
    'deleteContactLists',
    'deleteContacts',
    'deleteCustomField',
    'deleteCustomFields',
    'deleteEmailCampaign',
    'deleteNonOpenerResend',
    'deletePartnerWebhook',
    'deleteSegment',
    'deleteTag',
    'deleteTags',
    // A request of the partner can do anything. So can a mutation of an extension.
    'partnerAccountOperation',
    'purge',
    'removeContactTaggings',
    'removeListMemberships',
    'resendToNonOpeners',
    'resubscribeContact',
    'scheduleEmailCampaignActivity',
    'sendEmailCampaign',
    'sendEmailCampaignActivityNow',
    'sendTestEmail',
    'setPartnerPlan',
    'setPartnerWebhook',
    'testPartnerWebhook',
    'unscheduleEmailCampaignActivity',
    'unsubscribePartnerContacts',
  ];
  /** Add a new mutation here if it can be undone, reaches nobody, and changes no consent, access, costs or where data goes. */
  const OTHERS = [
    'addContactTaggings',
    'addListMemberships',
    'checkInTickets',
    'copyEvent',
    'createAbTest',
    'createAccountPhysicalAddress',
    'createAutomation',
    'createContact',
    'createContactFromSignUpForm',
    'createContactList',
    'createCustomField',
    'createEmailCampaign',
    'createEvent',
    'createSegment',
    'createTag',
    'exportContacts',
    'importContacts',
    'importContactsFromFile',
    'renameEmailCampaign',
    'renameSegment',
    'undoCheckInTickets',
    'updateAccount',
    'updateAccountPhysicalAddress',
    'updateAutomation',
    'updateContact',
    'updateContactList',
    'updateCustomField',
    'updateEmailCampaignActivity',
    'updateEvent',
    'updateEventRegistrationPaymentStatus',
    'updateEventRegistrations',
    'updateSegment',
    'updateTag',
    'upsertContact',
  ];

  it('is known to need confirmation, or not to', () => {
    const names = Object.keys(facade.schema.getMutationType()?.getFields() ?? {}).sort();
    expect([...CONFIRMED, ...OTHERS].sort()).toEqual(names);
    const confirmed = names.filter((name) => {
      const document = parse(`mutation { ${name} }`);
      return effectsOf(document, document.definitions[0] as OperationDefinitionNode).needsConfirmation;
    });
    expect(confirmed).toEqual(CONFIRMED);
  });
});
