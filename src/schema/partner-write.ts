import { partnerAccounts, type PartnerPlan as PartnerPlanRow } from '../loaders/partner.js';
import { knownAccount } from '../resolvers/partner.js';
import * as resolvers from '../resolvers/partner-write.js';
import { PARTNER_LIMITS as limits } from '../resolvers/partner-write.js';
import { builder } from './builder.js';
import { ConsentSource } from './contact-detail.js';
import { edgeField } from './connection.js';
import { inputEnum, openEnum, type EnumValues } from './enums.js';
import { parseDate } from '../constant-contact/dates.js';
import {
  PARTNER_ONLY,
  PartnerAccount,
  PartnerAccountConnection,
  PartnerPlan,
  PartnerPlanType,
} from './partner.js';
import { payloadType } from './payload.js';
import { cost } from './cost.js';
import { KEPT } from './update-words.js';

const ACCOUNT_ID = 'Global or raw id of the client account.';

const PartnerBillingLocale = inputEnum('PartnerBillingLocale', 'In which currency an account is billed.', {
  EN_US: { wire: 'en_US', description: 'US dollars.' },
  EN_GB: { wire: 'en_GB', description: 'British pounds.' },
});

const PartnerExternalSignInInput = builder.inputType('PartnerExternalSignInInput', {
  description: 'The account at a service that signs people in.',
  fields: (t) => ({
    id: t.id({
      required: true,
      description: `Id of the account at that service, at most ${String(limits.externalId)} characters.`,
    }),
    provider: t.string({
      required: true,
      description: `Name of the service, at most ${String(limits.externalProvider)} characters.`,
    }),
  }),
});

const PartnerSignInInput = builder.inputType('PartnerSignInInput', {
  description: 'How the owner of a client account signs in: exactly one of the two.',
  isOneOf: true,
  fields: (t) => ({
    password: t.string({ description: 'Password, 8 to 80 characters without spaces.' }),
    external: t.field({ type: PartnerExternalSignInInput, description: 'Another service signs them in.' }),
  }),
});

const CreatePartnerAccountInput = builder.inputType('CreatePartnerAccountInput', {
  description: 'A new client account.',
  fields: (t) => ({
    contactEmail: t.string({
      required: true,
      description: `Email address of the owner, at most ${String(limits.email)} characters.`,
    }),
    loginName: t.string({
      required: true,
      description: 'Name to sign in with, unique, 6 to 50 characters: letters, digits and - _ @ . +.',
    }),
    countryCode: t.string({ required: true, description: 'Code of the country, such as US (ISO 3166-1).' }),
    stateCode: t.string({
      description:
        'Two letters of the state or province. Needed for US and CA, refused for any other country.',
    }),
    signIn: t.field({
      type: PartnerSignInInput,
      description: 'How the owner signs in. Default: the single sign-on of the partner.',
    }),
    firstName: t.string({ description: 'Given name of the owner, 2 to 80 characters.' }),
    lastName: t.string({ description: 'Family name of the owner, 2 to 80 characters.' }),
    contactPhone: t.string({ description: 'Phone number of the owner, 5 to 25 characters.' }),
    organizationName: t.string({ description: 'Name of the organisation, at most 50 characters.' }),
    organizationPhone: t.string({ description: 'Phone number of the organisation, 5 to 25 characters.' }),
    website: t.string({ description: 'Web address, starting with http:// or https://.' }),
    timeZoneId: t.string({ description: 'Time zone, such as US/Eastern.' }),
    partnerAccountId: t.string({
      description: "The partner's own id of the account, for bills and reports, at most 80 characters.",
    }),
    billingLocale: t.field({ type: PartnerBillingLocale, description: 'The currency; EN_US when left out.' }),
    managed: t.boolean({
      description: 'Whether the partner manages the account. False is ignored where the partner manages all.',
    }),
    singleBilling: t.boolean({
      description: 'Whether the partner is billed in place of the client, where that is agreed on.',
    }),
    gdprOptOut: t.boolean({ description: 'True when the owner wants no marketing from Constant Contact.' }),
  }),
});

const SetPartnerPlanInput = builder.inputType('SetPartnerPlanInput', {
  description: `Changes to the plan of a client account, at least one. ${KEPT} None of them can be cleared.`,
  fields: (t) => ({
    accountId: t.id({ required: true, description: ACCOUNT_ID }),
    type: t.field({ type: PartnerPlanType.type, description: 'The plan: BRONZE, SILVER or GOLD.' }),
    planGroupId: t.int({
      description: 'Number of the group of plans, to come from an older plan to one of today.',
    }),
    billingDayOfMonth: t.int({
      description:
        'Day of the month for bills, 1 to 31. Heeded only when the account leaves its trial; the day of that when left out.',
    }),
  }),
});

