import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CampaignActivityRow } from '../src/sandbox/stores/campaigns.js';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp, type TestAppOptions } from './support/app.js';
import { manualClock } from './support/clock.js';

const REPORTS = [
  'sends',
  'opens',
  'uniqueOpens',
  'didNotOpens',
  'clicks',
  'forwards',
  'optouts',
  'bounces',
] as const;
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

  it('100 campaigns: 2 calls, and figures that add up', async () => {
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

  it('300 campaigns: 3 calls', async () => {
    await restart({ sandbox: { campaigns: 330 } });
    const { emailCampaigns } = await ask('{ emailCampaigns(first: 300) { nodes { stats { sends } } } }');
    expect(emailCampaigns.nodes).toHaveLength(300);
    expect(emailCampaigns.nodes.filter((one: any) => one.stats !== null).length).toBeGreaterThan(200);
    expect(app.calls().sort()).toEqual([
      'getEmailSummary',
      'getEmailSummary',
      'retrieveEmailCampaignsUsingGET',
    ]);
  });

  it('one unknown id among 100 leaves the 99, in at most 9 calls', async () => {
    await restart({ sandbox: { campaigns: 150 } });
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

  it('reads keys that are spelled with dots', async () => {
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

  it('counts a resend with its campaign', async () => {
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
  it('25 emails: 3 calls, with the campaign of each for none', async () => {
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

  it('answers the others when one id is malformed or unknown', async () => {
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

describe('tracking reports', () => {
  const ROW = `type typeRaw contactId emailAddress firstName lastName createdAt contactDeletedAt
    device deviceRaw urlId linkUrl optOutReason bounceReason bounceReasonRaw currentEmailAddress
    activity { campaignActivityId } contact { contactId firstName emailAddress { address } }`;

  it('8 reports of one email, aliased, with the totals of the page: 8 calls', async () => {
    const fields = REPORTS.map((report) => `${report}(first: 2000) { pageTotals { rows contacts } }`);
    const id = largest().campaign_activity_id;
    await ask(
      `query ($id: ID!) { emailCampaignActivity(id: $id) { ${fields.map((one) => one.replace('2000', '100')).join('\n')} } }`,
      { id },
    );
    expect(app.calls()).toHaveLength(8);
    expect(new Set(app.calls()).size).toBe(8);
  });

  it('have as many rows as the statistics say', async () => {
    const rows = sent();
    for (const row of [rows[0], rows[20], rows[60]]) {
      const { emailCampaignActivity: email } = await ask(
        `query ($id: ID!) { emailCampaignActivity(id: $id) {
          stats { sends uniqueOpens opens uniqueClicks clicks forwards optouts bounces notOpened }
          ${REPORTS.map((report) => `${report}(first: 5000) { pageTotals { rows contacts } }`).join('\n')}
        } }`,
        { id: row?.campaign_activity_id },
      );
      expect(email.stats).toEqual({
        sends: email.sends.pageTotals.rows,
        uniqueOpens: email.uniqueOpens.pageTotals.rows,
        opens: email.opens.pageTotals.rows,
        uniqueClicks: email.clicks.pageTotals.contacts,
        clicks: email.clicks.pageTotals.rows,
        forwards: email.forwards.pageTotals.rows,
        optouts: email.optouts.pageTotals.rows,
        bounces: email.bounces.pageTotals.rows,
        notOpened: email.didNotOpens.pageTotals.rows,
      });
      expect(email.opens.pageTotals.contacts).toBe(email.stats.uniqueOpens);
    }
  });

  it('500 opens with the address and name of each contact: 3 calls at most', async () => {
    const { emailCampaign } = await ask(
      `query ($id: ID!) { emailCampaign(id: $id) { primaryActivity { opens(first: 500) { nodes {
        contact { contactId firstName lastName emailAddress { address } } } } } } }`,
      { id: largest().campaign_id },
    );
    const opens = emailCampaign.primaryActivity.opens.nodes;
    expect(opens.length).toBeGreaterThan(100);
    expect(opens.every((row: any) => row.contact.emailAddress.address.includes('@'))).toBe(true);
    expect(app.calls().length).toBeLessThanOrEqual(3);
  });

  it('the same with the names of the lists of each: 6 calls at most', async () => {
    const { emailCampaign } = await ask(
      `query ($id: ID!) { emailCampaign(id: $id) { primaryActivity { opens(first: 500) { nodes {
        contact { firstName emailAddress { address } lists { name } } } } } } }`,
      { id: largest().campaign_id },
    );
    const lists = emailCampaign.primaryActivity.opens.nodes.flatMap((row: any) => row.contact.lists);
    expect(lists.length).toBeGreaterThan(100);
    expect(lists.every((list: any) => list.name.length > 0)).toBe(true);
    expect(app.calls().length).toBeLessThanOrEqual(6);
  });

  it('give newest rows first, with what each report has', async () => {
    const row = sent().find((one) => {
      const contacts = one.sent_to.map((id) => app.sandbox.account().contacts.get(id));
      return contacts.some(
        (contact) => contact?.email?.opt_out_reason && contact.email.opt_out_source === 'Contact',
      );
    });
    const rows = [row, ...sent().slice(0, 12)].filter((one) => one !== undefined);
    const seen = new Map<string, any[]>();
    for (const { campaign_activity_id: id } of rows) {
      const { emailCampaignActivity: email } = await ask(
        `query ($id: ID!) { emailCampaignActivity(id: $id) { ${REPORTS.map((report) => `${report}(first: 500) { nodes { ${ROW} } }`).join('\n')} } }`,
        { id },
      );
      for (const report of REPORTS) {
        const { nodes } = email[report];
        const times = nodes.map((one: any) => Date.parse(one.createdAt));
        expect(times).toEqual([...times].sort((a, b) => b - a));
        for (const one of nodes) {
          expect(one.activity.campaignActivityId).toBe(id);
          expect(one.contact.contactId).toBe(one.contactId);
        }
        seen.set(report, [...(seen.get(report) ?? []), ...nodes]);
      }
    }
    const of = (report: (typeof REPORTS)[number]) => seen.get(report) ?? [];
    const types = (report: (typeof REPORTS)[number]) => [...new Set(of(report).map((one) => one.type))];
    expect(REPORTS.map(types).flat()).toEqual([
      'SEND',
      'OPEN',
      'OPEN',
      'DID_NOT_OPEN',
      'CLICK',
      'FORWARD',
      'OPTOUT',
      'BOUNCE',
    ]);
    expect([...new Set(of('opens').map((one) => one.device))].sort()).toEqual([
      'COMPUTER',
      'MOBILE',
      'NONE',
      'OTHER',
      'TABLET',
    ]);
    expect(
      of('clicks').every((one) => one.linkUrl.startsWith('https://') && /^\d{13}$/.test(one.urlId)),
    ).toBe(true);
    expect(of('optouts').some((one) => one.optOutReason?.length > 0)).toBe(true);
    expect(
      of('bounces').every((one) => one.bounceReasonRaw.length === 1 && one.bounceReason !== 'UNKNOWN'),
    ).toBe(true);
    expect(of('bounces').every((one) => one.currentEmailAddress.includes('@'))).toBe(true);
    expect(of('sends').some((one) => one.contactDeletedAt !== null)).toBe(true);
    expect(new Set(app.calls()).size).toBe(8);
  });

  it('are paged, and resumed at any row', async () => {
    const { campaign_activity_id: id, sent_to } = largest();
    expect(sent_to.length).toBeGreaterThan(500);
    const page = `query ($id: ID!, $first: Int, $after: String) { emailCampaignActivity(id: $id) {
      sends(first: $first, after: $after) { edges { cursor node { contactId } } pageInfo { hasNextPage endCursor } } } }`;
    const whole = await ask(page, { id, first: 2_000 });
    expect(app.calls()).toEqual(['getSends', 'getSends']);
    const all = whole.emailCampaignActivity.sends.edges.map((edge: any) => edge.node.contactId);
    expect(all).toEqual([...sent_to].reverse());
    expect(whole.emailCampaignActivity.sends.pageInfo.hasNextPage).toBe(false);

    const some = await ask(page, { id, first: 7 });
    const rest = await ask(page, { id, first: 5, after: some.emailCampaignActivity.sends.edges[2].cursor });
    expect(rest.emailCampaignActivity.sends.edges.map((edge: any) => edge.node.contactId)).toEqual(
      all.slice(3, 8),
    );
    const next = await ask(page, {
      id,
      first: 5,
      after: some.emailCampaignActivity.sends.pageInfo.endCursor,
    });
    expect(next.emailCampaignActivity.sends.edges.map((edge: any) => edge.node.contactId)).toEqual(
      all.slice(7, 12),
    );
  });

  it('filter clicks by link and bounces by reason', async () => {
    const { campaign_activity_id: id } = largest();
    const { emailCampaignActivity: email } = await ask(
      `query ($id: ID!) { emailCampaignActivity(id: $id) {
        links { urlId uniqueClicks clicks { nodes { urlId contactId } } }
        bounces { nodes { bounceReason } }
        some: bounces(bounceCodes: [NONEXISTENT, MAILBOX_FULL, NONEXISTENT]) { nodes { bounceReason } }
      } }`,
      { id },
    );
    for (const link of email.links) {
      expect(new Set(link.clicks.nodes.map((one: any) => one.urlId))).toEqual(new Set([link.urlId]));
      expect(new Set(link.clicks.nodes.map((one: any) => one.contactId)).size).toBe(link.uniqueClicks);
    }
    const wanted = email.bounces.nodes.filter((one: any) =>
      /NONEXISTENT|MAILBOX_FULL/.test(one.bounceReason),
    );
    expect(wanted.length).toBeGreaterThan(0);
    expect(email.some.nodes).toEqual(wanted);

    app.resetCalls();
    const { errors } = await app.query(
      'query ($id: ID!) { emailCampaignActivity(id: $id) { clicks(urlId: "x") { nodes { urlId } } } }',
      { variables: { id } },
    );
    expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(app.calls()).toEqual([]);
  });

  it('are null without a call for what was never sent, and with one for what is unknown', async () => {
    const draft = [...app.sandbox.account().campaigns].find((row) => row.status === 'DRAFT');
    const { emailCampaign } = await ask(
      `query ($id: ID!) { emailCampaign(id: $id) { name stats { sends } activities { role status
        stats { sends } links { url } opens { nodes { createdAt } } } } }`,
      { id: draft?.campaign_id },
    );
    expect(emailCampaign.stats).toBeNull();
    for (const one of emailCampaign.activities)
      expect([one.stats, one.links, one.opens]).toEqual([null, null, null]);
    expect(app.calls().filter((call) => call.startsWith('get'))).toEqual([]);

    const data = await ask(
      `query ($id: ID!) { emailCampaignActivity(id: $id) { stats { sends } links { url } opens { nodes { createdAt } } } }`,
      { id: UNKNOWN },
    );
    expect(data.emailCampaignActivity).toEqual({ stats: null, links: null, opens: null });
  });
});

describe('links', () => {
  it('come with unclicked ones on demand, and with the list of a link', async () => {
    const rows = sent();
    const aliases = rows.slice(0, 40).map(
      (row, at) => `a${String(at)}: emailCampaignActivity(id: "${row.campaign_activity_id}") {
        links { urlId } all: links(includeUnclicked: true) { urlId url uniqueClicks listAction listActionRaw tag list { name } } }`,
    );
    const data: any[] = Object.values(await ask(`{ ${aliases.join('\n')} }`));
    expect(app.calls().filter((call) => call !== 'getLists')).toHaveLength(80);
    expect(app.calls().filter((call) => call === 'getLists')).toHaveLength(1);
    for (const { links, all } of data) {
      const clicked = all.filter((link: any) => link.uniqueClicks > 0).map((link: any) => link.urlId);
      expect(links.map((link: any) => link.urlId)).toEqual(clicked);
    }
    const all = data.flatMap((one) => one.all);
    expect(all.some((link) => link.uniqueClicks === 0)).toBe(true);
    const withList = all.filter((link) => link.list !== null);
    expect(withList.length).toBeGreaterThan(0);
    expect(withList.every((link) => link.listAction === 'ADD' && link.list.name.length > 0)).toBe(true);
  });

  it('of click rows cost nothing for their address, and one call for all rows for more', async () => {
    const { campaign_activity_id: id } = largest();
    const query = (fields: string) =>
      `query ($id: ID!) { emailCampaignActivity(id: $id) { clicks { nodes { urlId link { ${fields} } } } } }`;
    const plain = await ask(query('urlId url'), { id });
    expect(app.calls()).toEqual(['getClicks']);
    app.resetCalls();
    const full = await ask(query('urlId url uniqueClicks'), { id });
    expect(app.calls()).toEqual(['getClicks', 'getCampaignActivityLinkStats']);
    const rows = full.emailCampaignActivity.clicks.nodes;
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.every((row: any) => row.link.urlId === row.urlId && row.link.uniqueClicks > 0)).toBe(true);
    expect(plain.emailCampaignActivity.clicks.nodes.map((row: any) => row.link.url)).toEqual(
      rows.map((row: any) => row.link.url),
    );
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
