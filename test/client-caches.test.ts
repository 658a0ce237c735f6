import {
  getNamedType,
  isObjectType,
  parse,
  print,
  type FieldNode,
  type GraphQLObjectType,
  type OperationDefinitionNode,
} from 'graphql';
import { afterAll, beforeEach, beforeAll, describe, expect, it } from 'vitest';
import type { OperationId } from '../src/constant-contact/contract/operations.js';
import { encodeGlobalId, type NodeType } from '../src/resolvers/support/global-id.js';
import { buildSchema } from '../src/schema/index.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { variablesFor } from './support/example-variables.js';
import { operationExample } from './support/operation-example.js';

let app: TestApp;

beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 60, activitySeconds: 0 } });
});
beforeEach(() => {
  app.sandbox.reset();
});
afterAll(async () => {
  expectNoViolations(app);
  await app.close();
});

/** Runs the example of a mutation, with another selection. */
async function runExample(id: OperationId, selection: string) {
  const { query, variables } = operationExample(id);
  const operation = parse(query).definitions[0] as OperationDefinitionNode;
  const field = operation.selectionSet.selections[0] as FieldNode;
  const { selectionSet } = parse(`{ ${selection} }`).definitions[0] as OperationDefinitionNode;
  const selections = [{ ...field, selectionSet }];
  const document = { ...operation, selectionSet: { ...operation.selectionSet, selections } };
  const given = await variablesFor(id, variables, app);
  const { data, errors } = await app.query(print(document), { variables: given });
  expect(errors).toBeUndefined();
  return { payload: data[field.name.value], given: given as Record<string, string & string[]> };
}

describe('every payload supports client caches with', () => {
  const schema = buildSchema();
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  const payloadOf = (name: string) =>
    getNamedType(mutations.find((one) => one.name === name)!.type) as GraphQLObjectType;
  const isNode = (type: unknown) =>
    isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');

  it.each(mutations.filter(({ name }) => name.startsWith('delete')).map(({ name }) => name))(
    'the global id of the object that %s deletes',
    (name) => {
      const fields = payloadOf(name).getFields();
      expect(String((fields['deletedId'] ?? fields['deletedIds'])?.type)).toMatch(/^(ID|\[ID!\])$/);
    },
  );

  // The API reads no posts, so they have no global id.
  const changing = mutations.filter(({ name }) => !/^(delete|createSocialPost)/.test(name));
  it.each(changing.map(({ name }) => name))('the object, with its global id, that %s changes', (name) => {
    const fields = Object.values(payloadOf(name).getFields()).map(({ type }) => getNamedType(type));
    const inside = fields.flatMap((type) =>
      isObjectType(type) && type.name.endsWith('Result')
        ? Object.values(type.getFields()).map((field) => getNamedType(field.type))
        : [type],
    );
    expect(inside.some(isNode)).toBe(true);
  });

  // Its user has no type of its own.
  const creating = mutations.filter(({ name }) => name !== 'createPartnerSsoUser');
  it.each(creating.map(({ name }) => name))('the edge of the object that %s creates', (name) => {
    const fields = Object.values(payloadOf(name).getFields());
    const creates = /^(create|copy|upsert|send\w*Campaign$|import|export|(add|remove)(List|Contact))/.test(
      name,
    );
    for (const field of fields) {
      const type = getNamedType(field.type);
      if (!isNode(type) || !schema.getType(`${type.name}Edge`)) continue;
      const edge = fields.find((one) => one.name === `${field.name}Edge`);
      if (!edge && !creates) continue;
      expect(String(edge?.type), field.name).toBe(`${type.name}Edge`);
    }
  });
});

