import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import type { OperationId } from '../../src/constant-contact/contract/operations.js';
import { createFacade, type Facade } from '../../src/facade.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import type { StatusFault } from '../../src/sandbox/faults.js';

const lines: any[] = [];
let sandbox: Sandbox;
let facade: Facade;

beforeAll(async () => {
  sandbox = await createSandbox({ contacts: 30, campaigns: 20, requestsPerSecond: 0, requestsPerDay: 0 });
  facade = await createFacade({
    config: readConfig({
      CONSTANT_CONTACT_API_URL: sandbox.url,
      CONSTANT_CONTACT_REQUESTS_PER_SECOND: '0',
      CONSTANT_CONTACT_REQUESTS_PER_DAY: '0',
      REFERENCE_CACHE_SECONDS: '0',
    }),
    client: { random: () => 0 },
    logger: pino({ level: 'trace', base: null }, { write: (line) => void lines.push(JSON.parse(line)) }),
  });
});
afterAll(async () => {
  await facade.close();
  await sandbox.close();
});
beforeEach(() => {
  sandbox.reset();
  sandbox.journal.clear();
  sandbox.faults.clear();
  lines.length = 0;
});

async function ask(query: string, variables: object = {}, token = sandbox.token) {
  const response = await facade.fetch('http://localhost/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as { data: any; errors?: any[]; extensions: any };
}

const calls = () => sandbox.journal.entries.map(({ operationId }) => operationId);

function refuse(operationId: OperationId, body: unknown, fault: Partial<StatusFault> = {}) {
  sandbox.faults.script({ operationId, fault: { kind: 'status', status: 400, body, ...fault } });
}

const error = (error_message: unknown) => ({ error_key: 'contacts.api.validation.error', error_message });

const HEADERS = {
  'x-amzn-requestid': 'a1b2-amzn',
  'x-eig-tracking-id': 'eig-9',
  'x-amz-apigw-id': 'Kx=gw',
};
const IDS = Object.values(HEADERS);

const USER_ERRORS = 'userErrors { code field message upstreamMessages }';
const CREATE_SEGMENT = `mutation ($name: String!) { createSegment(input: { name: $name, segmentCriteria: "{}" }) { ${USER_ERRORS} } }`;
const UPDATE_CONTACT = `mutation ($input: UpdateContactInput!) { updateContact(input: $input) { ${USER_ERRORS} } }`;

async function refusedSegment(body: unknown, status = 400) {
  refuse('createSegment', body, { status });
  const { data } = await ask(CREATE_SEGMENT, { name: 'Donors' });
  expect(calls()).toEqual(['createSegment']);
  return data.createSegment.userErrors as any[];
}

const messagesOf = async (body: unknown, status?: number) =>
  (await refusedSegment(body, status)).flatMap(({ upstreamMessages }) => upstreamMessages as string[]);

describe('the message of the API reaches the caller', () => {
  const first = 'The criteria cannot be evaluated.';
  const second = 'The account has too many segments.';
  it.each<[string, unknown, string[]]>([
    ['a list of errors', [error(first), error(second)], [first, second]],
    ['one error', error(first), [first]],
    ['errors within another object', { errors: [{ details: error(first) }] }, [first]],
    ['an error in a text', { message: JSON.stringify([error(first)]) }, [first]],
    ['a list of texts', error([first, second]), [first, second]],
    ['lines', error(`${first}\r\n${second}`), [first, second]],
    ['a repeated message', [error(first), error(first)], [first]],
    ['messages by property', error({ name: first, label: [second] }), [`name: ${first}`, `label: ${second}`]],
    ['errors by property', { errors: { name: [first, second] } }, [`name: ${first}`, `name: ${second}`]],
    ['errors in one text', { errors: first }, [first]],
    ['plain messages', [first, second], [first, second]],
    ['a list in a text', error(JSON.stringify([first, second])), [first, second]],
    ['a description', { error: 'invalid_request', error_description: first }, [first]],
    ['a problem detail (RFC 9457)', { title: 'Bad Request', status: 400, detail: first }, [first]],
    ['an error next to its object', { errors: [{ field: 'name', message: first }] }, [first]],
    [
      'sentences joined by a comma',
      error('name is too long, segment_criteria must be JSON'),
      ['name is too long', 'segment_criteria must be JSON'],
    ],
    [
      'a list of names in a sentence',
      error('Only one of name, segment_criteria is allowed'),
      ['Only one of name, segment_criteria is allowed'],
    ],
    [
      'a clause before the sentence',
      error('If name is empty, segment_criteria must be empty, too'),
      ['If name is empty, segment_criteria must be empty, too'],
    ],
    [
      'sentences joined by semicolons',
      error('name is too long; segment_criteria required;The account has too many segments.'),
      ['name is too long', 'segment_criteria required', second],
    ],
    [
      'a list with semicolons',
      error('name must be one of: a; b; c &amp; is written "x is y; z is not"'),
      ['name must be one of: a; b; c &amp; is written "x is y; z is not"'],
    ],
    ['a reason', { code: 400, reason: first }, [first]],
    ['a reason next to a message', { message: first, reason: second }, [first, second]],
    ['a code next to a message', { message: first, reason: 'invalidParameter' }, [first]],
    ['a code alone', { reason: 'DUPLICATE_NAME' }, ['DUPLICATE_NAME']],
    ['numbers with commas', error('At most 1,000 are allowed.'), ['At most 1,000 are allowed.']],
    [
      'more than five',
      Array.from({ length: 7 }, (_, at) => error(`No. ${String(at)}`)),
      [0, 1, 2, 3, 4].map((at) => `No. ${String(at)}`),
    ],
    ['nothing', [], []],
    ['no text', error({ code: 7 }), []],
  ])('from %s', async (_, body, messages) => {
    expect(await messagesOf(body)).toEqual(messages);
  });

  it('in a field of its own, which the message points to', async () => {
    const refused = 'Constant Contact refused the request (contacts.api.validation.error).';
    const messages = async (body: unknown) =>
      (await refusedSegment(body)).map(({ message }) => message as string);
    expect(await messages([error(first), error(second)])).toEqual([
      `${refused} The reasons are in \`upstreamMessages\`.`,
    ]);
    sandbox.journal.clear();
    expect(await messages([{ error_key: 'contacts.api.validation.error' }])).toEqual([
      `${refused} It gave no reason. Compare the input with the limits in the schema.`,
    ]);
  });

  it('names the object that has the name already, and the one that was not found', async () => {
    const only = async (mutation: string) => {
      const { data } = await ask(`mutation { ${mutation} { ${USER_ERRORS} } }`);
      const [{ userErrors }] = Object.values(data) as [{ userErrors: any[] }];
      expect(userErrors).toHaveLength(1);
      return userErrors[0].message as string;
    };
    const [tag] = [...sandbox.account().tags];
    expect(await only(`createTag(input: { name: ${JSON.stringify(tag?.name)} })`)).toMatch(
      /^Another tag, perhaps a deleted one, already has this name \(.+\)\.$/,
    );
    const id = '5c25f6ba-0ab8-11ee-8e8a-fa163e7b4b2f';
    expect(await only(`deleteContactList(input: { id: "${id}" })`)).toMatch(/^The list was not found/);
    // The activity may exist without a test.
    expect(await only(`deleteAbTest(input: { activityId: "${id}" })`)).toMatch(/^The object was not found/);
    expect(calls()).toEqual(['postTag', 'deleteListActivity', 'deleteEmailCampaignABTestUsingDELETE']);
  });

  it.each([400, 404, 409, 422])('with status %s', async (status) => {
    expect(await messagesOf(error(first), status)).toEqual([first]);
  });

  it.each([401, 403, 429, 500, 503])('but not with status %s', async (status) => {
    sandbox.faults.script({
      operationId: 'createSegment',
      fault: { kind: 'status', status, body: { error_key: 'some.key', error_message: first } },
    });
    const answer = await ask(CREATE_SEGMENT, { name: 'Donors' });
    expect(answer.errors).toHaveLength(1);
    expect(JSON.stringify([answer, lines])).not.toContain(first);
  });

  it('in errors of queries', async () => {
    refuse('getContacts', [error('limit must be at most 500')]);
    const { errors } = await ask('{ contacts(first: 2) { nodes { contactId } } }');
    expect(errors?.[0].extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      upstream: { status: 400, messages: ['limit must be at most 500'] },
    });
  });
});

