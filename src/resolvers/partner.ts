import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.js';
import type { PartnerAccount, PartnerAccountFilter, PartnerPlan } from '../loaders/partner.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId } from './support/global-id.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';
import { isCovered, selectionTree, selects } from './support/selection.js';

/** Fields that an account needs only its ID for. */
export const KNOWN_BY_ID = ['id', 'encodedAccountId', 'plan'];

export interface PartnerAccountsArgs extends ConnectionArgs {
  filter?: { accountType?: string | null } | null;
}

export function partnerAccounts(
  _parent: unknown,
  args: PartnerAccountsArgs,
  { loaders }: Context,
): Promise<Connection<PartnerAccount>> {
  const filter = dropNulls({ account_type: args.filter?.accountType }) as PartnerAccountFilter;
  return paginate(args, loaders.partnerAccounts.list({ query: filter }));
}

/**
 * One account. If only its plan is selected, the read of the plan shows whether it exists, and no page of
 * accounts is read.
 */
export async function partnerAccount(
  _parent: unknown,
  args: { id: string },
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Promise<PartnerAccount | null> {
  const id = rawId('PartnerAccount', args.id, ['id']);
  if (!selects(info, 'plan') || !isCovered(selectionTree(info), KNOWN_BY_ID))
    return loaders.partnerAccounts.named.load(id);
  return (await loaders.partnerPlans.load(id)) && { encoded_account_id: id };
}

/** An existing account, read only as far as its fields are selected. */
export function knownAccount(
  id: string,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): PartnerAccount | Promise<PartnerAccount | null> {
  return isCovered(selectionTree(info), KNOWN_BY_ID)
    ? { encoded_account_id: id }
    : loaders.partnerAccounts.named.load(id);
}

export function plan(
  { encoded_account_id: id }: PartnerAccount,
  _args: unknown,
  { loaders }: Context,
): Promise<PartnerPlan | null> | null {
  return id ? loaders.partnerPlans.load(id) : null;
}
