import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

const UNKNOWN = '00000000-0000-11ee-8000-fa163e000001';
const PERIOD = { start: '2022-06-01T00:00:00Z', end: '2027-01-01T00:00:00Z' };
const START = Date.UTC(2026, 10, 1);

let app: TestApp;

async function ask(document: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors } = await app.query(document, { variables });
  expect(errors).toBeUndefined();
  return data;
}

/** Someone who got many emails. */
function reader(): string {
  const counts = new Map<string, number>();
  for (const { sent_to } of app.sandbox.account().campaignActivities) {
    for (const id of sent_to) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? '';
}

beforeEach(async () => {
  app = await startApp({ sandbox: { clock: { now: () => START } } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

it('returns the history of a contact, newest first, with names on request', async () => {
  const id = reader();
  const query = (fields: string) => `query ($id: ID!) { contact(id: $id) {
    activityDetails(first: 1000) { nodes { type typeRaw createdAt campaignActivityId ${fields} } } } }`;
  const { contact } = await ask(query('campaignActivityName activity { campaignActivityId }'), { id });
  const rows = contact.activityDetails.nodes;
  expect(rows.length).toBeGreaterThan(60);
  expect(app.calls()).toEqual(['getContactTracking']);
  const times = rows.map((row: any) => Date.parse(row.createdAt));
  expect(times).toEqual([...times].sort((a, b) => b - a));
  expect(rows.every((row: any) => row.campaignActivityName.length > 0)).toBe(true);
  const emails = rows.filter((row: any) => row.typeRaw.startsWith('em_'));
  expect(emails.every((row: any) => row.activity.campaignActivityId === row.campaignActivityId)).toBe(true);
  expect(new Set(emails.map((row: any) => row.type)).has('EMAIL_OPENED')).toBe(true);

  app.sandbox.journal.clear();
  await ask(query(''), { id });
  const queries = app.sandbox.journal.entries.map((entry) => entry.query);
  expect(queries.some((text) => text.includes('include_campaign_activity_names=false'))).toBe(true);
});

it('is paginated, up to 100 entries per call', async () => {
  const query = `query ($id: ID!, $first: Int, $after: String) { contact(id: $id) { activityDetails(first: $first, after: $after) {
    nodes { type createdAt campaignActivityId } pageInfo { hasNextPage endCursor } } } }`;
  const id = reader();
  const { nodes: all } = (await ask(query, { id, first: 1_000 })).contact.activityDetails;
  expect(app.sandbox.journal.entries.at(-1)?.query).toContain('limit=100');
  const rows: unknown[] = [];
  let after: string | null = null;
  do {
    const page: any = (await ask(query, { id, first: 25, after })).contact.activityDetails;
    rows.push(...page.nodes);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after);
  expect(rows).toEqual(all);
});

it('equals the reports of the emails', async () => {
  const id = reader();
  const { contact } = await ask(
    `query ($id: ID!) { contact(id: $id) { activityDetails(first: 20, types: [EMAIL_OPENED, EMAIL_CLICKED]) {
      nodes { type createdAt campaignActivityId } } } }`,
    { id },
  );
  const rows = contact.activityDetails.nodes;
  expect(new Set(rows.map((row: any) => row.type))).toEqual(new Set(['EMAIL_OPENED', 'EMAIL_CLICKED']));
  const activityId = rows.find((row: any) => row.type === 'EMAIL_CLICKED').campaignActivityId;
  const { emailCampaignActivity: email } = await ask(
    `query ($id: ID!) { emailCampaignActivity(id: $id) {
      opens(first: 2000) { nodes { contactId createdAt } } clicks(first: 2000) { nodes { contactId createdAt } } } }`,
    { id: activityId },
  );
  const second = (text: string) => Math.floor(Date.parse(text) / 1_000);
  for (const [type, report] of [
    ['EMAIL_OPENED', email.opens],
    ['EMAIL_CLICKED', email.clicks],
  ] as const) {
    const here = rows.filter((row: any) => row.type === type && row.campaignActivityId === activityId);
    const there = report.nodes.filter((row: any) => row.contactId === id);
    expect(here.length).toBeGreaterThan(0);
    expect(here.map((row: any) => second(row.createdAt))).toEqual(
      there.map((row: any) => second(row.createdAt)),
    );
  }
});

it('links to landing pages', async () => {
  const { landingPages } = app.sandbox.account();
  const pageIds = new Set([...landingPages].map((page) => page.campaign_activity_id));
  const [page] = landingPages;
  const { landingPageReport } = await ask(
    'query ($id: ID!) { landingPageReport(campaignActivityId: $id) { uniqueAdds(first: 1) { nodes { contactId } } } }',
    { id: page?.campaign_activity_id },
  );
  app.resetCalls();
  const { contact } = await ask(
    `query ($id: ID!) { contact(id: $id) { activityDetails(types: [LANDING_PAGE_ADDED, LANDING_PAGE_OPENED]) {
      nodes { type activity { subject } landingPage { campaignActivityId } } } } }`,
    { id: landingPageReport.uniqueAdds.nodes[0].contactId },
  );
  const rows = contact.activityDetails.nodes;
  expect(rows.map((row: any) => row.type)).toContain('LANDING_PAGE_ADDED');
  expect(
    rows.every((row: any) => row.activity === null && pageIds.has(row.landingPage.campaignActivityId)),
  ).toBe(true);
  expect(app.calls()).toEqual(['getContactTracking']);
});

it('has every name of a landing page event, and no rows of another report', async () => {
  const names = {
    p_contact_opens: 'LANDING_PAGE_OPENED',
    p_contact_clicks: 'LANDING_PAGE_CLICKED',
    p_contact_adds: 'LANDING_PAGE_ADDED',
    p_contact_updates: 'LANDING_PAGE_UPDATED',
    p_contact_sms_optins: 'LANDING_PAGE_SMS_OPT_IN',
    P_CONTACT_SMS_OPTIN: 'LANDING_PAGE_SMS_OPT_IN',
    p_contact_something_new: 'UNKNOWN',
    em_something_new: 'UNKNOWN',
  };
  const id = '00000000-0000-11ee-8000-fa163e000001';
  app.sandbox.faults.script({
    operationId: 'getContactTracking',
    fault: {
      kind: 'edit',
      edit: () => ({
        tracking_activities: Object.keys(names).map((tracking_activity_type) => ({
          contact_id: reader(),
          campaign_activity_id: id,
          tracking_activity_type,
        })),
      }),
    },
  });
  const { contact } = await ask(
    `query ($id: ID!) { contact(id: $id) { activityDetails {
      nodes { type typeRaw activity { campaignActivityId } landingPage { campaignActivityId } } } } }`,
    { id: reader() },
  );
  expect(contact.activityDetails.nodes).toEqual(
    Object.entries(names).map(([typeRaw, type]) => {
      const place = { campaignActivityId: id };
      const isPage = /^p_/i.test(typeRaw);
      return { type, typeRaw, activity: isPage ? null : place, landingPage: isPage ? place : null };
    }),
  );
  expect(app.calls()).toEqual(['getContactTracking']);
});

it('averages opens and clicks, and counts per email', async () => {
  const id = reader();
  const { contact } = await ask(
    `query ($id: ID!, $start: DateTime!, $end: DateTime!) { contact(id: $id) {
      openAndClickRates(start: $start, end: $end) { includedActivitiesCount averageOpenRate averageClickRate }
      activitySummary(start: $start, end: $end) { campaignActivityId activity { campaignActivityId } startedAt sends opens clicks forwards bounces unsubscribes } } }`,
    { id, ...PERIOD },
  );
  expect(app.calls().sort()).toEqual(['getContactOpenClickRate', 'getContactTrackingCount']);
  const { openAndClickRates: rates, activitySummary: rows } = contact;
  expect(rows.length).toBeGreaterThan(20);
  expect(rates.includedActivitiesCount).toBe(rows.length);
  const share = (key: string) => rows.filter((row: any) => row[key] > 0).length / rows.length;
  expect(rates.averageOpenRate).toBeCloseTo(share('opens'), 6);
  expect(rates.averageClickRate).toBeCloseTo(share('clicks'), 6);
  const times = rows.map((row: any) => Date.parse(row.startedAt));
  expect(times).toEqual([...times].sort((a, b) => b - a));
  expect(times.at(-1)).toBeGreaterThanOrEqual(Date.parse(PERIOD.start));
});

it('is all zeros for a contact who received nothing', async () => {
  const { contact } = await ask(
    `query ($id: ID!) { contact(id: $id) {
      openAndClickRates(start: "2001-01-01T00:00:00Z", end: "2002-01-01T00:00:00Z") { includedActivitiesCount averageOpenRate averageClickRate }
      activitySummary(start: "2001-01-01T00:00:00Z", end: "2002-01-01T00:00:00Z") { sends } } }`,
    { id: reader() },
  );
  expect(contact).toEqual({
    openAndClickRates: { includedActivitiesCount: 0, averageOpenRate: 0, averageClickRate: 0 },
    activitySummary: [],
  });
});

it('validates periods before any call', async () => {
  const rates = (start: string, end: string) =>
    app.query(
      `query ($id: ID!, $start: DateTime!, $end: DateTime!) { contact(id: $id) {
        openAndClickRates(start: $start, end: $end) { averageOpenRate } } }`,
      { variables: { id: reader(), start, end } },
    );
  const tooLong = await rates('2020-01-01T00:00:00Z', '2025-01-01T00:00:01Z');
  expect(tooLong.errors?.[0].message).toContain('5 years');
  const backwards = await rates('2021-01-01T00:00:00Z', '2020-01-01T00:00:00Z');
  for (const { errors, data } of [tooLong, backwards]) {
    expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(data.contact.openAndClickRates).toBeNull();
  }
  expect(app.calls()).toEqual([]);
  const longest = await rates('2020-01-01T00:00:00Z', '2025-01-01T00:00:00Z');
  expect(longest.errors).toBeUndefined();
});

it('is null for an unknown contact, which is not read for its history alone', async () => {
  const history = (fields: string) =>
    ask(`query ($id: ID!) { contact(id: $id) { ${fields} activityDetails { nodes { type } } } }`, {
      id: UNKNOWN,
    });
  expect((await history('')).contact).toEqual({ activityDetails: null });
  expect(app.calls()).toEqual(['getContactTracking']);
  expect((await history('firstName')).contact).toBeNull();
});
