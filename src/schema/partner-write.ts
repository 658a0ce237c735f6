import { partnerAccounts } from '../loaders/partner.js';
import { knownAccount } from '../resolvers/partner.js';
import * as resolvers from '../resolvers/partner-write.js';
import { builder } from './builder.js';
import { ConsentSource } from './contact-detail.js';
import { edgeField } from './connection.js';
import { inputEnum, openEnum, type EnumValues } from './enums.js';
import { parseDate } from '../constant-contact/dates.js';
import {
  accountOf,
  PARTNER_ONLY,
  PartnerAccount,
  PartnerAccountConnection,
  PartnerPlan,
  PartnerPlanType,
} from './partner.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { limited, NOT_BLANK, unstated } from './limits.js';

const ACCOUNT_ID = 'Global ID or Constant Contact ID of the client account.';

const PartnerBillingLocale = inputEnum(
  'PartnerBillingLocale',
  'Currency in which a client account is billed.',
  {
    EN_US: { wire: 'en_US', description: 'US dollars.' },
    EN_GB: { wire: 'en_GB', description: 'British pounds.' },
  },
);

const PartnerExternalSignInInput = builder.inputType('PartnerExternalSignInInput', {
  description: 'Input of a sign-in with an external identity provider.',
  fields: (t) => ({
    id: t.id({
      required: true,
      ...limited`ID of the account at the identity provider, ${{ maxLength: 255 }}.${NOT_BLANK}`,
    }),
    provider: t.string({
      required: true,
      ...limited`Name of the identity provider, ${{ maxLength: 80 }}.${NOT_BLANK}`,
    }),
  }),
});

const PartnerSignInInput = builder.inputType('PartnerSignInInput', {
  description: 'Sign-in method of the owner of a client account. Set exactly one of the fields.',
  isOneOf: true,
  fields: (t) => ({
    password: t.string(limited`Password, ${{ minLength: 8, maxLength: 80 }} without spaces.`),
    external: t.field({
      type: PartnerExternalSignInInput,
      description: 'Sign-in with an external identity provider.',
    }),
  }),
});

const NOT_CLEARED = unstated({ nullable: false });
const ADDRESSES = unstated({ items: { minLength: 1, maxLength: 80, isTrimmed: true } });

const REASONS = {
  COST_TOO_HIGH: { wire: '1', description: 'It is too expensive (1).' },
  COMPETITOR: { wire: '2', description: 'The client uses another service (2).' },
  NO_EMAIL_MARKETING: { wire: '3', description: 'The client does no email marketing (3).' },
  SOMETHING_MISSING: { wire: '11', description: 'A feature is missing or does not work (11).' },
  IN_HOUSE: { wire: '12', description: 'The client does its email marketing in-house (12).' },
  POOR_RESULTS: { wire: '14', description: 'The results are poor (14).' },
  TOO_DIFFICULT: { wire: '21', description: 'It is too difficult to use (21).' },
  CANCELED_ONLINE: { wire: '27', description: 'The client cancelled online (27).' },
  BILLING_POLICIES: { wire: '30', description: 'The client disagrees with the billing policies (30).' },
} satisfies EnumValues;

const PartnerCancellationReason = openEnum(
  'PartnerCancellationReason',
  'Reason for the cancellation of a client account. The number in brackets is that of the API.',
  REASONS,
);

const PartnerUserRole = inputEnum('PartnerUserRole', 'Role of a user of a client account.', {
  ACCOUNT_MANAGER: { wire: 'account_manager', description: 'Almost all privileges.' },
  CAMPAIGN_CREATOR: {
    wire: 'campaign_creator',
    description: 'Can create campaigns, but can neither send them nor change contacts.',
  },
});

