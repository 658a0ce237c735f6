import { describe, expect, it } from 'vitest';
import { errorKeysOf, failureOfAnswer } from '../../src/constant-contact/http/error-body.js';
import type { OperationId } from '../../src/constant-contact/contract/operations.js';

const NOW = Date.UTC(2026, 4, 5, 10);

describe('error keys are found in', () => {
  it.each([
    [
      'a list of errors',
      '[{"error_key":"contacts.api.not_found","error_message":"no"},{"error_key":"b"}]',
      ['contacts.api.not_found', 'b'],
    ],
    ['one error', '{"error_key":"unauthorized","error_message":"Unauthorized"}', ['unauthorized']],
    ['an OAuth error', '{"error":"invalid_grant","error_description":"expired"}', ['invalid_grant']],
    [
      'errors next to results',
      '{"results":[],"errors":[{"error_key":"x.y.campaign_ids.","error_message":"no"}]}',
      ['x.y.campaign_ids.'],
    ],
    ['a repeated key', '[{"error_key":"a"},{"error_key":"a"}]', ['a']],
  ])('%s', (_, text, keys) => {
    expect(errorKeysOf(text)).toEqual(keys);
  });
});

describe('no error keys are found in', () => {
  it.each([
    ['the text errors of an activity', '{"activity_errors":["Line 7: jane@example.com is bad"]}'],
    ['the object errors of an activity', '{"activity_errors":[{"message":"jane@example.com is bad"}]}'],
    ['the message of a gateway', '{"message":"Forbidden"}'],
    ['HTML', '<html><body>502 Bad Gateway</body></html>'],
    ['nothing', ''],
    ['cut JSON', '[{"error_key":"a"'],
    ['other JSON', '"error_key"'],
    ['null', 'null'],
    [
      'prose instead of a key',
      '[{"error_key":"jane@example.com is taken"},{"error_key":""},{"error_key":5},null,"x"]',
    ],
    ['a key that is too long', `{"error_key":"${'k'.repeat(101)}"}`],
  ])('%s', (_, text) => {
    expect(errorKeysOf(text)).toEqual([]);
  });
});

it('at most ten keys are kept', () => {
  const many = Array.from({ length: 50 }, (_, n) => ({ error_key: `k${String(n)}` }));
  expect(errorKeysOf(JSON.stringify(many))).toHaveLength(10);
});

const failure = (id: OperationId, status: number, text = '', headers = {}) =>
  failureOfAnswer(id, { status, text, headers }, NOW);

describe('the status determines the kind of error', () => {
  it.each([
    [302, 'invalidResponse', 'final'],
    [400, 'rejected', 'final'],
    [401, 'unauthenticated', 'final'],
    [403, 'forbidden', 'final'],
    [405, 'wrongRequest', 'final'],
    [408, 'timeout', 'unknown'],
    [409, 'conflict', 'final'],
    [415, 'rejected', 'final'],
    [422, 'rejected', 'final'],
    [499, 'invalidResponse', 'final'],
    [500, 'unavailable', 'unknown'],
    [502, 'unavailable', 'unknown'],
    [503, 'unavailable', 'unknown'],
    [504, 'unavailable', 'unknown'],
    [599, 'unavailable', 'unknown'],
  ])('%i: %s, %s, whatever the body', (status, kind, fate) => {
    for (const text of ['', '<html>', '{"error_key":"throttled"}', '[{"error_key":"a"}]']) {
      const { error, fate: found } = failure('getContact', status, text);
      expect([error.kind, found, error.status]).toEqual([kind, fate, status]);
    }
  });
});

describe.each([404, 406, 410])('%i for a read', (status) => {
  it.each(['', '[]', ' {"error_key":"a"}'])('is of the API with %j', (text) => {
    expect(failure('getContact', status, text).error.kind).toBe('notFound');
  });

  it.each(['<html>', 'not found', '{'])('is of a proxy with %j', (text) => {
    const { error, fate } = failure('getContact', status, text);
    expect([error.kind, fate]).toEqual(['invalidResponse', 'final']);
  });
});

