import type { RequestBody, ResponseBody } from '../constant-contact/contract/operations.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import { countIn } from '../constant-contact/numbers.js';
import { isWord } from '../constant-contact/words.js';
import type { PartnerPlan } from '../loaders/partner.js';
import type {
  CancelPartnerAccountInput,
  CreatePartnerAccountInput,
  CreatePartnerSsoUserInput,
  SetPartnerPlanInput,
  UnsubscribePartnerContactsInput,
} from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import {
  checkSomeChange,
  inRange,
  maxItems,
  maxLength,
  requiredText,
  trimmedText,
  validate,
} from './support/limits.js';
import { mutate, type UserError } from './support/mutate.js';
import { withSent } from './support/write-back.js';

/** Maximum lengths for a client account and its users (contract: `Provision`, `SSOUser`). */
export const PARTNER_LIMITS = {
  email: 80,
  name: 80,
  organizationName: 50,
  loginName: 50,
  externalId: 255,
  externalProvider: 80,
  optOutReason: 255,
  unsubscribe: 500,
} as const;

const LOGIN_NAME = /^[A-Za-z0-9\-_@.+]*$/;
/** Countries for which the API requires a state code. */
const WITH_STATES: ReadonlySet<string> = new Set(['US', 'USA', 'CA', 'CAN']);

export interface ProvisionedAccount {
  encodedAccountId: string | null;
  provisionUuid: string | null;
  queued: boolean;
  userErrors?: readonly UserError[];
}

const QUEUED: UserError = {
  code: 'PARTLY_DONE',
  field: [],
  message:
    'Constant Contact could not create the account immediately. It queued the order and creates the account later. Do not send it again: that could create a second account. Look for the new account in partnerAccounts.',
};

/** Never retried: a 503 means that the order is queued and carried out later. */
export const createPartnerAccount = mutate(
  async ({ input }: { input: CreatePartnerAccountInput }, { api }): Promise<ProvisionedAccount> => {
    checkProvision(input);
    const { countryCode, stateCode, managed, singleBilling, timeZoneId, partnerAccountId, billingLocale } =
      input;
    const body = dropNulls({
      contact_email: input.contactEmail.trim(),
      login_name: input.loginName,
      country_code: countryCode.toUpperCase(),
      state_code: stateCode?.toUpperCase() ?? '',
      password: input.signIn?.password,
      external_id: input.signIn?.external?.id,
      external_provider: input.signIn?.external?.provider,
      first_name: input.firstName,
      last_name: input.lastName,
      contact_phone: input.contactPhone,
      organization_name: input.organizationName,
      organization_phone: input.organizationPhone,
      website: input.website,
      time_zone_id: timeZoneId,
      partner_account_id: partnerAccountId,
      billing_locale: billingLocale,
      managed_site_owner: managed,
      enable_single_billing: singleBilling,
      gdpr_opt_out: input.gdprOptOut,
    }) as RequestBody<'provision'>;
    try {
      const made = await api.call('provision', { body });
      return {
        encodedAccountId: made.encoded_account_id ?? null,
        provisionUuid: made.provision_uuid ?? null,
        queued: false,
      };
    } catch (error) {
      if (!(error instanceof ConstantContactError) || error.status !== 503) throw error;
      return { encodedAccountId: null, provisionUuid: null, queued: true, userErrors: [QUEUED] };
    }
  },
);

