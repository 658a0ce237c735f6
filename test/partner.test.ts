import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConstantContact } from '../src/constant-contact/api.js';
import { systemClock } from '../src/constant-contact/clock.js';
import { bearerCredentials } from '../src/constant-contact/credentials.js';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { buildSchema } from '../src/schema/index.js';
import { createApp } from '../src/server/app.js';
import { silentLogger } from '../src/server/logger.js';
import { credentialSource } from '../src/server/plugins/credentials.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

const SYNC = 'partnerAccountOperationsPostSync';

let app: TestApp;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 12);
  const clock = { now: () => now };
  app = await startApp({
    sandbox: { contacts: 20, clock },
    client: { clock: { ...systemClock, ...clock } },
  });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const rows = () => [...app.sandbox.account().partnerAccounts];
const paying = () =>
  rows().find((row) => row.plan_type === 'SILVER' && row.cancelled_at === null && row.managed)!;
const onTrial = () => rows().find((row) => row.plan_type === 'TRIAL' && row.cancelled_at === null)!;
/** The account inside a client account, once something was done there. */
const inside = (id: string) => {
  const found = rows().find((row) => row.encoded_account_id === id)!;
  expect(found.opened).toBe(true);
  return found;
};

async function run(document: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await app.query(document, { variables });
  expect(errors).toBeUndefined();
  return data;
}

