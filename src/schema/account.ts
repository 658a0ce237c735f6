import {
  accountEmails,
  type Account as AccountRow,
  type AccountEmail as AccountEmailRow,
} from '../loaders/account.js';
import * as resolvers from '../resolvers/account.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { listIn } from '../constant-contact/lists.js';
import { rawId } from '../resolvers/support/global-id.js';
import { builder } from './builder.js';
import { entity } from './entity.js';
import { enumFields, openEnum } from './enums.js';
import { dateTime, globalId, rawIdField } from './fields.js';
import { Node } from './node.js';
import {
  CreatePhysicalAddressPayload,
  PhysicalAddress,
  UpdatePhysicalAddressPayload,
} from './physical-address.js';
import { cost, type Asked } from './cost.js';
import { mutation } from './mutation.js';
import { KEPT } from './update-words.js';
import { limited } from './limits.js';

const ConfirmStatus = openEnum(
  'AccountEmailConfirmStatus',
  'Confirmation status of an email address of the account.',
  {
    CONFIRMED: {
      wire: ['CONFIRMED', 'C'],
      description: 'The owner has confirmed the address. Campaigns can be sent from it.',
    },
    UNCONFIRMED: {
      wire: ['UNCONFIRMED', 'U'],
      description: 'The link in the confirmation email has not been clicked yet.',
    },
  },
);

const ConfirmSource = openEnum(
  'AccountEmailConfirmSource',
  'Person or party that confirmed an email address of the account.',
  {
    SITE_OWNER: 'The owner of the account.',
    SUPPORT: 'Constant Contact support.',
    FORCEVERIFY: 'Constant Contact, without asking the owner.',
    PARTNER: 'A technology partner.',
  },
);

const EmailRole = openEnum('AccountEmailRole', 'Use of an email address of the account.', {
  CONTACT: { wire: ['CONTACT', 'C'], description: 'Email to the account owner.' },
  BILLING: { wire: ['BILLING', 'B'], description: 'Invoices.' },
  JOURNALING: { wire: ['JOURNALING', 'J'], description: 'Copies of sent email, for archiving.' },
  REPLY_TO: { wire: ['REPLY_TO', 'R'], description: 'Replies to campaigns.' },
  OTHER: { wire: ['OTHER', 'O'], description: 'Another use.' },
  DEFAULT_FROM: 'Default sender of campaigns.',
});

export const AccountEmail = builder.objectRef<AccountEmailRow>('AccountEmail').implement({
  description:
    'An email address of the account. When confirmed, it can be the sender and the reply address of campaigns.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'AccountEmail', 'email_id'),
    emailId: rawIdField(t, 'email_id', 'Constant Contact ID (a number).'),
    emailAddress: t.exposeString('email_address', { description: 'Email address, at most 80 characters.' }),
    ...enumFields(t, 'confirmStatus', 'confirm_status', ConfirmStatus, 'Confirmation status of the address.'),
    confirmedAt: dateTime(t, 'confirm_time', 'When the address was confirmed. `null` until then.'),
    ...enumFields(
      t,
      'confirmSource',
      'confirm_source_type',
      ConfirmSource,
      'Person or party that confirmed the address.',
    ),
    roles: t.field({
      type: [EmailRole.type],
      description: 'Uses of the address.',
      resolve: ({ roles }) => listIn(roles)?.map(roleName),
    }),
    rolesRaw: t.exposeStringList('roles', {
      description: 'Texts that the REST API sends for `roles`, also where `roles` has UNKNOWN.',
    }),
    pendingRoles: t.field({
      type: [EmailRole.type],
      description: 'Uses that start once the address is confirmed.',
      resolve: (email) => pendingRoles(email)?.map(roleName),
    }),
    pendingRolesRaw: t.stringList({
      description: 'Texts that the REST API sends for `pendingRoles`, also where `pendingRoles` has UNKNOWN.',
      resolve: pendingRoles,
    }),
  }),
});

entity(AccountEmail, 'AccountEmail', 'emailId', (id, { loaders }) => loaders.accountEmails.load(id));

