import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FAMILIES } from '../../src/constant-contact/cache/ages.js';
import { startApp, type Answer, type TestApp } from '../support/app.js';
import { generator } from '../support/random.js';

/** As long as `CROSS_TENANT_SECONDS=10` says. */
const SECONDS = Number(process.env['CROSS_TENANT_SECONDS'] ?? 2);
const AT_A_TIME = 6;
/** However slow the machine is. */
const FEWEST = 200;

const TENANTS = { 'token-of-anna': 'ANNA', 'token-of-boris': 'BORIS' } as const;
type Token = keyof typeof TENANTS;
const TOKENS = Object.keys(TENANTS) as Token[];

let app: TestApp;
beforeEach(async () => {
  // The same seed: both accounts have records with the same ids.
  const account = { seed: 7, contacts: 60 };
  app = await startApp({
    credentials: null,
    sandbox: { tokens: Object.fromEntries(TOKENS.map((token) => [token, account])) },
    client: { cacheSeconds: Object.fromEntries(FAMILIES.map((family) => [family, 60])), staleSeconds: 3_600 },
  });
  TOKENS.forEach(mark);
});
afterEach(async () => {
  expect(app.sandbox.violations).toEqual([]);
  await app.close();
});

/** Everything that has a name bears its owner's. */
function mark(token: Token): void {
  const account = app.sandbox.account(token);
  const own = TENANTS[token];
  account.profile.summary.organization_name = own;
  for (const row of account.contacts) row.first_name = own;
  for (const row of account.lists) row.name = `${own} ${row.list_id}`;
  for (const row of account.tags) row.name = `${own} ${row.tag_id}`;
  for (const row of account.customFields) row.label = `${own} ${row.custom_field_id}`;
  for (const row of account.segments) row.name = `${own} ${row.segment_id}`;
  for (const row of account.campaigns) row.name = `${own} ${row.campaign_id}`;
}

function questions(): string[] {
  const { contacts, lists, tags, campaigns, segments } = app.sandbox.account(TOKENS[0]);
  const some = <T>(rows: Iterable<T>, id: (row: T) => unknown) =>
    [...rows].slice(0, 4).map((row) => String(id(row)));
  const everything =
    'firstName lists { name membershipCount } tags { name } customFields { field { label } value }';
  const listed = [...campaigns].filter((row) => !row.phantom);
  return [
    '{ account { organizationName } }',
    `{ contacts(first: 10) { nodes { ${everything.replace(' membershipCount', '')} } } }`,
    '{ contactLists(first: 50) { nodes { name membershipCount } } }',
    '{ tags(first: 50) { nodes { name } } }',
    '{ customFields(first: 50) { nodes { label } } }',
    '{ segments(first: 10) { nodes { name } } }',
    '{ emailCampaigns(first: 10) { nodes { name } } }',
    ...some(contacts, (row) => row.contact_id).map((id) => `{ contact(id: "${id}") { ${everything} } }`),
    ...some(lists, (row) => row.list_id).map((id) => `{ contactList(id: "${id}") { name } }`),
    ...some(tags, (row) => row.tag_id).map((id) => `{ tag(id: "${id}") { name } }`),
    ...some(listed, (row) => row.campaign_id).map((id) => `{ emailCampaign(id: "${id}") { name } }`),
    ...some(segments, (row) => row.segment_id).map((id) => `{ segment(id: "${id}") { name } }`),
  ];
}

/** Writes of one tenant make its own cache stale, at the worst moment for the other's. */
function change(token: Token, turn: number): string {
  const [list] = [...app.sandbox.account(token).lists];
  return `mutation { updateContactList(input: { id: "${list!.list_id}", name: "${TENANTS[token]} ${turn}" }) { contactList { name } userErrors { code } } }`;
}

const ask = (token: Token, query: string): Promise<Answer> =>
  app.query(query, { headers: { authorization: `Bearer ${token}` } });

describe('two accounts with the same ids, queried at the same time', () => {
  it(
    'never receive data of the other',
    async () => {
      const asked = questions();
      const random = generator(3);
      const until = performance.now() + SECONDS * 1_000;
      const wrong: string[] = [];
      let answers = 0;
      let cached = 0;
      const hammer = async (token: Token) => {
        const foreign = TOKENS.filter((other) => other !== token).map((other) => TENANTS[other]);
        for (let turn = 0; performance.now() < until || answers < FEWEST; turn += 1) {
          const query = turn % 25 === 24 ? change(token, turn) : asked[Math.floor(random() * asked.length)];
          const answer = await ask(token, query as string);
          const text = JSON.stringify(answer);
          const isOwn = answer.errors === undefined && text.includes(TENANTS[token]);
          if (!isOwn || foreign.some((name) => text.includes(name))) wrong.push(`${token}: ${query} ${text}`);
          answers += 1;
          cached += answer.extensions.upstream.cached as number;
        }
      };
      await Promise.all(TOKENS.flatMap((token) => Array.from({ length: AT_A_TIME }, () => hammer(token))));
      expect(wrong).toEqual([]);
      expect(cached).toBeGreaterThan(0);
      expect(new Set(app.sandbox.journal.entries.map(({ credential }) => credential))).toEqual(
        new Set(TOKENS),
      );
    },
    SECONDS * 1_000 + 60_000,
  );

  it('do not join reads of the other in flight', async () => {
    const [query] = questions();
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
