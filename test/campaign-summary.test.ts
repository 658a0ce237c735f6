import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

const COUNTS = 'sends opens clicks forwards optouts abuse bounces notOpened';

let app: TestApp;

async function ask(document: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors } = await app.query(document, { variables });
  expect(errors).toBeUndefined();
  return data;
}

beforeEach(async () => {
  app = await startApp();
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

it('20 campaigns with unique counts only: 2 calls', async () => {
  const { emailCampaigns } = await ask(
    `{ emailCampaigns(first: 20) { nodes { name status uniqueCounts { ${COUNTS} } } } }`,
  );
  expect(emailCampaigns.nodes).toHaveLength(20);
  expect(app.calls()).toEqual(['retrieveEmailCampaignsUsingGET', 'getAllBulkEmailCampaignSummaries']);
  for (const { status, uniqueCounts } of emailCampaigns.nodes) {
    expect(uniqueCounts === null).toBe(status !== 'DONE');
  }
});

it('takes unique counts from the summaries that `lastSentAt` reads anyway: 2 calls', async () => {
  const { emailCampaigns } = await ask(
    `{ emailCampaigns(first: 20) { nodes { status lastSentAt uniqueCounts { opens } } } }`,
  );
  expect(app.calls()).toEqual(['retrieveEmailCampaignsUsingGET', 'getAllBulkEmailCampaignSummaries']);
  expect(emailCampaigns.nodes.some((one: any) => one.uniqueCounts === null)).toBe(true);
  for (const { status, lastSentAt, uniqueCounts } of emailCampaigns.nodes) {
    expect(uniqueCounts === null).toBe(status !== 'DONE');
    expect(lastSentAt === null).toBe(status !== 'DONE');
  }
});

it('returns the same numbers as the statistics', async () => {
  const { emailCampaigns } = await ask(
    `{ emailCampaigns(first: 200) { nodes {
      uniqueCounts { sends opens clicks forwards optouts bounces notOpened }
      stats { sends uniqueOpens uniqueClicks forwards optouts bounces notOpened } } } }`,
  );
  const sent = emailCampaigns.nodes.filter((one: any) => one.stats);
  expect(sent.length).toBeGreaterThan(100);
  for (const { uniqueCounts, stats } of sent) {
    const { uniqueOpens: opens, uniqueClicks: clicks, ...others } = stats;
    expect(uniqueCounts).toEqual({ opens, clicks, ...others });
  }
});

it('reads campaigns that are not among the 500 sent last from the statistics', async () => {
  await app.close();
  app = await startApp({ sandbox: { campaigns: 700, contacts: 40 } });
  const { emailCampaigns } = await ask(
    `{ emailCampaigns(first: 700) { nodes { status uniqueCounts { sends abuse } } } }`,
  );
  const done = emailCampaigns.nodes.filter((one: any) => one.status === 'DONE');
  expect(done.length).toBeGreaterThan(510);
  expect(done.every((one: any) => one.uniqueCounts !== null)).toBe(true);
  expect(done.filter((one: any) => one.uniqueCounts.abuse === null)).toHaveLength(done.length - 500);
  expect(app.calls().filter((call) => call === 'getAllBulkEmailCampaignSummaries')).toHaveLength(1);
  expect(app.calls().length).toBeLessThanOrEqual(5);
});

it('lists summaries, last sent first, with the campaign of each and the percentages of the page', async () => {
  const { emailCampaignSummaries: summaries } = await ask(
    `{ emailCampaignSummaries(first: 30) { nodes { campaignId campaignType lastSentAt campaign { campaignId name } uniqueCounts { ${COUNTS} } }
      pagePercents { openPercentOfDelivered clickPercentOfOpeners didNotOpenPercentOfDelivered bouncePercentOfSends unsubscribePercentOfDelivered } } }`,
  );
  expect(app.calls()).toEqual(['getAllBulkEmailCampaignSummaries', 'retrieveEmailCampaignsUsingGET']);
  const times = summaries.nodes.map((one: any) => Date.parse(one.lastSentAt));
  expect(times).toEqual([...times].sort((a, b) => b - a));
  const sum = (key: string) =>
    summaries.nodes.reduce((total: number, one: any) => total + one.uniqueCounts[key], 0);
  for (const one of summaries.nodes) {
    expect(one.campaign.campaignId).toBe(one.campaignId);
    expect(one.campaign.name.length).toBeGreaterThan(0);
    expect(one.uniqueCounts.opens).toBeLessThanOrEqual(one.uniqueCounts.sends);
  }
  const delivered = sum('sends') - sum('bounces');
  expect(summaries.pagePercents).toEqual({
    openPercentOfDelivered: expect.closeTo((100 * sum('opens')) / delivered, 1),
    clickPercentOfOpeners: expect.closeTo((100 * sum('clicks')) / sum('opens'), 1),
    didNotOpenPercentOfDelivered: expect.closeTo((100 * sum('notOpened')) / delivered, 1),
    bouncePercentOfSends: expect.closeTo((100 * sum('bounces')) / sum('sends'), 1),
    unsubscribePercentOfDelivered: expect.closeTo((100 * sum('optouts')) / delivered, 1),
  });
});

it('returns no percentages for rows that are not one page of the API', async () => {
  const query = `query ($first: Int, $after: String) { emailCampaignSummaries(first: $first, after: $after) {
    edges { cursor } nodes { campaignId } pageInfo { endCursor } pagePercents { openPercentOfDelivered } } }`;
  const { emailCampaignSummaries: first } = await ask(query, { first: 10 });
  expect(first.pagePercents).not.toBeNull();
  const { emailCampaignSummaries: second } = await ask(query, { first: 10, after: first.pageInfo.endCursor });
  expect(second.nodes).toHaveLength(10);
  expect(second.pagePercents).not.toBeNull();
  const { emailCampaignSummaries: middle } = await ask(query, { first: 5, after: first.edges[3].cursor });
  expect(middle.nodes.slice(0, 5)).toEqual(first.nodes.slice(4, 9));
  expect(middle.pagePercents).toBeNull();
});

describe('when a campaign was last sent', () => {
  const SUMMARIES = 'getAllBulkEmailCampaignSummaries';

  it('costs one call per page of campaigns, shared with their unique counts', async () => {
    const { emailCampaigns, emailCampaignSummaries } = await ask(
      `{ emailCampaigns(first: 60) { nodes { campaignId status lastSentAt uniqueCounts { abuse } } }
        emailCampaignSummaries(first: 500) { nodes { campaignId lastSentAt campaign { lastSentAt } } } }`,
    );
    expect(app.calls().sort()).toEqual([SUMMARIES, 'retrieveEmailCampaignsUsingGET']);
    const sent = new Map(emailCampaignSummaries.nodes.map((one: any) => [one.campaignId, one.lastSentAt]));
    for (const { campaignId, status, lastSentAt } of emailCampaigns.nodes) {
      expect(lastSentAt).toBe(sent.get(campaignId) ?? null);
      if (status === 'DONE') expect(lastSentAt).not.toBeNull();
    }
    for (const { lastSentAt, campaign } of emailCampaignSummaries.nodes) {
      expect(campaign).toEqual({ lastSentAt });
    }
  });

  it('costs no call for drafts', async () => {
    const draft = [...app.sandbox.account().campaigns].find(({ status }) => status === 'DRAFT')!;
    const { emailCampaign } = await ask(
      `{ emailCampaign(id: "${draft.campaign_id}") { status lastSentAt } }`,
    );
    expect(emailCampaign).toEqual({ status: 'DRAFT', lastSentAt: null });
    expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET']);
  });

  it('reads back as far as the requested campaigns need, and no further for newer ones', async () => {
    await app.close();
    app = await startApp({ sandbox: { campaigns: 700, contacts: 40 } });
    const { emailCampaigns } = await ask(
      '{ emailCampaigns(first: 700) { nodes { campaignId name status lastSentAt } } }',
    );
    const done = emailCampaigns.nodes.filter((one: any) => one.status === 'DONE');
    expect(done.length).toBeGreaterThan(510);
    expect(done.every((one: any) => one.lastSentAt !== null)).toBe(true);
    expect(app.calls().filter((call) => call === SUMMARIES)).toHaveLength(2);
    app.resetCalls();
    const created = new Map(
      [...app.sandbox.account().campaigns].map((one) => [one.campaign_id, one.created_at]),
    );
    const [scheduled] = emailCampaigns.nodes
      .filter((one: any) => one.status === 'SCHEDULED')
      .sort((a: any, b: any) => created.get(b.campaignId)! - created.get(a.campaignId)!);
    const { emailCampaign } = await ask(
      `{ emailCampaign(id: "${scheduled.campaignId}") { name lastSentAt } }`,
    );
    expect(emailCampaign).toEqual({ name: scheduled.name, lastSentAt: null });
    expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET', SUMMARIES]);
  });
});

describe('campaigns in several places of a query', () => {
  const SENT = '{ emailCampaigns(first: 20) { nodes { campaignId status } } }';
  const places: Record<string, (ids: readonly string[]) => string> = {
    'both named, one with counts that summaries have': ([a, b]) =>
      `a: emailCampaign(id: "${a}") { stats { sends } } b: emailCampaign(id: "${b}") { stats { opens } }`,
    'one read by its ID': ([a, b, c]) =>
      `a: emailCampaignsByIds(ids: ["${a}", "${b}"]) { stats { opens } } b: emailCampaign(id: "${c}") { name stats { sends } }`,
    'of two collections': () =>
      `a: emailCampaigns(first: 5) { nodes { stats { sends } } } b: emailCampaignSummaries(first: 5) { nodes { campaign { stats { opens } } } }`,
  };

  it.each(Object.keys(places))('share one call for their statistics: %s', async (place) => {
    const { emailCampaigns } = await ask(SENT);
    const ids = emailCampaigns.nodes.filter(({ status }: any) => status === 'DONE');
    app.resetCalls();
    const data = await ask(`{ ${places[place]?.(ids.map((one: any) => one.campaignId))} }`);
    const found = [data.a.nodes ?? data.a, data.b.nodes ?? data.b].flat();
    expect(found.some((one) => (one.stats ?? one.campaign?.stats)?.opens > 0)).toBe(true);
    expect(found.some((one) => one.stats?.sends > 0)).toBe(true);
    expect(app.calls().filter((call) => call === 'getEmailSummary')).toHaveLength(1);
  });

  it('share the page of summaries with a smaller page of the query', async () => {
    const data = await ask(
      `{ a: emailCampaigns(first: 20) { nodes { status lastSentAt } } b: emailCampaignSummaries(first: 3) { nodes { lastSentAt } } }`,
    );
    expect(data.b.nodes).toHaveLength(3);
    for (const { status, lastSentAt } of data.a.nodes) expect(lastSentAt === null).toBe(status !== 'DONE');
    expect(app.calls().sort()).toEqual([
      'getAllBulkEmailCampaignSummaries',
      'retrieveEmailCampaignsUsingGET',
    ]);
  });
});
