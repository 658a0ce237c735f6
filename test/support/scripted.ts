import { afterEach, expect } from 'vitest';
import type { GraphQLFormattedError } from 'graphql';
import type { ClientOptions } from '../../src/constant-contact/client.js';
import { startFacade, type TestFacade } from './facade.js';
import { json, startUpstream, type Handler, type SeenRequest, type Upstream } from './upstream.js';

interface Answer {
  data?: any;
  errors?: readonly GraphQLFormattedError[];
}

/** A facade in front of a scripted upstream. Call it once per file, outside of its tests. */
export interface Scripted {
  /** Starts both; they are closed after the test. */
  start(handler: Handler, options?: Partial<ClientOptions>): Promise<void>;
  /** Starts both, with an upstream that answers every request with 200 and this body. */
  answering(answer: (url: URL, request: SeenRequest) => unknown): Promise<void>;
  query(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Data of an answer without errors; clears the recorded requests first. */
  ask(query: string, variables?: Record<string, unknown>): Promise<any>;
  /** Requests to the upstream, oldest first. */
  requests(): SeenRequest[];
  /** Body of the request at this index. */
  sent(at: number): Record<string, any>;
}

export function scripted(): Scripted {
  let upstream: Upstream;
  let facade: TestFacade;

  afterEach(async () => {
    await facade.close();
    await upstream.close();
  });

  const start: Scripted['start'] = async (handler, options) => {
    upstream = await startUpstream(handler);
    facade = startFacade(upstream.url, options);
  };
  const query: Scripted['query'] = (text, variables = {}) =>
    facade.query({ query: text, variables }) as Promise<Answer>;

  return {
    start,
    answering: (answer) =>
      start((response, request) => {
        json(response, 200, answer(new URL(request.url, 'http://upstream'), request));
      }),
    query,
    ask: async (text, variables) => {
      upstream.requests.length = 0;
      const { data, errors } = await query(text, variables);
      expect(errors).toBeUndefined();
      return data;
    },
    requests: () => upstream.requests,
    sent: (at) => JSON.parse(upstream.requests[at]?.body ?? '') as Record<string, any>,
  };
}