const REASONS = {
  COST_TOO_HIGH: { wire: '1', description: 'It costs too much (1).' },
  COMPETITOR: { wire: '2', description: 'The client uses another service (2).' },
  NO_EMAIL_MARKETING: { wire: '3', description: 'The client does no email marketing (3).' },
  SOMETHING_MISSING: { wire: '11', description: 'Something is missing or does not work (11).' },
  IN_HOUSE: { wire: '12', description: 'The client does it by itself (12).' },
  POOR_RESULTS: { wire: '14', description: 'It brought too little (14).' },
  TOO_DIFFICULT: { wire: '21', description: 'It is too difficult (21).' },
  CANCELED_ONLINE: { wire: '27', description: 'The client cancelled online (27).' },
  BILLING_POLICIES: { wire: '30', description: 'The client dislikes how it is billed (30).' },
} satisfies EnumValues;

const PartnerCancellationReason = openEnum(
  'PartnerCancellationReason',
  'Why a client account is cancelled. The number of the API is in brackets.',
  REASONS,
);

const CancelPartnerAccountInput = builder.inputType('CancelPartnerAccountInput', {
  description: 'A client account to cancel.',
  fields: (t) => ({
    accountId: t.id({ required: true, description: ACCOUNT_ID }),
    reason: t.field({ type: PartnerCancellationReason.type, description: 'Why.' }),
    effectiveAt: t.field({ type: 'DateTime', description: 'When, in the future; at once when left out.' }),
  }),
});

const PartnerUserRole = inputEnum('PartnerUserRole', 'What a user of a client account may do.', {
  ACCOUNT_MANAGER: { wire: 'account_manager', description: 'Nearly everything.' },
  CAMPAIGN_CREATOR: {
    wire: 'campaign_creator',
    description: 'Write campaigns, but neither send them nor touch contacts.',
  },
});

const CreatePartnerSsoUserInput = builder.inputType('CreatePartnerSsoUserInput', {
  description: 'A new user of a client account that has single sign-on for all its users.',
  fields: (t) => ({
    accountId: t.id({ required: true, description: ACCOUNT_ID }),
    firstName: t.string({ required: true, description: 'Given name, at most 80 characters.' }),
    lastName: t.string({ required: true, description: 'Family name, at most 80 characters.' }),
    role: t.field({ type: PartnerUserRole, required: true, description: 'What the user may do.' }),
    contactEmail: t.string({
      required: true,
      description: 'Email address of the user, unique, at most 80 characters.',
    }),
    loginName: t.string({ required: true, description: 'Name of the user, at most 50 characters.' }),
    externalId: t.string({
      required: true,
      description: 'Id of the user with the service that signs it in, at most 255 characters.',
    }),
    externalProvider: t.string({
      required: true,
      description: 'Name of that service, at most 80 characters.',
    }),
  }),
});

const UnsubscribePartnerContactsInput = builder.inputType('UnsubscribePartnerContactsInput', {
  description: 'Contacts of a client account to unsubscribe.',
  fields: (t) => ({
    accountId: t.id({ required: true, description: ACCOUNT_ID }),
    emailAddresses: t.stringList({
      required: true,
      description: `Their addresses, 1 to ${String(limits.unsubscribe)}; one only with globalUnsubscribe.`,
    }),
    updateSource: t.field({ type: ConsentSource.type, required: true, description: 'Who wants it.' }),
    optOutReason: t.string({
      description: `Why, at most ${String(limits.optOutReason)} characters.`,
    }),
    deleteContacts: t.boolean({
      description: 'True deletes them as well; they can be revived. False when left out.',
    }),
    globalUnsubscribe: t.boolean({
      description:
        "True unsubscribes the address from all of the partner's client accounts. False when left out.",
    }),
  }),
});

/** The account that a mutation was about. */
const accountOf = (
  t: PothosSchemaTypes.ObjectFieldBuilder<(typeof builder)['$inferSchemaTypes'], { accountId?: string }>,
) =>
  t.field({
    type: PartnerAccount,
    description: 'The client account.',
    queryCost: cost.scan(partnerAccounts, { unless: ['id', 'encodedAccountId', 'plan'] }),
    resolve: ({ accountId }, _args, context, info) =>
      accountId ? knownAccount(accountId, context, info) : null,
  });

