import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

let app: TestApp;

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 20 } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const profile = () => app.sandbox.account().profile;

describe('the account', () => {
  it('includes address and logo only when they are selected', async () => {
    const plain = await app.query(
      '{ account { encodedAccountId firstName lastName contactEmail countryCode timeZoneId } }',
    );
    expect(plain.data.account).toMatchObject({
      encodedAccountId: profile().summary.encoded_account_id,
      contactEmail: profile().summary.contact_email,
    });
    const full = await app.query(
      '{ account { organizationName contactPhone organizationPhone website stateCode encodedPartnerId physicalAddress { addressLine1 city stateCode postalCode countryCode } companyLogo { url externalUrl internalId } } }',
    );
    expect(full.data.account.physicalAddress.addressLine1).toBe(profile().address?.address_line1);
    expect(full.data.account.companyLogo.url).toBe(profile().logo.url);
    expect(app.calls()).toEqual(['getAccountById', 'getAccountById']);
    const [first, second] = app.sandbox.journal.entries;
    expect(first?.query).toBe('');
    expect(second?.query).toBe('extra_fields=physical_address,company_logo');
  });

  it('accepts each known name of a time zone property', async () => {
    app.sandbox.faults.script({
      operationId: 'getAccountById',
      fault: { kind: 'edit', edit: (body: object) => ({ ...body, time_zone_id: 'US/Eastern' }) },
    });
    const { data, errors } = await app.query('{ account { timeZoneId } }');
    expect(errors).toBeUndefined();
    expect(data.account).toEqual({ timeZoneId: 'US/Eastern' });
    const update = await app.query(
      'mutation { updateAccount(input: { timeZoneId: "US/Pacific" }) { account { timeZoneId } userErrors { code } } }',
    );
    expect(update.data.updateAccount).toEqual({ account: { timeZoneId: 'US/Pacific' }, userErrors: [] });
    expect(app.calls()).toEqual(['getAccountById', 'putCustomerById']);
  });

  it('reads pending roles under either property name', async () => {
    app.sandbox.faults.script({
      operationId: 'retrieveEmailAddresses',
      fault: {
        kind: 'edit',
        edit: (rows: any[]) =>
          rows.map(({ pending_roles: _, ...row }) => ({ ...row, pending_role_changes: ['REPLY_TO', 'NEW'] })),
      },
    });
    const { data, errors } = await app.query('{ accountEmails { pendingRoles pendingRolesRaw } }');
    expect(errors).toBeUndefined();
    expect(data.accountEmails.length).toBeGreaterThan(0);
    for (const email of data.accountEmails) {
      expect(email).toEqual({ pendingRoles: ['REPLY_TO', 'UNKNOWN'], pendingRolesRaw: ['REPLY_TO', 'NEW'] });
    }
    expect(app.calls()).toHaveLength(1);
  });

  it('returns the privileges of its user', async () => {
    const { data } = await app.query('{ userPrivileges { privilegeId privilegeName } }');
    expect(data.userPrivileges).toEqual(
      profile().privileges.map((one) => ({
        privilegeId: String(one.privilege_id),
        privilegeName: one.privilege_name,
      })),
    );
    expect(app.calls()).toEqual(['getUserPrivileges']);
  });

  it('updates the given properties and keeps the others', async () => {
    const before = { ...profile().summary };
    const { data } = await app.query(
      'mutation { updateAccount(input: { website: "https://new.example", contactPhone: null }) { account { website contactPhone firstName encodedPartnerId physicalAddress { city } } userErrors { code field } } }',
    );
    expect(data.updateAccount.userErrors).toEqual([]);
    expect(data.updateAccount.account).toMatchObject({
      website: 'https://new.example',
      contactPhone: '',
      firstName: before.first_name,
      physicalAddress: { city: profile().address?.city },
    });
    expect(profile().summary).toMatchObject({ ...before, website: 'https://new.example', contact_phone: '' });
    expect(app.calls()).toEqual(['putCustomerById', 'getAccountById']);
  });

  it('rejects invalid input before any call', async () => {
    const codes = async (input: string) => {
      const { data } = await app.query(
        `mutation { updateAccount(input: { ${input} }) { userErrors { code field } } }`,
      );
      return data.updateAccount.userErrors;
    };
    expect(await codes('')).toEqual([{ code: 'REQUIRED', field: ['input'] }]);
    expect(await codes('countryCode: "us"')).toEqual([{ code: 'REQUIRED', field: ['input', 'stateCode'] }]);
    expect(await codes('contactEmail: null')).toEqual([
      { code: 'REQUIRED', field: ['input', 'contactEmail'] },
    ]);
    expect(await codes(`contactPhone: "${'1'.repeat(26)}"`)).toEqual([
      { code: 'TOO_LONG', field: ['input', 'contactPhone'] },
    ]);
    expect(app.calls()).toEqual([]);
    expect(await codes('contactEmail: "stranger@nowhere.example"')).toEqual([
      { code: 'REJECTED', field: ['input', 'contactEmail'] },
    ]);
  });
});

