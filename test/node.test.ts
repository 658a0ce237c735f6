import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId, type NodeType } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { campaignIn } from './support/campaigns.js';

const UNKNOWN_ID = '06a100de-19b6-4266-874b-afff00ff6b01';

let app: TestApp;

beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 20 } });
});

beforeEach(() => {
  app.resetCalls();
});

afterAll(async () => {
  expectNoViolations(app);
  await app.close();
});

/** Fields of other types than that of the object, which have calls of their own or need a read. */
const OTHERS = `
  ... on ContactList { contacts(first: 1) { nodes { id } } }
  ... on Contact { firstName openAndClickRates(start: "2025-01-01T00:00:00Z", end: "2026-01-01T00:00:00Z") { averageOpenRate } }
  ... on EmailCampaign { stats { sends } name }
  ... on EmailCampaignActivity { links { url } subject }
  ... on Segment { contacts(first: 1) { nodes { id } } }
  ... on Event { registrations(first: 1) { nodes { id } } }`;
const TYPES: [NodeType, string][] = [
  ['Tag', 'tagId'],
  ['ContactList', 'listId'],
  ['Contact', 'contactId'],
  ['EmailCampaign', 'campaignId'],
  ['EmailCampaignActivity', 'campaignActivityId'],
  ['Event', 'eventId'],
];
const selectionFor = (type: NodeType, id: string) =>
  `id ... on ${type} { ${id} } ${OTHERS.split('\n')
    .filter((line) => !line.includes(`... on ${type} `))
    .join('\n')}`;

describe('fragments on other types', () => {
  it.each(TYPES)('do not make a %s that does not exist an object', async (type, id) => {
    const query = `query ($id: ID!) { node(id: $id) { ${selectionFor(type, id)} } }`;
    const { data, errors } = await app.query(query, { variables: { id: encodeGlobalId(type, UNKNOWN_ID) } });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ node: null });
    expect(app.calls()).toHaveLength(1);
  });

  it.each(TYPES)('count no more in a named fragment and among several ids: %s', async (type, id) => {
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { ...All } } fragment All on Node { ${selectionFor(type, id)} }`;
    const { data, errors } = await app.query(query, {
      variables: { ids: [encodeGlobalId(type, UNKNOWN_ID)] },
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ nodes: [null] });
    expect(app.calls()).toHaveLength(1);
  });

  it('do not make objects be read: a campaign with its reports', async () => {
    const { campaign } = campaignIn(app, 'DONE');
    const ids = [encodeGlobalId('EmailCampaign', campaign.campaign_id)];
    const { data, errors } = await app.query(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on EmailCampaign { campaignId stats { sends } } ... on Tag { name } ... on Contact { createdAt } } }',
      { variables: { ids } },
    );
    expect(errors).toBeUndefined();
    expect(data.nodes[0]).toMatchObject({
      campaignId: campaign.campaign_id,
      stats: { sends: expect.any(Number) },
    });
    expect(app.calls()).toEqual(['getEmailSummary']);
  });

  it('count where they name an interface of the object', async () => {
    const { campaign } = campaignIn(app, 'DONE');
    const { data } = await app.query(
      'query ($id: ID!) { node(id: $id) { ... on Node { ... on EmailCampaign { name } } } }',
      { variables: { id: encodeGlobalId('EmailCampaign', campaign.campaign_id) } },
    );
    expect(data.node).toEqual({ name: campaign.name });
    expect(app.calls()).toHaveLength(1);
  });

  it('do not make an entity that a gateway names exist', async () => {
    const { data } = await app.query(
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Tag { tagId } ... on Contact { firstName } ... on Automation { name } } }',
      { variables: { of: [{ __typename: 'Tag', tagId: UNKNOWN_ID }] } },
    );
    expect(data._entities).toEqual([null]);
    expect(app.calls()).toHaveLength(1);
  });
});
