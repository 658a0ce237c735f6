import { existsSync, readFileSync } from 'node:fs';
import { trace, type Attributes, type Span, type SpanOptions } from '@opentelemetry/api';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConstantContact, type ConstantContact } from '../../src/constant-contact/client.js';
import { operations, type OperationId } from '../../src/constant-contact/contract/operations.js';
import { bearerCredentials, partnerCredentials } from '../../src/constant-contact/auth/credentials.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import type { Fault } from '../../src/sandbox/faults.js';
import { buildSchema } from '../../src/schema/index.js';
import { createAccess } from '../../src/server/access/access.js';
import { generateAccessKey } from '../../src/server/access/keys.js';
import { createApp, type App } from '../../src/server/app.js';
import { logFailedAttempt } from '../../src/server/attempt-log.js';
import { createMetrics } from '../../src/server/metrics.js';
import { credentialSource } from '../../src/server/plugins/credentials.js';
import { startAttempt } from '../../src/server/tracing.js';
import type { Answer, TestApp } from '../support/app.js';
import { manualClock, type ManualClock } from '../support/clock.js';
import { variablesFor } from '../support/example-variables.js';

/** Each kind of thing that must not get out has a mark of its own. */
const SERVER_TOKEN = 'marktoken-server';
const CALLER_TOKEN = 'marktoken-caller';
const PARTNER_KEY = 'marktoken-partner-key';
const PARTNER_TOKEN = 'marktoken-partner';
const KEY = generateAccessKey('tester', false);
const TOKEN_MARK = new RegExp(`marktoken|${KEY.key}`, 'i');
const DATA_MARK = /markdata/i;
const INPUT_MARK = /markinput/i;

const DIRECTORY = new URL('../../examples/operations/', import.meta.url);
const ids = Object.keys(operations) as OperationId[];

const MESSAGE = [{ error_key: 'some.key', error_message: 'ann.markdata@example.com is not allowed' }];
const OTHER_JSON: Fault = { kind: 'status', status: 200, body: { markdata: [{ markdata: 'markdata' }] } };
const FAULTS: (Fault | null)[] = [
  null,
  { kind: 'status', status: 400, body: MESSAGE },
  { kind: 'status', status: 401, body: MESSAGE },
  { kind: 'status', status: 403, body: MESSAGE[0] },
  { kind: 'status', status: 404, body: MESSAGE },
  { kind: 'status', status: 409, body: MESSAGE },
  { kind: 'status', status: 500, body: 'markdata', contentType: 'text/plain' },
  { kind: 'status', status: 200, body: '<p>markdata</p>', contentType: 'text/html' },
  { kind: 'status', status: 200, body: '{"markdata": "markdata', contentType: 'application/json' },
  OTHER_JSON,
  { kind: 'truncate' },
  { kind: 'reset' },
  { kind: 'resetBody' },
  { kind: 'throttled' },
];

let sandbox: Sandbox;
let client: ConstantContact;
let app: App;
let clock: ManualClock;
const logged: string[] = [];
const spans: { name: string; attributes: Attributes }[] = [];
const metrics = createMetrics(() => client.governor);
const logger = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });

/** Remembers what a tracing SDK would send away. */
function fakeTracer() {
  return {
    startSpan: (name: string, { attributes = {} }: SpanOptions = {}) => {
      const told = { name, attributes: { ...attributes } };
      spans.push(told);
      const span = {
        setAttribute: (key: string, value: Attributes[string]) => {
          told.attributes[key] = value;
          return span;
        },
        setStatus: (status: unknown) => {
          told.attributes['status'] = JSON.stringify(status);
          return span;
        },
        end: () => undefined,
        spanContext: () => ({ traceId: '', spanId: '', traceFlags: 0 }),
      } as unknown as Span;
      return span;
    },
    startActiveSpan: () => undefined as never,
  };
}

beforeAll(async () => {
  trace.setGlobalTracerProvider({ getTracer: fakeTracer });
  clock = manualClock();
  sandbox = await createSandbox({
    contacts: 40,
    activitySeconds: 0,
    requestsPerSecond: 0,
    requestsPerDay: 0,
    validate: false,
  });
  const account = sandbox.account();
  [...account.contacts].forEach((row, at) =>
    account.contacts.update(row, (one) => {
      one.first_name = `Markdata${String(at)}`;
      if (one.email) one.email.address = `markdata${String(at)}@example.com`;
    }),
  );
  for (const row of account.lists) account.lists.update(row, (one) => (one.name = `markdata ${one.list_id}`));
  client = createConstantContact({
    baseUrl: sandbox.url,
    clock,
    random: () => 0,
    requestsPerSecond: 0,
    requestsPerDay: 0,
    referenceCacheSeconds: 0,
    onAttempt: (report) => {
      metrics.attempted(report);
      logFailedAttempt(logger, report);
    },
    startAttempt,
  });
  app = createApp({
    schema: buildSchema(),
    client,
    credentials: credentialSource(
      bearerCredentials('token', SERVER_TOKEN),
      partnerCredentials(PARTNER_KEY, PARTNER_TOKEN),
    ),
    apiHost: new URL(sandbox.url).host,
    logger,
    access: createAccess({ keys: KEY.entry, keysFile: null, jwt: null, open: false }),
    metrics,
    clock,
  });
});

afterAll(async () => {
  trace.disable();
  await app.close();
  await client.close();
  await sandbox.close();
});

async function send(
  query: string,
  variables: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await app.fetch('http://facade.test/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': KEY.key, ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors, extensions } = (await response.json()) as Answer;
  return { status: response.status, data, errors, extensions };
}

