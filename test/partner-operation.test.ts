import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

const SYNC = 'partnerAccountOperationsPostSync';

let app: TestApp;

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 20 } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const rows = () => [...app.sandbox.account().partnerAccounts];
const paying = () =>
  rows().find((row) => row.plan_type === 'SILVER' && row.cancelled_at === null && row.managed)!;
async function run(document: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await app.query(document, { variables });
  expect(errors).toBeUndefined();
  return data;
}

describe('partnerAccountOperation', () => {
  const OPERATE = `mutation ($input: PartnerAccountOperationInput!) { partnerAccountOperation(input: $input) {
    result account { encodedAccountId } userErrors { code field message } } }`;
  const operate = async (input: object) =>
    (await run(OPERATE, { input: { accountId: paying().encoded_account_id, ...input } }))
      .partnerAccountOperation;

  const stats = { results: [{ campaign_id: 'c', stats: { em_sends: 3 } }] };
  const failedActivity = { activity_id: 'a', state: 'failed', percent_done: 100 };
  const errors = [{ error_key: 'x', error_message: 'Not all.' }];
  it.each([
    ['GET', '/reports/stats/email_campaign_activities/{ids}', { ...stats, errors }],
    ['DELETE', '/contact_tags/{id}', { ...failedActivity, activity_errors: [{ message: 'Tag gone' }] }],
    ['GET', '/activities/{ids}', { ...failedActivity, activity_errors: ['Line 7 is bad'] }],
    ['GET', '/activities', { activities: [{ ...failedActivity, activity_errors: ['x'] }] }],
  ])('returns the partial result of %s %s', async (method, url, body) => {
    app.sandbox.faults.script({ operationId: SYNC, fault: { kind: 'status', status: 200, body } });
    const [, name] = /\{(\w+)\}/.exec(url) ?? [];
    const pathParameters = name === undefined ? [] : [{ name, value: 'a1' }];
    expect(await operate({ method, url, pathParameters })).toMatchObject({ result: body, userErrors: [] });
    expect(app.calls()).toEqual([SYNC]);
  });

  it.each([
    ['/contact_lists', { errors, timestamp: '2026-01-01T00:00:00Z' }],
    ['/reports/stats/email_campaign_activities/a1', { errors, timestamp: '2026-01-01T00:00:00Z' }],
    ['/not/in/contract', { errors }],
  ])('fails on errors without a result (%s)', async (url, body) => {
    app.sandbox.faults.script({ operationId: SYNC, fault: { kind: 'status', status: 200, body } });
    const input = { accountId: paying().encoded_account_id, method: 'GET', url };
    const answer = await app.query(OPERATE, { variables: { input } });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }]);
    expect(app.calls()).toEqual([SYNC]);
  });

  it.each([
    ['truncate', 'UPSTREAM_INVALID_RESPONSE', false],
    ['resetBody', 'UPSTREAM_UNAVAILABLE', true],
    ['reset', 'UPSTREAM_UNAVAILABLE', true],
  ] as const)('is not called a write when it only reads: %s', async (kind, code, retryable) => {
    app.sandbox.faults.script({ operationId: SYNC, fault: { kind } });
    const input = { accountId: paying().encoded_account_id, method: 'GET', url: '/contact_lists' };
    const { data, errors } = await app.query(OPERATE, { variables: { input } });
    expect(data).toEqual({ partnerAccountOperation: null });
    expect(errors).toMatchObject([{ extensions: { code, retryable } }]);
    expect(errors?.[0].message).not.toMatch(/write|carried out/);
    expect(app.calls()).toEqual([SYNC]);
    const method = { method: 'POST', payload: { name: `Broken ${kind}` } };
    app.sandbox.faults.script({ operationId: SYNC, fault: { kind } });
    const written = await app.query(OPERATE, { variables: { input: { ...input, ...method } } });
    expect(JSON.stringify(written)).toMatch(/write/);
    expect(app.calls()).toEqual([SYNC, SYNC]);
  });

  it('reads and writes in the client account only', async () => {
    const own = app.sandbox.account().lists.size;
    const made = await operate({
      method: 'POST',
      url: '/contact_lists',
      payload: { name: 'From the partner' },
    });
    expect(made.userErrors).toEqual([]);
    expect(made.result).toMatchObject({ name: 'From the partner' });
    const asText = await operate({
      method: 'POST',
      url: '/contact_lists',
      payload: '{"name":"From a text"}',
    });
    expect(asText.result).toMatchObject({ name: 'From a text' });
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
    expect(contacts.result.contacts_count).toBeGreaterThanOrEqual(paying().subscriber_count);
    expect(app.sandbox.account().lists.size).toBe(own);
    expect(app.calls()).toEqual([SYNC, SYNC, SYNC, SYNC]);
  });

  it('returns the response of the operation', async () => {
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

  it('is rejected for an account that the partner does not manage', async () => {
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
    [{ url: '/contact_lists', payload: '{"name":' }, 'INVALID', ['input', 'payload']],
  ])('rejects %j before any call', async (change, code, field) => {
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

  it('succeeds when the API does not report the number of contacts', async () => {
    const accountId = paying().encoded_account_id;
    app.sandbox.faults.script({
      operationId: 'partnerUnsubscribeContacts',
      fault: { kind: 'empty', status: 200 },
    });
    expect(await unsubscribe({ accountId, emailAddresses: ['nobody@example.com'] })).toEqual({
      unsubscribedCount: null,
      account: { encodedAccountId: accountId },
      userErrors: [],
    });
    expect(app.calls()).toEqual(['partnerUnsubscribeContacts']);
  });

  it('opts out contacts of one account, with the reason', async () => {
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

  it('deletes them as well on request, and searches all accounts for one address', async () => {
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
  ])('rejects too many contacts before any call', async (input, code, field) => {
    expect((await unsubscribe(input)).userErrors).toEqual([{ code, field }]);
    expect(app.calls()).toEqual([]);
  });
});
