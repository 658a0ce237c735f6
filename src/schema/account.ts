import {
  accountEmails,
  type Account as AccountRow,
  type AccountEmail as AccountEmailRow,
} from '../loaders/account.js';
import * as resolvers from '../resolvers/account.js';
import { ACCOUNT_LIMITS as limits } from '../resolvers/account.js';
import { byReference } from '../resolvers/support/reference.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { builder } from './builder.js';
import { enumFields, openEnum } from './enums.js';
import { dateTime, globalId, rawIdField } from './fields.js';
import { Node } from './node.js';
import { payloadType } from './payload.js';
import {
  CreatePhysicalAddressPayload,
  PhysicalAddress,
  UpdatePhysicalAddressPayload,
} from './physical-address.js';
import { cost, type Asked } from './cost.js';
import { KEPT } from './update-words.js';

const ConfirmStatus = openEnum(
  'AccountEmailConfirmStatus',
  'Whether the owner of an address has confirmed it.',
  {
    CONFIRMED: { wire: ['CONFIRMED', 'C'], description: 'Confirmed: campaigns can be sent from it.' },
    UNCONFIRMED: {
      wire: ['UNCONFIRMED', 'U'],
      description: 'The link in the mail has not been clicked yet.',
    },
  },
);

const ConfirmSource = openEnum('AccountEmailConfirmSource', 'Who confirmed an address.', {
  SITE_OWNER: 'The owner of the account.',
  SUPPORT: "The vendor's support.",
  FORCEVERIFY: 'The vendor, without asking the owner.',
  PARTNER: 'A partner.',
});

const EmailRole = openEnum('AccountEmailRole', 'What the account uses an address for.', {
  CONTACT: { wire: ['CONTACT', 'C'], description: 'To reach the account owner.' },
  BILLING: { wire: ['BILLING', 'B'], description: 'For invoices.' },
  JOURNALING: { wire: ['JOURNALING', 'J'], description: 'To keep copies of what is sent.' },
  REPLY_TO: { wire: ['REPLY_TO', 'R'], description: 'Answers to campaigns go there.' },
  OTHER: { wire: ['OTHER', 'O'], description: 'Anything else.' },
  DEFAULT_FROM: 'The sender of campaigns unless another is chosen.',
});

export const AccountEmail = builder.objectRef<AccountEmailRow>('AccountEmail');
AccountEmail.implement({
  description:
    'An address of the account. Campaigns can be sent from confirmed ones, and answers can go to them.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'AccountEmail', 'email_id'),
    emailId: rawIdField(t, 'email_id', "Constant Contact's own id of the address (a number)."),
    emailAddress: t.exposeString('email_address', { description: 'The address, at most 80 characters.' }),
    ...enumFields(t, 'confirmStatus', 'confirm_status', ConfirmStatus, 'Whether it is confirmed.'),
    confirmedAt: dateTime(t, 'confirm_time', 'When it was confirmed; null until then.'),
    ...enumFields(t, 'confirmSource', 'confirm_source_type', ConfirmSource, 'Who confirmed it.'),
    roles: t.field({
      type: [EmailRole.type],
      nullable: { list: true, items: false },
      description: 'What it is used for.',
      resolve: ({ roles }) => roles?.map(known),
    }),
    rolesRaw: t.exposeStringList('roles', {
      nullable: { list: true, items: false },
      description: '`roles` as the API wrote them.',
    }),
    pendingRoles: t.field({
      type: [EmailRole.type],
      nullable: { list: true, items: false },
      description: 'What it will be used for once it is confirmed.',
      resolve: (email) => pendingRoles(email)?.map(known),
    }),
    pendingRolesRaw: t.stringList({
      nullable: { list: true, items: false },
      description: '`pendingRoles` as the API wrote them.',
      resolve: pendingRoles,
    }),
  }),
});

builder.asEntity(AccountEmail, {
  key: [builder.selection<{ id: string }>('id'), builder.selection<{ emailId: string }>('emailId')],
  resolveReference: (key, { loaders }) =>
    byReference('AccountEmail', key, 'emailId', (id) => loaders.accountEmails.load(id)),
});

