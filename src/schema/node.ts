import { MAX_NODES, node, nodes, nodeTypeOf } from '../resolvers/node.js';
import { builder } from './builder.js';
import { decodeGlobalId } from '../resolvers/support/global-id.js';
import type { Asked } from './cost.js';
import { objectsByIds, READ_FOR } from './references.js';

/** Every object that has a global id. */
export const Node = builder.interfaceRef<object>('Node').implement({
  description: 'An object with a global ID.',
  resolveType: (value) => nodeTypeOf(value),
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Global ID, for `node(id:)` and client caches.' }),
  }),
});

/** Types of the objects with these global ids; ids that are not global ids are left out. More ids are refused. */
const typesOf = ({ id, ids }: Asked['args']): string[] =>
  // Cut before it is copied: a list of 100,000 ids is refused after its cost is computed.
  (Array.isArray(ids) ? ids.slice(0, MAX_NODES) : [ids ?? id]).flatMap(
    (one) => decodeGlobalId(String(one))?.type ?? [],
  );

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    description: 'An object by its global ID. `null` when it does not exist.',
    queryCost: { ...objectsByIds(typesOf, { reads: READ_FOR }), rows: undefined },
    args: { id: t.arg.id({ required: true, description: 'Global ID of any type.' }) },
    resolve: node,
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: `Up to ${String(MAX_NODES)} objects by their global IDs, in the order of \`ids\`. An item is \`null\` when the object does not exist. IDs of one type are loaded together.`,
    queryCost: objectsByIds(typesOf, { says: 'up to 2 REST calls per item of `ids`', reads: READ_FOR }),
    args: { ids: t.arg.idList({ required: true, description: 'Global IDs, of any mix of types.' }) },
    resolve: nodes,
  }),
}));
