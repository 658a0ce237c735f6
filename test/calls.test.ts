import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { parse } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { CASES } from '../bench/calls/cases.js';
import { measureAll, type Measured } from '../bench/calls/measure.js';
import { files, floorsOf, page, recorded } from '../bench/calls/report.js';
import { buildSchema } from '../src/schema/index.js';
import { queryCostOf } from '../src/server/query-cost.js';

/** The numbers of `npm run bench:calls` may not rise, and may not fall without being recorded. */
describe('REST calls of realistic operations', () => {
  const record = recorded();
  let measured: ReadonlyMap<string, Measured>;

  beforeAll(async () => {
    measured = new Map((await measureAll()).map((result) => [result.one.name, result]));
  });

  it('are measured in each domain, and each has a record', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(30);
    expect(new Set(CASES.map(({ domain }) => domain)).size).toBeGreaterThanOrEqual(15);
    expect(Object.keys(record)).toEqual(CASES.map(({ name }) => name));
  });

  it.each(CASES.map((one) => ({ name: one.name, one })))(
    '$name: equals the record and the minimum',
    ({ name, one }) => {
      const { cold, warm } = measured.get(name) as Measured;
      expect(cold.errors).toBeUndefined();
      expect(cold.data).not.toBeNull();
      expect(
        { cold: cold.total, warm: warm?.total ?? null },
        JSON.stringify([cold.calls, warm?.calls]),
      ).toEqual(record[name]);
      expect(record[name]).toEqual(floorsOf(one));
      // A write that was refused costs little.
      expect(JSON.stringify(cold.data)).not.toContain('"userErrors":[{');
      if (warm) expect(warm.data).toEqual(cold.data);
    },
  );

  it('cost no more than their estimated query cost', () => {
    const schema = buildSchema();
    const over = [...measured.values()].flatMap(({ one, cold, variables }) => {
      const { total } = queryCostOf({ schema, document: parse(one.query), variableValues: variables });
      return cold.total > total ? [`${one.name}: ${String(cold.total)} > ${String(total)}`] : [];
    });
    expect(over).toEqual([]);
  });

  it('are listed in the documentation as recorded', async () => {
    const config = await resolveConfig(files.page);
    expect(readFileSync(files.page, 'utf8')).toBe(
      await format(page(record), { ...config, parser: 'markdown' }),
    );
  });
});
