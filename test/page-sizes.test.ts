import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bearerCredentials, partnerCredentials } from '../src/constant-contact/auth/credentials.js';
import {
  createConstantContact,
  type ConstantContact,
  type RefusedPageSize,
} from '../src/constant-contact/client.js';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { createSandbox, type Sandbox } from '../src/sandbox/index.js';
import type { ListRow } from '../src/sandbox/stores/audience.js';
import { buildSchema } from '../src/schema/index.js';
import { createApp } from '../src/server/app.js';
import { silentLogger } from '../src/server/logger.js';
import { credentialSource } from '../src/server/plugins/credentials.js';
import { recordIds } from './support/example-variables.js';
import { ORDINARY_QUERIES } from './support/ordinary-queries.js';
import { overSocket } from './support/socket.js';

const MANY_LISTS = 620;
const schema = buildSchema();
/** Queries that read lists or segments as a collection. */
const SHAPES = Object.values(ORDINARY_QUERIES)
  .flat()
  .filter((query) => /lists \{|contactLists|list \{|segments?[ ({]/.test(query));

let sandbox: Sandbox;
let variables: Record<string, unknown>;
let open: { client: ConstantContact; close(): Promise<void> }[] = [];

interface Process {
  ask(query: string, more?: Record<string, unknown>): Promise<any>;
  warnings: RefusedPageSize[];
}

/** A facade that has not seen any page yet. */
function startProcess(token = sandbox.token): Process {
  const warnings: RefusedPageSize[] = [];
  const client = createConstantContact({
    baseUrl: sandbox.url,
    requestsPerSecond: 0,
    requestsPerDay: 0,
    referenceCacheSeconds: 0,
    onPageSizeRefused: (refused) => warnings.push(refused),
  });
  const app = overSocket(
    createApp({
      schema,
      client,
      credentials: credentialSource(
        bearerCredentials('sandbox', token),
        partnerCredentials('sandbox', sandbox.token),
      ),
      apiHost: new URL(sandbox.url).host,
      logger: silentLogger(),
    }),
  );
  open.push({ client, close: () => app.close() });
  return {
    warnings,
    ask: async (query, more) => {
      const response = await app.fetch('http://facade.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables: { ...variables, ...more } }),
      });
      return response.json();
    },
  };
}

const refusal = (message: string) => ({
  kind: 'status' as const,
  status: 400,
  body: [{ error_key: 'contacts.api.validation.error', error_message: message }],
});

/** From now on the API takes 500 rows at most. */
function refuseLargePages(): void {
  for (const operationId of ['getLists', 'getAccountSegments'] as const) {
    sandbox.faults.script({
      operationId,
      query: { limit: '1000' },
      times: Infinity,
      fault: refusal('limit must be between 1 and 500'),
    });
  }
}

/** Sizes of the pages of lists that were asked for, oldest first. */
const sizes = () =>
  sandbox.journal.entries
    .filter(({ operationId }) => operationId === 'getLists')
    .map(({ query }) => new URLSearchParams(query))
    .map((query) =>
      Number(
        query.get('limit') ??
          new URLSearchParams(Buffer.from(query.get('cursor') ?? '', 'base64').toString()).get('limit'),
      ),
    );

beforeAll(async () => {
  sandbox = await createSandbox({ contacts: 200, requestsPerSecond: 0, requestsPerDay: 0 });
  const ids = recordIds({ sandbox } as never);
  const contacts = [...sandbox.account().contacts];
  variables = {
    ...ids,
    start: new Date(Date.now() - 180 * 86_400_000).toISOString(),
    end: new Date().toISOString(),
    hourAgo: new Date(Date.now() - 3_600_000).toISOString(),
    email: contacts.find((row) => row.email)?.email?.address,
    contactNode: encodeGlobalId('Contact', ids['contactId'] as string),
    contactNodes: (ids['contactIds'] as string[]).map((id) => encodeGlobalId('Contact', id)),
  };
});

beforeEach(() => {
  sandbox.journal.clear();
});

afterEach(async () => {
  sandbox.faults.clear();
  for (const { client, close } of open) {
    await close();
    await client.close();
  }
  open = [];
  expect(sandbox.violations).toEqual([]);
});

afterAll(() => sandbox.close());

it.each(SHAPES)('succeeds although the API rejects pages of 1,000: %s', async (query) => {
  // The sandbox has to work out the members of a segment first.
  await startProcess().ask(query);
  sandbox.journal.clear();
  const plain = await startProcess().ask(query);
  expect(plain.errors).toBeUndefined();
  const reads = sandbox.journal.count();
  sandbox.journal.clear();

  refuseLargePages();
  const { ask, warnings } = startProcess();
  const first = await ask(query);
  expect(first.errors).toBeUndefined();
  expect(first.data).toEqual(plain.data);
  const refused = sandbox.journal.entries.filter(({ status }) => status === 400);
  expect(refused).toHaveLength(warnings.length);
  expect(sandbox.journal.count()).toBe(reads + refused.length);

  sandbox.journal.clear();
  expect((await ask(query)).data).toEqual(plain.data);
  expect(sandbox.journal.count()).toBe(reads);
  expect(sandbox.journal.entries.filter(({ status }) => status === 400)).toEqual([]);
});

it.each([
  [
    'a sent campaign',
    `mutation ($to: ID!, $from: String!) { sendEmailCampaign(input: {
      name: "Pages", subject: "Hello", htmlContent: "<html><body>[[trackingImage]] Hello</body></html>", when: { now: true },
      sender: { name: "Me", email: $from, replyTo: $from }, recipients: { listIds: [$to] } }) {
      activity { recipients { lists { name } } } userErrors { code field message } } }`,
    (data: any) => data.sendEmailCampaign.activity.recipients.lists,
  ],
  [
    'an updated contact',
    `mutation ($id: ID!, $to: ID!) { updateContact(input: { id: $id, listIds: [$to] }) { contact { lists { name } } userErrors { code } } }`,
    (data: any) => data.updateContact.contact.lists,
  ],
  [
    'a created contact',
    `mutation ($to: ID!) { createContact(input: { firstName: "New", listIds: [$to] }) { contact { lists { name } } userErrors { code } } }`,
    (data: any) => data.createContact.contact.lists,
  ],
])('resolves the lists of %s as well', async (_what, mutation, listsOf) => {
  refuseLargePages();
  const account = sandbox.account();
  const list = account.lists.find((row) => row.list_id === variables['listId']);
  const contact = account.contacts.find(
    (row) => row.deleted_at === null && row.email?.permission_to_send === 'implicit',
  );
  const { data, errors } = await startProcess().ask(mutation, {
    to: list?.list_id,
    id: contact?.contact_id,
    from: account.emails.find((row) => row.confirm_status === 'CONFIRMED')?.email_address,
  });
  expect(errors).toBeUndefined();
  expect(listsOf(data)).toEqual([{ name: list?.name }]);
  expect(sizes().slice(0, 2)).toEqual([1_000, 500]);
});

it('remembers the smaller size for all credentials, and reports it once', async () => {
  refuseLargePages();
  const { ask, warnings } = startProcess();
  await Promise.all(Array.from({ length: 3 }, () => ask('{ contactLists { nodes { name } } }')));
  await ask('{ contactLists(filter: { status: ALL }) { nodes { name } } }');
  expect(warnings).toEqual([{ operationId: 'getLists', refused: 1_000, accepted: 500 }]);
  expect(sizes().filter((size) => size === 1_000).length).toBeLessThanOrEqual(3);
  expect(sizes().at(-1)).toBe(500);
});

it.each([
  ['rejects the smaller page as well', refusal('name is not valid'), 2],
  ['answers with another error', { ...refusal(''), status: 403 }, 1],
])('passes on the error of the API when it %s', async (_what, fault, reads) => {
  sandbox.faults.script({ operationId: 'getLists', times: reads, fault });
  const { ask, warnings } = startProcess();
  const { data, errors } = await ask('{ contactLists { nodes { name } } }');
  expect(data.contactLists).toBeNull();
  expect(errors).toHaveLength(1);
  expect(errors[0].extensions.upstream.status).toBe(fault.status);
  expect(warnings).toEqual([]);
  sandbox.journal.clear();
  // Nothing was remembered.
  expect((await ask('{ contactLists { nodes { name } } }')).errors).toBeUndefined();
  expect(sizes()).toEqual([1_000]);
});

it('sends one request for a page size that every source allows', async () => {
  sandbox.faults.script({ operationId: 'getContacts', fault: refusal('limit is not valid') });
  const { errors } = await startProcess().ask('{ contacts(first: 500) { nodes { firstName } } }');
  expect(errors).toHaveLength(1);
  expect(sandbox.journal.operations()).toEqual(['getContacts']);
});

describe('with more lists than a smaller page holds', () => {
  const ALL = '{ contactLists(first: 1000) { totalCount nodes { listId } pageInfo { hasNextPage } } }';
  let added: ListRow[] = [];

  beforeAll(() => {
    const account = sandbox.account();
    const existing = account.lists.count((row) => row.deleted_at === null && row.channel === 'email');
    added = Array.from({ length: MANY_LISTS - existing }, (_, at) =>
      account.lists.add({
        list_id: account.ids.uuid('list'),
        sequence_id: null,
        name: `Further ${String(at)}`,
        description: null,
        favorite: false,
        channel: 'email',
        created_at: Date.now(),
        updated_at: Date.now(),
        deleted_at: null,
      }),
    );
  });

  it('reads them all, in two calls, and the query cost says so', async () => {
    const whole = (await startProcess().ask(ALL)).data.contactLists;
    expect(whole.nodes).toHaveLength(MANY_LISTS);
    refuseLargePages();
    const { ask } = startProcess();
    sandbox.journal.clear();
    expect((await ask(ALL)).data.contactLists).toEqual(whole);
    expect(sizes()).toEqual([1_000, 500, 500, 500]);
    sandbox.journal.clear();
    const again = await ask(ALL);
    expect(again.data.contactLists).toEqual(whole);
    expect(again.extensions.upstream.calls).toBe(2);
    expect(sizes()).toEqual([500, 500]);
  });

  it('returns a few of them for one call', async () => {
    refuseLargePages();
    const { ask } = startProcess();
    const FEW = '{ contactLists(first: 5) { nodes { name } } }';
    const first = await ask(FEW);
    expect(first.errors).toBeUndefined();
    sandbox.journal.clear();
    expect(await ask(FEW)).toMatchObject({ data: first.data, extensions: { upstream: { calls: 1 } } });
  });

  it('resolves lists on the second page', async () => {
    refuseLargePages();
    const [last] = added.slice(-1);
    const contact = [...sandbox.account().contacts].find((row) => row.deleted_at === null);
    contact?.list_memberships.push(last?.list_id ?? '');
    const { data, errors } = await startProcess().ask(
      'query ($contactId: ID!) { contact(id: $contactId) { lists { name } } }',
      { contactId: contact?.contact_id },
    );
    contact?.list_memberships.pop();
    expect(errors).toBeUndefined();
    expect(data.contact.lists).toContainEqual({ name: last?.name });
    expect(sizes()).toEqual([1_000, 500, 500]);
  });

  it('continues from cursors of larger pages', async () => {
    const PAGE = `query ($first: Int!, $after: String) {
      contactLists(first: $first, after: $after) { nodes { listId } pageInfo { endCursor hasNextPage } } }`;
    const before = startProcess();
    const all = (await before.ask(PAGE, { first: 1_000 })).data.contactLists.nodes;
    for (const first of [200, 560]) {
      sandbox.faults.clear();
      const start = (await before.ask(PAGE, { first })).data.contactLists;
      expect(start.nodes).toEqual(all.slice(0, first));
      refuseLargePages();
      const { ask } = startProcess();
      const { data, errors } = await ask(PAGE, { first: 1_000, after: start.pageInfo.endCursor });
      expect(errors).toBeUndefined();
      expect(data.contactLists.nodes).toEqual(all.slice(first));
      expect(data.contactLists.pageInfo.hasNextPage).toBe(false);
    }
  });

  it('continues from a cursor whose link has the larger page size', async () => {
    const account = sandbox.account();
    const deleted = Array.from({ length: 700 }, (_, at) =>
      account.lists.add({
        ...(added[0] as ListRow),
        list_id: account.ids.uuid('list'),
        name: `Gone ${String(at)}`,
        deleted_at: 1,
      }),
    );
    const PAGE = `query ($first: Int!, $after: String) { contactLists(first: $first, after: $after, filter: { status: ALL }) {
      nodes { listId } pageInfo { endCursor } } }`;
    const before = startProcess();
    const whole = account.lists.filter(({ channel }) => channel === 'email').map((row) => row.list_id);
    const start = (await before.ask(PAGE, { first: 1_000 })).data.contactLists;
    const cursor = Buffer.from(start.pageInfo.endCursor, 'base64url').toString();
    const [, , link] = JSON.parse(cursor) as [number, string, string];
    expect(link).toMatch(/^cursor=/);
    refuseLargePages();
    sandbox.faults.script({
      operationId: 'getLists',
      query: Object.fromEntries(new URLSearchParams(link)),
      times: Infinity,
      fault: refusal('limit must be between 1 and 500'),
    });
    const { ask, warnings } = startProcess();
    sandbox.journal.clear();
    const rest = await ask(PAGE, { first: 1_000, after: start.pageInfo.endCursor });
    for (const { list_id } of deleted) account.lists.remove(list_id);
    expect(rest.errors).toBeUndefined();
    expect(warnings).toHaveLength(1);
    expect(sizes().slice(0, 2)).toEqual([1_000, 500]);
    const read = [...start.nodes, ...rest.data.contactLists.nodes].map(({ listId }) => String(listId));
    expect(read.sort()).toEqual(whole.sort());
  });

  afterAll(() => {
    for (const row of added) row.deleted_at = Date.now();
  });
});
