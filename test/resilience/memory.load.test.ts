import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';

const MB = 1_024 * 1_024;
const PROCESS = fileURLToPath(new URL('../support/memory-process.js', import.meta.url));

interface Memory {
  now: number;
  peak: number;
  used: number;
}

let child: ChildProcess | undefined;
let server: Server | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
  server?.closeAllConnections();
  server?.close();
  child = server = undefined;
});

async function startProcess(apiUrl: string, options: string[] = []): Promise<string> {
  child = fork(PROCESS, [apiUrl], { execArgv: ['--expose-gc', ...options] });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return url;
}

async function memory(): Promise<Memory> {
  child?.send('look');
  const [told] = (await once(child as ChildProcess, 'message')) as [Memory];
  return told;
}

async function query(url: string, text: string): Promise<{ data: any }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text }),
  });
  return (await response.json()) as { data: any };
}

/** A REST API with only an export file of this size, which it sends as fast as it is read. */
async function startExport(bytes: number): Promise<{ url: string; sent: () => number }> {
  const line = Buffer.from(`${'someone@example.com,Some,One,'.padEnd(127, 'x')}\n`.repeat(512));
  let total = 0;
  server = createServer((_request, response) => {
    let sent = 0;
    response.writeHead(200, { 'content-type': 'text/csv', 'content-length': String(bytes) });
    const go = () => {
      while (sent < bytes) {
        const chunk = line.subarray(0, Math.min(line.length, bytes - sent));
        sent += chunk.length;
        total += chunk.length;
        if (!response.write(chunk)) return void response.once('drain', go);
      }
      response.end();
    };
    go();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v3`, sent: () => total };
}

const EXPORT = '/exports/3f9f8a3e-5f0c-4b7e-9e0b-8f5f1f1f1f1f.csv';

it('streams an export of 100 MB without holding it in memory', async () => {
  const { url: apiUrl } = await startExport(100 * MB);
  const url = await startProcess(apiUrl);
  const before = await memory();
  const { body } = await fetch(url + EXPORT);
  let bytes = 0;
  let most = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    const isNextPart = Math.floor((bytes + chunk.length) / (10 * MB)) > Math.floor(bytes / (10 * MB));
    bytes += chunk.length;
    // After a garbage collection: freed chunks stay in memory until the next one, however few are held.
    if (isNextPart) most = Math.max(most, (await memory()).used);
  }
  expect(bytes).toBe(100 * MB);
  expect(most - before.used).toBeLessThan(10 * MB);
});

it('reads an export only as fast as its client does', async () => {
  const { url: apiUrl, sent } = await startExport(100 * MB);
  const url = await startProcess(apiUrl);
  const response = await fetch(url + EXPORT);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  // Backpressure: nothing more is read once the buffers in between are full.
  let last = -1;
  await expect
    .poll(() => [last, (last = sent())].every((one, _at, both) => one === both[0]), { interval: 200 })
    .toBe(true);
  expect(sent()).toBeLessThan(30 * MB);
  await reader.cancel();
});

it('keeps uploads of 80 MB that wait for the API out of memory', async () => {
  const FILES = 20;
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let waiting = 0;
  let received = 0;
  server = createServer((request, response) => {
    waiting += 1;
    void released.then(async () => {
      for await (const chunk of request) received += (chunk as Buffer).length;
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"activity_id":"a1"}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = await startProcess(`http://127.0.0.1:${String(port)}/v3`);
  const line = `someone@example.com,${'x'.repeat(2_000)}\n`;
  const csv = `email,first_name\n${line.repeat(Math.floor(3_990_000 / line.length))}`;
  const query =
    'mutation ($file: File) { importContactsFromFile(input: { file: { upload: $file }, listIds: ["06a100de-19b6-4266-874b-000000000000"] }) { bulkActivity { activityId } userErrors { message } } }';
  const upload = async () => {
    const body = new FormData();
    body.set('operations', JSON.stringify({ query }));
    body.set('map', JSON.stringify({ 0: ['variables.file'] }));
    body.set('0', new File([csv], 'contacts.csv'));
    return (await fetch(`${url}/graphql`, { method: 'POST', body })).json();
  };
  const first = upload();
  await expect.poll(() => waiting, { timeout: 60_000 }).toBe(1);
  const before = await memory();
  const rest = Array.from({ length: FILES }, upload);
  await expect.poll(() => waiting, { timeout: 60_000 }).toBe(FILES + 1);
  const { used } = await memory();
  release();
  const bulkActivity = { activityId: 'a1' };
  for (const answer of await Promise.all([first, ...rest]))
    expect(answer).toMatchObject({ data: { importContactsFromFile: { bulkActivity, userErrors: [] } } });
  expect(received).toBeGreaterThan((FILES + 1) * csv.length);
  expect(used - before.used).toBeLessThan(20 * MB);
});

it('returns 10,000 rows out of pages of 200 MB within a heap of that size', async () => {
  let pages = 0;
  const rest = JSON.stringify('x'.repeat(10 * MB));
  server = createServer((_request, response) => {
    pages += 1;
    const contacts = Array.from({ length: 500 }, (_, at) => ({
      contact_id: `3f9f8a3e-5f0c-4b7e-9e0b-${String(pages * 500 + at).padStart(12, '0')}`,
    }));
    const next = pages < 20 ? `"_links":{"next":{"href":"/v3/contacts?cursor=p${String(pages)}"}},` : '';
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(`{${next}"contacts":${JSON.stringify(contacts)},"rest":${rest}}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = await startProcess(`http://127.0.0.1:${String(port)}/v3`, ['--max-old-space-size=200']);
  const { data } = await query(url, '{ contacts(first: 10000) { nodes { contactId } } }');
  expect(data.contacts.nodes).toHaveLength(10_000);
  expect(pages).toBe(20);
});
