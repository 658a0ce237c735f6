import { describe, expect, it } from 'vitest';
import { decodeText } from '../../src/constant-contact/http/decode-text.js';
import { generator } from '../support/random.js';

const bytes = (...parts: (string | number[])[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));

const MARK = [0xef, 0xbb, 0xbf];

describe('decodeText', () => {
  it.each([
    ['nothing', bytes()],
    ['ASCII', bytes('{"a": 1}')],
    ['letters of two, three and four bytes', bytes('Zoë – 日本 😀')],
    ['a byte order mark before ASCII', bytes(MARK, '{}')],
    ['a byte order mark before more', bytes(MARK, 'ë')],
    ['two byte order marks', bytes(MARK, MARK, 'ë')],
    ['a byte order mark alone', bytes(MARK)],
    ['half a byte order mark', bytes(MARK.slice(0, 2))],
    ['a truncated character', bytes('a', [0xe2, 0x82])],
    ['a continuation byte without a start', bytes('a', [0x80], 'b')],
    ['an overlong encoding', bytes([0xc0, 0xaf])],
    ['half a surrogate pair', bytes([0xed, 0xa0, 0x80])],
    ['a code point above U+10FFFF', bytes([0xf5, 0x80, 0x80, 0x80])],
    ['a NUL character', bytes('a\0b')],
  ])('decodes %s like TextDecoder', (_, given) => {
    expect(decodeText(given)).toBe(new TextDecoder().decode(given));
  });

  it('decodes any bytes like TextDecoder', () => {
    const random = generator(7);
    const pieces = ['a', 'ë', '日', '😀', MARK, ...[0x80, 0xc3, 0xe2, 0xf0, 0xff].map((byte) => [byte])];
    const some = () => pieces[Math.floor(random() * pieces.length)] ?? '';
    for (let round = 0; round < 500; round += 1) {
      const given = bytes(...Array.from({ length: Math.floor(random() * 12) }, some));
      expect(decodeText(given), given.toString('hex')).toBe(new TextDecoder().decode(given));
    }
  });
});
