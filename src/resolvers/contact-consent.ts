import { ConstantContactError } from '../constant-contact/errors.js';
import { isWord, word } from '../constant-contact/words.js';
import type { Contact } from '../loaders/contact.js';
import type { ContactFieldsInput } from './contact-input.js';
import { InputError } from './support/input-error.js';
import { validate } from './support/limits.js';

const RESUBSCRIBE_HINT =
  'The person can sign up again (record it with createContactFromSignUpForm), or can be asked by email with resubscribeContact.';

/** A reason of the API that can mean lists which an unsubscribed contact cannot join. Its wording is not documented. */
const ABOUT_LISTS = /\blists?(?:\b|_)|unsubscrib|\bopted[ -]out/i;

/** The API's spellings of the values that decide about a consent; the first is the one to send. */
export const CONSENT_SPELLINGS = {
  /** Party that changed a consent. */
  contact: ['Contact', 'C'],
  // The vendor documents O; U is the initial of the value on contacts.
  unsubscribed: ['unsubscribed', 'O', 'U'],
} as const;

/**
 * Only the person can renew consent that the person withdrew, and the API does not change explicit permission
 * to implied.
 * @throws InputErrors `NOT_ALLOWED` when the contact cannot be given that permission
 */
export function checkConsent({ emailAddress, smsChannel }: ContactFieldsInput, current: Contact): void {
  const { email_address: email, sms_channel: sms } = current;
  validate(
    () => {
      const permission = emailAddress?.permissionToSend;
      if (permission == null) return;
      const field = ['input', 'emailAddress', 'permissionToSend'];
      const before = email?.permission_to_send;
      if (is(before, 'unsubscribed') && is(email?.opt_out_source, 'contact')) {
        checkStaysUnsubscribed(permission, 'The contact unsubscribed', field);
      }
      if (isWord(before, 'explicit') && permission === 'implicit') {
        throw new InputError(
          'NOT_ALLOWED',
          'The contact has EXPLICIT permission, which the API does not change to IMPLICIT. Leave permissionToSend out to keep it.',
          field,
        );
      }
    },
    () => {
      if (!smsChannel || !is(sms?.update_source, 'contact')) return;
      const consents = sms?.sms_channel_consents ?? [];
      if (!consents.some(({ sms_consent_permission: one }) => is(one, 'unsubscribed'))) return;
      const field = ['input', 'smsChannel', 'permission'];
      checkStaysUnsubscribed(
        smsChannel.permission,
        'The contact withdrew its consent to text messages',
        field,
      );
    },
  );
}

/**
 * Explains the API's refusal to add an unsubscribed contact to lists. Any other error is returned unchanged.
 * @param permission permission of the address after the write
 * @param joined whether the write adds the contact to a list
 */
export function explainRefusedLists(
  error: unknown,
  input: ContactFieldsInput,
  permission: string | undefined,
  joined: boolean,
): unknown {
  if (!(error instanceof ConstantContactError) || error.kind !== 'rejected' || error.status !== 400)
    return error;
  if (!joined || !is(permission, 'unsubscribed')) return error;
  if (!error.upstreamMessages.every((reason) => ABOUT_LISTS.test(reason))) return error;
  return new InputError(
    'NOT_ALLOWED',
    `Constant Contact refused this: an unsubscribed contact cannot be added to lists. ${RESUBSCRIBE_HINT}`,
    ['input', input.addListIds == null ? 'listIds' : 'addListIds'],
    error,
  );
}

function checkStaysUnsubscribed(permission: string, what: string, field: readonly string[]): void {
  if (permission === 'unsubscribed') return;
  throw new InputError(
    'NOT_ALLOWED',
    `${what}, and only the contact can undo that. ${RESUBSCRIBE_HINT}`,
    field,
  );
}

function is(value: string | null | undefined, expected: keyof typeof CONSENT_SPELLINGS): boolean {
  return isWord(value, ...CONSENT_SPELLINGS[expected].map(word));
}
