import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AttemptReport, ClientOptions } from '../../src/constant-contact/client.js';
import { manualClock } from '../support/clock.js';
import {
  ANSWER,
  failureOf,
  json,
  startHarness,
  until,
  type Handler,
  type Harness,
} from '../support/upstream.js';

let harness: Harness | undefined;

afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

async function start(handler: Handler, options?: Partial<ClientOptions>): Promise<Harness> {
  harness = await startHarness(handler, options);
  return harness;
}

const CONTACT = { path: { contact_id: 'c1' } };

describe('cancellation by the caller', () => {
  it('before the call starts sends nothing', async () => {
    const { session, upstream } = await start((response) => {
      json(response, 200, ANSWER);
    });
    const api = session({ signal: AbortSignal.abort(new Error('gone')) });
    const error = await failureOf(api.call('getContact', CONTACT));
    expect(error).toMatchObject({ kind: 'aborted', retryable: false, cause: new Error('gone') });
    expect((await failureOf(api.call('createContact', { body: {} }))).kind).toBe('aborted');
    expect(upstream.requests).toEqual([]);
  });

  it('while the call is queued removes it from the queue', async () => {
    const clock = manualClock();
    const { api, session, client, upstream } = await start(
      (response) => {
        json(response, 200, ANSWER);
      },
      { clock, requestsPerSecond: 1 },
    );
    await api.call('getContact', CONTACT);
    const caller = new AbortController();
    const waiting = failureOf(session({ signal: caller.signal }).call('deleteContact', CONTACT));
    await until(() => client.governor.status().waiting === 1);
    caller.abort();
    expect((await waiting).kind).toBe('aborted');
    expect(client.governor.status().waiting).toBe(0);
    await clock.advance(5_000);
    expect(upstream.requests).toHaveLength(1);
  });

  it('while the call waits before a retry prevents the retry', async () => {
    const clock = manualClock();
    const { session, upstream } = await start((response) => response.writeHead(503).end(), { clock });
    const caller = new AbortController();
    const api = session({ signal: caller.signal });
    const call = failureOf(api.call('getContact', CONTACT));
    await until(() => api.meter.waitedMs > 0);
    caller.abort();
    expect((await call).kind).toBe('aborted');
    await until(() => clock.pending() === 0);
    await clock.advance(60_000);
    expect(upstream.requests).toHaveLength(1);
  });

  it.each<[string, Handler]>([
    ['no response has arrived', () => undefined],
    [
      'half a response has arrived',
      (response) => response.writeHead(200, { 'content-length': '100' }).write('{'),
    ],
    [
      'half an error has arrived',
      (response) => response.writeHead(500, { 'content-length': '100' }).write('<'),
    ],
  ])('while %s closes the connection, that of a write after five seconds', async (_, handler) => {
    const clock = manualClock();
    let closed = 0;
    const reports: AttemptReport[] = [];
    const { session, upstream } = await start(
      (response, request, number) => {
        response.on('close', () => (closed += 1));
        handler(response, request, number);
      },
      { clock, onAttempt: (report) => reports.push(report) },
    );
    for (const write of [false, true]) {
      const before = closed;
      const caller = new AbortController();
      const api = session({ signal: caller.signal });
      const call = failureOf(write ? api.call('deleteContact', CONTACT) : api.call('getContact', CONTACT));
      await until(() => upstream.requests.length === (write ? 2 : 1));
      caller.abort();
      const error = await call;
      expect(error.kind).toBe('aborted');
      expect(error.message.includes('may or may not have been carried out')).toBe(write);
      if (write) {
        await clock.advance(4_900);
        expect(closed).toBe(before);
        await clock.advance(100);
      }
      await until(() => closed === before + 1);
    }
    await until(() => reports.length === 2);
    expect(reports.map(({ error, attempt }) => [error, attempt])).toEqual([
      ['aborted', 1],
      ['aborted', 1],
    ]);
    expect(clock.pending()).toBe(0);
  });

  it('while its credentials are renewed sends nothing', async () => {
    const { session, upstream } = await start((response) => {
      json(response, 200, ANSWER);
    });
    const caller = new AbortController();
    const credentials = {
      kind: 'account',
      fingerprint: 'f',
      headers: () => new Promise<never>(() => undefined),
    } as const;
    const call = failureOf(session({ credentials, signal: caller.signal }).call('deleteContact', CONTACT));
    caller.abort();
    expect((await call).kind).toBe('aborted');
    expect(upstream.requests).toEqual([]);
  });
});

