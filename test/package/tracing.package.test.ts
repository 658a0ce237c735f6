import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { readEvents } from '../support/events.js';
import { emptyFolder, npmInstall, pack, removeFolders } from '../support/packed.js';
import { killServers, startServer, type ServerProcess } from '../support/server-process.js';

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: Record<string, unknown> }[];
}

/** The scope of the spans that the facade itself starts. */
const OWN = 'constant-contact-graphql';

/** Spans by the names of their scopes, as a collector receives them by OTLP. */
const received: { scope: string; span: Span }[] = [];
let collector: Server;
let sandbox: Sandbox;
let server: ServerProcess;

beforeAll(async () => {
  const application = emptyFolder();
  const packages = [pack(), '@opentelemetry/auto-instrumentations-node@^0.82.0'];
  const { status, stderr } = npmInstall(application, ...packages);
  if (status !== 0) throw new Error(stderr);
  collector = createServer((request, response) => {
    void json(request).then((body) => {
      const { resourceSpans = [] } = body as {
        resourceSpans?: { scopeSpans: { scope: { name: string }; spans: Span[] }[] }[];
      };
      for (const { scopeSpans } of resourceSpans)
        for (const { scope, spans } of scopeSpans)
          received.push(...spans.map((span) => ({ scope: scope.name, span })));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;
  sandbox = await createSandbox({
    requestsPerSecond: 0,
    requestsPerDay: 0,
    contacts: 20,
    activitySeconds: 1,
  });
  const register = ['--import', '@opentelemetry/auto-instrumentations-node/register'];
  server = await startServer(process.execPath, [...register, `node_modules/${OWN}/dist/cli.js`, 'serve'], {
    cwd: application,
    env: {
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${String(port)}`,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      CONSTANT_CONTACT_API_URL: sandbox.url,
      CONSTANT_CONTACT_ACCESS_TOKEN: sandbox.token,
      CONSTANT_CONTACT_REQUESTS_PER_SECOND: '0',
      REFERENCE_CACHE_SECONDS: '0',
      LOG_LEVEL: 'info',
    },
    port: /http:\/\/127\.0\.0\.1:(\d+)\/graphql/,
  });
}, 300_000);

afterAll(async () => {
  killServers();
  collector.close();
  await sandbox.close();
  removeFolders();
});

async function post(query: string, accept = 'application/json'): Promise<Response> {
  sandbox.journal.clear();
  const headers = { 'content-type': 'application/json', accept };
  return fetch(`${server.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
}

const attributesOf = ({ attributes }: Span): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

const isNamed = (name: string) => (one: { scope: string; span: Span }) =>
  one.scope === OWN && attributesOf(one.span)['graphql.operation.name'] === name;

/** The span of an operation, and below it the REST calls. Its HTTP request ends last, and may be exported later. */
async function traceOf(name: string): Promise<{ operation: Span; calls: Span[] }> {
  await expect.poll(() => received.filter(isNamed(name)).length).toBe(1);
  const operation = received.find(isNamed(name))!.span;
  await expect.poll(() => received.some(({ span }) => span.spanId === operation.parentSpanId)).toBe(true);
  const calls = received.filter(({ span }) => span.parentSpanId === operation.spanId);
  expect(calls.map(({ scope }) => scope)).toEqual(calls.map(() => OWN));
  return { operation, calls: calls.map(({ span }) => span) };
}

/** Operations that the account has received, sorted by name. */
const journal = () =>
  sandbox.journal.entries.map(({ operationId }) => `constant-contact ${operationId}`).sort();
const namesOf = (spans: Span[]) => spans.map(({ name }) => name).sort();

function linesWith(text: string): Record<string, unknown>[] {
  const lines = server.output().split('\n');
  return lines
    .filter((line) => line.includes(text))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const FIELDS = `contacts(first: 3) { nodes { lists { name } tags { name } customFields { field { label } } } }
  emailCampaigns(first: 2) { nodes { activities { subject } } }`;

describe("with OpenTelemetry's automatic instrumentation, each REST call is below its operation", () => {
  it.each([
    ['a plan', 'Planned', `query Planned { ${FIELDS} }`],
    ['the interpreter', 'Interpreted', `query Interpreted { ${FIELDS} __type(name: "Contact") { name } }`],
  ])('executed by %s, retries included', async (_, name, query) => {
    sandbox.faults.script({ operationId: 'getTags', fault: { kind: 'empty', status: 503 } });
    const answer = (await (await post(query)).json()) as { errors?: unknown; data: unknown };
    expect(answer.errors).toBeUndefined();
    const { operation, calls } = await traceOf(name);
    expect(journal().filter((one) => one.endsWith(' getTags'))).toHaveLength(2);
    expect(namesOf(calls)).toEqual(journal());
    expect(attributesOf(operation)['constant_contact.calls']).toBe(calls.length);
    const tags = calls.filter((span) => span.name.endsWith(' getTags')).map(attributesOf);
    expect(tags).toEqual([
      expect.objectContaining({
        'constant_contact.attempt': 1,
        'http.response.status_code': 503,
        'error.type': 'unavailable',
      }),
      expect.objectContaining({ 'constant_contact.attempt': 2, 'http.response.status_code': 200 }),
    ]);
    // The HTTP request of each is below it, and the operation below the request that brought it.
    const below = (span: Span) => received.filter((one) => one.span.parentSpanId === span.spanId);
    for (const call of calls)
      expect(below(call).map(({ scope }) => scope)).toContain('@opentelemetry/instrumentation-undici');
    const parent = received.find(({ span }) => span.spanId === operation.parentSpanId);
    expect(parent?.scope).toBe('@opentelemetry/instrumentation-http');
  });

  it('in a deferred fragment', async () => {
    const query = `query Deferred { contacts(first: 3) { nodes { contactId ... @defer { lists { name } } } } }`;
    expect(await (await post(query, 'multipart/mixed')).text()).toContain('"hasNext":false');
    const { calls } = await traceOf('Deferred');
    expect(journal()).toHaveLength(2);
    expect(namesOf(calls)).toEqual(journal());
  });

  it('in an event of a subscription', async () => {
    const { data } = await (await post('{ emailCampaigns(first: 50) { nodes { id status } } }')).json();
    const draft = data.emailCampaigns.nodes.find((one: any) => one.status === 'DRAFT');
    const query = `subscription Followed {
      emailCampaignStatus(id: "${draft.id as string}") { name activities { subject } }
    }`;
    const events = await readEvents(await post(query, 'text/event-stream')).rest();
    expect(events.map(({ errors }) => errors as unknown)).toEqual([undefined]);
    const { calls } = await traceOf('Followed');
    expect(namesOf(calls)).toEqual(journal());
  });
});

describe('log lines', () => {
  it('have the ids of the span: those of operations, of failed calls and of bugs', async () => {
    sandbox.faults.script({ operationId: 'getTags', fault: { kind: 'status', status: 403, body: {} } });
    const answer = await (await post('query Failed { tags(first: 1) { nodes { name } } }')).json();
    expect(answer.errors).toHaveLength(1);
    const { operation } = await traceOf('Failed');
    const ids = { trace_id: operation.traceId, span_id: operation.spanId };
    await expect.poll(() => linesWith(operation.traceId).length).toBe(3);
    expect(linesWith(operation.traceId)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...ids, msg: 'operation', operation: 'Failed', errors: 1 }),
        expect.objectContaining({ ...ids, level: 40, operationId: 'getTags', attempt: 1, status: 403 }),
        expect.objectContaining({ ...ids, level: 40, operationId: 'getTags', code: 'FORBIDDEN' }),
      ]),
    );
  });
});

it('exports pending spans on shutdown', async () => {
  await (await post('query Last { tags(first: 1) { nodes { name } } }')).json();
  expect(await server.stop(), server.output()).toBe(0);
  expect(received.filter(isNamed('Last'))).toHaveLength(1);
});
