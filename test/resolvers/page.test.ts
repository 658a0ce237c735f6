import { describe, expect, it } from 'vitest';
import { ConstantContactError } from '../../src/constant-contact/errors.js';
import type { PageSource } from '../../src/loaders/makers/page-source.js';
import { paginate, type Connection } from '../../src/resolvers/support/page.js';

/** A collection of `count` numbers in pages of at most `maxPage`, which keeps a log of its reads. */
function numbers(count: number, maxPage: number, repeat = 0): PageSource<number> & { reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    maxPage,
    scope: ['numbers', count],
    key: String,
    check: (position) => {
      if (/^from=\d+&limit=\d+$/.test(position)) return position;
      throw new ConstantContactError('invalidRequest', 'no');
    },
    fetch: (position, limit) => {
      reads.push(position ?? `first ${String(limit)}`);
      const query = new URLSearchParams(position ?? `from=0&limit=${String(limit)}`);
      const from = Number(query.get('from'));
      const size = Number(query.get('limit'));
      const end = Math.min(from + size, count);
      const rows = Array.from({ length: end - from }, (_, index) => from + index);
      const next = end < count ? `from=${String(end - repeat)}&limit=${String(size)}` : null;
      return Promise.resolve({ rows, next, total: null, limit });
    },
  };
}

describe('paginate', () => {
  it('requests only as many rows as needed', async () => {
    const source = numbers(1000, 500);
    const page = await paginate({ first: 7 }, source);
    expect(page.nodes).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(source.reads).toEqual(['first 7']);
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(page.pageInfo.hasPreviousPage).toBe(false);
  });

  it('compares no rows of a single page', async () => {
    const compared: number[] = [];
    const key = (row: number) => {
      compared.push(row);
      return String(row);
    };
    await paginate({ first: 7 }, { ...numbers(1000, 500), key });
    expect(compared).toEqual([]);
    await paginate({ first: 501 }, { ...numbers(1000, 500), key });
    expect(compared).toContain(500);
  });

  it('reads several pages for a large first', async () => {
    const source = numbers(2000, 500);
    const page = await paginate({ first: 1200 }, source);
    expect(page.nodes).toHaveLength(1200);
    expect(source.reads).toHaveLength(3);
    expect([...page.nodes].at(-1)).toBe(1199);
  });

  it.each([1, 3, 7, 50, 120, 333, 500, 501, 999, 1000, 1500])(
    'walks the whole collection in steps of %i without gap or repetition',
    async (first) => {
      const source = numbers(1000, 120);
      const seen: number[] = [];
      let after: string | null = null;
      for (let step = 0; step <= 1000; step++) {
        const page: Connection<number> = await paginate({ first, after }, source);
        seen.push(...page.nodes);
        after = page.pageInfo.endCursor();
        if (!page.pageInfo.hasNextPage) break;
      }
      expect(seen).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    },
  );

  it('continues from any edge, not only from the last', async () => {
    const source = numbers(1000, 100);
    const page = await paginate({ first: 250 }, source);
    for (const [index, { cursor }] of page.edges().entries()) {
      if (index % 49 > 1) continue;
      const rest = await paginate({ first: 2, after: cursor() }, numbers(1000, 100));
      expect(rest.nodes).toEqual([index + 1, index + 2]);
    }
  });

  it('does not read a page again when the cursor is at its end', async () => {
    const source = numbers(1000, 100);
    const first = await paginate({ first: 200 }, source);
    await paginate({ first: 100, after: first.pageInfo.endCursor() }, source);
    expect(source.reads).toEqual(['first 100', 'from=100&limit=100', 'from=200&limit=100']);
  });

  it('omits rows that the API repeats on the next page', async () => {
    const page = await paginate({ first: 250 }, numbers(1000, 100, 5));
    expect(new Set(page.nodes).size).toBe(250);
  });

  it('reports the end without another call', async () => {
    const source = numbers(100, 100);
    const page = await paginate({ first: 100 }, source);
    expect(page.pageInfo.hasNextPage).toBe(false);
    expect(source.reads).toHaveLength(1);
  });

  it.each([0, -1, 10_001])('rejects first: %i', async (first) => {
    await expect(paginate({ first }, numbers(10, 10))).rejects.toMatchObject({
      code: 'INVALID',
      field: ['first'],
    });
  });

  it('rejects a cursor whose position cannot belong to the operation', async () => {
    const source = numbers(1000, 10);
    const page = await paginate({ first: 10 }, source);
    const [version, scope, , limit, index] = JSON.parse(
      Buffer.from(page.pageInfo.endCursor() ?? '', 'base64url').toString(),
    ) as unknown[];
    const forged = Buffer.from(JSON.stringify([version, scope, '../secrets?x=1', limit, index])).toString(
      'base64url',
    );
    await expect(paginate({ first: 10, after: forged }, source)).rejects.toMatchObject({
      code: 'INVALID',
      field: ['after'],
    });
    expect(source.reads).toHaveLength(1);
  });

  it('counts only on request', async () => {
    let counts = 0;
    const count = () => Promise.resolve(++counts);
    const page = await paginate({ first: 1 }, numbers(10, 10), { count });
    expect(counts).toBe(0);
    expect(await page.totalCount()).toBe(1);
  });
});