it('a finished call leaves no timer and no listener behind', async () => {
  const clock = manualClock();
  const caller = new AbortController();
  const add = vi.spyOn(caller.signal, 'addEventListener');
  const remove = vi.spyOn(caller.signal, 'removeEventListener');
  const { session } = await start(
    (response) => {
      json(response, 200, ANSWER);
    },
    { clock, requestsPerSecond: 4 },
  );
  const api = session({ signal: caller.signal });
  await api.call('deleteContact', CONTACT);
  await api.call('getContact', CONTACT);
  await api.reference('lists', 'all', () => Promise.resolve(1));
  await until(() => clock.pending() === 0);
  const removed = remove.mock.calls.map(([, listener]) => listener);
  for (const [, listener] of add.mock.calls) expect(removed).toContain(listener);
});

it('many calls of one session cause no warning of a listener leak', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  const { api } = await start((response) => {
    json(response, 200, ANSWER);
  });
  await Promise.all(
    Array.from({ length: 30 }, (_, n) => api.call('getContact', { path: { contact_id: `c${String(n)}` } })),
  );
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

describe('a download', () => {
  const EXPORT = { path: { file_export_id: 'e1' } };
  const collect = async (body: AsyncIterable<Uint8Array>) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };

  it('arrives in chunks, as they are sent', async () => {
    let more: (() => void) | undefined;
    const { api } = await start((response) => {
      response.writeHead(200, { 'content-type': 'text/csv' }).write('a,b\n');
      more = () => response.end('1,2\n');
    });
    const { body } = await api.download('getContactsExport', EXPORT);
    const chunks = body[Symbol.asyncIterator]();
    expect(Buffer.from((await chunks.next()).value as Uint8Array).toString()).toBe('a,b\n');
    more?.();
    expect(Buffer.from((await chunks.next()).value as Uint8Array).toString()).toBe('1,2\n');
    expect((await chunks.next()).done).toBe(true);
    expect(api.meter.calls).toBe(1);
  });

  it('has the length of the file, and applies backpressure', async () => {
    const megabyte = 'x'.repeat(1_000_000);
    let written = 0;
    const { api } = await start((response) => {
      response.writeHead(200, { 'content-type': 'text/csv' });
      const write = () => {
        while (written < 20) {
          written += 1;
          if (!response.write(megabyte)) {
            response.once('drain', write);
            return;
          }
        }
        response.end();
      };
      write();
    });
    const { body } = await api.download('getContactsExport', EXPORT);
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(written).toBeLessThan(20);
    expect(await collect(body)).toHaveLength(20_000_000);
  });

  it('is retried before its first byte, and never after it', async () => {
    const clock = manualClock();
    const { api, upstream } = await start(
      (response, _request, number) => {
        if (number === 1) response.writeHead(503).end();
        else {
          response.writeHead(200, { 'content-length': '100' });
          response.write('a,b\n', () => response.socket?.destroy());
        }
      },
      { clock },
    );
    const { body } = await clock.run(api.download('getContactsExport', EXPORT));
    expect((await failureOf(collect(body))).kind).toBe('unavailable');
    expect(upstream.requests).toHaveLength(2);
  });

  it('fails like any call before its first byte', async () => {
    const { api } = await start((response) => response.writeHead(404).end());
    expect((await failureOf(api.download('getContactsExport', EXPORT))).kind).toBe('notFound');
  });

  it('that stalls times out, and closes its connection', async () => {
    const clock = manualClock();
    let closed = false;
    const { api } = await start(
      (response) => {
        response.on('close', () => (closed = true));
        response.writeHead(200).write('a,b\n');
      },
      { clock },
    );
    const { body } = await api.download('getContactsExport', EXPORT);
    const chunks = body[Symbol.asyncIterator]();
    await chunks.next();
    const stalled = failureOf(chunks.next());
    await clock.advance(30_000);
    expect((await stalled).kind).toBe('timeout');
    await until(() => closed);
  });

  it.each<[string, (body: AsyncIterable<Uint8Array>, caller: AbortController) => unknown]>([
    [
      'its reader stops',
      async (body) => {
        for await (const chunk of body) if (chunk.length > 0) break;
      },
    ],
    ['its reader stops before the first piece', (body) => body[Symbol.asyncIterator]().return?.()],
    [
      'its caller disconnects',
      (_body, caller) => {
        caller.abort();
      },
    ],
  ])('closes its connection when %s', async (_, stop) => {
    let closed = false;
    const { session } = await start((response) => {
      response.on('close', () => (closed = true));
      response.writeHead(200).write('a,b\n');
    });
    const caller = new AbortController();
    const { body } = await session({ signal: caller.signal }).download('getContactsExport', EXPORT);
    await stop(body, caller);
    await until(() => closed);
  });

  it('reports to its reader that the caller disconnected', async () => {
    const { session } = await start((response) => response.writeHead(200).write('a,b\n'));
    const caller = new AbortController();
    const { body } = await session({ signal: caller.signal }).download('getContactsExport', EXPORT);
    const chunks = body[Symbol.asyncIterator]();
    await chunks.next();
    const next = failureOf(chunks.next());
    caller.abort();
    expect((await next).kind).toBe('aborted');
    expect((await failureOf(chunks.next())).kind).toBe('aborted');
  });
});
