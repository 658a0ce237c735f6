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
