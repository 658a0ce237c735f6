import { afterEach, describe, expect, it } from 'vitest';
import { startFacade, type TestFacade } from '../support/facade.js';
import { generator } from '../support/random.js';
import { startUpstream, type Upstream } from '../support/upstream.js';

/**
 * Rows that a query takes as they are come into its answer as bytes of what the API sent. Whatever they are, the answer has to
 * be that of the interpreter, which knows nothing of that.
 */
let upstream: Upstream;
let copying: TestFacade;
let interpreting: TestFacade;

async function answering(body: (url: URL) => string): Promise<void> {
  upstream = await startUpstream((response, { url }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(body(new URL(url, 'http://upstream')));
  });
  copying = startFacade(upstream.url, { planFrom: 1, direct: true });
  interpreting = startFacade(upstream.url, { planFrom: Infinity });
}

afterEach(async () => {
  await copying.close();
  await interpreting.close();
  await upstream.close();
});

const page = (rows: string, rest = '') => `{"contacts":[${rows}]${rest}}`;
/** A text that no parser would write that way: where it comes out as it went in, it was copied. */
const TELLTALE = String.raw`"1\/2"`;
const WRITTEN = '"1/2"';

async function same(query: string, variables: Record<string, unknown> = {}): Promise<any> {
  const [copied, interpreted]: any[] = [
    await copying.query({ query, variables }),
    await interpreting.query({ query, variables }),
  ];
  for (const { errors, extensions } of [copied, interpreted]) {
    for (const error of errors ?? []) delete error.extensions?.requestId;
    delete extensions?.upstream?.waitedMs;
  }
  expect(copied, query).toEqual(interpreted);
  expect(JSON.stringify(copied.data)).toBe(JSON.stringify(interpreted.data));
  return copied;
}

describe('rows that a query takes as they are', () => {
  it.each([
    '{ contacts { nodes { firstName } } }',
    '{ contacts { nodes { __typename firstName } pageInfo { endCursor } } }',
    '{ contacts(first: 1) { nodes { other: firstName emailAddress { address } } totalCount } }',
    'query { contacts { nodes { ...A ... on Contact { lastName } } } } fragment A on Contact { firstName lastName }',
    '{ a: contacts { nodes { firstName } } b: contacts { nodes { firstName lastName } } rateLimit { __typename } }',
  ])('are copied: %s', async (query) => {
    await answering(() => page(`{"contact_id":"1","first_name":${TELLTALE}},{"first_name":${TELLTALE}}`));
    const text = await copying.text({ query });
    expect(text).toContain(TELLTALE);
    expect(text).not.toContain(WRITTEN);
    await same(query);
    // One for each of the three.
    expect(upstream.requests).toHaveLength(3);
  });

  it.each([
    '{ contacts { edges { node { firstName } } } }',
    '{ contacts { nodes { firstName tags { name } } } }',
    '{ contacts { nodes { firstName birthday { month } } } }',
    '{ contacts { nodes { firstName } } lists: contactLists { nodes { membershipCount } } }',
    '{ contacts { nodes { firstName emailAddress { address contact { lastName } } } } }',
  ])('are no others: %s', async (query) => {
    await answering(({ pathname }) =>
      pathname.endsWith('/contacts') ? page(`{"contact_id":"1","first_name":${TELLTALE}}`) : '{"lists":[]}',
    );
    expect(await copying.text({ query })).toContain(WRITTEN);
    await same(query);
  });

  it('are copied from the first of several pages only where it is enough', async () => {
    const next = ',"_links":{"next":{"href":"/v3/contacts?cursor=2"}}';
    const row = (at: number) => `{"contact_id":"${String(at)}","first_name":${TELLTALE}}`;
    await answering(({ searchParams }) =>
      searchParams.has('cursor') ? page(`${row(3)},${row(2)}`) : page(`${row(1)},${row(2)}`, next),
    );
    const query =
      'query ($first: Int) { contacts(first: $first) { nodes { contactId firstName } pageInfo { endCursor hasNextPage } } }';
    for (const first of [1, 2]) {
      expect(await copying.text({ query, variables: { first } })).toContain(TELLTALE);
      const { data } = await same(query, { first });
      const { endCursor } = data.contacts.pageInfo;
      const after = `query { contacts(first: 2, after: "${String(endCursor)}") { nodes { contactId } } }`;
      expect((await same(after)).data.contacts.nodes[0]).toEqual({ contactId: String(first + 1) });
    }
    // The second page repeats a row of the first.
    expect(await copying.text({ query, variables: { first: 4 } })).toContain(WRITTEN);
    expect((await same(query, { first: 4 })).data.contacts.nodes).toHaveLength(3);
  });

  it('share one call with a query that looks into them', async () => {
    await answering(() =>
      page(`{"contact_id":"1","first_name":${TELLTALE},"birthday_month":2,"birthday_day":3}`),
    );
    const [text, looking] = await Promise.all([
      copying.text({ query: '{ contacts { nodes { firstName } } }' }),
      copying.query({ query: '{ contacts { nodes { firstName birthday { day } } } }' }),
    ]);
    expect(text).toContain(TELLTALE);
    expect(looking.data).toEqual({ contacts: { nodes: [{ firstName: '1/2', birthday: { day: 3 } }] } });
    expect(upstream.requests).toHaveLength(1);
  });

  it('may have the same property under several names, however long it is', async () => {
    const long = JSON.stringify('long '.repeat(8_000));
    await answering(() => page(`{"contact_id":"1","job_title":${long},"email_address":{"address":${long}}}`));
    const titles = (count: number) =>
      Array.from({ length: count }, (_, at) => `t${String(at)}: jobTitle`).join(' ');
    const address = 'emailAddress { x: address y: address z: address }';
    await same(`{ contacts { nodes { ${titles(8)} a: ${address} b: ${address} } } }`);
    await same(`{ contacts { nodes { ${titles(12)} } } }`);
  });

  it('leave room for what an answer has beside them, however much', async () => {
    await answering(() => page(`{"first_name":${TELLTALE}}`));
    const names = Array.from({ length: 60 }, (_, at) => `lists${String(at)}: __typename`).join(' ');
    const text = await copying.text({
      query: `{ ${names} contacts { nodes { firstName } } last: __typename }`,
    });
    expect(text).toContain(TELLTALE);
    await same(
      `{ ${names} contacts { nodes { firstName } } last: __typename ${names.replaceAll('lists', 'more')} }`,
    );
  });
});

