import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StorageError, StoredFile } from '../src/constant-contact/http/stored-file.js';
import { manualClock, type ManualClock } from './support/clock.js';
import { startFacade, type TestFacade } from './support/facade.js';
import { buildSchema } from '../src/schema/index.js';
import { startPlumbing } from './support/plumbing.js';
import { startUpstream, type Handler, type Upstream } from './support/upstream.js';

let upstream: Upstream | undefined;
let facade: TestFacade | undefined;
let clock: ManualClock;
afterEach(stop);

async function stop(): Promise<void> {
  await facade?.close();
  await upstream?.close();
  facade = upstream = undefined;
}

/** A facade over an API with only this export file. */
async function start(file: string | Handler): Promise<void> {
  const handler: Handler =
    typeof file === 'string' ? (response) => void csv(response).end(file) : (...all) => file(...all);
  upstream = await startUpstream(handler);
  restart();
}

/** Another process over the same API: nothing is known in it. */
function restart(): void {
  clock = manualClock();
  facade = startFacade(upstream!.url, { clock, random: () => 0 });
}

function csv(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/csv' });
}

const calls = () => upstream!.requests.length;

async function ask(
  fields: string,
  id = 'a1',
): Promise<{ file: any; errors: any[] | undefined; calls: number }> {
  const { data, errors, extensions } = (await facade!.query({
    query: `{ contactExport(fileExportId: "${id}") { ${fields} } }`,
  })) as any;
  return { file: data?.contactExport, errors, calls: extensions.upstream.calls };
}

const ROWS = 'nodes { value(column: "Email") } pageInfo { hasNextPage endCursor }';
const rows = (first: number, after?: string | null, id?: string, more = '') =>
  ask(`rows(first: ${String(first)}${after ? `, after: "${after}"` : ''}) { ${ROWS} ${more} }`, id);
const emails = (file: any): string[] => file.rows.nodes.map((node: any) => node.value);

const addresses = (count: number) => Array.from({ length: count }, (_, at) => `${String(at)}@x.example`);
const fileOf = (all: readonly string[], end = '\n') => ['Email', ...all].join(end) + end;

/** Reads page by page to the end. */
async function walk(first: number, onPage?: () => Promise<void>): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | null = null; ;) {
    const { file, errors } = await rows(first, after);
    expect(errors).toBeUndefined();
    found.push(...emails(file));
    if (!file.rows.pageInfo.hasNextPage) return found;
    after = file.rows.pageInfo.endCursor;
    await onPage?.();
  }
}

