import { createConstantContact, type ClientOptions } from '../../src/constant-contact/api.js';
import { bearerCredentials, partnerCredentials } from '../../src/constant-contact/auth/credentials.js';
import { buildSchema } from '../../src/schema/index.js';
import { createApp } from '../../src/server/app.js';
import { listen } from '../../src/server/listen.js';
import { silentLogger } from '../../src/server/logger.js';
import { credentialSource } from '../../src/server/plugins/credentials.js';
import { planFrom as usual } from './execution.js';

interface Operation {
  query: string;
  variables?: Record<string, unknown>;
}

export interface TestFacade {
  query(operation: Operation): Promise<{ data?: unknown; errors?: readonly unknown[] }>;
  /** The same, as it comes over the wire. */
  text(operation: Operation): Promise<string>;
  close(): Promise<void>;
}

interface FacadeOptions extends Partial<ClientOptions> {
  planFrom?: number;
  /** Whether it is asked over a socket, where plain requests take the direct way. */
  direct?: boolean;
  /** What its client accepts. */
  accept?: string;
}

/** The real server over any REST API that keeps the contract, without limits. */
export function startFacade(
  baseUrl: string,
  { planFrom = usual, direct = false, accept = '*/*', ...options }: FacadeOptions = {},
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
  const socket = direct ? listen(app, { host: '127.0.0.1', port: 0 }) : null;
  const text: TestFacade['text'] = async (operation) => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify(operation),
    };
    const response = socket
      ? await fetch(`${(await socket).url}/graphql`, init)
      : await app.fetch('http://facade.test/graphql', init);
    return response.text();
  };
  return {
    text,
    query: async (operation) =>
      JSON.parse(await text(operation)) as { data?: unknown; errors?: readonly unknown[] },
    close: async () => {
      await (await socket)?.close();
      await app.close();
      await client.close();
    },
  };
}