/** @throws InputErrors for everything that violates the contract or the vendor's rules */
function checkProvision(input: CreatePartnerAccountInput): void {
  const at = (name: keyof CreatePartnerAccountInput) => ['input', name];
  const sized = (name: keyof CreatePartnerAccountInput, min: number, max: number) => () =>
    checkLength(input[name] as string | null | undefined, min, max, at(name));
  validate(
    () => trimmedText(input.contactEmail, PARTNER_LIMITS.email, at('contactEmail')),
    sized('loginName', 6, PARTNER_LIMITS.loginName),
    () => {
      if (!LOGIN_NAME.test(input.loginName)) {
        throw new InputError(
          'INVALID',
          'Only letters, digits and - _ @ . + are allowed here.',
          at('loginName'),
        );
      }
    },
    sized('countryCode', 2, 3),
    () => checkState(input, at('stateCode')),
    () => {
      const field = [...at('signIn'), 'password'];
      const password = input.signIn?.password;
      checkLength(password, 8, 80, field);
      if (/\s/.test(password ?? ''))
        throw new InputError('INVALID', 'A password must not contain spaces.', field);
    },
    ...(
      [
        ['id', PARTNER_LIMITS.externalId],
        ['provider', PARTNER_LIMITS.externalProvider],
      ] as const
    ).map(
      ([name, max]) =>
        () =>
          checkLength(input.signIn?.external?.[name], 1, max, [...at('signIn'), 'external', name]),
    ),
    sized('firstName', 2, PARTNER_LIMITS.name),
    sized('lastName', 2, PARTNER_LIMITS.name),
    sized('contactPhone', 5, 25),
    sized('organizationName', 1, PARTNER_LIMITS.organizationName),
    sized('organizationPhone', 5, 25),
    sized('partnerAccountId', 1, 80),
    () => {
      if (input.website == null || /^https?:\/\/\S+$/i.test(input.website)) return;
      throw new InputError('INVALID', 'This must start with http:// or https://.', at('website'));
    },
  );
}

/** @throws InputError when a state is missing for a country with states, or given for another one */
function checkState({ countryCode, stateCode }: CreatePartnerAccountInput, field: readonly string[]): void {
  const wanted = WITH_STATES.has(countryCode.toUpperCase());
  if (wanted && !/^[A-Za-z]{2}$/.test(stateCode ?? '')) {
    throw new InputError('REQUIRED', 'The countries US and CA require a state code of two letters.', field);
  }
  if (!wanted && stateCode) {
    throw new InputError('INVALID', 'A state can be given only for the countries US and CA.', field);
  }
}

export const setPartnerPlan = mutate(async ({ input }: { input: SetPartnerPlanInput }, { api }) => {
  const accountId = rawId('PartnerAccount', input.accountId, ['input', 'accountId']);
  validate(
    () => checkSomeChange(input, ['accountId']),
    ...(['type', 'planGroupId', 'billingDayOfMonth'] as const).map((key) => () => {
      if (input[key] === null)
        throw new InputError('REQUIRED', 'This cannot be cleared. Leave it out.', ['input', key]);
    }),
    () => {
      if (input.type !== 'TRIAL') return;
      throw new InputError('NOT_ALLOWED', 'An account cannot return to TRIAL.', ['input', 'type']);
    },
    () => inRange(input.billingDayOfMonth, 1, 31, ['input', 'billingDayOfMonth']),
  );
  const body = dropNulls({
    plan_type: input.type,
    plan_group_id: input.planGroupId,
    billing_day_of_month: input.billingDayOfMonth,
  }) as RequestBody<'setPlan'>;
  const path = { encoded_account_id: accountId };
  const plan: PartnerPlan = await api.exchange(async (exchange) => {
    const isWhole = body.plan_type !== undefined && body.billing_day_of_month !== undefined;
    const kept = isWhole ? {} : keptPlan(await api.call('getPlan', { path }, { exchange }));
    const sent = { ...kept, ...body };
    return withSent(sent, await api.call('setPlan', { path, body: sent }, { exchange }));
  });
  return { plan, accountId };
});

/**
 * Values of the current plan that a PUT must include, because the API may clear those that it leaves out. None for
 * a trial: no account can be set to it, and its billing day is the day on which it ends.
 */
function keptPlan({ plan_type, billing_day_of_month }: PartnerPlan): RequestBody<'setPlan'> {
  const day = countIn(billing_day_of_month);
  return isWord(plan_type, 'trial') ? {} : dropNulls({ plan_type, billing_day_of_month: day });
}

export type Cancellation = ResponseBody<'cancelAccount'>;

