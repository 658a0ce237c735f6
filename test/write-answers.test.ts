import { describe, expect, it } from 'vitest';
import { scripted } from './support/scripted.js';
import { json } from './support/upstream.js';

/** Answers to writes that say less than what was written. */
const { start, query, requests, sent } = scripted();

const ID = '00000000-0000-11ee-8000-000000000001';

type Json = Record<string, any>;

/** Answers reads and writes with these bodies. Returns the payload without user errors, the methods, and the body of the last write. */
async function write(name: string, input: Json, selection: string, answer: unknown, read: unknown = {}) {
  await start((response, { method }) => {
    json(response, 200, method === 'GET' ? read : answer);
  });
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
  const { data, errors } = await query(
    `mutation ($input: ${type}) { ${name}(input: $input) { ${selection} userErrors { code message } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  const { userErrors, ...payload } = data[name];
  expect(userErrors).toEqual([]);
  return [payload, requests().map(({ method }) => method)];
}

describe.each<[bare: string, empty: unknown]>([
  ['left out', undefined],
  ['null', null],
])('values that the answer has %s are those that were written', (_, none) => {
  const bare = (id: Json, ...others: string[]) => ({
    ...id,
    ...Object.fromEntries(others.map((name) => [name, none])),
  });
  const LIST = { name: 'News', description: 'Monthly', favorite: true };
  const CRITERIA = { version: '1.0.0', criteria: { type: 'and', group: [] } };
  it.each<[name: string, input: Json, selection: string, answer: Json, shown: Json, methods?: string[]]>([
    ['createTag', { name: 'Gold' }, 'tag { name }', bare({ tag_id: ID }, 'name'), { tag: { name: 'Gold' } }],
    [
      'updateTag',
      { id: ID, name: 'Gold' },
      'tag { name }',
      bare({ tag_id: ID }, 'name'),
      { tag: { name: 'Gold' } },
    ],
    [
      'createSegment',
      { name: 'Near', segmentCriteria: CRITERIA },
      'segment { name segmentCriteria }',
      bare({ segment_id: 5 }, 'name', 'segment_criteria'),
      { segment: { name: 'Near', segmentCriteria: CRITERIA } },
    ],
    [
      'renameSegment',
      { id: '5', name: 'Near' },
      'segment { name }',
      bare({ segment_id: 5 }, 'name'),
      { segment: { name: 'Near' } },
    ],
    [
      'updateSegment',
      { id: '5', name: 'Near' },
      'segment { name }',
      bare({ segment_id: 5 }, 'name'),
      { segment: { name: 'Near' } },
    ],
    [
      'createContactList',
      LIST,
      'contactList { name description favorite }',
      bare({ list_id: ID, name: 'News' }, 'description', 'favorite'),
      { contactList: LIST },
    ],
    [
      'createContact',
      { firstName: 'Ada', emailAddress: { address: 'ada@example.org' }, listIds: [ID] },
      'contact { firstName emailAddress { address } lists { listId } }',
      bare({ contact_id: ID }, 'first_name', 'email_address', 'list_memberships'),
      {
        contact: { firstName: 'Ada', emailAddress: { address: 'ada@example.org' }, lists: [{ listId: ID }] },
      },
    ],
    [
      'updateAccount',
      { firstName: 'Ada', website: 'https://example.org' },
      'account { firstName website }',
      bare({ encoded_account_id: 'p07e' }, 'first_name', 'website'),
      { account: { firstName: 'Ada', website: 'https://example.org' } },
    ],
    [
      'addAccountEmail',
      { emailAddress: 'ada@example.org' },
      'accountEmail { emailAddress }',
      bare({ email_id: 5 }, 'email_address'),
      { accountEmail: { emailAddress: 'ada@example.org' } },
    ],
    [
      'setPartnerPlan',
      { accountId: 'p07e', type: 'SILVER', billingDayOfMonth: 31 },
      'plan { type billingDayOfMonth }',
      bare({ billing_status: 'OK' }, 'plan_type', 'billing_day_of_month'),
      { plan: { type: 'SILVER', billingDayOfMonth: 31 } },
    ],
    [
      'setPartnerWebhook',
      { topic: 'TIER_UPGRADE', hookUri: 'https://example.org/hook' },
      'subscription { topic hookUri }',
      bare({ topic_id: 1 }, 'hook_uri'),
      { subscription: { topic: 'TIER_UPGRADE', hookUri: 'https://example.org/hook' } },
    ],
  ])('%s', async (name, input, selection, answer, shown) => {
    const [payload, methods] = await write(name, input, selection, answer);
    expect(payload).toEqual(shown);
    expect(methods).toHaveLength(1);
  });
});

describe('an update of a custom field', () => {
  const choice = (choice_id: number, display_order = choice_id) => ({
    choice_id,
    choice_label: 'ABC'[choice_id - 1],
    display_order,
  });
  const FIELD = {
    custom_field_id: ID,
    label: 'Old',
    name: 'old',
    type: 'single_select',
    updated_at: '2026-01-01T00:00:00Z',
    choices: [choice(1), choice(2), choice(3)],
  };

  it.each<[string, Json[], number[]]>([
    ['one is removed and one appended', [{ choiceId: '1' }, { choiceId: '3' }, { label: 'N' }], [1, 2, 3]],
    [
      'one is put before the others',
      [{ label: 'N' }, ...['1', '2', '3'].map((choiceId) => ({ choiceId }))],
      [1, 2, 3, 4],
    ],
    ['some are given', [{ label: 'N', displayOrder: 2 }, { choiceId: '2' }, { choiceId: '1' }], [2, 1, 3]],
    [
      'none is the same',
      [{ choiceId: '3' }, { choiceId: '1' }, { choiceId: '2', displayOrder: 7 }],
      [3, 1, 7],
    ],
  ])('gives every choice its own position: %s', async (_, choices, positions) => {
    const [, methods] = await write(
      'updateCustomField',
      { id: ID, choices },
      'customField { label }',
      FIELD,
      FIELD,
    );
    expect(methods).toEqual(['GET', 'PUT']);
    expect(sent(1)['choices'].map(({ display_order }: Json) => display_order)).toEqual(positions);
  });

  it('shows neither the name made from the old label nor the time of an earlier change', async () => {
    const shown = 'customField { label name updatedAt type }';
    const [renamed, methods] = await write(
      'updateCustomField',
      { id: ID, label: 'New' },
      shown,
      { custom_field_id: ID },
      FIELD,
    );
    expect(renamed).toEqual({
      customField: { label: 'New', name: null, updatedAt: null, type: 'SINGLE_SELECT' },
    });
    expect(methods).toEqual(['GET', 'PUT']);
  });
});

it('new choices of a custom field have their own positions', async () => {
  const input = {
    label: 'Size',
    type: 'SINGLE_SELECT',
    choices: [{ label: 'a', displayOrder: 2 }, { label: 'b' }],
  };
  await write('createCustomField', input, 'customField { label }', { custom_field_id: ID });
  expect(sent(0)['choices'].map(({ display_order }: Json) => display_order)).toEqual([2, 1]);
});

it.each([
  [
    'a segment',
    'updateSegment(input: { id: "5", segmentCriteria: { criteria: {} } }) { segment { name } }',
    { segment_id: 5 },
  ],
  [
    'a list',
    `updateContactList(input: { id: "${ID}", favorite: true }) { contactList { name } }`,
    { list_id: ID, name: null },
  ],
])('%s whose name the API leaves out keeps it: nothing is written', async (_, mutation, read) => {
  await start((response) => {
    json(response, 200, read);
  });
  const { errors } = await query(`mutation { ${mutation} }`);
  expect(errors?.[0]?.extensions?.['code']).toBe('UPSTREAM_INVALID_RESPONSE');
  expect(errors?.[0]?.message).toContain('Nothing was written');
  expect(requests().map(({ method }) => method)).toEqual(['GET']);
});

describe('a write without a usable answer', () => {
  const SEGMENT = { segment_id: 5, name: 'Near' };
  const after = async (mutation: string, status: number, body: unknown) => {
    await start((response, { method }) => {
      if (method === 'GET') json(response, 200, SEGMENT);
      else if (body === undefined) response.writeHead(status).end();
      else json(response, status, body);
    });
    const { data, errors } = await query(`mutation { r: ${mutation} }`);
    expect(errors).toBeUndefined();
    return [data.r, requests().map(({ method, url }) => `${method} ${url.replace(/^.*\/v3/, '')}`)];
  };

  it('is followed by a read of the segment that was renamed', async () => {
    const [payload, calls] = await after(
      'renameSegment(input: { id: "5", name: "Near" }) { segment { name } userErrors { code } }',
      204,
      undefined,
    );
    expect(payload).toEqual({ segment: { name: 'Near' }, userErrors: [{ code: 'DONE_UNREAD' }] });
    expect(calls).toEqual(['PATCH /segments/5/name', 'GET /segments/5']);
  });

  it('says where to find a job, which has no name', async () => {
    const [payload, calls] = await after(
      `deleteContacts(input: { source: { contactIds: ["${ID}"] } }) { bulkActivity { id } userErrors { code message } }`,
      204,
      undefined,
    );
    expect(payload.userErrors).toMatchObject([
      { code: 'DONE_UNREAD', message: expect.stringContaining('among `bulkActivities`') },
    ]);
    expect(calls).toHaveLength(1);
  });

  it.each([undefined, {}])('is done where its status says all: %j', async (body) => {
    const [payload, calls] = await after(
      'unsubscribePartnerContacts(input: { accountId: "p07e", emailAddresses: ["a@example.org"], updateSource: CONTACT }) { unsubscribedCount userErrors { code } }',
      200,
      body,
    );
    expect(payload).toEqual({ unsubscribedCount: null, userErrors: [] });
    expect(calls).toHaveLength(1);
  });
});

it('numbers that came as text go back as numbers', async () => {
  const contact = { contact_id: ID, first_name: 'Ada', birthday_month: '5', birthday_day: '6' };
  await write('updateContact', { id: ID, firstName: 'Eve' }, 'contact { firstName }', contact, contact);
  expect(sent(1)).toMatchObject({ birthday_month: 5, birthday_day: 6 });
});

it('a billing day that came as text goes back as a number', async () => {
  const plan = { plan_type: 'GOLD', billing_day_of_month: '5' };
  await write('setPartnerPlan', { accountId: 'p07e', type: 'SILVER' }, 'plan { type }', {}, plan).catch(
    () => null,
  );
  expect(sent(1)).toEqual({ plan_type: 'SILVER', billing_day_of_month: 5 });
});

it('choices without IDs are not shown', async () => {
  const field = {
    custom_field_id: ID,
    label: 'Size',
    type: 'single_select',
    choices: [{ choice_id: 1, choice_label: 'a', display_order: 1 }],
  };
  const choices = [{ choiceId: '1' }, { label: 'b' }];
  const [payload] = await write(
    'updateCustomField',
    { id: ID, choices },
    'customField { label choices { choiceId } }',
    { custom_field_id: ID },
    field,
  );
  expect(payload.customField).toEqual({ label: 'Size', choices: null });
});

it('criteria keep all digits of long numbers', async () => {
  const text = '{"criteria":{"type":"and","param":12345678901234567890}}';
  await start((response) => {
    json(response, 200, { segment_id: 5, name: 'Near', segment_criteria: text });
  });
  const { data } = await query('{ segment(id: "5") { segmentCriteria } }');
  expect(JSON.stringify(data)).toContain('12345678901234567890');
  expect(requests()).toHaveLength(1);
});

describe('UUIDs in capitals are those of the caller', () => {
  const OTHER = 'a0000000-0000-11ee-8000-00000000000b';
  const SAME = 'a0000000-0000-11ee-8000-00000000000a';
  const up = (id: string) => id.toUpperCase();
  const CONTACT = {
    contact_id: up(SAME),
    first_name: 'Ada',
    list_memberships: [up(SAME), up(OTHER)],
    taggings: [up(SAME)],
    custom_fields: [{ custom_field_id: up(SAME), value: 'old' }],
    notes: [{ note_id: up(SAME), content: 'old' }],
  };
  const update = (input: Json) =>
    write('updateContact', { id: SAME, ...input }, 'contact { firstName }', { ...CONTACT }, CONTACT);

  it('in lists and tags that are removed', async () => {
    const [, methods] = await update({ removeListIds: [SAME], removeTagIds: [SAME] });
    expect(methods).toEqual(['GET', 'PUT']);
    expect(sent(1)).toMatchObject({ list_memberships: [OTHER] });
    expect(sent(1)['taggings'] ?? []).toEqual([]);
  });

  it('in custom fields and notes that are changed', async () => {
    await update({
      customFields: [{ fieldId: SAME, value: { text: 'new' } }],
      notes: [{ noteId: SAME, content: 'new' }],
    });
    expect(sent(1)['custom_fields']).toEqual([{ custom_field_id: SAME, value: 'new' }]);
    expect(sent(1)['notes']).toEqual([expect.objectContaining({ content: 'new' })]);
  });

  it('in collections that they refer to, whichever has capitals', async () => {
    for (const [of, as] of [
      [up, String],
      [String, up],
    ] as const) {
      await start((response, { url }) => {
        if (url.includes('/contacts'))
          json(response, 200, { contacts: [{ ...CONTACT, list_memberships: [of(SAME)] }] });
        else json(response, 200, { lists: [{ list_id: as(SAME), name: 'News', membership_count: 1 }] });
      });
      const { data, errors } = await query(
        '{ contacts { nodes { lists { name } } } contactLists { nodes { contacts(first: 500) { nodes { firstName } } } } }',
      );
      expect(errors).toBeUndefined();
      expect(data.contacts.nodes).toEqual([{ lists: [{ name: 'News' }] }]);
      expect(data.contactLists.nodes).toEqual([{ contacts: { nodes: [{ firstName: 'Ada' }] } }]);
    }
  });
});

it('shows the schedule that an empty answer confirms', async () => {
  await start((response) => {
    response.writeHead(201).end();
  });
  const { data, errors } = await query(
    `mutation ($input: ScheduleEmailCampaignActivityInput!) { scheduleEmailCampaignActivity(input: $input) {
      schedules { scheduledAt } userErrors { code } } }`,
    { input: { activityId: ID, scheduledAt: '2099-01-01T10:00:00Z' } },
  );
  expect(errors).toBeUndefined();
  expect(data.scheduleEmailCampaignActivity).toEqual({
    schedules: [{ scheduledAt: '2099-01-01T10:00:00.000Z' }],
    userErrors: [],
  });
  expect(requests().map(({ method }) => method)).toEqual(['POST']);
});

it('sends an update again without undeclared properties when the API refuses them', async () => {
  const list = { list_id: ID, name: 'News', favorite: true, from_the_future: 1 };
  await start((response, { method, body }) => {
    if (method === 'PUT' && body.includes('from_the_future'))
      json(response, 400, [{ error_key: 'lists.api.bad', error_message: 'Unknown property.' }]);
    else json(response, 200, method === 'PUT' ? { ...list, name: 'Offers' } : list);
  });
  const { data, errors } = await query(
    `mutation ($input: UpdateContactListInput!) { updateContactList(input: $input) {
      contactList { name favorite } userErrors { code } } }`,
    { input: { id: ID, name: 'Offers' } },
  );
  expect(errors).toBeUndefined();
  expect(data.updateContactList).toEqual({ contactList: { name: 'Offers', favorite: true }, userErrors: [] });
  expect(requests().map(({ method }) => method)).toEqual(['GET', 'PUT', 'PUT']);
  expect(sent(1)).toMatchObject({ name: 'Offers', favorite: true, from_the_future: 1 });
  expect(sent(2)).toEqual({ name: 'Offers', description: '', favorite: true });
});
