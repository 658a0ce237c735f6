import {
  partnerAccounts,
  partnerPlans,
  type PartnerAccount as PartnerAccountRow,
  type PartnerPlan as PartnerPlanRow,
} from '../loaders/partner.js';
import * as resolvers from '../resolvers/partner.js';
import { byReference } from '../resolvers/support/reference.js';
import { moneyOf } from '../resolvers/support/money.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType, countedUpTo } from './connection.js';
import { enumFields, inputEnum, openEnum } from './enums.js';
import { dateTime, globalId, rawIdField } from './fields.js';
import { Money } from './money.js';
import { Node } from './node.js';
import { cost } from './cost.js';

/** Said by everything that a partner's credentials are needed for. */
export const PARTNER_ONLY =
  "For technology partners: the server needs CONSTANT_CONTACT_PARTNER_API_KEY and CONSTANT_CONTACT_PARTNER_TOKEN, else FORBIDDEN. The caller's own token plays no part.";

const PartnerBillingStatus = openEnum('PartnerBillingStatus', 'Whether a client account is paid for.', {
  TRIAL: 'On trial, not paid for.',
  TRIAL_END: { wire: ['Trial End', 'TRIAL_END'], description: 'The trial is over.' },
  OPEN: 'In use and paid for.',
  CANCELED: { wire: ['Canceled', 'Cancelled'], description: 'Cancelled.' },
});

export const PartnerPlanType = openEnum('PartnerPlanType', 'Plan of a client account.', {
  TRIAL: 'A trial with an end, not paid for. No account goes back to it.',
  BRONZE: 'The smallest plan that is paid for.',
  SILVER: 'BRONZE and segments, social advertisements and the like.',
  GOLD: 'Everything.',
});

const PartnerPlanTier =
  builder.objectRef<NonNullable<PartnerPlanRow['current_tiers']>[number]>('PartnerPlanTier');
PartnerPlanTier.implement({
  description: 'A step of a plan: so many contacts, at this price.',
  fields: (t) => ({
    usageType: t.exposeString('usage_type', { description: 'What is counted, such as CONTACTS.' }),
    currentUsage: t.exposeFloat('current_usage', { description: 'How many the account has of it.' }),
    tier: t.exposeInt('tier', { description: 'Number of the step, from 1.' }),
    minimum: t.exposeFloat('tier_min', { description: 'Fewest of the step.' }),
    maximum: t.exposeFloat('tier_max', { description: 'Most of the step.' }),
    price: t.field({
      type: Money,
      description: 'Price for a month.',
      resolve: (tier) => moneyOf(tier.price, tier.currency_code),
    }),
    currencyCode: t.exposeString('currency_code', {
      description: 'Currency of the price, such as USD.',
      deprecationReason: 'Use `price { currency }`.',
    }),
  }),
});

export const PartnerPlan = builder.objectRef<PartnerPlanRow>('PartnerPlan');
PartnerPlan.implement({
  description: 'What a client account is billed for.',
  fields: (t) => ({
    ...enumFields(t, 'type', 'plan_type', PartnerPlanType, 'The plan.'),
    ...enumFields(t, 'billingStatus', 'billing_status', PartnerBillingStatus, 'Whether it is paid for.'),
    billingDayOfMonth: t.exposeInt('billing_day_of_month', {
      description: 'Day of the month on which it is billed, 1 to 31; null on trial.',
    }),
    tiers: t.field({
      type: [PartnerPlanTier],
      nullable: { list: true, items: false },
      description: 'The steps that the account is on.',
      resolve: (plan) => plan.current_tiers,
    }),
  }),
});

export const PartnerAccount = builder.objectRef<PartnerAccountRow>('PartnerAccount');
PartnerAccount.implement({
  description: `An account of a client of the technology partner. ${PARTNER_ONLY}`,
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'PartnerAccount', 'encoded_account_id'),
    encodedAccountId: rawIdField(t, 'encoded_account_id', "Constant Contact's own id of the account."),
    organizationName: t.exposeString('organization_name', { description: 'Name of the organisation.' }),
    siteOwnerName: t.exposeString('site_owner_name', { description: 'Name of the owner.' }),
    subscriberCount: t.exposeInt('subscriber_count', { description: 'How many subscribers it has.' }),
    ...enumFields(t, 'billingStatus', 'billing_status', PartnerBillingStatus, 'Whether it is paid for.'),
    lastLoginAt: dateTime(t, 'last_login_date', 'When somebody last signed in.'),
    plan: t.field({
      type: PartnerPlan,
      description: 'What it is billed for.',
      queryCost: cost.one(partnerPlans),
      resolve: resolvers.plan,
    }),
  }),
});

builder.asEntity(PartnerAccount, {
  key: [
    builder.selection<{ id: string }>('id'),
    builder.selection<{ encodedAccountId: string }>('encodedAccountId'),
  ],
  resolveReference: (key, { loaders }) =>
    byReference('PartnerAccount', key, 'encodedAccountId', (id) => loaders.partnerAccounts.load(id)),
});

export const PartnerAccountConnection = connectionType('PartnerAccount', PartnerAccount, {
  of: 'client accounts',
  totalCount: `Client accounts that match the filter. ${countedUpTo(partnerAccounts)}`,
});

const PartnerAccountType = inputEnum('PartnerAccountType', 'Which client accounts to read.', {
  ALL: { wire: 'all', description: 'All of them.' },
  MANAGED: { wire: 'managed', description: 'Those that the partner manages.' },
  UNMANAGED: { wire: 'unmanaged', description: 'Those that manage themselves.' },
});

const PartnerAccountsFilter = builder.inputType('PartnerAccountsFilter', {
  description: 'Which client accounts to read.',
  fields: (t) => ({
    accountType: t.field({ type: PartnerAccountType, description: 'Who manages them; ALL when left out.' }),
  }),
});

builder.queryFields((t) => ({
  partnerAccount: t.field({
    type: PartnerAccount,
    description: `One client account; null when it does not exist. Accounts cannot be read singly. ${PARTNER_ONLY}`,
    queryCost: cost.scan(partnerAccounts),
    args: { id: t.arg.id({ required: true, description: 'Global or raw id of the account.' }) },
    resolve: resolvers.partnerAccount,
  }),
  partnerAccounts: t.field({
    type: PartnerAccountConnection,
    description: `Accounts of the partner's clients. ${PARTNER_ONLY}`,
    queryCost: cost.pages(partnerAccounts),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({ type: PartnerAccountsFilter, description: 'Which accounts; all when left out.' }),
    },
    resolve: resolvers.partnerAccounts,
  }),
}));