describe('the physical address', () => {
  const update = async (input: string) => {
    const { data } = await app.query(
      `mutation { updateAccountPhysicalAddress(input: { ${input} }) { physicalAddress { addressLine1 addressLine2 city stateCode stateName postalCode countryCode } userErrors { code field } } }`,
    );
    return data.updateAccountPhysicalAddress;
  };

  it('is readable on its own, and null when the account has none', async () => {
    const { data } = await app.query('{ accountPhysicalAddress { city } }');
    expect(data.accountPhysicalAddress.city).toBe(profile().address?.city);
    profile().address = null;
    expect((await app.query('{ accountPhysicalAddress { city } }')).data).toEqual({
      accountPhysicalAddress: null,
    });
    expect(app.calls()).toEqual(['getPhysicalAddress', 'getPhysicalAddress']);
  });

  it('is included in the call for the account when both are selected', async () => {
    const query = '{ accountPhysicalAddress { city } account { organizationName } }';
    const { data } = await app.query(query);
    expect(data).toEqual({
      accountPhysicalAddress: { city: profile().address?.city },
      account: { organizationName: profile().summary.organization_name },
    });
    profile().address = null;
    expect((await app.query(query)).data.accountPhysicalAddress).toBeNull();
    expect(app.calls()).toEqual(['getAccountById', 'getAccountById']);
  });

  it('is answered from the cache after an earlier query, and so is the account', async () => {
    const warm = await startApp({ client: { referenceCacheSeconds: 60 } });
    const cost = async (fields: string) => {
      warm.resetCalls();
      expect((await warm.query(`{ ${fields} }`)).errors).toBeUndefined();
      return warm.calls().length;
    };
    try {
      expect(await cost('account { physicalAddress { city } companyLogo { url } }')).toBe(1);
      expect(await cost('accountPhysicalAddress { city }')).toBe(0);
      expect(await cost('account { website }')).toBe(0);
      expect(await cost('account { physicalAddress { city } } accountPhysicalAddress { city }')).toBe(0);
    } finally {
      await warm.close();
    }
  });

  it('keeps omitted properties and clears those set to null', async () => {
    profile().address = {
      address_line1: '1 Main St',
      address_line2: 'Floor 2',
      city: 'Waltham',
      state_code: 'MA',
      postal_code: '02451',
      country_code: 'US',
    };
    const { physicalAddress } = await update('city: "Boston", addressLine2: null');
    expect(physicalAddress).toEqual({
      addressLine1: '1 Main St',
      addressLine2: null,
      city: 'Boston',
      stateCode: 'MA',
      stateName: null,
      postalCode: '02451',
      countryCode: 'US',
    });
    expect(app.calls()).toEqual(['getPhysicalAddress', 'putPhysicalAddress']);
    const moved = await update('city: "Berlin", countryCode: "DE", stateName: "Berlin"');
    expect(moved.userErrors).toEqual([]);
    expect(moved.physicalAddress).toMatchObject({
      stateCode: null,
      stateName: 'Berlin',
      postalCode: null,
      countryCode: 'DE',
    });
  });

  it('is returned as it was sent when the response is empty', async () => {
    app.sandbox.faults.script({
      operationId: 'putPhysicalAddress',
      fault: { kind: 'status', status: 204, body: '', carriedOut: true },
    });
    const { data, errors } = await app.query(
      'mutation { updateAccountPhysicalAddress(input: { city: "Concord" }) { physicalAddress { city countryCode } userErrors { code } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.updateAccountPhysicalAddress).toEqual({
      physicalAddress: { city: 'Concord', countryCode: 'US' },
      userErrors: [],
    });
    expect(app.calls()).toEqual(['getPhysicalAddress', 'putPhysicalAddress']);
  });

  it('is validated by the rules of its country', async () => {
    profile().address = { address_line1: 'A', city: 'Berlin', country_code: 'DE' };
    expect((await update('countryCode: "US"')).userErrors).toEqual([
      { code: 'REQUIRED', field: ['input', 'stateCode'] },
      { code: 'REQUIRED', field: ['input', 'postalCode'] },
    ]);
    expect((await update('stateCode: "BE"')).userErrors).toEqual([
      { code: 'INVALID', field: ['input', 'stateCode'] },
    ]);
    app.resetCalls();
    expect((await update(`addressLine1: "${'x'.repeat(81)}", stateCode: "ABC"`)).userErrors).toMatchObject([
      { code: 'TOO_LONG', field: ['input', 'addressLine1'] },
      { code: 'TOO_LONG', field: ['input', 'stateCode'] },
    ]);
    expect(app.calls()).toEqual([]);
  });

  it('can be created only when there is none yet', async () => {
    const create = async () => {
      const { data } = await app.query(
        'mutation { createAccountPhysicalAddress(input: { addressLine1: "1 Main St", city: "Waltham", stateCode: "MA", postalCode: "02451", countryCode: "US" }) { physicalAddress { city } userErrors { code } } }',
      );
      return data.createAccountPhysicalAddress;
    };
    expect((await create()).userErrors).toEqual([{ code: 'ALREADY_EXISTS' }]);
    profile().address = null;
    expect((await update('city: "Boston"')).userErrors).toEqual([{ code: 'NOT_FOUND', field: ['input'] }]);
    expect((await create()).physicalAddress).toEqual({ city: 'Waltham' });
  });
});

