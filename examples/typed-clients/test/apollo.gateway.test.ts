import { ApolloClient, gql, HttpLink, InMemoryCache, type DocumentNode } from '@apollo/client';
import { Defer20220824Handler, GraphQL17Alpha9Handler } from '@apollo/client/incremental';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from '../../../test/support/app.js';
import { campaignIn } from '../../../test/support/campaigns.js';

let app: TestApp;
let uri: string;

beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 60 } });
  uri = `${await app.listen()}/graphql`;
});
beforeEach(() => {
  app.resetCalls();
});
afterAll(() => app.close());

type Handler = GraphQL17Alpha9Handler | Defer20220824Handler;

const clientWith = (incrementalHandler: Handler) =>
  new ApolloClient({ link: new HttpLink({ uri }), cache: new InMemoryCache(), incrementalHandler });

/** States of a component until the data is complete. */
function statesOf(handler: Handler, query: DocumentNode, variables: Record<string, unknown>): Promise<any[]> {
  const states: unknown[] = [];
  return new Promise((resolve, reject) => {
    clientWith(handler)
      .watchQuery({ query, variables })
      .subscribe({
        next: ({ dataState, data, error }) => {
          if (error) reject(error);
          if (dataState !== 'empty') states.push({ dataState, data });
          if (dataState === 'complete') resolve(states);
        },
        error: reject,
      });
  });
}

describe.each([
  ['the current format', () => new GraphQL17Alpha9Handler()],
  ['the format of 2022', () => new Defer20220824Handler()],
])('Apollo Client reads deferred fragments in %s', (_name, handler) => {
  it('on a single object', async () => {
    const query = gql`
      query Report($id: ID!) {
        emailCampaign(id: $id) {
          id
          name
          ... @defer(label: "report") {
            stats {
              opens
            }
          }
        }
      }
    `;
    const { campaign_id: id } = campaignIn(app, 'DONE').campaign;
    const states = await statesOf(handler(), query, { id });
    expect(states[0]).toMatchObject({
      dataState: 'streaming',
      data: { emailCampaign: { name: expect.any(String) } },
    });
    expect(states[0].data.emailCampaign).not.toHaveProperty('stats');
    expect(states.at(-1).data.emailCampaign.stats.opens).toEqual(expect.any(Number));
    expect(app.calls()).toHaveLength(2);
  });

  it('on each row, nested, and on an interface', async () => {
    const query = gql`
      query Rows($id: ID!) {
        emailCampaigns(first: 5) {
          nodes {
            id
            ... @defer(label: "activity") {
              primaryActivity {
                id
                ... @defer(label: "recipients") {
                  recipients {
                    lists {
                      id
                      name
                    }
                  }
                }
              }
            }
          }
        }
        node(id: $id) {
          id
          ... on ContactList @defer(label: "list") {
            activeMembershipCount
          }
        }
      }
    `;
    const { data } = await app.query('{ contactLists(first: 1) { nodes { id } } }');
    const states = await statesOf(handler(), query, { id: data.contactLists.nodes[0].id });
    const last = states.at(-1).data;
    expect(last.emailCampaigns.nodes).toHaveLength(5);
    for (const { primaryActivity } of last.emailCampaigns.nodes)
      expect(primaryActivity.recipients.lists).toEqual(expect.any(Array));
    expect(last.node.activeMembershipCount).toEqual(expect.any(Number));
  });

  it('that are null because of an error of their own', async () => {
    const query = gql`
      query Failing($id: ID!) {
        emailCampaign(id: $id) {
          id
          ... @defer(label: "report") {
            stats {
              opens
            }
          }
        }
      }
    `;
    const { campaign_id: id } = campaignIn(app, 'DONE').campaign;
    app.sandbox.faults.script({ operationId: 'getEmailSummary', fault: { kind: 'status', status: 403 } });
    await expect(statesOf(handler(), query, { id })).rejects.toThrow();
  });
});

it('Apollo Client follows a subscription over multipart responses', async () => {
  const subscription = gql`
    subscription Status($id: ID!) {
      emailCampaignStatus(id: $id) {
        id
        status
      }
    }
  `;
  const { campaign_id: id } = campaignIn(app, 'DONE').campaign;
  const events: unknown[] = [];
  await new Promise<void>((resolve, reject) => {
    clientWith(new GraphQL17Alpha9Handler())
      .subscribe({ query: subscription, variables: { id } })
      .subscribe({ next: ({ data }) => events.push(data), error: reject, complete: resolve });
  });
  expect(events).toMatchObject([{ emailCampaignStatus: { status: 'DONE' } }]);
});
