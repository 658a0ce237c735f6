import { createConstantContact, type ClientOptions } from '../../src/constant-contact/client.js';
import { bearerCredentials, partnerCredentials } from '../../src/constant-contact/auth/credentials.js';
import { buildSchema } from '../../src/schema/index.js';
import { createApp } from '../../src/server/app.js';
import type { AppOptions } from '../../src/server/settings.js';
import { silentLogger } from '../../src/server/logger.js';
import { credentialSource } from '../../src/server/plugins/credentials.js';
import { overSocket } from './socket.js';

interface Operation {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

interface Result {
  data?: unknown;
  errors?: readonly unknown[];
}

export interface TestFacade {
  query(operation: Operation, headers?: Readonly<Record<string, string>>): Promise<Result>;
  close(): Promise<void>;
}

interface FacadeOptions extends Partial<ClientOptions> {
  plugins?: AppOptions['plugins'];
}

/** The real server without limits, in front of any REST API that keeps the contract. */
export function startFacade(baseUrl: string, { plugins, ...options }: FacadeOptions = {}): TestFacade {
  const client = createConstantContact({
    baseUrl,
    requestsPerSecond: 0,
    requestsPerDay: 0,
    referenceCacheSeconds: 0,
    ...options,
  });
  const app = overSocket(
    createApp({
      schema: buildSchema(),
      client,
      credentials: credentialSource(
        bearerCredentials('token', 'some-token'),
        partnerCredentials('some-key', 'some-token'),
      ),
      apiHost: new URL(baseUrl).host,
      logger: silentLogger(),
      ...(plugins && { plugins }),
    }),
  );
  return {
    query: async (operation, headers) => {
      const response = await app.fetch('http://facade.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(operation),
      });
      return (await response.json()) as Result;
    },
    close: async () => {
      await app.close();
      await client.close();
    },
  };
}
