import { describe, expect, it } from 'vitest';
import { checkPosition, nextPage } from '../../src/constant-contact/http/paging.js';

const contacts = (body: unknown, current: string | null = null) =>
  nextPage('getContacts', body as never, current);
const linkTo = (href: unknown) => ({ contacts: [], _links: { next: { href } } });

describe('the last page', () => {
  it.each([
    {},
    { _links: null },
    { _links: {} },
    { _links: [] },
    { _links: { next: null } },
    { _links: { next: {} } },
    linkTo(null),
    linkTo(undefined),
    linkTo(''),
    linkTo(5),
    linkTo('some text'),
    [],
    undefined,
    null,
  ])('is recognised by %j', (body) => {
    expect(contacts(body)).toBeNull();
  });

  it('is also a page whose link leads back to itself', () => {
    expect(contacts(linkTo('/v3/contacts?cursor=abc'), 'cursor=abc')).toBeNull();
  });

  it('is also a page whose link has no position', () => {
    expect(contacts(linkTo('/v3/contacts'))).toBeNull();
    expect(contacts(linkTo('/v3/contacts?'))).toBeNull();
  });
});

describe('the position of the next page', () => {
  it.each([
    '/v3/contacts?cursor=abc',
    'https://api.cc.email/v3/contacts?cursor=abc',
    'http://127.0.0.1:8080/v3/contacts?cursor=abc',
    'https://gateway.example/mirror/v3/contacts?cursor=abc',
    '/contacts?cursor=abc',
    '/v3/contacts/?cursor=abc',
    '/v3/contacts?cursor=abc#top',
    '/v3/contacts?&cursor=abc&',
  ])('is found in %s', (href) => {
    expect(contacts(linkTo(href))).toBe('cursor=abc');
  });

  it('is found where a next link is nested once more, or is the text itself', () => {
    expect(
      nextPage(
        'getTags',
        { _links: { next: { next: { href: '/v3/contact_tags?cursor=x' } } } } as never,
        null,
      ),
    ).toBe('cursor=x');
    expect(contacts({ _links: { next: '/v3/contacts?cursor=x' } })).toBe('cursor=x');
  });

  it('keeps values character by character', () => {
    const query = 'cursor=bGltaXQ9MSZuZXh0PTE+/w==&lists=a,b&email=a%2Bb%40example.com&limit=500';
    expect(contacts(linkTo(`/v3/contacts?${query}`))).toBe(query);
  });

  it('encodes values that a link did not encode', () => {
    expect(contacts(linkTo('/v3/contacts?cursor=a b;c"d|é'))).toBe('cursor=a%20b%3Bc%22d%7C%C3%A9');
  });

  it('may contain any id, since only its query is used, with the path of the request', () => {
    const next = (path: string) =>
      nextPage('getOpens', { _links: { next: { href: `${path}?cursor=x` } } } as never, null);
    expect(next('/v3/reports/email_reports/another/tracking/opens')).toBe('cursor=x');
    expect(() => next('/v3/reports/email_reports/another/tracking/sends')).toThrow(
      expect.objectContaining({ kind: 'invalidResponse', operationId: 'getOpens' }),
    );
  });

  it.each([
    '/v3/contact_lists?cursor=abc',
    '/v3/contacts/1?cursor=abc',
    '/v3/partner/contacts?cursor=abc',
    '/v2/contacts?cursor=abc',
    '/v3/contacts/../account/summary?cursor=abc',
    'ftp://api.cc.email/v3/contacts?cursor=abc',
    'javascript:alert(1)',
    'http://',
    '/v3/contacts?%63olour=red',
    '/v3/contacts?cursor=a&cursor=b',
    '/v3/contacts?cursor=%00',
    '/v3/contacts?cursor=%0d%0aHost:evil',
    '/v3/contacts?cursor=%ff',
    '/v3/contacts?cursor=%zz',
    `/v3/contacts?cursor=${'a'.repeat(8_200)}`,
  ])('is not found in %s, which is an invalid response', (href) => {
    expect(() => contacts(linkTo(href))).toThrow(expect.objectContaining({ kind: 'invalidResponse' }));
  });
});

describe('a position returned by a client', () => {
  it.each([
    'cursor=abc',
    'limit=50&page=2',
    'offset=10&limit=10',
    'next=abc',
    'prev=abc',
    'cursor=bGltaXQ9MQ==&lists=a,b',
    'segment_id=5&limit=100',
  ])('%s is accepted unchanged', (position) => {
    expect(checkPosition('getContacts', position)).toBe(position);
  });

  it('may repeat parameters that the API repeats', () => {
    expect(checkPosition('getBounces', 'bounce_code=B&bounce_code=D&cursor=x')).toContain('bounce_code=D');
  });

  it.each([
    '',
    '?cursor=a',
    '&cursor=a',
    'cursor=a&',
    'cursor',
    '=a',
    'cursor=a#b',
    'cursor=a b',
    'cursor=a\r\nHost: evil',
    'cursor=a;limit=5',
    'cursor=a&cursor=b',
    'limit=5&limit=500',
    'curso%72=a',
    'cursor[]=a',
    'Cursor=a',
    'colour=red',
    'cursor=%',
    'cursor=%0a',
    'cursor=%7f',
    'cursor=%c3',
    'cursor=ü',
    '../contact_lists?cursor=a',
    '/v3/contact_lists?cursor=a',
    'http://evil.example/?cursor=a',
    'constructor=a',
    '__proto__=a',
    `cursor=${'a'.repeat(8_200)}`,
  ])('%s is rejected', (position) => {
    expect(() => checkPosition('getContacts', position)).toThrow(
      expect.objectContaining({ kind: 'invalidRequest' }),
    );
  });
});
