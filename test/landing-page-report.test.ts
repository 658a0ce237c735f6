import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

const REPORTS = [
  'opens',
  'uniqueOpens',
  'uniqueClicks',
  'uniqueAdds',
  'uniqueUpdates',
  'uniqueSmsOptIns',
] as const;
const ROW = `contactId emailAddress firstName lastName campaignActivityId report { campaignActivityId } type typeRaw
  createdAt contactDeletedAt smsChannel { countryCode state formattedInternational formattedNational }
  contact { contactId firstName emailAddress { address } }`;

/** Additional fields of rows of a report. */
const OWN: Record<(typeof REPORTS)[number], string> = {
  opens: 'device deviceRaw',
  uniqueOpens: 'device deviceRaw',
  uniqueClicks: 'device deviceRaw urlId linkUrl',
  uniqueAdds: '',
  uniqueUpdates: '',
  uniqueSmsOptIns: '',
};

let app: TestApp;

async function ask(document: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors } = await app.query(document, { variables });
  expect(errors).toBeUndefined();
  return data;
}

const pageId = () => [...app.sandbox.account().landingPages][1]?.campaign_activity_id;

beforeEach(async () => {
  app = await startApp();
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

it('has six reports, one call each, newest first', async () => {
  const { landingPageReport: page } = await ask(
    `query ($id: ID!) { landingPageReport(campaignActivityId: $id) { campaignActivityId
      ${REPORTS.map((report) => `${report}(first: 500) { nodes { ${ROW} ${OWN[report]} } }`).join('\n')} } }`,
    { id: pageId() },
  );
  expect(app.calls()).toHaveLength(6);
  expect(new Set(app.calls()).size).toBe(6);
  for (const report of REPORTS) {
    const { nodes } = page[report];
    expect(nodes.length).toBeGreaterThan(0);
    const times = nodes.map((row: any) => Date.parse(row.createdAt));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    for (const row of nodes) {
      expect(row.campaignActivityId).toBe(page.campaignActivityId);
      expect(row.report).toEqual({ campaignActivityId: page.campaignActivityId });
      expect(row.contact.contactId).toBe(row.contactId);
      expect(row.type).not.toBe('UNKNOWN');
    }
    if (report !== 'opens') expect(new Set(nodes.map((row: any) => row.contactId)).size).toBe(nodes.length);
  }
  expect(new Set(page.opens.nodes.map((row: any) => row.contactId)).size).toBe(page.uniqueOpens.nodes.length);
  expect(page.opens.nodes.length).toBeGreaterThan(page.uniqueOpens.nodes.length);
  expect(page.uniqueClicks.nodes.every((row: any) => row.linkUrl.startsWith('https://') && row.urlId)).toBe(
    true,
  );
  expect(page.uniqueSmsOptIns.nodes.every((row: any) => row.smsChannel.formattedInternational)).toBe(true);
});

it.each([
  ['p_contact_updates', 'UPDATE'],
  ['p_contact_adds', 'ADD'],
  ['p_contact_sms_optins', 'SMS_OPT_IN'],
  ['p_contact_clicks', 'CLICK'],
  ['p_contact_something_new', 'UNKNOWN'],
])('keeps rows of type %s', async (tracking_activity_type, type) => {
  app.sandbox.faults.script({
    fault: {
      kind: 'edit',
      edit: ({ tracking_activities: [row] }: any) => ({
        tracking_activities: [{ ...row, tracking_activity_type }],
      }),
    },
  });
  const { landingPageReport } = await ask(
    'query ($id: ID!) { landingPageReport(campaignActivityId: $id) { uniqueAdds { nodes { type typeRaw } } } }',
    { id: pageId() },
  );
  expect(landingPageReport.uniqueAdds.nodes).toEqual([{ type, typeRaw: tracking_activity_type }]);
});

it('finds contacts by a part of their name or address', async () => {
  const query = `query ($id: ID!, $text: String) { landingPageReport(campaignActivityId: $id) {
    opens(first: 500, contactsFilter: $text) { nodes { contactId firstName lastName emailAddress } } } }`;
  const all = (await ask(query, { id: pageId() })).landingPageReport.opens.nodes;
  const text = all[3].emailAddress.slice(1, 6).toUpperCase();
  const some = (await ask(query, { id: pageId(), text })).landingPageReport.opens.nodes;
  expect(some.length).toBeGreaterThan(0);
  expect(some.length).toBeLessThan(all.length);
  expect(some.every((row: any) => JSON.stringify(row).toUpperCase().includes(text))).toBe(true);
});

it('is paginated', async () => {
  const query = `query ($id: ID!, $first: Int, $after: String) { landingPageReport(campaignActivityId: $id) {
    uniqueOpens(first: $first, after: $after) { nodes { contactId } pageInfo { hasNextPage endCursor } } } }`;
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const { landingPageReport } = await ask(query, { id: pageId(), first: 30, after });
    const { nodes, pageInfo } = landingPageReport.uniqueOpens;
    ids.push(...nodes.map((row: any) => row.contactId));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after);
  expect(ids.length).toBeGreaterThan(60);
  expect(new Set(ids).size).toBe(ids.length);
  expect(app.calls()).toHaveLength(Math.ceil(ids.length / 30));
});

it('is null for an unknown page, and rejects an invalid id', async () => {
  const query =
    'query ($id: ID!) { landingPageReport(campaignActivityId: $id) { opens { nodes { contactId } } } }';
  const { landingPageReport } = await ask(query, { id: '00000000-0000-11ee-8000-fa163e000001' });
  expect(landingPageReport).toEqual({ opens: null });
  app.resetCalls();
  const { errors } = await app.query(query, { variables: { id: 'page one' } });
  expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
  expect(app.calls()).toEqual([]);
});

it('has a type for the rows of each report, with its fields', async () => {
  const { landingPageReport: page } = await ask(
    `query ($id: ID!) { landingPageReport(campaignActivityId: $id) {
      ${REPORTS.map((report) => `${report}(first: 1) { nodes { ...Row } }`).join('\n')} } }
    fragment Row on LandingPageActivity { __typename report { uniqueClicks(first: 1) { nodes { linkUrl } } } }`,
    { id: pageId() },
  );
  expect(REPORTS.map((report) => page[report].nodes[0].__typename)).toEqual([
    'LandingPageOpenActivity',
    'LandingPageOpenActivity',
    'LandingPageClickActivity',
    'LandingPageAddActivity',
    'LandingPageUpdateActivity',
    'LandingPageSmsOptInActivity',
  ]);
  // The rows lead back to the reports of their page, which are read once.
  expect(page.opens.nodes[0].report.uniqueClicks.nodes).toHaveLength(1);
  expect(app.calls()).toHaveLength(6);
  const { errors } = await app.query(
    'query ($id: ID!) { landingPageReport(campaignActivityId: $id) { uniqueAdds { nodes { linkUrl } } } }',
    { variables: { id: pageId() } },
  );
  expect(errors?.[0]?.message).toContain('Cannot query field "linkUrl"');
});

it('a report without rows costs its page only, although contacts are selected', async () => {
  await app.close();
  app = await startApp({ sandbox: { contacts: 1 }, maxQueryCost: 1 });
  for (const report of REPORTS) {
    const query = `query ($id: ID!) { landingPageReport(campaignActivityId: $id) { ${report} { nodes { contact { phoneNumbers { number } } } } } }`;
    const { landingPageReport: page } = await ask(query, { id: pageId() });
    expect(page[report].nodes).toEqual([]);
  }
  // The page that shows the number of rows also answers the query. The contacts are counted once.
  expect(app.calls()).toHaveLength(REPORTS.length + 1);
});