const CompanyLogo = builder.objectRef<Schema<'CompanyLogo'>>('CompanyLogo');
CompanyLogo.implement({
  description: "The account's logo.",
  fields: (t) => ({
    url: t.exposeString('url', { description: 'Address of the picture at the vendor.' }),
    externalUrl: t.exposeString('external_url', { description: 'Address of the picture elsewhere.' }),
    internalId: t.exposeID('internal_id', { description: "Constant Contact's own id of the picture." }),
  }),
});

const Account = builder.objectRef<AccountRow>('Account');
Account.implement({
  description: 'The account that the access token belongs to, and its owner.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'Account', 'encoded_account_id'),
    encodedAccountId: rawIdField(t, 'encoded_account_id', "Constant Contact's own id of it."),
    encodedPartnerId: t.id({
      description: 'Id of the partner that the account belongs to; null when there is none.',
      resolve: resolvers.summaryPart('encoded_partner_id'),
    }),
    firstName: t.exposeString('first_name', { description: "The owner's given name." }),
    lastName: t.exposeString('last_name', { description: "The owner's family name." }),
    contactEmail: t.exposeString('contact_email', { description: 'Address at which the owner is reached.' }),
    contactPhone: t.exposeString('contact_phone', { description: 'Number at which the owner is reached.' }),
    organizationName: t.exposeString('organization_name', { description: 'Name of the organisation.' }),
    organizationPhone: t.exposeString('organization_phone', { description: 'Number of the organisation.' }),
    website: t.exposeString('website', { description: 'Website of the organisation.' }),
    countryCode: t.exposeString('country_code', {
      description: 'Two-letter code of the country, as the API writes it, in lower case at times.',
    }),
    stateCode: t.exposeString('state_code', { description: 'Two-letter code of the state.' }),
    timeZoneId: t.exposeString('time_zone_id', {
      description: 'Time zone, by its IANA name, such as America/New_York.',
    }),
    physicalAddress: t.field({
      type: PhysicalAddress,
      description: 'The address that stands below each email; without one nothing can be sent.',
      queryCost: cost.none,
      resolve: resolvers.summaryPart('physical_address'),
    }),
    companyLogo: t.field({
      type: CompanyLogo,
      description: 'The logo.',
      queryCost: cost.none,
      resolve: resolvers.summaryPart('company_logo'),
    }),
    emails: t.field({
      type: [AccountEmail],
      nullable: { list: true, items: false },
      description: 'All addresses of the account.',
      queryCost: cost.scan(accountEmails),
      resolve: (_account, _args, { loaders }) => loaders.accountEmails.all(),
    }),
  }),
});

for (const payload of [CreatePhysicalAddressPayload, UpdatePhysicalAddressPayload]) {
  builder.objectField(payload, 'account', (t) =>
    t.field({
      type: Account,
      description: 'The account with its new address, for the cache of a client.',
      queryCost: cost.calls(1),
      resolve: resolvers.accountWithAddress,
    }),
  );
}

builder.asEntity(Account, {
  key: [
    builder.selection<{ id: string }>('id'),
    builder.selection<{ encodedAccountId: string }>('encodedAccountId'),
  ],
  resolveReference: (key, context) =>
    byReference('Account', key, 'encodedAccountId', (id) => resolvers.accountById(id, context)),
});

const UserPrivilege = builder.objectRef<resolvers.UserPrivilege>('UserPrivilege');
UserPrivilege.implement({
  description: 'Something that the user of the access token may do.',
  fields: (t) => ({
    privilegeId: t.exposeID('privilege_id', { description: "Constant Contact's own id (a number)." }),
    privilegeName: t.exposeString('privilege_name', { description: 'Name, such as contacts:read.' }),
  }),
});

const AccountEmailsFilter = builder.inputType('AccountEmailsFilter', {
  description: 'Which addresses to read. The API takes one condition at a time.',
  isOneOf: true,
  fields: (t) => ({
    confirmStatus: t.field({ type: ConfirmStatus.type, description: 'By confirmation.' }),
    role: t.field({ type: EmailRole.type, description: 'By use. The API does not look for DEFAULT_FROM.' }),
    emailAddress: t.string({ description: `Exactly this address, at most ${limits.email} characters.` }),
  }),
});

function isFiltered({ filter }: Asked['args']): boolean {
  return Object.values(filter ?? {}).some((value) => value != null);
}

