import { dateOnly } from '../dates.js';
import type { ContactRow } from '../stores/audience.js';
import type { Device } from './engagement.js';

/** Properties of the contact in rows of all reports; those without a value are undefined. */
export function contactPart(contact: ContactRow | undefined) {
  return {
    email_address: contact?.email?.address,
    first_name: contact?.first_name,
    last_name: contact?.last_name,
    deleted_at: contact?.deleted_at == null ? null : dateOnly(contact.deleted_at),
  };
}

/** A device in the spelling of rows: undefined for what statistics count as `none`. */
export const deviceText = (device: Device | undefined): string | undefined =>
  device === 'none' ? 'undefined' : device;
