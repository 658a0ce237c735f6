import type { Api } from '../constant-contact/api.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { scan, type Scan } from './makers/scan.js';
import type { Wants } from './index.js';

export type Account = Schema<'Customer'>;
export type AccountEmail = Schema<'AccountEmails'>[number];

/** Parts of the summary that come only when asked for: GraphQL field of `Account` → value of `extra_fields`. */
const EXTRA_FIELDS = { physicalAddress: 'physical_address', companyLogo: 'company_logo' } as const;

export interface AccountLoaders {
  /** The account's own data, with the parts that the operation selects. One call, shared and cached. */
  summary(): Promise<Account>;
  clear(): void;
}

export function accountLoaders(api: Api, wants: Wants): AccountLoaders {
  let summary: Promise<Account> | undefined;
  const extra = () =>
    Object.entries(EXTRA_FIELDS).flatMap(([field, value]) => (wants('Account', field) ? [value] : []));
  const read = () => {
    const extra_fields = extra().join(',');
    return api.reference('account', `summary:${extra_fields}`, () =>
      api.call('getAccountById', { query: extra_fields ? { extra_fields } : {} }),
    );
  };
  return {
    summary: () =>
      (summary ??= read().catch((error: unknown) => {
        // A failed read is not remembered: the next field of the same request may try again.
        summary = undefined;
        throw error;
      })),
    clear: () => {
      summary = undefined;
    },
  };
}

export interface AccountEmailLoaders extends Scan<AccountEmail> {
  /** The address in this spelling or in other case; null when the account does not have it. */
  byAddress(address: string): Promise<AccountEmail | null>;
}

/** Addresses of the account: SCAN. The API gives all of them at once. */
export function accountEmailLoaders(api: Api): AccountEmailLoaders {
  const emails = scan<AccountEmail>(api, {
    family: 'account',
    variant: () => 'emails',
    read: () => api.call('retrieveEmailAddresses', {}),
    key: ({ email_id }) => (email_id === undefined ? undefined : String(email_id)),
  });
  return {
    ...emails,
    byAddress: async (address) => {
      const wanted = address.trim().toLowerCase();
      return (await emails.all()).find((email) => email.email_address?.toLowerCase() === wanted) ?? null;
    },
  };
}