mutation('createPartnerAccount', {
  description: `Creates a client account on a free trial. The request is never retried: when the API is too busy, it queues the order. ${PARTNER_ONLY}`,
  queryCost: cost.calls(1),
  argument: 'The new client account.',
  input: (t) => ({
    contactEmail: t.string({
      required: true,
      ...limited`Email address of the owner, ${{ maxLength: 80, isTrimmed: true }}.${NOT_BLANK}`,
    }),
    loginName: t.string({
      required: true,
      ...limited`User name of the owner, unique, ${{ minLength: 6, maxLength: 50 }}: letters, digits and - _ @ . +.`,
    }),
    countryCode: t.string({
      required: true,
      ...limited`ISO 3166-1 country code, such as US.${unstated({ minLength: 2, maxLength: 3 })}`,
    }),
    stateCode: t.string({
      description:
        'Two-letter code of the state or province. Required in the US and Canada, rejected elsewhere.',
    }),
    signIn: t.field({
      type: PartnerSignInInput,
      description: 'Sign-in method of the owner. Default: the single sign-on of the partner.',
    }),
    firstName: t.string(limited`First name of the owner, ${{ minLength: 2, maxLength: 80 }}.`),
    lastName: t.string(limited`Last name of the owner, ${{ minLength: 2, maxLength: 80 }}.`),
    contactPhone: t.string(limited`Phone number of the owner, ${{ minLength: 5, maxLength: 25 }}.`),
    organizationName: t.string(limited`Name of the organisation, ${{ maxLength: 50 }}.${NOT_BLANK}`),
    organizationPhone: t.string(
      limited`Phone number of the organisation, ${{ minLength: 5, maxLength: 25 }}.`,
    ),
    website: t.string({ description: 'Website URL, starting with http:// or https://.' }),
    timeZoneId: t.string({ description: 'Time zone, such as US/Eastern.' }),
    partnerAccountId: t.string(
      limited`ID of the account at the partner, for bills and reports, ${{ maxLength: 80 }}.${NOT_BLANK}`,
    ),
    billingLocale: t.field({
      type: PartnerBillingLocale,
      description: 'Currency in which the account is billed. Default: EN_US.',
    }),
    managed: t.boolean({
      description:
        'True when the partner manages the account. False is ignored for a partner that manages all of its accounts.',
    }),
    singleBilling: t.boolean({
      description:
        'True to bill the partner instead of the client, when the contract of the partner allows it.',
    }),
    gdprOptOut: t.boolean({ description: 'True when the owner opts out of marketing by Constant Contact.' }),
  }),
  payload: (t) => ({
    encodedAccountId: t.exposeID('encodedAccountId', {
      description: 'Constant Contact ID of the new account. `null` when `queued` is true.',
    }),
    provisionUuid: t.exposeID('provisionUuid', { description: 'Constant Contact ID of the order.' }),
    queued: t.exposeBoolean('queued', {
      description:
        'True when the API was too busy and creates the account later. Do not send the order again. `userErrors` has an error with the code PARTLY_DONE.',
    }),
    account: t.field({
      type: PartnerAccount,
      description: 'The new client account. `null` until the API lists it.',
      queryCost: cost.scan(partnerAccounts, { unless: ['id', 'encodedAccountId', 'plan'] }),
      resolve: ({ encodedAccountId }, _args, context, info) =>
        encodedAccountId ? knownAccount(encodedAccountId, context, info) : null,
    }),
    accountEdge: edgeField(
      t,
      PartnerAccountConnection,
      'the new client account',
      ({ encodedAccountId }, { loaders }) =>
        encodedAccountId ? loaders.partnerAccounts.named.load(encodedAccountId) : null,
      cost.scan(partnerAccounts),
    ),
  }),
  resolve: resolvers.createPartnerAccount,
});

mutation('setPartnerPlan', {
  description: `Moves a client account to a paid plan, or changes its plan. The plan is read first, so that an update keeps what it leaves out. ${PARTNER_ONLY}`,
  queryCost: cost.calls(2, { oneWhen: '`type` and `billingDayOfMonth` are given' }),
  argument: 'The account and the plan.',
  inputNote:
    'At least one change is required. Omit `type` or `billingDayOfMonth` to keep its value; none can be cleared.',
  input: (t) => ({
    accountId: t.id({ required: true, description: ACCOUNT_ID }),
    type: t.field({
      type: PartnerPlanType.type,
      ...limited`Type of the plan: ${{ enum: ['BRONZE', 'SILVER', 'GOLD'] }}.${NOT_CLEARED}`,
    }),
    planGroupId: t.int(
      limited`Number of the plan group, to move from a legacy plan to a current one. The API does not return it, so it is sent only when given.${NOT_CLEARED}`,
    ),
    billingDayOfMonth: t.int(
      limited`Day of the month for billing, ${{ minimum: 1, maximum: 31 }}. Used only when the account leaves its trial. Default: the day on which it does.${NOT_CLEARED}`,
    ),
  }),
  payload: (t) => ({
    plan: t.expose('plan', { type: PartnerPlan, description: 'The updated plan.' }),
    account: accountOf(t),
  }),
  resolve: resolvers.setPartnerPlan,
});

