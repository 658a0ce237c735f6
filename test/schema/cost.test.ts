import {
  getNamedType,
  isLeafType,
  parse,
  print,
  type FieldNode,
  type GraphQLObjectType,
  type OperationDefinitionNode,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMappings } from '../../scripts/actions/actions.js';
import type { OperationId } from '../../src/constant-contact/contract/operations.js';
import { contactLists } from '../../src/loaders/contact-list.js';
import { contacts } from '../../src/loaders/contact.js';
import { customFields } from '../../src/loaders/custom-field.js';
import { emailCampaigns } from '../../src/loaders/email-campaign.js';
import { eventListings } from '../../src/loaders/event.js';
import { partnerAccounts } from '../../src/loaders/partner.js';
import { segments } from '../../src/loaders/segment.js';
import { tags } from '../../src/loaders/tag.js';
import { MOST_POLLS } from '../../src/schema/cost.js';
import { encodeGlobalId } from '../../src/resolvers/support/global-id.js';
import { buildSchema } from '../../src/schema/index.js';
import { linksOf, listOfLink } from '../../src/sandbox/model/email-link.js';
import { queryCostOf } from '../../src/server/query-cost.js';
import { startApp, type TestApp } from '../support/app.js';
import { openEvents } from '../support/events.js';
import { LARGEST_ACCOUNT } from '../support/largest-account.js';
import { recordIds, variablesFor } from '../support/example-variables.js';
import { operationExample } from '../support/operation-example.js';
import {
  along,
  call,
  costAt,
  costed,
  included,
  isConnection,
  objectsAt,
  pathOf,
  pathsFrom,
  typesBelow,
  type Costed,
  type Field,
  type Path,
  type Values,
} from './cost-operations.js';
import { usualSizes, type Length } from '../../src/schema/collection-cost.js';
import { callsSaid } from './cost-sentence.js';

const schema = buildSchema();
const query = schema.getQueryType() as GraphQLObjectType;
const mutationFields = schema.getMutationType()?.getFields() ?? {};
/** `_entities` is federation's own field, whose description states no cost: test/server/query-cost.test.ts measures it. */
const fields = costed(schema).filter(({ field }) => !field.name.startsWith('_'));

/** Sizes that prices are computed for. */
const MOST = new Map<string, number>(
  [contactLists, contacts, customFields, emailCampaigns, eventListings, partnerAccounts, segments, tags].map(
    ({ cost }) => [cost.rows, cost.most],
  ),
);
const mostOf = (collection: string) => MOST.get(collection) ?? Infinity;

/** Rows of a connection that is measured, more than most pages have. */
const MANY = 120;

/** A mutation with the arguments of its example. */
interface Mutation {
  /** The operation whose example it is, for the records that its variables name. */
  id: OperationId;
  call: string;
  definitions: string;
  variables: Values;
}

const MUTATIONS = new Map<string, Mutation>([
  [
    'upsertContact',
    {
      id: 'createContact',
      call: 'upsertContact(input: { emailAddress: { address: "new.here@example.com" } })',
      definitions: '',
      variables: {},
    },
  ],
  [
    'createEvent',
    {
      id: 'addDefaultEvent',
      call: 'createEvent(input: { name: "Swap", startsAt: "2030-04-06T14:00:00Z", endsAt: "2030-04-06T17:00:00Z", description: "Seeds" })',
      definitions: '',
      variables: {},
    },
  ],
  [
    'sendEmailCampaign',
    {
      id: 'createEmailCampaignUsingPOST',
      call: `sendEmailCampaign(input: {
        name: $name, subject: "Open again", sender: { name: "Books", email: "news@harborlight.example" }
        htmlContent: "<html><body>[[trackingImage]]</body></html>", recipients: { listIds: [$listId] }
        testAddresses: ["proof@harborlight.example"], when: { at: "2039-05-06T08:00:00Z" }
      })`,
      definitions: '$name: String!, $listId: ID!',
      variables: { name: 'Reading room', listId: '' },
    },
  ],
  [
    'sendEmailCampaignActivityNow',
    {
      id: 'scheduleEmailCampaignActivityUsingPOST',
      call: 'sendEmailCampaignActivityNow(input: { activityId: $campaignActivityId })',
      definitions: '$campaignActivityId: ID!',
      variables: { campaignActivityId: '' },
    },
  ],
]);
for (const { operationId, field } of readMappings()) {
  const [, name] = /^Mutation\.(\w+)$/.exec(field) ?? [];
  if (name === undefined || MUTATIONS.has(name)) continue;
  const { query, variables } = operationExample(operationId);
  const operation = parse(query).definitions[0] as OperationDefinitionNode;
  const node = operation.selectionSet.selections[0] as FieldNode;
  MUTATIONS.set(name, {
    id: operationId,
    call: print({ ...node, selectionSet: undefined }),
    definitions: (operation.variableDefinitions ?? []).map((one) => print(one)).join(', '),
    variables,
  });
}

