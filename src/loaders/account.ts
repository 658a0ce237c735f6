import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import type { CostOf } from './cost.js';
import { whole, type Collection } from './makers/collection.js';
import type { Loader, Scope } from './makers/loader.js';
import { parts } from './makers/parts.js';

export type Account = Schema<'Customer'>;
export type PhysicalAddress = Schema<'AccountPhysicalAddress'>;
export type AccountEmail = Schema<'AccountEmails'>[number] & {
  /** Another name of `pending_roles`, which the contract does not declare. */
  pending_role_changes?: readonly unknown[];
};

/** Parts of the summary that are included only on request: GraphQL field → value of `extra_fields`. */
const ACCOUNT_PARTS = parts('Account', { physicalAddress: 'physical_address', companyLogo: 'company_logo' });

type AccountPart = (typeof ACCOUNT_PARTS.names)[number];

/** All combinations of the parts, each in declaration order. */
const PART_SETS = ACCOUNT_PARTS.names.reduce<readonly (readonly AccountPart[])[]>(
  (sets, part) => [...sets, ...sets.map((set) => [...set, part])],
  [[]],
);

/** The account of the credentials. */
export const account: Loader<AccountLoader, CostOf<'WHOLE'>> = {
  cost: { costClass: 'WHOLE', rows: 'account details' },
  create: (scope) => new AccountLoader(scope),
};

export class AccountLoader {
  #summary: Promise<Account> | undefined;
  /** True if the address is read with the summary. Decided once, because the cache may change in between. */
  #isAddressIncluded: boolean | undefined;

  constructor(private readonly scope: Scope) {}

  /** The account's properties, with the selected parts. One call, shared and cached. */
  summary(): Promise<Account> {
    const also: AccountPart[] = this.#readsAddressWithSummary() ? ['physical_address'] : [];
    return (this.#summary ??= this.#read(ACCOUNT_PARTS.selected(this.scope.wants, ...also)).catch(
      (error: unknown) => {
        // A failed read is not kept: the next field of the same request may try again.
        this.#summary = undefined;
        throw error;
      },
    ));
  }

  /**
   * The account's address; null when it has none. Part of the summary when that is read too, otherwise one
   * call.
   */
  async address(): Promise<PhysicalAddress | null> {
    if (this.#readsAddressWithSummary()) return (await this.summary()).physical_address ?? null;
    const { api } = this.scope;
    const cached =
      this.#cachedSet(['physical_address']) && (await this.#read(['physical_address'])).physical_address;
    return (
      cached ??
      api.reference('account', 'physicalAddress', (session) =>
        nullIfNotFound(session.call('getPhysicalAddress', {})),
      )
    );
  }

  #readsAddressWithSummary(): boolean {
    const { api, wants } = this.scope;
    return (this.#isAddressIncluded ??=
      wants('Query', 'account') &&
      wants('Query', 'accountPhysicalAddress') &&
      api.peek('account', 'physicalAddress') === undefined);
  }

  /** Parts of a cached summary that includes the requested ones. */
  #cachedSet(wanted: readonly AccountPart[]): readonly AccountPart[] | undefined {
    return PART_SETS.find(
      (set) =>
        wanted.every((part) => set.includes(part)) &&
        this.scope.api.peek('account', summaryWith(set)) !== undefined,
    );
  }

  #read(wanted: readonly AccountPart[]): Promise<Account> {
    const { api } = this.scope;
    const set = this.#cachedSet(wanted) ?? wanted;
    const query = set.length > 0 ? { extra_fields: set.join(',') } : {};
    return api.reference('account', summaryWith(set), (session) => session.call('getAccountById', { query }));
  }
}

function summaryWith(set: readonly AccountPart[]): string {
  return `summary:${set.join(',')}`;
}

/** Email addresses of the account. The API returns all of them in one response. */
export const accountEmails = whole<AccountEmail>({
  noun: 'account email addresses',
  family: 'account',
  key: 'email_id',
  read: ({ api }) => api.call('retrieveEmailAddresses', {}),
});

/**
 * An email address of the account, compared exactly first and then ignoring case; null when the account does
 * not have it.
 */
export async function accountEmail(
  emails: Collection<AccountEmail>,
  address: unknown,
): Promise<AccountEmail | null> {
  if (typeof address !== 'string' || address === '') return null;
  const wanted = address.trim().toLowerCase();
  return (await emails.all()).find((email) => String(email.email_address).toLowerCase() === wanted) ?? null;
}
