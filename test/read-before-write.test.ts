import { describe, expect, it } from 'vitest';
import { scripted } from './support/scripted.js';
import { json } from './support/upstream.js';

/** Responses that the API may give and the sandbox does not, and the writes that follow them. */
const { start, query, requests } = scripted();

const ID = '00000000-0000-11ee-8000-000000000001';

/** Answers every read with this, and every write with what it got, which is wrapped for an automation. */
const reading = (read: unknown) =>
  start((response, { method, body }) => {
    const written = (method === 'GET' ? {} : JSON.parse(body)) as { automation_flow?: unknown };
    const answer = method === 'GET' ? read : (written.automation_flow ?? written);
    json(response, method === 'POST' ? 201 : 200, answer);
  });

async function send(
  field: string,
  selection: string,
  input: Record<string, unknown>,
): Promise<{ result: any; sent: unknown[] }> {
  const type = field.charAt(0).toUpperCase() + field.slice(1);
  const text = `mutation ($input: ${type}Input!) { result: ${field}(input: $input) { ${selection} userErrors { code field } } }`;
  const { data, errors } = await query(text, { input });
  expect(errors).toBeUndefined();
  const sent = requests().filter(({ method }) => method !== 'GET');
  return { result: data.result, sent: sent.map(({ body }): unknown => JSON.parse(body)) };
}

describe('an automation', () => {
  const FREE = {
    json_condition: { '!=': [{ var: 'contact.city' }, null] },
    output: { a: null, rows: [1, null, 3] },
  };
  const definition = (task: object) => ({
    workflow: { workflow_def: { metadata: { marks: [null] }, tasks: [task] } },
  });
  const flow = {
    id: ID,
    name: 'Before',
    status: 'Draft',
    draft_definition: definition({ ...FREE, name: null }),
  };

  it('keeps null in free-form JSON, and omits all other nulls', async () => {
    await reading(flow);
    const { result, sent } = await send('updateAutomation', 'automation { draftDefinition { raw } }', {
      id: ID,
      name: 'After',
    });
    expect(result.userErrors).toEqual([]);
    expect(sent).toEqual([
      { automation_flow: { ...flow, name: 'After', draft_definition: definition(FREE) } },
    ]);
    expect(requests()).toHaveLength(2);
  });

  it('omits nulls where the contract declares a property, at any depth, and keeps them elsewhere', async () => {
    /** @param withNulls adds nulls that the write must not send */
    const whole = (withNulls: boolean) => ({
      ...flow,
      unknown: { a: null, rows: [null, 1] },
      draft_definition: {
        trigger: {
          trigger_def: {
            type: 'ACTION',
            parameters: [{ parameter_name: 'p', rule: { a: null }, ...(withNulls && { type: null }) }],
          },
          trigger_filter: {
            rule: {
              type: 'and',
              left: {
                type: 'not',
                rule: {
                  type: 'property',
                  ...(withNulls && { right: null, property_comparison: null, target: null }),
                },
                ...(withNulls && { right: null, property_comparison: null, target: null }),
              },
              ...(withNulls && { right: null, property_comparison: null, target: null }),
            },
          },
        },
        workflow: {
          workflow_def: {
            metadata: { a: null },
            tasks: [
              {
                id: 't1',
                metadata: { kind: 'k', ...(withNulls && { action: null }) },
                input: { a: 'b', ...(withNulls && { c: null }) },
                then: [{ id: 't2', output: { a: null }, child_tasks: [{ own: { a: null } }] }],
                ...(withNulls && { else: null, queue_name: null }),
              },
            ],
          },
        },
      },
    });
    await reading(whole(true));
    const { result, sent } = await send('updateAutomation', 'automation { name }', { id: ID, name: 'After' });
    expect(result.userErrors).toEqual([]);
    expect(sent).toEqual([{ automation_flow: { ...whole(false), name: 'After' } }]);
    expect(requests()).toHaveLength(2);
  });

  it.each([
    ['status', { status: null }, 'REQUIRED', ['status']],
    ['nameExplicitlySet', { nameExplicitlySet: null }, 'REQUIRED', ['nameExplicitlySet']],
    [
      'rule that is not an object',
      { draft: { trigger: { type: 'contact_added', parameters: [{ name: 'p', rule: [1] }] } } },
      'INVALID',
      ['draft', 'trigger', 'parameters', '0', 'rule'],
    ],
  ])('rejects an invalid %s', async (_, change, code, field) => {
    await reading(flow);
    const { result } = await send('updateAutomation', 'automation { name }', { id: ID, ...change });
    expect(result.userErrors).toContainEqual({ code, field: ['input', ...field] });
    expect(requests()).toEqual([]);
  });
});

