import { expect } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { generator } from './random.js';

const CONCURRENCY = 6;
/** Fewest reads, even on a slow machine. */
const MIN_READS = 200;

export const TENANTS = { 'token-of-anna': 'ANNA', 'token-of-boris': 'BORIS' } as const;
export type Token = keyof typeof TENANTS;
export const TOKENS = Object.keys(TENANTS) as Token[];

/** Accounts of the same seed, whose records have the same ids. */
export const TENANT_ACCOUNTS = Object.fromEntries(TOKENS.map((token) => [token, { seed: 7, contacts: 60 }]));

/** Marks every name in the account with its tenant. */
export function markTenants(sandbox: Sandbox): void {
  for (const token of TOKENS) {
    const account = sandbox.account(token);
    const own = TENANTS[token];
    account.profile.summary.organization_name = own;
    for (const row of account.contacts) row.first_name = own;
    for (const row of account.lists) row.name = `${own} ${row.list_id}`;
    for (const row of account.tags) row.name = `${own} ${row.tag_id}`;
    for (const row of account.customFields) row.label = `${own} ${row.custom_field_id}`;
    for (const row of account.segments) row.name = `${own} ${row.segment_id}`;
    for (const row of account.campaigns) row.name = `${own} ${row.campaign_id}`;
  }
}

/** Queries whose answers contain names. */
export function questions(sandbox: Sandbox): string[] {
  const { contacts, lists, tags, campaigns, segments } = sandbox.account(TOKENS[0]);
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

/** Writes of one tenant, which invalidate its cache while the other tenant reads. */
function change(sandbox: Sandbox, token: Token, turn: number): string {
  const [list] = [...sandbox.account(token).lists];
  return `mutation { updateContactList(input: { id: "${list!.list_id}", name: "${TENANTS[token]} ${turn}" }) { contactList { name } userErrors { code } } }`;
}

/**
 * Queries for both tenants concurrently for a given time, and checks that no answer contains the other's
 * mark. @returns the number of reads from the cache
 */
export async function hammer(
  sandbox: Sandbox,
  seconds: number,
  ask: (token: Token, query: string) => Promise<{ data?: any; errors?: any; extensions: any }>,
): Promise<number> {
  const asked = questions(sandbox);
  const random = generator(3);
  const until = performance.now() + seconds * 1_000;
  const wrong: string[] = [];
  let answers = 0;
  let cached = 0;
  const hammerFor = async (token: Token) => {
    const foreign = TOKENS.filter((other) => other !== token).map((other) => TENANTS[other]);
    for (let turn = 0; performance.now() < until || answers < MIN_READS; turn += 1) {
      const isChange = turn % 25 === 24;
      const query = isChange ? change(sandbox, token, turn) : asked[Math.floor(random() * asked.length)];
      const answer = await ask(token, query as string);
      const text = JSON.stringify(answer);
      const isOwn = answer.errors === undefined && text.includes(TENANTS[token]);
      if (!isOwn || foreign.some((name) => text.includes(name))) wrong.push(`${token}: ${query} ${text}`);
      answers += 1;
      cached += answer.extensions.upstream.cached as number;
    }
  };
  await Promise.all(TOKENS.flatMap((token) => Array.from({ length: CONCURRENCY }, () => hammerFor(token))));
  expect(wrong).toEqual([]);
  expect(new Set(sandbox.journal.entries.map(({ credential }) => credential))).toEqual(new Set(TOKENS));
  return cached;
}
