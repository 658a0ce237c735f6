import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObjectType, parse } from 'graphql';
import { operations, type OperationId } from '../../src/constant-contact/contract/operations.js';
import { scopeOf } from '../../src/resolvers/support/cursor.js';
import { buildSchema } from '../../src/schema/index.js';
import { queryCostOf } from '../../src/server/query-cost.js';
import { startApp, type Answer, type TestApp } from '../support/app.js';
import { recordIds } from '../support/example-variables.js';
import { startFacade } from '../support/facade.js';
import { encode, forgedParts, forgedPositions, partsOf, type Parts } from '../support/forged-cursor.js';

/**
 * A cursor only marks a position: whatever is changed in it, the answer is a refusal or rows of the
 * same collection as honest paging gives them, and costs no more calls than its price.
 */

/** A connection of the schema: how it is reached, and what it reads. `$` stands for its arguments. */
interface Connection {
  field: string;
  reads: OperationId | null;
  query: string;
  node: string;
  /** Where the sandbox has no second page: a position that it takes. */
  position?: (app: TestApp) => string;
  /** Rows of a page; so few that there are several. */
  first?: number;
}

const cursorOf = (text: string) => `cursor=${encodeURIComponent(Buffer.from(text).toString('base64'))}`;
const second = <Row>(rows: Iterable<Row>): Row => [...rows][1] as Row;

const TRACKING = [
  'sends',
  'opens',
  'uniqueOpens',
  'didNotOpens',
  'clicks',
  'forwards',
  'optouts',
  'bounces',
] as const;
const TRACKING_OPERATIONS = {
  sends: 'getSends',
  opens: 'getOpens',
  uniqueOpens: 'getUniqueOpens',
  didNotOpens: 'getDidNotOpens',
  clicks: 'getClicks',
  forwards: 'getForwards',
  optouts: 'getOptouts',
  bounces: 'getBounces',
} as const satisfies Record<(typeof TRACKING)[number], OperationId>;
const LANDING_OPERATIONS = {
  opens: 'getContactOpens',
  uniqueOpens: 'getUniqueContactOpens',
  uniqueClicks: 'getUniqueContactClicks',
  uniqueAdds: 'getContactAdds',
  uniqueUpdates: 'getUniqueContactUpdates',
  uniqueSmsOptIns: 'getUniqueContactSMSOptIns',
} as const satisfies Record<string, OperationId>;

