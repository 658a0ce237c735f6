import { eventsOf } from '../server/server-sent-events.js';
import type { GraphqlResponse } from './result.js';

/** Sends a GraphQL request, with the headers of the caller, to this server. */
export type Send = (body: string, accept: string, signal: AbortSignal) => Promise<Response>;

export interface GraphqlRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

/** The response to a query or mutation. Error responses of the server have the same form. */
export async function execute(
  send: Send,
  request: GraphqlRequest,
  signal: AbortSignal,
): Promise<GraphqlResponse> {
  const response = await send(JSON.stringify(request), 'application/json', signal);
  return (await response.json()) as GraphqlResponse;
}

/** The events of a subscription. A refused subscription has one event with the error. */
export async function* subscribe(
  send: Send,
  request: GraphqlRequest,
  signal: AbortSignal,
): AsyncGenerator<GraphqlResponse, void> {
  const response = await send(JSON.stringify(request), 'text/event-stream', signal);
  if (response.body && response.headers.get('content-type')?.startsWith('text/event-stream'))
    yield* eventsOf(response.body) as AsyncGenerator<GraphqlResponse, void>;
  else yield (await response.json()) as GraphqlResponse;
}
