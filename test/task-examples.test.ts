import { readdirSync, readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { expectNoViolations, startApp } from './support/app.js';

const DIRECTORY = new URL('../examples/', import.meta.url);
const files = readdirSync(DIRECTORY)
  .filter((file) => file.endsWith('.graphql'))
  .sort();

/** The tabs of GraphiQL: each runs unchanged on a fresh sandbox account, and returns data. */
describe('examples by task', () => {
  it('exist, in order', () => {
    expect(files.length).toBeGreaterThanOrEqual(12);
    expect(files.every((file) => /^\d\d-[a-z-]+\.graphql$/.test(file))).toBe(true);
  });

  it.each(files)('%s runs unchanged', async (file) => {
    const source = readFileSync(new URL(file, DIRECTORY), 'utf8');
    expect(source).toMatch(/^# \S/);
    // More than that is cut off in GraphiQL on a window of 1,280 pixels.
    expect(source).not.toMatch(/^#.{51}/m);
    const names = parse(source).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? [definition.name?.value ?? ''] : [],
    );
    const app = await startApp({ sandbox: { activitySeconds: 0 } });
    try {
      for (const operationName of names) {
        const { data, errors } = await app.query(source, { operationName });
        expect(errors).toBeUndefined();
        expect(JSON.stringify(data)).not.toMatch(/"userErrors":\[\{/);
        expect(leaves(data)).toBeGreaterThan(0);
      }
      expectNoViolations(app);
    } finally {
      await app.close();
    }
  });
});

/** Values in an answer that are not null. */
function leaves(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (Array.isArray(value))
    return value.length === 0 ? 1 : value.reduce((sum: number, item) => sum + leaves(item), 0);
  if (typeof value === 'object')
    return Object.values(value).reduce((sum: number, item) => sum + leaves(item), 0);
  return 1;
}
