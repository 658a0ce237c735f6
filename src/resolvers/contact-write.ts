import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { RequestBody, Schema } from '../constant-contact/contract/operations.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import type { Exchange } from '../constant-contact/writes/exchange.js';
import { objectsOfMove } from '../constant-contact/writes/objects.js';
import type { Context } from '../context.js';
import { word } from '../constant-contact/words.js';
import { idKey } from '../constant-contact/same-id.js';
import { CONTACT_PARTS, type Contact, type ContactPart } from '../loaders/contact.js';
import { checkConsent, explainRefusedLists } from './contact-consent.js';
import {
  checkFields,
  coreFields,
  customFieldValues,
  listsOf,
  phones,
  smsChannel,
  streets,
  tagsOf,
  notesOf,
  type ContactFieldsInput,
} from './contact-input.js';
import type { CreateContactInput, ResubscribeContactInput, UpdateContactInput } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { inputId, rawIds } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { checkNotCleared, checkSomeChange, requiredText, validate } from './support/limits.js';
import { mutate, type UserError } from './support/mutate.js';
import { afterWrite, unknownProperties, withSent, writeBack } from './support/write-back.js';

type PutBody = RequestBody<'putContact'>;
type PostBody = RequestBody<'createContact'>;

/** Maximum number of lists of a resubscription. The contract sets no limit; a contact can be on 50 lists. */
export const RESUBSCRIBE_LISTS_MAX = 50;
const OPT_OUT_REASON = ['input', 'emailAddress', 'optOutReason'];

export const createContact = mutate(async ({ input }: { input: CreateContactInput }, { api }) => {
  validate(
    () => checkFields(input, ['input']),
    () => checkSource(input.createSource, 'createSource'),
  );
  return { contact: await explainConflict(input, create(api, input, input.createSource ?? 'Account')) };
});

/**
 * Two calls: the PUT clears every core field that it leaves out, so the contact is read first, with the
 * sub-resources that are partly changed or selected in the payload.
 */
export const updateContact = mutate(async ({ input }: { input: UpdateContactInput }, context) => {
  const contact_id = inputId('Contact', input);
  validate(
    () => checkSomeChange(input, ['id', 'updateSource']),
    () => checkFields(input, ['input']),
    () =>
      checkNotRemoved(
        input.emailAddress,
        'emailAddress',
        'Unsubscribe it, give another one, or delete the contact.',
      ),
    () => checkNotCleared(input.emailAddress, ['permissionToSend'], ['input', 'emailAddress']),
    () => checkSource(input.updateSource, 'updateSource'),
    () => checkNotRemoved(input.smsChannel, 'smsChannel', 'Unsubscribe it, or give another one.'),
  );
  const query = includes(input, context);
  const contact = await context.api.exchange(async (exchange) => {
    const read = await context.api.call('getContact', { path: { contact_id }, query }, { exchange });
    const current = withParts({ ...read, contact_id }, query);
    if (current.deleted_at && input.revive !== true) {
      throw new InputError(
        'NOT_ALLOWED',
        'This contact is deleted, and an update would restore it. To restore it, set revive to true.',
        ['input', 'revive'],
      );
    }
    const source = current.deleted_at ? 'Account' : (input.updateSource ?? 'Account');
    return update(context.api, current, input, source, exchange);
  });
  return withSmsChannel(contact, input, context);
});

export const deleteContact = mutate(async ({ input }: { input: { id: string } }, { api }) => {
  const contact_id = inputId('Contact', input);
  await api.call('deleteContact', { path: { contact_id } });
  return { deletedId: contact_id };
});

export const resubscribeContact = mutate(async ({ input }: { input: ResubscribeContactInput }, { api }) => {
  const contact_id = inputId('Contact', input);
  const list_ids = rawIds('ContactList', input.listIds, ['input', 'listIds'], { max: RESUBSCRIBE_LISTS_MAX });
  try {
    await api.call('resubscribeContact', { path: { contact_id }, body: { list_ids } });
  } catch (error) {
    if (!(error instanceof ConstantContactError) || error.kind !== 'conflict') throw error;
    throw new InputError(
      'NOT_ALLOWED',
      'This contact was already asked to resubscribe, and the API asks only once. The contact can still sign up again.',
      ['input', 'id'],
      error,
    );
  }
  return { contactId: contact_id };
});

/** @throws InputError `NOT_ALLOWED` for a source that the API accepts only from its own pages */
function checkSource(source: string | null | undefined, field: string): void {
  if (source == null || source === 'Account' || source === 'Contact') return;
  throw new InputError('NOT_ALLOWED', 'This must be ACCOUNT or CONTACT.', ['input', field]);
}

