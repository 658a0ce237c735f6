import { afterEach, describe, expect, it } from 'vitest';
import {
  buildSchema,
  clearLoaders,
  contacts,
  cost,
  createFacade,
  printSdl,
  readConfig,
  schema,
  type ExtensionBuilder,
  type Facade,
} from '../../src/index.js';
import { silentLogger } from '../../src/server/logger.js';

interface Order {
  number: string;
  contactId: string;
  cents: number;
}

interface Shop {
  shop: { ordersOf(contactId: string): Order[]; all: Order[] };
  customer: string | null;
}

/** Extension of a shop: its orders, linked to contacts in both directions. */
function withOrders(builder: ExtensionBuilder<Shop>): void {
  const OrderRef = builder.objectRef<Order>('Order').implement({
    description: 'An order of the shop.',
    fields: (t) => ({
      number: t.exposeID('number', { nullable: false, description: 'Number of the order.' }),
      total: t.float({ description: 'Sum in dollars.', resolve: ({ cents }) => cents / 100 }),
      contact: t.field({
        type: 'Contact',
        description: 'Who ordered.',
        queryCost: cost.explored(contacts),
        resolve: ({ contactId }, _args, { loaders }) => loaders.contacts.load(contactId),
      }),
    }),
  });
  builder.asEntity(OrderRef, {
    key: builder.selection<{ number: string }>('number'),
    resolveReference: ({ number }, { shop }) => shop.all.find((order) => order.number === number) ?? null,
  });
  builder.objectField('Contact', 'orders', (t) =>
    t.field({
      type: [OrderRef],
      description: 'Orders of the contact.',
      queryCost: cost.rows(100),
      resolve: ({ contact_id }, _args, { shop }) => shop.ordersOf(contact_id ?? ''),
    }),
  );
  builder.queryFields((t) => ({
    orders: t.field({
      type: [OrderRef],
      description: 'All orders.',
      queryCost: cost.rows(300),
      resolve: (_parent, _args, { shop }) => shop.all,
    }),
    customer: t.string({ description: 'Who asks.', resolve: (_parent, _args, { customer }) => customer }),
  }));
  builder.mutationField('tagAsBuyer', (t) =>
    t.field({
      type: 'Tag',
      description: 'Makes the tag of buyers.',
      queryCost: cost.calls(1),
      resolve: async (_parent, _args, { api, loaders }) => {
        const tag = await api.call('postTag', { body: { name: 'Buyers' } });
        clearLoaders(loaders);
        return tag;
      },
    }),
  );
}

let facade: Facade | undefined;
afterEach(async () => {
  await facade?.close();
  facade = undefined;
});

