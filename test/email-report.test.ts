import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OperationId } from '../src/constant-contact/contract/operations.js';
import type { CampaignActivityRow } from '../src/sandbox/stores/campaigns.js';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp, type TestAppOptions } from './support/app.js';
import { manualClock } from './support/clock.js';

const UNKNOWN = '00000000-0000-11ee-8000-fa163e000001';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let app: TestApp;

async function restart(options: TestAppOptions = {}): Promise<void> {
  await app.close();
  app = await startApp(options);
}

/** The data of a query that has no errors. */
async function ask(document: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors } = await app.query(document, { variables });
  expect(errors).toBeUndefined();
  return data;
}

/** Emails that were sent, those with the most recipients first. */
const sent = (): CampaignActivityRow[] =>
  [...app.sandbox.account().campaignActivities]
    .filter((row) => row.role === 'primary_email' && row.status === 'DONE' && row.sent_to.length > 0)
    .sort((a, b) => b.sent_to.length - a.sent_to.length);

const largest = (): CampaignActivityRow => {
  const [row] = sent();
  if (!row) throw new Error('nothing was sent');
  return row;
};

beforeEach(async () => {
  app = await startApp();
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

describe('statistics of campaigns', () => {
  const STATS = `stats {
    sends uniqueOpens opens opensByDevice { computer mobile tablet other none }
    uniqueClicks clicks clicksByDevice { computer mobile tablet other none }
    forwards optouts bounces notOpened lastRefreshTime
    percents { openPercentOfDelivered clickPercentOfOpeners didNotOpenPercentOfDelivered bouncePercentOfSends
      unsubscribePercentOfDelivered mobileOpenPercentOfOpens desktopOpenPercentOfOpens mobileClickPercentOfClicks
      desktopClickPercentOfClicks }
  }`;
  const total = (devices: Record<string, number>) => Object.values(devices).reduce((a, b) => a + b, 0);

  it('cost 2 calls for 100 campaigns, with consistent numbers', async () => {
    const { emailCampaigns } = await ask(`{ emailCampaigns(first: 100) { nodes { status ${STATS} } } }`);
    expect(app.calls()).toEqual(['retrieveEmailCampaignsUsingGET', 'getEmailSummary']);
    expect(emailCampaigns.nodes).toHaveLength(100);
    const done = emailCampaigns.nodes.filter((one: any) => one.status === 'DONE');
    expect(done.length).toBeGreaterThan(30);
    for (const { stats } of done) {
      expect(stats.uniqueOpens).toBeLessThanOrEqual(stats.sends);
      expect(stats.opens).toBeGreaterThanOrEqual(stats.uniqueOpens);
      expect(stats.notOpened).toBe(stats.sends - stats.uniqueOpens - stats.bounces);
      expect(total(stats.opensByDevice)).toBe(stats.opens);
      expect(total(stats.clicksByDevice)).toBe(stats.clicks);
      expect(Date.parse(stats.lastRefreshTime)).toBeGreaterThan(Date.now() - HOUR);
    }
    const { stats } = done.find((one: any) => one.stats.bounces > 5);
    const delivered = stats.sends - stats.bounces;
    expect(stats.percents.openPercentOfDelivered).toBeCloseTo((100 * stats.uniqueOpens) / delivered, 1);
    expect(stats.percents.clickPercentOfOpeners).toBeCloseTo(
      (100 * stats.uniqueClicks) / stats.uniqueOpens,
      1,
    );
    expect(stats.percents.bouncePercentOfSends).toBeCloseTo((100 * stats.bounces) / stats.sends, 1);
    const drafts = emailCampaigns.nodes.filter((one: any) => one.status === 'DRAFT');
    expect(drafts.length).toBeGreaterThan(0);
    expect(drafts.every((one: any) => one.stats === null)).toBe(true);
  });

  it('cost 3 calls for 300 campaigns; 2 when the summaries have all selected fields, with equal numbers', async () => {
    await restart({ sandbox: { campaigns: 330 } });
    const figures = async (fields: string) => {
      app.resetCalls();
      const { emailCampaigns } = await ask(
        `{ emailCampaigns(first: 300) { nodes { campaignId stats { sends uniqueOpens uniqueClicks forwards optouts bounces notOpened ${fields} } } } }`,
      );
      expect(emailCampaigns.nodes).toHaveLength(300);
      return emailCampaigns.nodes;
    };
    const all = await figures('clicks');
    expect(all.filter((one: any) => one.stats !== null).length).toBeGreaterThan(200);
    expect(app.calls().sort()).toEqual([
      'getEmailSummary',
      'getEmailSummary',
      'retrieveEmailCampaignsUsingGET',
    ]);
    const summedUp = await figures('');
    expect(app.calls().sort()).toEqual([
      'getAllBulkEmailCampaignSummaries',
      'retrieveEmailCampaignsUsingGET',
    ]);
    expect(all).toMatchObject(summedUp);
  });

  describe('with an error in the report', () => {
    const answering = (operationId: OperationId, of: string, key: string, naming: (id: string) => string) => {
      app.sandbox.faults.script({
        operationId,
        fault: {
          kind: 'edit',
          edit: (body: any) => ({
            results: body.results.slice(1),
            errors: [{ error_key: key, error_message: naming(body.results[0][of]) }],
          }),
        },
      });
    };

    it.each([['reportingsvc.internal', (id: string) => `No statistics of ${id}.`, 'UPSTREAM_UNAVAILABLE']])(
      'are null with an error, without affecting others: %s',
      async (key, naming, code) => {
        answering('getEmailSummary', 'campaign_id', key, naming);
        const { data, errors } = await app.query(
          '{ emailCampaigns(first: 60) { nodes { status stats { clicks } uniqueCounts { sends } } } }',
        );
        const done = data.emailCampaigns.nodes.filter(({ status }: any) => status === 'DONE');
        expect(done.filter(({ stats }: any) => stats === null)).toHaveLength(1);
        const at = data.emailCampaigns.nodes.findIndex((one: any) => one.status === 'DONE' && !one.stats);
        expect(errors?.map(({ path }) => path)).toEqual([
          ['emailCampaigns', 'nodes', at, 'stats'],
          ['emailCampaigns', 'nodes', at, 'uniqueCounts'],
        ]);
        for (const error of errors ?? []) {
          expect(error.message).toContain(key);
          expect(error.extensions).toMatchObject({ code, upstream: { status: 200, errorKeys: [key] } });
        }
        expect(app.calls()).toEqual(['retrieveEmailCampaignsUsingGET', 'getEmailSummary']);
      },
    );

    it.each(['reportingsvc.not_found.campaign_id', 'reportingsvc.x'])(
      'are null without an error when there are none: %s',
      async (key) => {
        answering('getEmailSummary', 'campaign_id', key, () => 'No statistics.');
        const { data, errors } = await app.query(
          '{ emailCampaigns(first: 60) { nodes { status stats { clicks } } } }',
        );
        expect(errors).toBeUndefined();
        const done = data.emailCampaigns.nodes.filter(({ status }: any) => status === 'DONE');
        expect(done.filter(({ stats }: any) => stats === null)).toHaveLength(1);
        expect(app.calls()).toEqual(['retrieveEmailCampaignsUsingGET', 'getEmailSummary']);
      },
    );

    it.each([
      ['without a list', { error_key: 'stats.failed', error_message: 'Failed.' }],
      ['as an empty list', [null]],
    ])('are null with an error that arrives %s', async (_how, reported) => {
      app.sandbox.faults.script({
        operationId: 'getEmailSummary',
        fault: { kind: 'edit', edit: () => ({ results: [], errors: reported }) },
      });
      const { data, errors } = await app.query(
        '{ emailCampaigns(first: 60) { nodes { status stats { clicks } } } }',
      );
      const codeAt = new Map(errors?.map(({ path, extensions }) => [path[2], extensions.code]));
      for (const [at, { status, stats }] of data.emailCampaigns.nodes.entries()) {
        if (status !== 'DONE') continue;
        expect(stats).toBeNull();
        expect(codeAt.get(at)).toBe('UPSTREAM_UNAVAILABLE');
      }
    });

    it('are read from keys with dots', async () => {
      app.sandbox.faults.script({
        operationId: 'getEmailCampaignActivitySummary',
        fault: {
          kind: 'edit',
          edit: ({ results }: any) => ({
            results: results.map((row: any) => ({ ...row, stats: { 'em_bounces.mailbox_full': 3 } })),
          }),
        },
      });
      const { data, errors } = await app.query(
        'query ($id: ID!) { emailCampaignActivity(id: $id) { stats { bouncesByReason { mailboxFull } } } }',
        { variables: { id: sent()[0]?.campaign_activity_id } },
      );
      expect(errors).toBeUndefined();
      expect(data.emailCampaignActivity.stats.bouncesByReason).toEqual({ mailboxFull: 3 });
      expect(app.calls()).toEqual(['getEmailCampaignActivitySummary']);
    });

    it('are null with an error for an email as well', async () => {
      const [first, second] = sent();
      answering('getEmailCampaignActivitySummary', 'campaign_activity_id', 'stats.failed', () => 'Failed.');
      const { data, errors } = await app.query(
        `query ($a: ID!, $b: ID!) { a: emailCampaignActivity(id: $a) { stats { sends } } b: emailCampaignActivity(id: $b) { stats { sends } } }`,
        { variables: { a: first?.campaign_activity_id, b: second?.campaign_activity_id } },
      );
      expect(Object.values(data).filter((one: any) => one.stats === null)).toHaveLength(1);
      expect(errors).toHaveLength(1);
      expect(errors?.[0].path.at(-1)).toBe('stats');
      expect(errors?.[0].message).toContain('stats.failed');
      expect(app.calls()).toEqual(['getEmailCampaignActivitySummary']);
    });
  });

  it('of 100 campaigns with one unknown id are returned for the other 99, in at most 9 calls', async () => {
    const ids = sent()
      .slice(0, 99)
      .map((row) => row.campaign_id);
    ids.splice(41, 0, UNKNOWN);
    const aliases = ids.map((id, at) => `c${String(at)}: emailCampaign(id: "${id}") { stats { sends } }`);
    const data = await ask(`{ ${aliases.join('\n')} }`);
    expect(Object.values(data).filter((one: any) => one.stats?.sends > 0)).toHaveLength(99);
    expect(data.c41.stats).toBeNull();
    expect(app.calls().length).toBeLessThanOrEqual(9);
    expect(new Set(app.calls())).toEqual(new Set(['getEmailSummary']));

    app.resetCalls();
    const { nodes } = await ask(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on EmailCampaign { name stats { sends } } } }',
      { ids: ids.map((id) => encodeGlobalId('EmailCampaign', id)) },
    );
    expect(nodes.filter((one: any) => one?.stats.sends > 0)).toHaveLength(99);
    expect(nodes[41]).toBeNull();
    expect(app.calls().length).toBeLessThanOrEqual(9);
  });

  it('are read from keys that contain dots', async () => {
    const query = `query ($id: ID!) { emailCampaign(id: $id) { ${STATS} } }`;
    const variables = { id: largest().campaign_id };
    const underscored = await ask(query, variables);
    app.sandbox.account().dottedStats = true;
    const dotted = await ask(query, variables);
    delete underscored.emailCampaign.stats.lastRefreshTime;
    delete dotted.emailCampaign.stats.lastRefreshTime;
    expect(dotted).toEqual(underscored);
    expect(dotted.emailCampaign.stats.opensByDevice.mobile).toBeGreaterThan(0);
  });

  it('count a resend with its campaign', async () => {
    const resend = [...app.sandbox.account().campaignActivities].find(
      (row) => row.role === 'resend' && row.status === 'DONE',
    );
    const { emailCampaign } = await ask(
      `query ($id: ID!) { emailCampaign(id: $id) { ${STATS} activities { role stats { sends uniqueOpens opens bounces } } } }`,
      { id: resend?.campaign_id },
    );
    const parts = emailCampaign.activities.filter((one: any) => one.stats);
    expect(parts.map((one: any) => one.role).sort()).toEqual(['PRIMARY_EMAIL', 'RESEND']);
    for (const key of ['sends', 'uniqueOpens', 'opens', 'bounces']) {
      expect(parts[0].stats[key] + parts[1].stats[key]).toBe(emailCampaign.stats[key]);
    }
  });
});