const CONNECTIONS: readonly Connection[] = [
  {
    field: 'Query.contacts',
    reads: 'getContacts',
    query: 'contacts($, filter: { status: [ACTIVE], listIds: ["$listId"] })',
    node: 'contactId notes { content } lists { listId }',
  },
  {
    field: 'Query.contacts',
    reads: 'getContacts',
    query: 'contacts($, filter: { createdAfter: "2015-03-04T05:06:07Z" })',
    node: 'contactId tags { tagId }',
  },
  {
    field: 'ContactList.contacts',
    reads: 'getContacts',
    query: 'contactList(id: "$listId") { contacts($) }',
    node: 'contactId',
  },
  {
    field: 'Tag.contacts',
    reads: 'getContacts',
    query: 'tag(id: "$tagId") { contacts($, status: [ALL]) }',
    node: 'contactId',
  },
  {
    field: 'Segment.contacts',
    reads: 'getContacts',
    query: 'segment(id: "$segmentId") { contacts($) }',
    node: 'contactId',
  },
  {
    field: 'Query.contactChanges',
    reads: null,
    query: 'contactChanges(since: "2011-01-01T00:00:00Z", $)',
    node: 'contact { contactId } kinds',
  },
  {
    field: 'Contact.activityDetails',
    reads: 'getContactTracking',
    query:
      'contact(id: "$contactId") { activityDetails($, types: [EMAIL_SENT, EMAIL_OPENED, LANDING_PAGE_OPENED]) }',
    node: 'createdAt campaignActivityId',
    first: 1,
  },
  ...TRACKING.map((name) => ({
    field: `EmailCampaignActivity.${name}`,
    reads: TRACKING_OPERATIONS[name],
    query: `emailCampaignActivity(id: "$campaignActivityId") { ${name}($) }`,
    node: 'contactId createdAt',
    first: 1,
  })),
  {
    field: 'EmailLink.clicks',
    reads: 'getClicks',
    query: 'emailCampaignActivity(id: "$campaignActivityId") { links { clicks($) } }',
    node: 'contactId createdAt',
    first: 1,
  },
  ...Object.entries(LANDING_OPERATIONS).map(([name, reads]) => ({
    field: `LandingPageReport.${name}`,
    reads,
    query: `landingPageReport(campaignActivityId: "$landingPageId") { ${name}($) }`,
    node: 'contactId createdAt',
    first: 1,
  })),
  {
    field: 'ContactExport.rows',
    reads: null,
    query: 'contactExport(fileExportId: "$fileExportId") { rows($) }',
    node: 'emailAddress',
  },
  {
    field: 'Event.registrations',
    reads: 'findRegistrationsUsingGET',
    query: 'event(id: "$eventId") { registrations($, orderBy: { field: EMAIL_ADDRESS, direction: DESC }) }',
    node: 'registrationId',
  },
  {
    field: 'EventTrack.registrations',
    reads: 'findRegistrationsUsingGET',
    query: 'event(id: "$eventId") { track { registrations($, orderBy: { field: LAST_NAME }) } }',
    node: 'registrationId',
  },
  {
    field: 'Query.events',
    reads: 'findEvents',
    query: 'events($, filter: { status: ACTIVE }, orderBy: { field: NAME })',
    node: 'eventId',
    first: 1,
  },
  {
    field: 'Query.bulkActivities',
    reads: 'getActivityStatusCollection',
    query: 'bulkActivities($, filter: { state: COMPLETED })',
    node: 'activityId',
    first: 1,
  },
  {
    field: 'Query.contactLists',
    reads: 'getLists',
    query: 'contactLists($)',
    node: 'listId',
    position: ({ sandbox }) => cursorOf(`limit=1000&next=${second(sandbox.account().lists).list_id}&at=1`),
  },
  {
    field: 'Query.contactLists',
    reads: 'getLists',
    query: 'contactLists($, filter: { status: ALL })',
    node: 'listId',
    position: ({ sandbox }) =>
      cursorOf(`status=all&limit=1000&next=${second(sandbox.account().lists).list_id}&at=1`),
  },
  {
    field: 'Query.emailCampaigns',
    reads: 'retrieveEmailCampaignsUsingGET',
    query: 'emailCampaigns($, filter: { updatedAfter: "2012-03-04T05:06:07Z" })',
    node: 'campaignId',
  },
  {
    field: 'Query.customFields',
    reads: 'getCustomFields',
    query: 'customFields($)',
    node: 'customFieldId',
    position: ({ sandbox }) =>
      cursorOf(`limit=100&next=${second(sandbox.account().customFields).custom_field_id}&at=1`),
  },
  {
    field: 'Query.tags',
    reads: 'getTags',
    query: 'tags($)',
    node: 'tagId',
    position: ({ sandbox }) => cursorOf(`limit=500&next=${second(sandbox.account().tags).tag_id}&at=1`),
  },
  {
    field: 'Query.segments',
    reads: 'getAccountSegments',
    query: 'segments($, sortBy: NAME)',
    node: 'segmentId',
    position: ({ sandbox }) =>
      cursorOf(`limit=1000&sort_by=name&next=${String(second(sandbox.account().segments).segment_id)}&at=1`),
  },
  { field: 'Query.automations', reads: null, query: 'automations($)', node: 'automationFlowId' },
  {
    field: 'Query.emailCampaignSummaries',
    reads: 'getAllBulkEmailCampaignSummaries',
    query: 'emailCampaignSummaries($)',
    node: 'campaignId',
  },
  {
    field: 'Query.partnerAccounts',
    reads: 'getPartnerSiteOwners',
    query: 'partnerAccounts($)',
    node: 'encodedAccountId',
    position: () => 'offset=1&limit=50',
  },
  {
    field: 'Query.smsCampaignSummaries',
    reads: 'getAllBulkSmsCampaignSummaries',
    query: 'smsCampaignSummaries(startAt: "2015-01-01T00:00:00Z", $)',
    node: 'campaignId',
    first: 1,
  },
  {
    field: 'Query.socialHashtagGroups',
    reads: 'getSocialHashtagGroupsUsingGET',
    query: 'socialHashtagGroups($)',
    node: 'hashtagGroupId',
    first: 1,
  },
];

