import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearerCredentials, partnerCredentials } from '../../src/constant-contact/auth/credentials.js';
import { createConstantContact, type ConstantContact } from '../../src/constant-contact/client.js';
import { encodeGlobalId } from '../../src/resolvers/support/global-id.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { buildSchema } from '../../src/schema/index.js';
import { createApp, type App } from '../../src/server/app.js';
import { silentLogger } from '../../src/server/logger.js';
import { credentialSource } from '../../src/server/plugins/credentials.js';
import type { TestApp } from '../support/app.js';
import { recordIds } from '../support/example-variables.js';
import { ORDINARY_QUERIES } from '../support/ordinary-queries.js';
import { overSocket } from '../support/socket.js';

interface Answer {
  errors?: { message: string; extensions: { price?: number } }[];
  extensions?: { upstream: { calls: number } };
}

/** Domains whose calls depend on how many contacts the account has. */
const OF_CONTACTS = ['contacts', 'reports'];
/** Fields of one contact that take the sandbox long in a large account; what they cost does not depend on its size. */
const SLOW = /activityDetails|openAndClickRates|activitySummary/;

const schema = buildSchema();

describe.each([
  { contacts: 1_000, domains: Object.keys(ORDINARY_QUERIES) },
  { contacts: 100_000, domains: OF_CONTACTS },
])('with $contacts contacts', ({ contacts, domains }) => {
  let sandbox: Sandbox;
  let client: ConstantContact;
  /** Runs what it is asked. */
  let open: App;
  /** Refuses all that costs more than one call, and says what it costs. */
  let tight: App;
  let variables: Record<string, unknown>;

  const appOf = (maxQueryCost: number) =>
    overSocket(
      createApp({
        schema,
        client,
        maxQueryCost,
        credentials: credentialSource(
          bearerCredentials('sandbox', sandbox.token),
          partnerCredentials('sandbox', sandbox.token),
        ),
        apiHost: new URL(sandbox.url).host,
        logger: silentLogger(),
      }),
    );
  const ask = async (app: App, query: string): Promise<Answer> => {
    const response = await app.fetch('http://facade.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
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
    [open, tight] = [appOf(0), appOf(1)];
    variables = variablesOf(sandbox);
    // What a process that has run for a while knows of the account.
    await ask(
      open,
      '{ contacts(first: 1) { totalCount } contactLists { nodes { membershipCount } } tags { nodes { contactsCount } } segments { nodes { name } } emailCampaigns { nodes { name } } events { nodes { name } } automations { nodes { name } } }',
    );
  }, 120_000);
  afterAll(async () => {
    await Promise.all([open.close(), tight.close()]);
    await client.close();
    await sandbox.close();
  });

  it.each(domains)(
    'costs at most three times the calls it makes, and never less: %s',
    async (domain) => {
      const wrong: string[] = [];
      for (const query of ORDINARY_QUERIES[domain] ?? []) {
        if (contacts > 1_000 && SLOW.test(query)) continue;
        const refusal = await ask(tight, query);
        const price = refusal.errors?.[0]?.extensions.price ?? 1;
        const { errors, extensions } = await ask(open, query);
        expect(errors, query).toBeUndefined();
        const calls = extensions?.upstream.calls ?? 0;
        if (price < calls || price > 3 * calls) wrong.push(`${String(price)} for ${String(calls)}: ${query}`);
      }
      expect(wrong).toEqual([]);
    },
    300_000,
  );
});

function variablesOf(sandbox: Sandbox): Record<string, unknown> {
  const ids = recordIds({ sandbox } as TestApp);
  const contacts = [...sandbox.account().contacts];
  const spread = contacts.filter((_, index) => index % Math.floor(contacts.length / 12) === 0).slice(0, 12);
  return {
    ...ids,
    start: '2024-01-01T00:00:00Z',
    end: '2026-12-31T00:00:00Z',
    hourAgo: new Date(Date.now() - 60 * 60 * 1_000).toISOString(),
    email: contacts[0]?.email?.address,
    contactNode: encodeGlobalId('Contact', String(ids['contactId'])),
    contactNodes: spread.map(({ contact_id }) => encodeGlobalId('Contact', contact_id)),
    campaignNode: encodeGlobalId('EmailCampaign', String(ids['campaignId'])),
  };
}

it('knows at least a hundred ordinary queries', () => {
  expect(Object.values(ORDINARY_QUERIES).flat().length).toBeGreaterThanOrEqual(100);
});
