import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { parts } from './makers/parts.js';
import { scan, type Scan } from './makers/scan.js';
import type { Wants } from './wants.js';
import type { Costs } from './cost.js';

export type Account = Schema<'Customer'>;
export type PhysicalAddress = Schema<'AccountPhysicalAddress'>;
export type AccountEmail = Schema<'AccountEmails'>[number];

/** Parts of the summary that come only when asked for: GraphQL field of `Account` → value of `extra_fields`. */
const ACCOUNT_PARTS = parts('Account', {
  physicalAddress: 'physical_address',
  companyLogo: 'company_logo',
});

const [physicalAddress, companyLogo] = ['physical_address', 'company_logo'] as const;
const EXTRA_SETS: readonly (readonly string[])[] = [
  [],
  [physicalAddress],
  [companyLogo],
  [physicalAddress, companyLogo],
];

export interface AccountLoaders {
  /** The account's own data, with the parts that the operation selects. One call, shared and cached. */
  summary(): Promise<Account>;
  /** The account's address; null when it has none. Part of the summary when that is read as well, else one call. */
  address(): Promise<PhysicalAddress | null>;
  clear(): void;
}

export function accountLoaders(api: Api, wants: Wants): AccountLoaders {
  let summary: Promise<Account> | undefined;
  let addressAlong: boolean | undefined;
  /** Whether the address is taken from the summary; decided once, since what is cached may change meanwhile. */
  const takesAlong = () =>
    (addressAlong ??=
      wants('Query', 'account') &&
      wants('Query', 'accountPhysicalAddress') &&
      api.peek('account', 'physicalAddress') === undefined);
  const extra = () => ACCOUNT_PARTS.selected(wants, ...(takesAlong() ? [physicalAddress] : []));
  const variant = (parts: readonly string[]) => `summary:${parts.join(',')}`;
  /** A set that is kept and has these parts: what was read with more than is wanted answers as well. */
  const held = (parts: readonly string[]) =>
    EXTRA_SETS.find(
      (set) => parts.every((part) => set.includes(part)) && api.peek('account', variant(set)) !== undefined,
    );
  const read = (wanted: readonly string[]) => {
    const parts = held(wanted) ?? wanted;
    const query = parts.length > 0 ? { extra_fields: parts.join(',') } : {};
    return api.reference('account', variant(parts), () => api.call('getAccountById', { query }));
  };
  const load = () =>
    (summary ??= read(extra()).catch((error: unknown) => {
      // A failed read is not remembered: the next field of the same request may try again.
      summary = undefined;
      throw error;
    }));
  return {
    summary: load,
    address: async () => {
      if (takesAlong()) return (await load()).physical_address ?? null;
      const kept = held([physicalAddress]) && (await read([physicalAddress])).physical_address;
      return (
        kept ??
        api.reference('account', 'physicalAddress', () => nullIfNotFound(api.call('getPhysicalAddress', {})))
      );
    },
    clear: () => {
      summary = undefined;
      addressAlong = undefined;
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

export const account = { cost: { costClass: 'WHOLE', rows: 'account details' } } as const satisfies Costs;

export const accountEmails = {
  cost: { costClass: 'WHOLE', rows: 'account email addresses' },
} as const satisfies Costs;
