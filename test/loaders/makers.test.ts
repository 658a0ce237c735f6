import { describe, expect, it } from 'vitest';
import { ConstantContactError } from '../../src/constant-contact/errors.js';
import { Meter } from '../../src/constant-contact/budget/meter.js';
import { InFlightTracker } from '../../src/constant-contact/budget/in-flight.js';
import { batch, type BatchOptions } from '../../src/loaders/makers/batch.js';
import type { Scope } from '../../src/loaders/makers/loader.js';
import { single } from '../../src/loaders/makers/single.js';

interface Row {
  id: string;
}

/** A request with nothing else in flight. */
const request = { api: { inFlight: new InFlightTracker(), meter: new Meter() } } as unknown as Scope;

/** The request's loader of a batch endpoint. */
function batchOf({ size, read }: { size: number; read: (ids: readonly string[]) => Promise<Row[]> }) {
  const options: BatchOptions<Row> = {
    noun: 'rows',
    size,
    read: async (_scope, ids) => ({ rows: await read(ids) }),
    key: 'id',
  };
  return batch(options).create(request);
}

function singleOf(read: (id: string) => Promise<Row>) {
  return single<Row>({ noun: 'rows', read: (_scope, id) => read(id) }).create(request);
}

/** A multi-id read that answers 404 when any id is poisoned, and leaves out unknown ones. */
function endpoint(poison: ReadonlySet<string>, unknown: ReadonlySet<string> = new Set()) {
  const calls: string[][] = [];
  return {
    calls,
    read: (ids: readonly string[]): Promise<Row[]> => {
      calls.push([...ids]);
      if (ids.some((id) => poison.has(id))) return Promise.reject(new ConstantContactError('notFound', 'no'));
      // Another order than asked, as an API may answer.
      return Promise.resolve(
        ids
          .filter((id) => !unknown.has(id))
          .map((id) => ({ id }))
          .reverse(),
      );
    },
  };
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `id-${String(index)}`);

describe('batch', () => {
  it('loads the ids of one tick in the fewest calls, and aligns rows by id', async () => {
    const { read, calls } = endpoint(new Set(), new Set(['id-3']));
    const loader = batchOf({ size: 150, read });
    const rows = await Promise.all(ids(300).map((id) => loader.load(id)));
    expect(calls.map((call) => call.length)).toEqual([150, 150]);
    expect(rows.map((row) => row?.id ?? null)).toEqual(ids(300).map((id) => (id === 'id-3' ? null : id)));
  });

  it('loads a duplicate id once', async () => {
    const { read, calls } = endpoint(new Set());
    const loader = batchOf({ size: 10, read });
    await Promise.all([loader.load('a'), loader.load('a'), loader.load('b')]);
    expect(calls).toEqual([['a', 'b']]);
  });

  it.each([0, 1, 42, 50, 98, 99])(
    'finds the one invalid id among 100 (number %i) in 9 calls, and loads the other 99',
    async (bad) => {
      const { read, calls } = endpoint(new Set([`id-${String(bad)}`]));
      const loader = batchOf({ size: 150, read });
      const rows = await Promise.all(ids(100).map((id) => loader.load(id)));
      expect(rows.flatMap((row, index) => (row ? [] : [index]))).toEqual([bad]);
      expect(calls.length).toBeLessThanOrEqual(9);
    },
  );

  it('isolates several invalid ids', async () => {
    const bad = ['id-3', 'id-4', 'id-77', 'id-149'];
    const { read } = endpoint(new Set(bad));
    const loader = batchOf({ size: 150, read });
    const rows = await Promise.all(ids(150).map((id) => loader.load(id)));
    expect(rows.flatMap((row, index) => (row ? [] : [`id-${String(index)}`]))).toEqual(bad);
  });

  it('returns null when the only id is invalid', async () => {
    const { read, calls } = endpoint(new Set(['x']));
    expect(await batchOf({ size: 10, read }).load('x')).toBeNull();
    expect(calls).toHaveLength(1);
  });

  it('fails only the ids of a failed chunk', async () => {
    let call = 0;
    const loader = batchOf({
      size: 2,
      read: (chunk) =>
        ++call === 1
          ? Promise.reject(new ConstantContactError('unavailable', 'down'))
          : Promise.resolve(chunk.map((id) => ({ id }))),
    });
    const results = await Promise.allSettled(ids(4).map((id) => loader.load(id)));
    expect(results.map((result) => result.status)).toEqual([
      'rejected',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
  });
});

describe('single', () => {
  it('loads key by key: a failing id does not affect the others', async () => {
    const loader = singleOf((id) =>
      id === 'bad' ? Promise.reject(new Error('broken')) : Promise.resolve({ id }),
    );
    const results = await Promise.allSettled([loader.load('a'), loader.load('bad'), loader.load('b')]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('does not make a loaded key wait for another', async () => {
    let reads = 0;
    let finish: (row: Row) => void = () => undefined;
    const slow = new Promise<Row>((resolve) => {
      finish = resolve;
    });
    const loader = singleOf((id) => {
      reads += 1;
      if (id === 'bad') return Promise.reject(new Error('broken'));
      return id === 'slow' ? slow : Promise.resolve({ id });
    });
    await loader.load('a');
    const others = [loader.load('a'), loader.load('bad'), loader.load('bad')];
    const waiting = loader.load('slow');
    const results = await Promise.allSettled([...others, loader.load('a')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(reads).toBe(3);
    finish({ id: 'slow' });
    await waiting;
  });
});
