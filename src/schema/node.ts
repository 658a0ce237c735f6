import { partnerAccounts } from '../loaders/partner.js';
import { MAX_NODES, node, nodes, nodeTypeOf } from '../resolvers/node.js';
import { builder } from './builder.js';
import { decodeGlobalId } from '../resolvers/support/global-id.js';
import { cost, type Asked } from './cost.js';
import { BY_ID } from './references.js';

/** Every object that has a global id. */
export const Node = builder.interfaceRef<object>('Node').implement({
  description: 'An object that can be read again by its global id.',
  resolveType: (value) => nodeTypeOf(value),
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Global id, unique among all types.' }),
  }),
});

/** Types of the objects with these global ids; without those that are none. */
const typesOf = ({ id, ids }: Asked['args']): string[] =>
  [ids ?? id].flat().flatMap((one) => decodeGlobalId(String(one))?.type ?? []);

const CLIENT_ACCOUNTS = cost.scan(partnerAccounts, {
  due: (_n, { args }) => typesOf(args).includes('PartnerAccount'),
  when: 'an id is of a client account',
});

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    description: 'One object by its global id; null when it does not exist.',
    queryCost: { ...cost.all(cost.byIds(typesOf, BY_ID), CLIENT_ACCOUNTS), rows: undefined },
    args: { id: t.arg.id({ required: true, description: 'A global id.' }) },
    resolve: node,
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: `Up to ${String(MAX_NODES)} objects by their global ids, in the order asked; null where one does not exist. Ids of one type load together.`,
    queryCost: cost.all(
      cost.byIds(typesOf, BY_ID, '1 REST call per item of `ids`, 2 at most'),
      CLIENT_ACCOUNTS,
    ),
    args: { ids: t.arg.idList({ required: true, description: 'Global ids, of any mix of types.' }) },
    resolve: nodes,
  }),
}));