describe('whatever rows are, the answer is the same', () => {
  const QUERIES = [
    `{ id contactId firstName lastName jobTitle createSource createSourceRaw updateSource createdAt updatedAt
       emailAddress { address permissionToSend createdAt optInDate __typename } }`,
    '{ firstName smsChannel { smsAddress } emailAddress { address optOutDate confirmStatusRaw } }',
    '{ firstName createdAt }',
  ].map((fields) => `{ contacts { nodes ${fields} } }`);

  const VALUES = [
    ...['null', '1', '-2.5', 'true', '{}', '[]', '["a"]', '{"address":"a@example.org"}'],
    ...[
      '""',
      '"Zoë"',
      '"日本 😀"',
      '"a b"',
      String.raw`"\"quoted\" \\ \/ \u00e9 \n\t"`,
      String.raw`"\ud83d"`,
    ],
    ...['"explicit"', '"EXPLICIT"', '"Contact"', '"never seen"', JSON.stringify('long '.repeat(100))],
  ];
  const TIMES = [
    ...['2026-03-04T05:06:07Z', '2026-03-04T05:06:07.108Z', '2026-03-04T05:06:07-05:00', '2026-03-04'],
    ...['2024-02-29T00:00:00Z', '2023-02-29T00:00:00Z', '2026-04-31T00:00:00Z', '2026-13-01T00:00:00Z'],
    ...['2026-00-10T00:00:00Z', '2026-01-00T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01T00:60:00Z'],
    ...['2026-01-01T00:00:60Z', '2026-01-01t00:00:00z', '2026-01-01 00:00:00Z', '202a-01-01T00:00:00Z'],
    ...['9999-12-31T23:59:59-05:00', '0000-01-01T00:00:00Z', '1772600767', 'soon', '2026-1-01T00:00:000Z'],
  ].map((time) => JSON.stringify(time));
  const TEXTS = ['contact_id', 'first_name', 'last_name', 'job_title', 'create_source', 'update_source'];

  it.each([
    ['a row that is a text', '"text"'],
    ['a row that is null', 'null'],
    ['a row that is a list', '[]'],
    ['an empty row', '{}'],
    ['an empty row beside a whole one', '{"contact_id":"1","email_address":{"address":"a@example.org"}},{}'],
    ['an address of nothing', '{"contact_id":"1","email_address":{}}'],
    ['an address that is a text', '{"contact_id":"1","email_address":"a@example.org"}'],
    ['properties that come twice', '{"contact_id":"1","contact_id":"2","first_name":"a","first_name":null}'],
    ['blanks everywhere', ' { "contact_id" : "1" , "first_name"\n:\t"a" , "email_address" : { } } '],
    [
      'names that begin as others do',
      '{"contact_id_":"1","contact_i":"2","":"3","first_name ":"4","contact_id":"5"}',
    ],
  ])('%s', async (_, rows) => {
    await answering(() => page(rows));
    for (const query of QUERIES) await same(query);
  });

  it.each(TIMES)('the time %s', async (time) => {
    await answering(() =>
      page(
        `{"contact_id":"1","created_at":${time},"email_address":{"created_at":${time}}},{"contact_id":"2"}`,
      ),
    );
    for (const query of QUERIES) await same(query);
  });

  it('made of random properties', async () => {
    const random = generator(5);
    const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
    const property = (name: string, values: readonly string[], odd: number) =>
      random() < 0.2 ? [] : [`"${name}":${random() < odd ? pick(VALUES) : pick(values)}`];
    const plain = VALUES.filter((value) => value.startsWith('"') || value === 'null');
    /** @param odd how likely a value is of a kind that it should not be of */
    const row = (odd: number) => {
      const address = [
        ...property('address', plain, odd),
        ...property('permission_to_send', plain, odd),
        ...property('created_at', TIMES, odd),
        ...property('opt_in_date', TIMES, odd),
        ...property('confirm_status', plain, odd),
      ];
      const properties = [
        ...(random() < 0.95 ? [`"contact_id":"id ${String(random())}"`] : []),
        ...TEXTS.slice(1).flatMap((name) => property(name, plain, odd)),
        ...property('created_at', TIMES, odd),
        ...property('updated_at', TIMES, odd),
        ...property('email_address', [`{${address.join(',')}}`], odd),
        ...property('custom_fields', ['[{"value":"a"}]'], odd),
      ];
      return `{${properties.sort(() => random() - 0.5).join(random() < 0.5 ? ',' : ' , ')}}`;
    };
    let body = '';
    await answering(() => body);
    for (let round = 0; round < 120; round += 1) {
      const odd = round % 2 === 0 ? 0 : 0.01;
      body = page(Array.from({ length: Math.floor(random() * 8) }, () => row(odd)).join(','));
      for (const query of QUERIES) await same(query);
    }
  });
});