/** @throws InputError `NOT_ALLOWED` for null: the API cannot remove this from a contact */
function checkNotRemoved(value: unknown, field: string, instead: string): void {
  if (value !== null) return;
  throw new InputError('NOT_ALLOWED', `The API cannot remove this from a contact. ${instead}`, [
    'input',
    field,
  ]);
}

/** @throws ConstantContactError `conflict` when another contact has the address or the number */
export async function create(
  api: Api,
  input: ContactFieldsInput,
  create_source: string,
  exchange?: Exchange,
): Promise<Contact> {
  const email = input.emailAddress && {
    address: requiredText(input.emailAddress.address, Infinity, ['input', 'emailAddress', 'address']).trim(),
    permission_to_send: input.emailAddress.permissionToSend,
  };
  const core = coreFields(input, {});
  if (!email && !input.smsChannel && !core.first_name && !core.last_name) {
    throw new InputError(
      'REQUIRED',
      'Give at least one of emailAddress, smsChannel, firstName and lastName.',
      ['input'],
    );
  }
  if (input.emailAddress?.optOutReason != null) {
    throw new InputError(
      'NOT_ALLOWED',
      'An opt-out reason cannot be set on a new contact. Create the contact, then set the reason with updateContact.',
      OPT_OUT_REASON,
    );
  }
  const body: PostBody = dropNulls({
    ...core,
    create_source,
    email_address: email && (dropNulls(email) as PostBody['email_address']),
    sms_channel: smsChannel(input, {}),
    list_memberships: listsOf(input, []),
    taggings: tagsOf(input, []),
    custom_fields: customFieldValues(input, []),
    phone_numbers: phones(input, []),
    street_addresses: streets(input, []),
    notes: notesOf(input, []),
  });
  try {
    const written = await api.call('createContact', { body }, { exchange });
    // Other parts that the response leaves out are read: they have IDs of their own, or may be converted.
    const { sms_channel, custom_fields, phone_numbers, street_addresses, notes, ...sent } = body;
    return withSent(sent, written);
  } catch (error) {
    const joined = (body.list_memberships?.length ?? 0) > 0;
    throw explainRefusedLists(error, input, email?.permission_to_send ?? undefined, joined);
  }
}

/** @throws InputError `ALREADY_EXISTS` when another contact has the address or the number */
async function explainConflict<Written>(
  input: ContactFieldsInput,
  write: Promise<Written>,
): Promise<Written> {
  try {
    return await write;
  } catch (error) {
    throw isConflict(error) ? alreadyExists(input, error) : error;
  }
}

export function isConflict(error: unknown): error is ConstantContactError {
  return error instanceof ConstantContactError && error.kind === 'conflict';
}

/**
 * Names the address or the number as the duplicate, as far as the input allows: the API's response is the
 * same for both.
 */
export function alreadyExists(
  { emailAddress, smsChannel }: ContactFieldsInput,
  cause: ConstantContactError,
): InputError {
  const email = emailAddress?.address != null;
  const number = smsChannel != null;
  const what = email === number ? 'email address or SMS number' : number ? 'SMS number' : 'email address';
  const field = email === number ? [] : [number ? 'smsChannel' : 'emailAddress'];
  return new InputError(
    'ALREADY_EXISTS',
    `Another contact already has this ${what}${email ? '. It may be deleted; find it with contactByEmail.' : '. It may be deleted.'}`,
    ['input', ...field],
    cause,
  );
}

export async function update(
  api: Api,
  current: Contact,
  input: ContactFieldsInput,
  update_source: string,
  exchange: Exchange,
): Promise<Contact> {
  checkConsent(input, current);
  const read = writeBack('putContact', current);
  const email = emailAddress(input, current);
  const body = dropNulls({
    ...unknownProperties('putContact', current),
    ...coreFields(input, current),
    update_source,
    email_address:
      email && dropNulls({ ...read.email_address, permission_to_send: null, opt_out_reason: null, ...email }),
    sms_channel: smsChannel(input, current),
    list_memberships: listsOf(input, current.list_memberships ?? []),
    taggings: tagsOf(input, current.taggings ?? []),
    custom_fields: customFieldValues(input, read.custom_fields ?? []),
    phone_numbers: phones(input, read.phone_numbers ?? []),
    street_addresses: streets(input, read.street_addresses ?? []),
    notes: notesOf(input, read.notes ?? []),
  }) as PutBody;
  const contact_id = current.contact_id ?? '';
  const addresses = [current.email_address?.address, body.email_address?.address].filter(
    (one) => one != null,
  );
  if (addresses.length === 2) await exchange.hold(objectsOfMove(contact_id, addresses));
  const put = api.call('putContact', { path: { contact_id }, body }, { exchange });
  const written = await explainConflict(input, put).catch((error: unknown) => {
    const before = current.list_memberships?.map(idKey);
    const joined = body.list_memberships?.some((id) => !before?.includes(idKey(id))) ?? false;
    throw explainRefusedLists(error, input, body.email_address?.permission_to_send, joined);
  });
  // The API keeps sub-resources that were not sent, and its response may leave them out. An update restores a
  // deleted contact.
  const kept: string[] = [...CONTACT_PARTS.names, 'sms_channel' as const].filter((name) => !body[name]);
  if (isDeepStrictEqual(email, emailAddress({}, current))) kept.push('email_address');
  const sent = { ...body, sms_channel: undefined, deleted_at: undefined };
  return { ...afterWrite('putContact', current, sent, written, kept), contact_id };
}

