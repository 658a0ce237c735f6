import { MOST_NODES, node, nodes, nodeTypeOf } from '../resolvers/node.js';
import { builder } from './builder.js';
import { price } from './price.js';

/** Every object that has a global id. */
export const Node = builder.interfaceRef<object>('Node').implement({
  description: 'An object that can be read again by its global id.',
  resolveType: (value) => nodeTypeOf(value),
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Global id, unique among all types.' }),
  }),
});

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    description:
      'One object by its global id; null when it does not exist. Costs what reading that type by id costs: one REST call for most types, for a client account one for each 50 of the partner.',
    extensions: price.all(price.each({ calls: 2 }), price.scan('partnerAccounts')),
    args: { id: t.arg.id({ required: true, description: 'A global id.' }) },
    resolve: node,
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: `Up to ${String(MOST_NODES)} objects by their global ids, in the order asked; null where one does not exist. Ids of one type load together: one REST call for lists, tags, custom fields, segments, addresses of the account, social profiles, or automations without their definitions; for N contacts or campaigns N calls or a read of all at 500 a call, whichever is less, and likewise for events (100 a call) and bulk activities (500); one for each 50 client accounts of the partner; one call an id for email activities, registrations, and what a collection leaves out. The price counts each id.`,
    extensions: price.all(price.eachOf('ids'), price.scan('partnerAccounts')),
    args: { ids: t.arg.idList({ required: true, description: 'Global ids, of any mix of types.' }) },
    resolve: nodes,
  }),
}));