/** Queries for fields whose cost does not show on the usual paths to their objects. */
interface Special {
  path?: string;
  /** Additional selection, where the usual one would include what the field reads. */
  beside?: string;
  values?: () => Promise<Values>;
}

const SUMMARY: Special = { path: 'automation', beside: 'nameExplicitlySet' };
const SPECIAL: Readonly<Record<string, Special>> = {
  'AutomationComparison.customField': {
    path: 'automations.nodes.activeDefinition.trigger.filter.right.comparison',
  },
  ...Object.fromEntries(
    [
      'activeState',
      'draftState',
      'templateId',
      'createdAt',
      'createdById',
      'updatedAt',
      'promotedAt',
      'promotedById',
    ].map((name) => [`Automation.${name}`, SUMMARY]),
  ),
  'NonOpenerResend.activity': {
    path: 'emailCampaignActivity.nonOpenerResends',
    values: async () => {
      const ids = await variablesFor('retrieveResendToNonOpenersUsingGET', { campaignActivityId: '' }, app);
      return { ...values, 'emailCampaignActivity.id': ids['campaignActivityId'] };
    },
  },
  // `opens` may name a contact several times.
  'EmailOpenActivity.contact': { path: 'emailCampaignActivity.uniqueOpens.nodes' },
  ...Object.fromEntries(
    ['Forward', 'Optout', 'Bounce'].flatMap((kind) => {
      const report = `${kind.toLowerCase()}s`;
      const special = { path: `emailCampaignActivity.${report}.nodes`, values: () => emailWith(report) };
      return ['contact', 'activity'].map((name) => [`Email${kind}Activity.${name}`, special]);
    }),
  ),
  'ContactConnection.totalCount': { path: 'contacts', values: () => afterFirst('contacts') },
  // A file that another field has not read yet: once read, it is kept.
  'Query.contactExport': {
    values: async () => ({
      ...values,
      ...(await variablesFor('getContactsExport', { fileExportId: '' }, app)),
    }),
  },
};

/** Fields of objects that are read by one call on every way from a query; a mutation gives them without. */
const AFTER_MUTATIONS: ReadonlySet<string> = new Set([
  'ContactList.membershipCount',
  'ContactList.activeMembershipCount',
  'Tag.contactsCount',
  'PartnerWebhookSubscription.topicName',
  'PartnerWebhookSubscription.topicDescription',
]);

/** Fields that cost a call in cases that no example has. */
const NOT_SHOWN: Readonly<Record<string, string>> = {
  'ContactListConnection.totalCount': 'one page of the API has all lists that an account may have',
  'UpdateEmailCampaignActivityPayload.activity': 'the API answers with all of the activity',
};

let app: TestApp;
let values: Values;
let queryPaths: ReadonlyMap<string, readonly Path[]>;
let mutationPaths: ReadonlyMap<string, readonly Path[]>;

beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 120, campaigns: 80, activitySeconds: 0 } });
  const ids = recordIds(app);
  const exported = await variablesFor('getContactsExport', { fileExportId: '' }, app);
  const { activityId } = await variablesFor('getActivity', { activityId: '' }, app);
  values = {
    ...ids,
    ...exported,
    'contact.id': ids['contactId'],
    'contactByEmail.email': [...app.sandbox.account().contacts][0]?.email?.address,
    'contactList.id': ids['listId'],
    'tag.id': ids['tagId'],
    'segment.id': ids['segmentId'],
    'customField.id': ids['customFieldId'],
    'emailCampaign.id': ids['campaignId'],
    'emailCampaignActivity.id': withListLink(),
    'landingPageReport.campaignActivityId': ids['landingPageId'],
    'accountEmail.id': '1',
    'links.includeUnclicked': true,
    'event.id': ids['eventId'],
    'automation.id': ids['automationFlowId'],
    'socialProfile.id': ids['profileId'],
    'partnerAccount.id': ids['accountId'],
    'bulkActivity.id': activityId,
    'bulkActivityProgress.id': activityId,
    'emailCampaignStatus.id': [...app.sandbox.account().campaigns].find(({ status }) => status === 'DRAFT')
      ?.campaign_id,
    'node.id': encodeGlobalId('Contact', String(ids['contactId'])),
    'nodes.ids': [encodeGlobalId('Contact', String(ids['contactId']))],
    'emailCampaignsByIds.ids': [ids['campaignId'], withSegment()],
    'contactXrefs.v2Ids': ['2000000007', '2000000014'],
    'emailCampaignXrefs.v2Ids': ['1110000003', '1110000014'],
    'contactListXrefs.v2Ids': [...app.sandbox.account().lists].slice(0, 2).map((list) => list.sequence_id),
    since: '2020-01-01T00:00:00Z',
    start: '2024-01-01T00:00:00Z',
    end: '2026-01-01T00:00:00Z',
    startAt: '2020-01-01T00:00:00Z',
    endAt: '2031-01-01T00:00:00Z',
    ...Object.fromEntries([...MUTATIONS].map(([name, { call: text }]) => [`Mutation.${name}`, text])),
  };
  queryPaths = pathsFrom(query, values);
  mutationPaths = pathsFrom(schema.getMutationType() as GraphQLObjectType, values);
});
afterAll(() => app.close());

/** Response, number of REST calls and query cost of an operation. */
interface Measured {
  data: unknown;
  calls: number;
  price: number;
}

const measured = new Map<string, Promise<Measured>>();

/** Each operation is measured once: a mutation on the records of a new sandbox. */
function measure(body: string, mutation: Mutation | undefined): Promise<Measured> {
  const known = measured.get(body) ?? (mutation ? measureMutation(mutation, body) : run(`{ ${body} }`));
  measured.set(body, known);
  return known;
}

async function measureMutation({ id, definitions, variables }: Mutation, body: string): Promise<Measured> {
  const document = `mutation ${definitions && `(${definitions})`} { ${body} }`;
  app.sandbox.reset();
  return run(document, await variablesFor(id, variables, app));
}

async function run(document: string, variables: Values = {}): Promise<Measured> {
  app.resetCalls();
  const { data, errors } = await app.query(document, { variables });
  if (errors) throw new Error(`${document}\n${JSON.stringify(errors).slice(0, 500)}`);
  const { total: price } = queryCostOf({
    schema,
    document: parse(document),
    variableValues: variables,
    known: LARGEST_ACCOUNT,
  });
  return { data, calls: app.calls().length, price };
}

/** A cursor behind the first rows, where counting is no part of reading the page. */
async function afterFirst(field: string): Promise<Values> {
  const { data } = await run(`{ ${field}(first: 3) { pageInfo { endCursor } } }`);
  const [page] = objectsAt(data, [field, 'pageInfo']);
  return { ...values, [`${field}.after`]: page?.['endCursor'] };
}