describe('in messages of the API', () => {
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl';
  it.each([
    ['control characters', 'a\u0000b\u001b[31m\tc', 'a b [31m c'],
    [
      'bidirectional control characters',
      'name \u202Etxt.exe\u2066 is\u200b bad\ufeff',
      'name txt.exe is bad',
    ],
    ['tags', 'The <b onclick="x()">name</b> is bad', 'The name is bad'],
    ['a JWT', `Token ${jwt} has expired`, 'Token [removed] has expired'],
    ['a bearer token', 'Authorization: Bearer abc.def-123 is bad', 'Authorization: Bearer [removed] is bad'],
    ['credentials', 'Basic dXNlcjpwYXNz and basic plan.', 'Basic [removed] and basic plan.'],
    ['a hexadecimal run', `id ${'0a1b2c3d'.repeat(4)} is bad`, 'id [removed] is bad'],
    ['a base64 run', 'got c2VjcmV0IHNlY3JldCBzZWNyZXQ= instead', 'got [removed] instead'],
    [
      'a secret with its name',
      'access_token=abc&password=hunter2',
      'access_token=[removed]&password=[removed]',
    ],
    ['a secret in prose', 'The access token abc123xyz expired', 'The access token [removed] expired'],
    ['a secret in quotes', "client_secret 'kJh8sd7fGh' is bad", "client_secret '[removed]' is bad"],
    ['a cookie', 'Cookie: SESSION=abcdef is bad', 'Cookie: [removed] is bad'],
    ['a secret after a colon', 'api_key: "k3y" is bad', 'api_key: [removed]" is bad'],
    ['a URL with a query', 'see https://api.cc.email/v3/x?cursor=abc, please', 'see [removed] please'],
    ['a path with a query', 'GET /v3/contacts?lists=1 failed', 'GET [removed] failed'],
  ])('%s are removed', async (_, text, shown) => {
    expect(await messagesOf(error(text))).toEqual([shown]);
  });

  it.each([
    'list 5c25f6ba-0ab8-11ee-8e8a-fa163e7b4b2f is unknown',
    'ann.longname.with.numbers1234567890@example.com is taken',
    'physical_address_in_footer.address_line1 is required, password: must not be empty',
    'See https://developer.constantcontact.com/api_reference/index.html for more',
    'It begins at 2027-12-01T10:00:00-05:00 < now',
    'error code: 40012, event_code: SUMMER2026 is taken',
    'campaign "Spring-Sale-2026-Final-Version-3" exists, basic contact-information is missing',
  ])('"%s" is kept', async (text) => {
    expect((await messagesOf(error(text))).join(', ')).toBe(text);
  });

  it('500 characters are kept, without splitting a surrogate pair', async () => {
    const [message = ''] = await messagesOf(error('😀 '.repeat(4_000)));
    sandbox.journal.clear();
    expect(message.length).toBeLessThanOrEqual(500);
    expect(message).toMatch(/^(😀 )+…$/u);
    const [word = ''] = await messagesOf(error(`${'word '.repeat(798)}${jwt}`));
    expect(word).not.toContain('eyJ');
  });
});