describe('the outcome of a write is unknown after', () => {
  it.each([
    [302, ''],
    [304, ''],
    [308, ''],
    [400, '<html>'],
    [404, '<!DOCTYPE html>'],
    [409, ' <html>'],
    [422, '<?xml version="1.0"?>'],
    [460, ''],
    [499, '[{"error_key":"a"}]'],
  ])('%i with %j', (status, text) => {
    const { error, fate } = failure('createContact', status, text);
    expect([error.kind, fate]).toEqual(['invalidResponse', 'unknown']);
  });

  it.each([408, 500, 503, 520])('%i', (status) => {
    expect(failure('createContact', status, '[{"error_key":"a"}]').fate).toBe('unknown');
  });
});

describe('the limit that was exceeded', () => {
  const cases: [string, OperationId, number, string, string, string][] = [
    [
      'per second',
      'getContact',
      429,
      '{"error_key":"throttled","error_message":"Too Many Requests"}',
      'rateLimited',
      'refused',
    ],
    ['per second, as a list', 'createContact', 429, '[{"error_key":"throttled"}]', 'rateLimited', 'refused'],
    ['per second, without a body', 'createContact', 429, '', 'rateLimited', 'refused'],
    [
      'per second, on a bulk activity',
      'postContactDelete',
      429,
      '{"error_key":"throttled"}',
      'rateLimited',
      'refused',
    ],
    [
      'per day',
      'getContact',
      429,
      '{"error_key":"quota_exceeded","error_message":"Limit Exceeded"}',
      'quotaExhausted',
      'final',
    ],
    [
      'per day, on a bulk activity',
      'postContactDelete',
      429,
      '{"error_key":"quota_exceeded"}',
      'quotaExhausted',
      'final',
    ],
    [
      'the queue of bulk activities',
      'postContactDelete',
      429,
      '[{"error_key":"activities.queue"}]',
      'queueFull',
      'final',
    ],
    ...['', '<html>', '{"message":"Limit"}', '[{"error_key":"contacts.api.limit"}]'].map(
      (text): (typeof cases)[number] => [
        `some other one, on a bulk activity, with ${text || 'nothing'}`,
        'bulkImportContactsJSON',
        429,
        text,
        'rateLimited',
        'unknown',
      ],
    ),
    ['another limit, on a bulk read', 'getContactsExport', 429, '<html>', 'rateLimited', 'unknown'],
    [
      'another limit',
      'testSendCampaignActivityUsingPOST',
      429,
      '[{"error_key":"tests.per.day"}]',
      'rateLimited',
      'unknown',
    ],
    [
      'per second, at the former gateway',
      'createContact',
      403,
      '{"error_key":"mashery.not.authorized.over.qps"}',
      'rateLimited',
      'refused',
    ],
    [
      'per day, at the former gateway',
      'createContact',
      403,
      '{"error_key":"mashery.not.authorized.over.ratelimit"}',
      'quotaExhausted',
      'final',
    ],
  ];
  it.each(cases)('%s (%s)', (_, id, status, text, kind, fate) => {
    const found = failure(id, status, text);
    expect([found.error.kind, found.fate]).toEqual([kind, fate]);
  });

  it('includes the retry time: a second, or after midnight UTC', () => {
    expect(failure('getContact', 429, '{"error_key":"throttled"}').error.retryAt).toBe(NOW + 1_000);
    expect(failure('getContact', 429, '{"error_key":"quota_exceeded"}').error.retryAt).toBe(
      Date.UTC(2026, 4, 6),
    );
  });
});

describe('Retry-After is honoured', () => {
  it.each([
    ['7', 7_000],
    [new Date(NOW + 9_000).toUTCString(), 9_000],
    [new Date(NOW - 9_000).toUTCString(), 0],
  ])('as %s', (header, ms) => {
    const found = failure('getContact', 429, '{"error_key":"throttled"}', { 'retry-after': header });
    expect(found.retryAfterMs).toBe(ms);
    expect(found.error.retryAt).toBe(NOW + ms);
    expect(failure('getContact', 503, '', { 'retry-after': header }).error.retryAt).toBe(NOW + ms);
  });

  it.each(['soon', '', '-5', '1e9'])('but not as %j', (header) => {
    expect(failure('getContact', 503, '', { 'retry-after': header })).not.toHaveProperty('retryAfterMs');
  });
});

it('an error quotes nothing of the response', () => {
  const { error } = failure(
    'createContact',
    400,
    '[{"error_key":"contacts.api.validation.error","error_message":"jane@example.com"}]',
  );
  expect(error.errorKeys).toEqual(['contacts.api.validation.error']);
  expect(`${error.message} ${String(error.stack)} ${JSON.stringify(error)}`).not.toContain('jane');
});