/** An email that has rows in a report of which few emails have any. */
async function emailWith(report: string): Promise<Values> {
  const sent = [...app.sandbox.account().campaignActivities].filter(
    ({ status, role }) => status === 'DONE' && role === 'primary_email',
  );
  const emails = sent.map(
    ({ campaign_activity_id: id }, index) =>
      `e${String(index)}: emailCampaignActivity(id: "${id}") { campaignActivityId stats { ${report} } }`,
  );
  const { data } = await run(`{ ${emails.join(' ')} }`);
  const found = objectsAt(Object.values(data as object), []).find(({ stats }) =>
    objectsAt(stats, []).some((counts) => Number(counts[report]) > 0),
  );
  return { ...values, 'emailCampaignActivity.id': found?.['campaignActivityId'] };
}

/** A sent email with a link that puts those who click it on a list. */
function withListLink(): string | undefined {
  const account = app.sandbox.account();
  return [...account.campaignActivities].find(
    (row) =>
      row.status === 'DONE' &&
      row.role === 'primary_email' &&
      linksOf(row).some((link) => listOfLink(account, link) !== null),
  )?.campaign_activity_id;
}

/** A campaign whose email goes to a segment. */
function withSegment(): string | undefined {
  return [...app.sandbox.account().campaignActivities].find(({ segment_ids }) => segment_ids.length > 0)
    ?.campaign_id;
}

/** Rows of the collections of the account. */
function sizeOf(collection: string): number {
  const account = app.sandbox.account();
  const rows: Record<string, Iterable<unknown>> = {
    contacts: account.contacts,
    tags: account.tags,
    events: account.events,
    'email campaigns': account.campaigns,
    'client accounts': account.partnerAccounts,
  };
  return [...(rows[collection] ?? [])].length;
}

const isRoot = ({ name }: { name: string }) => /^(Query|Mutation|Subscription)$/.test(name);
const isPayload = (type: { name: string }) => type.name.endsWith('Payload');
const PROBLEMS = 'userErrors { message }';

/** The price of the field for so many objects, with all below it selected. */
function priceAt(field: Field, objects: number, args: Values): number {
  const below = getNamedType(field.type);
  const parts = isLeafType(below) ? '' : included(below);
  const asked = {
    args: { since: new Date(), ...args },
    // Only a first page includes the count.
    parentArgs: { after: '' },
    objects,
    perList: objects,
    sizes: { ...usualSizes(LARGEST_ACCOUNT), lengthOf: ({ most }: Length) => most },
    only: () => false,
    selects: () => true,
    has: (names: readonly string[]) => names.some((name) => parts.split(/\W+/).includes(name)),
    fieldsOf: () => [],
  };
  return (costAt(field)?.parts ?? []).reduce((sum, { calls }) => sum + calls(objects, asked), 0);
}

function selected(field: Field, given: Values): string {
  const below = getNamedType(field.type);
  const parts = isPayload(below) ? PROBLEMS : included(below);
  return call(field, given, MANY) + (isLeafType(below) ? '' : ` { ${parts} }`);
}

/** Calls, query cost and stated cost that the field adds on one path to its objects. */
async function addedOn(path: Path, { type, field, at }: Costed, given: Values) {
  const ofRoot = path.length === 0;
  const [first = field] = path;
  const isMutation = ofRoot ? type.name === 'Mutation' : first === mutationFields[first.name];
  const mutation = isMutation ? MUTATIONS.get(first.name) : undefined;
  const parts = ofRoot ? '' : isPayload(type) ? PROBLEMS : (SPECIAL[at]?.beside ?? included(type));
  const without = ofRoot ? { calls: 0 } : await measure(along(path, parts, given), mutation);
  const whole = await measure(along(path, `${parts} ${selected(field, given)}`, given), mutation);
  const objects = ofRoot
    ? [whole.data]
    : objectsAt(
        whole.data,
        path.map(({ name }) => name),
      );
  const rows = objectsAt(objects, [field.name]).map(
    ({ nodes }) => (nodes as unknown[] | undefined)?.length ?? 0,
  );
  const said = callsSaid(field.description ?? '', {
    objects: objects.length,
    rows: isConnection(getNamedType(field.type)) ? Math.max(0, ...rows) : null,
    items: 1,
    polls: MOST_POLLS,
    sizeOf,
  });
  return {
    objects: objects.length,
    calls: whole.calls - without.calls,
    price: priceAt(field, objects.length, { first: MANY, id: given['node.id'], ids: given['nodes.ids'] }),
    isWithinPrice: whole.calls <= whole.price,
    said,
  };
}

