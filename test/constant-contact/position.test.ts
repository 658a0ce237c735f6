import { describe, expect, it } from 'vitest';
import {
  checkWalk,
  completePosition,
  parameterOf,
  resizePosition,
} from '../../src/constant-contact/http/position.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const cursor = (text: string) => `cursor=${encodeURIComponent(base64(text))}`;
const LISTS = 'aaaaaaaa-0000-11ee-8000-000000000001,aaaaaaaa-0000-11ee-8000-000000000002';

const walk = (query: object, limit = 50, included = {}) => ({ query, included, limit });
const refused = expect.objectContaining({ kind: 'invalidRequest' });

describe('a position returned by a client', () => {
  it.each([
    ['limit=50&next=2', {}],
    ['limit=50&next=2&status%5B%5D=all', { status: 'all' }],
    ['limit=50&next=2&status[]=all', { status: 'all' }],
    [
      'limit=50&next=2&updated_after=2022-03-11T22%3A09%3A02%2B00%3A00',
      { updated_after: '2022-03-11T22:09:02.000Z' },
    ],
    [`limit=50&lists=${LISTS}&next=abc&at=50`, { lists: LISTS }],
    [
      `limit=50&lists%5B0%5D=${LISTS.split(',')[1] ?? ''}&lists%5B1%5D=${LISTS.split(',')[0] ?? ''}&next=3`,
      { lists: LISTS },
    ],
    ['limit=50&next=2&include=notes%2Ctaggings&include_count=true', {}],
  ])('is accepted with the parameters of its walk in the cursor: %s', (text, query) => {
    expect(checkWalk('getContacts', cursor(text), walk(query))).toBe(cursor(text));
  });

  it.each([
    ['a word', 'cursor=opaque'],
    ['a UUID', 'cursor=7f6c0e52-1b1a-11ee-9a5b-0242ac120002'],
    ['a number', 'cursor=1714340000000'],
    ['base64 of bytes', 'cursor=AQICAHh8kPzv3rQ%2F%2Bw%3D%3D'],
    ['separators', 'cursor=x%3A1714340000000%7C7f6c%3B%40%21%28%29%7B%7D'],
    ['2,000 characters', `cursor=${'Zm9v-_'.repeat(334)}`],
    ['JSON of its own names', cursor('{"k":"abc","n":[1,{"a":null}]}')],
    ['JSON cut short', cursor('{"k":"abc","n":[1,')],
    ['a list in JSON', cursor('["limit",50]')],
    ['a query string of its own names', cursor('p=2&n=50')],
    ['its own name for the position', cursor('limit=50&start=2')],
    ['its own names beside known ones in JSON', cursor('{"v": 1, "offset": 50, "limit": 50, "sort": null}')],
    ['nested filters in JSON', cursor('{"skip":50,"where":{"lists":["a"]},"pageSize":50}')],
    ['escaped values in JSON', cursor('{"offset":50,"last":"Zo\\u00eb\\/"}')],
    ['no base64', `cursor=${encodeURIComponent('{"offset":50,"limit":50}')}`],
    ['a known value in a text', cursor('contacts:limit:50|lists')],
    ['filters next to it', 'cursor=opaque&lists=a&limit=50'],
  ])('is accepted with a token of the API that has %s', (_what, position) => {
    const of = walk({ lists: 'a' });
    const given = completePosition('getContacts', position, 'lists=a&limit=50');
    expect(checkWalk('getContacts', given, of)).toBe(given);
  });

  it.each([
    ['retrieveEmailCampaignsUsingGET', 'limit=50&next=MQ**', {}],
    [
      'findEvents',
      `next=${Buffer.from('{"walk":{"event_status":"ACTIVE"},"limit":50,"key":"a","at":50}').toString('base64url')}`,
      { event_status: 'ACTIVE' },
    ],
    ['findEvents', 'next=one%7Ctwo&limit=50&event_status=ACTIVE', { event_status: 'ACTIVE' }],
    ['getPartnerSiteOwners', 'offset=50&limit=50', {}],
    ['getSocialHashtagGroupsUsingGET', 'page=1&limit=50', {}],
    [
      'getBounces',
      cursor('limit=50&bounce_code%5B%5D=B&bounce_code%5B%5D=D&next=x'),
      { bounce_code: ['B', 'D'] },
    ],
    ['getBounces', 'bounce_code=B&bounce_code=D&limit=50&next=x', { bounce_code: ['B', 'D'] }],
  ] as const)('is accepted with the parameters of its walk next to it: %s %s', (id, position, query) => {
    expect(checkWalk(id, position, walk(query))).toBe(position);
  });

  it.each([
    ['a changed filter', cursor('limit=50&next=2&lists=b')],
    ['a missing filter', cursor('limit=50&next=2')],
    ['an added filter', cursor('limit=50&next=2&lists=a&status=deleted')],
    ['a repeated filter', cursor('limit=50&next=2&lists=a&lists=b')],
    ['a repeated filter, once as a list', cursor('limit=50&next=2&lists=a&lists[]=b')],
    ['a filter in another case', cursor('limit=50&next=2&Lists=a')],
    ['a filter in another encoding', cursor('limit=50&next=2&%6cists=a')],
    ['a filter next to the cursor', `${cursor('limit=50&next=2&lists=a')}&lists=b`],
    ['a filter only next to the cursor', `${cursor('limit=50&next=2')}&email=a`],
    ['another page size', cursor('limit=1&next=2&lists=a')],
    ['no page size', cursor('next=2&lists=a')],
    ['a repeated page size', `${cursor('limit=50&next=2&lists=a')}&limit=50`],
    ['an unknown parameter', cursor('limit=50&next=2&lists=a&admin=true')],
    ['no position', cursor('limit=50&lists=a')],
    ['two positions', `${cursor('limit=50&next=2&lists=a')}&offset=5`],
    ['a position that is a list of parameters', cursor('limit=50&lists=a&next=limit%3D1%26status%3Ddeleted')],
    ['a position that is a cursor', cursor(`limit=50&lists=a&next=${base64('limit=1&next=2')}`)],
    ['a cursor in a cursor', cursor('limit=50&lists=a&next=2&cursor=2')],
    ['base64 of base64', cursor(base64('limit=50&next=2&lists=a'))],
    ['a huge offset', cursor('limit=50&next=2&lists=a&at=99999999999')],
    ['a negative offset', cursor('limit=50&next=2&lists=a&at=-1')],
    ['trailing junk', `${cursor('limit=50&next=2&lists=a')}AA`],
    ['junk in the middle', `cursor=${base64('limit=50&next=2&lists=a').replace(/^(....)/, '$1.')}`],
    ['an empty cursor', 'cursor='],
    ['a filter next to an opaque cursor', 'cursor=opaque&lists=b'],
    ['an added filter next to an opaque cursor', 'cursor=opaque&status=deleted'],
    ['another page size next to an opaque cursor', 'cursor=opaque&limit=1'],
    ['another page size in a token of the API’s own names', cursor('limit=1&start=2')],
    ['a filter in another case in such a token', cursor('limit=50&start=2&Lists=a')],
    ['a changed filter in a JSON token', cursor('{"v":1,"offset":50,"filters":{"lists":["b"]}}')],
    ['a changed filter in another case in a JSON token', cursor('{"limit":50,"skip":2,"Lists":"b"}')],
    ['a changed filter with escaped letters', cursor('{"skip":2,"l\\u0069sts":"b"}')],
    ['a changed filter in a token without base64', `cursor=${encodeURIComponent('offset=50&lists=b')}`],
    ['a position backwards', 'prev=2&limit=50&lists=a'],
    ['plain parameters without a token', 'limit=50&lists=b&next=2'],
    ['a token under another name', `next=${base64('limit=50&next=2&lists=b')}&limit=50&lists=a`],
  ])('is rejected with %s', (_what, position) => {
    expect(() => checkWalk('getContacts', position, walk({ lists: 'a' }))).toThrow(refused);
  });

  it.each([
    ['another order', '{"walk":{"event_status":"ACTIVE","sort_by":"name"},"limit":50,"key":"a","at":50}'],
    ['no filter', '{"walk":{},"limit":50,"key":"a","at":50}'],
    ['a repeated key', '{"walk":{"event_status":"ACTIVE"},"limit":50,"limit":1,"key":"a","at":50}'],
    ['a key in another case', '{"walk":{"EVENT_STATUS":"ACTIVE"},"limit":50,"key":"a","at":50}'],
    ['an escaped key', '{"walk":{"event_status":"ACTIVE"},"limit":50,"lim\\u0069t":1,"key":"a","at":50}'],
    ['another nested page size', '{"walk":{"event_status":"ACTIVE","limit":1},"limit":50,"key":"a","at":50}'],
    ['invalid JSON', '{"walk":{"event_status":"ACTIVE"},"limit":50,'],
  ])('is rejected when its JSON has %s', (_what, json) => {
    const position = `next=${Buffer.from(json).toString('base64url')}`;
    expect(() => checkWalk('findEvents', position, walk({ event_status: 'ACTIVE' }))).toThrow(refused);
  });

  it('may include more per row than requested, but no other values', () => {
    const lists = (text: string, included: object) =>
      checkWalk('getLists', cursor(text), walk({}, 50, included));
    expect(lists('limit=50&next=2&include_membership_count=all', {})).toBeTruthy();
    expect(lists('limit=50&next=2', { include_membership_count: 'all' })).toBeTruthy();
    expect(() =>
      lists('limit=50&next=2&include_membership_count=active', { include_membership_count: 'all' }),
    ).toThrow(refused);
    const activity = (text: string) => checkWalk('getContactTracking', cursor(text), walk({}));
    expect(() => activity('limit=50&next=2&include_campaign_activity_names=false')).toThrow(refused);
  });
});

