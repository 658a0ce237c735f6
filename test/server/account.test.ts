import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { storeLogin } from '../../src/constant-contact/auth/login.js';
import { createFacade, readConfig, type Facade } from '../../src/index.js';
import { openEvents } from '../support/events.js';
import { CLIENT_ID, HOUR, startAccount, type AccountHarness } from '../support/account.js';

const MARK = 'marked-client-secret';

let harness: AccountHarness;
let facade: Facade;
let lines: string[];
afterEach(async () => {
  await facade.close();
  await harness.close();
});

/** The whole server in account mode, all that it logs, and every token that there ever was. */
async function start(env: Record<string, string> = {}): Promise<{
  /** Sends a query. The clock stands still. */
  send: (headers?: Record<string, string>, query?: string) => Promise<any>;
  /** Sends a query, and advances the clock until it is answered. */
  ask: (headers?: Record<string, string>, query?: string) => Promise<any>;
  secrets: () => string[];
}> {
  harness = await startAccount({ secrets: { [CLIENT_ID]: MARK } });
  const { sandbox, tokenFile, clock } = harness;
  lines = [];
  const write = (chunk: unknown, _encoding: string, done: () => void) => {
    lines.push(String(chunk));
    done();
  };
  const config = readConfig({
    CONSTANT_CONTACT_CLIENT_ID: CLIENT_ID,
    CONSTANT_CONTACT_CLIENT_SECRET: MARK,
    CONSTANT_CONTACT_TOKEN_FILE: tokenFile,
    CONSTANT_CONTACT_AUTH_URL: sandbox.oauth.url,
    CONSTANT_CONTACT_API_URL: sandbox.url,
    REFERENCE_CACHE_SECONDS: '0',
    ...env,
  });
  facade = await createFacade({
    config,
    logger: pino({ level: 'trace' }, new Writable({ write })),
    client: { clock },
  });
  const tokens = await harness.logIn(harness.open({ clientSecret: MARK }));
  const send = async (headers = {}, query = '{ contactLists(first: 1) { nodes { name } } }') => {
    const response = await facade.fetch('http://facade.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    return response.json();
  };
  return {
    secrets: () => [
      MARK,
      tokens.accessToken,
      tokens.refreshToken ?? '',
      ...sandbox.journal.entries.map(({ credential }) => credential),
    ],
    send,
    ask: (headers, query) => clock.run(send(headers, query)),
  };
}

describe('the server in account mode', () => {
  it('uses the login, renews it, and prefers the token of a caller', async () => {
    const { ask } = await start();
    expect(await ask()).toHaveProperty('data.contactLists.nodes');
    await harness.clock.advance(30 * HOUR);
    expect(await ask()).toHaveProperty('data.contactLists.nodes');
    expect(await ask({ authorization: 'Bearer of-a-caller' })).toHaveProperty('data.contactLists.nodes');
    expect(harness.asked()).toBe(1);
    const used = harness.sandbox.journal.entries.map(({ credential }) => credential);
    expect(new Set(used).size).toBe(3);
    expect(used.at(-1)).toBe('of-a-caller');
    const health = await facade.fetch('http://facade.test/healthz');
    expect(await health.json()).toMatchObject({ credentials: 'account' });
  });

  it('caches the first read, and the first write invalidates what was read', async () => {
    const { ask } = await start({ CACHE: 'lists=600' });
    const { sandbox, clock } = harness;
    const operations = () => sandbox.journal.operations();
    await ask();
    await ask();
    expect(operations()).toEqual(['getLists']);
    await clock.advance(30 * HOUR);
    await ask({}, 'mutation { createContactList(input: { name: "New" }) { userErrors { message } } }');
    await ask();
    await ask();
    expect(operations()).toEqual(['getLists', 'createList', 'getLists']);
  });

  it('reports failures and the end of the login to the log and to callers, and never a token', async () => {
    const { ask, secrets } = await start();
    const { oauth } = harness.sandbox;
    await ask();
    await harness.clock.advance(30 * HOUR);
    oauth.faults.script({ fault: { kind: 'html', status: 502 } });
    await ask();
    await harness.clock.advance(30 * HOUR);
    // The server has used up the token, and its answer is lost.
    oauth.faults.script({ fault: { kind: 'truncate' } });
    const answer = await ask();
    expect(answer.errors[0]).toMatchObject({
      message: expect.stringContaining('Log in again'),
      extensions: { code: 'UNAUTHENTICATED', retryable: false },
    });
    const log = lines.join('');
    expect(log).toContain('login renewed');
    expect(log).toContain('login renewal failed; retrying');
    expect(log).toContain('login ended; run `login` again');
    for (const secret of secrets()) {
      expect(log).not.toContain(secret);
      expect(JSON.stringify(answer)).not.toContain(secret);
    }
  });

  it('ends a subscription when the login is replaced', async () => {
    const { ask } = await start();
    const { clock } = harness;
    const { data } = await ask({}, '{ emailCampaigns(first: 1) { nodes { id campaignId } } }');
    const [{ id, campaignId }] = data.emailCampaigns.nodes;
    harness.sandbox.account().campaigns.get(campaignId)!.status = 'EXECUTING';
    const query = 'subscription ($id: ID!) { emailCampaignStatus(id: $id) { status } }';
    const fetch = async (path: string, init?: RequestInit) => facade.fetch(`http://facade.test${path}`, init);
    const events = await clock.run(openEvents({ fetch }, query, { variables: { id } }));
    expect((await clock.run(events.next(), 60_000)).data.emailCampaignStatus.status).toBe('EXECUTING');
    await harness.logIn(harness.open({ clientSecret: MARK }));
    const replacedAt = clock.now();
    const last = await clock.run(events.next(), 60_000);
    expect(last.errors[0]).toMatchObject({
      message: expect.stringContaining('was replaced'),
      extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
    });
    expect(clock.now() - replacedAt).toBeLessThan(120_000);
    await events.leave();
  });

  it('answers nothing from the cache of a replaced login', async () => {
    const { ask, send } = await start({ CACHE: 'lists=10', STALE: '1h' });
    const { sandbox, clock } = harness;
    const other = harness.open({ clientSecret: MARK });
    const tokens = await harness.approve(other);
    await ask();
    await clock.advance(50_000);
    sandbox.faults.script({
      operationId: 'getLists',
      fault: { kind: 'status', status: 503, headers: { 'retry-after': '15' } },
    });
    const answer = send();
    await storeLogin({ store: other.store, clock }, CLIENT_ID, tokens);
    expect((await clock.run(answer)).errors?.[0].message).toContain('was replaced');
  });
});
