import { expect, it } from 'vitest';
import { FAMILIES } from '../../src/constant-contact/cache/ages.js';
import { startApp } from '../support/app.js';
import { hammer, markTenants, TENANT_ACCOUNTS } from '../support/tenants.js';

const SECONDS = 10;

it('two accounts with the same ids never get what is the other’s in ten seconds of reads and writes', async () => {
  const app = await startApp({
    credentials: null,
    sandbox: { tokens: TENANT_ACCOUNTS },
    // An age so short that entries expire all the time.
    client: { cacheSeconds: Object.fromEntries(FAMILIES.map((family) => [family, 1])), staleSeconds: 3_600 },
  });
  try {
    markTenants(app.sandbox);
    const cached = await hammer(app.sandbox, SECONDS, (token, query) =>
      app.query(query, { headers: { authorization: `Bearer ${token}` } }),
    );
    expect(cached).toBeGreaterThan(0);
    expect(app.sandbox.violations).toEqual([]);
  } finally {
    await app.close();
  }
});
