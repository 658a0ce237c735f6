import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor, scopeOf } from '../../src/resolvers/support/cursor.js';
import { InputError } from '../../src/resolvers/support/input-error.js';

const scope = scopeOf('getContacts', null, { status: 'all' });
const by = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('cursors', () => {
  it.each([
    { position: null, limit: 50, index: 12 },
    { position: 'cursor=bGltaXQ9NTA', limit: 50, index: 0 },
  ])('decode to the encoded value: %o', (cursor) => {
    expect(decodeCursor(scope, encodeCursor(scope, cursor), ['after'])).toEqual(cursor);
  });

  it('are rejected by a connection with other filters, with an error that says so', () => {
    const cursor = encodeCursor(scopeOf('getContacts', null, { status: 'active' }), {
      position: null,
      limit: 50,
      index: 1,
    });
    expect(() => decodeCursor(scope, cursor, ['after'])).toThrow(/other filters/);
  });

  it.each([
    ['invalid base64', '*** not a cursor ***'],
    ['invalid JSON', Buffer.from('hello').toString('base64url')],
    ['another version', by([2, scope, null, 50, 1])],
    ['a missing part', by([1, scope, null, 50])],
    ['a negative index', by([1, scope, null, 50, -1])],
    ['a fraction', by([1, scope, null, 50, 1.5])],
    ['a huge page', by([1, scope, null, 1e9, 1])],
    ['an empty position', by([1, scope, '', 50, 1])],
    ['a position that is not a string', by([1, scope, { href: '/v3/contact_lists' }, 50, 1])],
    ['an additional part', by([1, scope, null, 50, 1, 'notes'])],
    ['a row beyond its page', by([1, scope, 'cursor=bGltaXQ9NTA', 50, 51])],
    ['an index beyond every first page', by([1, scope, null, 50, 10_001])],
    ['keys instead of parts', by({ 0: 1, 1: scope, 2: null, 3: 50, 4: 1, length: 5 })],
    ['spaces', Buffer.from(JSON.stringify([1, scope, null, 50, 1], null, 1)).toString('base64url')],
    ['base64 of base64', Buffer.from(by([1, scope, null, 50, 1])).toString('base64url')],
    ['trailing junk', `${by([1, scope, null, 50, 1])}AA`],
    ['an endless text', 'A'.repeat(15_000)],
  ])('are rejected when forged: %s', (_name, text) => {
    expect(() => decodeCursor(scope, text, ['after'])).toThrow(InputError);
  });
});
