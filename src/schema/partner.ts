import type { FieldRef } from '@pothos/core';
import {
  partnerAccounts,
  partnerPlans,
  type PartnerAccount as PartnerAccountRow,
  type PartnerPlan as PartnerPlanRow,
} from '../loaders/partner.js';
import * as resolvers from '../resolvers/partner.js';
import { moneyOf } from '../resolvers/support/money.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType, countedUpTo } from './connection.js';
import { entity } from './entity.js';
import { enumFields, inputEnum, openEnum } from './enums.js';
import { dateTime, globalId, rawIdField, type Fields, type SchemaTypes } from './fields.js';
import { Money } from './money.js';
import { Node } from './node.js';
import { cost } from './cost.js';

/** Part of every description of an operation that requires the partner's credentials. */
export const PARTNER_ONLY =
  'For technology partners: the server must have CONSTANT_CONTACT_PARTNER_API_KEY and CONSTANT_CONTACT_PARTNER_TOKEN, otherwise it fails with FORBIDDEN. The access token of the request is not used.';

const PartnerBillingStatus = openEnum('PartnerBillingStatus', 'Billing status of a client account.', {
  TRIAL: 'The account is on a free trial.',
  TRIAL_END: { wire: ['Trial End', 'TRIAL_END'], description: 'The trial is over.' },
  OPEN: 'The account has a paid plan.',
  CANCELED: { wire: ['Canceled', 'Cancelled'], description: 'The account was cancelled.' },
});

export const PartnerPlanType = openEnum('PartnerPlanType', 'Type of the plan of a client account.', {
  TRIAL: 'Free trial for a limited time. An account cannot return to it.',
  BRONZE: 'Smallest paid plan.',
  SILVER: 'Adds features such as segments and social advertisements to BRONZE.',
  GOLD: 'All features.',
});

const PartnerPlanTier =
  builder.objectRef<NonNullable<PartnerPlanRow['current_tiers']>[number]>('PartnerPlanTier');
PartnerPlanTier.implement({
  description: 'A price tier of a plan: a range of contacts and its price.',
  fields: (t) => ({
    usageType: t.exposeString('usage_type', { description: 'Unit that is counted, such as CONTACTS.' }),
    currentUsage: t.exposeFloat('current_usage', { description: 'Number of units in the account.' }),
    tier: t.exposeInt('tier', { description: 'Number of the tier, from 1.' }),
    minimum: t.exposeFloat('tier_min', { description: 'Lowest number of units in the tier.' }),
    maximum: t.exposeFloat('tier_max', { description: 'Highest number of units in the tier.' }),
    price: t.field({
      type: Money,
      description: 'Price per month.',
      resolve: (tier) => moneyOf(tier.price, tier.currency_code),
    }),
    currencyCode: t.exposeString('currency_code', {
      description: 'ISO 4217 currency code of the price, such as USD.',
      deprecationReason: 'Use `price { currency }`.',
    }),
  }),
});

export const PartnerPlan = builder.objectRef<PartnerPlanRow>('PartnerPlan').implement({
  description: 'Plan of a client account, with its billing.',
  fields: (t) => ({
    ...enumFields(t, 'type', 'plan_type', PartnerPlanType, 'Type of the plan.'),
    ...enumFields(t, 'billingStatus', 'billing_status', PartnerBillingStatus, 'Billing status.'),
    billingDayOfMonth: t.exposeInt('billing_day_of_month', {
      description: 'Day of the month on which the account is billed, 1 to 31. `null` on a trial.',
    }),
    tiers: t.expose('current_tiers', {
      type: [PartnerPlanTier],
      description: 'Current price tiers of the account.',
    }),
  }),
});

export const PartnerAccount = builder.objectRef<PartnerAccountRow>('PartnerAccount').implement({
  description: `An account of a client of a technology partner. ${PARTNER_ONLY}`,
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'PartnerAccount', 'encoded_account_id'),
    encodedAccountId: rawIdField(t, 'encoded_account_id', 'Constant Contact ID, an encoded text.'),
    organizationName: t.exposeString('organization_name', { description: 'Name of the organisation.' }),
    siteOwnerName: t.exposeString('site_owner_name', { description: 'Name of the account owner.' }),
    subscriberCount: t.exposeInt('subscriber_count', {
      description: 'Number of subscribers of the account.',
    }),
    ...enumFields(t, 'billingStatus', 'billing_status', PartnerBillingStatus, 'Billing status.'),
    lastLoginAt: dateTime(t, 'last_login_date', 'When a user last signed in to the account.'),
    plan: t.field({
      type: PartnerPlan,
      description: 'Plan of the account, with its billing.',
      queryCost: cost.one(partnerPlans),
      resolve: resolvers.plan,
    }),
  }),
});

entity(PartnerAccount, 'PartnerAccount', 'encodedAccountId', (id, { loaders }) =>
  loaders.partnerAccounts.named.load(id),
);

/** Declares the field of a payload for the client account of the mutation. */
export function accountOf(t: Fields<{ accountId?: string }>): FieldRef<SchemaTypes> {
  return t.field({
    type: PartnerAccount,
    description: 'The client account.',
    queryCost: cost.scan(partnerAccounts, { unless: ['id', 'encodedAccountId', 'plan'] }),
    resolve: ({ accountId }, _args, context, info) =>
      accountId ? resolvers.knownAccount(accountId, context, info) : null,
  });
}

export const PartnerAccountConnection = connectionType('PartnerAccount', PartnerAccount, {
  of: 'client accounts',
  totalCount: `Number of client accounts that match the filter, not only on this page. ${countedUpTo(partnerAccounts)}`,
});

const PartnerAccountType = inputEnum('PartnerAccountType', 'Type of client accounts, by who manages them.', {
  ALL: { wire: 'all', description: 'All client accounts.' },
  MANAGED: { wire: 'managed', description: 'Accounts that the partner manages.' },
  UNMANAGED: { wire: 'unmanaged', description: 'Accounts that the client manages.' },
});

const PartnerAccountsFilter = builder.inputType('PartnerAccountsFilter', {
  description: 'Filters for client accounts.',
  fields: (t) => ({
    accountType: t.field({
      type: PartnerAccountType,
      description: 'Only accounts of this type. Default: ALL, for accounts of every type.',
    }),
  }),
});

builder.queryFields((t) => ({
  partnerAccount: t.field({
    type: PartnerAccount,
    description: `A client account by its ID. \`null\` when it does not exist. The API cannot read a single account, so pages of accounts are read until one has it. ${PARTNER_ONLY}`,
    queryCost: cost.scan(partnerAccounts, {
      due: (_n, asked) => !asked.has(['plan']) || !asked.only(resolvers.KNOWN_BY_ID),
      noneWhen: 'only the plan is selected',
    }),
    args: {
      id: t.arg.id({
        required: true,
        description: 'Global ID or Constant Contact ID of the client account.',
      }),
    },
    resolve: resolvers.partnerAccount,
  }),
  partnerAccounts: t.field({
    type: PartnerAccountConnection,
    description: `Accounts of the clients of the partner, optionally filtered. ${PARTNER_ONLY}`,
    queryCost: cost.pages(partnerAccounts),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({ type: PartnerAccountsFilter, description: 'Filter. Default: all client accounts.' }),
    },
    resolve: resolvers.partnerAccounts,
  }),
}));
