import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../src/constant-contact/clock.js';
import type { Fault } from '../../src/sandbox/faults.js';
import { buildSchema } from '../../src/schema/index.js';
import { startApp, type Answer, type TestApp } from '../support/app.js';
import { generator } from '../support/random.js';
import { randomQueries } from '../support/random-query.js';

/** Number of queries, set by `RANDOM_QUERIES=10000`; a fifth as many with faults. */
const COUNT = Number(process.env['RANDOM_QUERIES'] ?? 300);
const SEED = Number(process.env['RANDOM_SEED'] ?? 1);
const AT_A_TIME = 4;
const MOST_GROWTH = 8 * 2 ** 20;

let app: TestApp;
afterEach(async () => {
  expect(app.sandbox.violations).toEqual([]);
  await app.close();
});

const schema = buildSchema();
/** The sandbox's clock stands still, so that the same query has the same answer. */
const sandbox = { contacts: 200, clock: { now: () => Date.UTC(2026, 0, 15, 12) } };

/** Calls `each` with every query, a few at a time. */
async function forEachQuery(count: number, seed: number, each: (query: string, at: number) => Promise<void>) {
  const queries = randomQueries(schema, app.sandbox.account(), { seed, count, optional: 0.3 });
  let at = 0;
  const worker = async () => {
    for (const query of queries) {
      at += 1;
      if (at % 200 === 0) app.resetCalls();
      await each(query, at);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

const codesOf = ({ errors }: Answer): string[] =>
  (errors ?? []).map((error) => String(error.extensions?.code ?? error.message));

setFlagsFromString('--expose_gc');
const gc = runInNewContext('gc') as () => void;

async function heap(): Promise<number> {
  // Finished work is released in later turns of the event loop.
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    gc();
  }
  return process.memoryUsage().heapUsed;
}

/** Allowed errors of queries of existing records: these may have another kind or state. */
const REFUSALS = new Set(['BAD_USER_INPUT', 'NOT_FOUND', 'QUERY_TOO_EXPENSIVE', 'QUERY_TOO_COMPLEX']);

describe('any valid query', () => {
  it(
    'is answered without an internal error, and without a memory leak',
    async () => {
      app = await startApp({ sandbox, client: { referenceCacheSeconds: 60 } });
      const wrong: string[] = [];
      const run = async (query: string) => {
        const answer = await app.query(query);
        const codes = codesOf(answer).filter((code) => !REFUSALS.has(code));
        if (codes.length > 0 || answer.status >= 500) {
          wrong.push(`${answer.status} ${codes.join()} ${JSON.stringify(answer.errors?.[0])} ${query}`);
        }
      };
      await forEachQuery(COUNT, SEED, run);
      expect(wrong).toEqual([]);
      // All cached parts of a document (its parse, its cost, its plan) exist by now, so repeating it adds no memory.
      const again = Math.ceil(COUNT / 3);
      await forEachQuery(again, SEED, run);
      const before = await heap();
      await forEachQuery(again, SEED, run);
      expect((await heap()) - before).toBeLessThan(MOST_GROWTH);
    },
    COUNT * 500 + 300_000,
  );
});

const FAULTS: readonly Fault[] = [
  { kind: 'reset' },
  { kind: 'resetBody' },
  { kind: 'truncate' },
  { kind: 'stall' },
  { kind: 'throttled' },
  { kind: 'html', status: 200 },
  { kind: 'html', status: 502 },
  { kind: 'empty', status: 200 },
  { kind: 'empty', status: 401 },
  { kind: 'empty', status: 500 },
  { kind: 'status', status: 403, body: [{ error_key: 'unauthorized' }] },
  { kind: 'status', status: 404, body: [{ error_key: 'not_found' }] },
  { kind: 'status', status: 503, body: 'down' },
  { kind: 'status', status: 200, body: {} },
  { kind: 'status', status: 200, body: [] },
];

const CODES = new Set([
  ...REFUSALS,
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'UPSTREAM_NOT_READY',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_INVALID_RESPONSE',
]);

describe('any valid query, while one REST call in ten fails', () => {
  // Long enough for a busy machine: an attempt that fails for want of speed is none of the faults below.
  const ATTEMPT_MS = 1_009;
  /** Pauses take no time; the limits of an attempt and of an operation do. */
  const clock: Clock = { ...systemClock, sleep: () => Promise.resolve() };

  it(
    'is answered with partial data, and an error code for the rest',
    async () => {
      app = await startApp({ sandbox, client: { clock, attemptTimeoutMs: ATTEMPT_MS } });
      const random = generator(SEED);
      const { faults } = app.sandbox;
      let made = 0;
      faults.next = () => {
        if (random() >= 0.1) return null;
        // One kind after the other: how many of each there are does not hang on chance.
        return FAULTS[(made += 1) % FAULTS.length] as Fault;
      };
      const wrong: string[] = [];
      const seen = new Set<string>();
      await forEachQuery(Math.ceil(COUNT / 5), SEED, async (query) => {
        const answer = await app.query(query);
        const codes = codesOf(answer);
        for (const code of codes) seen.add(code);
        const unknown = codes.filter((code) => !CODES.has(code));
        if (unknown.length > 0 || answer.status >= 500) {
          wrong.push(`${answer.status} ${unknown.join()} ${JSON.stringify(answer.errors?.[0])} ${query}`);
        }
      });
      expect(wrong).toEqual([]);
      // Another seed may need more queries for each kind to come up.
      expect(made).toBeGreaterThanOrEqual(FAULTS.length);
      for (const code of ['FORBIDDEN', 'UPSTREAM_INVALID_RESPONSE']) expect(seen).toContain(code);
    },
    COUNT * 500 + 300_000,
  );
});