describe('a deletion returns the global id of the deleted object', () => {
  const single: [OperationId, NodeType, string][] = [
    ['deleteContact', 'Contact', 'contactId'],
    ['deleteListActivity', 'ContactList', 'listId'],
    ['deleteTag', 'Tag', 'tagId'],
    ['deleteCustomField', 'CustomField', 'customFieldId'],
    ['deleteSegment', 'Segment', 'segmentId'],
    ['removeEmailCampaignUsingDELETE', 'EmailCampaign', 'campaignId'],
  ];

  it.each(single)('%s', async (id, type, variable) => {
    const { payload, given } = await runExample(id, 'deletedId userErrors { code }');
    expect(payload).toEqual({ deletedId: encodeGlobalId(type, given[variable]!), userErrors: [] });
    expect(app.calls()).toEqual([id]);
  });

  it('of parts of an email, which are cached with it', async () => {
    const selection = 'deletedId activity { id } userErrors { code }';
    const test = await runExample('deleteEmailCampaignABTestUsingDELETE', selection);
    const { campaignActivityId } = test.given;
    expect(test.payload).toEqual({
      deletedId: encodeGlobalId('AbTest', campaignActivityId!),
      activity: { id: encodeGlobalId('EmailCampaignActivity', campaignActivityId!) },
      userErrors: [],
    });
    expect(app.calls()).toEqual(['deleteEmailCampaignABTestUsingDELETE']);
    const resend = await runExample('deleteResendToNonOpenersUsingDELETE', selection);
    expect(resend.payload.deletedId).toBe(
      encodeGlobalId(
        'NonOpenerResend',
        resend.given['campaignActivityId']!,
        resend.given['resendRequestId']!,
      ),
    );
    expect(app.calls()).toEqual(['deleteResendToNonOpenersUsingDELETE']);
  });

  it('of a webhook subscription', async () => {
    const { data: before } = await app.query(
      '{ partnerWebhookSubscription(topic: TIER_UPGRADE) { id topicId } }',
    );
    const { id } = before.partnerWebhookSubscription;
    const text = 'query ($id: ID!) { node(id: $id) { id ... on PartnerWebhookSubscription { topic } } }';
    const { data: read } = await app.query(text, { variables: { id } });
    expect(read.node).toEqual({ id, topic: 'TIER_UPGRADE' });
    const { data } = await app.query(
      'mutation { deletePartnerWebhook(input: { topic: TIER_UPGRADE }) { deletedId } }',
    );
    expect(data.deletePartnerWebhook.deletedId).toBe(id);
    expect((await app.query(text, { variables: { id } })).data.node).toBeNull();
  });

  const several: [OperationId, NodeType, string, string][] = [
    ['postContactDelete', 'Contact', 'contactIds', 'deletedIds'],
    ['postListDelete', 'ContactList', 'listIds', 'deletedIds'],
    ['postTagDelete', 'Tag', 'tagIds', 'deletedIds'],
    ['postCustomFieldDelete', 'CustomField', 'customFieldIds', 'deletedIds'],
    ['postListRemoveContact', 'Contact', 'contactIds', 'removedIds'],
    ['postTagRemoveContact', 'Contact', 'contactIds', 'removedIds'],
  ];

  it.each(several)('%s', async (id, type, variable, field) => {
    const { payload, given } = await runExample(id, `${field} bulkActivityEdge { cursor node { id } }`);
    expect(payload[field]).toEqual(given[variable]!.map((one) => encodeGlobalId(type, one)));
    expect(payload.bulkActivityEdge.node.id).toEqual(expect.any(String));
    expect(app.calls()).toEqual([id]);
  });

  it('in the form of the object, whatever the form of the argument', async () => {
    const segment = [...app.sandbox.account().segments][0]!.segment_id;
    const contacts = [...app.sandbox.account().contacts].map(({ contact_id }) => contact_id);
    const { data } = await app.query(
      `mutation ($segment: ID!, $contact: ID!, $contacts: [ID!]!) {
        deleteSegment(input: { id: $segment }) { deletedId }
        deleteContact(input: { id: $contact }) { deletedId }
        deleteContacts(input: { source: { contactIds: $contacts } }) { deletedIds }
      }`,
      {
        variables: {
          segment: `00${String(segment)}`,
          contact: contacts[0]!.toUpperCase(),
          contacts: [encodeGlobalId('Contact', contacts[1]!), contacts[1]],
        },
      },
    );
    expect(data).toEqual({
      deleteSegment: { deletedId: encodeGlobalId('Segment', String(segment)) },
      deleteContact: { deletedId: encodeGlobalId('Contact', contacts[0]!) },
      deleteContacts: { deletedIds: [encodeGlobalId('Contact', contacts[1]!)] },
    });
  });

  it('as null when nothing was deleted, or the ids are unknown', async () => {
    const list = [...app.sandbox.account().lists][0]!.list_id;
    app.resetCalls();
    const { data } = await app.query(
      `mutation ($list: ID!) {
        deleteContact(input: { id: "06a100de-19b6-4266-874b-afff00ff6b01" }) { deletedId userErrors { code } }
        deleteContacts(input: { source: { listIds: [$list] } }) { deletedIds bulkActivity { id } }
        removeListMemberships(input: { source: { allActiveContacts: true }, listIds: [$list] }) { removedIds }
        deleteTags(input: { ids: ["?"] }) { deletedIds userErrors { code } }
      }`,
      { variables: { list } },
    );
    expect(data).toMatchObject({
      deleteContact: { deletedId: null, userErrors: [{ code: 'NOT_FOUND' }] },
      deleteContacts: { deletedIds: null, bulkActivity: { id: expect.any(String) } },
      removeListMemberships: { removedIds: null },
      deleteTags: { deletedIds: null, userErrors: [{ code: 'INVALID_ID' }] },
    });
    expect(app.calls()).toEqual(['deleteContact', 'postContactDelete', 'postListRemoveContact']);
  });
});