export const cancelPartnerAccount = mutate(
  async ({ input }: { input: CancelPartnerAccountInput }, { api }) => {
    const accountId = rawId('PartnerAccount', input.accountId, ['input', 'accountId']);
    if (input.effectiveAt && input.effectiveAt.getTime() < api.clock.now()) {
      throw new InputError('INVALID', 'This date is in the past. Leave it out to cancel immediately.', [
        'input',
        'effectiveAt',
      ]);
    }
    const body = dropNulls({
      reason_id: input.reason == null ? undefined : Number(input.reason),
      effective_date: input.effectiveAt?.toISOString(),
    }) as RequestBody<'cancelAccount'>;
    const path = { encoded_account_id: accountId };
    const cancellation: Cancellation = await api.call('cancelAccount', { path, body });
    return { cancellation, accountId };
  },
);

export const createPartnerSsoUser = mutate(
  async ({ input }: { input: CreatePartnerSsoUserInput }, { api }) => {
    const accountId = rawId('PartnerAccount', input.accountId, ['input', 'accountId']);
    const { name, email, loginName, externalId, externalProvider } = PARTNER_LIMITS;
    validate(
      () => requiredText(input.firstName, name, ['input', 'firstName']),
      () => requiredText(input.lastName, name, ['input', 'lastName']),
      () => trimmedText(input.contactEmail, email, ['input', 'contactEmail']),
      () => requiredText(input.loginName, loginName, ['input', 'loginName']),
      () => requiredText(input.externalId, externalId, ['input', 'externalId']),
      () => requiredText(input.externalProvider, externalProvider, ['input', 'externalProvider']),
    );
    await api.call('createSSOUser', {
      path: { encoded_account_id: accountId },
      body: {
        first_name: input.firstName,
        last_name: input.lastName,
        role_name: input.role,
        contact_email: input.contactEmail.trim(),
        login_name: input.loginName,
        external_id: input.externalId,
        external_provider: input.externalProvider,
      },
    });
    return { accountId, loginName: input.loginName };
  },
);

export const unsubscribePartnerContacts = mutate(
  async ({ input }: { input: UnsubscribePartnerContactsInput }, { api }) => {
    const accountId = rawId('PartnerAccount', input.accountId, ['input', 'accountId']);
    const field = ['input', 'emailAddresses'];
    validate(
      () => maxItems(input.emailAddresses, PARTNER_LIMITS.unsubscribe, field),
      () => {
        if (input.emailAddresses.length === 0) {
          throw new InputError('REQUIRED', 'Give at least one address.', field);
        }
      },
      () => {
        if (input.globalUnsubscribe && input.emailAddresses.length > 1) {
          throw new InputError('TOO_MANY', 'With globalUnsubscribe, give one address only.', field);
        }
      },
      ...input.emailAddresses.map(
        (address, index) => () => trimmedText(address, PARTNER_LIMITS.email, [...field, String(index)]),
      ),
      () => maxLength(input.optOutReason, PARTNER_LIMITS.optOutReason, ['input', 'optOutReason']),
    );
    const body = dropNulls({
      email_addresses: input.emailAddresses.map((address) => address.trim()),
      update_source: input.updateSource,
      opt_out_reason: input.optOutReason,
      delete_contacts: input.deleteContacts,
      global_unsubscribe: input.globalUnsubscribe,
    }) as RequestBody<'partnerUnsubscribeContacts'>;
    const path = { encoded_account_id: accountId };
    // The contacts are unsubscribed even if the response is empty and has no count.
    const result = (await api.call('partnerUnsubscribeContacts', { path, body })) as
      ResponseBody<'partnerUnsubscribeContacts'> | undefined;
    return { unsubscribedCount: result?.unsubscribed_count ?? null, accountId };
  },
);

/** @throws InputError `INVALID` below `min` characters, `TOO_LONG` above `max` */
function checkLength(
  text: string | null | undefined,
  min: number,
  max: number,
  field: readonly string[],
): void {
  maxLength(text, max, field);
  if (text != null && text.trim().length < min) {
    throw new InputError('INVALID', `At least ${String(min)} characters are required here.`, field);
  }
}
