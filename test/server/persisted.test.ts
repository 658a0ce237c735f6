import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { buildSchema } from '../../src/schema/index.js';
import { documentId, loadPersistedOperations } from '../../src/server/persisted.js';
import { startPlumbing } from '../support/plumbing.js';

const HELLO = 'query Hello($name: String) { hello(name: $name) }';
const FIRST = 'mutation { first }';
const listed = new Map([HELLO, FIRST].map((document) => [documentId(document), document]));

let running: Awaited<ReturnType<typeof startPlumbing>> | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function start() {
  running = await startPlumbing({ app: { persistedOperations: listed } });
  return running;
}

describe('with a manifest', () => {
  it.each([
    ['its id', { documentId: documentId(HELLO) }],
    [
      'its hash as an extension',
      { extensions: { persistedQuery: { version: 1, sha256Hash: documentId(HELLO) } } },
    ],
    ['its text', { query: HELLO }],
    ['its id and text', { documentId: documentId(HELLO), query: HELLO }],
  ])('an operation is identified by %s', async (_, named) => {
    const { post } = await start();
    const { status, body } = await post({ ...named, variables: { name: 'Ann' } });
    expect(status).toBe(200);
    expect(body.data).toEqual({ hello: 'hello Ann' });
  });

  it.each([
    ['an unlisted text', { query: '{ account }' }],
    ['a listed text with an additional space', { query: `${HELLO} ` }],
    ['an id that is not listed', { documentId: documentId('{ account }') }],
    ['a listed id with another text', { documentId: documentId(HELLO), query: '{ account }' }],
    [
      'two ids',
      { documentId: documentId(HELLO), extensions: { persistedQuery: { sha256Hash: documentId(FIRST) } } },
    ],
    ['an id that is not a string', { documentId: 7 }],
    ['the name of a built-in property', { documentId: '__proto__' }],
    ['introspection', { query: '{ __schema { types { name } } }' }],
    ['nothing', {}],
  ])('%s is rejected', async (_, body) => {
    const { post, upstream } = await start();
    const answer = await post(body);
    expect(answer.status).toBe(404);
    expect(answer.body.errors).toHaveLength(1);
    expect(answer.body.errors[0].extensions).toEqual({ code: 'PERSISTED_QUERY_NOT_FOUND', retryable: false });
    expect(upstream.calls).toEqual([]);
  });

  it('clients that register operations are told to continue without', async () => {
    const { post, upstream } = await start();
    const persistedQuery = { version: 1, sha256Hash: documentId('{ account }') };
    const { status, body } = await post({ extensions: { persistedQuery } });
    expect(status).toBe(200);
    expect(body.errors).toMatchObject([
      { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } },
    ]);
    expect(upstream.calls).toEqual([]);
  });

  it('mutations are still rejected by GET', async () => {
    const { app, upstream } = await start();
    const extensions = encodeURIComponent(
      JSON.stringify({ persistedQuery: { sha256Hash: documentId(FIRST) } }),
    );
    const response = await app.fetch(`http://facade.test/graphql?extensions=${extensions}`);
    expect(response.status).toBe(405);
    expect(upstream.calls).toEqual([]);
  });
});

