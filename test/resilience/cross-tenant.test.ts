import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FAMILIES } from '../../src/constant-contact/cache/ages.js';
import { startApp, type Answer, type TestApp } from '../support/app.js';
import {
  hammer,
  markTenants,
  questions,
  TENANT_ACCOUNTS,
  TENANTS,
  TOKENS,
  type Token,
} from '../support/tenants.js';

let app: TestApp;
beforeEach(async () => {
  app = await startApp({
    credentials: null,
    sandbox: { tokens: TENANT_ACCOUNTS },
    client: { cacheSeconds: Object.fromEntries(FAMILIES.map((family) => [family, 60])), staleSeconds: 3_600 },
  });
  markTenants(app.sandbox);
});
afterEach(async () => {
  expect(app.sandbox.violations).toEqual([]);
  await app.close();
});

const ask = (token: Token, query: string): Promise<Answer> =>
  app.query(query, { headers: { authorization: `Bearer ${token}` } });

describe('two accounts with the same ids, queried at the same time', () => {
  // For ten seconds in cross-tenant.load.test.ts.
  it('never receive data of the other', async () => {
    expect(await hammer(app.sandbox, 2, ask)).toBeGreaterThan(0);
  });

  it('do not join reads of the other in flight', async () => {
    const [query] = questions(app.sandbox);
    const both = await Promise.all(TOKENS.map((token) => ask(token, query as string)));
    expect(both.map(({ data }) => data.account.organizationName as string)).toEqual(Object.values(TENANTS));
    expect(both.map(({ extensions }) => extensions.upstream.coalesced as number)).toEqual([0, 0]);
  });

  it('get nothing without a token', async () => {
    await Promise.all(TOKENS.map((token) => ask(token, '{ contactLists(first: 5) { nodes { name } } }')));
    const { data, errors } = await app.query('{ contactLists(first: 5) { nodes { name } } }');
    expect(data).toEqual({ contactLists: null });
    expect(errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
  });
});
