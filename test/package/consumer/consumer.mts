import {
  contacts,
  cost,
  createFacade,
  schema,
  type ExtensionBuilder,
  type Facade,
} from 'constant-contact-graphql';
import { graphql, GraphQLObjectType, GraphQLSchema } from 'graphql';

interface Order {
  number: string;
  contactId: string;
}

interface Shop {
  orders: readonly Order[];
}

function extend(builder: ExtensionBuilder<Shop>): void {
  const OrderRef = builder.objectRef<Order>('Order').implement({
    fields: (t) => ({
      number: t.exposeID('number', { nullable: false }),
      contact: t.field({
        type: 'Contact',
        queryCost: cost.explored(contacts),
        resolve: ({ contactId }, _args, { loaders }) => loaders.contacts.load(contactId),
      }),
    }),
  });
  builder.asEntity(OrderRef, {
    key: builder.selection<{ number: string }>('number'),
    resolveReference: ({ number }, { orders }) => orders.find((one) => one.number === number) ?? null,
  });
  builder.queryField('orders', (t) =>
    t.field({ type: [OrderRef], resolve: (_parent, _args, { orders }) => [...orders] }),
  );
}

const value: GraphQLSchema = schema;
// graphql refuses types of another copy of itself.
const embedded = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: { limit: { type: value.getType('RateLimit') as GraphQLObjectType, resolve: () => null } },
  }),
});
const limits = await graphql({ schema: embedded, source: '{ limit { __typename } }' });
const facade: Facade = await createFacade({ context: () => ({ orders: [] as Order[] }), extend });
const response = await facade.fetch(
  'http://facade/graphql?query={orders{number}contacts(first:1){nodes{contactId}}}',
);
console.log(JSON.stringify({ limits, ...((await response.json()) as object) }));
await facade.close();

// @ts-expect-error a name of the context is taken
export const wrongContext = () => createFacade({ context: () => ({ api: 1 }) });
// @ts-expect-error there is no such option
export const wrongOption = () => createFacade({ nothing: true });
export const wrongType = (builder: ExtensionBuilder) => {
  // @ts-expect-error there is no such type
  builder.objectField('Nowhere', 'x', (t) => t.string({ resolve: () => '' }));
};
