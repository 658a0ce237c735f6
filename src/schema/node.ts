import { partnerAccounts } from '../loaders/partner.js';
import { emailCampaigns } from '../loaders/email-campaign.js';
import { MOST_NODES, node, nodes, nodeTypeOf } from '../resolvers/node.js';
import { builder } from './builder.js';
import { cost } from './cost.js';

/** Every object that has a global id. */
export const Node = builder.interfaceRef<object>('Node').implement({
  description: 'An object that can be read again by its global id.',
  resolveType: (value) => nodeTypeOf(value),
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Global id, unique among all types.' }),
  }),
});

const CLIENT_ACCOUNT = 'an id is of a client account';

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    description: 'One object by its global id; null when it does not exist.',
    queryCost: cost.all(cost.calls(2, { usually: 1 }), cost.scan(partnerAccounts, { when: CLIENT_ACCOUNT })),
    args: { id: t.arg.id({ required: true, description: 'A global id.' }) },
    resolve: node,
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: `Up to ${String(MOST_NODES)} objects by their global ids, in the order asked; null where one does not exist. Ids of one type load together.`,
    queryCost: cost.all(
      cost.byIds('ids', emailCampaigns),
      cost.scan(partnerAccounts, { when: CLIENT_ACCOUNT }),
    ),
    args: { ids: t.arg.idList({ required: true, description: 'Global ids, of any mix of types.' }) },
    resolve: nodes,
  }),
}));
