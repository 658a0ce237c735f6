import { getNamedType, isObjectType, parse, print, type FieldNode, type GraphQLObjectType } from 'graphql';
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
  const document = parse(query);
  const [operation] = document.definitions as [{ selectionSet: { selections: FieldNode[] } }];
  const [field] = operation.selectionSet.selections as [FieldNode];
  const [selected] = parse(`{ ${selection} }`).definitions as [{ selectionSet: FieldNode['selectionSet'] }];
  operation.selectionSet.selections = [{ ...field, selectionSet: selected.selectionSet } as FieldNode];
  const given = await variablesFor(id, variables, app);
  const { data, errors } = await app.query(print(document), { variables: given });
  expect(errors).toBeUndefined();
  return { payload: data[field.name.value], given: given as Record<string, string & string[]> };
}

describe('every payload has what a cache of a client needs', () => {
  const schema = buildSchema();
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  const payloadOf = (name: string) =>
    getNamedType(mutations.find((one) => one.name === name)!.type) as GraphQLObjectType;
  const isNode = (type: unknown) =>
    isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');

  it.each(mutations.filter(({ name }) => name.startsWith('delete')).map(({ name }) => name))(
    'the global id of what %s deletes',
    (name) => {
      const fields = payloadOf(name).getFields();
      expect(String((fields['deletedId'] ?? fields['deletedIds'])?.type)).toMatch(/^(ID|\[ID!\])$/);
    },
  );

  it.each(mutations.map(({ name }) => name))('the edge of what %s creates', (name) => {
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

describe('a deletion gives the global id of what it has deleted', () => {
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

  it('as the object has it, whatever the argument looks like', async () => {
    const segment = [...app.sandbox.account().segments][0]!.segment_id;
    const contacts = [...app.sandbox.account().contacts].map(({ contact_id }) => contact_id);
    const { data } = await app.query(
      `mutation ($segment: ID!, $contact: ID!, $contacts: [ID!]!) {
        deleteSegment(input: { id: $segment }) { deletedId }
        deleteContact(input: { id: $contact }) { deletedId }
        deleteContacts(input: { source: { contacts: $contacts } }) { deletedIds }
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

  it('null where nothing was deleted, or the ids are not known', async () => {
    const list = [...app.sandbox.account().lists][0]!.list_id;
    app.resetCalls();
    const { data } = await app.query(
      `mutation ($list: ID!) {
        deleteContact(input: { id: "06a100de-19b6-4266-874b-afff00ff6b01" }) { deletedId userErrors { code } }
        deleteContacts(input: { source: { lists: [$list] } }) { deletedIds bulkActivity { id } }
        removeListMemberships(input: { source: { allActiveContacts: true }, lists: [$list] }) { removedIds }
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

describe('a creation gives the edge of what it has created', () => {
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

  it('null when nothing was created', async () => {
    const { data } = await app.query(
      'mutation { createTag(input: { name: "" }) { tag { id } tagEdge { cursor } userErrors { code } } }',
    );
    expect(data.createTag).toEqual({ tag: null, tagEdge: null, userErrors: [{ code: 'REQUIRED' }] });
  });

  it('with a cursor after which every connection begins', async () => {
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