describe('a creation returns the edge of the created object', () => {
  it.each<[string, string, string[]]>([
    [
      'createTag(input: { name: "Poets" }) { edge: tagEdge { cursor node { id name } } }',
      'Poets',
      ['postTag'],
    ],
    [
      'createContactList(input: { name: "Poets" }) { edge: contactListEdge { cursor node { id name } } }',
      'Poets',
      ['createList'],
    ],
    [
      'createContact(input: { firstName: "Rosa" }) { edge: contactEdge { cursor node { id name: firstName } } }',
      'Rosa',
      ['createContact'],
    ],
    [
      'createEvent(input: { name: "Swap" }) { edge: eventEdge { cursor node { id name } } }',
      'Swap',
      ['addDefaultEvent'],
    ],
    [
      'createEvent(input: { name: "Swap", description: "Seeds" }) { event { name } edge: eventEdge { node { name } cursor } }',
      'Swap',
      ['addDefaultEvent', 'patchEvent', 'getEvent_2'],
    ],
  ])('%s', async (mutation, name, calls) => {
    app.resetCalls();
    const { data } = await app.query(`mutation { created: ${mutation} }`);
    expect(data.created.edge).toMatchObject({ cursor: expect.any(String), node: { name } });
    expect(app.calls()).toEqual(calls);
  });

  it('as null when nothing was created', async () => {
    const { data } = await app.query(
      'mutation { createTag(input: { name: "" }) { tag { id } tagEdge { cursor } userErrors { code } } }',
    );
    expect(data.createTag).toEqual({ tag: null, tagEdge: null, userErrors: [{ code: 'REQUIRED' }] });
  });

  it('with a cursor that continues from the start of every connection', async () => {
    const { data } = await app.query(
      'mutation { createTag(input: { name: "Poets" }) { tagEdge { cursor } } }',
    );
    const { cursor } = data.createTag.tagEdge;
    const page = '{ nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } }';
    const { data: after, errors } = await app.query(
      `query ($after: String) {
        tags(first: 3, after: $after) ${page}
        contacts(first: 3, after: $after, filter: { status: [ACTIVE] }) ${page}
        events(first: 3, after: $after) ${page}
        automations(first: 3, after: $after) ${page}
      }`,
      { variables: { after: cursor } },
    );
    expect(errors).toBeUndefined();
    const { data: start } = await app.query(`{
      tags(first: 3) ${page}
      contacts(first: 3, filter: { status: [ACTIVE] }) ${page}
      events(first: 3) ${page}
      automations(first: 3) ${page}
    }`);
    expect(after).toEqual(start);
    expect(after.contacts.nodes).toHaveLength(3);
  });
});

