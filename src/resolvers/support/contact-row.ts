import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../context.js';
import type { Contact } from '../../loaders/contact.js';
import { isCovered, selectionTree } from './selection.js';

/** Properties of a contact in the row of a report. */
export interface KnownContact {
  contact_id?: string | null;
  email_address?: string | null;
  /** Set when a report has both: the current address, as opposed to the one that was mailed. */
  current_email_address?: string | null;
  first_name?: string | null;
  last_name?: string | null;
}

/** Fields of a contact that have REST calls of their own and need only its ID. */
export const CONTACT_REPORTS: readonly string[] = [
  'activityDetails',
  'activitySummary',
  'openAndClickRates',
  'smsEngagementHistory',
];

/** Paths below a contact that such a row includes. */
export const KNOWN_CONTACT_FIELDS: readonly string[] = [
  'id',
  'contactId',
  'firstName',
  'lastName',
  'emailAddress.address',
  ...CONTACT_REPORTS,
];

/**
 * The contact of a row that has its ID, names and address, which cost no call. The contact is read only when
 * another field is selected; all rows of the page then load together.
 */
export function contactOfRow(
  row: KnownContact,
  { loaders }: Context,
  info: GraphQLResolveInfo,
): Contact | Promise<Contact | null> | null {
  const { contact_id, first_name, last_name } = row;
  const address = row.current_email_address ?? row.email_address;
  if (!contact_id) return null;
  if (!isCovered(selectionTree(info), KNOWN_CONTACT_FIELDS)) return loaders.contacts.load(contact_id);
  return {
    contact_id,
    first_name: first_name ?? undefined,
    last_name: last_name ?? undefined,
    email_address: address ? { address } : undefined,
  };
}
