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
      'One object by its global id; null when it does not exist. Costs what reading that type by id costs, one REST call at most for most types.',
    extensions: price.each({ calls: 2 }),
    args: { id: t.arg.id({ required: true, description: 'A global id.' }) },
    resolve: node,
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: `Up to ${String(MOST_NODES)} objects by their global ids, in the order asked; null where one does not exist. Ids of one type load together: one REST call for lists, tags, fields or segments, for N contacts or campaigns N calls or a read of all at 500 a call, whichever is less, one call an id for anything else.`,
    extensions: price.eachOf('ids'),
    args: { ids: t.arg.idList({ required: true, description: 'Global ids, of any mix of types.' }) },
    resolve: nodes,
  }),
}));
