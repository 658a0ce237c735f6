import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi, type MockInstance } from 'vitest';
import { StoredFile } from '../../src/constant-contact/http/stored-file.js';
import { listen } from '../../src/server/listen.js';
import { startPlumbing } from '../support/plumbing.js';

type Plumbing = Awaited<ReturnType<typeof startPlumbing>>;

let plumbing: Plumbing;
let directory: string;
let opened: MockInstance<typeof StoredFile.open>;
let closed: MockInstance<StoredFile['close']>;
const errors: object[] = [];

beforeEach(async () => {
  errors.length = 0;
  directory = await mkdtemp(join(tmpdir(), 'uploads-'));
  vi.stubEnv('TMPDIR', directory);
  opened = vi.spyOn(StoredFile, 'open');
  closed = vi.spyOn(StoredFile.prototype, 'close');
  const told = (details: object, message: string) => void errors.push({ ...details, message });
  plumbing = await startPlumbing({ logger: { info: () => undefined, warn: told, error: told } });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await plumbing.close();
  await rm(directory, { recursive: true });
});

/** All opened files are closed and removed. */
async function expectNothingLeft(files: number): Promise<void> {
  await expect.poll(() => closed.mock.calls.length).toBe(files);
  expect(opened).toHaveBeenCalledTimes(files);
  expect(await readdir(directory)).toEqual([]);
}

const TEXTS = 'mutation ($files: [File!]!) { texts(files: $files) }';

function formOf(parts: [string, string | File][]): FormData {
  const form = new FormData();
  for (const [name, value] of parts) form.append(name, value);
  return form;
}

async function send(body: FormData | string, type?: string): Promise<{ status: number; body: any }> {
  const response = await plumbing.app.fetch('http://facade.test/graphql', {
    method: 'POST',
    body,
    ...(type !== undefined && { headers: { 'content-type': type } }),
  });
  return { status: response.status, body: await response.json() };
}

const operations = (variables: object = { files: [null, null] }): [string, string] => [
  'operations',
  JSON.stringify({ query: TEXTS, variables }),
];
const map = (paths: object = { a: ['variables.files.0'], b: ['variables.files.1'] }): [string, string] => [
  'map',
  JSON.stringify(paths),
];
const ONE: [string, File] = ['a', new File(['eins'], 'one.csv')];
const TWO: [string, File] = ['b', new File(['zwei ü'], 'Zwei ü.csv')];

it.each([
  ['in the order of the specification', [operations(), map(), ONE, TWO]],
  ['in another order', [TWO, map(), ONE, operations()]],
  ['with an additional file', [operations(), map(), ONE, ['c', ONE[1]], TWO]],
] as [string, [string, string | File][]][])('accepts parts %s', async (_, parts) => {
  const files = parts.filter(([, value]) => typeof value !== 'string').length;
  const { body } = await send(formOf(parts));
  expect(body.data.texts).toEqual(['one.csv: eins', 'Zwei ü.csv: zwei ü']);
  await expectNothingLeft(files);
});

it('adds the variables that a form omits', async () => {
  const query = 'mutation ($file: File!) { size(file: $file) }';
  const parts: [string, string | File][] = [
    ['operations', JSON.stringify({ query })],
    map({ a: ['variables.file'] }),
    ONE,
  ];
  expect((await send(formOf(parts))).body.data).toEqual({ size: 4 });
  await expectNothingLeft(1);
});

it('inserts one file at several places', async () => {
  const { body } = await send(
    formOf([operations(), map({ a: ['variables.files.0', 'variables.files.1'] }), ONE]),
  );
  expect(body.data.texts).toEqual(['one.csv: eins', 'one.csv: eins']);
  await expectNothingLeft(1);
});

it.each([
  ['no operations', [map(), ONE], 'operations'],
  ['operations that are not JSON', [['operations', '{'], map(), ONE], 'operations'],
  ['operations in a file', [['operations', new File(['{}'], 'x.json')], map(), ONE], 'operations'],
  ['an invalid map', [operations(), ['map', '7'], ONE], 'map'],
  ['a map without lists', [operations(), map({ a: 'variables.files.0' }), ONE], 'list of paths'],
  ['a missing part', [operations(), map(), ONE], '"b"'],
  ['a path into a file', [operations(), map({ a: ['variables.f', 'variables.f.stream'] }), ONE], '"f"'],
  ['an endless path', [operations(), map({ a: ['x.'.repeat(1_000_000)] }), ONE], '200 steps'],
  [
    'a path far behind the end of a list',
    [operations(), map({ a: ['variables.files.120000000'] }), ONE],
    '120000000',
  ],
  ['a path to the length of a list', [operations(), map({ a: ['variables.files.length'] }), ONE], '"length"'],
  ['a path to a name in a list', [operations(), map({ a: ['variables.files.x.y'] }), ONE], '"x"'],
  ['a path into the prototype', [operations(), map({ a: ['__proto__.x'] }), ONE], '__proto__'],
] as [string, [string, string | File][], string][])('rejects a form with %s', async (_, parts, told) => {
  const files = parts.filter(([, value]) => typeof value !== 'string').length;
  const { status, body } = await send(formOf(parts));
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([
    { message: expect.stringContaining(told), extensions: { code: 'BAD_REQUEST', retryable: false } },
  ]);
  expect(({} as { x?: unknown }).x).toBeUndefined();
  await expectNothingLeft(files);
});