const schema = buildSchema();
let app: TestApp;
let ids: Record<string, unknown>;
let otherList: string;

beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 600 } });
  const account = app.sandbox.account();
  const { data } = await app.query('mutation { exportContacts(input: {}) { bulkActivity { activityId } } }');
  await app.query('mutation { exportContacts(input: {}) { bulkActivity { activityId } } }');
  const id = data.exportContacts.bulkActivity.activityId as string;
  let file: { fileExportId: string } | null = null;
  while (file === null) {
    const answer = await app.query('query ($id: ID!) { bulkActivity(id: $id) { export { fileExportId } } }', {
      variables: { id },
    });
    file = answer.data.bulkActivity.export;
  }
  ids = { ...recordIds(app), fileExportId: file.fileExportId, campaignActivityId: await busiest() };
  otherList = [...account.lists].find((row) => row.list_id !== ids['listId'])?.list_id ?? '';
});
afterAll(() => app.close());

/** The email with the most rows in the reports that have some. */
async function busiest(): Promise<string> {
  let most = { rows: -1, id: '' };
  for (const { campaign_activity_id: id, status } of app.sandbox.account().campaignActivities) {
    if (status !== 'DONE') continue;
    const { data } = await app.query(
      `{ emailCampaignActivity(id: "${id}") { clicks { nodes { contactId } } bounces { nodes { contactId } } links { clicks { nodes { contactId } } } } }`,
    );
    const { clicks, bounces, links } = data.emailCampaignActivity;
    const rows = Math.min(
      clicks?.nodes.length ?? 0,
      5 * (bounces?.nodes.length ?? 0),
      2 * (links?.[0]?.clicks?.nodes.length ?? 0),
    );
    if (rows > most.rows) most = { rows, id };
  }
  return most.id;
}

const documentOf = ({ query, node }: Connection) => {
  const call = query
    .replace(/"\$(\w+)"/g, (_, name: string) => JSON.stringify(ids[name]))
    .replace('$', 'first: $first, after: $after');
  const selection = `{ nodes { ${node} } pageInfo { hasNextPage endCursor } }`;
  const at = call.includes('first: $first')
    ? call.indexOf(')', call.indexOf('after: $after')) + 1
    : call.length;
  return `query ($first: Int, $after: String) { ${call.slice(0, at)} ${selection} ${call.slice(at)} }`;
};