describe('without a manifest, a client registers an operation by its hash', () => {
  const byHash = (document: string) => ({
    extensions: { persistedQuery: { version: 1, sha256Hash: documentId(document) } },
  });
  const ofGet = (document: string, more: Record<string, string> = {}) =>
    `http://facade.test/graphql?${new URLSearchParams({
      extensions: JSON.stringify(byHash(document).extensions),
      ...more,
    }).toString()}`;

  it('and is asked for the text once', async () => {
    const { post } = (running = await startPlumbing());
    const unknown = await post({ ...byHash(HELLO), variables: { name: 'Ann' } });
    expect(unknown.status).toBe(200);
    expect(unknown.body).toEqual({
      errors: [
        {
          message: 'PersistedQueryNotFound',
          extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', retryable: false },
        },
      ],
    });
    const registering = await post({ ...byHash(HELLO), query: HELLO, variables: { name: 'Ann' } });
    expect(registering.body.data).toEqual({ hello: 'hello Ann' });
    const known = await post({ ...byHash(HELLO), variables: { name: 'Bob' } });
    expect(known.body.data).toEqual({ hello: 'hello Bob' });
  });

  it('also with GET, and then with POST', async () => {
    const { app, post } = (running = await startPlumbing());
    const asked = await app.fetch(ofGet(HELLO), { headers: { accept: 'application/graphql-response+json' } });
    expect(asked.status).toBe(404);
    expect(await asked.json()).toMatchObject({ errors: [{ message: 'PersistedQueryNotFound' }] });
    const registering = await app.fetch(ofGet(HELLO, { query: HELLO }));
    expect(await registering.json()).toMatchObject({ data: { hello: expect.any(String) } });
    expect((await post(byHash(HELLO))).body.data).toBeTruthy();
  });

  it('and gets an error for a hash of another text, which is not stored', async () => {
    const { post, upstream } = (running = await startPlumbing());
    const wrong = await post({ ...byHash(HELLO), query: '{ account }' });
    expect(wrong.body.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_MISMATCH' } }]);
    expect((await post(byHash(HELLO))).body.errors).toMatchObject([{ message: 'PersistedQueryNotFound' }]);
    expect(upstream.calls).toEqual([]);
  });

  it.each([7, {}, null, '__proto__'])('but %j is not a hash of an operation', async (sha256Hash) => {
    const { post } = (running = await startPlumbing());
    const { body } = await post({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
    expect(body.errors).toHaveLength(1);
  });

  it('but no text that the limits reject, and no more than 16 million characters', async () => {
    const { post } = (running = await startPlumbing());
    const tooLong = `{ hello } #${' '.repeat(256 * 1024)}`;
    expect((await post({ ...byHash(tooLong), query: tooLong })).status).toBe(413);
    expect((await post(byHash(tooLong))).body.errors).toMatchObject([{ message: 'PersistedQueryNotFound' }]);
    const long = (count: number) => `{ hello } #${String(count)}${' '.repeat(250_000)}`;
    for (let count = 0; count < 65; count += 1) await post({ ...byHash(long(count)), query: long(count) });
    expect((await post(byHash(long(64)))).body.data).toBeTruthy();
    expect((await post(byHash(long(0)))).body.errors).toMatchObject([{ message: 'PersistedQueryNotFound' }]);
  });
});

describe('without a manifest', () => {
  it('a document id is an unknown parameter', async () => {
    running = await startPlumbing();
    const { status } = await running.post({ documentId: documentId(HELLO) });
    expect(status).toBe(400);
  });
});

describe('a manifest', () => {
  const directory = mkdtempSync(join(tmpdir(), 'persisted-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const load = (content: string) => {
    const path = join(directory, 'operations.json');
    writeFileSync(path, content);
    return loadPersistedOperations(path, buildSchema());
  };

  it('is loaded when each document is valid and stored under its hash', () => {
    const document = '{ account { organizationName } }';
    expect([...load(JSON.stringify({ [documentId(document)]: document })).values()]).toEqual([document]);
    expect(load('{}').size).toBe(0);
  });

  it.each([
    ['{ no json', /cannot be read/],
    ['[]', /not a JSON object/],
    ['null', /not a JSON object/],
    [JSON.stringify({ abc: '{ account { organizationName } }' }), /abc is not the SHA-256/],
    [JSON.stringify({ [documentId('x')]: 7 }), /must be a string/],
    [JSON.stringify({ [documentId('{ nothing }')]: '{ nothing }' }), /Cannot query field "nothing"/],
    [JSON.stringify({ [documentId('{')]: '{' }), /Syntax Error/],
  ])('%s is rejected at start', (content, message) => {
    expect(() => load(content)).toThrow(message);
  });

  it('that does not exist is rejected at start', () => {
    expect(() => loadPersistedOperations(join(directory, 'none.json'), buildSchema())).toThrow(
      /does not exist/,
    );
  });
});
