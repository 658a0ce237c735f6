import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSandbox } from '../src/sandbox/index.js';

/**
 * The REST API of the benchmark: answers of the sandbox, kept as bytes from the first time on, so that serving them
 * costs next to nothing. `updated_after` makes requests different from each other and changes no answer here; without it a
 * server that joins identical reads would be measured at doing nothing.
 *
 * `/bench/calls` tells the requests since the last time it was asked, `/bench/latency/<ms>` delays answers from then on.
 */

/** More of each than any case reads. */
const CONTACTS = 8_000;
const CAMPAIGNS = 400;

interface Kept {
  status: number;
  headers: Record<string, string | number>;
  body: Buffer;
}

const sandbox = await createSandbox({
  requestsPerSecond: 0,
  requestsPerDay: 0,
  validate: false,
  contacts: CONTACTS,
  campaigns: CAMPAIGNS,
});
const { origin } = new URL(sandbox.url);
const kept = new Map<string, Kept>();
let latencyMs = 0;
let calls: string[] = [];

const keyOf = (path: string) => path.replace(/([?&])updated_after=[^&]*&?/, '$1').replace(/[?&]$/, '');

async function ask(key: string): Promise<Kept> {
  const response = await fetch(origin + key, { headers: { authorization: `Bearer ${sandbox.token}` } });
  const body = Buffer.from(await response.arrayBuffer());
  const answer: Kept = {
    status: response.status,
    headers: { 'content-type': 'application/json', 'content-length': body.length },
    body,
  };
  kept.set(key, answer);
  return answer;
}

function send(response: ServerResponse, { status, headers, body }: Kept): void {
  const write = () => response.writeHead(status, headers).end(body);
  if (latencyMs === 0) write();
  else setTimeout(write, latencyMs);
}

function control(path: string, response: ServerResponse): void {
  const [, , what, value] = path.split('/');
  if (what === 'latency') latencyMs = Number(value);
  response.end(JSON.stringify({ calls }));
  calls = [];
}

const server = createServer((request, response) => {
  const path = request.url ?? '/';
  if (path.startsWith('/bench/')) {
    control(path, response);
    return;
  }
  calls.push(path);
  const key = keyOf(path);
  const known = kept.get(key);
  if (known) send(response, known);
  else
    void ask(key).then((answer) => {
      send(response, answer);
    });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const existing = [...sandbox.account().contacts].filter(({ deleted_at }) => !deleted_at);
  const contactIds = existing.slice(0, 997).map(({ contact_id }) => contact_id);
  process.send?.({ url: `http://127.0.0.1:${String(port)}/v3`, contactIds });
});