it('rejects more than 100 files, and closes those received', async () => {
  const many = Array.from({ length: 101 }, (_x, at): [string, File] => [String(at), ONE[1]]);
  const { status, body } = await send(formOf([operations(), map({}), ...many]));
  expect(status).toBe(400);
  expect(body.errors[0].message).toBe('A request has at most 100 files.');
  await expectNothingLeft(opened.mock.calls.length);
});

const HEAD = 'multipart/form-data; boundary=b';
const part = (head: string, text: string) => `--b\r\ncontent-disposition: form-data; ${head}\r\n\r\n${text}`;

it.each([
  ['without a boundary', part('name="operations"', '{}'), 'multipart/form-data'],
  ['that ends within a file', part('name="a"; filename="a.csv"', 'ema'), HEAD],
  ['that ends within a field', part('name="operations"', '{'), HEAD],
  ['that is empty', '', HEAD],
])('rejects a form %s', async (_, text, type) => {
  const { status, body } = await send(text, type);
  expect(status).toBe(400);
  expect(body.errors[0].extensions.code).toBe('BAD_REQUEST');
  await expectNothingLeft(opened.mock.calls.length);
});

it('rejects a form of more than 8 MB, and stores none of it', async () => {
  const large = new File(['x'.repeat(8_100_000)], 'large.csv');
  const { status, body } = await send(formOf([operations(), map(), ONE, ['b', large]]));
  expect(status).toBe(413);
  expect(body.errors[0].extensions.code).toBe('REQUEST_ENTITY_TOO_LARGE');
  await expectNothingLeft(opened.mock.calls.length);
});

/** Sends the beginning of a request over a socket of its own. */
async function begin(app: Plumbing['app'], type: string, length: number, text: string) {
  const socket = await listen(app, { host: '127.0.0.1', port: 0 });
  const client = connect(Number(new URL(socket.url).port), '127.0.0.1');
  const head = `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${type}\r\ncontent-length: ${length}`;
  client.write(`${head}\r\n\r\n${text}`);
  return { leave: () => client.destroy(), close: () => socket.close() };
}

it('closes the files of a client that disconnects midway', async () => {
  const client = await begin(plumbing.app, HEAD, 5_000, part('name="a"; filename="a.csv"', 'email\r\n'));
  await expect.poll(() => opened.mock.settledResults[0]?.type).toBe('fulfilled');
  client.leave();
  await expectNothingLeft(1);
  await client.close();
});

it('closes the files of a client that does not wait for the response', async () => {
  const query = 'mutation ($file: File!) { size(file: $file) first }';
  const body = new Response(
    formOf([['operations', JSON.stringify({ query })], map({ a: ['variables.file'] }), ONE]),
  );
  const text = await body.clone().text();
  const slow = await startPlumbing({ upstream: () => undefined });
  const client = await begin(slow.app, body.headers.get('content-type')!, Buffer.byteLength(text), text);
  await expect.poll(() => slow.upstream.calls.length).toBe(1);
  expect(closed).not.toHaveBeenCalled();
  client.leave();
  await expectNothingLeft(1);
  await client.close();
  await slow.close();
});

it('reports files that cannot be stored, and logs the reason', async () => {
  vi.stubEnv('TMPDIR', join(directory, 'missing'));
  const { status, body } = await send(formOf([operations(), map(), ONE, TWO]));
  expect(status).toBe(503);
  expect(body.errors).toMatchObject([
    {
      message: 'The server cannot store files at the moment. Send the file as text or base64.',
      extensions: { code: 'UPLOAD_UNAVAILABLE', retryable: true },
    },
  ]);
  expect(errors).toMatchObject([{ err: { code: 'ENOENT' }, message: 'upload not stored' }]);
});

it('reports files that cannot be written', async () => {
  opened.mockImplementationOnce(async (name, type) => {
    const file = await StoredFile.open(name, type);
    await file.close();
    return file;
  });
  const { status, body } = await send(formOf([operations(), map(), ONE, TWO]));
  expect(status).toBe(503);
  expect(body.errors[0].extensions.code).toBe('UPLOAD_UNAVAILABLE');
  expect(errors).toMatchObject([{ err: { code: 'EBADF' } }]);
  expect(await readdir(directory)).toEqual([]);
});