/** An error without what the API says about the values that its caller sent: those texts are for that caller. */
function withoutReasons({ extensions, ...error }: any) {
  const { messages, ...upstream } = extensions.upstream ?? {};
  if (messages) expect([400, 404, 409]).toContain(upstream.status);
  return { ...error, extensions: { ...extensions, upstream } };
}

/** Every text in the variables that is no id or date of the sandbox's carries a mark. */
function marked(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => marked(item, name));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, marked(item, key)]));
  }
  const isText =
    typeof value === 'string' && /name|label|notes?|content|subject|street|city|address$/i.test(name);
  if (!isText) return value;
  return value.includes('@') ? `markinput.${value}` : `markinput ${value}`.slice(0, 40);
}

/** The same for texts that a document has in it. */
function markedLiterals(query: string): string {
  return query.replace(
    /(\w*(?:name|label|note|content|subject|street|city|title)\w*: ")([^"]*")/gi,
    '$1markinput $2',
  );
}

describe('tokens and client data', () => {
  let told = 0;
  let carriedIn = 0;
  let carriedOut = 0;
  const helper = {
    sandbox: { account: () => sandbox.account() },
    resetCalls: () => undefined,
    query: (query: string, { variables = {} }: { variables?: unknown } = {}) =>
      clock.run(send(query, variables)),
  };

  it.each(ids)('are in no error, however %s fails', async (id) => {
    const variables = new URL(`${id}.variables.json`, DIRECTORY);
    const query = markedLiterals(readFileSync(new URL(`${id}.graphql`, DIRECTORY), 'utf8'));
    const given = existsSync(variables)
      ? (JSON.parse(readFileSync(variables, 'utf8')) as Record<string, unknown>)
      : {};
    sandbox.faults.clear();
    const real = marked(await variablesFor(id, given, helper as unknown as TestApp));
    for (const [at, fault] of FAULTS.entries()) {
      // A write that was done says so by its status; what it answers is looked at as it is.
      if (fault === OTHER_JSON && operations[id].method !== 'GET') continue;
      sandbox.faults.clear();
      if (fault) sandbox.faults.script({ fault, times: 99 });
      const own = at % 2 === 1 ? { authorization: `Bearer ${CALLER_TOKEN}` } : undefined;
      const { data, errors, extensions } = await clock.run(send(query, real, own));
      if (INPUT_MARK.test(query + JSON.stringify(real))) carriedIn += 1;
      if (DATA_MARK.test(JSON.stringify(data ?? null))) carriedOut += 1;
      const text = JSON.stringify([(errors ?? []).map(withoutReasons), extensions]);
      for (const mark of [TOKEN_MARK, DATA_MARK, /INTERNAL_SERVER_ERROR/]) expect(text).not.toMatch(mark);
      told += 1;
    }
    sandbox.faults.clear();
  });

  it('are in no log line, metric or span of these', async () => {
    expect(told).toBeGreaterThan(1_000);
    // The marks do go through, in and out: where they may.
    expect(carriedIn).toBeGreaterThan(100);
    expect(carriedOut).toBeGreaterThan(10);

    // The API's message about a rejected value may be logged, at debug level and in a separate line.
    const isDebug = (line: string) => (JSON.parse(line) as { level: number }).level <= 20;
    expect(logged.filter((line) => isDebug(line) && !line.includes('REST call refused'))).toEqual([]);
    expect(logged.filter((line) => isDebug(line) && TOKEN_MARK.test(line))).toEqual([]);
    const out = {
      logged: logged.filter((line) => !isDebug(line)),
      spans: spans.map((span) => JSON.stringify(span)),
      metrics: [await metrics.text()],
    };
    for (const [where, lines] of Object.entries(out)) {
      expect(lines.length, where).toBeGreaterThan(0);
      for (const mark of [TOKEN_MARK, DATA_MARK, INPUT_MARK])
        expect(lines.filter((line) => mark.test(line)).slice(0, 3), `${where} ${String(mark)}`).toEqual([]);
    }
    expect(logged.length).toBeGreaterThan(1_000);
    expect(spans.length).toBeGreaterThan(1_000);
  });

  it('are not in the response or log line of a rejected or broken request', async () => {
    const before = logged.length;
    const attempts: [string, RequestInit][] = [
      [
        '/graphql',
        { method: 'POST', headers: { 'x-api-key': `${KEY.key}x` }, body: '{"query":"{ markinput }"}' },
      ],
      [
        '/graphql',
        {
          method: 'POST',
          headers: { 'x-api-key': KEY.key, authorization: `Basic ${SERVER_TOKEN}` },
          body: '{"query":"{ account { website } }"}',
        },
      ],
      [
        '/exports/markinput.csv',
        { headers: { 'x-api-key': KEY.key, authorization: `Bearer ${CALLER_TOKEN}` } },
      ],
      ['/exports/..%2Fmarkinput.csv', { headers: { 'x-api-key': KEY.key } }],
      ['/healthz', {}],
      ['/metrics', { headers: { 'x-api-key': KEY.key } }],
    ];
    for (const [path, init] of attempts) {
      const headers = { 'content-type': 'application/json', ...(init.headers as Record<string, string>) };
      const response = await clock.run(app.fetch(`http://facade.test${path}`, { ...init, headers }));
      const text = await response.text();
      expect(TOKEN_MARK.test(text), path).toBe(false);
      expect(
        [...response.headers].some(([, value]) => TOKEN_MARK.test(value)),
        path,
      ).toBe(false);
    }
    expect(logged.slice(before).filter((line) => TOKEN_MARK.test(line) || INPUT_MARK.test(line))).toEqual([]);
  });
});
