import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp } from '../../../test/support/app.js';

let app: TestApp;
let url: string;
let sent: { method: string; text: string }[];

beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 60 } });
  url = `${await app.listen()}/graphql`;
});
afterAll(() => app.close());

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Records requests and sends them. */
const recordingFetch: typeof fetch = (input, init) => {
  sent.push({
    method: init?.method ?? 'GET',
    text: decodeURIComponent(`${String(input)} ${String(init?.body)}`),
  });
  return fetch(input, init);
};

it.each([{ useGETForHashedQueries: false }, { useGETForHashedQueries: true }])(
  'Apollo Client sends the text of a query once: %j',
  async (options) => {
    const document = gql(
      `query Lists${String(options.useGETForHashedQueries)} { contactLists(first: 2) { nodes { name } } }`,
    );
    const ask = () =>
      new ApolloClient({
        link: ApolloLink.from([
          new PersistedQueryLink({ sha256, ...options }),
          new HttpLink({ uri: url, fetch: recordingFetch }),
        ]),
        cache: new InMemoryCache(),
      }).query<{ contactLists: { nodes: unknown[] } }>({ query: document });
    sent = [];
    expect((await ask()).data?.contactLists.nodes).toHaveLength(2);
    expect(sent.map(({ text }) => text.includes('contactLists'))).toEqual([false, true]);
    sent = [];
    expect((await ask()).data?.contactLists.nodes).toHaveLength(2);
    expect(sent.map(({ text }) => text.includes('contactLists'))).toEqual([false]);
    expect(sent[0]?.method).toBe(options.useGETForHashedQueries ? 'GET' : 'POST');
  },
);

it.each([true, false])(
  'urql sends the text of a query once, by GET: %j',
  async (preferGetForPersistedQueries) => {
    const ask = () =>
      new Client({
        url,
        fetch: recordingFetch,
        preferGetMethod: false,
        exchanges: [
          persistedExchange({
            preferGetForPersistedQueries,
            generateHash: (text) => Promise.resolve(sha256(text)),
          }),
          fetchExchange,
        ],
      })
        .query(`query Tags${String(preferGetForPersistedQueries)} { tags(first: 2) { nodes { name } } }`, {})
        .toPromise();
    sent = [];
    const first = await ask();
    expect(first.error).toBeUndefined();
    expect(first.data.tags.nodes).toHaveLength(2);
    expect(sent).toHaveLength(2);
    sent = [];
    expect((await ask()).data.tags.nodes).toHaveLength(2);
    expect(sent.map(({ text }) => text.includes('nodes'))).toEqual([false]);
  },
);
