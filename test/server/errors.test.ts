import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { ConstantContactError, type ErrorKind } from '../../src/constant-contact/errors.js';
import { publicError } from '../../src/server/errors.js';
import { json, startPlumbing, type Handler, type PlumbingOptions } from '../support/plumbing.js';

let running: Awaited<ReturnType<typeof startPlumbing>>;
afterEach(() => running.close());

async function ask(
  query: string,
  options: PlumbingOptions = {},
  variables?: object,
  headers?: Record<string, string>,
) {
  running = await startPlumbing(options);
  return running.post({ query, variables }, headers);
}

describe('an error of the caller', () => {
  it.each([
    ['a syntax error', '{', undefined, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ nonsense }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown enum value', '{ hello(color: BLUE) }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
    ['an enum variable', 'query($c: Color) { hello(color: $c) }', { c: 'BLUE' }, 'BAD_USER_INPUT'],
    ['a variable that a scalar rejects', 'query($p: Picky) { hello(picky: $p) }', { p: 1 }, 'BAD_USER_INPUT'],
    ['a missing variable', 'query($n: String!) { hello(name: $n) }', {}, 'BAD_USER_INPUT'],
    ['null despite a default', 'query($r: String) { hello(required: $r) }', { r: null }, 'BAD_USER_INPUT'],
  ])('%s', async (_, query, variables, code) => {
    const { status, body } = await ask(query, {}, variables);
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0].extensions).toMatchObject({ code, retryable: false });
    expect(body.errors[0].message).not.toContain('Unexpected');
    expect(status).toBe(200);
  });

  it.each([
    ['query($c: Color) { hello(color: $c) }', { c: 'x'.repeat(1_000_000) }],
    [`{ hello(color: ${'x'.repeat(90_000)}) }`, undefined],
  ])('quotes only a part of a long value', async (query, variables) => {
    const { body } = await ask(query, {}, variables);
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0].message.length).toBeLessThan(2_100);
    expect(body.errors[0].message).toMatch(/^(Variable "\$c" got invalid|Value "x+).*"Color" enum\.$/);
  });

  it('is listed up to a limit when a variable has many', async () => {
    const { status, body } = await ask(
      'query($c: [Color]) { many(colors: $c) }',
      {},
      { c: Array(60).fill('x') },
    );
    expect(status).toBe(200);
    expect(body.errors).toHaveLength(51);
    expect(body.errors.at(-1).message).toBe('The variables have more errors, which are not listed.');
    const codes = new Set(body.errors.map(({ extensions }: any) => extensions.code));
    expect([...codes]).toEqual(['BAD_USER_INPUT']);
  });

  it('names the field of rejected input', async () => {
    const { body } = await ask('{ badInput badInputs hello }');
    expect(body.data).toEqual({ badInput: null, badInputs: null, hello: 'hello you' });
    expect(body.errors).toEqual([
      expect.objectContaining({
        message: 'At most 50 lists.',
        path: ['badInput'],
        extensions: {
          code: 'BAD_USER_INPUT',
          retryable: false,
          problem: 'TOO_MANY',
          field: ['input', 'listIds'],
        },
      }),
      expect.objectContaining({
        path: ['badInputs'],
        extensions: {
          code: 'BAD_USER_INPUT',
          retryable: false,
          problems: [
            { problem: 'REQUIRED', field: ['input', 'name'], message: 'A name is needed.' },
            { problem: 'TOO_LONG', field: ['input', 'label'], message: 'At most 25 letters.' },
          ],
        },
      }),
    ]);
  });
});

