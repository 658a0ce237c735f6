import { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';

/** A request that the REST client sent. */
export interface RecordedRequest {
  method: string;
  path: string;
  body: string;
}

export interface RequestRecorder {
  /** Dispatcher for the client: records requests and sends them with undici. */
  dispatcher: Dispatcher;
  /** Oldest first. */
  requests: RecordedRequest[];
  close(): Promise<void>;
}

/** Records the REST requests of a client, including their bodies. */
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