describe('the address of the account', () => {
  const SHOWN = 'physicalAddress { addressLine1 }';

  it.each([
    ['both a state name and a state code', { state_name: 'Massachusetts' }],
    ['an empty name', { state_name: '' }],
  ])('can be changed when it has %s', async (_, more) => {
    const us = {
      address_line1: 'old',
      city: 'Waltham',
      country_code: 'US',
      state_code: 'MA',
      postal_code: '02451',
    };
    await reading({ ...us, ...more });
    const { result, sent } = await send('updateAccountPhysicalAddress', SHOWN, {
      addressLine1: 'new',
      addressLine2: '',
    });
    expect(result).toEqual({ physicalAddress: { addressLine1: 'new' }, userErrors: [] });
    expect(sent).toEqual([{ ...us, address_line1: 'new' }]);
  });

  it('can be changed when it has a code where there is only a name', async () => {
    const gb = { address_line1: 'old', city: 'London', country_code: 'GB', state_name: 'England' };
    await reading({ ...gb, state_code: 'LN' });
    const { result, sent } = await send('updateAccountPhysicalAddress', SHOWN, { addressLine1: 'new' });
    expect(result.userErrors).toEqual([]);
    expect(sent).toEqual([{ ...gb, address_line1: 'new' }]);
  });
});

describe('the limits of texts', () => {
  it('count characters like the contract, whatever the characters', async () => {
    await start((response) => {
      json(response, 201, { contact_id: ID });
    });
    const create = (firstName: string) =>
      send('createContact', 'contact { contactId }', {
        emailAddress: { address: 'a@example.org' },
        createSource: 'ACCOUNT',
        firstName,
      });
    expect((await create('😀'.repeat(51))).result.userErrors).toEqual([
      { code: 'TOO_LONG', field: ['input', 'firstName'] },
    ]);
    expect(requests()).toEqual([]);
    const { result, sent } = await create('😀'.repeat(50));
    expect(result.userErrors).toEqual([]);
    expect(sent).toMatchObject([{ first_name: '😀'.repeat(50) }]);
  });

  it('reject blank text as an identifier of a contact', async () => {
    await reading({});
    const { result } = await send('importContacts', 'bulkActivity { activityId }', {
      contacts: [{ email: '   ' }],
      listIds: [ID],
    });
    expect(result.userErrors).toEqual([{ code: 'REQUIRED', field: ['input', 'contacts', '0'] }]);
    expect(requests()).toEqual([]);
  });
});

describe('an operation inside a client account', () => {
  it.each([
    ['a file', 'Email address\na@example.org\n', 'Email address\na@example.org\n'],
    ['a JSON string', '"done"', 'done'],
    ['JSON with nulls', '{"rows":[null,1]}', { rows: [null, 1] }],
    ['nothing', '', null],
  ])('returns the response of the API: %s', async (_, answer, result) => {
    await start((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    });
    const text = `mutation { partnerAccountOperation(input: { accountId: "a1b2", method: GET, url: "/contact_exports" }) {
      result userErrors { code } } }`;
    expect(await query(text)).toMatchObject({
      data: { partnerAccountOperation: { result, userErrors: [] } },
    });
    expect(requests()).toHaveLength(1);
  });
});

describe('a write that succeeded with an empty response', () => {
  const silent = async () => {
    await start((response, { method }) => {
      response.writeHead(method === 'GET' ? 200 : 201, { 'content-type': 'application/json' });
      response.end(method === 'GET' ? '{}' : '');
    });
  };

  it('is reported as done, not as a server error', async () => {
    await silent();
    const text = `mutation { createContactFromSignUpForm(input: { emailAddress: "a@example.org", listIds: ["${ID}"] }) { contactId userErrors { code } } }`;
    const { data, errors } = await query(text);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      createContactFromSignUpForm: { contactId: null, userErrors: [{ code: 'DONE_UNREAD' }] },
    });
    expect(requests()).toHaveLength(1);
  });
});

it('segment criteria that are given as text are sent unchanged', async () => {
  const criteria = '{"criteria":{"type":"and","group":[{"const_value":12345678901234567890}]}}';
  await start((response) => {
    json(response, 201, { segment_id: 7 });
  });
  const { result, sent } = await send('createSegment', 'segment { name }', {
    name: 'Large',
    segmentCriteria: criteria,
  });
  expect(result.userErrors).toEqual([]);
  expect(sent).toEqual([{ name: 'Large', segment_criteria: criteria }]);
});

it.each([
  ['addListIds', 'removeListIds', 'list_memberships'],
  ['addTagIds', 'removeTagIds', 'taggings'],
])(
  'a contact with too many items: the argument that is not empty is named (%s, %s)',
  async (add, remove, part) => {
    const of = Array.from(
      { length: 52 },
      (_, at) => `00000000-0000-11ee-8000-${String(at).padStart(12, '0')}`,
    );
    await reading({ contact_id: ID, [part]: of });
    const { result } = await send('updateContact', 'contact { contactId }', {
      id: ID,
      [add]: [],
      [remove]: of.slice(0, 1),
    });
    expect(result.userErrors).toEqual([{ code: 'TOO_MANY', field: ['input', remove] }]);
    expect(requests()).toHaveLength(1);
  },
);
