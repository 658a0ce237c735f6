import { readById } from '../constant-contact/by-id.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import type { Exchange } from '../constant-contact/writes/exchange.js';
import type { Context } from '../context.js';
import { hasAddress, type Contact } from '../loaders/contact.js';
import { checkFields, isNumberOf, type ContactFieldsInput } from './contact-input.js';
import {
  alreadyExists,
  create,
  includes,
  isConflict,
  update,
  withParts,
  withSmsChannel,
} from './contact-write.js';
import type { UpsertContactInput } from './inputs.js';
import { checkNotCleared, convertAll, requiredText } from './support/limits.js';
import { mutate } from './support/mutate.js';

/** Outcome of `upsertContact`. */
export type UpsertAction = 'CREATED' | 'UPDATED' | 'REVIVED';

/**
 * Two calls: a search for the address, deleted contacts included, then a PUT or a POST. A POST can still
 * conflict (a concurrent write, or a search index that lags behind); it then continues with the contact that
 * the API names.
 */
export const upsertContact = mutate(async ({ input }: { input: UpsertContactInput }, context) => {
  const { address } = input.emailAddress;
  const [email] = convertAll(
    () => requiredText(address, Infinity, ['input', 'emailAddress', 'address']).trim(),
    () => checkFields(input, ['input']),
    () => checkNotCleared(input.emailAddress, ['permissionToSend'], ['input', 'emailAddress']),
  );
  const { api } = context;
  const payload = async ({ contact, action }: { contact: Contact; action: UpsertAction }) => ({
    ...(await withSmsChannel(contact, input, context)),
    action,
  });
  const first = await api.exchange(async (exchange) => {
    const found = await findByEmail(context, email, input, exchange);
    if (found) return upsertInto(context, found, input, exchange);
    try {
      return {
        contact: await create(api, input, 'Account', exchange),
        action: 'CREATED' as UpsertAction,
      };
    } catch (error) {
      if (!isConflict(error)) throw error;
      return error;
    }
  });
  if (!(first instanceof ConstantContactError)) return payload(first);
  const { contactId } = first;
  const second = await api.exchange(async (exchange) => {
    const existing =
      contactId === undefined
        ? await findByEmail(context, email, input, exchange)
        : await findConflicting(context, contactId, input, exchange);
    if (!existing) throw alreadyExists(input, first);
    return upsertInto(context, existing, input, exchange);
  });
  return payload(second);
});

async function upsertInto({ api }: Context, found: Contact, input: UpsertContactInput, exchange: Exchange) {
  const action: UpsertAction = found.deleted_at ? 'REVIVED' : 'UPDATED';
  return { contact: await update(api, found, input, 'Account', exchange), action };
}

async function findByEmail(
  { api, wants }: Context,
  email: string,
  input: ContactFieldsInput,
  exchange: Exchange,
): Promise<Contact | null> {
  const include = includes(input, { wants });
  const query = { email, status: 'all' as const, ...include };
  const { contacts } = await api.call('getContacts', { query }, { exchange });
  const contact = contacts?.find((row) => hasAddress(row, email));
  return contact ? withParts(contact, include) : null;
}

/**
 * The contact that a conflict names, if it is the intended one: its address or number may belong to another
 * contact by now.
 */
async function findConflicting(
  { api, wants }: Context,
  contact_id: string,
  input: UpsertContactInput,
  exchange: Exchange,
): Promise<Contact | null> {
  const query = includes(input, { wants });
  const named = await readById(
    api.call('getContact', { path: { contact_id }, query }, { exchange }),
    contact_id,
    'contact_id',
  );
  return named && matchesInput(named, input) ? withParts(named, query) : null;
}

/**
 * Returns true if a contact has the address of an input or, without an address, its number. An address is never
 * replaced.
 */
function matchesInput(contact: Contact, input: UpsertContactInput): boolean {
  const { email_address: email, sms_channel: sms } = contact;
  if (email?.address) return hasAddress(contact, input.emailAddress.address ?? '');
  return sms?.sms_address && input.smsChannel ? isNumberOf(sms, input.smsChannel.fullSmsAddress) : false;
}