describe('statistics of activities', () => {
  it('cost 3 calls for 25 emails, with the campaign of each for no call', async () => {
    const rows = sent().slice(0, 25);
    const aliases = rows.map(
      (row, at) =>
        `a${String(at)}: emailCampaignActivity(id: "${row.campaign_activity_id}") { stats { sends abuse campaign { campaignId }
          bounces bouncesByReason { blocked mailboxFull nonexistentAddress suspended undeliverable vacation other } } }`,
    );
    const data = await ask(`{ ${aliases.join('\n')} }`);
    expect(app.calls()).toEqual(Array.from({ length: 3 }, () => 'getEmailCampaignActivitySummary'));
    rows.forEach((row, at) => {
      const { stats } = data[`a${String(at)}`];
      expect(stats.sends).toBe(row.sent_to.length);
      expect(stats.campaign.campaignId).toBe(row.campaign_id);
      expect(stats.abuse).toBeGreaterThanOrEqual(0);
      const reasons: number[] = Object.values(stats.bouncesByReason);
      expect(reasons.reduce((a, b) => a + b, 0)).toBe(stats.bounces);
    });
  });

  it('are returned for the others when one id is malformed or unknown', async () => {
    const good = largest().campaign_activity_id;
    const { a, b, c } = await ask(
      `query ($good: ID!, $bad: ID!, $unknown: ID!) {
        a: emailCampaignActivity(id: $good) { stats { sends } }
        b: emailCampaignActivity(id: $bad) { stats { sends } }
        c: emailCampaignActivity(id: $unknown) { stats { sends } }
      }`,
      { good, bad: 'zz-not-really-one-000-of-them', unknown: UNKNOWN },
    );
    expect(a.stats.sends).toBeGreaterThan(0);
    expect([b.stats, c.stats]).toEqual([null, null]);
  });
});

