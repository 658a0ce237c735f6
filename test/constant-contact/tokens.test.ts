import { describe, expect, it } from 'vitest';
import { rawPage, type RawRows } from '../../src/constant-contact/raw-rows.js';
import { giveBack, Token, tokensOf } from '../../src/constant-contact/tokens.js';
import { generator } from '../support/random.js';

/** The value that a token stands for, with the names of properties as the text has them. */
function valueAt(bytes: Buffer, tokens: Int32Array, at: number): unknown {
  const text = bytes.toString('utf8', tokens[at + Token.START], tokens[at + Token.END]);
  const within: number[] = [];
  for (let place = at + Token.SIZE; place < tokens[at + Token.NEXT]!; place = tokens[place + Token.NEXT]!)
    within.push(place);
  if (text.startsWith('[')) return within.map((place) => valueAt(bytes, tokens, place));
  if (!text.startsWith('{')) return JSON.parse(text);
  return Object.fromEntries(
    within.map((place) => {
      const start = tokens[place + Token.NAME]!;
      return [
        bytes.toString('utf8', start, bytes.indexOf('"', start)),
        valueAt(bytes, tokens, place),
      ] as const;
    }),
  );
}

function read(text: string | Buffer): unknown {
  const bytes = Buffer.from(text as string);
  const tokens = tokensOf(bytes);
  return tokens && { value: valueAt(bytes, tokens, 0) };
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('tokens', () => {
  it.each([
    '{}',
    ' [ ] ',
    '{"a":{"b":[1,{"c":"d"},[]],"e":{}},"f":-1.5e+3}',
    '\n{\t"a" :\r1 , "b": [ true , false ] }\n',
    '"text alone"',
    '{"a":null,"ä":"日本 😀","":""}',
    String.raw`{"a":"\"\\\/\b\f\n\r\t\u00e9\uD83D"}`,
    nested(64),
    '{"a":1,"a":2}',
  ])('are where the values of %s are', (text) => {
    expect(read(text)).toEqual({ value: JSON.parse(text) });
  });

  it.each([
    ['nothing', ''],
    ['what is cut off', '{"a":"b'],
    ['what goes on', '{} {}'],
    ['a byte order mark', '\ufeff{}'],
    ['a null in a list', '{"a":[1,null]}'],
    ['an escape in a name', String.raw`{"\u0061":1}`],
    ['more depth than there is room for', nested(65)],
    ['malformed UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['more than 4 MB', JSON.stringify('x'.repeat(4 * 1024 * 1024))],
  ])('are not looked for in %s', (_, text) => {
    expect(read(text)).toBeNull();
  });

  it('are found in whatever is JSON, and in nothing else', () => {
    const random = generator(3);
    const pieces = [
      ...['{', '}', '[', ']', ',', ':', '"a"', '"b"', '"x', '"', '{"k":1}', '[1,2]', '{}', '"é"'],
      ...[
        ' ',
        '\n',
        '\u0001',
        '\\',
        String.raw`"\n"`,
        String.raw`"\u12aF"`,
        String.raw`"\u12g"`,
        String.raw`"\x"`,
      ],
      ...['1', '-', '0', '01', '-0', '1.5', '1e5', '1.', '.5', '11', 'true', 'tru', 'null', 'false', '1-1'],
    ];
    const some = () => pieces[Math.floor(random() * pieces.length)] ?? '';
    let found = 0;
    for (let round = 0; round < 40_000; round += 1) {
      const text = Array.from({ length: 1 + Math.floor(random() * 8) }, some).join('');
      const tokens = read(text);
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        expect(tokens, text).toBeNull();
        continue;
      }
      // A null that is no property, and an escape in a name, are the parser's.
      if (tokens === null) expect(text).toMatch(/(^|[[,])\s*null|"\\[^"]+"\s*:/);
      else {
        expect(tokens, text).toEqual({ value });
        found += 1;
      }
    }
    expect(found).toBeGreaterThan(1_000);
  });

  it('have room that others have used, and no less than they need', () => {
    const large = Buffer.from(JSON.stringify(Array.from({ length: 5_000 }, (_, at) => ({ at }))));
    const tokens = tokensOf(large)!;
    expect((valueAt(large, tokens, 0) as unknown[]).at(-1)).toEqual({ at: 4_999 });
    giveBack(tokens);
    expect(read('{"a":1}')).toEqual({ value: { a: 1 } });
  });
});

describe('a page that is not parsed', () => {
  const page = (text: string) => rawPage(Buffer.from(text), 'rows');
  const all = (rows: RawRows<unknown> | undefined) => [...(rows ?? [])];

  it('is its rows, and what it has beside them', () => {
    const text = '{"total":3,"rows":[{"a":"ä"},{"b":[1]},"text"],"_links":{"next":{"href":"/x?y=1"}}}';
    const { rows, rest } = page(text)!;
    expect(rest).toEqual({ total: 3, _links: { next: { href: '/x?y=1' } } });
    expect(rows).toHaveLength(3);
    expect(all(rows)).toEqual([{ a: 'ä' }, { b: [1] }, 'text']);
    expect(all(rows.head(2))).toEqual([{ a: 'ä' }, { b: [1] }]);
    expect(rows.head(2)).toHaveLength(2);
    expect(rows.head(3)).toBe(rows);
  });

  it('may be looked at as often as anybody likes, by whoever looks first', () => {
    const { rows } = page('{"rows":[{"a":1},{"a":2}]}')!;
    const first = () => rows.look((bytes, tokens, at) => valueAt(bytes, tokens, at));
    expect(first()).toEqual({ a: 1 });
    // Meanwhile others use the room that its tokens were in.
    page('{"other":[[],[],[]],"rows":[]}');
    expect(first()).toEqual({ a: 1 });
    expect(all(rows)).toEqual([{ a: 1 }, { a: 2 }]);
    expect(first()).toEqual({ a: 1 });
  });

  it('has the last of the properties of one name, as a parser does', () => {
    const { rows, rest } = page('{"rows":[1],"a":1,"rows":[2],"a":2}')!;
    expect(all(rows)).toEqual([2]);
    expect(rest).toEqual({ a: 2 });
  });

  it.each([
    ['without rows', '{"total":0}'],
    ['whose rows are null', '{"rows":null}'],
    ['whose rows are no list', '{"rows":{}}'],
    ['that is a list', '[{"rows":[]}]'],
    ['with a property that is a prototype elsewhere', '{"__proto__":{},"rows":[]}'],
    ['with a null among its rows', '{"rows":[null]}'],
    ['that is no JSON', '<html>'],
  ])('is none %s', (_, text) => {
    expect(page(text)).toBeNull();
  });
});