describe('partnerAccounts', () => {
  it('gives client accounts, 50 a call', async () => {
    const { partnerAccounts } = await run(
      `{ partnerAccounts(first: 72) { pageInfo { hasNextPage } nodes {
        id encodedAccountId organizationName siteOwnerName subscriberCount billingStatus billingStatusRaw lastLoginAt
      } } }`,
    );
    expect(partnerAccounts.nodes).toHaveLength(72);
    expect(partnerAccounts.pageInfo.hasNextPage).toBe(false);
    expect(app.calls()).toEqual(['getPartnerSiteOwners', 'getPartnerSiteOwners']);
    const [row] = rows();
    expect(partnerAccounts.nodes[0]).toMatchObject({
      id: encodeGlobalId('PartnerAccount', row!.encoded_account_id),
      encodedAccountId: row!.encoded_account_id,
      organizationName: row!.organization_name,
      siteOwnerName: row!.site_owner_name,
      subscriberCount: row!.subscriber_count,
    });
    const statuses = new Set(partnerAccounts.nodes.map((node: any) => node.billingStatus));
    expect([...statuses].sort()).toEqual(['CANCELED', 'OPEN', 'TRIAL']);
  });

  it('pages by cursor, also with fewer rows than the API gives at once', async () => {
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const { partnerAccounts }: any = await run(
        `query ($after: String) { partnerAccounts(first: 7, after: $after) {
          nodes { encodedAccountId } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      ids.push(...partnerAccounts.nodes.map((node: any) => node.encodedAccountId));
      after = partnerAccounts.pageInfo.hasNextPage ? partnerAccounts.pageInfo.endCursor : null;
    } while (after !== null);
    expect(ids).toEqual(rows().map((row) => row.encoded_account_id));
  });

  it('filters, and keeps the filter on the next page', async () => {
    for (const [type, managed] of [
      ['MANAGED', true],
      ['UNMANAGED', false],
    ] as const) {
      const { partnerAccounts } = await run(
        `{ partnerAccounts(first: 100, filter: { accountType: ${type} }) { nodes { encodedAccountId } } }`,
      );
      expect(partnerAccounts.nodes.map((node: any) => node.encodedAccountId)).toEqual(
        rows()
          .filter((row) => row.managed === managed)
          .map((row) => row.encoded_account_id),
      );
    }
  });

  it('costs a call an account for plans', async () => {
    const { partnerAccounts } = await run(
      `{ partnerAccounts(first: 10) { nodes { plan {
        type typeRaw billingStatus billingStatusRaw billingDayOfMonth
        tiers { usageType currentUsage tier minimum maximum price currencyCode }
      } } } }`,
    );
    expect(app.calls()).toHaveLength(11);
    expect(partnerAccounts.nodes.map((node: any) => node.plan.type)).toEqual(
      rows()
        .slice(0, 10)
        .map((row) => row.plan_type),
    );
    const { plan } = partnerAccounts.nodes[0];
    expect(plan.tiers[0]).toMatchObject({ usageType: 'CONTACTS', currentUsage: rows()[0]!.subscriber_count });
  });
});

describe('partnerAccount', () => {
  it('reads the plan alone in one call, and the account with a scan', async () => {
    const { encoded_account_id: id, organization_name } = paying();
    const { partnerAccount } = await run(
      'query ($id: ID!) { partnerAccount(id: $id) { id encodedAccountId plan { type } } }',
      { id },
    );
    expect(partnerAccount).toEqual({
      id: encodeGlobalId('PartnerAccount', id),
      encodedAccountId: id,
      plan: { type: 'SILVER' },
    });
    expect(app.calls()).toEqual(['getPlan']);
    app.resetCalls();
    const data = await run(
      `query ($id: ID!, $r: [_Any!]!) {
        partnerAccount(id: $id) { organizationName plan { type } } node(id: $id) { ... on PartnerAccount { organizationName } }
        _entities(representations: $r) { ... on PartnerAccount { organizationName } } }`,
      {
        id: encodeGlobalId('PartnerAccount', id),
        r: [{ __typename: 'PartnerAccount', encodedAccountId: id }],
      },
    );
    expect(data).toEqual({
      partnerAccount: { organizationName: organization_name, plan: { type: 'SILVER' } },
      node: { organizationName: organization_name },
      _entities: [{ organizationName: organization_name }],
    });
    expect(app.calls().sort()).toEqual(['getPartnerSiteOwners', 'getPartnerSiteOwners', 'getPlan']);
  });

  it('is null when there is none', async () => {
    expect(
      await run(
        '{ a: partnerAccount(id: "anowhere") { plan { type } } b: partnerAccount(id: "anowhere") { id } }',
      ),
    ).toEqual({ a: null, b: null });
  });
});

describe('without credentials of a partner', () => {
  it('says which are missing, field by field, and makes no call', async () => {
    const client = createConstantContact({
      baseUrl: app.sandbox.url,
      requestsPerSecond: 0,
      requestsPerDay: 0,
    });
    const bare = createApp({
      schema: buildSchema(),
      client,
      credentials: credentialSource(bearerCredentials('token', app.sandbox.token)),
      apiHost: 'x',
      logger: silentLogger(),
    });
    const post = async (query: string) => {
      const response = await bare.fetch('http://facade.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as any;
    };
    try {
      const read = await post(
        '{ partnerAccounts { nodes { id } } contactLists(first: 1) { nodes { name } } }',
      );
      expect(read.data.partnerAccounts).toBeNull();
      expect(read.data.contactLists.nodes).toHaveLength(1);
      expect(read.errors).toHaveLength(1);
      expect(read.errors[0]).toMatchObject({
        path: ['partnerAccounts'],
        extensions: { code: 'FORBIDDEN', retryable: false },
      });
      expect(read.errors[0].message).toMatch(
        /CONSTANT_CONTACT_PARTNER_API_KEY.*CONSTANT_CONTACT_PARTNER_TOKEN/,
      );
      const write = await post(
        'mutation { cancelPartnerAccount(input: { accountId: "a07e1my9tbw0" }) { userErrors { code } } }',
      );
      expect(write.errors[0].extensions.code).toBe('FORBIDDEN');
      expect(app.calls()).toEqual(['getLists']);
    } finally {
      await bare.close();
      await client.close();
    }
  });
});

describe('createPartnerAccount', () => {
  const CREATE = `mutation ($input: CreatePartnerAccountInput!) { createPartnerAccount(input: $input) {
    encodedAccountId provisionUuid queued account { encodedAccountId organizationName billingStatus plan { type } }
    userErrors { code field message } } }`;
  const INPUT = {
    contactEmail: 'owner@example.com',
    loginName: 'meadow.sons',
    countryCode: 'us',
    stateCode: 'ma',
    password: 'correct-horse',
    firstName: 'Avery',
    lastName: 'Lindqvist',
    contactPhone: '555-0100',
    organizationName: 'Meadow & Sons',
    organizationPhone: '555-0101',
    website: 'https://meadow.example',
    timeZoneId: 'US/Eastern',
    partnerAccountId: '4711',
    billingLocale: 'EN_GB',
    managed: true,
    singleBilling: false,
    gdprOptOut: true,
  };
  const create = async (input: object) => (await run(CREATE, { input })).createPartnerAccount;

  it('makes an account on trial', async () => {
    const made = await create(INPUT);
    expect(made).toMatchObject({
      queued: false,
      userErrors: [],
      account: { organizationName: 'Meadow & Sons', billingStatus: 'TRIAL', plan: { type: 'TRIAL' } },
    });
    expect(made.account.encodedAccountId).toBe(made.encodedAccountId);
    expect(made.provisionUuid).toMatch(/^[\da-f-]{36}$/);
    expect(app.calls()[0]).toBe('provision');
  });

  it('takes a country without states', async () => {
    const { loginName, contactEmail } = INPUT;
    const { userErrors } = await create({ loginName, contactEmail, countryCode: 'DE' });
    expect(userErrors).toEqual([]);
  });

  it('tells that a busy API has queued it, and never sends it again', async () => {
    app.sandbox.faults.script({ operationId: 'provision', fault: { kind: 'status', status: 503 } });
    const made = await create(INPUT);
    expect(made).toMatchObject({ encodedAccountId: null, queued: true, account: null });
    expect(made.userErrors).toEqual([expect.objectContaining({ code: 'PARTLY_DONE', field: [] })]);
    expect(made.userErrors[0].message).toMatch(/[Dd]o not send it again/);
    expect(app.calls()).toEqual(['provision']);
  });

  it('does not send it again when nobody knows what came of it', async () => {
    app.sandbox.faults.script({ operationId: 'provision', fault: { kind: 'resetBody' } });
    const { errors } = await app.query(CREATE, { variables: { input: INPUT } });
    expect(errors?.[0].extensions.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(app.calls()).toEqual(['provision']);
  });

  it('tells that a login name is taken', async () => {
    await create(INPUT);
    expect((await create(INPUT)).userErrors).toEqual([expect.objectContaining({ code: 'ALREADY_EXISTS' })]);
  });

  it.each([
    [{ contactEmail: ' ' }, 'REQUIRED', 'contactEmail'],
    [{ contactEmail: `${'x'.repeat(80)}@example.com` }, 'TOO_LONG', 'contactEmail'],
    [{ loginName: 'short' }, 'INVALID', 'loginName'],
    [{ loginName: 'x'.repeat(51) }, 'TOO_LONG', 'loginName'],
    [{ loginName: 'with space' }, 'INVALID', 'loginName'],
    [{ countryCode: 'U', stateCode: null }, 'INVALID', 'countryCode'],
    [{ stateCode: null }, 'REQUIRED', 'stateCode'],
    [{ countryCode: 'DE' }, 'INVALID', 'stateCode'],
    [{ password: 'short' }, 'INVALID', 'password'],
    [{ password: 'has some spaces' }, 'INVALID', 'password'],
    [{ externalId: '1', externalProvider: 'x' }, 'INVALID', 'password'],
    [{ password: null, externalId: '1' }, 'REQUIRED', 'externalProvider'],
    [{ password: null, externalProvider: 'x' }, 'REQUIRED', 'externalId'],
    [{ firstName: 'A' }, 'INVALID', 'firstName'],
    [{ lastName: 'A'.repeat(81) }, 'TOO_LONG', 'lastName'],
    [{ contactPhone: '1' }, 'INVALID', 'contactPhone'],
    [{ organizationPhone: '1'.repeat(26) }, 'TOO_LONG', 'organizationPhone'],
    [{ organizationName: '' }, 'INVALID', 'organizationName'],
    [{ partnerAccountId: 'x'.repeat(81) }, 'TOO_LONG', 'partnerAccountId'],
    [{ website: 'meadow.example' }, 'INVALID', 'website'],
  ])('refuses %j before it costs a call', async (change, code, field) => {
    const { userErrors, queued } = await create({ ...INPUT, ...change });
    expect(queued).toBeNull();
    expect(userErrors).toEqual([expect.objectContaining({ code, field: ['input', field] })]);
    expect(app.calls()).toEqual([]);
  });
});

describe('setPartnerPlan', () => {
  const SET = `mutation ($input: SetPartnerPlanInput!) { setPartnerPlan(input: $input) {
    plan { type billingStatus billingDayOfMonth } account { encodedAccountId } userErrors { code field } } }`;
  const set = async (input: object) => (await run(SET, { input })).setPartnerPlan;

  it('takes an account off its trial, on the day that is asked for', async () => {
    const { encoded_account_id: accountId } = onTrial();
    expect(await set({ accountId, type: 'BRONZE', billingDayOfMonth: 31 })).toEqual({
      plan: { type: 'BRONZE', billingStatus: 'OPEN', billingDayOfMonth: 31 },
      account: { encodedAccountId: accountId },
      userErrors: [],
    });
    expect(app.calls()).toEqual(['setPlan']);
    const later = await set({
      accountId: encodeGlobalId('PartnerAccount', accountId),
      type: 'GOLD',
      billingDayOfMonth: 1,
      planGroupId: 3,
    });
    expect(later.plan).toEqual({ type: 'GOLD', billingStatus: 'OPEN', billingDayOfMonth: 31 });
  });

  it('cannot go back to TRIAL, and refuses what is no day', async () => {
    const back = await app.query(SET, {
      variables: { input: { accountId: paying().encoded_account_id, type: 'TRIAL' } },
    });
    expect(back.errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
    const { userErrors } = await set({
      accountId: paying().encoded_account_id,
      type: 'GOLD',
      billingDayOfMonth: 32,
    });
    expect(userErrors).toEqual([{ code: 'INVALID', field: ['input', 'billingDayOfMonth'] }]);
    expect(app.calls()).toEqual([]);
    expect((await set({ accountId: 'anowhere', type: 'GOLD' })).userErrors).toEqual([
      { code: 'NOT_FOUND', field: [] },
    ]);
    expect((await set({ accountId: 'not an id', type: 'GOLD' })).userErrors).toEqual([
      { code: 'INVALID_ID', field: ['input', 'accountId'] },
    ]);
  });
});

describe('cancelPartnerAccount', () => {
  const CANCEL = `mutation ($input: CancelPartnerAccountInput!) { cancelPartnerAccount(input: $input) {
    effectiveAt reason reasonRaw account { billingStatus } userErrors { code field } } }`;
  const cancel = async (input: object) => (await run(CANCEL, { input })).cancelPartnerAccount;

  it('cancels at once', async () => {
    const { encoded_account_id: accountId } = paying();
    expect(await cancel({ accountId, reason: 'POOR_RESULTS' })).toEqual({
      effectiveAt: new Date(now).toISOString(),
      reason: 'POOR_RESULTS',
      reasonRaw: '14',
      account: { billingStatus: 'CANCELED' },
      userErrors: [],
    });
    expect((await cancel({ accountId })).userErrors).toEqual([{ code: 'REJECTED', field: [] }]);
  });

  it('cancels later, when the time has come', async () => {
    const { encoded_account_id: accountId } = paying();
    const effectiveAt = new Date(now + 86_400_000).toISOString();
    const { reason, account, ...rest } = await cancel({ accountId, effectiveAt });
    expect(rest).toEqual({ effectiveAt, reasonRaw: null, userErrors: [] });
    expect(reason).toBeNull();
    expect(account.billingStatus).toBe('OPEN');
    now += 2 * 86_400_000;
    const { partnerAccount } = await run(
      'query ($id: ID!) { partnerAccount(id: $id) { plan { billingStatus } } }',
      {
        id: accountId,
      },
    );
    expect(partnerAccount.plan.billingStatus).toBe('CANCELED');
  });

  it('refuses a time in the past before it costs a call', async () => {
    const effectiveAt = new Date(now - 1).toISOString();
    expect((await cancel({ accountId: paying().encoded_account_id, effectiveAt })).userErrors).toEqual([
      { code: 'INVALID', field: ['input', 'effectiveAt'] },
    ]);
    expect(app.calls()).toEqual([]);
  });
});

describe('createPartnerSsoUser', () => {
  const CREATE = `mutation ($input: CreatePartnerSsoUserInput!) { createPartnerSsoUser(input: $input) {
    loginName account { id } userErrors { code field } } }`;
  const input = () => ({
    accountId: paying().encoded_account_id,
    firstName: 'Robin',
    lastName: 'Okafor',
    role: 'ACCOUNT_MANAGER',
    contactEmail: 'robin@example.com',
    loginName: 'robin',
    externalId: '7',
    externalProvider: 'sso',
  });
  const create = async (change: object = {}) =>
    (await run(CREATE, { input: { ...input(), ...change } })).createPartnerSsoUser;

  it('makes a user, whose name is then taken', async () => {
    expect(await create()).toMatchObject({ loginName: 'robin', userErrors: [] });
    expect(app.calls()).toEqual(['createSSOUser']);
    expect((await create()).userErrors).toEqual([{ code: 'ALREADY_EXISTS', field: [] }]);
  });

  it('tells all that is wrong at once', async () => {
    const { userErrors } = await create({
      firstName: '',
      lastName: 'x'.repeat(81),
      loginName: 'x'.repeat(51),
    });
    expect(userErrors).toEqual([
      { code: 'REQUIRED', field: ['input', 'firstName'] },
      { code: 'TOO_LONG', field: ['input', 'lastName'] },
      { code: 'TOO_LONG', field: ['input', 'loginName'] },
    ]);
    expect(app.calls()).toEqual([]);
  });
});

describe('partnerAccountOperation', () => {
  const OPERATE = `mutation ($input: PartnerAccountOperationInput!) { partnerAccountOperation(input: $input) {
    result account { encodedAccountId } userErrors { code field message } } }`;
  const operate = async (input: object) =>
    (await run(OPERATE, { input: { accountId: paying().encoded_account_id, ...input } }))
      .partnerAccountOperation;

  it('reads and writes inside the account, and nowhere else', async () => {
    const own = app.sandbox.account().lists.size;
    const made = await operate({
      method: 'POST',
      url: '/contact_lists',
      payload: { name: 'From the partner' },
    });
    expect(made.userErrors).toEqual([]);
    expect(made.result).toMatchObject({ name: 'From the partner' });
    const read = await operate({
      method: 'GET',
      url: '/contact_lists/{list_id}',
      pathParameters: [{ name: 'list_id', value: made.result.list_id }],
      queryParameters: [{ name: 'include_membership_count', value: 'all' }],
      headers: [{ name: 'Accept', value: 'application/json' }],
    });
    expect(read.result).toMatchObject({ name: 'From the partner', membership_count: 0 });
    expect(read.account).toEqual({ encodedAccountId: paying().encoded_account_id });
    const contacts = await operate({
      method: 'GET',
      url: '/contacts',
      queryParameters: [
        { name: 'limit', value: '1' },
        { name: 'include_count', value: 'true' },
      ],
    });
    expect(contacts.result.contacts_count).toBeGreaterThanOrEqual(
      inside(paying().encoded_account_id).subscriber_count,
    );
    expect(app.sandbox.account().lists.size).toBe(own);
    expect(app.calls()).toEqual([SYNC, SYNC, SYNC]);
  });

  it('answers as what it carried out', async () => {
    const gone = await operate({
      method: 'GET',
      url: '/contacts/{contact_id}',
      pathParameters: [{ name: 'contact_id', value: '06a100de-19b6-4266-874b-afff00ff6b01' }],
    });
    expect(gone.userErrors).toEqual([expect.objectContaining({ code: 'NOT_FOUND' })]);
    const name = 'Twice';
    await operate({ method: 'POST', url: '/contact_lists', payload: { name } });
    const twice = await operate({ method: 'POST', url: '/contact_lists', payload: { name } });
    expect(twice.userErrors).toEqual([expect.objectContaining({ code: 'REJECTED' })]);
  });

  it('is refused for an account that the partner does not manage', async () => {
    const { encoded_account_id: accountId } = rows().find((row) => !row.managed)!;
    const { userErrors } = await operate({ accountId, method: 'GET', url: '/contacts' });
    expect(userErrors).toEqual([expect.objectContaining({ code: 'REJECTED' })]);
  });

  it.each([
    [{ url: '' }, 'REQUIRED', ['input', 'url']],
    [{ url: 'contacts' }, 'INVALID', ['input', 'url']],
    [{ url: '/contacts?limit=1' }, 'INVALID', ['input', 'url']],
    [{ url: '/v3/contacts' }, 'INVALID', ['input', 'url']],
    [{ url: '/contacts/../partner' }, 'INVALID', ['input', 'url']],
    [{ url: '/partner/accounts' }, 'NOT_ALLOWED', ['input', 'url']],
    [{ url: '/contacts/{contact_id}' }, 'REQUIRED', ['input', 'pathParameters']],
    [
      { url: '/contacts', pathParameters: [{ name: 'x', value: '1' }] },
      'INVALID',
      ['input', 'pathParameters'],
    ],
    [
      { url: '/contacts/{id}', pathParameters: [{ name: 'id', value: '../partner/accounts' }] },
      'INVALID',
      ['input', 'pathParameters', '0', 'value'],
    ],
  ])('refuses %j before it costs a call', async (change, code, field) => {
    const { userErrors } = await operate({ method: 'GET', ...change });
    expect(userErrors).toEqual([expect.objectContaining({ code, field })]);
    expect(app.calls()).toEqual([]);
  });
});

describe('unsubscribePartnerContacts', () => {
  const UNSUBSCRIBE = `mutation ($input: UnsubscribePartnerContactsInput!) { unsubscribePartnerContacts(input: $input) {
    unsubscribedCount account { encodedAccountId } userErrors { code field } } }`;
  const unsubscribe = async (input: object) =>
    (
      await run(UNSUBSCRIBE, {
        input: { accountId: paying().encoded_account_id, updateSource: 'ACCOUNT', ...input },
      })
    ).unsubscribePartnerContacts;
  const contactsOf = async (accountId: string, query: object) => {
    const { partnerAccountOperation } = await run(
      `mutation ($input: PartnerAccountOperationInput!) { partnerAccountOperation(input: $input) { result } }`,
      {
        input: {
          accountId,
          method: 'GET',
          url: '/contacts',
          queryParameters: Object.entries(query).map(([name, value]) => ({ name, value })),
        },
      },
    );
    return partnerAccountOperation.result.contacts as any[];
  };

  it('opts contacts of one account out, with the reason', async () => {
    const accountId = paying().encoded_account_id;
    const mailable = (await contactsOf(accountId, { status: 'active', limit: '10' }))
      .map((contact) => contact.email_address.address)
      .slice(0, 3);
    app.resetCalls();
    const { unsubscribedCount, userErrors } = await unsubscribe({
      emailAddresses: [...mailable, 'nobody@example.com'],
      updateSource: 'CONTACT',
      optOutReason: 'By phone',
    });
    expect({ unsubscribedCount, userErrors }).toEqual({ unsubscribedCount: 3, userErrors: [] });
    expect(app.calls()).toEqual(['partnerUnsubscribeContacts']);
    const [contact] = await contactsOf(accountId, { email: mailable[0], status: 'all' });
    expect(contact.email_address).toMatchObject({
      permission_to_send: 'unsubscribed',
      opt_out_source: 'Contact',
      opt_out_reason: 'By phone',
    });
  });

  it('deletes them as well when asked to, and goes through all accounts with one address', async () => {
    const accountId = paying().encoded_account_id;
    const other = rows().find(
      (row) => row.managed && row.subscriber_count > 0 && row.encoded_account_id !== accountId,
    )!;
    const [contact] = await contactsOf(other.encoded_account_id, { status: 'active', limit: '1' });
    const email = contact.email_address.address;
    const answer = await unsubscribe({
      emailAddresses: [email],
      globalUnsubscribe: true,
      deleteContacts: true,
    });
    expect(answer.unsubscribedCount).toBeGreaterThanOrEqual(1);
    const [after] = await contactsOf(other.encoded_account_id, { email, status: 'all' });
    expect(after.email_address.permission_to_send).toBe('unsubscribed');
    expect(after.deleted_at).toBeTruthy();
  });

  it.each([
    [{ emailAddresses: [] }, 'REQUIRED', ['input', 'emailAddresses']],
    [{ emailAddresses: Array(501).fill('a@example.com') }, 'TOO_MANY', ['input', 'emailAddresses']],
    [{ emailAddresses: ['a@example.com', ''] }, 'REQUIRED', ['input', 'emailAddresses', '1']],
    [
      { emailAddresses: ['a@example.com', 'b@example.com'], globalUnsubscribe: true },
      'TOO_MANY',
      ['input', 'emailAddresses'],
    ],
    [
      { emailAddresses: ['a@example.com'], optOutReason: 'x'.repeat(256) },
      'TOO_LONG',
      ['input', 'optOutReason'],
    ],
  ])('refuses too much before it costs a call', async (input, code, field) => {
    expect((await unsubscribe(input)).userErrors).toEqual([{ code, field }]);
    expect(app.calls()).toEqual([]);
  });
});
