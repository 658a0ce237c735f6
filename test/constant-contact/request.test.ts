import { describe, expect, it } from 'vitest';
import { ConstantContactError } from '../../src/constant-contact/errors.js';
import { Form } from '../../src/constant-contact/http/form.js';
import { buildRequest, renderPath } from '../../src/constant-contact/http/request.js';

const UUID = '3b1f2a40-9c6e-11ee-8f0e-fa163e595b06';

describe('an id in a path', () => {
  it.each([
    [UUID, `/contacts/${UUID}`],
    ['s8zabc', '/contacts/s8zabc'],
    ['a07e1my9tbw0', '/contacts/a07e1my9tbw0'],
    ['DRAFT', '/contacts/DRAFT'],
    ['a.b_c~d-e', '/contacts/a.b_c~d-e'],
    ['a@b:c+d', '/contacts/a%40b%3Ac%2Bd'],
  ])('%s is encoded as %s', (contact_id, path) => {
    expect(renderPath('getContact', { contact_id })).toBe(path);
  });

  it.each([
    '../contact_lists/x',
    '..',
    '.',
    '...',
    '%2e%2e',
    '%2E%2E%2Fcontact_lists',
    'a?b=c',
    'a#b',
    'a/b',
    'a\\b',
    'a;b',
    'a&b',
    'a b',
    'a,b',
    '',
    ' ',
    'a\u0000b',
    'a\r\nHost: evil',
    'ü',
    '\ud800',
    'x'.repeat(201),
    {},
    ['a'],
    true,
  ])('%j is rejected', (contact_id) => {
    expect(() => renderPath('getContact', { contact_id })).toThrow(
      expect.objectContaining({ kind: 'invalidRequest', operationId: 'getContact' }),
    );
  });

  it('is not quoted in the error that rejects it', () => {
    expect(() => renderPath('getContact', { contact_id: 'secret/../x' })).toThrow(
      /^The contact_id is not an ID\.$/,
    );
  });

  it.each([undefined, null])('%j counts as missing from the response', (contact_id) => {
    expect(() => renderPath('getContact', { contact_id })).toThrow(
      expect.objectContaining({ kind: 'invalidResponse' }),
    );
  });

  it('may be a number', () => {
    expect(renderPath('getSegmentDetail', { segment_id: 42 })).toBe('/segments/42');
  });

  it('may be a list of ids, joined by commas, for the two operations that accept several', () => {
    expect(renderPath('getEmailSummary', { campaign_ids: 'a,b' })).toBe('/reports/stats/email_campaigns/a,b');
    expect(renderPath('getEmailCampaignActivitySummary', { campaign_activity_ids: ['a', 'b'] })).toBe(
      '/reports/stats/email_campaign_activities/a,b',
    );
    const most = Array.from({ length: 150 }, () => UUID).join(',');
    expect(renderPath('getEmailSummary', { campaign_ids: most })).toContain(most);
  });

  it.each(['', ',', 'a,', 'a,,b', 'a,..', 'a/b', `${'x'.repeat(199)},`.repeat(31)])(
    'a list of ids such as %j is rejected',
    (campaign_ids) => {
      expect(() => renderPath('getEmailSummary', { campaign_ids })).toThrow(ConstantContactError);
    },
  );
});

describe('a query string', () => {
  const pathOf = (id: Parameters<typeof buildRequest>[1], query: Record<string, unknown>) =>
    buildRequest('/v3', id, { query, path: { campaign_activity_id: 'x', contact_id: 'x' } }).path;

  it('omits undefined and null', () => {
    expect(pathOf('getContacts', { limit: undefined, email: null })).toBe('/v3/contacts');
  });

  it('keeps the plus of an address', () => {
    expect(pathOf('getContacts', { email: 'a+b@example.com' })).toBe(
      '/v3/contacts?email=a%2Bb%40example.com',
    );
  });

  it('is the same for the same parameters in any order', () => {
    expect(pathOf('getContacts', { status: 'all', limit: 5 })).toBe(
      pathOf('getContacts', { limit: 5, status: 'all' }),
    );
  });

  it('joins a list with commas', () => {
    expect(pathOf('getContacts', { include: ['notes', 'taggings'] })).toBe(
      '/v3/contacts?include=notes,taggings',
    );
  });

  it('repeats the key where the API requires it', () => {
    expect(pathOf('getBounces', { bounce_code: ['B', 'D'] })).toBe(
      '/v3/reports/email_reports/x/tracking/bounces?bounce_code=B&bounce_code=D',
    );
  });

  it('formats dates in UTC, and numbers and booleans unchanged', () => {
    const query = { updated_after: new Date('2026-01-01T00:00:00+01:00'), include_count: true, limit: 500 };
    expect(pathOf('getContacts', query)).toBe(
      '/v3/contacts?include_count=true&limit=500&updated_after=2025-12-31T23%3A00%3A00.000Z',
    );
  });

  it('cannot be extended by a value', () => {
    expect(pathOf('getContacts', { email: 'x&status=all#y?z=/../' })).toBe(
      '/v3/contacts?email=x%26status%3Dall%23y%3Fz%3D%2F..%2F',
    );
  });

  it.each([
    [{ lists: [] }],
    [{ limit: NaN }],
    [{ email: '\ud800' }],
    [{ email: {} }],
    [{ updated_after: new Date(NaN) }],
  ])('rejects %j', (query) => {
    expect(() => pathOf('getContacts', query)).toThrow(expect.objectContaining({ kind: 'invalidRequest' }));
  });

  it('throws an internal error for a parameter that the operation does not have', () => {
    expect(() => pathOf('getContacts', { colour: 'red' })).toThrow(TypeError);
  });

  it('is replaced by a position', () => {
    expect(buildRequest('/v3', 'getContacts', { query: { limit: 5 }, page: 'cursor=abc' }).path).toBe(
      '/v3/contacts?cursor=abc',
    );
  });
});

describe('a body', () => {
  it('is JSON with its content type', () => {
    const request = buildRequest('', 'createContact', { body: { first_name: 'Zoë' } });
    expect(request.body).toBe('{"first_name":"Zoë"}');
    expect(request.headers).toMatchObject({ accept: 'application/json', 'content-type': 'application/json' });
  });

  it('that is missing has no content type', () => {
    expect(buildRequest('', 'getContacts', {}).headers).not.toHaveProperty('content-type');
    expect(buildRequest('', 'addDefaultEvent', { query: { name: 'x' } }).body).toBeNull();
  });

  it('that is a form leaves the content type to the encoder that chooses its boundary', () => {
    const request = buildRequest('', 'contactsCSVImport', { body: new Form({}) });
    expect(request.body).toBeInstanceOf(Form);
    expect(request.headers).not.toHaveProperty('content-type');
  });

  it('of the wrong kind is an internal error', () => {
    expect(() => buildRequest('', 'getContacts', { body: {} })).toThrow(TypeError);
    expect(() => buildRequest('', 'contactsCSVImport', { body: { file: 'x' } })).toThrow(TypeError);
  });
});

it('accepts CSV where the response is CSV', () => {
  const request = buildRequest('/v3', 'getContactsExport', { path: { file_export_id: UUID } });
  expect(request).toMatchObject({ path: `/v3/contact_exports/${UUID}`, headers: { accept: 'text/csv' } });
});
