import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  commitMutation,
  ConnectionHandler,
  createOperationDescriptor,
  Environment,
  fetchQuery,
  RecordSource,
  ROOT_ID,
  Store,
  type ConcreteRequest,
  type GraphQLTaggedNode,
} from 'relay-runtime';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
  type MockInstance,
} from 'vitest';
import { startApp, type TestApp } from '../../../test/support/app.js';
import { campaignIn } from '../../../test/support/campaigns.js';
import { createNetwork } from '../src/relay/network.js';

const EXAMPLE = fileURLToPath(new URL('..', import.meta.url));

let app: TestApp;
let url: string;

beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 80 } });
  url = `${await app.listen()}/graphql`;
});
beforeEach(() => {
  app.resetCalls();
});
afterAll(() => app.close());

/** The artifact of relay-compiler for an operation; exists only after the compiler has run. */
async function compiled(name: string): Promise<ConcreteRequest> {
  const file = new URL(`../generated/relay/${name}.graphql.ts`, import.meta.url);
  return ((await import(/* @vite-ignore */ file.href)) as { default: ConcreteRequest }).default;
}

it.each(['codegen', 'tada', 'relay', 'types'])('client code generators accept the schema: %s', (script) => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', script], {
    cwd: EXAMPLE,
    encoding: 'utf8',
  });
  expect(status, stdout + stderr).toBe(0);
});

it('Relay reads a deferred fragment through artifacts of relay-compiler', async () => {
  const query = await compiled('campaignQuery');
  const store = new Store(new RecordSource());
  const network = createNetwork(url);
  const environment = new Environment({ network, store });
  const id = campaignIn(app, 'DONE').campaign.campaign_id;
  const operation = createOperationDescriptor(query, { id });
  const figures: unknown[] = [];
  await new Promise<void>((resolve, reject) => {
    environment.execute({ operation }).subscribe({
      next: () => {
        const campaigns = Object.values(store.getSource().toJSON()) as Record<string, any>[];
        const campaign = campaigns.find(({ __typename }) => __typename === 'EmailCampaign');
        figures.push([typeof campaign?.name, campaign?.stats?.__ref !== undefined]);
      },
      error: reject,
      complete: resolve,
    });
  });
  expect(figures[0]).toEqual(['string', false]);
  expect(figures.at(-1)).toEqual(['string', true]);
  expect(app.calls()).toHaveLength(2);
});

describe('Relay updates connections through artifacts of relay-compiler:', () => {
  let warnings: MockInstance[];
  beforeEach(() => {
    app.sandbox.reset();
    warnings = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
  });
  afterEach(() => {
    for (const warned of warnings) {
      expect(warned.mock.calls).toEqual([]);
      warned.mockRestore();
    }
  });

  async function opened() {
    const environment = new Environment({
      network: createNetwork(url),
      store: new Store(new RecordSource()),
    });
    const query = await compiled('contactsQuery');
    const variables = { first: 40 };
    await fetchQuery(environment, query as unknown as GraphQLTaggedNode, variables).toPromise();
    environment.retain(createOperationDescriptor(query, variables));
    const nodesOf = (key: string) => {
      const source = environment.getStore().getSource().toJSON() as Record<string, any>;
      const connection = source[ConnectionHandler.getConnectionID(ROOT_ID, key)];
      return connection.edges.__refs.map((edge: string) => source[source[edge].node.__ref]) as {
        id: string;
        name?: string;
        firstName?: string;
      }[];
    };
    const ids = nodesOf('contacts_contacts').map(({ id }) => id);
    expect(ids).toHaveLength(40);
    app.resetCalls();
    const mutate = async (name: string, input: unknown, key = 'contacts_contacts') => {
      const mutation = (await compiled(`contacts${name}Mutation`)) as unknown as GraphQLTaggedNode;
      const connections = [ConnectionHandler.getConnectionID(ROOT_ID, key)];
      await new Promise((onCompleted, onError) => {
        commitMutation(environment, { mutation, variables: { input, connections }, onCompleted, onError });
      });
    };
    return { ids, nodesOf, mutate };
  }

  it('removes the edge of a deleted contact (@deleteEdge): 40 edges become 39', async () => {
    const { ids, nodesOf, mutate } = await opened();
    await mutate('Delete', { id: ids[3] });
    expect(nodesOf('contacts_contacts').map(({ id }) => id)).toEqual(ids.filter((id) => id !== ids[3]));
    expect(app.calls()).toEqual(['deleteContact']);
  });

  it('removes the edges of a bulk deletion (@deleteEdge)', async () => {
    const { ids, nodesOf, mutate } = await opened();
    await mutate('DeleteSeveral', { source: { contactIds: ids.slice(0, 2) } });
    expect(nodesOf('contacts_contacts').map(({ id }) => id)).toEqual(ids.slice(2));
    expect(app.calls()).toEqual(['postContactDelete']);
  });

  it('adds the edge of a new contact (@prependEdge): 40 edges become 41', async () => {
    const { ids, nodesOf, mutate } = await opened();
    await mutate('Create', { firstName: 'Rosa' });
    const [first, ...others] = nodesOf('contacts_contacts');
    expect(first?.firstName).toBe('Rosa');
    expect(others.map(({ id }) => id)).toEqual(ids);
    expect(app.calls()).toEqual(['createContact']);
  });

  it('adds a new tag (@appendNode)', async () => {
    const { nodesOf, mutate } = await opened();
    const before = nodesOf('contacts_tags');
    await mutate('CreateTag', { name: 'Poets' }, 'contacts_tags');
    const after = nodesOf('contacts_tags');
    expect(after.slice(0, -1)).toEqual(before);
    expect(after.at(-1)?.name).toBe('Poets');
    expect(app.calls()).toEqual(['postTag']);
  });
});
