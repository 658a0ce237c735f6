import { afterEach, expect, it } from 'vitest';
import { RECOMMENDED_AGES } from '../../bench/budget/settings.js';
import type { OperationId } from '../../src/constant-contact/contract/operations.js';
import { expectNoViolations, startApp, type Answer, type TestApp } from '../support/app.js';
import { manualClock, type ManualClock } from '../support/clock.js';

const DESKS = 20;
const ROUNDS = 120;
const ROUND_MS = 30_000;
const HOUR_SECONDS = (ROUNDS * ROUND_MS) / 1_000;
const EDIT_EVERY = 15;
const NOON = Date.UTC(2026, 0, 15, 12);

const DASHBOARD = `{ account { organizationName } contactLists(first: 5) { nodes { name } } segments(first: 5) { nodes { name } }
  emailCampaigns(first: 3) { nodes { name } } contacts(first: 3) { nodes { contactId firstName jobTitle } } }`;
/** The family of each operation that a refresh calls. */
const CALLS: Partial<Record<OperationId, keyof typeof RECOMMENDED_AGES>> = {
  getAccountById: 'account',
  getLists: 'lists',
  getAccountSegments: 'segments',
  retrieveEmailCampaignsUsingGET: 'campaigns',
  getContacts: 'contacts',
};

let app: TestApp;
let clock: ManualClock;
afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

/** Has everything on the dashboard say when it was changed, as if somebody changed it in the web application. */
function changeElsewhere(): void {
  const { profile, contacts, lists, segments, campaigns } = app.sandbox.account();
  const now = `at ${String(clock.now())}`;
  profile.summary.organization_name = now;
  for (const row of contacts) row.first_name = now;
  for (const [at, row] of [...lists].entries()) row.name = `${now} ${String(at)}`;
  for (const [at, row] of [...segments].entries()) row.name = `${now} ${String(at)}`;
  for (const [at, row] of [...campaigns].entries()) row.name = `${now} ${String(at)}`;
}

/** Ages of what an answer shows, by family, in seconds, at the time at which it was asked. */
function agesIn({ data }: Answer, askedAt: number): Record<string, number> {
  const ageOf = (text: string) => (askedAt - Number(text.split(' ')[1])) / 1_000;
  const { account, contactLists, segments, emailCampaigns, contacts } = data;
  return {
    account: ageOf(account.organizationName as string),
    lists: ageOf(contactLists.nodes[0].name as string),
    segments: ageOf(segments.nodes[0].name as string),
    campaigns: ageOf(emailCampaigns.nodes[0].name as string),
    contacts: ageOf(contacts.nodes[0].firstName as string),
  };
}

it('twenty dashboards make the calls of one for an hour, tell the age of their data, and show at once what one of them writes', async () => {
  clock = manualClock(NOON);
  app = await startApp({
    sandbox: { contacts: 30, campaigns: 10, clock, requestsPerSecond: 4, requestsPerDay: 10_000 },
    client: {
      clock,
      random: () => 0,
      cacheSeconds: RECOMMENDED_AGES,
      staleSeconds: 3_600,
      requestsPerSecond: 4,
      requestsPerDay: 10_000,
      reservedForMutations: 500,
    },
  });
  const oldest: Record<string, number> = {};
  const wrong: string[] = [];
  let edits = 0;
  let jobTitle: string | undefined;
  let edited: string | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    if (edited !== undefined && round % EDIT_EVERY === 0) {
      jobTitle = `Reader ${String((edits += 1))}`;
      const { data } = await clock.run(
        app.query(
          `mutation { updateContact(input: { id: "${edited}", jobTitle: "${jobTitle}" }) { userErrors { message } } }`,
        ),
      );
      expect(data.updateContact.userErrors).toEqual([]);
    }
    changeElsewhere();
    const askedAt = clock.now();
    const desks = Array.from({ length: DESKS }, () => app.query(DASHBOARD));
    for (const answer of await clock.run(Promise.all(desks))) {
      expect(answer.errors).toBeUndefined();
      const told = Number(answer.extensions.upstream.oldestSeconds ?? 0);
      for (const [family, age] of Object.entries(agesIn(answer, askedAt))) {
        oldest[family] = Math.max(oldest[family] ?? 0, age);
        if (age > told) wrong.push(`${family} is ${String(age)} seconds old, not ${String(told)}`);
      }
      const [first] = answer.data.contacts.nodes;
      edited ??= first.contactId as string;
      if (jobTitle !== undefined && first.jobTitle !== jobTitle)
        wrong.push(`${String(first.jobTitle)} is shown, not ${jobTitle}`);
    }
    await clock.advance(NOON + (round + 1) * ROUND_MS - clock.now());
  }
  expect(wrong).toEqual([]);
  expect(edits).toBe(ROUNDS / EDIT_EVERY - 1);
  for (const [family, age] of Object.entries(oldest))
    expect(age, family).toBeLessThanOrEqual(RECOMMENDED_AGES[family as keyof typeof RECOMMENDED_AGES]);

  const counted = new Map<OperationId, number>();
  for (const id of app.calls()) counted.set(id, (counted.get(id) ?? 0) + 1);
  expect(counted.get('putContact')).toBe(edits);
  expect(counted.get('getContact')).toBe(edits);
  counted.delete('putContact');
  counted.delete('getContact');
  expect([...counted.keys()].sort()).toEqual(Object.keys(CALLS).sort());
  for (const [id, family] of Object.entries(CALLS)) {
    const refreshes = Math.ceil(HOUR_SECONDS / RECOMMENDED_AGES[family]);
    const most = refreshes + (family === 'contacts' ? edits : 0);
    expect(counted.get(id as OperationId), id).toBeLessThanOrEqual(most);
  }
});