interface Page {
  nodes: unknown[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

function pageIn(value: any): Page | null {
  if (typeof value !== 'object' || value === null) return null;
  if ('pageInfo' in value) return value as Page;
  for (const below of Object.values(value)) {
    const page = pageIn(below);
    if (page) return page;
  }
  return null;
}

const isSlice = (whole: readonly string[], part: readonly string[]) =>
  part.length === 0 || whole.some((_, at) => part.every((row, index) => whole[at + index] === row));

describe('a modified cursor', () => {
  it('is tested on every connection of the schema', () => {
    const all = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type)
        ? Object.values(type.getFields())
            .filter(({ args }) => args.some(({ name }) => name === 'after'))
            .map(({ name }) => `${type.name}.${name}`)
        : [],
    );
    expect([...new Set(CONNECTIONS.map(({ field }) => field))].sort()).toEqual(all.sort());
  });

  it.each(CONNECTIONS)('returns the same rows or none, within its query cost: $query', async (connection) => {
    const { reads, first = 7 } = connection;
    const document = documentOf(connection);
    const ast = parse(document);
    const ask = (variables: Record<string, unknown>): Promise<Answer> => app.query(document, { variables });
    const rowsOf = (page: Page) => page.nodes.map((node) => JSON.stringify(node));

    const everything = pageIn((await ask({ first: 1_000 })).data) as Page;
    const whole = rowsOf(everything);
    const given =
      whole.length > 1 ? pageIn((await ask({ first: Math.min(first, whole.length - 1) })).data) : null;
    // Reports without a second row have no cursor: one is made as it would be.
    const path =
      reads &&
      Object.fromEntries(operations[reads].pathParams.map((name) => [name, ids['campaignActivityId']]));
    const scope0 = scopeOf(reads, path, {});
    let honest: Parts = given
      ? partsOf(given.pageInfo.endCursor ?? '')
      : [1, scope0, cursorOf('limit=1&next=abc&at=1'), 1, 0];
    const made = connection.position?.(app);
    if (made !== undefined) honest = [honest[0], honest[1], made, honest[3], 0];
    const cursors = new Map<string, unknown>();
    for (const parts of forgedParts(honest)) cursors.set(encode(parts), parts);
    const [version, scope, position, limit, index] = honest;
    if (reads !== null && position !== null) {
      // The same code checks all of them: most where most is to be had.
      const step = reads === 'getContacts' || reads === 'findEvents' ? 2 : 6;
      let at = CONNECTIONS.indexOf(connection);
      for (const forged of forgedPositions(reads, position, [otherList])) {
        at += 1;
        if (at % step === 0)
          cursors.set(encode([version, scope, forged, limit, index] satisfies Parts), forged);
      }
    }
    // The position of another collection under this one's scope.
    for (const foreign of [
      cursorOf('limit=50&next=1'),
      'offset=50&limit=50',
      'page=1&limit=5',
      'next=abc',
      'cursor=abc',
      '10',
    ])
      cursors.set(encode([version, scope, foreign, limit, index] satisfies Parts), foreign);

    const going = pageIn((await ask({ first: 5, after: encode(honest) })).data) as Page;
    expect(isSlice(whole, rowsOf(going)), JSON.stringify(honest)).toBe(true);
    if (given) expect(going.nodes.length).toBeGreaterThan(0);

    const wrong: unknown[] = [];
    for (const [after, what] of cursors) {
      const variables = { first: 5, after };
      app.resetCalls();
      const { data, errors } = await ask(variables);
      const calls = app.calls().length;
      const page = pageIn(data);
      const price = queryCostOf({ schema, document: ast, variableValues: variables }).total;
      if (calls > price) wrong.push([what, 'calls', calls, 'price', price]);
      if (page && !isSlice(whole, rowsOf(page))) wrong.push([what, 'rows', rowsOf(page).slice(0, 2)]);
      if (
        !page &&
        !errors?.every(
          ({ extensions }) =>
            extensions.code === 'BAD_USER_INPUT' || extensions.code === 'QUERY_TOO_EXPENSIVE',
        )
      )
        wrong.push([what, errors?.map(({ message, extensions }) => [message, extensions.code])]);
    }
    expect(wrong.slice(0, 10)).toEqual([]);
  });

  it('is told apart from a cursor of another process, which continues with another page size', async () => {
    const document = documentOf(CONNECTIONS[0] as Connection);
    const given = pageIn((await app.query(document, { variables: { first: 50 } })).data) as Page;
    const whole = pageIn((await app.query(document, { variables: { first: 1_000 } })).data) as Page;
    const other = startFacade(app.sandbox.url);
    const { data } = await other.query({
      query: document,
      variables: { first: 20, after: given.pageInfo.endCursor },
    });
    await other.close();
    expect(pageIn(data)?.nodes).toEqual(whole.nodes.slice(50, 70));
  });
});
