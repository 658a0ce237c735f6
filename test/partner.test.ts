import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConstantContact } from '../src/constant-contact/client.js';
import { bearerCredentials } from '../src/constant-contact/auth/credentials.js';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { buildSchema } from '../src/schema/index.js';
import { createApp } from '../src/server/app.js';
import { silentLogger } from '../src/server/logger.js';
import { credentialSource } from '../src/server/plugins/credentials.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { scripted } from './support/scripted.js';
import { json } from './support/upstream.js';

let app: TestApp;

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 20 } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const rows = () => [...app.sandbox.account().partnerAccounts];
const paying = () =>
  rows().find((row) => row.plan_type === 'SILVER' && row.cancelled_at === null && row.managed)!;
async function run(document: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await app.query(document, { variables });
  expect(errors).toBeUndefined();
  return data;
}

describe('partnerAccounts', () => {
  it('returns client accounts, 50 per call', async () => {
    const { partnerAccounts } = await run(
      `{ partnerAccounts(first: 72) { pageInfo { hasNextPage } nodes {
        id encodedAccountId organizationName siteOwnerName subscriberCount billingStatus billingStatusRaw lastLoginAt
      } } }`,
    );
    expect(partnerAccounts.nodes).toHaveLength(72);
    expect(partnerAccounts.pageInfo.hasNextPage).toBe(false);
    expect(app.calls()).toEqual(['getPartnerSiteOwners', 'getPartnerSiteOwners']);
    const [row] = rows();
    expect(partnerAccounts.nodes[0]).toMatchObject({
      id: encodeGlobalId('PartnerAccount', row!.encoded_account_id),
      encodedAccountId: row!.encoded_account_id,
      organizationName: row!.organization_name,
      siteOwnerName: row!.site_owner_name,
      subscriberCount: row!.subscriber_count,
    });
    const statuses = new Set(partnerAccounts.nodes.map((node: any) => node.billingStatus));
    expect([...statuses].sort()).toEqual(['CANCELED', 'OPEN', 'TRIAL']);
  });

  it('paginates by cursor, also with pages smaller than those of the API', async () => {
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const { partnerAccounts }: any = await run(
        `query ($after: String) { partnerAccounts(first: 7, after: $after) {
          nodes { encodedAccountId } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      ids.push(...partnerAccounts.nodes.map((node: any) => node.encodedAccountId));
      after = partnerAccounts.pageInfo.hasNextPage ? partnerAccounts.pageInfo.endCursor : null;
    } while (after !== null);
    expect(ids).toEqual(rows().map((row) => row.encoded_account_id));
  });

  it('filters, and keeps the filter on the next page', async () => {
    for (const [type, managed] of [
      ['MANAGED', true],
      ['UNMANAGED', false],
    ] as const) {
      const { partnerAccounts } = await run(
        `{ partnerAccounts(first: 100, filter: { accountType: ${type} }) { totalCount nodes { encodedAccountId } } }`,
      );
      expect(partnerAccounts.totalCount).toBe(partnerAccounts.nodes.length);
      expect(partnerAccounts.nodes.map((node: any) => node.encodedAccountId)).toEqual(
        rows()
          .filter((row) => row.managed === managed)
          .map((row) => row.encoded_account_id),
      );
    }
  });

  it('costs one call per account for plans', async () => {
    const { partnerAccounts } = await run(
      `{ partnerAccounts(first: 10) { nodes { plan {
        type typeRaw billingStatus billingStatusRaw billingDayOfMonth
        tiers { usageType currentUsage tier minimum maximum price { amount currency } currencyCode }
      } } } }`,
    );
    expect(app.calls()).toHaveLength(11);
    expect(partnerAccounts.nodes.map((node: any) => node.plan.type)).toEqual(
      rows()
        .slice(0, 10)
        .map((row) => row.plan_type),
    );
    const { plan } = partnerAccounts.nodes[0];
    expect(plan.tiers[0]).toMatchObject({
      usageType: 'CONTACTS',
      currentUsage: rows()[0]!.subscriber_count,
      price: { amount: expect.stringMatching(/^\d+(\.\d+)?$/), currency: 'USD' },
    });
  });
});

describe('partnerAccount', () => {
  it('reads the plan alone in one call, and the account by its page', async () => {
    const { encoded_account_id: id, organization_name } = paying();
    const { partnerAccount } = await run(
      'query ($id: ID!) { partnerAccount(id: $id) { id encodedAccountId plan { type } } }',
      { id },
    );
    expect(partnerAccount).toEqual({
      id: encodeGlobalId('PartnerAccount', id),
      encodedAccountId: id,
      plan: { type: 'SILVER' },
    });
    expect(app.calls()).toEqual(['getPlan']);
    app.resetCalls();
    const data = await run(
      `query ($id: ID!, $r: [_Any!]!) {
        partnerAccount(id: $id) { organizationName plan { type } } node(id: $id) { ... on PartnerAccount { organizationName } }
        _entities(representations: $r) { ... on PartnerAccount { organizationName } } }`,
      {
        id: encodeGlobalId('PartnerAccount', id),
        r: [{ __typename: 'PartnerAccount', encodedAccountId: id }],
      },
    );
    expect(data).toEqual({
      partnerAccount: { organizationName: organization_name, plan: { type: 'SILVER' } },
      node: { organizationName: organization_name },
      _entities: [{ organizationName: organization_name }],
    });
    expect(app.calls().sort()).toEqual(['getPartnerSiteOwners', 'getPlan']);
  });

  it('reads pages until one has the account', async () => {
    const [first] = rows();
    const last = rows().at(-1)!;
    for (const [{ encoded_account_id: id, organization_name: organizationName }, calls] of [
      [first!, 1],
      [last, 2],
    ] as const) {
      app.resetCalls();
      expect(await run('query ($id: ID!) { partnerAccount(id: $id) { organizationName } }', { id })).toEqual({
        partnerAccount: { organizationName },
      });
      expect(app.calls()).toEqual(Array(calls).fill('getPartnerSiteOwners'));
    }
    const ids = [first!, rows()[49]!].map((row) => encodeGlobalId('PartnerAccount', row.encoded_account_id));
    app.resetCalls();
    const { nodes } = await run(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on PartnerAccount { organizationName } } }',
      { ids },
    );
    expect(nodes).toEqual([first!, rows()[49]!].map((row) => ({ organizationName: row.organization_name })));
    expect(app.calls()).toEqual(['getPartnerSiteOwners']);
  });

  it('is null when it does not exist', async () => {
    expect(
      await run(
        '{ a: partnerAccount(id: "anowhere") { plan { type } } b: partnerAccount(id: "anowhere") { id } }',
      ),
    ).toEqual({ a: null, b: null });
  });
});

describe('without partner credentials', () => {
  it('each field names the missing variables, and no call is made', async () => {
    const client = createConstantContact({
      baseUrl: app.sandbox.url,
      requestsPerSecond: 0,
      requestsPerDay: 0,
    });
    const bare = createApp({
      schema: buildSchema(),
      client,
      credentials: credentialSource(bearerCredentials('token', app.sandbox.token)),
      apiHost: 'x',
      logger: silentLogger(),
    });
    const post = async (query: string) => {
      const response = await bare.fetch('http://facade.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return await response.json();
    };
    try {
      const read = await post(
        '{ partnerAccounts { nodes { id } } contactLists(first: 1) { nodes { name } } }',
      );
      expect(read.data.partnerAccounts).toBeNull();
      expect(read.data.contactLists.nodes).toHaveLength(1);
      expect(read.errors).toHaveLength(1);
      expect(read.errors[0]).toMatchObject({
        path: ['partnerAccounts'],
        extensions: { code: 'FORBIDDEN', retryable: false },
      });
      expect(read.errors[0].message).toMatch(
        /CONSTANT_CONTACT_PARTNER_API_KEY.*CONSTANT_CONTACT_PARTNER_TOKEN/,
      );
      const write = await post(
        'mutation { cancelPartnerAccount(input: { accountId: "a07e1my9tbw0" }) { userErrors { code } } }',
      );
      expect(write.errors[0].extensions.code).toBe('FORBIDDEN');
      expect(app.calls()).toEqual(['getLists']);
    } finally {
      await bare.close();
      await client.close();
    }
  });
});

describe('pages of accounts in which an account was searched', () => {
  const { query, requests, start } = scripted();
  const idOf = (n: number) => `a${String(n)}`;
  const account = (n: number) => `partnerAccount(id: "${idOf(n)}") { organizationName }`;
  /** Three pages of 50 accounts, with a reference cache. */
  const serve = () =>
    start(
      (response, { url }) => {
        const from = Number(new URL(url, 'http://api').searchParams.get('offset') ?? 0);
        const rows = Array.from({ length: 50 }, (_, at) => ({
          encoded_account_id: idOf(from + at),
          organization_name: `Client ${String(from + at)}`,
        }));
        const next = { href: `/v3/partner/accounts?offset=${String(from + 50)}&limit=50` };
        json(response, 200, { site_owner_list: rows, ...(from < 100 && { _links: { next } }) });
      },
      { referenceCacheSeconds: 60 },
    );
  const nameOf = (n: number) => ({ organizationName: `Client ${String(n)}` });

  it('are read once for several accounts and several requests', async () => {
    await serve();
    const first = await query(`{ a: ${account(70)} b: ${account(3)} }`);
    expect(first).toMatchObject({ data: { a: nameOf(70), b: nameOf(3) } });
    expect(requests()).toHaveLength(2);
    expect(await query(`{ ${account(99)} }`)).toMatchObject({ data: { partnerAccount: nameOf(99) } });
    expect(requests()).toHaveLength(2);
    expect(await query(`{ ${account(149)} }`)).toMatchObject({ data: { partnerAccount: nameOf(149) } });
    expect(requests()).toHaveLength(3);
    expect(await query(`{ ${account(150)} }`)).toMatchObject({ data: { partnerAccount: null } });
    expect(requests()).toHaveLength(3);
  });
});