async function open() {
  const orders: Order[] = [];
  facade = await createFacade({
    config: readConfig({ REFERENCE_CACHE_SECONDS: '0' }),
    logger: silentLogger(),
    sandbox: { contacts: 20 },
    context: ({ headers }) => ({
      shop: { all: orders, ordersOf: (id: string) => orders.filter(({ contactId }) => contactId === id) },
      customer: headers.get('x-customer'),
    }),
    extend: withOrders,
  });
  const { fetch, sandbox } = facade;
  const ask = async (query: string, headers: Record<string, string> = {}) => {
    sandbox?.journal.clear();
    const response = await fetch(
      new Request('http://localhost/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      }),
    );
    return await response.json();
  };
  const { data } = await ask('{ contacts(first: 2) { nodes { contactId } } }');
  data.contacts.nodes.forEach(({ contactId }: { contactId: string }, at: number) =>
    orders.push({ number: String(at + 1), contactId, cents: 1250 }),
  );
  return { ask, orders, calls: () => sandbox?.journal.operations() };
}

describe('an extension', () => {
  it('adds fields in both directions, which the planner understands', async () => {
    const { ask, calls } = await open();
    const answer = await ask(
      '{ orders { number total contact { firstName lists { name } orders { number } } } }',
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data.orders).toMatchObject([
      { number: '1', total: 12.5, contact: { lists: expect.any(Array), orders: [{ number: '1' }] } },
      { number: '2', total: 12.5, contact: { lists: expect.any(Array), orders: [{ number: '2' }] } },
    ]);
    // The contacts came with their memberships, which only an extension's field leads to, and one scan named the lists.
    expect(calls()).toEqual(['getContact', 'getContact', 'getLists']);
  });

  it('has a query cost like every other field', async () => {
    const { ask, calls } = await open();
    const { errors } = await ask(
      '{ contacts(first: 500) { nodes { orders { contact { smsEngagementHistory { __typename } } } } } }',
    );
    expect(errors[0].extensions).toMatchObject({ code: 'QUERY_TOO_EXPENSIVE', dearest: expect.any(Array) });
    expect(calls()).toEqual([]);
  });

  it('has the typed context of the embedding program, which never replaces the own one', async () => {
    const { ask } = await open();
    expect((await ask('{ customer }', { 'x-customer': 'ann' })).data).toEqual({ customer: 'ann' });
    expect((await ask('{ customer }')).data).toEqual({ customer: null });
  });

  it('writes through the same API client', async () => {
    const { ask, calls } = await open();
    const { data } = await ask('mutation { tagAsBuyer { name tagId } }');
    expect(data.tagAsBuyer).toMatchObject({ name: 'Buyers' });
    expect(calls()).toEqual(['postTag']);
  });

  it('is part of federation, in addition to the existing entities', async () => {
    const { ask, orders } = await open();
    const { data, errors } = await ask(`{
      _entities(representations: [
        { __typename: "Order", number: "2" }
        { __typename: "Contact", contactId: "${String(orders[0]?.contactId)}" }
        { __typename: "Nothing" }
      ]) { __typename ... on Order { total } ... on Contact { orders { number } } }
    }`);
    expect(data._entities).toEqual([
      { __typename: 'Order', total: 12.5 },
      { __typename: 'Contact', orders: [{ number: '1' }] },
      null,
    ]);
    expect(errors).toHaveLength(1);
    expect(printSdl(facade?.schema ?? schema)).toMatch(/type Order\s+@key\(fields: "number"\)/);
  });

  it('affects only its own facade', async () => {
    await open();
    expect(schema.getType('Order')).toBeUndefined();
    expect(buildSchema().getType('Contact')).toBe(schema.getType('Contact'));
    const other = buildSchema({
      extend: (builder) => builder.queryField('other', (t) => t.string({ resolve: () => 'else' })),
    });
    expect(other.getType('Order')).toBeUndefined();
    expect(facade?.schema.getQueryType()?.getFields()['other']).toBeUndefined();
  });

  it('has lists whose items arrive one by one, in every operation', async () => {
    facade = await createFacade({
      logger: silentLogger(),
      sandbox: { contacts: 5 },
      extend: (builder) =>
        builder.queryField('numbers', (t) =>
          t.field({
            type: ['Int'],
            queryCost: cost.none,
            args: { fails: t.arg.boolean() },
            resolve: async function* (_parent, { fails }) {
              yield await Promise.resolve(1);
              if (fails) throw new Error('secret');
              yield 2;
            },
          }),
        ),
    });
    const ask = async (query: string) => {
      const body = JSON.stringify({ query });
      const headers = { 'content-type': 'application/json' };
      const asked = new Request('http://localhost/graphql', { method: 'POST', headers, body });
      return await (await (facade as Facade).fetch(asked)).json();
    };
    expect((await ask('{ numbers }')).data).toEqual({ numbers: [1, 2] });
    expect((await ask('{ numbers __schema { __typename } }')).data).toMatchObject({ numbers: [1, 2] });
    const { data, errors } = await ask('{ numbers(fails: true) other: numbers }');
    expect(data).toEqual({ numbers: null, other: [1, 2] });
    expect(errors).toMatchObject([{ path: ['numbers'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  });

  it('without any content changes nothing', () => {
    const link = / *@link\(.*\n/;
    expect(printSdl(buildSchema({ extend: () => undefined })).replace(link, '')).toBe(
      printSdl(schema).replace(link, ''),
    );
  });
});

describe('tags for contracts of a gateway', () => {
  const TAGS = {
    Contact: 'public',
    'Contact.notes': ['internal', 'team/support'],
    'Query.contacts(filter:)': 'internal',
    'ContactNoteInput.content': 'internal',
    'ContactListChannel.SMS': 'internal',
    Node: 'public',
    'Order.number': 'internal',
  };
  const tagsOf = (sdl: string, line: RegExp) =>
    [...(line.exec(sdl)?.[0] ?? '').matchAll(/@tag\(name: "([^"]+)"\)/g)].map(([, name]) => name);

  it('are in the subgraph SDL that composers read, and in no schema for clients', async () => {
    facade = await createFacade({
      config: readConfig({}),
      logger: silentLogger(),
      sandbox: { contacts: 5 },
      context: () => ({ shop: { all: [], ordersOf: () => [] }, customer: null }),
      extend: { types: withOrders, tags: TAGS },
    });
    const { fetch } = facade;
    const read = async (path: string) => (await fetch(`http://localhost${path}`)).text();
    const response = await fetch('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: '{ _service { sdl } contacts(first: 1) { nodes { notes { content } } } }',
      }),
    });
    const { data, errors }: any = await response.json();
    expect(errors).toBeUndefined();
    expect(data.contacts.nodes).toHaveLength(1);
    const { sdl } = data._service;
    expect(sdl).toBe(await read('/schema.graphql'));
    expect(tagsOf(sdl, /^type Contact [^{]*\{/m)).toEqual(['public']);
    expect(tagsOf(sdl, /^type Contact [^]*?^ {2}notes: .*$/m)).toEqual([
      'public',
      'internal',
      'team/support',
    ]);
    expect(tagsOf(sdl, /^type Query [^]*?^ {4}filter: ContactsFilter.*$/m)).toEqual(['internal']);
    expect(tagsOf(sdl, /^input ContactNoteInput [^]*?^ {2}content: .*$/m)).toEqual(['internal']);
    expect(tagsOf(sdl, /^enum ContactListChannel [^]*?^ {2}SMS.*$/m)).toEqual(['internal']);
    expect(tagsOf(sdl, /^interface Node[^{]*\{/m)).toEqual(['public']);
    expect(tagsOf(sdl, /^type Order[^]*?^ {2}number: .*$/m)).toEqual(['internal']);
    expect(sdl.match(/@tag\(/g)).toHaveLength(8);
    expect(await read('/schema.api.graphql')).not.toContain('@tag');
  });

  it('change no other schema', () => {
    const before = printSdl(schema);
    const plain = printSdl(buildSchema({ extend: () => undefined }));
    const tagged = printSdl(buildSchema({ extend: { tags: { 'Contact.notes': 'internal' } } }));
    expect(tagged.replace(' @tag(name: "internal")', '')).toBe(plain);
    expect(printSdl(schema)).toBe(before);
    expect(before).not.toContain('@tag');
  });

  it.each([
    [{ Contract: 'x' }, 'extend.tags names Contract, which is not in the schema.'],
    [{ String: 'x' }, 'extend.tags names String, which is not in the schema.'],
    [{ 'Contact.nots': 'x' }, 'extend.tags names Contact.nots, which is not in the schema.'],
    [{ 'Query.contacts(filters:)': 'x' }, 'extend.tags names Query.contacts(filters:), which is not in'],
    [{ 'Query.contacts.filter': 'x' }, 'Write Type, Type.field, Type.field(argument:), or Enum.VALUE.'],
    [{ Contact: 'not a tag' }, 'extend.tags gives Contact the tag "not a tag".'],
    [{ Contact: ['fine', ''] }, 'extend.tags gives Contact the tag "".'],
  ])('are rejected where they are not allowed: %j', (tags, message) => {
    expect(() => buildSchema({ extend: { tags } })).toThrow(message);
  });
});

describe('an invalid extension', () => {
  const build = (extend: (builder: ExtensionBuilder) => void) => () => buildSchema({ extend });

  it.each([
    [
      'declares a type that exists',
      build((builder) => {
        builder.objectType(builder.objectRef<object>('Contact'), {
          fields: (t) => ({ x: t.string({ resolve: () => '' }) }),
        });
      }),
      'The extension declares Contact, which exists already',
    ],
    [
      'declares a field that exists',
      build((builder) => {
        builder.objectField('Contact', 'firstName', (t) => t.string({ resolve: () => '' }));
      }),
      'Duplicate field firstName on Contact',
    ],
    [
      'refers to an undeclared type',
      build((builder) => {
        builder.queryField('x', (t) => t.field({ type: builder.objectRef('Nowhere'), resolve: () => null }));
      }),
      'Nowhere',
    ],
  ])('is rejected when it %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
