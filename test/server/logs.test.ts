import { spawnSync } from 'node:child_process';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { ConstantContactError } from '../../src/constant-contact/errors.js';
import { createMetrics } from '../../src/server/metrics.js';
import { loggable } from '../../src/server/loggable.js';
import { json, startPlumbing, type PlumbingOptions } from '../support/plumbing.js';

let plumbing: Awaited<ReturnType<typeof startPlumbing>> | undefined;
afterEach(async () => {
  await plumbing?.close();
  plumbing = undefined;
});

async function linesOf(query: string, options: PlumbingOptions = {}, headers: Record<string, string> = {}) {
  const lines: any[] = [];
  const logger = pino({ level: 'trace', base: null }, { write: (line) => void lines.push(JSON.parse(line)) });
  plumbing = await startPlumbing({ ...options, logger });
  await plumbing.post({ query, operationName: 'Mine' }, { 'x-request-id': 'abc-1', ...headers });
  return lines;
}

describe('the log line of an operation', () => {
  it('has caller, operation, outcome, duration and cost', async () => {
    const [line, ...others] = await linesOf('query Mine { hello account }');
    expect(others).toEqual([]);
    expect(line).toEqual({
      level: 30,
      time: expect.any(Number),
      msg: 'operation',
      requestId: 'abc-1',
      operation: 'Mine',
      type: 'query',
      outcome: 'ok',
      ms: expect.any(Number),
      calls: 1,
      retries: 0,
      cached: 0,
      waitedMs: 0,
    });
  });

  it.each([
    ['partial', 'query Mine { hello account }'],
    ['failed', 'query Mine { account }'],
  ])('reports the outcome %s', async (outcome, query) => {
    const lines = await linesOf(query, { upstream: json(403, {}) });
    expect(lines.find(({ msg }) => msg === 'operation')).toMatchObject({ outcome, errors: 1 });
  });

  it.each([
    ['query', 'application/json'],
    ['mutation', 'application/json'],
    ['mutation', 'text/event-stream'],
  ])('says that a %s was cancelled when its client leaves (%s)', async (type, accept) => {
    const lines: any[] = [];
    const logger = pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line)) });
    let isAsked = () => {};
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    const metrics = createMetrics(() => plumbing!.client.governor);
    plumbing = await startPlumbing({ logger, upstream: () => isAsked(), app: { metrics } });
    const client = new AbortController();
    const answer = plumbing.app.fetch('http://facade.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query: type === 'query' ? '{ account }' : 'mutation { first second }' }),
      signal: client.signal,
    });
    await asked;
    client.abort();
    await expect(answer).rejects.toThrow();
    const operations = () => lines.filter(({ msg }) => msg === 'operation');
    await expect.poll(operations).toMatchObject([{ type, outcome: 'cancelled', calls: 1 }]);
    expect(await metrics.text()).toContain(
      `constant_contact_graphql_operation_seconds_count{type="${type}",outcome="cancelled"} 1`,
    );
    await plumbing.app.settled();
    expect(operations()).toHaveLength(1);
  });

  it('identifies a caller who sent a token by its hash', async () => {
    const [line] = await linesOf('query Mine { hello }', { token: null }, { authorization: 'Bearer sesame' });
    expect(line.caller).toMatch(/^token:[0-9a-f]{12}$/);
    expect(JSON.stringify(line)).not.toContain('sesame');
  });
});

describe('an internal error', () => {
  it.each([
    ['an unexpected value of the API', 'query Mine { mismatch }', 'not a number'],
    ['its message', 'query Mine { bug }', 'secret detail'],
  ])('is logged with its location, and without %s', async (_, query, detail) => {
    const lines = await linesOf(query);
    const line = lines.find(({ level }) => level === 50);
    expect(line).toMatchObject({ requestId: 'abc-1', err: { stack: expect.stringMatching(/^at /) } });
    expect(JSON.stringify(lines)).not.toContain(detail);
  });
});

describe('an error in the log', () => {
  it('has its own messages and those of the system, including its causes', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    expect(loggable(new ConstantContactError('unavailable', 'It failed.', { cause }))).toMatchObject({
      type: 'ConstantContactError',
      message: 'It failed.',
      cause: { type: 'Error', code: 'ECONNREFUSED', message: cause.message },
    });
  });

  it('contains no values that were passed to it', () => {
    const data = 'ann@example.com\n    at ann@example.com';
    const error = Object.assign(new SyntaxError(`Unexpected token in "${data}"`), {
      input: data,
      cause: new TypeError(data),
    });
    expect(JSON.stringify(loggable(error))).not.toContain('ann@');
    expect(JSON.stringify(loggable(data))).not.toContain('ann@');
  });
});

describe('log lines of a process', () => {
  const linesOf = (end: string) => {
    const program = `
      import { createLogger } from './dist/server/logger.js';
      const { info, warn } = createLogger('info');
      for (let at = 0; at < 300; at += 1) info({ at }, 'a line '.repeat(20));
      warn({}, 'the last one');
      ${end}`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    return child.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { at?: number; msg: string });
  };

  it.each([
    ['ends', ''],
    ['calls process.exit', 'process.exit(3);'],
    ['keeps running', 'setTimeout(() => process.kill(process.pid, "SIGKILL"), 1_000);'],
  ])('are all written, in order, when it %s', (_, end) => {
    const lines = linesOf(end);
    expect(lines.map(({ at }) => at)).toEqual([...Array.from({ length: 300 }, (__, at) => at), undefined]);
    expect(lines.at(-1)?.msg).toBe('the last one');
  });
});