describe('objects that client caches identify by their global id', () => {
  it('the account, before and after a change', async () => {
    const { data: before } = await app.query('{ account { id encodedAccountId } }');
    const { id, encodedAccountId } = before.account;
    expect(id).toBe(encodeGlobalId('Account', encodedAccountId));
    const { data } = await app.query(
      'mutation { updateAccount(input: { firstName: "Rosa" }) { account { id firstName } } }',
    );
    expect(data.updateAccount.account).toEqual({ id, firstName: 'Rosa' });
    app.resetCalls();
    const { data: read } = await app.query(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Account { firstName } } }`,
      { variables: { ids: [id, encodeGlobalId('Account', 'someoneElse')] } },
    );
    expect(read.nodes).toEqual([{ id, firstName: 'Rosa' }, null]);
    expect(app.calls()).toEqual(['getAccountById']);
  });

  it('the account, when its physical address changes', async () => {
    const { data: before } = await app.query('{ account { id physicalAddress { city } } }');
    app.resetCalls();
    const change = (city: string) =>
      app.query(`mutation { updateAccountPhysicalAddress(input: { city: "${city}" }) {
        physicalAddress { city } account { id physicalAddress { city } } userErrors { code } } }`);
    const { data } = await change('Salem');
    expect(data.updateAccountPhysicalAddress).toEqual({
      physicalAddress: { city: 'Salem' },
      account: { id: before.account.id, physicalAddress: { city: 'Salem' } },
      userErrors: [],
    });
    expect(app.calls()).toEqual(['getPhysicalAddress', 'putPhysicalAddress', 'getAccountById']);
    expect((await change('')).data.updateAccountPhysicalAddress).toEqual({
      physicalAddress: null,
      account: null,
      userErrors: [{ code: 'REQUIRED' }],
    });
  });

  it('A/B tests and resends of an email', async () => {
    const activities = [...app.sandbox.account().campaignActivities];
    const withTest = activities.find((row) => row.ab_test && row.role === 'primary_email')!;
    const withResend = activities.find((row) => row.resend && row.role === 'primary_email')!;
    const parts = 'abTest { id alternativeSubject } nonOpenerResends { id subject resendRequestId }';
    const { data } = await app.query(
      `query ($one: ID!, $other: ID!) {
        one: emailCampaignActivity(id: $one) { ${parts} }
        other: emailCampaignActivity(id: $other) { ${parts} }
      }`,
      { variables: { one: withTest.campaign_activity_id, other: withResend.campaign_activity_id } },
    );
    const { abTest } = data.one;
    const [resend] = data.other.nonOpenerResends;
    app.resetCalls();
    const { data: read, errors } = await app.query(
      `query ($ids: [ID!]!, $representations: [_Any!]!) {
        nodes(ids: $ids) {
          id
          ... on AbTest { alternativeSubject }
          ... on NonOpenerResend { subject resendRequestId }
        }
        _entities(representations: $representations) { ... on NonOpenerResend { id } ... on AbTest { id } }
      }`,
      {
        variables: {
          ids: [abTest.id, resend.id],
          representations: [
            {
              __typename: 'NonOpenerResend',
              campaignActivityId: withResend.campaign_activity_id,
              resendRequestId: resend.resendRequestId,
            },
            { __typename: 'AbTest', campaignActivityId: withTest.campaign_activity_id },
          ],
        },
      },
    );
    expect(errors).toBeUndefined();
    expect(read.nodes).toEqual([abTest, resend]);
    expect(read._entities).toEqual([{ id: resend.id }, { id: abTest.id }]);
    expect(app.calls().sort()).toEqual([
      'retrieveEmailCampaignABTestUsingGET',
      'retrieveResendToNonOpenersUsingGET',
    ]);
  });
});
