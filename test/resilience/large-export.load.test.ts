import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { slowdown } from '../support/machine-speed.js';

const MB = 1_024 * 1_024;
const CHUNK = Buffer.from(`someone@example.com,Some,"One, or ""two""",${'x'.repeat(60)}\n`.repeat(1_000));
const PROCESS = fileURLToPath(new URL('../support/memory-process.js', import.meta.url));
/**
 * Limit of CPU time for one turn of the event loop, in milliseconds: some 20 where nothing else runs, and more where
 * others use the same caches. Parsed in one go, what is sent here takes from half a second to several.
 */
const LONGEST_TURN = 200 * slowdown();
const TIMEOUT = 240_000;

interface Usage {
  peak: number;
  turn: number;
}

let child: ChildProcess | undefined;
let server: Server | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
  server?.closeAllConnections();
  server?.close();
  child = server = undefined;
});

/** A facade in a process of its own, over an API with only export files of this size; `a0` is small. */
async function start(bytes: number): Promise<{ url: string; reads: () => number; open: () => number }> {
  let reads = 0;
  let open = 0;
  server = createServer((request, response) => {
    reads += 1;
    open += 1;
    response.on('close', () => (open -= 1));
    response
      .writeHead(200, { 'content-type': 'text/csv' })
      .write('Email address,First name,Last name,Note\n');
    const size = request.url?.endsWith('/a0') ? 1 : bytes;
    let sent = 0;
    const go = () => {
      while (sent < size) {
        sent += CHUNK.length;
        if (!response.write(CHUNK)) return void response.once('drain', go);
      }
      response.end();
    };
    go();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  child = fork(PROCESS, [`http://127.0.0.1:${String(port)}/v3`], {
    execArgv: ['--expose-gc', '--max-old-space-size=256'],
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return { url, reads: () => reads, open: () => open };
}

async function usage(): Promise<Usage> {
  child?.send('look');
  const [told] = (await once(child as ChildProcess, 'message')) as [Usage];
  return told;
}

async function query(url: string, text: string): Promise<{ data: any; errors?: unknown; extensions: any }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text }),
  });
  return (await response.json()) as { data: any; extensions: any };
}

const exported = (fields: string, id = 'a1') => `{ contactExport(fileExportId: "${id}") { ${fields} } }`;

it(
  'pages through an export of 200 MB without blocking the event loop or holding it in memory',
  async () => {
    const { url, reads } = await start(200 * MB);
    // The first query pays for code that is compiled.
    await query(url, exported('rows(first: 10) { nodes { emailAddress } }', 'a0'));
    await usage();
    const first = await query(
      url,
      exported('rows(first: 2) { nodes { emailAddress lastName } pageInfo { endCursor } }'),
    );
    expect(first.data.contactExport.rows.nodes[1]).toEqual({
      emailAddress: 'someone@example.com',
      lastName: 'One, or "two"',
    });
    let after = first.data.contactExport.rows.pageInfo.endCursor as string;
    for (let at = 0; at < 5; at += 1) {
      const next = await query(
        url,
        exported(`rows(first: 1000, after: "${after}") { nodes { lastName } pageInfo { endCursor } }`),
      );
      expect(next.data.contactExport.rows.nodes).toHaveLength(1_000);
      after = next.data.contactExport.rows.pageInfo.endCursor;
    }
    const whole = await query(url, exported('rows(first: 1) { totalCount }'));
    expect(whole.data.contactExport.rows.totalCount).toBe(Math.ceil((200 * MB) / CHUNK.length) * 1_000);
    expect(whole.extensions.upstream.calls).toBe(0);
    expect(reads()).toBe(2);
    const { peak, turn } = await usage();
    expect(peak).toBeLessThan(512 * MB);
    expect(turn).toBeLessThan(LONGEST_TURN);
  },
  TIMEOUT,
);

