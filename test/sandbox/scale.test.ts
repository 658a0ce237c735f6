import { expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.js';
import { Client } from './client.js';

// No times are asserted; what grows with the square of the contacts would not end before the test's own limit.
it('holds 100,000 contacts, and finds one, counts and paginates them', { timeout: 60_000 }, async () => {
  const sandbox = await createSandbox({ contacts: 100_000, requestsPerSecond: 0, requestsPerDay: 0 });
  const client = new Client(sandbox);
  expect((await client.call('countContact')).body.total).toBe(100_000);
  const emails = new Set([...sandbox.account().contacts].map((row) => row.email?.address));
  expect(emails.size).toBeGreaterThan(97_000);
  expect(await client.pages('getContacts', { query: { limit: 500, status: 'all' } })).toHaveLength(206);
  const email = sandbox.account().contacts.find((row) => row.sequence_id === null && row.email !== null)
    ?.email?.address;
  const found = await client.call('getContacts', { query: { email: email ?? '', status: 'all' } });
  expect(found.body.contacts).toHaveLength(1);
  const counted = await client.call('getLists', { query: { include_membership_count: 'all' } });
  expect(counted.body.lists?.[0]?.membership_count).toBeGreaterThan(50_000);
  expect(sandbox.violations).toEqual([]);
  await sandbox.close();
});
