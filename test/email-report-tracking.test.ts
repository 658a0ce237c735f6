import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CampaignActivityRow } from '../src/sandbox/stores/campaigns.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { scripted } from './support/scripted.js';

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
const REPORT_TYPES = [
  'EmailSendActivity',
  'EmailOpenActivity',
  'EmailOpenActivity',
  'EmailDidNotOpenActivity',
  'EmailClickActivity',
  'EmailForwardActivity',
  'EmailOptoutActivity',
  'EmailBounceActivity',
];
/** Fields that rows of these reports lack. */
const FOREIGN = {
  sends: 'device',
  opens: 'linkUrl',
  uniqueOpens: 'bounceReason',
  didNotOpens: 'device',
  clicks: 'optOutReason',
  forwards: 'urlId',
  optouts: 'bounceReason',
  bounces: 'optOutReason',
};
const UNKNOWN = '00000000-0000-11ee-8000-fa163e000001';

let app: TestApp;

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

describe('tracking reports', () => {
  const ROW = `type typeRaw contactId emailAddress firstName lastName createdAt contactDeletedAt
    activity { campaignActivityId } contact { contactId firstName emailAddress { address } }`;
  /** Additional fields of rows of a report. */
  const OWN: Record<(typeof REPORTS)[number], string> = {
    sends: '',
    opens: 'device deviceRaw',
    uniqueOpens: 'device deviceRaw',
    didNotOpens: '',
    clicks: 'device deviceRaw urlId linkUrl',
    forwards: '',
    optouts: 'optOutReason',
    bounces: 'bounceReason bounceReasonRaw currentEmailAddress',
  };

  it('cost 8 calls for 8 aliased reports of one email, with the totals of the page', async () => {
    const { emailCampaignActivity: email } = await ask(
      `query ($id: ID!) { emailCampaignActivity(id: $id) {
        ${REPORTS.map((report) => `my${report}: ${report}(first: 100) { pageTotals { rows contacts } }`).join('\n')} } }`,
      { id: largest().campaign_activity_id },
    );
    expect(email.mysends.pageTotals).toEqual({ rows: 100, contacts: 100 });
    expect(app.calls()).toHaveLength(8);
    expect(new Set(app.calls()).size).toBe(8);
  });

  it('have as many rows as the statistics count', async () => {
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

  it('cost at most 3 calls for 500 opens with the address and name of each contact', async () => {
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

  it('cost at most 6 calls with the names of the lists of each contact', async () => {
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

  it('return the newest rows first, with the fields of each report', async () => {
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
        `query ($id: ID!) { emailCampaignActivity(id: $id) { ${REPORTS.map((report) => `${report}(first: 500) { nodes { ${ROW} ${OWN[report]} } }`).join('\n')} } }`,
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
    expect(new Set(app.calls()).size).toBe(8);
  });

  it('have a type for each report, and common fields in an interface', async () => {
    const { campaign_activity_id: id } = largest();
    const email = (selections: string) =>
      `query ($id: ID!) { emailCampaignActivity(id: $id) { ${selections} } }`;
    const fragment = 'fragment Row on EmailTrackingActivity { __typename contactId contact { jobTitle } }';
    const rows = REPORTS.map((report) => `${report}(first: 1) { nodes { ...Row contact { jobTitle } } }`);
    const { data, extensions } = await app.query(`${email(rows.join(' '))} ${fragment}`, {
      variables: { id },
    });
    const types = REPORTS.map((report) => data.emailCampaignActivity[report].nodes[0]?.__typename);
    expect(types.filter(Boolean).length).toBeGreaterThan(5);
    for (const [index, type] of types.entries()) {
      expect([undefined, REPORT_TYPES[index]]).toContain(type);
    }
    const plain = REPORTS.map((report) => `${report}(first: 1) { nodes { contactId contact { jobTitle } } }`);
    const same = await app.query(email(plain.join(' ')), { variables: { id } });
    expect(extensions.cost).toEqual(same.extensions.cost);
    app.resetCalls();
    for (const [report, field] of Object.entries(FOREIGN)) {
      const { errors } = await app.query(email(`${report} { nodes { ${field} } }`), { variables: { id } });
      expect(errors?.[0]?.message).toContain(`Cannot query field "${field}"`);
    }
    expect(app.calls()).toEqual([]);
  });

  it('mark contacts that have been deleted since', async () => {
    const { campaign_activity_id: id, sent_to } = largest();
    const contact = app.sandbox.account().contacts.get(sent_to.at(-1) ?? '');
    if (contact) contact.deleted_at = Date.UTC(2026, 2, 4, 18);
    const { emailCampaignActivity: email } = await ask(
      'query ($id: ID!) { emailCampaignActivity(id: $id) { sends(first: 2) { nodes { contactId contactDeletedAt } } } }',
      { id },
    );
    expect(email.sends.nodes).toEqual([
      { contactId: sent_to.at(-1), contactDeletedAt: '2026-03-04' },
      { contactId: sent_to.at(-2), contactDeletedAt: null },
    ]);
  });

  it('are paginated, and continue from any row', async () => {
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
    // All links and reasons are in the one page of each report.
    expect(app.calls().sort()).toEqual(['getBounces', 'getCampaignActivityLinkStats', 'getClicks']);

    app.resetCalls();
    const alone = await ask(
      `query ($id: ID!, $link: ID!) { emailCampaignActivity(id: $id) {
        bounces(bounceCodes: [NONEXISTENT, MAILBOX_FULL]) { nodes { bounceReason } }
        clicks(urlId: $link) { nodes { urlId contactId } }
      } }`,
      { id, link: email.links[0].urlId },
    );
    expect(alone.emailCampaignActivity).toEqual({ bounces: email.some, clicks: email.links[0].clicks });
    const asked = app.sandbox.journal.entries.map(({ query }) => query);
    expect(asked.filter((query) => /url_id=|bounce_code=/.test(query))).toHaveLength(2);

    app.resetCalls();
    const { errors: none } = await app.query(
      'query ($id: ID!) { emailCampaignActivity(id: $id) { bounces(bounceCodes: []) { nodes { contactId } } } }',
      { variables: { id } },
    );
    expect(none?.[0]?.extensions).toMatchObject({ problem: 'REQUIRED', field: ['bounceCodes'] });
    expect(app.calls()).not.toContain('getBounces');

    app.resetCalls();
    for (const link of ['x', '9223372036854775808']) {
      const { errors } = await app.query(
        'query ($id: ID!, $link: ID) { emailCampaignActivity(id: $id) { clicks(urlId: $link) { nodes { urlId } } } }',
        { variables: { id, link } },
      );
      expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
    }
    expect(app.calls()).toEqual([]);
  });

  it('filter clicks by link one by one where a page does not contain all links', async () => {
    const large = await startApp({ sandbox: { contacts: 5_000 } });
    const [row] = [...large.sandbox.account().campaignActivities].sort(
      (a, b) => b.sent_to.length - a.sent_to.length,
    );
    // As if all had got it at once.
    const everybody = [...large.sandbox.account().contacts].map((contact) => contact.contact_id);
    row!.sent_to.splice(0, Infinity, ...everybody);
    row!.sends.splice(0, Infinity, { ...row!.sends[0]!, count: everybody.length });
    const variables = { id: row!.campaign_activity_id };
    const { data } = await large.query(
      'query ($id: ID!) { emailCampaignActivity(id: $id) { links { urlId } clicks(first: 5000) { nodes { urlId contactId createdAt } } } }',
      { variables },
    );
    const { links, clicks } = data.emailCampaignActivity;
    expect(clicks.nodes.length).toBeGreaterThan(500);
    const aliases = links
      .slice(-2)
      .map(
        (link: any, at: number) =>
          `l${String(at)}: clicks(urlId: "${link.urlId}", first: 5000) { nodes { urlId contactId createdAt } }`,
      );
    large.resetCalls();
    const { data: filtered } = await large.query(
      `query ($id: ID!) { emailCampaignActivity(id: $id) { ${aliases.join(' ')} } }`,
      { variables },
    );
    const rows = Object.values<any>(filtered.emailCampaignActivity).map(({ nodes }) => nodes);
    expect(rows).toEqual(
      links.slice(-2).map((link: any) => clicks.nodes.filter((one: any) => one.urlId === link.urlId)),
    );
    // That there are more than a page of clicks took a call to find out.
    expect(large.calls()).toEqual(['getClicks', 'getClicks', 'getClicks']);
    await large.close();
  });

  it('are null without a call for an unsent email, and with one for an unknown email', async () => {
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

describe('links of an email', () => {
  it('include unclicked ones on request, and the list of a link', async () => {
    const rows = sent();
    const aliases = [...rows.slice(0, 4), ...rows.slice(-4)].map(
      (row, at) => `a${String(at)}: emailCampaignActivity(id: "${row.campaign_activity_id}") {
        links { urlId } all: links(includeUnclicked: true) { urlId url uniqueClicks listAction listActionRaw tag list { name } } }`,
    );
    const data: any[] = Object.values(await ask(`{ ${aliases.join('\n')} }`));
    // One read with the unclicked ones serves both fields.
    expect(app.calls().filter((call) => call !== 'getLists')).toHaveLength(8);
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

  it('cost one call per email, wherever they are selected: by a variable, in click rows, elsewhere', async () => {
    const { campaign_id, campaign_activity_id: id } = sent().at(-1)!;
    const query = `query ($id: ID!, $campaign: ID!, $all: Boolean) {
      emailCampaignActivity(id: $id) { links { urlId } clicks(first: 3) { nodes { link { uniqueClicks } } } }
      emailCampaign(id: $campaign) { primaryActivity { links(includeUnclicked: $all) { uniqueClicks } } }
    }`;
    for (const all of [true, false]) {
      app.resetCalls();
      const data = await ask(query, { id, campaign: campaign_id, all });
      expect(app.calls().sort()).toEqual([
        'getCampaignActivityLinkStats',
        'getClicks',
        'retrieveEmailCampaignUsingGET',
      ]);
      const counts = data.emailCampaign.primaryActivity.links.map((link: any) => link.uniqueClicks);
      expect(counts.includes(0)).toBe(all);
      expect(data.emailCampaignActivity.links.length).toBe(counts.filter(Boolean).length);
    }
  });

  it('of click rows cost nothing for their URL, and one call for all rows for more fields', async () => {
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

describe('recipients who have left the lists of the email', () => {
  const { answering, ask, requests } = scripted();
  const PAGES = 10;
  const idOf = (n: number) => `00000000-0000-11ee-8000-${String(n).padStart(12, '0')}`;
  const rows = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => ({
      contact_id: idOf(from + at),
      job_title: `Job ${String(from + at)}`,
    }));

  it('are found in the account without reading its first page again', async () => {
    const activity = { campaign_activity_id: idOf(1), role: 'primary_email', contact_list_ids: [idOf(2)] };
    await answering(({ pathname, searchParams }) => {
      if (pathname.endsWith('/tracking/sends')) return { tracking_activities: rows(700, 100) };
      if (!pathname.endsWith('/contacts')) return activity;
      if (searchParams.has('lists')) return { contacts: [], contacts_count: 0 };
      const page = Number(searchParams.get('next') ?? 0);
      return {
        contacts: rows(page * 500, 500),
        contacts_count: PAGES * 500,
        ...(page < PAGES - 1 && {
          _links: { next: { href: `/v3/contacts?status=all&limit=500&next=${String(page + 1)}` } },
        }),
      };
    });
    const { emailCampaignActivity } = await ask(
      `{ emailCampaignActivity(id: "${idOf(1)}") { recipients { lists { listId } }
        sends(first: 100) { nodes { contact { contactId jobTitle } } } } }`,
    );
    expect(emailCampaignActivity.sends.nodes).toEqual(
      rows(700, 100).map(({ contact_id, job_title }) => ({
        contact: { contactId: contact_id, jobTitle: job_title },
      })),
    );
    const pages = requests().flatMap(({ url }) => {
      const { pathname, searchParams } = new URL(url, 'http://api');
      return pathname.endsWith('/contacts') ? [searchParams.get('lists') ?? searchParams.get('next')] : [];
    });
    expect(pages).toEqual([null, idOf(2), '1']);
    expect(requests()).toHaveLength(5);
  });
});