const CompanyLogo = builder.objectRef<Schema<'CompanyLogo'>>('CompanyLogo').implement({
  description: 'The logo of an account.',
  fields: (t) => ({
    url: t.exposeString('url', { description: 'URL of the image at Constant Contact.' }),
    externalUrl: t.exposeString('external_url', {
      description: 'URL of the image outside Constant Contact.',
    }),
    internalId: t.exposeID('internal_id', { description: 'Constant Contact ID of the image.' }),
  }),
});

const Account = builder.objectRef<AccountRow>('Account').implement({
  description: 'The account of the access token, and its owner.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'Account', 'encoded_account_id'),
    encodedAccountId: rawIdField(t, 'encoded_account_id', 'Constant Contact ID, an encoded text.'),
    encodedPartnerId: t.id({
      description: 'Constant Contact ID of the technology partner of the account. `null` when it has none.',
      resolve: resolvers.summaryPart('encoded_partner_id'),
    }),
    firstName: t.exposeString('first_name', { description: 'First name of the owner.' }),
    lastName: t.exposeString('last_name', { description: 'Last name of the owner.' }),
    contactEmail: t.exposeString('contact_email', { description: 'Email address of the owner.' }),
    contactPhone: t.exposeString('contact_phone', { description: 'Phone number of the owner.' }),
    organizationName: t.exposeString('organization_name', { description: 'Name of the organisation.' }),
    organizationPhone: t.exposeString('organization_phone', {
      description: 'Phone number of the organisation.',
    }),
    website: t.exposeString('website', { description: 'Website of the organisation.' }),
    countryCode: t.exposeString('country_code', {
      description: 'Two-letter country code. The API sends it in upper or lower case.',
    }),
    stateCode: t.exposeString('state_code', { description: 'Two-letter state code.' }),
    timeZoneId: t.exposeString('time_zone_id', {
      description: 'IANA time zone, such as America/New_York.',
    }),
    physicalAddress: t.field({
      type: PhysicalAddress,
      description: 'Postal address in the footer of every email. Without one, no email can be sent.',
      queryCost: cost.none,
      resolve: resolvers.summaryPart('physical_address'),
    }),
    companyLogo: t.field({
      type: CompanyLogo,
      description: 'Logo of the account.',
      queryCost: cost.none,
      resolve: resolvers.summaryPart('company_logo'),
    }),
    emails: t.field({
      type: [AccountEmail],
      description: 'All email addresses of the account.',
      queryCost: cost.scan(accountEmails),
      resolve: (_account, _args, { loaders }) => loaders.accountEmails.all(),
    }),
  }),
});

for (const payload of [CreatePhysicalAddressPayload, UpdatePhysicalAddressPayload]) {
  builder.objectField(payload, 'account', (t) =>
    t.field({
      type: Account,
      description: 'The account with its new postal address, for client caches.',
      queryCost: cost.calls(1),
      resolve: resolvers.accountWithAddress,
    }),
  );
}

entity(Account, 'Account', 'encodedAccountId', (id, context) => resolvers.accountById(id, context));

const UserPrivilege = builder.objectRef<resolvers.UserPrivilege>('UserPrivilege').implement({
  description: 'A privilege of the user of the access token.',
  fields: (t) => ({
    privilegeId: t.exposeID('privilege_id', { description: 'Constant Contact ID (a number).' }),
    privilegeName: t.exposeString('privilege_name', {
      description: 'Name of the privilege, such as contacts:read.',
    }),
  }),
});

const AccountEmailsFilter = builder.inputType('AccountEmailsFilter', {
  description: 'Filters for email addresses of the account: exactly one condition.',
  isOneOf: true,
  fields: (t) => ({
    confirmStatus: t.field({
      type: ConfirmStatus.type,
      description: 'Addresses with this confirmation status.',
    }),
    role: t.field({
      type: EmailRole.type,
      ...limited`Addresses with this use. The API cannot filter by ${{ not: ['DEFAULT_FROM'] }}.`,
    }),
    emailAddress: t.string(
      limited`The address that equals this text, ${{ minLength: 1, maxLength: resolvers.EMAIL_MAX }}.`,
    ),
  }),
});

function isFiltered({ filter }: Asked['args']): boolean {
  return Object.values(filter ?? {}).some((value) => value != null);
}

