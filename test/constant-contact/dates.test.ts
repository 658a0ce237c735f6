import { describe, expect, it } from 'vitest';
import { formatQueryDate, isoTime, parseDate } from '../../src/constant-contact/dates.js';
import { ConstantContactError } from '../../src/constant-contact/errors.js';
import { generator } from '../support/random.js';

describe('parseDate reads', () => {
  it.each([
    ['2026-04-28T21:46:22Z', '2026-04-28T21:46:22.000Z'],
    ['2016-01-23T13:48:44.108Z', '2016-01-23T13:48:44.108Z'],
    ['2016-03-03T10:53:04-05:00', '2016-03-03T15:53:04.000Z'],
    ['2016-03-03T15:53:04.000+00:00', '2016-03-03T15:53:04.000Z'],
    ['2026-02-05T07:32:49.766+0000', '2026-02-05T07:32:49.766Z'],
    ['2019-01-01T00:00:00-0500', '2019-01-01T05:00:00.000Z'],
    ['2023-01-23 06:09:23 -0800', '2023-01-23T14:09:23.000Z'],
    ['2023-01-23 06:09:23', '2023-01-23T06:09:23.000Z'],
    ['2022-05-17', '2022-05-17T00:00:00.000Z'],
    ['2022-05-17T08:30Z', '2022-05-17T08:30:00.000Z'],
    ['2022-05-17T08:30:00+05', '2022-05-17T03:30:00.000Z'],
    ['2022-05-17t08:30:00.123456789z', '2022-05-17T08:30:00.123Z'],
    ['2022-05-17T08:30:00.123456789012Z', '2022-05-17T08:30:00.123Z'],
    ['2022-05-17T08:30:00.1Z', '2022-05-17T08:30:00.100Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    [' 2022-05-17 ', '2022-05-17T00:00:00.000Z'],
    ['1767225600', '2026-01-01T00:00:00.000Z'],
    ['1767225600123', '2026-01-01T00:00:00.123Z'],
  ])('%s', (text, iso) => {
    expect(parseDate(text)?.toISOString()).toBe(iso);
  });
});

describe('parseDate returns null for', () => {
  it.each([
    null,
    undefined,
    '',
    '0',
    'P0D',
    'yesterday',
    '2022-02-30',
    '2023-02-29',
    '2022-13-01',
    '2022-05-17T24:00:00Z',
    '2022-05-17T08:61:00Z',
    '2022-05-17T08:30:00+99:00',
    '5/17/2022',
    '2022-05-17T08:30:00Z; DROP TABLE',
    '2022-05-17\n2022-05-18',
    123 as unknown as string,
    {} as unknown as string,
  ])('%s', (text) => {
    expect(parseDate(text)).toBeNull();
  });
});

it('formatQueryDate returns ISO 8601 in UTC', () => {
  expect(formatQueryDate(new Date('2019-01-01T00:00:00-05:00'))).toBe('2019-01-01T05:00:00.000Z');
  expect(() => formatQueryDate(new Date(NaN))).toThrow(ConstantContactError);
});

describe('isoTime', () => {
  it('returns the same as parseDate for any text', () => {
    const random = generator(3);
    const digit = () => String(Math.floor(random() * 10));
    const spoilt = ['x', ' ', '-', ':', 'T', 'z', '٣', ''];
    let read = 0;
    for (let round = 0; round < 5_000; round += 1) {
      let text = `20${digit()}${digit()}-${String(Math.floor(random() * 14)).padStart(2, '0')}-${String(Math.floor(random() * 33)).padStart(2, '0')}T${'xx:xx:xxZ'.replace(/x/g, digit)}`;
      if (random() < 0.2) {
        const at = Math.floor(random() * text.length);
        text = text.slice(0, at) + (spoilt[Math.floor(random() * spoilt.length)] ?? '') + text.slice(at + 1);
      }
      const expected = parseDate(text)?.toISOString() ?? null;
      if (expected !== null) read += 1;
      expect(isoTime(text), text).toBe(expected);
    }
    expect(read).toBeGreaterThan(100);
    for (const text of [null, undefined, '', '2026-02-30T00:00:00Z', '0000-01-01T00:00:00Z', '2022-05-17']) {
      expect(isoTime(text)).toBe(parseDate(text)?.toISOString() ?? null);
    }
  });
});