async function expectTrue(one: Costed, paths: readonly Path[]): Promise<void> {
  const given = (await SPECIAL[one.at]?.values?.()) ?? values;
  const costs = (costAt(one.field)?.parts.length ?? 0) > 0;
  let most = 0;
  let objects = 0;
  for (const path of paths) {
    const added = await addedOn(path, one, given);
    const way = `${path.map(({ name }) => name).join('.')}: ${JSON.stringify(added)}`;
    expect(added.isWithinPrice, way).toBe(true);
    expect(added.calls, way).toBeLessThanOrEqual(added.price);
    expect(added.calls, way).toBeLessThanOrEqual(added.said);
    objects += added.objects;
    most = Math.max(most, added.calls);
    if (added.objects > 0 && (added.calls > 0 || !costs)) break;
  }
  expect(objects, 'objects reached').toBeGreaterThan(0);
  expect(most > 0, 'makes calls').toBe(costs && !(one.at in NOT_SHOWN));
}

describe('the query cost and the cost sentence of a field', () => {
  /** Arguments with which all parts of a cost are due. */
  const account = encodeGlobalId('PartnerAccount', 'a1');
  const ALL = {
    id: account,
    ids: [account],
    first: 1_200,
    filter: { segmentId: '1' },
    urlId: '1',
    bounceCodes: [],
  };

  it.each(fields)('$at: are equal', ({ type, field }) => {
    const rows = isConnection(getNamedType(field.type)) ? ALL.first : null;
    for (const objects of isRoot(type) ? [1] : [1, 8, 80]) {
      const price = priceAt(field, objects, ALL);
      const said = callsSaid(field.description ?? '', {
        objects,
        rows,
        items: 1,
        polls: MOST_POLLS,
        sizeOf: mostOf,
      });
      expect(price).toBeLessThanOrEqual(said);
      expect(said).toBeLessThanOrEqual(2 * price);
    }
  });
});

describe('the REST calls of a field are within its query cost and its cost sentence', () => {
  const read = new Set([...typesBelow(query), 'Subscription']);
  const isAfterMutation = ({ type, at }: Costed) => AFTER_MUTATIONS.has(at) || !read.has(type.name);

  it.each(fields.filter((one) => one.type.name !== 'Subscription' && !isAfterMutation(one)))(
    '$at',
    async (one) => {
      const special = SPECIAL[one.at]?.path;
      const paths = special
        ? [pathOf(query, special)]
        : one.type === query
          ? [[]]
          : queryPaths.get(one.type.name);
      await expectTrue(one, paths ?? []);
    },
  );

  it.each(fields.filter(({ type }) => type.name === 'Subscription'))('$at', async ({ field }) => {
    app.resetCalls();
    const events = await openEvents(app, `subscription { ${selected(field, values)} }`);
    expect(await events.next()).not.toBeNull();
    await events.leave();
    expect(app.calls()).toHaveLength(1);
  });

  it.each(fields.filter(isAfterMutation))('$at', async (one) => {
    const paths = one.type.name === 'Mutation' ? [[]] : mutationPaths.get(one.type.name);
    await expectTrue(one, paths ?? []);
  });
});
