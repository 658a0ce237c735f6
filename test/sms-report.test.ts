import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

const QUERY = `query ($startAt: DateTime!, $endAt: DateTime, $first: Int, $after: String) {
  smsCampaignSummaries(startAt: $startAt, endAt: $endAt, first: $first, after: $after) {
    nodes { campaignId name campaignType lastSentAt uniqueCounts { sends delivers opens clicks optouts } }
    pagePercents { deliverPercentOfSends clickPercentOfDelivered bouncePercentOfSends unsubscribePercentOfDelivered }
    pageInfo { hasNextPage endCursor } } }`;
const LONG_AGO = '2015-01-01T00:00:00Z';
const DAY = 24 * 3_600_000;

let app: TestApp;

async function ask(variables: Record<string, unknown>): Promise<any> {
  const { data, errors } = await app.query(QUERY, { variables });
  expect(errors).toBeUndefined();
  return data.smsCampaignSummaries;
}

beforeEach(async () => {
  app = await startApp();
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

it('returns a page of consistent numbers, last sent first', async () => {
  const { nodes, pagePercents } = await ask({ startAt: LONG_AGO, first: 20 });
  expect(app.calls()).toEqual(['getAllBulkSmsCampaignSummaries']);
  expect(nodes).toHaveLength(20);
  const times = nodes.map((one: any) => Date.parse(one.lastSentAt));
  expect(times).toEqual([...times].sort((a, b) => b - a));
  for (const { name, uniqueCounts } of nodes) {
    expect(name.length).toBeGreaterThan(0);
    expect(uniqueCounts.delivers).toBeLessThanOrEqual(uniqueCounts.sends);
    expect(uniqueCounts.clicks).toBeLessThanOrEqual(uniqueCounts.delivers);
  }
  expect(nodes.some((one: any) => one.uniqueCounts.opens === null)).toBe(true);
  expect(nodes.some((one: any) => one.uniqueCounts.opens > 0)).toBe(true);
  const sum = (key: string) => nodes.reduce((total: number, one: any) => total + one.uniqueCounts[key], 0);
  expect(pagePercents).toEqual({
    deliverPercentOfSends: expect.closeTo((100 * sum('delivers')) / sum('sends'), 1),
    clickPercentOfDelivered: expect.closeTo((100 * sum('clicks')) / sum('delivers'), 1),
    bouncePercentOfSends: expect.closeTo((100 * (sum('sends') - sum('delivers'))) / sum('sends'), 1),
    unsubscribePercentOfDelivered: expect.closeTo((100 * sum('optouts')) / sum('delivers'), 1),
  });
});

it('reads 50 per call', async () => {
  const all = await ask({ startAt: LONG_AGO, first: 500 });
  expect(all.nodes.length).toBeGreaterThan(50);
  expect(app.calls()).toHaveLength(2);
  expect(app.sandbox.journal.entries[0]?.query).toContain('limit=50');
  expect(all.pagePercents).toBeNull();
  expect(new Set(all.nodes.map((one: any) => one.campaignId)).size).toBe(all.nodes.length);

  const first = await ask({ startAt: LONG_AGO, first: 50 });
  const rest = await ask({ startAt: LONG_AGO, first: 50, after: first.pageInfo.endCursor });
  expect([...first.nodes, ...rest.nodes]).toEqual(all.nodes);
  expect(rest.pageInfo.hasNextPage).toBe(false);
});

it('filters by period', async () => {
  const endAt = new Date(Date.now() - 60 * DAY).toISOString();
  const startAt = new Date(Date.now() - 200 * DAY).toISOString();
  const { nodes } = await ask({ startAt, endAt });
  expect(nodes.length).toBeGreaterThan(5);
  expect(nodes.every((one: any) => one.lastSentAt >= startAt && one.lastSentAt <= endAt)).toBe(true);
  app.resetCalls();
  const { errors } = await app.query(QUERY, { variables: { startAt: endAt, endAt: startAt } });
  expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
  expect(app.calls()).toEqual([]);
});
