import { eventsOf } from '../server/server-sent-events.js';
import type { GraphqlAnswer } from './result.js';

/** Sends one GraphQL request, with the headers of the caller, to the server that this program is. */
export type Send = (body: string, accept: string, signal: AbortSignal) => Promise<Response>;

export interface GraphqlRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

/** The answer of a query or mutation. Refusals of the server are answers, too: its error responses have that form. */
export async function execute(
  send: Send,
  request: GraphqlRequest,
  signal: AbortSignal,
): Promise<GraphqlAnswer> {
  const response = await send(JSON.stringify(request), 'application/json', signal);
  return (await response.json()) as GraphqlAnswer;
}

/** The events of a subscription; a refusal is one event. */
export async function* subscribe(
  send: Send,
  request: GraphqlRequest,
  signal: AbortSignal,
): AsyncGenerator<GraphqlAnswer, void> {
  const response = await send(JSON.stringify(request), 'text/event-stream', signal);
  if (response.body && response.headers.get('content-type')?.startsWith('text/event-stream'))
    yield* eventsOf(response.body) as AsyncGenerator<GraphqlAnswer, void>;
  else yield (await response.json()) as GraphqlAnswer;
}
