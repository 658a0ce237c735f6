import { Client, fetchExchange, mapExchange } from 'urql';
import { cache } from './cache.js';
import type { Connection } from './connection.js';
import type { CostLog } from './cost.js';

/**
 * A client of the facade. Its cache belongs to one account, so another token needs another client.
 *
 * @param token access token of Constant Contact; null if the server has one of its own
 */
export function createClient(token: string | null, costs: CostLog, connection: Connection): Client {
  const client: Client = new Client({
    url: '/graphql',
    // URLs are logged, so they must not contain names and email addresses.
    preferGetMethod: false,
    // Live progress is sent as server-sent events of the same endpoint.
    fetchSubscriptions: true,
    fetchOptions: token === null ? {} : { headers: { authorization: `Bearer ${token}` } },
    exchanges: [
      cache(),
      mapExchange({
        onResult: (result) => {
          costs.note(result);
          connection.note(result, client);
        },
      }),
      fetchExchange,
    ],
  });
  return client;
}
