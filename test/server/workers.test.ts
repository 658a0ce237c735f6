import { afterEach, describe, expect, it } from 'vitest';
import { runCommand } from '../support/command.js';
import { json, startUpstream, type Handler, type Upstream } from '../support/plumbing.js';
import { startWorkers, type WorkersCommand } from '../support/workers.js';

const QUERY = '{ contactLists(first: 1) { nodes { name } } }';
const NO_LISTS = json(200, { lists: [], lists_count: 0 });
const ANSWER = { data: { contactLists: { nodes: [] } } };
const UNLIMITED = {
  CONSTANT_CONTACT_REQUESTS_PER_SECOND: '0',
  CONSTANT_CONTACT_REQUESTS_PER_DAY: '0',
  REFERENCE_CACHE_SECONDS: '0',
};

let upstream: Upstream | undefined;
let workers: WorkersCommand | undefined;
afterEach(async () => {
  workers?.kill('SIGKILL');
  await workers?.exited;
  await upstream?.close();
  upstream = workers = undefined;
});

async function start(handler: Handler): Promise<WorkersCommand> {
  upstream = await startUpstream(handler);
  workers = await startWorkers(2, {
    ...UNLIMITED,
    CONSTANT_CONTACT_API_URL: upstream.url,
    CONSTANT_CONTACT_ACCESS_TOKEN: 'token',
  });
  return workers;
}

/** Workers with a request in flight in each, which `answer` ends. */
async function startBusy() {
  const answers: (() => void)[] = [];
  let onCalled = () => {};
  const called = new Promise<void>((resolve) => (onCalled = resolve));
  const command = await start((request, response) => {
    answers.push(() => NO_LISTS(request, response));
    if (answers.length === 2) onCalled();
  });
  const inFlight = [command.ask(QUERY), command.ask(QUERY)];
  await called;
  const answer = () => {
    for (const one of answers) one();
  };
  return { command, inFlight, answer };
}

const readiness = async (command: WorkersCommand) => (await command.fetch('/readyz')).status;

describe('serve --workers refuses', () => {
  const SHARED = 'so that workers share the limits of the API key.';
  const UNLIMITED_TEXT = 'CONSTANT_CONTACT_REQUESTS_PER_SECOND=0 and CONSTANT_CONTACT_REQUESTS_PER_DAY=0.';
  const NO_LIMITS = `where the API key has no limits, set ${UNLIMITED_TEXT}`;
  const ACCOUNT = {
    CONSTANT_CONTACT_API_URL: 'http://127.0.0.1:9/v3',
    CONSTANT_CONTACT_ACCESS_TOKEN: 'token',
  };

  it.each([
    [
      'limits without Redis',
      ACCOUNT,
      `requires REDIS_URL, ${SHARED} Set it, use one process, or, ${NO_LIMITS}`,
    ],
    [
      'a daily limit without Redis',
      { ...ACCOUNT, CONSTANT_CONTACT_REQUESTS_PER_SECOND: '0' },
      `requires REDIS_URL, ${SHARED}`,
    ],
    [
      'an embedded sandbox account',
      {},
      `Set REDIS_URL too, or start the sandbox with --no-limits and set ${UNLIMITED_TEXT}`,
    ],
    [
      'an embedded sandbox account even with Redis',
      { REDIS_URL: 'redis://127.0.0.1:9' },
      'set CONSTANT_CONTACT_API_URL and CONSTANT_CONTACT_ACCESS_TOKEN to what it prints.\n',
    ],
    [
      'more workers than REDIS_PROCESSES',
      { ...ACCOUNT, REDIS_URL: 'redis://127.0.0.1:9', REDIS_PROCESSES: '2' },
      'requires REDIS_PROCESSES of at least 3; it is 2',
    ],
  ])('%s', async (_, env, why) => {
    const command = runCommand(['serve', '--workers', '3'], { PORT: '0', ...env });
    expect(await command.exited).toBe(2);
    expect(command.output()).toContain(`--workers 3 requires`);
    expect(command.output()).toContain(why);
  });

  it('a port in use, and says so once', async () => {
    const taken = await startUpstream(json(200, {}));
    const env = { ...ACCOUNT, ...UNLIMITED, PORT: new URL(taken.url).port };
    const command = runCommand(['serve', '--workers', '2'], env);
    expect(await command.exited).toBe(1);
    expect(command.output().match(/another port with --port or PORT/g)).toHaveLength(1);
    await taken.close();
  });
});

describe('workers without daily limit and Redis', () => {
  it('share one port, and each reports the metrics of all', async () => {
    const sockets = new Set<unknown>();
    const command = await start((request, response) => {
      sockets.add(request.socket);
      NO_LISTS(request, response);
    });
    expect(new Set(command.pids()).size).toBe(2);
    for (let asked = 0; asked < 8; asked += 1) expect(await command.ask(QUERY)).toMatchObject(ANSWER);
    // Each worker uses its connection to the API again. It may open another one, as long as the answer is not read to its end.
    expect(sockets.size).toBeGreaterThanOrEqual(2);
    expect(sockets.size).toBeLessThanOrEqual(4);
    for (let scraped = 0; scraped < 2; scraped += 1) {
      await expect.poll(() => command.metric('rest_calls_total')).toBe(8);
      // Counted a moment after the response.
      await expect.poll(() => command.metric('operation_seconds_count')).toBe(8);
      expect(await (await command.fetch('/metrics')).text()).toContain('budget_remaining +Inf');
      // Each worker counts its own calls.
      expect(await command.metric('budget_used')).toBe(8);
    }
    const both = await Promise.all([command.metric('rest_calls_total'), command.metric('rest_calls_total')]);
    expect(both).toEqual([8, 8]);
  });

  it('are restarted when they are killed, the last one too', async () => {
    const command = await start(NO_LISTS);
    const [first, second] = command.pids() as [number, number];
    process.kill(first, 'SIGKILL');
    await command.printed(/worker ended/);
    // The other worker still answers.
    expect(await command.ask(QUERY)).toMatchObject(ANSWER);
    process.kill(second, 'SIGKILL');
    await command.printed(/(worker listening[^]*){4}/);
    expect(new Set(command.pids()).size).toBe(4);
    command.kill('SIGTERM');
    expect(await command.exited).toBe(0);
  });

  it.each([
    ['SIGTERM', 'the primary process'],
    ['SIGTERM', 'all processes'],
    ['SIGINT', 'all processes'],
  ] as const)('finish what is in flight after %s to %s', async (signal, target) => {
    const { command, inFlight, answer } = await startBusy();
    if (target === 'all processes') for (const pid of command.pids()) process.kill(pid, signal);
    command.kill(signal);
    await expect.poll(() => readiness(command)).toBe(503);
    answer();
    for (const one of await Promise.all(inFlight)) expect(one).toMatchObject(ANSWER);
    expect(await command.exited).toBe(0);
    expect(command.output()).not.toContain('worker ended');
  });

  it('stop immediately at a second signal', async () => {
    const { command, inFlight } = await startBusy();
    const results = Promise.allSettled(inFlight);
    command.kill('SIGTERM');
    await expect.poll(() => readiness(command)).toBe(503);
    command.kill('SIGTERM');
    expect(await command.exited).toBe(1);
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('finish operations in flight after their primary process was killed, and stop', async () => {
    const { command, inFlight, answer } = await startBusy();
    command.kill('SIGKILL');
    // The primary process owns the port.
    await expect.poll(() => command.fetch('/healthz').catch(() => null)).toBeNull();
    answer();
    for (const one of await Promise.all(inFlight)) expect(one).toMatchObject(ANSWER);
    await command.exited;
  });
});
