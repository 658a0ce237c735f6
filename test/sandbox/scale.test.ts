import { expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.js';
import { Client } from './client.js';

/** The bounds are several times what was measured (1,000 in 40 ms, 100,000 in 2 s): they catch growth, not load. */
const timed = async <T>(most: number, run: () => Promise<T>): Promise<T> => {
  const start = performance.now();
  const result = await run();
  expect(performance.now() - start).toBeLessThan(most);
  return result;
};

it('starts with 1,000 contacts at once', async () => {
  await (await createSandbox()).close();
  const sandbox = await timed(300, () => createSandbox({ requestsPerSecond: 0 }));
  await sandbox.close();
});

it('holds 100,000 contacts and answers fast', { timeout: 60_000 }, async () => {
  const sandbox = await timed(10_000, () =>
    createSandbox({ contacts: 100_000, requestsPerSecond: 0, requestsPerDay: 0 }),
  );
  const client = new Client(sandbox);
  expect((await client.call('countContact')).body.total).toBe(100_000);
  const emails = new Set([...sandbox.account().contacts].map((row) => row.email?.address));
  expect(emails.size).toBeGreaterThan(97_000);
  const pages = await timed(20_000, () =>
    client.pages('getContacts', { query: { limit: 500, status: 'all' } }),
  );
  expect(pages).toHaveLength(206);
  const email = sandbox.account().contacts.find((row) => row.sequence_id === null && row.email !== null)
    ?.email?.address;
  const found = await timed(500, () =>
    client.call('getContacts', { query: { email: email ?? '', status: 'all' } }),
  );
  expect(found.body.contacts).toHaveLength(1);
  const counted = await timed(1_000, () =>
    client.call('getLists', { query: { include_membership_count: 'all' } }),
  );
  expect(counted.body.lists?.[0]?.membership_count).toBeGreaterThan(50_000);
  expect(sandbox.violations).toEqual([]);
  await sandbox.close();
});
