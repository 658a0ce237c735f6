import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearerCredentials, partnerCredentials } from '../../src/constant-contact/auth/credentials.js';
import type { AccountSizes } from '../../src/constant-contact/cache/account-sizes.js';
import { createConstantContact, type ConstantContact } from '../../src/constant-contact/client.js';
import { encodeGlobalId, type NodeType } from '../../src/resolvers/support/global-id.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { buildSchema } from '../../src/schema/index.js';
import { createApp, type App } from '../../src/server/app.js';
import { silentLogger } from '../../src/server/logger.js';
import { credentialSource } from '../../src/server/plugins/credentials.js';
import { queryCostOf } from '../../src/server/query-cost.js';
import { startApp, type TestApp } from '../support/app.js';
import { recordIds } from '../support/example-variables.js';
import { FIRST_QUERIES, ORDINARY_QUERIES } from '../support/ordinary-queries.js';
import { overSocket } from '../support/socket.js';

interface Answer {
  errors?: { message: string; extensions: { cost?: number } }[];
  extensions?: { upstream: { calls: number } };
}

/** Domains whose calls depend on how many contacts the account has. */
const OF_CONTACTS = ['contacts', 'members of lists and tags', 'reports'];
/** Reports that take the sandbox long in a large account; what they cost does not depend on its size. */
const SLOW =
  /activityDetails|openAndClickRates|activitySummary|links \{ url uniqueClicks \}|nodes \{ emailAddress (bounceReason |linkUrl )?\}/;
/** Queries whose cost depends on the number of contacts. */
const BY_CONTACTS = /contact/;

/**
 * Recipients in a large account that are looked for among the members of the lists of their email, and found there before the end:
 * nothing tells before where. Such a query costs at most so many calls more than it makes.
 */
