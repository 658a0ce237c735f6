import { describe, expect, it } from 'vitest';
import {
  decodeGlobalId,
  encodeGlobalId,
  idParts,
  rawId,
  rawIds,
} from '../../src/resolvers/support/global-id.js';
import { InputError } from '../../src/resolvers/support/input-error.js';

const uuid = '9a1b2c3d-4e5f-11ee-8c99-0242ac120002';

describe('global ids', () => {
  it('contain the type and every part of the raw id', () => {
    const id = encodeGlobalId('EventRegistration', uuid, 's8zabc', uuid);
    expect(decodeGlobalId(id)).toEqual({ type: 'EventRegistration', parts: [uuid, 's8zabc', uuid] });
    expect(idParts('EventRegistration', id, [])).toEqual([uuid, 's8zabc', uuid]);
  });

  it('are accepted by arguments, like raw ids', () => {
    expect(rawId('Contact', uuid, ['id'])).toBe(uuid);
    expect(rawId('Contact', encodeGlobalId('Contact', uuid), ['id'])).toBe(uuid);
    expect(rawId('Segment', 42, ['id'])).toBe('42');
  });

  it('of another type are rejected by name', () => {
    expect(() => rawId('Contact', encodeGlobalId('Tag', uuid), ['id'])).toThrow(
      'This is the ID of a Tag, not of a Contact.',
    );
  });

  it.each([
    '../contact_lists/x',
    'a?b=c',
    '.',
    '..',
    '%2e%2e',
    '',
    ' ',
    `${uuid}/x`,
    'x'.repeat(500),
    '__proto__',
    'Contact:1',
    '\u0000',
  ])('that are malformed are rejected: %j', (id) => {
    expect(decodeGlobalId(id)).toBeNull();
    expect(() => rawId('Contact', id, ['id'])).toThrow(InputError);
  });

  it('of segments contain integers, also beyond 2^53', () => {
    expect(rawId('Segment', '2147483647', ['id'])).toBe('2147483647');
    expect(rawId('Segment', '9007199254740993', ['id'])).toBe('9007199254740993');
    for (const id of ['99999999999999999999', '-1', '1.5', encodeGlobalId('Segment', '1e3')])
      expect(() => rawId('Segment', id, ['id'])).toThrow(InputError);
  });

  it('that contain a path are rejected', () => {
    expect(decodeGlobalId(Buffer.from('Contact:../contact_lists').toString('base64'))).toBeNull();
    expect(decodeGlobalId(Buffer.from('constructor:x').toString('base64'))).toBeNull();
  });

  it('in lists are deduplicated and keep their order', () => {
    const other = '1a1b2c3d-4e5f-11ee-8c99-0242ac120002';
    expect(rawIds('Tag', [uuid, other, encodeGlobalId('Tag', uuid)], ['ids'], { max: 2 })).toEqual([
      uuid,
      other,
    ]);
  });

  it('in lists are limited, and the error names the limit and the field', () => {
    const many = Array.from(
      { length: 51 },
      (_, index) => `${String(index).padStart(8, '0')}-4e5f-11ee-8c99-0242ac120002`,
    );
    expect(() => rawIds('ContactList', many, ['input', 'listIds'], { max: 50 })).toThrow(
      expect.objectContaining({
        code: 'TOO_MANY',
        field: ['input', 'listIds'],
        message: expect.stringContaining('50') as string,
      }),
    );
    expect(() => rawIds('ContactList', [], ['input', 'listIds'], { max: 50 })).toThrow(
      expect.objectContaining({ code: 'REQUIRED' }),
    );
  });
});
