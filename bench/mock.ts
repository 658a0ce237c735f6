import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { millis, millisOffset, secondsNoColon } from '../src/sandbox/dates.js';
import { createSandbox } from '../src/sandbox/index.js';

/**
 * The REST API of the benchmark. It caches the sandbox's responses as bytes, so that serving them costs next
 * to nothing. `updated_after` makes requests differ and changes no response; without it the facade would
 * coalesce identical reads, and nothing would be measured. A request without a bearer token gets 401.
 *
 * `/bench/calls` returns the requests since it was last called. `/bench/latency/<ms>` delays responses from
 * then on.
 */

/** Above the largest page that a case reads. */
const CONTACTS = 8_000;
const CAMPAIGNS = 400;

interface CachedResponse {
  status: number;
  headers: Record<string, string | number>;
  body: Buffer;
}

interface WireContact {
  created_at: string;
  updated_at: string;
  email_address?: { created_at: string; updated_at: string };
}

const sandbox = await createSandbox({
  requestsPerSecond: 0,
  requestsPerDay: 0,
  validate: false,
  contacts: CONTACTS,
  campaigns: CAMPAIGNS,
});
const { origin } = new URL(sandbox.url);
const cache = new Map<string, CachedResponse>();
let latencyMs = 0;
let calls: string[] = [];

const keyOf = (path: string) => path.replace(/([?&])updated_after=[^&]*&?/, '$1').replace(/[?&]$/, '');

/**
 * The sandbox writes all times of a contact as `2020-01-01T00:00:00Z`. The API mixes forms, which are more
 * expensive to parse: milliseconds, `+00:00` and `-0500`. The date of the opt-in stays as it is.
 */
function mixTimes(contact: WireContact): void {
  contact.created_at = millis(Date.parse(contact.created_at));
  contact.updated_at = millis(Date.parse(contact.updated_at));
  const email = contact.email_address;
  if (!email) return;
  email.created_at = millisOffset(Date.parse(email.created_at));
  email.updated_at = secondsNoColon(Date.parse(email.updated_at));
}

async function load(key: string): Promise<CachedResponse> {
  const response = await fetch(origin + key, { headers: { authorization: `Bearer ${sandbox.token}` } });
  const json = (await response.json()) as WireContact & { contacts?: WireContact[] };
  if (json.contacts) json.contacts.forEach(mixTimes);
  else if (/^\/v3\/contacts\/[^/]+$/.test(new URL(key, origin).pathname) && response.ok) mixTimes(json);
  const body = Buffer.from(JSON.stringify(json));
  const cached: CachedResponse = {
    status: response.status,
    headers: { 'content-type': 'application/json', 'content-length': body.length },
    body,
  };
  cache.set(key, cached);
  return cached;
}

function send(response: ServerResponse, { status, headers, body }: CachedResponse): void {
  const write = () => response.writeHead(status, headers).end(body);
  if (latencyMs === 0) write();
  else setTimeout(write, latencyMs);
}

function control(path: string, response: ServerResponse): void {
  const [, , command, value] = path.split('/');
  if (command === 'latency') latencyMs = Number(value);
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
  if (!request.headers.authorization?.startsWith('Bearer ')) {
    response.writeHead(401).end();
    return;
  }
  const key = keyOf(path);
  const cached = cache.get(key);
  if (cached) send(response, cached);
  else
    void load(key).then((loaded) => {
      send(response, loaded);
    });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const existing = [...sandbox.account().contacts].filter(({ deleted_at }) => !deleted_at);
  const contactIds = existing.slice(0, 997).map(({ contact_id }) => contact_id);
  process.send?.({ url: `http://127.0.0.1:${String(port)}/v3`, contactIds });
});
