import { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';

/** A request as it leaves the REST client. */
export interface RecordedRequest {
  method: string;
  /** Path and query. */
  path: string;
  body: string;
}

export interface RequestRecorder {
  /** For the client: it sends as undici does, and writes down what it sends. */
  dispatcher: Dispatcher;
  /** Oldest first. */
  requests: RecordedRequest[];
  close(): Promise<void>;
}

/** Writes down the REST requests of a client, with their bodies. */
export function recordRequests(): RequestRecorder {
  const requests: RecordedRequest[] = [];
  const agent = new Agent();
  const dispatcher = agent.compose((dispatch) => (options, handler) => {
    const send = (body: string | Buffer | null) => {
      requests.push({ method: options.method, path: options.path, body: String(body ?? '') });
      return dispatch({ ...options, body }, handler);
    };
    if (!(options.body instanceof Readable)) return send(options.body as string | null);
    void options.body.toArray().then((chunks: Buffer[]) => send(Buffer.concat(chunks)));
    return true;
  });
  return { dispatcher, requests, close: () => agent.close() };
}