const EXPLORING = /\bsends\(first: 1000\).*tags \{/;
const MOST_ABOVE_EXPLORING = 175;

/** Account sizes that a process knows after it has run for a while. */
const SIZES =
  '{ contacts(first: 1) { totalCount } contactLists { nodes { membershipCount } } tags { nodes { contactsCount } } segments { nodes { name } } emailCampaigns { nodes { name } } events { nodes { name } } automations { nodes { name } } }';

const schema = buildSchema();

describe.each([
  { contacts: 1_000, domains: Object.keys(ORDINARY_QUERIES) },
  { contacts: 100_000, domains: OF_CONTACTS },
])('the query cost with $contacts contacts', ({ contacts, domains }) => {
  let sandbox: Sandbox;
  let client: ConstantContact;
  /** Runs what it is asked. */
  let open: App;
  /** Refuses all that costs more than one call, and says what it costs. */
  let tight: App;
  /** The same for callers with tokens of their own, each an account of which nothing is known. */
  let openToAll: App;
  let tightToAll: App;
  let variables: Record<string, unknown>;

  const appOf = (maxQueryCost: number, token: string | null) =>
    overSocket(
      createApp({
        schema,
        client,
        maxQueryCost,
        credentials: credentialSource(
          token === null ? null : bearerCredentials('sandbox', token),
          partnerCredentials('sandbox', sandbox.token),
        ),
        apiHost: new URL(sandbox.url).host,
        logger: silentLogger(),
      }),
    );
  const ask = async (app: App, query: string, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await app.fetch('http://facade.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  };

  beforeAll(async () => {
    sandbox = await createSandbox({ contacts, requestsPerSecond: 0, requestsPerDay: 0 });
    client = createConstantContact({
      baseUrl: sandbox.url,
      requestsPerSecond: 0,
      requestsPerDay: 0,
      attemptTimeoutMs: 120_000,
      // Every query makes all of its calls.
      referenceCacheSeconds: 0,
    });
    [open, tight] = [appOf(0, sandbox.token), appOf(1, sandbox.token)];
    [openToAll, tightToAll] = [appOf(0, null), appOf(1, null)];
    variables = variablesOf(sandbox);
    await ask(open, SIZES);
  });
  afterAll(async () => {
    await Promise.all([open, tight, openToAll, tightToAll].map((app) => app.close()));
    await client.close();
    await sandbox.close();
  });

  it('is at least the number of calls and at most three times it when nothing is known', async () => {
    const wrong: string[] = [];
    for (const [at, query] of FIRST_QUERIES.entries()) {
      if (contacts > 1_000 && (SLOW.test(query) || !BY_CONTACTS.test(query))) continue;
      const as = (caller: string) => ({ authorization: `Bearer ${caller}-${String(at)}` });
      const refusal = await ask(tightToAll, query, as('refused'));
      const cost = refusal.errors?.[0]?.extensions.cost ?? 1;
      const { errors, extensions } = await ask(openToAll, query, as('answered'));
      expect(errors, query).toBeUndefined();
      const calls = extensions?.upstream.calls ?? 0;
      if (cost < calls || cost > 3 * calls) wrong.push(`${String(cost)} for ${String(calls)}: ${query}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each(domains)('is at least the number of calls and at most three times it: %s', async (domain) => {
    const wrong: string[] = [];
    for (const query of ORDINARY_QUERIES[domain] ?? []) {
      if (contacts > 1_000 && SLOW.test(query)) continue;
      const refusal = await ask(tight, query);
      const cost = refusal.errors?.[0]?.extensions.cost ?? 1;
      const { errors, extensions } = await ask(open, query);
      expect(errors, query).toBeUndefined();
      const calls = extensions?.upstream.calls ?? 0;
      const isExploring = contacts > 1_000 && EXPLORING.test(query);
      const most = isExploring ? calls + MOST_ABOVE_EXPLORING : 3 * calls;
      if (cost < calls || cost > most) wrong.push(`${String(cost)} for ${String(calls)}: ${query}`);
    }
    expect(wrong).toEqual([]);
  });
});

it('no query is rejected for an account size that is not known yet', async () => {
  const maxQueryCost = 200;
  // Each caller's account is one of which nothing is known.
  const app = await startApp({ credentials: null, maxQueryCost });
  const variables = variablesOf(app.sandbox);
  const ask = (query: string, token: string) =>
    app.query(query, { variables, headers: { authorization: `Bearer ${token}` } });
  const sized = await startApp();
  const costOf = (query: string, known?: AccountSizes) =>
    queryCostOf({ schema, document: parse(query), variableValues: variables, known }).total;
  try {
    await sized.query(SIZES);
    const queries = Object.values(ORDINARY_QUERIES)
      .flat()
      .filter((query) => costOf(query) > maxQueryCost && costOf(query, sized.sizes()) <= maxQueryCost);
    expect(queries.length).toBeGreaterThanOrEqual(3);
    for (const [at, query] of queries.entries()) {
      const { errors, extensions } = await ask(query, `cold-${String(at)}`);
      expect(errors, query).toBeUndefined();
      const { calls } = (await ask(query, `cold-${String(at)}`)).extensions.upstream as { calls: number };
      expect(extensions.upstream.calls, query).toBeLessThanOrEqual(calls + 4);
    }
    // A query that is too expensive at any size is rejected; the contacts are counted once.
    const dear = '{ contacts(first: 1000) { nodes { smsEngagementHistory { source } } } }';
    for (const calls of [1, 0]) {
      const { errors, extensions } = await ask(dear, 'dear');
      expect(errors?.[0].extensions).toMatchObject({ code: 'QUERY_TOO_EXPENSIVE', limit: maxQueryCost });
      expect(extensions.upstream.calls).toBe(calls);
    }
  } finally {
    await sized.close();
    await app.close();
  }
});

function variablesOf(sandbox: Sandbox): Record<string, unknown> {
  const ids = recordIds({ sandbox } as TestApp);
  const contacts = [...sandbox.account().contacts];
  const spread = contacts.filter((_, index) => index % Math.floor(contacts.length / 12) === 0).slice(0, 12);
  const account = sandbox.account();
  const globalIds = <Row>(rows: Iterable<Row>, type: NodeType, idOf: (row: Row) => string | number) =>
    [...rows].slice(0, 5).map((row) => encodeGlobalId(type, String(idOf(row))));
  return {
    ...ids,
    listNodes: globalIds(account.lists, 'ContactList', (row) => row.list_id),
    tagNodes: globalIds(account.tags, 'Tag', (row) => row.tag_id),
    fieldNodes: globalIds(account.customFields, 'CustomField', (row) => row.custom_field_id),
    segmentNodes: globalIds(account.segments, 'Segment', (row) => row.segment_id),
    campaignNodes: globalIds(account.campaigns, 'EmailCampaign', (row) => row.campaign_id),
    activityNodes: globalIds(
      account.campaignActivities.filter(({ role, status }) => role === 'primary_email' && status === 'DONE'),
      'EmailCampaignActivity',
      (row) => row.campaign_activity_id,
    ),
    automationNodes: globalIds(account.automations, 'Automation', (row) => row.id),
    eventNodes: globalIds(account.events, 'Event', (row) => row.event_id),
    // Relative, as the times of the sandbox's records are.
    start: fromNow(-1_065 * 24),
    end: fromNow(31 * 24),
    hourAgo: fromNow(-1),
    email: contacts[0]?.email?.address,
    contactNode: encodeGlobalId('Contact', String(ids['contactId'])),
    contactNodes: spread.map(({ contact_id }) => encodeGlobalId('Contact', contact_id)),
    campaignNode: encodeGlobalId('EmailCampaign', String(ids['campaignId'])),
  };
}

function fromNow(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString();
}

it('at least a hundred ordinary queries are tested', () => {
  expect(Object.values(ORDINARY_QUERIES).flat().length).toBeGreaterThanOrEqual(100);
});