describe('the field of an error is the argument that became the property', () => {
  const LISTS = '{ contactLists(first: 3) { nodes { listId id } } }';
  const FIELDS = '{ customFields(first: 2) { nodes { id customFieldId } } }';
  async function fieldsOf(operationId: OperationId, messages: string[], input: object) {
    refuse(operationId, messages.map(error));
    const { data, errors } = await ask(UPDATE_CONTACT, { input });
    expect(errors).toBeUndefined();
    return data.updateContact.userErrors.map(({ field, upstreamMessages }: any) => [
      field.join('.'),
      upstreamMessages,
    ]);
  }
  const contactId = () => [...sandbox.account().contacts].find((row) => row.email)?.contact_id ?? '';

  it('for a time', async () => {
    const activity = [...sandbox.account().campaignActivities].find(({ status }) => status === 'DRAFT');
    refuse('scheduleEmailCampaignActivityUsingPOST', [error('scheduled_date must be in the future')]);
    const { data } = await ask(
      `mutation ($id: ID!) { scheduleEmailCampaignActivity(input: { activityId: $id, scheduledAt: "2037-01-01T10:00:00Z" }) { ${USER_ERRORS} } }`,
      { id: activity?.campaign_activity_id },
    );
    expect(data.scheduleEmailCampaignActivity.userErrors).toEqual([
      expect.objectContaining({
        code: 'REJECTED',
        field: ['input', 'scheduledAt'],
        message: expect.stringMatching(
          /^Constant Contact refused the request \(contacts\.api\.validation\.error\)\. Only the primary activity/,
        ),
        upstreamMessages: ['scheduled_date must be in the future'],
      }),
    ]);
  });

  it('within objects and lists, in the notations that the API uses for paths', async () => {
    const input = {
      id: contactId(),
      emailAddress: { address: 'ann@example.com' },
      streetAddresses: [{ kind: 'HOME', city: 'Boston', postalCode: '1' }],
      phoneNumbers: [
        { kind: 'HOME', number: '111' },
        { kind: 'WORK', number: '222' },
      ],
    };
    expect(
      await fieldsOf(
        'putContact',
        [
          'email_address.address is no address',
          "The 'street_addresses[0].postal_code' is too short",
          '#/phone_numbers/1/phone_number: expected minLength 5',
          'city must be a city',
          'Phone numbers must be two at most',
        ],
        input,
      ),
    ).toEqual([
      ['input.emailAddress.address', ['email_address.address is no address']],
      ['input.streetAddresses.0.postalCode', ["The 'street_addresses[0].postal_code' is too short"]],
      ['input.phoneNumbers.1.number', ['#/phone_numbers/1/phone_number: expected minLength 5']],
      ['input.streetAddresses.0.city', ['city must be a city']],
      ['input.phoneNumbers', ['Phone numbers must be two at most']],
    ]);
    expect(calls()).toEqual(['getContact', 'putContact']);
  });

  it('where an update adds its items to existing ones', async () => {
    const { data } = await ask(FIELDS);
    const [one, two] = data.customFields.nodes;
    const lists = (await ask(LISTS)).data.contactLists.nodes;
    const id = contactId();
    const current = sandbox.account().contacts.get(id);
    expect(current?.list_memberships.length).toBeGreaterThan(0);
    const added = lists.find(({ listId }: any) => !current?.list_memberships.includes(listId));
    const index = current?.list_memberships.length ?? 0;
    expect(
      await fieldsOf(
        'putContact',
        [
          `list_memberships[${String(index)}] is not a list`,
          `list_id ${added.listId} not found`,
          'list_memberships[0] is full',
        ],
        { id, addListIds: [added.id], firstName: 'Ann' },
      ),
    ).toEqual([
      [
        'input.addListIds.0',
        [`list_memberships[${String(index)}] is not a list`, `list_id ${added.listId} not found`],
      ],
      ['input.addListIds', ['list_memberships[0] is full']],
    ]);

    const input = {
      id,
      customFields: [
        { fieldId: two.id, value: { text: 'x' } },
        { fieldId: one.customFieldId, value: { text: 'yy' } },
      ],
    };
    const messages = [0, 1, 2, 3, 4].map((at) => `custom_fields[${String(at)}].value is bad`);
    const found = await fieldsOf('putContact', messages, input);
    expect(found.map(([field]: string[]) => field).sort()).toEqual([
      'input.customFields',
      'input.customFields.0.value',
      'input.customFields.1.value',
    ]);
  });

  it.each([
    'name: size must be between 1 and 50',
    '#/name: expected maxLength 50',
    '$.name: is too long',
    '[name] is not allowed',
    'The name field cannot be null.',
    'Value "x" of name not allowed',
    'Please provide a valid name.',
    'Validation failed for name',
    'name="x" is too long',
    'name invalid',
    'A segment with this name exists.',
  ])('when the property is named like a common word: %s', async (message) => {
    expect(await refusedSegment(error(message))).toMatchObject([
      { field: ['input', 'name'], upstreamMessages: [message] },
    ]);
  });

  it.each([
    'Please contact support',
    'The name of the account is reserved',
    'Label your request',
    'Type error',
  ])('but not for prose: %s', async (message) => {
    expect(await refusedSegment(error(message))).toMatchObject([{ field: [] }]);
  });

  it('only for properties that the sentence names', async () => {
    expect(
      await fieldsOf(
        'putContact',
        [
          'The contact has a value of a bad type.',
          'The value is invalid',
          'content is too long',
          'update_source is bad; first_name, too',
        ],
        { id: contactId(), firstName: 'Ann', lastName: null },
      ),
    ).toEqual([
      ['', ['The contact has a value of a bad type.', 'The value is invalid', 'content is too long']],
      ['input.updateSource', ['update_source is bad; first_name, too']],
    ]);
  });

  it('in a mutation of several steps', async () => {
    refuse('createEmailCampaignUsingPOST', {
      error_message: 'email_campaign_activities[0].from_email: not verified',
    });
    const { data } = await ask(
      `mutation ($input: CreateEmailCampaignInput!) { createEmailCampaign(input: $input) { ${USER_ERRORS} } }`,
      {
        input: {
          name: 'May',
          activity: { sender: { name: 'A', email: 'a@example.com' }, subject: 'S', htmlContent: '<p>x</p>' },
        },
      },
    );
    expect(data.createEmailCampaign.userErrors).toMatchObject([
      { field: ['input', 'activity', 'sender', 'email'] },
    ]);
  });
});