describe('addresses of the account', () => {
  const emails = () => [...app.sandbox.account().emails];

  it('are returned in one call, on the account as well, and by id', async () => {
    const { data } = await app.query(
      `query ($id: ID!, $ids: [ID!]!) {
        accountEmails { emailId emailAddress confirmStatus confirmStatusRaw confirmedAt confirmSource roles rolesRaw pendingRoles }
        account { emails { emailId } }
        accountEmail(id: $id) { emailAddress }
        nodes(ids: $ids) { ... on AccountEmail { emailAddress } }
      }`,
      {
        variables: {
          id: String(emails()[0]!.email_id),
          ids: [encodeGlobalId('AccountEmail', emails()[1]!.email_id)],
        },
      },
    );
    expect(data.accountEmails.map((one: { emailAddress: string }) => one.emailAddress)).toEqual(
      emails().map((one) => one.email_address),
    );
    expect(data.accountEmails[0]).toMatchObject({ confirmStatus: 'CONFIRMED', rolesRaw: emails()[0]!.roles });
    expect(data.account.emails).toHaveLength(emails().length);
    expect(data.accountEmail.emailAddress).toBe(emails()[0]!.email_address);
    expect(data.nodes[0].emailAddress).toBe(emails()[1]!.email_address);
    expect(app.calls().sort()).toEqual(['getAccountById', 'retrieveEmailAddresses']);
  });

  it('accept one filter condition at a time', async () => {
    const address = emails()[0]!.email_address;
    const { data } = await app.query(
      `query ($e: String!, $padded: String!) {
        unconfirmed: accountEmails(filter: { confirmStatus: UNCONFIRMED }) { confirmStatus }
        replyTo: accountEmails(filter: { role: REPLY_TO }) { roles }
        one: accountEmails(filter: { emailAddress: $e }) { emailAddress }
        padded: accountEmails(filter: { emailAddress: $padded }) { emailAddress }
      }`,
      { variables: { e: address, padded: ` ${address} ` } },
    );
    for (const one of data.unconfirmed) expect(one.confirmStatus).toBe('UNCONFIRMED');
    for (const one of data.replyTo) expect(one.roles).toContain('REPLY_TO');
    expect(data.one).toEqual([{ emailAddress: address }]);
    expect(data.padded).toEqual(data.one);
    expect(app.sandbox.journal.entries.map((entry) => entry.query).sort()).toEqual([
      'confirm_status=UNCONFIRMED',
      `email_address=${encodeURIComponent(address)}`,
      'role_code=REPLY_TO',
    ]);
    const two = await app.query(
      '{ accountEmails(filter: { role: OTHER, confirmStatus: CONFIRMED }) { emailId } }',
    );
    expect(two.errors?.[0]?.message).toContain('exactly one');
    const none = await app.query('{ accountEmails(filter: { emailAddress: " " }) { emailId } }');
    expect(none.errors?.[0]?.extensions).toMatchObject({
      problem: 'REQUIRED',
      field: ['filter', 'emailAddress'],
    });
    expect(app.calls()).toHaveLength(3);
  });

  it('are added unconfirmed, each only once', async () => {
    const add = async (emailAddress: string) => {
      const { data } = await app.query(
        'mutation ($e: String!) { addAccountEmail(input: { emailAddress: $e }) { accountEmail { emailId emailAddress confirmStatus } userErrors { code } } }',
        { variables: { e: emailAddress } },
      );
      return data.addAccountEmail;
    };
    const { accountEmail } = await add('letters@garden.example');
    expect(accountEmail).toMatchObject({
      emailAddress: 'letters@garden.example',
      confirmStatus: 'UNCONFIRMED',
    });
    expect((await add('letters@garden.example')).userErrors).toEqual([{ code: 'ALREADY_EXISTS' }]);
    expect((await add(`${'x'.repeat(80)}@garden.example`)).userErrors).toEqual([{ code: 'TOO_LONG' }]);
    expect(app.calls()).toEqual(['addAccountEmailAddress', 'addAccountEmailAddress']);
  });
});