/**
 * Payload of a write, with the SMS channel that was set: the response may leave it out. If the channel cannot be read, the payload says so, because the write was carried out.
 */
export async function withSmsChannel(
  contact: Contact,
  { smsChannel }: ContactFieldsInput,
  { api, wants }: Context,
): Promise<{ contact: Contact; userErrors?: readonly UserError[] }> {
  if (!smsChannel || contact.sms_channel || !wants('Contact', 'smsChannel')) return { contact };
  const { contact_id = '' } = contact;
  try {
    const read = await nullIfNotFound(api.call('getContact', { path: { contact_id }, query: {} }));
    return { contact: read?.sms_channel ? { ...contact, sms_channel: read.sms_channel } : contact };
  } catch (error) {
    if (!(error instanceof ConstantContactError) || error.kind === 'aborted') throw error;
    return { contact, userErrors: [SMS_CHANNEL_UNREAD] };
  }
}

const SMS_CHANNEL_UNREAD: UserError = {
  code: 'DONE_UNREAD',
  field: ['input', 'smsChannel'],
  message:
    'The contact was saved, but its SMS channel could not be read afterwards. Do not repeat the mutation. Query the contact for it.',
};

/**
 * Permissions that the API accepts (vendor guide, contacts). It returns others too, which an update must
 * leave out.
 */
const PERMISSIONS: readonly string[] = [
  'explicit',
  'implicit',
  'not_set',
  'pending_confirmation',
  'temp_hold',
  'unsubscribed',
];

function sendable(permission: string | undefined): string | undefined {
  const known = word(permission);
  return PERMISSIONS.includes(known) ? known : undefined;
}

/**
 * The address is always sent with its permission, if the API accepts that: the effect of a PUT without it is
 * not documented.
 * @throws InputError for a permission without an address, and for a reason without an opt-out
 */
function emailAddress(input: ContactFieldsInput, current: Contact): Schema<'EmailAddressPut'> | undefined {
  const { emailAddress: change } = input;
  const before = current.email_address;
  const address = change?.address?.trim() ?? before?.address;
  if (!address) {
    if (!change) return undefined;
    throw new InputError('REQUIRED', 'This contact has no email address yet. Give one.', [
      'input',
      'emailAddress',
      'address',
    ]);
  }
  const permission = change?.permissionToSend ?? sendable(before?.permission_to_send);
  if (change?.optOutReason != null && permission !== 'unsubscribed') {
    throw new InputError(
      'NOT_ALLOWED',
      'A reason can be given only for an address that is unsubscribed.',
      OPT_OUT_REASON,
    );
  }
  return dropNulls({
    address,
    permission_to_send: permission,
    opt_out_reason:
      permission === 'unsubscribed'
        ? change?.optOutReason === undefined
          ? before?.opt_out_reason
          : (change.optOutReason ?? '')
        : undefined,
  }) as Schema<'EmailAddressPut'>;
}

/** A contact with all requested sub-resources: the API may leave out empty ones. */
export function withParts(contact: Contact, { include = '' }: { include?: string }): Contact {
  const parts = include.split(',').filter(Boolean);
  return { ...Object.fromEntries(parts.map((part) => [part, []])), ...contact };
}

/** Sub-resources to read before a PUT: those that are partly changed, and those that the payload selects. */
export function includes(input: ContactFieldsInput, { wants }: Pick<Context, 'wants'>): { include?: string } {
  const changed: Partial<Record<ContactPart, boolean>> = {
    custom_fields: input.customFields != null,
    list_memberships: input.addListIds != null || input.removeListIds != null,
    taggings: input.addTagIds != null || input.removeTagIds != null,
    phone_numbers: input.phoneNumbers != null,
    street_addresses: input.streetAddresses != null,
    notes: input.addNotes != null || (input.notes?.some(({ noteId }) => noteId != null) ?? false),
  };
  const include = CONTACT_PARTS.selected(wants, ...CONTACT_PARTS.names.filter((part) => changed[part]));
  return include.length > 0 ? { include: include.join(',') } : {};
}
