import { expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.js';
import { Client } from './client.js';

const LARGE = 100_000;
const SMALL = LARGE / 10;

/** Seconds of the processor that it takes, however busy the machine is. */
async function secondsFor(contacts: number): Promise<number> {
  const began = process.cpuUsage();
  const sandbox = await createSandbox({ contacts, requestsPerSecond: 0, requestsPerDay: 0 });
  const client = new Client(sandbox);
  expect((await client.call('countContact')).body.total).toBe(contacts);
  const emails = new Set([...sandbox.account().contacts].map((row) => row.email?.address));
  expect(emails.size).toBeGreaterThan(0.97 * contacts);
  const pages = await client.pages('getContacts', { query: { limit: 500, status: 'all' } });
  if (contacts === LARGE) expect(pages).toHaveLength(206);
  const email = sandbox.account().contacts.find((row) => row.sequence_id === null && row.email !== null)
    ?.email?.address;
  const found = await client.call('getContacts', { query: { email: email ?? '', status: 'all' } });
  expect(found.body.contacts).toHaveLength(1);
  const counted = await client.call('getLists', { query: { include_membership_count: 'all' } });
  expect(counted.body.lists?.[0]?.membership_count).toBeGreaterThan(contacts / 2);
  expect(sandbox.violations).toEqual([]);
  await sandbox.close();
  return process.cpuUsage(began).user / 1e6;
}

it('holds 100,000 contacts, and finds one, counts and paginates them', async () => {
  const small = await secondsFor(SMALL);
  // Ten times as many, and some more for memory; what grows with the square would take a hundred times as long.
  expect(await secondsFor(LARGE)).toBeLessThan(30 * small);
});