describe('an object that does not exist', () => {
  const ID = '5c25f6ba-0ab8-11ee-8e8a-fa163e7b4b2f';
  it.each<[string, OperationId, string, string]>([
    ['deleteContactList', 'deleteListActivity', ID, 'list_id not found'],
    ['deleteTag', 'deleteTag', ID, 'The tag does not exist.'],
    ['deleteTag', 'deleteTag', ID, 'It doesn’t exist'],
    ['deleteContactList', 'deleteListActivity', ID, 'Could not locate the list'],
    ['deleteSegment', 'deleteSegment', '12', 'Unknown segment 12'],
    ['deleteContact', 'deleteContact', ID, 'contact_id not found'],
    ['deleteCustomField', 'deleteCustomField', ID, `No custom field with id ${ID}`],
    ['deleteEmailCampaign', 'removeEmailCampaignUsingDELETE', ID, 'Campaign could not be found'],
    [
      'unscheduleEmailCampaignActivity',
      'unscheduleEmailCampaignActivityUsingDELETE',
      ID,
      'Activity not found',
    ],
    ['deleteAbTest', 'deleteEmailCampaignABTestUsingDELETE', ID, 'No such test'],
    ['renameSegment', 'updateSegmentName', '12", name: "x', 'segment 12 not found'],
    ['updateTag', 'putTag', `${ID}", name: "x`, 'The tag is already deleted'],
  ])('%s: is recognised by a 400 that says so', async (name, operationId, id, message) => {
    refuse(operationId, [error(message)]);
    const argument = /Activity|AbTest/.test(name) ? 'activityId' : 'id';
    const { data, errors } = await ask(
      `mutation { ${name}(input: { ${argument}: "${id}" }) { ${USER_ERRORS} } }`,
    );
    expect(errors).toBeUndefined();
    expect(data[name].userErrors).toMatchObject([{ code: 'NOT_FOUND', upstreamMessages: [message] }]);
    expect(calls()).toEqual([operationId]);
  });

  it('is the object itself, not one named in the request body', async () => {
    const contact = [...sandbox.account().contacts][0];
    refuse('putContact', [error('contact list 17 does not exist')]);
    const { data } = await ask(UPDATE_CONTACT, { input: { id: contact?.contact_id, firstName: 'A' } });
    expect(data.updateContact.userErrors).toMatchObject([{ code: 'REJECTED' }]);
    refuse('putContact', [
      { error_key: 'contacts.api.not_found', error_message: 'contact_id has a bad form' },
    ]);
    const unknown = await ask(UPDATE_CONTACT, { input: { id: contact?.contact_id, firstName: 'A' } });
    expect(unknown.data.updateContact.userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'id'] },
    ]);
    refuse('deleteListActivity', [error('The list is in use')]);
    const used = await ask(`mutation { deleteContactList(input: { id: "${ID}" }) { ${USER_ERRORS} } }`);
    expect(used.data.deleteContactList.userErrors).toMatchObject([{ code: 'REJECTED' }]);
  });

  it.each<[string, OperationId, string, string]>([
    ['updateContact', 'getContact', 'id', 'firstName: "x"'],
    ['updateEvent', 'getEvent_2', 'id', 'location: { city: "x" }'],
    ['updateAutomation', 'retrieveAutomationCampaignUsingGet', 'id', 'name: "x"'],
    ['updateEmailCampaignActivity', 'retrieveEmailCampaignActivityUsingGET', 'activityId', 'subject: "x"'],
  ])('%s: is passed on from the read before the write', async (name, operationId, argument, change) => {
    refuse(operationId, [error('It was deleted yesterday')], { status: 404 });
    const { data } = await ask(
      `mutation { ${name}(input: { ${argument}: "${ID}", ${change} }) { ${USER_ERRORS} } }`,
    );
    expect(data[name].userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', argument], upstreamMessages: ['It was deleted yesterday'] },
    ]);
    expect(calls()).toEqual([operationId]);
  });

  it('is null when it is read by id', async () => {
    refuse('getTag', [error('tag_id not found')]);
    const { data, errors } = await ask(`{ tag(id: "${ID}") { name } }`);
    expect([data, errors]).toEqual([{ tag: null }, undefined]);
  });
});