builder.queryFields((t) => ({
  account: t.field({
    type: Account,
    description: 'The account of the access token.',
    queryCost: cost.calls(1),
    resolve: (_parent, _args, { loaders }) => loaders.account.summary(),
  }),
  userPrivileges: t.field({
    type: [UserPrivilege],
    description:
      'Privileges of the user of the access token, including those that the REST API does not use.',
    queryCost: cost.calls(1),
    resolve: resolvers.userPrivileges,
  }),
  accountEmail: t.field({
    type: AccountEmail,
    description: 'An email address of the account. `null` when it does not exist.',
    queryCost: cost.scan(accountEmails),
    args: {
      id: t.arg.id({ required: true, description: 'Global ID or Constant Contact ID of the email address.' }),
    },
    resolve: (_parent, { id }, { loaders }) => loaders.accountEmails.load(rawId('AccountEmail', id, ['id'])),
  }),
  accountEmails: t.field({
    type: [AccountEmail],
    description: 'Email addresses of the account, optionally filtered.',
    queryCost: cost.all(
      cost.scan(accountEmails, { due: (_n, { args }) => !isFiltered(args), when: 'no filter is passed' }),
      cost.calls(1, { due: (_n, { args }) => isFiltered(args), when: 'a filter is passed' }),
    ),
    args: {
      filter: t.arg({ type: AccountEmailsFilter, description: 'Filter. Default: all addresses.' }),
    },
    resolve: resolvers.accountEmails,
  }),
}));

mutation('updateAccount', {
  description: 'Updates the account and its owner.',
  queryCost: cost.calls(1),
  argument: 'The new values.',
  inputNote: KEPT,
  input: (t) => ({
    firstName: t.string({ description: 'First name of the owner.' }),
    lastName: t.string({ description: 'Last name of the owner.' }),
    contactEmail: t.string(
      limited`Email address of the owner: a confirmed address of the account, ${{ minLength: 1, maxLength: resolvers.EMAIL_MAX }}. It ${{ nullable: false }}.`,
    ),
    contactPhone: t.string(limited`Phone number of the owner, ${{ maxLength: 25 }}.`),
    organizationName: t.string({ description: 'Name of the organisation.' }),
    organizationPhone: t.string(limited`Phone number of the organisation, ${{ maxLength: 25 }}.`),
    website: t.string({ description: 'Website of the organisation.' }),
    countryCode: t.string(
      limited`Two-letter country code, ${{ minLength: 1 }}. US requires \`stateCode\` as well. It ${{ nullable: false }}.`,
    ),
    stateCode: t.string({ description: 'Two-letter state code.' }),
    timeZoneId: t.string(
      limited`IANA time zone, ${{ minLength: 1 }}, such as America/New_York. It ${{ nullable: false }}.`,
    ),
  }),
  payload: (t) => ({ account: t.expose('account', { type: Account, description: 'The updated account.' }) }),
  resolve: resolvers.updateAccount,
});

mutation('addAccountEmail', {
  description: 'Adds an email address to the account. Its owner must confirm it.',
  queryCost: cost.calls(1),
  argument: 'The new email address.',
  input: (t) => ({
    emailAddress: t.string({
      required: true,
      ...limited`Email address, ${{ minLength: 1, maxLength: resolvers.EMAIL_MAX, isTrimmed: true }}. Constant Contact emails a confirmation link to it; until the link is clicked, no campaign can be sent from it.`,
    }),
  }),
  payload: (t) => ({
    accountEmail: t.expose('accountEmail', {
      type: AccountEmail,
      description: 'The new email address, not yet confirmed.',
    }),
  }),
  resolve: resolvers.addAccountEmail,
});

/** Responses use either name. */
function pendingRoles({ pending_roles, pending_role_changes }: AccountEmailRow): string[] | null {
  const [pending, changes] = [listIn(pending_roles), listIn(pending_role_changes)];
  if (!pending && !changes) return null;
  return [...new Set([...(pending ?? []), ...(changes?.filter((role) => typeof role === 'string') ?? [])])];
}

function roleName(role: string): string {
  return EmailRole.fromWire(role) ?? 'UNKNOWN';
}
