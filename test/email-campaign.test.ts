import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResponseBody } from '../src/constant-contact/contract/operations.js';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { campaignIn } from './support/campaigns.js';

const UNKNOWN_ID = '06a100de-19b6-4266-874b-afff00ff6b01';
const FIELDS = 'campaignId name status statusRaw type typeRaw typeCode createdAt updatedAt';

let app: TestApp;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 12);
  app = await startApp({ sandbox: { contacts: 60, clock: { now: () => now } } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const newest = () => [...app.sandbox.account().campaigns].sort((a, b) => b.updated_at - a.updated_at);
const iso = (ms: number) => new Date(ms).toISOString();

describe('reading', () => {
  it('returns 500 campaigns with all their own fields for one call', async () => {
    const { data } = await app.query(`{ emailCampaigns(first: 500) { nodes { id ${FIELDS} } } }`);
    expect(data.emailCampaigns.nodes).toHaveLength(200);
    const [first] = newest();
    expect(data.emailCampaigns.nodes[0]).toMatchObject({
      id: encodeGlobalId('EmailCampaign', first!.campaign_id),
      campaignId: first!.campaign_id,
      name: first!.name,
      status: first!.status,
      typeCode: first!.type_code,
      createdAt: iso(first!.created_at),
      updatedAt: iso(first!.updated_at),
    });
    const seen = new Set(data.emailCampaigns.nodes.map((node: any) => node.status));
    expect(seen).toEqual(new Set(['DRAFT', 'SCHEDULED', 'EXECUTING', 'DONE', 'ERROR', 'REMOVED', 'NONE']));
    expect(app.calls()).toEqual(['retrieveEmailCampaignsUsingGET']);
  });

  it('accepts a status in any case, and an unknown one', async () => {
    const { campaign } = campaignIn(app, 'DONE');
    const read = () =>
      app.query(`{ emailCampaign(id: "${campaign.campaign_id}") { status statusRaw type typeRaw } }`);
    expect((await read()).data.emailCampaign).toMatchObject({ status: 'DONE', statusRaw: 'DONE' });
    Object.assign(campaign, { status: 'FERMENTING', type: 'SMOKE_SIGNAL', type_code: 99 });
    expect((await read()).data.emailCampaign).toEqual({
      status: 'UNKNOWN',
      statusRaw: 'FERMENTING',
      type: 'UNKNOWN',
      typeRaw: 'SMOKE_SIGNAL',
    });
    const { data } = await app.query('{ emailCampaigns(first: 500) { nodes { campaignId statusRaw } } }');
    const row = data.emailCampaigns.nodes.find((node: any) => node.campaignId === campaign.campaign_id);
    expect(row.statusRaw).toBe('Fermenting');
  });

  it('filters by the time of the last change and paginates', async () => {
    const rows = newest();
    const [before, after] = [iso(rows[10]!.updated_at), iso(rows[60]!.updated_at)];
    const page = (args: string) =>
      app.query(
        `{ emailCampaigns(filter: { updatedAfter: "${after}", updatedBefore: "${before}" }, ${args}) {
          nodes { campaignId } pageInfo { hasNextPage endCursor } } }`,
      );
    const first = (await page('first: 20')).data.emailCampaigns;
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = (await page(`first: 100, after: "${first.pageInfo.endCursor}"`)).data.emailCampaigns;
    const ids = [...first.nodes, ...rest.nodes].map((node: any) => node.campaignId);
    const inside = rows.filter(
      (row) => row.updated_at < rows[10]!.updated_at && row.updated_at > rows[60]!.updated_at,
    );
    expect(ids).toEqual(inside.map((row) => row.campaign_id));
    expect(app.sandbox.journal.entries[0]?.query).toContain(`after_date=${encodeURIComponent(after)}`);
    expect(app.sandbox.journal.entries[0]?.query).toContain('limit=20');
  });

  it('returns one campaign by raw and by global id, with its activities, for one call', async () => {
    const { campaign, activity } = campaignIn(app, 'DONE', (row) => row.resend !== null);
    for (const id of [campaign.campaign_id, encodeGlobalId('EmailCampaign', campaign.campaign_id)]) {
      app.resetCalls();
      const { data } = await app.query(
        `query ($id: ID!) { emailCampaign(id: $id) { ${FIELDS}
          activities { id campaignActivityId campaignId role documentId campaign { name } }
          primaryActivity { campaignActivityId } } }`,
        { variables: { id } },
      );
      expect(data.emailCampaign.name).toBe(campaign.name);
      expect(data.emailCampaign.activities.map((one: any) => one.role)).toEqual([
        'PRIMARY_EMAIL',
        'PERMALINK',
        'RESEND',
      ]);
      expect(data.emailCampaign.activities[0]).toMatchObject({
        campaignId: campaign.campaign_id,
        campaign: { name: campaign.name },
      });
      expect(data.emailCampaign.primaryActivity.campaignActivityId).toBe(activity.campaign_activity_id);
      expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET']);
    }
  });

  it('returns null for an unknown campaign, also for one that is in the collection only', async () => {
    const phantom = app.sandbox.account().campaigns.find((row) => row.phantom)!;
    const { data, errors } = await app.query(
      `{ unknown: emailCampaign(id: "${UNKNOWN_ID}") { campaignId }
         phantom: emailCampaign(id: "${phantom.campaign_id}") { name activities { role } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ unknown: null, phantom: null });
    const listed = await app.query(
      '{ emailCampaigns(first: 500) { nodes { campaignId name activities { role } } } }',
    );
    const row = listed.data.emailCampaigns.nodes.find((one: any) => one.campaignId === phantom.campaign_id);
    expect(row).toMatchObject({ name: phantom.name, activities: null });
  });

  it('rejects an invalid id before any call', async () => {
    const { errors } = await app.query('{ emailCampaign(id: "a/../b") { name } }');
    expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(app.calls()).toEqual([]);
  });

  it('reads several campaigns with one scan, unless activities of each are selected', async () => {
    const rows = newest().slice(0, 20);
    const ids = rows.map((row) => encodeGlobalId('EmailCampaign', row.campaign_id));
    const ask = (fields: string, some: string[]) =>
      app.query(`query ($ids: [ID!]!) { nodes(ids: $ids) { ... on EmailCampaign { ${fields} } } }`, {
        variables: { ids: some },
      });
    expect((await ask('name', ids)).data.nodes.map((node: any) => node.name)).toEqual(
      rows.map((row) => row.name),
    );
    expect(app.calls()).toEqual(['retrieveEmailCampaignsUsingGET']);
    app.resetCalls();
    await ask('name', ids.slice(0, 2));
    expect(app.calls()).toEqual(['retrieveEmailCampaignsUsingGET']);
    app.resetCalls();
    await ask('name', ids.slice(0, 1));
    expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET']);
    app.resetCalls();
    await ask('name activities { role }', ids.slice(0, 5));
    expect(app.calls()).toEqual(Array(5).fill('retrieveEmailCampaignUsingGET'));
  });

  it.each([
    { ids: 3, calls: 3, why: 'three pages are not cheaper than three single calls' },
    { ids: 4, calls: 3, why: 'three pages are cheaper than four single calls' },
  ])('reads $ids campaigns with $calls calls when 3 pages are known, since $why', async ({ ids, calls }) => {
    await app.close();
    app = await startApp({
      sandbox: { contacts: 20, clock: { now: () => now } },
      client: { referenceCacheSeconds: 60 },
    });
    const { campaigns } = app.sandbox.account();
    const model = [...campaigns][0]!;
    for (let i = 0; i < 900; i++) {
      campaigns.add({
        ...model,
        campaign_id: `00000000-0000-11e0-8000-${String(i).padStart(12, '0')}`,
        name: `More ${String(i)}`,
        v2_id: null,
        phantom: false,
      });
    }
    const oldest = newest()
      .slice(-10)
      .map((row) => encodeGlobalId('EmailCampaign', row.campaign_id));
    const ask = (some: string[]) =>
      app.query('query ($ids: [ID!]!) { nodes(ids: $ids) { ... on EmailCampaign { name } } }', {
        variables: { ids: some },
      });
    const first = await ask(oldest);
    expect(first.data.nodes.every((node: any) => node.name)).toBe(true);
    expect(app.calls()).toEqual(Array(3).fill('retrieveEmailCampaignsUsingGET'));
    app.resetCalls();
    await ask(oldest.slice(-ids));
    expect(app.calls()).toHaveLength(calls);
  });

  it('stops a scan that finds nothing before it costs more than it saves', async () => {
    const ids = Array.from({ length: 3 }, (_, i) =>
      encodeGlobalId('EmailCampaign', UNKNOWN_ID.replace('06', `1${String(i)}`)),
    );
    const { data } = await app.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      variables: { ids },
    });
    expect(data.nodes).toEqual([null, null, null]);
    expect(app.calls()).toHaveLength(4);
  });

  it('costs 1 + 20 + 1 for 10 campaigns with primary subject and list names', async () => {
    for (const row of app.sandbox.account().campaignActivities) Object.assign(row, { segment_ids: [] });
    const { data } = await app.query(
      '{ emailCampaigns(first: 10) { nodes { name primaryActivity { subject recipients { lists { name } } } } } }',
    );
    const [campaign] = newest();
    const [activity] = app.sandbox.account().campaignActivities.where('campaign', campaign!.campaign_id);
    const names = activity!.contact_list_ids.map((id) => app.sandbox.account().lists.get(id)?.name);
    expect(data.emailCampaigns.nodes[0].primaryActivity).toEqual({
      subject: activity!.subject,
      recipients: { lists: names.map((name) => ({ name })) },
    });
    expect(app.calls()).toHaveLength(22);
    expect(app.calls().filter((call) => call === 'getLists')).toHaveLength(1);
  });

  it('does not request activities of a removed campaign', async () => {
    const { campaign } = campaignIn(app, 'DRAFT');
    const edit = (body: ResponseBody<'retrieveEmailCampaignUsingGET'>) => ({
      ...body,
      current_status: 'REMOVED',
    });
    app.sandbox.faults.script({ fault: { kind: 'edit', edit } });
    const { data, errors } = await app.query(
      `{ emailCampaign(id: "${campaign.campaign_id}") { status
          activities { role status subject schedules { scheduledAt } sendHistory { sendId } preview { text }
            nonOpenerResends { subject } abTest { testSize } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.emailCampaign.activities[0]).toEqual({
      role: 'PRIMARY_EMAIL',
      status: 'REMOVED',
      subject: null,
      schedules: [],
      sendHistory: [],
      preview: null,
      nonOpenerResends: [],
      abTest: null,
    });
    expect(app.calls()).toEqual(['retrieveEmailCampaignUsingGET']);
  });

  it('resolves entities by both keys', async () => {
    const { campaign } = campaignIn(app, 'DONE');
    const { data } = await app.query(
      'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on EmailCampaign { name } } }',
      {
        variables: {
          refs: [
            { __typename: 'EmailCampaign', campaignId: campaign.campaign_id },
            { __typename: 'EmailCampaign', id: encodeGlobalId('EmailCampaign', campaign.campaign_id) },
            { __typename: 'EmailCampaign', campaignId: UNKNOWN_ID },
          ],
        },
      },
    );
    expect(data._entities).toEqual([{ name: campaign.name }, { name: campaign.name }, null]);
  });

  it('finds campaigns by their V2 ids', async () => {
    const old = app.sandbox.account().campaigns.find((row) => row.v2_id !== null && row.status === 'DONE')!;
    const ask = (v2Ids: string[]) =>
      app.query(
        `query ($v2Ids: [ID!]!) { emailCampaignXrefs(v2Ids: $v2Ids) {
          v2Id campaignId campaignActivityId emailCampaign { name } activity { campaignActivityId subject } } }`,
        { variables: { v2Ids } },
      );
    const { data } = await ask([old.v2_id!, '42']);
    const [activity] = app.sandbox.account().campaignActivities.where('campaign', old.campaign_id);
    expect(data.emailCampaignXrefs).toEqual([
      {
        v2Id: old.v2_id,
        campaignId: old.campaign_id,
        campaignActivityId: activity!.campaign_activity_id,
        emailCampaign: { name: old.name },
        activity: { campaignActivityId: activity!.campaign_activity_id, subject: activity!.subject },
      },
    ]);
    expect(app.calls()[0]).toBe('retrieveXrefMappingsUsingGET');
    app.resetCalls();
    const { errors } = await ask(Array.from({ length: 51 }, (_, i) => String(i)));
    expect(errors?.[0].message).toContain('At most 50');
    expect(app.calls()).toEqual([]);
  });
});

describe('emailCampaignsByIds', () => {
  const BY_IDS = (fields: string) => `query ($ids: [ID!]!) { emailCampaignsByIds(ids: $ids) { ${fields} } }`;
  const sent = () => newest().filter(({ status, phantom }) => status === 'DONE' && !phantom);

  it('reads the statistics of raw and global ids in one call', async () => {
    const campaigns = sent().slice(0, 4);
    const ids = campaigns.map(({ campaign_id }, at) =>
      at % 2 === 0 ? campaign_id : encodeGlobalId('EmailCampaign', campaign_id),
    );
    const { data, errors } = await app.query(BY_IDS('campaignId stats { sends opens }'), {
      variables: { ids },
    });
    expect(errors).toBeUndefined();
    expect(data.emailCampaignsByIds).toEqual(
      campaigns.map(({ campaign_id }) => ({
        campaignId: campaign_id,
        stats: { sends: expect.any(Number) as unknown, opens: expect.any(Number) as unknown },
      })),
    );
    expect(app.calls()).toEqual(['getEmailSummary']);
  });

  it('keeps the order, with null for an unknown id and an error for an invalid one', async () => {
    const [first, second] = sent();
    const ids = [second!.campaign_id, UNKNOWN_ID, 'n/a', first!.campaign_id];
    const { data, errors } = await app.query(BY_IDS('name'), { variables: { ids } });
    expect(data.emailCampaignsByIds).toEqual([{ name: second!.name }, null, null, { name: first!.name }]);
    expect(errors).toMatchObject([
      { path: ['emailCampaignsByIds', 2], extensions: { code: 'BAD_USER_INPUT', field: ['ids', '2'] } },
    ]);
    // All campaigns, and the one that is not among them.
    expect(app.calls()).toEqual(['retrieveEmailCampaignsUsingGET', 'retrieveEmailCampaignUsingGET']);
  });

  it('accepts 500 ids, and its query cost equals its calls', async () => {
    const ids = newest().map(({ campaign_id }) => campaign_id);
    const { data, extensions } = await app.query(BY_IDS('campaignId'), { variables: { ids } });
    expect(data.emailCampaignsByIds).toEqual(ids.map((campaignId) => ({ campaignId })));
    expect(extensions.upstream.calls).toBe(1);
    const many = await app.query(BY_IDS('name'), { variables: { ids: Array(501).fill(ids[0]) } });
    expect(many.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', problem: 'TOO_MANY' } }]);
  });
});
