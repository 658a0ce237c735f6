import type { RequestBody } from '../constant-contact/contract/operations.js';
import { checkAnniversary, checkBirthday, customFieldIds } from './contact-input.js';
import type { CreateContactFromSignUpFormInput } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawIds } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { convertAll, nullIfBlank } from './support/limits.js';
import { mutate } from './support/mutate.js';

/** Maximum number of lists of the form (contract: ContactCreateOrUpdateInput). */
export const FORM_LISTS_MAX = 50;

/** Records a sign-up. The API creates or updates the contact and sets its permission to explicit. */
export const createContactFromSignUpForm = mutate(
  async ({ input }: { input: CreateContactFromSignUpFormInput }, { api }) => {
    const body = formBody(input);
    const { contact_id: contactId, action } = await api.call('createOrUpdateContact', { body });
    return { contactId: contactId ?? null, action: action ?? null };
  },
);

function formBody(input: CreateContactFromSignUpFormInput): RequestBody<'createOrUpdateContact'> {
  const { smsChannel: sms, streetAddress: street, birthday } = input;
  const [list_memberships, fieldIds] = convertAll(
    () => rawIds('ContactList', input.listIds, ['input', 'listIds'], { max: FORM_LISTS_MAX }),
    () => customFieldIds(input.customFields ?? []),
    () => {
      if (!input.emailAddress?.trim() && !sms)
        throw new InputError('REQUIRED', 'Give emailAddress or smsChannel.', ['input']);
    },
    () => checkBirthday(birthday, ['input', 'birthday']),
    () => checkAnniversary(input.anniversary, ['input', 'anniversary']),
  );
  return dropNulls({
    list_memberships,
    email_address: nullIfBlank(input.emailAddress)?.trim(),
    first_name: nullIfBlank(input.firstName),
    last_name: nullIfBlank(input.lastName),
    job_title: nullIfBlank(input.jobTitle),
    company_name: nullIfBlank(input.companyName),
    birthday_month: birthday?.month,
    birthday_day: birthday?.day,
    anniversary: input.anniversary,
    phone_number: input.phoneNumber,
    street_address:
      street &&
      dropNulls({
        kind: street.kind,
        street: nullIfBlank(street.street),
        city: nullIfBlank(street.city),
        state: nullIfBlank(street.state),
        postal_code: nullIfBlank(street.postalCode),
        country: nullIfBlank(street.country),
      }),
    custom_fields:
      input.customFields &&
      input.customFields.map(({ value }, index) => ({ custom_field_id: fieldIds[index], value })),
    sms_channel: sms && {
      sms_address: sms.smsAddress,
      dial_code: sms.dialCode,
      country_code: sms.countryCode,
      sms_channel_consents: [
        dropNulls({
          sms_consent_permission: sms.permission,
          consent_type: 'promotional_sms',
          consent_medium_type: sms.mediumType,
          consent_medium_url: sms.mediumUrl,
          consent_medium_details: sms.mediumDetails,
          advertised_frequency: sms.advertisedFrequency,
          advertised_interval: sms.advertisedInterval,
        }),
      ],
    },
  }) as RequestBody<'createOrUpdateContact'>;
}