describe('a malformed request of this program', () => {
  it.each<[string, number, string]>([
    ['a method', 405, 'Request method not supported'],
    ['a type', 400, "Content type 'text/plain' not supported"],
    ['unreadable JSON', 400, 'JSON parse error: Unexpected character'],
    ['a property that the API does not know', 400, 'Unrecognized field "colour"'],
  ])('is not blamed on the caller: %s', async (_, status, message) => {
    refuse('postTag', [error(message)], { status, headers: HEADERS });
    const { data, errors } = await ask(`mutation { createTag(input: { name: "x" }) { ${USER_ERRORS} } }`);
    expect(data).toEqual({ createTag: null });
    expect(errors?.[0].message).toBe('Unexpected error.');
    const [{ extensions }] = errors as [any];
    const { code, requestId, upstream } = extensions;
    expect({ code, upstream }).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      upstream: {
        status,
        errorKeys: ['contacts.api.validation.error'],
        requestIds: IDS,
        ...(status !== 405 && { messages: [message] }),
      },
    });
    const logged = lines.filter(({ level }) => level === 50);
    expect(logged).toEqual([
      expect.objectContaining({ operationId: 'postTag', status, requestIds: IDS }),
      expect.objectContaining({ operationId: 'postTag', requestId, upstreamRequestIds: IDS }),
    ]);
  });

  it.each([406, 410])('is passed on where the API says that an object is missing (%i)', async (status) => {
    refuse('deleteTag', [error('The tag is in no account')], { status });
    const { data } = await ask(
      `mutation { deleteTag(input: { id: "06a100de-19b6-4266-874b-afff00ff6b01" }) { ${USER_ERRORS} } }`,
    );
    expect(data.deleteTag.userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'id'], upstreamMessages: ['The tag is in no account'] },
    ]);
    expect(calls()).toEqual(['deleteTag']);
  });

  it('is the error of the caller where the caller wrote that part', async () => {
    refuse('partnerAccountOperationsPostSync', { error_message: 'Method not allowed' }, { status: 405 });
    refuse('createSegment', [error('Unrecognized field "grop"')]);
    const { data } = await ask(CREATE_SEGMENT, { name: 'x' });
    expect(data.createSegment.userErrors).toMatchObject([{ code: 'REJECTED' }]);
  });
});