describe('a position from the API', () => {
  it('is completed with the parameters that a link omits', () => {
    const first = 'event_status=ACTIVE&include=x&limit=50';
    const next = completePosition('findEvents', 'next=abc', first);
    expect(next).toBe('next=abc&event_status=ACTIVE&include=x&limit=50');
    expect(completePosition('findEvents', 'next=def', next)).toBe(
      'next=def&event_status=ACTIVE&include=x&limit=50',
    );
    expect(completePosition('findEvents', 'next=abc&limit=20', first)).toBe(
      'next=abc&limit=20&event_status=ACTIVE&include=x',
    );
  });

  it('is unchanged where its token has them', () => {
    const token = Buffer.from('{"walk":{"event_status":"ACTIVE"},"limit":50,"key":"a","at":50}').toString(
      'base64url',
    );
    expect(completePosition('findEvents', `next=${token}`, 'event_status=ACTIVE&limit=50')).toBe(
      `next=${token}`,
    );
    const full = cursor('limit=50&lists=a&next=2');
    expect(completePosition('getContacts', full, 'include_count=true&lists=a&limit=50')).toBe(full);
  });

  it('is completed with the parameters that its token lacks, and keeps those it has', () => {
    expect(completePosition('getContacts', cursor('limit=50&next=2'), 'lists=a&limit=500')).toBe(
      `${cursor('limit=50&next=2')}&lists=a`,
    );
  });

  it('is completed only with those that every page needs where its token is opaque', () => {
    const first = 'end_at=2026-02-01&limit=50&start_at=2026-01-01';
    const next = completePosition('getAllBulkSmsCampaignSummaries', 'cursor=x.y', first);
    expect(next).toBe('cursor=x.y&start_at=2026-01-01');
    const of = walk({ start_at: '2026-01-01', end_at: '2026-02-01' });
    expect(checkWalk('getAllBulkSmsCampaignSummaries', next, of)).toBe(next);
    expect(() => checkWalk('getAllBulkSmsCampaignSummaries', 'cursor=x.y', of)).toThrow(refused);
  });

  it('exposes its parameters', () => {
    expect(parameterOf('getContacts', cursor('limit=50&next=2&include=notes'), 'include')).toBe('notes');
    expect(parameterOf('getContacts', cursor('limit=50&next=2'), 'include')).toBeUndefined();
    expect(parameterOf('getContacts', 'cursor=opaque', 'limit')).toBeUndefined();
  });
});

describe('a position converted to another page size', () => {
  it.each([
    ['next to the position', 'next=7&limit=1000&status=all', 'next=7&limit=500&status=all'],
    ['in its token', cursor('status=all&limit=1000&next=7'), cursor('status=all&limit=500&next=7')],
    [
      'in a JSON token',
      `next=${encodeURIComponent(base64('{"limit":1000,"key":"a_limit=1000"}'))}`,
      `next=${encodeURIComponent(base64('{"limit":500,"key":"a_limit=1000"}'))}`,
    ],
    [
      'in a token without base64',
      `next=${encodeURIComponent('limit=1000&offset=7')}`,
      `next=${encodeURIComponent('limit=500&offset=7')}`,
    ],
    ['nowhere', 'next=7&name=limit%3D1000', 'next=7&name=limit%3D1000'],
  ])('has the new size %s', (_where, position, expected) => {
    expect(resizePosition('getLists', position, 500)).toBe(expected);
  });
});