describe('as time passes', () => {
  it('a campaign that gets sent is opened and clicked', async () => {
    const clock = manualClock();
    await restart({ sandbox: { clock }, client: { clock } });
    const due = [...app.sandbox.account().campaignActivities]
      .filter((row) => row.role === 'primary_email' && row.status === 'SCHEDULED')
      .sort((a, b) => (a.scheduled_at ?? 0) - (b.scheduled_at ?? 0));
    const query = `query ($id: ID!) { emailCampaign(id: $id) {
      status stats { sends uniqueOpens opens clicks lastRefreshTime } uniqueCounts { sends opens } } }`;
    const variables = { id: due.find((row) => row.contact_list_ids.length > 0)?.campaign_id };

    const before = await ask(query, variables);
    expect(before.emailCampaign).toEqual({ status: 'SCHEDULED', stats: null, uniqueCounts: null });

    await clock.advance(31 * DAY);
    const opens: number[] = [];
    const atOnce = await ask(query, variables);
    expect(atOnce.emailCampaign.status).toBe('DONE');
    expect(atOnce.emailCampaign.stats.sends).toBeGreaterThan(20);
    opens.push(atOnce.emailCampaign.stats.opens);
    await clock.advance(10 * DAY);
    const { emailCampaign } = await ask(query, variables);
    expect(emailCampaign.stats.uniqueOpens).toBeGreaterThan(5);
    expect(emailCampaign.uniqueCounts).toEqual({
      sends: emailCampaign.stats.sends,
      opens: emailCampaign.stats.uniqueOpens,
    });
    expect(Date.parse(emailCampaign.stats.lastRefreshTime)).toBe(clock.now());
  });

  it('opens come in little by little', async () => {
    const clock = manualClock();
    await restart({ sandbox: { clock }, client: { clock } });
    const row = [...app.sandbox.account().campaignActivities]
      .filter(
        (one) =>
          one.role === 'primary_email' && one.status === 'SCHEDULED' && one.contact_list_ids.length > 0,
      )
      .sort((a, b) => (a.scheduled_at ?? 0) - (b.scheduled_at ?? 0))[0];
    await clock.advance((row?.scheduled_at ?? 0) - clock.now() + 6_000);
    const opens: number[] = [];
    for (const wait of [0, HOUR, 3 * HOUR, DAY, 10 * DAY, DAY]) {
      await clock.advance(wait);
      const { emailCampaignActivity: email } = await ask(
        `query ($id: ID!) { emailCampaignActivity(id: $id) {
          stats { opens notOpened } opens(first: 2000) { pageTotals { rows } } didNotOpens(first: 2000) { pageTotals { rows } } } }`,
        { id: row?.campaign_activity_id },
      );
      expect(email.opens.pageTotals.rows).toBe(email.stats.opens);
      expect(email.didNotOpens.pageTotals.rows).toBe(email.stats.notOpened);
      opens.push(email.stats.opens);
    }
    expect(opens[0]).toBe(0);
    expect(opens).toEqual([...opens].sort((a, b) => a - b));
    expect(opens[4]).toBe(opens[5]);
    expect(opens[4]).toBeGreaterThan(opens[1] ?? 0);
  });
});
