import { createConstantContact, type ClientOptions } from '../../src/constant-contact/client.js';
import { bearerCredentials } from '../../src/constant-contact/auth/credentials.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { buildSchema } from '../../src/schema/index.js';
import { createApp } from '../../src/server/app.js';
import { silentLogger } from '../../src/server/logger.js';
import { credentialSource } from '../../src/server/plugins/credentials.js';
import type { TestApp } from './app.js';
import { openEvents, type EventStream } from './events.js';

const PROGRESS = `subscription ($id: ID!) { bulkActivityProgress(id: $id) { state percentDone sourceFileName } }`;

const STATUS = 'subscription ($id: ID!) { emailCampaignStatus(id: $id) { status } }';

/** One of several facades that share their polls. */
export interface Follower {
  /** Follows a bulk activity. Default token: the server's own. */
  subscribe(id: string, token?: string): Promise<EventStream>;
  /** Follows the status of a campaign. */
  follow(campaignId: string): Promise<EventStream>;
  query(query: string, variables: Record<string, unknown>): Promise<unknown>;
  close(): Promise<void>;
}

export function startFollower(sandbox: Sandbox, shared: Partial<ClientOptions>): Follower {
  const client = createConstantContact({ baseUrl: sandbox.url, ...shared });
  const app = createApp({
    schema: buildSchema(),
    client,
    credentials: credentialSource(bearerCredentials('sandbox', sandbox.token)),
    apiHost: 'sandbox',
    logger: silentLogger(),
  });
  const fetch: TestApp['fetch'] = (path, init) => app.fetch(`http://facade.test${path}`, init);
  let closing: Promise<void> | undefined;
  return {
    subscribe: (id, token) =>
      openEvents({ fetch }, PROGRESS, {
        variables: { id },
        ...(token && { headers: { authorization: `Bearer ${token}` } }),
      }),
    follow: (id) => openEvents({ fetch }, STATUS, { variables: { id } }),
    query: async (query, variables) => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ query, variables });
      return (await fetch('/graphql', { method: 'POST', headers, body })).json();
    },
    close: () => (closing ??= app.close().then(() => client.close())),
  };
}

/** REST calls reported by these events. */
export const reportedCalls = (events: any[]): number =>
  events.reduce((sum: number, { extensions }) => sum + extensions.upstream.calls, 0);

/** The activity's progress in the last event. */
export const lastProgress = (events: any[]) => events.at(-1).data.bulkActivityProgress;
