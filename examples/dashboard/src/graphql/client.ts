import { Client, fetchExchange, mapExchange } from 'urql';
import { cache } from './cache.js';
import type { Connection } from './connection.js';
import type { CostLog } from './cost.js';

/**
 * A client of the facade. What it has cached belongs to one account, so another token takes another client.
 *
 * @param token access token of Constant Contact; null where the server holds one of its own
 */
export function createClient(token: string | null, costs: CostLog, connection: Connection): Client {
  const client: Client = new Client({
    url: '/graphql',
    // Names and addresses of people do not belong into addresses of requests, which get logged.
    preferGetMethod: false,
    // Live progress comes as server-sent events of the same endpoint.
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
