import { createConstantContact, type ClientOptions } from '../../src/constant-contact/api.js';
import { bearerCredentials, partnerCredentials } from '../../src/constant-contact/credentials.js';
import { buildSchema } from '../../src/schema/index.js';
import { createApp } from '../../src/server/app.js';
import { silentLogger } from '../../src/server/logger.js';
import { credentialSource } from '../../src/server/plugins/credentials.js';
import { planFrom as usual } from './execution.js';

export interface TestFacade {
  query(operation: {
    query: string;
    variables?: Record<string, unknown>;
  }): Promise<{ data?: unknown; errors?: readonly unknown[] }>;
  close(): Promise<void>;
}

/** The real server over any REST API that keeps the contract, without limits. */
export function startFacade(
  baseUrl: string,
  { planFrom = usual, ...options }: Partial<ClientOptions> & { planFrom?: number } = {},
): TestFacade {
  const client = createConstantContact({
    baseUrl,
    requestsPerSecond: 0,
    requestsPerDay: 0,
    referenceCacheSeconds: 0,
    ...options,
  });
  const app = createApp({
    schema: buildSchema(),
    client,
    credentials: credentialSource(
      bearerCredentials('token', 'some-token'),
      partnerCredentials('some-key', 'some-token'),
    ),
    apiHost: new URL(baseUrl).host,
    logger: silentLogger(),
    planFrom,
  });
  return {
    query: async (operation) => {
      const response = await app.fetch('http://facade.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(operation),
      });
      return (await response.json()) as { data?: unknown; errors?: readonly unknown[] };
    },
    close: async () => {
      await app.close();
      await client.close();
    },
  };
}
