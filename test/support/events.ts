import type { TestApp } from './app.js';

export interface EventStream {
  status: number;
  headers: Headers;
  /**
   * The next event; null when the stream is complete. Skips comments, which only keep the connection open.
   */
  next(): Promise<any>;
  /** All remaining events. */
  rest(): Promise<any[]>;
  /** Disconnects, as a client does that closes its page. */
  leave(): Promise<void>;
}

export interface SubscribeOptions {
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** Sends an operation with `Accept: text/event-stream`. */
export async function openEvents(
  { fetch }: Pick<TestApp, 'fetch'>,
  query: string,
  { variables, headers }: SubscribeOptions = {},
): Promise<EventStream> {
  return readEvents(
    await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify({ query, variables }),
    }),
  );
}

export function readEvents(response: Response): EventStream {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let buffer = '';
  const next = async (): Promise<any> => {
    for (;;) {
      const end = buffer.indexOf('\n\n');
      if (end === -1) {
        const { value, done } = await reader.read();
        if (done) throw new Error('The stream broke off before it was complete.');
        buffer += decoder.decode(value, { stream: true });
        continue;
      }
      const block = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(block)?.[1]?.trim();
      if (field('event') === 'complete') return null;
      if (field('event') === 'next') return JSON.parse(field('data') ?? '');
    }
  };
  return {
    status: response.status,
    headers: response.headers,
    next,
    rest: async () => {
      const events: any[] = [];
      for (let event = await next(); event !== null; event = await next()) events.push(event);
      return events;
    },
    leave: () => reader.cancel(),
  };
}