const CreatePartnerAccountPayload = payloadType<resolvers.ProvisionedAccount>(
  'CreatePartnerAccountPayload',
  'What came of `createPartnerAccount`.',
  (t) => ({
    encodedAccountId: t.exposeID('encodedAccountId', {
      description: 'Raw id of the new account; null while it is queued.',
    }),
    provisionUuid: t.exposeID('provisionUuid', { description: 'Id of the order.' }),
    queued: t.exposeBoolean('queued', {
      description:
        'True when the API was too busy and makes the account later. Do not repeat the order then; `userErrors` says so with PARTLY_DONE.',
    }),
    account: t.field({
      type: PartnerAccount,
      description: 'The new account. Null while the API does not list it yet.',
      queryCost: cost.scan(partnerAccounts, { unless: ['id', 'encodedAccountId', 'plan'] }),
      resolve: ({ encodedAccountId }, _args, context, info) =>
        encodedAccountId ? knownAccount(encodedAccountId, context, info) : null,
    }),
    accountEdge: edgeField(
      t,
      PartnerAccountConnection,
      'the new account',
      ({ encodedAccountId }, { loaders }) =>
        encodedAccountId ? loaders.partnerAccounts.load(encodedAccountId) : null,
      cost.scan(partnerAccounts),
    ),
  }),
);

const SetPartnerPlanPayload = payloadType<{ plan: PartnerPlanRow; accountId: string }>(
  'SetPartnerPlanPayload',
  'What came of `setPartnerPlan`.',
  (t) => ({
    plan: t.expose('plan', { type: PartnerPlan, description: 'The plan as it is now.' }),
    account: accountOf(t),
  }),
);

const CancelPartnerAccountPayload = payloadType<{ cancellation: resolvers.Cancellation; accountId: string }>(
  'CancelPartnerAccountPayload',
  'What came of `cancelPartnerAccount`.',
  (t) => ({
    effectiveAt: t.field({
      type: 'DateTime',
      description: 'When the account ends.',
      resolve: ({ cancellation }) => parseDate(cancellation?.effective_date),
    }),
    reason: t.field({
      type: PartnerCancellationReason.type,
      description: 'Why it was cancelled.',
      resolve: ({ cancellation }) => PartnerCancellationReason.fromWire(cancellation?.reason_id),
    }),
    reasonRaw: t.string({
      description: '`reason` as the API wrote it: a number.',
      resolve: ({ cancellation }) => cancellation?.reason_id?.toString(),
    }),
    account: accountOf(t),
  }),
);

const CreatePartnerSsoUserPayload = payloadType<{ accountId: string; loginName: string }>(
  'CreatePartnerSsoUserPayload',
  'What came of `createPartnerSsoUser`. The API tells nothing about the user.',
  (t) => ({
    loginName: t.exposeString('loginName', { description: 'Name of the new user.' }),
    account: accountOf(t),
  }),
);

const UnsubscribePartnerContactsPayload = payloadType<{
  unsubscribedCount: number | null;
  accountId: string;
}>('UnsubscribePartnerContactsPayload', 'What came of `unsubscribePartnerContacts`.', (t) => ({
  unsubscribedCount: t.exposeInt('unsubscribedCount', {
    description: 'How many were unsubscribed; null when the API does not say.',
  }),
  account: accountOf(t),
}));

builder.mutationFields((t) => ({
  createPartnerAccount: t.field({
    type: CreatePartnerAccountPayload,
    description: `Makes a client account, on trial. It is never repeated: when the API is too busy it keeps the order. ${PARTNER_ONLY}`,
    queryCost: cost.calls(1),
    args: {
      input: t.arg({ type: CreatePartnerAccountInput, required: true, description: 'The new account.' }),
    },
    resolve: resolvers.createPartnerAccount,
  }),
  setPartnerPlan: t.field({
    type: SetPartnerPlanPayload,
    description: `Puts a client account on a plan that is paid for, or changes how it is on it. ${PARTNER_ONLY}`,
    queryCost: cost.calls(1),
    args: {
      input: t.arg({ type: SetPartnerPlanInput, required: true, description: 'The account and the plan.' }),
    },
    resolve: resolvers.setPartnerPlan,
  }),
  cancelPartnerAccount: t.field({
    type: CancelPartnerAccountPayload,
    description: `Cancels a client account, at once or later. ${PARTNER_ONLY}`,
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: CancelPartnerAccountInput, required: true, description: 'The account.' }) },
    resolve: resolvers.cancelPartnerAccount,
  }),
  createPartnerSsoUser: t.field({
    type: CreatePartnerSsoUserPayload,
    description: `Makes a user of a client account that has single sign-on. ${PARTNER_ONLY}`,
    queryCost: cost.calls(1),
    args: {
      input: t.arg({ type: CreatePartnerSsoUserInput, required: true, description: 'The new user.' }),
    },
    resolve: resolvers.createPartnerSsoUser,
  }),
  unsubscribePartnerContacts: t.field({
    type: UnsubscribePartnerContactsPayload,
    description: `Unsubscribes contacts from a client account, or one address from all of them. ${PARTNER_ONLY}`,
    queryCost: cost.calls(1),
    args: {
      input: t.arg({
        type: UnsubscribePartnerContactsInput,
        required: true,
        description: 'The contacts.',
      }),
    },
    resolve: resolvers.unsubscribePartnerContacts,
  }),
}));
