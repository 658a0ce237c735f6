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
import { inputId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { checkSomeChange, validate } from './support/limits.js';
import { mutate, type UserError } from './support/mutate.js';
import { withSent } from './support/write-back.js';

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
  validate(
    () => {
      if (!LOGIN_NAME.test(input.loginName)) {
        throw new InputError(
          'INVALID',
          'Only letters, digits and - _ @ . + are allowed here.',
          at('loginName'),
        );
      }
    },
    () => checkState(input, at('stateCode')),
    () => {
      if (/\s/.test(input.signIn?.password ?? ''))
        throw new InputError('INVALID', 'A password must not contain spaces.', [...at('signIn'), 'password']);
    },
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
  const accountId = inputId('PartnerAccount', input, 'accountId');
  validate(
    () => checkSomeChange(input, ['accountId']),
    () => {
      if (input.type !== 'TRIAL') return;
      throw new InputError('NOT_ALLOWED', 'An account cannot return to TRIAL.', ['input', 'type']);
    },
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
    const accountId = inputId('PartnerAccount', input, 'accountId');
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
    const accountId = inputId('PartnerAccount', input, 'accountId');
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
    const accountId = inputId('PartnerAccount', input, 'accountId');
    const field = ['input', 'emailAddresses'];
    validate(
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
