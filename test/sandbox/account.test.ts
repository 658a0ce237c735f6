import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { Client } from './client.js';

let sandbox: Sandbox;
let client: Client;

beforeEach(async () => {
  sandbox = await createSandbox({ requestsPerSecond: 0, contacts: 5 });
  client = new Client(sandbox);
});
afterEach(() => sandbox.close());

const address = { address_line1: '1 Quay', city: 'Lyon', country_code: 'FR', state_name: 'Rhône' };

describe('account', () => {
  it('includes address and logo only on request', async () => {
    const bare = (await client.call('getAccountById')).body;
    expect(bare).not.toHaveProperty('physical_address');
    expect(bare).not.toHaveProperty('company_logo');
    const query = { extra_fields: 'physical_address,company_logo' };
    const full = (await client.call('getAccountById', { query })).body;
    expect(full).toMatchObject({ ...bare, physical_address: { city: 'Boston' }, company_logo: {} });
  });

  it('updates only the given properties', async () => {
    const before = (await client.call('getAccountById')).body;
    const { status, body } = await client.call('putCustomerById', { body: { first_name: 'Robin' } });
    expect(status).toBe(200);
    expect(body).toEqual({ ...before, first_name: 'Robin' });
    expect((await client.call('getAccountById')).body).toEqual({ ...before, first_name: 'Robin' });
  });

  it('requires a confirmed contact_email, and a state in the United States', async () => {
    const put = async (body: object) => (await client.call('putCustomerById', { body })).status;
    const emails = (await client.call('retrieveEmailAddresses')).body;
    const having = (status: string) => emails.findLast((row) => row.confirm_status === status)?.email_address;
    expect(await put({ contact_email: having('UNCONFIRMED') })).toBe(400);
    expect(await put({ contact_email: having('CONFIRMED') })).toBe(200);
    expect(await put({ state_code: '' })).toBe(400);
    expect(await put({ country_code: 'fr', state_code: '' })).toBe(200);
    expect(await put({ encoded_account_id: 'other' })).toBe(400);
  });

  it('replaces the whole physical address', async () => {
    expect((await client.call('addPhysicalAddress', { body: address })).status).toBe(409);
    expect((await client.call('putPhysicalAddress', { body: address })).status).toBe(200);
    expect((await client.call('getPhysicalAddress')).body).toEqual(address);
    const put = async (body: typeof address & object) =>
      (await client.call('putPhysicalAddress', { body })).status;
    expect(await put({ ...address, country_code: 'US' })).toBe(400);
    expect(await put({ ...address, state_code: 'MA' } as typeof address)).toBe(400);
  });

  it('accepts the first physical address', async () => {
    sandbox.account().profile.address = null;
    expect((await client.call('getPhysicalAddress')).status).toBe(404);
    expect((await client.call('addPhysicalAddress', { body: address })).status).toBe(201);
  });

  it('filters sender addresses by one property at a time', async () => {
    const count = async (query: object) =>
      (await client.call('retrieveEmailAddresses', { query })).body.length;
    expect(await count({})).toBe(6);
    expect(await count({ confirm_status: 'CONFIRMED' })).toBe(4);
    expect(await count({ confirm_status: 'U' })).toBe(2);
    expect(await count({ role_code: 'J' })).toBe(1);
    expect(await count({ role_code: 'REPLY_TO' })).toBe(1);
    expect(await count({ email_address: 'news@harborlight.example' })).toBe(1);
    const two = await client.call('retrieveEmailAddresses', {
      query: { role_code: 'J', confirm_status: 'C' },
    });
    expect(two.status).toBe(400);
  });

  it('adds a sender address that is unconfirmed', async () => {
    const body = { email_address: 'new@harborlight.example' };
    const added = await client.call('addAccountEmailAddress', { body });
    expect(added.status).toBe(201);
    expect(added.body).toEqual({ email_id: 7, confirm_status: 'UNCONFIRMED', ...body });
    expect((await client.call('addAccountEmailAddress', { body })).status).toBe(409);
    const rows = (await client.call('retrieveEmailAddresses', { query: body })).body;
    expect(rows[0]).not.toHaveProperty('confirm_time');
    const [owner] = (await client.call('retrieveEmailAddresses')).body;
    expect(owner?.confirm_time).toMatch(/\.\d{3}\+0000$/);
  });

  it('returns privileges, also those that the contract does not have', async () => {
    const names = (await client.call('getUserPrivileges')).body.map((row) => row.privilege_name);
    expect(names).toEqual(expect.arrayContaining(['contacts:read', 'campaign:send', 'ui:account:settings']));
  });
});
