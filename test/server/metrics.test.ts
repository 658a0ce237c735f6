import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createAccess } from '../../src/server/access/access.js';
import { generateAccessKey } from '../../src/server/access/keys.js';
import { createMetrics } from '../../src/server/metrics.js';
import { listen } from '../../src/server/listen.js';
import { json, startPlumbing, type PlumbingOptions } from '../support/plumbing.js';

let running: Awaited<ReturnType<typeof startPlumbing>> | undefined;
let socket: { close(): Promise<void> } | undefined;
afterEach(async () => {
  await socket?.close();
  await running?.close();
  running = socket = undefined;
});

async function start(options: PlumbingOptions = {}) {
  const metrics = createMetrics(() => started.client.governor);
  const started = await startPlumbing({
    ...options,
    onAttempt: (report) => metrics.attempted(report),
    app: { ...options.app, metrics },
  });
  running = started;
  const listening = await listen(started.app, { host: '127.0.0.1', port: 0 });
  socket = listening;
  return { ...started, url: listening.url };
}

const scrape = async (url: string, headers = {}) => {
  const response = await fetch(`${url}/metrics`, { headers });
  return { status: response.status, text: await response.text() };
};
const valueOf = (text: string, series: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`constant_contact_graphql_${series} `))
      ?.split(' ')
      .at(-1),
  );

describe('metrics', () => {
  it('equal those of docs/observability.md, in addition to those of the process and of Node', async () => {
    const page = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8');
    const documented = [...page.matchAll(/^\| `(\w+)` +\| (histogram|counter|gauge) /gm)];
    const { url } = await start();
    const exposed = [...(await scrape(url)).text.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
    const own = exposed.filter(([, name = '']) => !/^(process|nodejs)_/.test(name));
    const typed = (matches: RegExpExecArray[]) => matches.map(([, name, type]) => `${name!} ${type!}`).sort();
    expect(typed(own)).toEqual(typed(documented));
    expect(exposed.length).toBeGreaterThan(own.length);
  });

  it('count calls by operation and status, operations, errors, and the budget', async () => {
    let answers = 0;
    const { url, post } = await start({
      upstream: (request, response) =>
        json(answers++ === 0 ? 200 : 403, { organization_name: 'Garden' })(request, response),
    });
    await post({ query: '{ account }' });
    await post({ query: '{ account }' });
    await post({ query: '{ nowhere }' });
    await post({ query: '{ bug }' });
    const { status, text } = await scrape(url);
    expect(status).toBe(200);
    expect(valueOf(text, 'rest_calls_total{operation="getAccountById",status="200"}')).toBe(1);
    expect(valueOf(text, 'rest_calls_total{operation="getAccountById",status="403"}')).toBe(1);
    expect(valueOf(text, 'governor_wait_seconds_count')).toBe(2);
    expect(valueOf(text, 'rest_call_seconds_count')).toBe(2);
    expect(valueOf(text, 'budget_remaining')).toBe(9_998);
    expect(valueOf(text, 'budget_used')).toBe(2);
    expect(valueOf(text, 'budget_reserved')).toBe(0);
    // From two calls, as if ten minutes had passed.
    expect(valueOf(text, 'budget_calls_per_hour')).toBe(12);
    expect(valueOf(text, 'budget_allowed_by_now')).toBeGreaterThanOrEqual(2_500);
    expect(valueOf(text, 'budget_allowed_by_now')).toBeLessThanOrEqual(10_000);
    expect(text).toContain('budget_runs_out_timestamp_seconds +Inf');
    expect(valueOf(text, 'waiting')).toBe(0);
    expect(valueOf(text, 'operation_seconds_count{type="query",outcome="ok"}')).toBe(1);
    expect(valueOf(text, 'operation_seconds_count{type="query",outcome="errors"}')).toBe(2);
    expect(valueOf(text, 'errors_total{code="FORBIDDEN"}')).toBe(1);
    expect(valueOf(text, 'errors_total{code="GRAPHQL_VALIDATION_FAILED"}')).toBe(1);
    expect(valueOf(text, 'errors_total{code="INTERNAL_SERVER_ERROR"}')).toBe(1);
    expect(valueOf(text, 'http_responses_total{status="200"}')).toBe(4);
    // Answers of the cache take a millisecond.
    expect(text).toContain('constant_contact_graphql_operation_seconds_bucket{le="0.001",');
    expect(text).toMatch(
      /^constant_contact_graphql_build_info\{version="\d+\.\d+\.\d+",node_version="v[\d.]+"\} 1$/m,
    );
    expect(text).toMatch(/^process_cpu_seconds_total [\d.]+$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    // A short delay has an exponent, such as 5.11e-7.
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d[\d.]*(e-\d+)?$/m);
  });

  it('count saved reads', async () => {
    const { url, post } = await start();
    await post({ query: '{ a: account b: account }' });
    expect(valueOf((await scrape(url)).text, 'reads_saved_total{by="coalescing"}')).toBe(1);
  });

  it('are off by default', async () => {
    running = await startPlumbing();
    expect((await running.app.fetch('http://facade.test/metrics')).status).toBe(404);
  });

  it('are served to this machine only when no keys are configured, and not through a proxy on it', async () => {
    const { url, app } = await start();
    expect((await scrape(url)).status).toBe(200);
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip'])
      expect((await scrape(url, { [header]: '203.0.113.7' })).status).toBe(403);
    // A request without a socket has no known address.
    expect((await app.fetch(new Request('http://facade.test/metrics'))).status).toBe(403);
  });

  it('need a key when everything does', async () => {
    const { key, entry } = generateAccessKey('prometheus', true);
    const access = createAccess({ keys: entry, keysFile: null, jwt: null, open: false });
    const { url } = await start({ app: { access } });
    expect((await scrape(url)).status).toBe(401);
    expect((await scrape(url, { 'x-api-key': key })).status).toBe(200);
  });
});