describe('the trace ids that the vendor asks for', () => {
  it('are in the error, in the response and in the log', async () => {
    refuse('getContacts', {}, { status: 403, headers: HEADERS });
    const { errors, extensions } = await ask('{ contacts(first: 2) { nodes { contactId } } }');
    expect(errors?.[0].extensions.upstream).toMatchObject({ status: 403, requestIds: IDS });
    expect(extensions.upstream.requestIds).toEqual(IDS);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 40,
        msg: 'REST call failed',
        operationId: 'getContacts',
        requestIds: IDS,
      }),
    );
  });

  it('are in the response when there are only user errors', async () => {
    refuse('createSegment', [error('ann@example.com is bad')], { headers: HEADERS });
    const { data, errors, extensions } = await ask(CREATE_SEGMENT, { name: 'Donors' });
    expect(errors).toBeUndefined();
    expect(data.createSegment.userErrors).toMatchObject([{ upstreamMessages: ['ann@example.com is bad'] }]);
    expect(extensions.upstream.requestIds).toEqual(IDS);
    const [failed, refused] = lines.filter(({ msg }) => /^REST call/.test(msg));
    expect(failed).toMatchObject({ level: 30, operationId: 'createSegment', status: 400, requestIds: IDS });
    expect(refused).toMatchObject({ level: 20, upstreamMessages: ['ann@example.com is bad'] });
    expect(JSON.stringify(lines.filter(({ level }) => level > 20))).not.toContain('ann@');
  });

  it('are logged for attempts that were retried, and for responses that cannot be read', async () => {
    refuse('getContacts', {}, { status: 503, headers: HEADERS });
    sandbox.faults.script({
      operationId: 'getContacts',
      fault: {
        kind: 'status',
        status: 200,
        body: [1],
        headers: { 'x-amzn-requestid': 'second', 'x-eig-tracking-id': 'x', 'x-amz-apigw-id': 'y' },
      },
    });
    await ask('{ contacts(first: 2) { nodes { contactId } } }');
    const failed = lines.filter(({ msg }) => msg === 'REST call failed');
    expect(failed.map(({ requestIds }) => requestIds)).toEqual([IDS, ['second', 'x', 'y']]);
  });

  it('contain nothing but ids', async () => {
    refuse(
      'getContacts',
      {},
      {
        status: 400,
        headers: { 'x-amzn-requestid': 'a b <c>', 'x-eig-tracking-id': '', 'x-amz-apigw-id': '"' },
      },
    );
    const { errors, extensions } = await ask('{ contacts(first: 2) { nodes { contactId } } }');
    expect(errors?.[0].extensions.upstream).toEqual({ status: 400, errorKeys: [] });
    expect(extensions.upstream).not.toHaveProperty('requestIds');
  });
});

it('the message of the API to one caller is not sent to another', async () => {
  refuse('getContacts', [error('for one caller')]);
  const query = '{ contacts(first: 2) { nodes { contactId } } }';
  const [one, other] = await Promise.all([ask(query), ask(query, {}, 'another')]);
  const told = [one, other].map((answer) => JSON.stringify(answer).includes('for one caller'));
  expect(told.filter(Boolean)).toHaveLength(1);
  expect(calls()).toEqual(['getContacts', 'getContacts']);
});