builder.queryFields((t) => ({
  account: t.field({
    type: Account,
    description: 'The account that the access token belongs to.',
    queryCost: cost.calls(1),
    resolve: resolvers.account,
  }),
  userPrivileges: t.field({
    type: [UserPrivilege],
    nullable: { list: true, items: false },
    description: 'What the user of the access token may do, things that the API does not use included.',
    queryCost: cost.calls(1),
    resolve: resolvers.userPrivileges,
  }),
  accountEmail: t.field({
    type: AccountEmail,
    description: 'One address of the account; null when it does not exist.',
    queryCost: cost.scan(accountEmails),
    args: { id: t.arg.id({ required: true, description: 'Global or raw id of the address.' }) },
    resolve: resolvers.accountEmail,
  }),
  accountEmails: t.field({
    type: [AccountEmail],
    nullable: { list: true, items: false },
    description: 'Addresses of the account.',
    queryCost: cost.all(
      cost.scan(accountEmails, { due: (_n, { args }) => !isFiltered(args), when: 'there is no filter' }),
      cost.calls(1, { due: (_n, { args }) => isFiltered(args), when: 'there is one' }),
    ),
    args: {
      filter: t.arg({ type: AccountEmailsFilter, description: 'Which addresses; all when left out.' }),
    },
    resolve: resolvers.accountEmails,
  }),
}));

const UpdateAccountInput = builder.inputType('UpdateAccountInput', {
  description: `Changes to the account. ${KEPT}`,
  fields: (t) => ({
    firstName: t.string({ description: "The owner's given name." }),
    lastName: t.string({ description: "The owner's family name." }),
    contactEmail: t.string({
      description:
        'Address at which the owner is reached: a confirmed one of the account. It cannot be emptied.',
    }),
    contactPhone: t.string({
      description: `Number at which the owner is reached, at most ${limits.phone} characters.`,
    }),
    organizationName: t.string({ description: 'Name of the organisation.' }),
    organizationPhone: t.string({
      description: `Number of the organisation, at most ${limits.phone} characters.`,
    }),
    website: t.string({ description: 'Website of the organisation.' }),
    countryCode: t.string({
      description: 'Two-letter code of the country; US wants a stateCode with it. It cannot be emptied.',
    }),
    stateCode: t.string({ description: 'Two-letter code of the state.' }),
    timeZoneId: t.string({ description: 'Time zone, by its IANA name. It cannot be emptied.' }),
  }),
});

const AddAccountEmailInput = builder.inputType('AddAccountEmailInput', {
  description: 'A new address of the account.',
  fields: (t) => ({
    emailAddress: t.string({
      required: true,
      description: `The address, at most ${limits.email} characters. The vendor mails a link to it, and until that is clicked nothing can be sent from it.`,
    }),
  }),
});

const UpdateAccountPayload = payloadType<{ account: AccountRow }>(
  'UpdateAccountPayload',
  'What came of `updateAccount`.',
  (t) => ({ account: t.expose('account', { type: Account, description: 'The account after the change.' }) }),
);

const AddAccountEmailPayload = payloadType<{ accountEmail: AccountEmailRow }>(
  'AddAccountEmailPayload',
  'What came of `addAccountEmail`.',
  (t) => ({
    accountEmail: t.expose('accountEmail', {
      type: AccountEmail,
      description: 'The new address, not confirmed yet.',
    }),
  }),
);

builder.mutationFields((t) => ({
  updateAccount: t.field({
    type: UpdateAccountPayload,
    description: "Changes the account's own data.",
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: UpdateAccountInput, required: true, description: 'The changes.' }) },
    resolve: resolvers.updateAccount,
  }),
  addAccountEmail: t.field({
    type: AddAccountEmailPayload,
    description: 'Adds an address to the account, to be confirmed by its owner.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: AddAccountEmailInput, required: true, description: 'The address.' }) },
    resolve: resolvers.addAccountEmail,
  }),
}));

/** The API has them under either name. */
function pendingRoles({ pending_roles, pending_role_changes }: AccountEmailRow): string[] | null {
  if (!pending_roles && !pending_role_changes) return null;
  const changes = pending_role_changes?.filter((role) => typeof role === 'string');
  return [...new Set([...(pending_roles ?? []), ...(changes ?? [])])];
}

function known(role: string): string {
  return EmailRole.fromWire(role) ?? 'UNKNOWN';
}
