import type { QueryParams, RequestBody, ResponseBody } from '../constant-contact/contract/operations.js';
import type { Context } from '../context.js';
import type { Account, AccountEmail, PhysicalAddress } from '../loaders/account.js';
import type { AccountEmailsFilter, UpdateAccountInput } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { InputError } from './support/input-error.js';
import { checkSomeChange, trimmedText, validate } from './support/limits.js';
import { mutate } from './support/mutate.js';
import { withSent } from './support/write-back.js';

/** Maximum length of an email address of the account (contract: `CustomerPut`, `AccountEmailInput`). */
export const EMAIL_MAX = 80;

/** The account of the credentials when it has this ID. They cannot read any other account. */
export async function accountById(id: string, { loaders }: Context): Promise<Account | null> {
  const account = await loaders.account.summary();
  return account.encoded_account_id === id ? account : null;
}

/** A part that the response of an update leaves out: read there, free otherwise. */
export function summaryPart<Key extends 'encoded_partner_id' | 'physical_address' | 'company_logo'>(
  key: Key,
) {
  return async (row: Account, _args: unknown, { loaders }: Context): Promise<Account[Key]> =>
    row[key] ?? (await loaders.account.summary())[key];
}

/** The account to which an address was written; null when it was not written. */
export async function accountWithAddress(
  { physicalAddress }: { physicalAddress?: PhysicalAddress },
  _args: unknown,
  { loaders }: Context,
): Promise<Account | null> {
  return physicalAddress ? { ...(await loaders.account.summary()), physical_address: physicalAddress } : null;
}

export type UserPrivilege = ResponseBody<'getUserPrivileges'>[number];

export function userPrivileges(_parent: unknown, _args: unknown, { api }: Context): Promise<UserPrivilege[]> {
  return api.reference('account', 'privileges', (session) => session.call('getUserPrivileges', {}));
}

/** Reads without a filter share one scan. The API accepts a single filter. */
export function accountEmails(
  _parent: unknown,
  args: { filter?: AccountEmailsFilter | null },
  { api, loaders }: Context,
): Promise<readonly AccountEmail[]> {
  const { confirmStatus, role, emailAddress } = args.filter ?? {};
  if (role === 'DEFAULT_FROM')
    throw new InputError('NOT_ALLOWED', 'DEFAULT_FROM is not supported as a filter.', ['filter', 'role']);
  const query = dropNulls({
    confirm_status: confirmStatus,
    role_code: role,
    email_address:
      emailAddress == null ? null : trimmedText(emailAddress, EMAIL_MAX, ['filter', 'emailAddress']),
  }) as QueryParams<'retrieveEmailAddresses'>;
  return Object.keys(query).length === 0
    ? loaders.accountEmails.all()
    : api.reference('account', `emails:${JSON.stringify(query)}`, (session) =>
        session.call('retrieveEmailAddresses', { query }),
      );
}

/** Unlike other PUTs of the API, this one keeps the properties that it does not include. */
export const updateAccount = mutate(async ({ input }: { input: UpdateAccountInput }, { api }) => {
  validate(
    () => checkSomeChange(input),
    () => {
      if (input.countryCode?.toUpperCase() === 'US' && !input.stateCode)
        throw new InputError('REQUIRED', 'An account in the US requires a stateCode.', [
          'input',
          'stateCode',
        ]);
    },
  );
  const body = emptyForNull({
    first_name: input.firstName,
    last_name: input.lastName,
    contact_email: input.contactEmail,
    contact_phone: input.contactPhone,
    organization_name: input.organizationName,
    organization_phone: input.organizationPhone,
    website: input.website,
    country_code: input.countryCode,
    state_code: input.stateCode,
    time_zone_id: input.timeZoneId,
  });
  return { account: withSent(body, await api.call('putCustomerById', { body })) };
});

export const addAccountEmail = mutate(async ({ input }: { input: { emailAddress: string } }, { api }) => {
  const body = { email_address: input.emailAddress.trim() };
  const written = await api.call('addAccountEmailAddress', { body });
  return { accountEmail: withSent(body, written) };
});

/** Undefined is not sent. Null is sent as an empty string, because the contract has no null. */
function emptyForNull(
  fields: Readonly<Record<string, string | null | undefined>>,
): RequestBody<'putCustomerById'> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value ?? '']])),
  );
}