describe('an error of the API', () => {
  const html: Handler = (_, response) => {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>secret gateway 10.0.0.7</h1>');
  };
  it.each<[string, Handler, string, boolean]>([
    ['401', json(401, { error_key: 'unauthorized', error_message: 'secret' }), 'UNAUTHENTICATED', false],
    ['401 without a body', (_, response) => response.writeHead(401).end(), 'UNAUTHENTICATED', false],
    ['403', json(403, [{ error_key: 'auth.forbidden', error_message: 'secret' }]), 'FORBIDDEN', false],
    ['404', json(404, [{ error_key: 'x.not_found' }]), 'NOT_FOUND', false],
    ['502 HTML', html, 'UPSTREAM_UNAVAILABLE', true],
    [
      'truncated JSON',
      (_, response) => response.writeHead(200).end('{"a":'),
      'UPSTREAM_INVALID_RESPONSE',
      false,
    ],
    ['a reset', (request) => request.socket.destroy(), 'UPSTREAM_UNAVAILABLE', true],
    ['silence', () => {}, 'UPSTREAM_TIMEOUT', true],
  ])('%s', async (_, upstream, code, retryable) => {
    // Only what is not answered is to run out of time.
    const options = code === 'UPSTREAM_TIMEOUT' ? { upstream, attemptTimeoutMs: 300 } : { upstream };
    const { status, body } = await ask('{ account hello }', options);
    // One failed field is no reason to lose the rest, nor to answer with the status of the API.
    expect(status).toBe(200);
    expect(body.data).toEqual({ account: null, hello: 'hello you' });
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0].extensions).toMatchObject({ code, retryable });
    expect(body.errors[0].path).toEqual(['account']);
    expect(JSON.stringify(body)).not.toMatch(/secret|10\.0\.0\.7|127\.0\.0\.1|server-token|stack/);
    expect(body.extensions.upstream.calls).toBeGreaterThan(0);
  });

  it('includes status and error keys', async () => {
    const { body } = await ask('{ account }', { upstream: json(403, [{ error_key: 'auth.forbidden' }]) });
    expect(body.errors[0].extensions.upstream).toEqual({ status: 403, errorKeys: ['auth.forbidden'] });
  });

  it('has a code for every kind of failure, and the time to retry', () => {
    const kinds: Record<ErrorKind, string> = {
      invalidRequest: 'BAD_USER_INPUT',
      unauthenticated: 'UNAUTHENTICATED',
      forbidden: 'FORBIDDEN',
      notFound: 'NOT_FOUND',
      rejected: 'BAD_USER_INPUT',
      conflict: 'CONFLICT',
      rateLimited: 'RATE_LIMITED',
      quotaExhausted: 'QUOTA_EXHAUSTED',
      queueFull: 'QUEUE_FULL',
      notReady: 'UPSTREAM_NOT_READY',
      timeout: 'UPSTREAM_TIMEOUT',
      unavailable: 'UPSTREAM_UNAVAILABLE',
      loginChanged: 'UPSTREAM_UNAVAILABLE',
      doneUnread: 'UPSTREAM_INVALID_RESPONSE',
      invalidResponse: 'UPSTREAM_INVALID_RESPONSE',
      wrongRequest: 'INTERNAL_SERVER_ERROR',
      overCost: 'QUERY_TOO_EXPENSIVE',
      notCached: 'NOT_CACHED',
      aborted: 'CANCELLED',
    };
    for (const [kind, code] of Object.entries(kinds)) {
      const error = new ConstantContactError(kind as ErrorKind, 'what happened', { retryAt: 61_500 });
      expect(publicError(error, 60_000)?.extensions).toMatchObject({ code, retryAfterSeconds: 2 });
    }
    const quota = new ConstantContactError('quotaExhausted', 'spent', { retryAt: Date.UTC(2026, 0, 2) });
    expect(publicError(quota, 0)?.extensions).toMatchObject({
      retryable: true,
      retryAt: '2026-01-02T00:00:00.000Z',
      resetsAt: '2026-01-02T00:00:00.000Z',
    });
    running = { close: () => Promise.resolve() } as typeof running;
  });
});

describe('an internal error', () => {
  it.each([
    ['a thrown error', '{ bug }', { bug: null }],
    ['null for a non-null field', '{ sure }', null],
    ['a value that does not fit its type', '{ mismatch }', { mismatch: null }],
  ])('%s is masked, logged, and found by its id', async (_, query, data) => {
    const lines: any[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        lines.push(JSON.parse(String(chunk)));
        done();
      },
    });
    const { body } = await ask(
      query,
      { logger: pino({ level: 'error' }, stream) },
      {},
      { 'x-request-id': 'abc-1' },
    );
    expect(body.data).toEqual(data);
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0]).toMatchObject({
      message: 'Unexpected error.',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'abc-1' },
    });
    expect(JSON.stringify(body)).not.toMatch(/secret|not a number|src\//);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ requestId: 'abc-1', code: 'INTERNAL_SERVER_ERROR' });
    expect(lines[0].err.stack).toBeTruthy();
  });
});
