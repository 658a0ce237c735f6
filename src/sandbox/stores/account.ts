import type { Schema } from '../../constant-contact/contract/operations.js';
import { Collection } from '../store.js';

/** A sender address of the account. */
export interface AccountEmailRow {
  readonly email_id: number;
  readonly email_address: string;
  confirm_status: 'CONFIRMED' | 'UNCONFIRMED';
  /** Milliseconds; null until confirmed. */
  confirm_time: number | null;
  confirm_source_type: string | null;
  roles: string[];
  pending_roles: string[];
}

export type PhysicalAddress = Schema<'AccountPhysicalAddress'>;

/** The account: owner, location, and privileges of its user. */
export interface AccountProfile {
  summary: Omit<Schema<'Customer'>, 'physical_address' | 'company_logo'>;
  logo: Schema<'CompanyLogo'>;
  /** Null until one is given. Sending requires it. */
  address: PhysicalAddress | null;
  privileges: { privilege_id: number; privilege_name: string }[];
}

export function accountStores() {
  const profile: AccountProfile = { summary: {}, logo: {}, address: null, privileges: [] };
  return {
    profile,
    emails: new Collection<AccountEmailRow, 'address'>((row) => String(row.email_id), {
      address: (row) => row.email_address.toLowerCase(),
    }),
  };
}
