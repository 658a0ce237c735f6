import { Network, Observable, type FetchFunction, type GraphQLResponse } from 'relay-runtime';

/** A network layer that reads deferred fragments from `multipart/mixed`, one part after the other. */
export function createNetwork(url: string, headers: Record<string, string> = {}) {
  const fetchQuery: FetchFunction = ({ text, name }, variables) =>
    Observable.create<GraphQLResponse>((sink) => {
      const controller = new AbortController();
      const run = async () => {
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            accept: 'multipart/mixed; deferSpec=20220824, application/json',
            'content-type': 'application/json',
            ...headers,
          },
          body: JSON.stringify({ query: text, operationName: name, variables }),
          signal: controller.signal,
        });
        for await (const result of results(response)) sink.next(result);
      };
      run().then(() => sink.complete(), sink.error);
      return () => controller.abort();
    });
  return Network.create(fetchQuery);
}

interface Part {
  data?: unknown;
  path?: (string | number)[];
  label?: string;
  errors?: unknown[];
  incremental?: Part[];
  extensions?: Record<string, unknown>;
  hasNext?: boolean;
}

async function* results(response: Response): AsyncGenerator<GraphQLResponse> {
  if (!response.headers.get('content-type')?.startsWith('multipart/mixed')) {
    yield (await response.json()) as GraphQLResponse;
    return;
  }
  for await (const { incremental, hasNext = false, ...part } of parts(response)) {
    const extensions = { ...part.extensions, is_final: !hasNext };
    if (part.data !== undefined) yield { ...part, extensions } as GraphQLResponse;
    for (const one of incremental ?? []) yield { ...one, extensions } as GraphQLResponse;
  }
}

async function* parts(response: Response): AsyncGenerator<Part> {
  let buffer = '';
  const decoder = new TextDecoderStream();
  for await (const text of response.body!.pipeThrough(decoder) as unknown as AsyncIterable<string>) {
    const pieces = (buffer + text).split('\r\n---');
    buffer = pieces.pop() ?? '';
    for (const piece of pieces) {
      const start = piece.indexOf('\r\n\r\n');
      if (start !== -1) yield JSON.parse(piece.slice(start)) as Part;
    }
  }
}