describe('pages of an export file', () => {
  it('continue in the file that the first page read, for one call', async () => {
    const all = addresses(20_005);
    await start(fileOf(all));
    expect(await walk(10_000)).toEqual(all);
    expect(calls()).toBe(1);
    expect((await rows(1, null, undefined, 'totalCount')).file.rows.totalCount).toBe(20_005);
    expect(calls()).toBe(1);
  });

  it('have the same rows whatever their size and the line breaks between and within rows', async () => {
    const odd = ['a', 'b "two" words', 'c, comma', 'd\r\nline', 'é€😀', 'e\nline', '', 'last'];
    const cells = odd.map((one) => `"${one.replaceAll('"', '""')}"`);
    const many = Array.from({ length: 40 }, () => cells).flat();
    for (const end of ['\n', '\r\n', '\r', '\n\n\n']) {
      await start(`\ufeff${fileOf(many, end)}${end}${end}`);
      for (const first of [7, 300])
        expect(await walk(first)).toEqual(many.map((_, at) => odd[at % 8] || null));
      const { file } = await rows(1, null, undefined, 'totalCount');
      expect(file.rows.totalCount).toBe(many.length);
      expect(calls()).toBe(1);
      await stop();
    }
  });

  it('end without a final line break, and may be empty', async () => {
    await start(fileOf(['a', 'b']).trimEnd());
    expect(await walk(1)).toEqual(['a', 'b']);
    for (const empty of ['', '\n', 'Email', 'Email\r\n\r\n']) {
      await stop();
      await start(empty);
      const { file } = await rows(5, null, undefined, 'totalCount');
      expect(file.rows).toMatchObject({ nodes: [], totalCount: 0, pageInfo: { hasNextPage: false } });
    }
  });

  it('continue in another process, and when the file was evicted, for one call each', async () => {
    const all = addresses(1_000);
    await start(fileOf(all));
    expect(await walk(250, () => clock.advance(240_000))).toEqual(all);
    expect(calls()).toBe(2);
    let after: string | null = (await rows(10)).file.rows.pageInfo.endCursor;
    for (let at = 10; at < 50; at += 10) {
      await facade!.close();
      restart();
      const { file, calls: cost } = await rows(10, after);
      expect(emails(file)).toEqual(all.slice(at, at + 10));
      expect(cost).toBe(1);
      after = file.rows.pageInfo.endCursor;
    }
  });

  it('are returned before the rest of the file, which is read once for all requests', async () => {
    let open: ServerResponse | undefined;
    await start((response) => {
      open = csv(response);
      open.write(fileOf(addresses(10)));
    });
    const [one, other] = await Promise.all([rows(3), rows(5)]);
    expect(emails(one.file)).toEqual(addresses(3));
    expect(emails(other.file)).toEqual(addresses(5));
    expect(one.calls + other.calls).toBe(1);
    const next = rows(20, one.file.rows.pageInfo.endCursor, undefined, 'totalCount');
    open!.end('late@x.example\n');
    expect(emails((await next).file)).toEqual([...addresses(10).slice(3), 'late@x.example']);
    expect((await next).file.rows.totalCount).toBe(11);
    expect(calls()).toBe(1);
  });

  const breaking = (times: number): Promise<void> =>
    start((response, _request, number) => {
      const all = fileOf(addresses(10));
      if (number > times) return void csv(response).end(all);
      csv(response).write(all.slice(0, 40), () => response.destroy());
    });

  it('continue at the position at which a download broke off', async () => {
    await breaking(2);
    const { file, errors } = await clock.run(rows(10));
    expect(errors).toBeUndefined();
    expect(emails(file)).toEqual(addresses(10));
    expect(calls()).toBe(3);
  });

  it('fail when the file repeatedly breaks off, and are read again the next time', async () => {
    await breaking(4);
    const broken = await clock.run(rows(10));
    expect(broken.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    expect(emails((await rows(10)).file)).toEqual(addresses(10));
    expect(calls()).toBe(5);
  });

  it('fail before a call where the file cannot be stored', async () => {
    await start(fileOf(addresses(10)));
    vi.stubEnv('TMPDIR', '/nowhere');
    const { errors } = await rows(10);
    vi.unstubAllEnvs();
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    expect(calls()).toBe(0);
    expect(emails((await rows(10)).file)).toEqual(addresses(10));
    expect(calls()).toBe(1);
  });

  it('fail where the disk is full, and are read again the next time', async () => {
    await start(fileOf(addresses(10)));
    const append = vi.spyOn(StoredFile.prototype, 'append');
    append.mockRejectedValueOnce(new StorageError(new Error('ENOSPC')));
    const { errors } = await rows(10);
    append.mockRestore();
    expect(errors).toMatchObject([
      { message: expect.stringContaining('no room'), extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    ]);
    expect(emails((await rows(10)).file)).toEqual(addresses(10));
    expect(calls()).toBe(2);
  });

  it('fail before a call where as many files are being read as there may be', async () => {
    const open: ServerResponse[] = [];
    await start((response) => {
      open.push(response);
      csv(response).write('Email\n');
    });
    const reading = Array.from({ length: 32 }, (_, at) => rows(1, null, `file-${String(at)}`));
    await expect.poll(calls).toBe(32);
    const { errors } = await rows(1, null, 'one-more');
    expect(errors).toMatchObject([{ message: expect.stringContaining('no room') }]);
    expect(calls()).toBe(32);
    for (const response of open.splice(0)) response.end('late@x.example\n');
    for (const { file } of await Promise.all(reading)) expect(emails(file)).toEqual(['late@x.example']);
    const next = rows(1, null, 'one-more');
    await expect.poll(calls).toBe(33);
    open[0]!.end('next@x.example\n');
    expect(emails((await next).file)).toEqual(['next@x.example']);
  });

  it('are null when there is no such file, which is requested again', async () => {
    await start((response, _request, number) => {
      if (number > 1) csv(response).end(fileOf(['a']));
      else response.writeHead(404, { 'content-type': 'application/json' }).end('[{"error_key":"not_found"}]');
    });
    expect((await rows(1)).file).toBeNull();
    expect(emails((await rows(1)).file)).toEqual(['a']);
  });
});

describe('a forged cursor', () => {
  const forge = (cursor: string, change: (parts: unknown[]) => void): string => {
    const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    change(parts);
    return Buffer.from(JSON.stringify(parts)).toString('base64url');
  };

  it('reads only whole rows of its own file, for no more calls', async () => {
    const quoted = Array.from(
      { length: 300 },
      (_, at) => `"${String(at)}\nsecret,${'"",'.repeat(at % 7)}\nend"`,
    );
    const file = fileOf(quoted, '\r\n');
    await start(file);
    const { pageInfo } = (await rows(50)).file.rows;
    const real = new Set<number>();
    for (let at = file.indexOf('\r\n'); at !== -1; at = file.indexOf('\r\n', at + 1)) real.add(at + 2);
    // One of each hundred bytes, all around the start of a row, and what no file has.
    const positions = Array.from(file, (_, at) => at).filter(
      (at) => at % 397 === 0 || (at < 900 && (real.has(at) || real.has(at + 1))),
    );
    const odd = [
      '-1',
      '1e3',
      '0x10',
      ' 9',
      '9'.repeat(12),
      '9'.repeat(13),
      '999999999999999999',
      'NaN',
      '__proto__',
    ];
    for (const position of [...positions.map(String), ...odd]) {
      const {
        file: found,
        errors,
        calls: cost,
      } = await rows(
        1,
        forge(pageInfo.endCursor, (parts) => (parts[2] = position)),
      );
      expect(cost).toBe(0);
      if (real.has(Number(position)) && Number(position) < file.length && /^\d+$/.test(position)) {
        expect(quoted.join('').replaceAll('""', '"')).toContain(emails(found)[0]);
        expect(emails(found)[0]).toMatch(/^\d+\nsecret/);
      } else expect(errors, position).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
    expect(calls()).toBe(1);
  });

  it('of another file is rejected before anything is read', async () => {
    await start(fileOf(addresses(10)));
    const { pageInfo } = (await rows(5)).file.rows;
    const { errors } = await rows(5, pageInfo.endCursor, 'a2');
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('a file that is not an export', () => {
  it.each([
    ['an endless row', `Email\n"${'x'.repeat(300_000)}`],
    ['a million columns', `Email\n${','.repeat(1_000_000)}\n`],
    ['endless headings', ','.repeat(1_000_000)],
    ['a text that is not CSV', 'Email\na"b",c\nd"e\n'],
  ])('is reported as an error: %s', async (_, file) => {
    await start(file);
    const { errors } = await ask('columns rows { totalCount nodes { value(column: "x") } }');
    expect(errors?.map(({ extensions }) => extensions.code)).toContain('UPSTREAM_INVALID_RESPONSE');
    expect(calls()).toBe(1);
  });

  it.each(['', '"'])('is read no further than its largest possible row: %sx…', async (quote) => {
    const line = 'x,\n'.repeat(300_000);
    let sent = 0;
    await start((response) => {
      csv(response).write(quote === '' ? 'Email\n' : `Email\n${quote}`);
      const more = () => {
        if (!response.socket || response.socket.destroyed || sent >= 100) return void response.end();
        sent += 1;
        response.write(quote === '' ? line.replaceAll('\n', 'x') : line, (error) => {
          if (!error) setImmediate(more);
        });
      };
      more();
    });
    const { errors } = await ask('rows { totalCount }');
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }]);
    expect(errors?.[0].message).toContain('128 KB');
    expect(sent).toBeLessThan(50);
    expect(calls()).toBe(1);
  });

  it('is reported as a response of unreasonable size, read once', async () => {
    const line = `${'x'.repeat(1_000_000)}\n`;
    let sent = 0;
    await start((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"organization_name":"');
      const more = () => {
        if (!response.socket || response.socket.destroyed || sent >= 200) return void response.end();
        sent += 1;
        response.write(line, (error) => {
          if (!error) setImmediate(more);
        });
      };
      more();
    });
    const { errors } = await facade!.query({ query: '{ account { organizationName } }' });
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }]);
    expect(calls()).toBe(1);
    expect(sent).toBeLessThan(100);
  });
});

it('limits how much of the file one operation returns, as text or as rows', async () => {
  const long = addresses(5_000).map((one) => `${one},${'x'.repeat(1_000)}`);
  await start(`Email,Note\n${long.join('\n')}\n`);
  const text = await ask('csv');
  expect(text.errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringContaining('4 MB') },
  ]);
  const many = await ask(
    ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}: rows { nodes { firstName } }`).join(' '),
  );
  expect(many.errors?.length).toBeGreaterThan(0);
  for (const error of many.errors ?? [])
    expect(error).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
      message: expect.stringContaining('16 MB'),
    });
  expect(emails((await rows(10)).file)).toEqual(addresses(10));
  expect(calls()).toBe(1);
});

it.each(['', 'Email\n'])('limits how many empty lines one operation skips: %j', async (first) => {
  await start(`${first}${'\n'.repeat(20_000_000)}a@x.example\n`);
  const { errors, calls: cost } = await rows(2);
  expect(errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringContaining('16 MB') },
  ]);
  expect(cost).toBe(1);
});

it('returns rows without reading all empty lines after them', async () => {
  let end = () => undefined as unknown;
  await start((response) => {
    csv(response).write(`Email\na\nb\n${'\n'.repeat(1_000_000)}`);
    end = () => response.end('c\n');
  });
  const { file } = await rows(2);
  expect(emails(file)).toEqual(['a', 'b']);
  expect(file.rows.pageInfo.hasNextPage).toBe(true);
  end();
  expect(emails((await rows(2, file.rows.pageInfo.endCursor)).file)).toEqual(['c']);
  expect(calls()).toBe(1);
});

it('limits how many cells one operation returns, whatever their aliases', async () => {
  await start(`Email,Note\n${'a,b\n'.repeat(10_000)}`);
  const aliases = Array.from({ length: 90 }, (_, at) => `v${String(at)}: values { value }`).join(' ');
  const { errors } = await ask(`rows { nodes { ${aliases} } }`);
  expect(errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringContaining('500,000 cells') },
  ]);
});

it('does not serve one caller the file that another one has read', async () => {
  const plumbing = await startPlumbing({
    token: null,
    app: { schema: buildSchema() },
    upstream: (request, response) => csv(response).end(`Email\n${request.headers.authorization}\n`),
  });
  const read = async (token: string, after?: string) => {
    const query = `query ($a: String) { contactExport(fileExportId: "a1") { csv rows(first: 1, after: $a) { ${ROWS} } } }`;
    const headers = { authorization: `Bearer ${token}` };
    const { body } = await plumbing.post({ query, variables: { a: after } }, headers);
    return JSON.stringify(body.data.contactExport);
  };
  for (const token of ['one', 'two', 'one', 'two']) {
    expect(await read(token)).toContain(`Bearer ${token}`);
    expect(await read(token)).not.toContain(`Bearer ${token === 'one' ? 'two' : 'one'}`);
  }
  expect(plumbing.upstream.calls).toHaveLength(2);
  await plumbing.close();
});

it('continues for others when the first client has disconnected', async () => {
  let open: ServerResponse | undefined;
  await start((response) => {
    open = csv(response);
    open.write(fileOf(addresses(10)));
  });
  const { file } = await rows(2);
  // The first answer is sent and its request is over, but the rest of the file is still read.
  open!.end(`${'x@x.example\n'.repeat(50_000)}`);
  const { file: whole } = await rows(10_000, file.rows.pageInfo.endCursor, undefined, 'totalCount');
  expect(whole.rows.totalCount).toBe(50_010);
  expect(calls()).toBe(1);
});
