import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainTypeOf } from '../../src/server/fast-path/request.js';
import { startPlumbing } from '../support/plumbing.js';

type Plumbing = Awaited<ReturnType<typeof startPlumbing>>;

/** Accept headers of GraphQL clients, and others. */
const ACCEPTED: [string, string][] = [
  ['Apollo Client', 'application/graphql-response+json,application/json;q=0.9'],
  ['Apollo Client with @defer', 'multipart/mixed;deferSpec=20220824,application/json'],
  [
    'urql',
    'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
  ],
  ['GraphiQL', 'application/json, multipart/mixed'],
  ['Hive Gateway', 'application/graphql-response+json, application/json, multipart/mixed, text/event-stream'],
  ['Accept: */*', '*/*'],
  ['Accept: application/*', 'text/html, application/*;q=0.8'],
  ['Accept in upper case', 'APPLICATION/JSON'],
  ['Accept with a charset', 'application/json; charset=utf-8'],
  ['Accept with a quoted charset', 'application/json; charset="UTF-8"'],
];
/** Requests that are not answered with JSON, so the adapter handles them. */
const OTHERS: [string, string][] = [
  ['another charset', 'application/json; charset=latin1'],
  ['multipart only', 'multipart/mixed'],
  ['server-sent events only', 'text/event-stream'],
  ['an unsupported media type', 'text/html'],
  ['an empty header', ''],
];

const OPERATIONS: [string, object][] = [
  ['a query', { query: '{ hello }' }],
  ['an error in a field', { query: '{ account bug hello }' }],
  ['a non-null that fails', { query: '{ sure }' }],
  ['what cannot be parsed', { query: '{ hello' }],
  ['what is not valid', { query: '{ goodbye }' }],
  [
    'a variable of the wrong kind',
    { query: 'query ($c: Color) { hello(color: $c) }', variables: { c: 'BLUE' } },
  ],
  ['a mutation', { query: 'mutation { first second }' }],
];

describe('a response of the fast path equals that of the adapter', () => {
  let fast: Plumbing;
  let adapted: Plumbing;

  beforeEach(async () => {
    fast = await startPlumbing();
    // With a plugin of the embedding program, every request goes through the adapter.
    adapted = await startPlumbing({ app: { plugins: [{}] } });
  });

  afterEach(async () => {
    await fast.close();
    await adapted.close();
  });

  it.each([...ACCEPTED, ...OTHERS])('for %s', async (_, accept) => {
    for (const [what, operation] of OPERATIONS) {
      const answers = [];
      for (const { app } of [fast, adapted]) {
        const response = await app.fetch('http://facade.test/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept },
          body: JSON.stringify(operation),
        });
        const text = (await response.text()).replace(/"(waitedMs|requestId)":("[^"]*"|\d+)/g, '"$1":0');
        answers.push({ status: response.status, type: response.headers.get('content-type'), text });
      }
      expect(answers[0], what).toEqual(answers[1]);
    }
    expect(fast.upstream.calls).toEqual(adapted.upstream.calls);
  });
});

/** A request as Node's HTTP server has it, as far as it decides which path is taken. */
function incoming(accept: string | undefined): IncomingMessage {
  const headers = { 'content-type': 'application/json', 'content-length': '10', accept };
  return { method: 'POST', url: '/graphql', headers, readableDidRead: false } as unknown as IncomingMessage;
}

describe('the fast path', () => {
  it.each(ACCEPTED)('is used for %s', (_, accept) => {
    expect(plainTypeOf(incoming(accept), '/graphql', false)).toMatch(
      /^application\/(graphql-response\+)?json$/,
    );
  });

  it.each(OTHERS)('is not used for %s', (_, accept) => {
    expect(plainTypeOf(incoming(accept), '/graphql', false)).toBeNull();
  });
});
