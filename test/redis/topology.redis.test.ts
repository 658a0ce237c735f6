import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { openAccount } from '../../src/constant-contact/auth/account.js';
import { systemClock } from '../../src/constant-contact/clock.js';
import { approve } from '../support/account.js';
import { runCommand, type Command } from '../support/command.js';
import { Authorities } from '../support/certificates.js';
import { startRedis, until } from '../support/redis.js';
import { startCluster, startSentinel, type RedisTopology } from '../support/redis-topology.js';

const NAMESPACE = 'topology';
const CLIENT_ID = 'application';
/** Of a partner's key, so that less time is spent on waiting. */
const PER_SECOND = 10;

/** The rights that docs/redis.md gives a user of Redis. */
const acl =
  /`ACL SETUSER \S+ on >\S+ ([^`]*)`/
    .exec(readFileSync(new URL('../../docs/redis.md', import.meta.url), 'utf8'))?.[1]
    ?.split(' ') ?? [];
const authorities = new Authorities();
const tls = authorities.create('authority').then((authority) => authority.issue(['127.0.0.1']));

const STARTS: Record<string, () => Promise<RedisTopology>> = {
  'Redis Sentinel': startSentinel,
  'Redis Cluster': () => startCluster(NAMESPACE),
  'Redis Sentinel with TLS and a user': async () => startSentinel({ acl, tls: await tls }),
  'Redis Cluster with TLS and a user': async () => startCluster(NAMESPACE, { acl, tls: await tls }),
};
afterAll(() => authorities.close());

/** One facade process. */
interface Process extends Command {
  url: string;
}

const serve = async (env: Record<string, string>): Promise<Process> => {
  const command = runCommand(['serve'], { PORT: '0', LOG_LEVEL: 'info', ...env });
  const [url] = await command.printed(/http:\S+\/graphql(?=\s)/);
  return { ...command, url };
};

async function ask(url: string, query: string): Promise<any> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

const health = async ({ url }: Process): Promise<any> => (await fetch(new URL('/healthz', url))).json();

describe.each(Object.keys(STARTS))('%s', (kind) => {
  let redis: RedisTopology;
  let sandbox: Sandbox;
  let processes: Process[] = [];
  let env: Record<string, string>;

  beforeAll(async () => {
    [redis, sandbox] = await Promise.all([
      (STARTS[kind] as () => Promise<RedisTopology>)(),
      createSandbox({
        requestsPerSecond: PER_SECOND,
        requestsPerDay: 10_000,
        validate: false,
        // Renewed from 90 to 100 seconds: a failover takes less than what is left of a token then.
        oauth: { accessTokenSeconds: 100 },
      }),
    ]);
    const { oauth } = openAccount(
      {
        clientId: CLIENT_ID,
        clientSecret: null,
        refreshToken: null,
        tokenFile: '/dev/null',
        tokenKey: null,
        authUrl: sandbox.oauth.url,
      },
      { clock: systemClock },
    );
    const { refreshToken } = await approve({ oauth });
    env = {
      CONSTANT_CONTACT_API_URL: sandbox.url,
      CONSTANT_CONTACT_AUTH_URL: sandbox.oauth.url,
      CONSTANT_CONTACT_CLIENT_ID: CLIENT_ID,
      CONSTANT_CONTACT_REFRESH_TOKEN: String(refreshToken),
      CONSTANT_CONTACT_REQUESTS_PER_SECOND: String(PER_SECOND),
      REDIS_NAMESPACE: NAMESPACE,
      REDIS_PROCESSES: '3',
      ...(redis.url.startsWith('rediss') && { REDIS_CA: (await tls).ca }),
    };
    // One after the other: a server gives up when it has not reached Redis, and so its login, in two seconds.
    processes = [];
    while (processes.length < 3) processes.push(await serve({ ...env, REDIS_URL: redis.url }));
    await until(connected, 'the connection of all processes');
  });
  afterAll(async () => {
    for (const process of processes) process.kill('SIGKILL');
    await sandbox?.close();
    await redis?.close();
  });
  beforeEach(() => {
    sandbox.journal.clear();
  });

  const connected = async () =>
    (await Promise.all(processes.map(health))).every((one) => one.redis.status === 'connected');

  /** Writes with every process until it is stopped; returns the written addresses and the responses with errors. */
  function write(name: string) {
    let isGoing = true;
    const emails: string[] = [];
    const failed: unknown[] = [];
    const worker = async ({ url }: Process, number: number) => {
      for (let n = 0; isGoing; n += 1) {
        const email = `${name}-${String(number)}-${String(n)}@example.com`;
        const input = `{ emailAddress: { address: "${email}" } }`;
        const answer = await ask(
          url,
          `mutation { createContact(input: ${input}) { contact { contactId } userErrors { message } } }`,
        );
        if (!answer.data?.createContact?.contact) failed.push(answer);
        emails.push(email);
      }
    };
    const workers = [...processes, ...processes].map(worker);
    return async () => {
      isGoing = false;
      await Promise.all(workers);
      return { emails, failed };
    };
  }

  it('shares one budget and one login among three processes', async () => {
    const stop = write('calm');
    await until(() => sandbox.journal.count() >= 40, 'forty requests');
    const { emails, failed } = await stop();
    expect(failed).toEqual([]);
    expect(sandbox.journal.count('createContact')).toBe(emails.length);
    expect(sandbox.journal.busiestSecond()).toBeLessThanOrEqual(PER_SECOND);
    expect(sandbox.journal.entries.filter(({ status }) => status === 429)).toEqual([]);
  });

  it.each(['plainUrl', 'replicaUrl'] as const)('is rejected at start by its %s', async (which) => {
    const command = runCommand(['serve'], { PORT: '0', ...env, REDIS_URL: redis[which] });
    expect(await command.exited).toBe(1);
    const hint = kind.startsWith('Redis Cluster') ? '+cluster://' : '+sentinel://';
    expect(command.output()).toMatch(/REDIS_URL names/);
    expect(command.output()).toContain(`redis${hint}`);
  });

  it('keeps a login that is renewed, the budget, and every write, while the master is lost', async () => {
    const stop = write('failover');
    await until(() => sandbox.journal.count() >= 20, 'the first requests');
    await redis.killMaster();
    await until(async () => !(await connected()), 'the loss');
    await until(connected, 'the return of all processes');
    const countAtReturn = sandbox.journal.count();
    await until(() => sandbox.journal.count() >= countAtReturn + 60, 'requests after the failover');
    const { emails, failed } = await stop();
    expect(failed).toEqual([]);
    // No write failed and none was sent twice.
    expect(sandbox.journal.count('createContact')).toBe(emails.length);
    expect(sandbox.journal.busiestSecond()).toBeLessThanOrEqual(PER_SECOND);
    expect(sandbox.oauth.reuses).toBe(0);
    for (const { output } of processes) {
      expect(output()).toContain('Redis unreachable');
      expect(output().match(/Redis connected/g)?.length).toBeGreaterThanOrEqual(2);
    }
    // The budget is one again: what each sends is seen by all.
    const left = (await health(processes[0] as Process)).rateLimit.remainingToday;
    await ask(String(processes[1]?.url), '{ contactByEmail(email: "late@example.com") { id } }');
    await until(
      async () => (await health(processes[0] as Process)).rateLimit.remainingToday < left,
      'the count',
    );
    expect(await (await fetch(new URL('/readyz', processes[0]?.url))).json()).toEqual({
      status: 'ready',
      redis: 'connected',
    });
  });

  it('does not start with a wrong or missing password, and says what to correct', async () => {
    const sentinelOnly = redis.url.replace(/sentinelPassword=.*/, 'sentinelPassword=wrong');
    const cases: [url: string, message: RegExp][] = [
      [
        redis.url.replace(/:[^:@/]*@/, ':wrong@'),
        /Redis does not accept the user name and password of REDIS_URL/,
      ],
      [redis.url.replace(/[^@/]*@/, ''), /Redis requires a password, and REDIS_URL has none/],
    ];
    if (sentinelOnly !== redis.url)
      cases.push([sentinelOnly, /The Redis Sentinel does not accept the password/]);
    for (const [REDIS_URL, message] of cases) {
      const command = runCommand(['serve'], { PORT: '0', ...env, REDIS_URL });
      expect(await command.exited).toBe(1);
      expect(command.output()).toMatch(message);
      expect(command.output()).not.toContain('wrong');
    }
  });
});

describe('an unsuitable Redis server', () => {
  it.each([
    ['redis+cluster://', '', 'not part of a Redis Cluster'],
    ['redis+sentinel://', '/primary', 'not a Redis Sentinel'],
    ['redis://', '/99', 'names a database that the server does not have'],
  ])('is rejected at start as %s…%s', async (scheme, path, why) => {
    const redis = await startRedis();
    try {
      const command = runCommand(['serve'], {
        PORT: '0',
        CONSTANT_CONTACT_API_URL: 'http://127.0.0.1:9',
        REDIS_URL: redis.url.replace('redis://', scheme) + path,
      });
      expect(await command.exited).toBe(1);
      expect(command.output()).toContain(why);
    } finally {
      await redis.close();
    }
  });

  it('does not start with a rejected login, and starts with a warning while unreachable', async () => {
    const redis = await startRedis();
    await redis.client.config('SET', 'requirepass', 'right');
    const start = (REDIS_URL: string) =>
      runCommand(['serve'], { PORT: '0', CONSTANT_CONTACT_API_URL: 'http://127.0.0.1:9', REDIS_URL });
    const withLogin = (login: string) => redis.url.replace('//', `//${login}`);
    try {
      for (const [login, message] of [
        [':wrong@', /Redis does not accept the user name and password of REDIS_URL/],
        ['nobody:right@', /Redis does not accept the user name and password of REDIS_URL/],
        ['', /Redis requires a password, and REDIS_URL has none/],
      ] as const) {
        const command = start(withLogin(login));
        expect(await command.exited).toBe(1);
        expect(command.output()).toMatch(message);
        expect(command.output()).not.toContain('wrong');
      }
      await redis.kill();
      const unreachable = start(withLogin(':wrong@'));
      await unreachable.printed(/Redis unreachable/);
      await unreachable.printed(/\/graphql\s/);
      unreachable.kill('SIGTERM');
      expect(await unreachable.exited).toBe(0);
    } finally {
      await redis.close();
    }
  });
});
