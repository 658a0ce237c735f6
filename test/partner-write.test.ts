import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../src/constant-contact/clock.js';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

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
async function run(document: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await app.query(document, { variables });
  expect(errors).toBeUndefined();
  return data;
}

describe('createPartnerAccount', () => {
  const CREATE = `mutation ($input: CreatePartnerAccountInput!) { createPartnerAccount(input: $input) {
    encodedAccountId provisionUuid queued account { encodedAccountId organizationName billingStatus plan { type } }
    userErrors { code field message } } }`;
  const INPUT = {
    contactEmail: 'owner@example.com',
    loginName: 'meadow.sons',
    countryCode: 'us',
    stateCode: 'ma',
    signIn: { password: 'correct-horse' },
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

  it('creates a trial account', async () => {
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

  it('accepts a country without states', async () => {
    const { loginName, contactEmail } = INPUT;
    const { userErrors } = await create({ loginName, contactEmail, countryCode: 'DE' });
    expect(userErrors).toEqual([]);
  });

  it('reports that the API queued it, and never retries it', async () => {
    app.sandbox.faults.script({ operationId: 'provision', fault: { kind: 'status', status: 503 } });
    const made = await create(INPUT);
    expect(made).toMatchObject({ encodedAccountId: null, queued: true, account: null });
    expect(made.userErrors).toEqual([expect.objectContaining({ code: 'PARTLY_DONE', field: [] })]);
    expect(made.userErrors[0].message).toMatch(/[Dd]o not send it again/);
    expect(app.calls()).toEqual(['provision']);
  });

  it('does not retry it when its result is unknown', async () => {
    app.sandbox.faults.script({ operationId: 'provision', fault: { kind: 'resetBody' } });
    const { errors } = await app.query(CREATE, { variables: { input: INPUT } });
    expect(errors?.[0].extensions.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(app.calls()).toEqual(['provision']);
  });

  it('reports a response without the account', async () => {
    app.sandbox.faults.script({ operationId: 'provision', fault: { kind: 'empty', status: 201 } });
    const { userErrors } = await create(INPUT);
    expect(userErrors).toEqual([expect.objectContaining({ code: 'DONE_UNREAD' })]);
    expect(app.calls()).toEqual(['provision']);
  });

  it('reports a duplicate login name', async () => {
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
    [{ signIn: { password: 'short' } }, 'INVALID', 'signIn.password'],
    [{ signIn: { password: 'has some spaces' } }, 'INVALID', 'signIn.password'],
    [{ signIn: { external: { id: '', provider: 'x' } } }, 'REQUIRED', 'signIn.external.id'],
    [{ signIn: { external: { id: '1', provider: 'x'.repeat(81) } } }, 'TOO_LONG', 'signIn.external.provider'],
    [{ firstName: 'A' }, 'INVALID', 'firstName'],
    [{ lastName: 'A'.repeat(81) }, 'TOO_LONG', 'lastName'],
    [{ contactPhone: '1' }, 'INVALID', 'contactPhone'],
    [{ organizationPhone: '1'.repeat(26) }, 'TOO_LONG', 'organizationPhone'],
    [{ organizationName: '' }, 'REQUIRED', 'organizationName'],
    [{ partnerAccountId: 'x'.repeat(81) }, 'TOO_LONG', 'partnerAccountId'],
    [{ website: 'meadow.example' }, 'INVALID', 'website'],
  ])('rejects %j before any call', async (change, code, field) => {
    const { userErrors, queued } = await create({ ...INPUT, ...change });
    expect(queued).toBeNull();
    expect(userErrors).toEqual([expect.objectContaining({ code, field: ['input', ...field.split('.')] })]);
    expect(app.calls()).toEqual([]);
  });
});

describe('setPartnerPlan', () => {
  const SET = `mutation ($input: SetPartnerPlanInput!) { setPartnerPlan(input: $input) {
    plan { type billingStatus billingDayOfMonth } account { encodedAccountId } userErrors { code field } } }`;
  const set = async (input: object) => (await run(SET, { input })).setPartnerPlan;

  it('reads pages of accounts until one has the account, if its name is selected', async () => {
    const [{ encoded_account_id: accountId, organization_name }] = rows() as [ReturnType<typeof onTrial>];
    const { setPartnerPlan } = await run(
      `mutation ($input: SetPartnerPlanInput!) { setPartnerPlan(input: $input) { account { organizationName } } }`,
      { input: { accountId, type: 'GOLD', billingDayOfMonth: 1 } },
    );
    expect(setPartnerPlan.account).toEqual({ organizationName: organization_name });
    expect(app.calls()).toEqual(['setPlan', 'getPartnerSiteOwners']);
  });

  it('ends the trial of an account on the given day', async () => {
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

  it.each([[{ planGroupId: 3 }], [{ billingDayOfMonth: 7 }]])('accepts %j alone', async (change) => {
    const { encoded_account_id: accountId } = paying();
    const { plan, userErrors } = await set({ accountId, ...change });
    expect(userErrors).toEqual([]);
    expect(plan.type).toBe('SILVER');
    expect(app.calls()).toEqual(['getPlan', 'setPlan']);
  });

  it('sends the rest of a plan back, as the API may clear it', async () => {
    const { encoded_account_id: accountId } = paying();
    const { plan } = (
      await run('query ($id: ID!) { partnerAccount(id: $id) { plan { billingDayOfMonth } } }', {
        id: accountId,
      })
    ).partnerAccount;
    app.resetCalls();
    const after = await set({ accountId, type: 'GOLD' });
    expect(after.plan).toMatchObject({ type: 'GOLD', billingDayOfMonth: plan.billingDayOfMonth });
    expect(app.calls()).toEqual(['getPlan', 'setPlan']);
  });

  it('lets the API choose the day of billing for an account on trial', async () => {
    const { encoded_account_id: accountId } = onTrial();
    expect((await set({ accountId, type: 'SILVER' })).userErrors).toEqual([]);
    expect(app.calls()).toEqual(['getPlan', 'setPlan']);
  });

  it('requires at least one change, and clears nothing', async () => {
    const { encoded_account_id: accountId } = paying();
    expect((await set({ accountId })).userErrors).toEqual([{ code: 'REQUIRED', field: ['input'] }]);
    expect((await set({ accountId, type: null, planGroupId: null })).userErrors).toEqual([
      { code: 'REQUIRED', field: ['input', 'type'] },
      { code: 'REQUIRED', field: ['input', 'planGroupId'] },
    ]);
    expect(app.calls()).toEqual([]);
  });

  it('rejects TRIAL and an invalid day', async () => {
    const back = await set({ accountId: paying().encoded_account_id, type: 'TRIAL' });
    expect(back.userErrors).toEqual([{ code: 'NOT_ALLOWED', field: ['input', 'type'] }]);
    const { userErrors } = await set({
      accountId: paying().encoded_account_id,
      type: 'GOLD',
      billingDayOfMonth: 32,
    });
    expect(userErrors).toEqual([{ code: 'INVALID', field: ['input', 'billingDayOfMonth'] }]);
    expect(app.calls()).toEqual([]);
    expect((await set({ accountId: 'anowhere', type: 'GOLD' })).userErrors).toEqual([
      { code: 'NOT_FOUND', field: ['input', 'accountId'] },
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

  it('cancels immediately', async () => {
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

  it('cancels later, at the given time', async () => {
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

  it('rejects a time in the past before any call', async () => {
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

  it('creates a user, whose name is then taken', async () => {
    expect(await create()).toMatchObject({ loginName: 'robin', userErrors: [] });
    expect(app.calls()).toEqual(['createSSOUser']);
    expect((await create()).userErrors).toEqual([{ code: 'ALREADY_EXISTS', field: ['input', 'loginName'] }]);
  });

  it('reports all errors together', async () => {
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
