import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { VARIABLES } from '../../src/config.js';
import { createMetrics, type Metrics } from '../../src/server/metrics.js';
import { startPlumbing } from '../support/plumbing.js';

const page = readFileSync(new URL('../../docs/production.md', import.meta.url), 'utf8');
const named = (pattern: RegExp) => [...new Set([...page.matchAll(pattern)].map(([, name = '']) => name))];

describe('the production checklist', () => {
  let metrics: Metrics;
  let running: Awaited<ReturnType<typeof startPlumbing>>;
  beforeAll(async () => {
    metrics = createMetrics(() => running.client.governor);
    running = await startPlumbing({ app: { metrics } });
  });
  afterAll(() => running.close());

  it('names variables that exist', () => {
    const names = named(/`([A-Z]+(?:_[A-Z]+)*)(?:=[^`]+)?`/g).filter(
      (name) => name !== 'SIGTERM' && name !== 'NODE_ENV',
    );
    expect(names.length).toBeGreaterThan(25);
    expect(names.filter((name) => !(VARIABLES as readonly string[]).includes(name))).toEqual([]);
  });

  it('names paths that exist', async () => {
    const paths = named(/`(?:GET )?(\/[\w.]*)`/g);
    expect(paths).toEqual(
      expect.arrayContaining(['/healthz', '/livez', '/readyz', '/metrics', '/schema.graphql', '/']),
    );
    for (const path of paths)
      expect((await running.app.fetch(`http://facade.test${path}`)).status, path).not.toBe(404);
  });

  it('alerts on metrics and labels that exist', async () => {
    await running.post({ query: '{ account bug }' });
    const text = await metrics.text();
    const [, block = ''] = /```yaml\n([^]*?)```/.exec(page) ?? [];
    const rules = parse(block).groups[0].rules as { expr: string }[];
    expect(rules.length).toBeGreaterThan(5);
    for (const { expr } of rules) {
      const [, metric = '', , label = 'le'] = /(constant_contact_graphql_\w+)(\{(\w+)=)?/.exec(expr) ?? [];
      expect(text, expr).toMatch(
        new RegExp(
          `^${metric}(\\{.*${expr.includes('{') || metric.endsWith('_bucket') ? label : ''}.*\\})? \\S+$`,
          'm',
        ),
      );
    }
    expect(text).toMatch(/^constant_contact_graphql_errors_total\{code="INTERNAL_SERVER_ERROR"\} 1$/m);
  });

  it('quotes log messages that exist', () => {
    const sources = ['src/facade.ts', 'src/server/shared-state.ts'].map((path) =>
      readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'),
    );
    for (const message of ['login ended', 'circuit breaker opened', 'Redis unreachable']) {
      expect(page).toContain(message);
      expect(sources.join('\n')).toContain(message);
    }
  });
});