it(
  'keeps disk usage within its limit, without named files',
  async () => {
    const { url, reads } = await start(200 * MB);
    for (const id of ['a1', 'a2', 'a3']) {
      const { data } = await query(url, exported('rows(first: 1) { totalCount }', id));
      expect(data.contactExport.rows.totalCount).toBeGreaterThan(1_000_000);
      const descriptors = `/proc/${String(child?.pid)}/fd`;
      const files = readdirSync(descriptors).flatMap((name) => {
        const path = readlinkSync(`${descriptors}/${name}`);
        return path.includes('constant-contact-graphql-')
          ? [{ path, size: statSync(`${descriptors}/${name}`) }]
          : [];
      });
      expect(files.length).toBeGreaterThan(0);
      for (const { path, size } of files) {
        expect(path).toContain('(deleted)');
        expect(size.mode & 0o777).toBe(0o600);
      }
      expect(files.reduce((sum, { size }) => sum + size.size, 0)).toBeLessThanOrEqual(512 * MB);
    }
    expect(reads()).toBe(3);
  },
  TIMEOUT,
);

it('stops a download whose client has disconnected', async () => {
  const { url, open } = await start(10_000 * MB);
  const gone = new AbortController();
  const response = await fetch(`${url}/exports/a1.csv`, { signal: gone.signal });
  await response.body!.getReader().read();
  expect(open()).toBe(1);
  gone.abort();
  await expect.poll(open).toBe(0);
});

const LIST = '06a100de-19b6-4266-874b-000000000000';
const FILES: [string, string][] = [
  [
    '100,000 headings',
    `email,${Array.from({ length: 100_000 }, (_, at) => `h${String(at)}`).join(',')}\na@x.example\n`,
  ],
  ['one line of 4 MB', `email\n${'x'.repeat(3_900_000)}`],
  ['a heading of 4 MB', 'x'.repeat(3_900_000)],
  ['4 MB of quotes', '"'.repeat(3_900_001)],
  ['4 MB of quoted quotes', `email\n${`"${'""'.repeat(50)}"\n`.repeat(38_000)}`],
  ['4 MB of empty lines', `email\n${'\n'.repeat(3_900_000)}a@x.example\n`],
  ['4 MB of blanks and line ends', `email\n${' \r\n'.repeat(1_300_000)}`],
  ['4 MB of commas', `email\n${','.repeat(3_900_000)}`],
  ['rows of 999 commas', `email${',cf:a'.repeat(999)}\n${`${','.repeat(999)}\n`.repeat(3_900)}`],
  ['short rows', `email\n${'a\n'.repeat(1_900_000)}`],
];

it(
  'parses any file of contacts without blocking the event loop',
  async () => {
    const { url } = await start(0);
    const mutation = `mutation ($f: ImportFile!) { importContactsFromFile(input: { file: $f, listIds: ["${LIST}"] }) { unknownColumns userErrors { code message } } }`;
    const send = async (file: object) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: mutation, variables: { f: file } }),
      });
      return response.json();
    };
    await send({ text: `email\n${'a@x.example\n'.repeat(10_000)}` });
    for (const [name, text] of FILES) {
      const body = new FormData();
      body.set('operations', JSON.stringify({ query: mutation, variables: { f: {} } }));
      body.set('map', JSON.stringify({ 0: ['variables.f.upload'] }));
      body.set('0', new File([text], 'contacts.csv'));
      for (const way of [
        () => send({ text }),
        () => send({ base64: Buffer.from(text).toString('base64') }),
        async () => (await fetch(`${url}/graphql`, { method: 'POST', body })).json(),
      ]) {
        await usage();
        const answer = (await way()) as { data?: unknown };
        expect(answer.data, name).toBeDefined();
        const { turn } = await usage();
        expect(turn, name).toBeLessThan(LONGEST_TURN);
      }
    }
    await send({ base64: 'a '.repeat(3_900_000) });
    expect((await usage()).turn).toBeLessThan(2 * LONGEST_TURN);
  },
  TIMEOUT,
);

it(
  'checks the largest import of contacts without standing still',
  async () => {
    const { url } = await start(0);
    const contact = { email: 'someone@example.com', firstName: 'Some', lastName: 'One' };
    const contacts = Array.from({ length: 40_000 }, () => contact);
    const send = async () => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          query: `mutation ($c: [ImportContactInput!]!) { importContacts(input: { contacts: $c, listIds: ["${LIST}"] }) { userErrors { code } } }`,
          variables: { c: contacts },
        }),
      });
      return response.json();
    };
    await send();
    await usage();
    await send();
    expect((await usage()).turn).toBeLessThan(LONGEST_TURN);
  },
  TIMEOUT,
);