mutation('cancelPartnerAccount', {
  description: `Cancels a client account, immediately or at a later time. ${PARTNER_ONLY}`,
  queryCost: cost.calls(1),
  argument: 'The account to cancel.',
  input: (t) => ({
    accountId: t.id({ required: true, description: ACCOUNT_ID }),
    reason: t.field({ type: PartnerCancellationReason.type, description: 'Reason for the cancellation.' }),
    effectiveAt: t.field({
      type: 'DateTime',
      description: 'When the account ends, a time in the future. Default: immediately.',
    }),
  }),
  payload: (t) => ({
    effectiveAt: t.field({
      type: 'DateTime',
      description: 'When the account ends.',
      resolve: ({ cancellation }) => parseDate(cancellation?.effective_date),
    }),
    reason: t.field({
      type: PartnerCancellationReason.type,
      description: 'Reason for the cancellation.',
      resolve: ({ cancellation }) => PartnerCancellationReason.fromWire(cancellation?.reason_id),
    }),
    reasonRaw: t.string({
      description: 'Number that the REST API sends for `reason`, also when `reason` is UNKNOWN.',
      resolve: ({ cancellation }) => cancellation?.reason_id?.toString(),
    }),
    account: accountOf(t),
  }),
  resolve: resolvers.cancelPartnerAccount,
});

mutation('createPartnerSsoUser', {
  description: `Creates a user of a client account that has single sign-on. ${PARTNER_ONLY}`,
  queryCost: cost.calls(1),
  argument: 'The new user.',
  inputNote: 'The client account must have single sign-on for all of its users.',
  input: (t) => ({
    accountId: t.id({ required: true, description: ACCOUNT_ID }),
    firstName: t.string({ required: true, ...limited`First name, ${{ maxLength: 80 }}.${NOT_BLANK}` }),
    lastName: t.string({ required: true, ...limited`Last name, ${{ maxLength: 80 }}.${NOT_BLANK}` }),
    role: t.field({ type: PartnerUserRole, required: true, description: 'Role of the user.' }),
    contactEmail: t.string({
      required: true,
      ...limited`Email address of the user, unique, ${{ maxLength: 80, isTrimmed: true }}.${NOT_BLANK}`,
    }),
    loginName: t.string({ required: true, ...limited`User name, ${{ maxLength: 50 }}.${NOT_BLANK}` }),
    externalId: t.string({
      required: true,
      ...limited`ID of the user at the identity provider, ${{ maxLength: 255 }}.${NOT_BLANK}`,
    }),
    externalProvider: t.string({
      required: true,
      ...limited`Name of the identity provider, ${{ maxLength: 80 }}.${NOT_BLANK}`,
    }),
  }),
  payloadNote: 'The API returns no details of the user.',
  payload: (t) => ({
    loginName: t.exposeString('loginName', { description: 'User name of the new user.' }),
    account: accountOf(t),
  }),
  resolve: resolvers.createPartnerSsoUser,
});

mutation('unsubscribePartnerContacts', {
  description: `Unsubscribes contacts from a client account, or one email address from all client accounts. ${PARTNER_ONLY}`,
  queryCost: cost.calls(1),
  argument: 'The contacts to unsubscribe.',
  input: (t) => ({
    accountId: t.id({ required: true, description: ACCOUNT_ID }),
    emailAddresses: t.stringList({
      required: true,
      ...limited`Email addresses of the contacts, ${{ minItems: 1, maxItems: 500 }}. Exactly 1 with \`globalUnsubscribe\`.${ADDRESSES}`,
    }),
    updateSource: t.field({
      type: ConsentSource.type,
      required: true,
      description: 'Party that requested the opt-out.',
    }),
    optOutReason: t.string(limited`Reason for the opt-out, ${{ maxLength: 255 }}.`),
    deleteContacts: t.boolean({
      description: 'True to delete the contacts as well; they can be revived. Default: false.',
    }),
    globalUnsubscribe: t.boolean({
      description: 'True to unsubscribe the address from all client accounts of the partner. Default: false.',
    }),
  }),
  payload: (t) => ({
    unsubscribedCount: t.exposeInt('unsubscribedCount', {
      description: 'Number of unsubscribed contacts. `null` when the API does not report it.',
    }),
    account: accountOf(t),
  }),
  resolve: resolvers.unsubscribePartnerContacts,
});
