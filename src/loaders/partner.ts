import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { pages, readAll, type PageSource } from './makers/pages.js';
import { scan } from './makers/scan.js';
import { single, type ById } from './makers/single.js';
import type { Costs } from './cost.js';

export type PartnerAccount = Schema<'PartnerAccount'>['site_owner_list'][number];
export type PartnerPlan = Schema<'PlanTiersObject'>;
export type PartnerAccountFilter = Pick<QueryParams<'getPartnerSiteOwners'>, 'account_type'>;

/** Fewest and most accounts that `GET /partner/accounts` gives at once (contract: `limit`); it ignores any other number. */
const FEWEST_PER_PAGE = 10;
const ACCOUNTS_PER_PAGE = 50;

export interface PartnerLoaders {
  /** A client account. SCAN: the accounts of the partner are read whole, 50 a call, and answer every id. */
  account(id: string): Promise<PartnerAccount | null>;
  /** The plan of a client account. ONE: a call an account. */
  plan(id: string): Promise<PartnerPlan | null>;
  list(filter: PartnerAccountFilter): PageSource<PartnerAccount>;
  clear(): void;
}

/** Client accounts of a technology partner. They are read with the partner's own credentials. */
export function partnerLoaders(api: Api): PartnerLoaders {
  const source = (filter: PartnerAccountFilter): PageSource<PartnerAccount> => {
    const listed = pages(api, 'getPartnerSiteOwners', {
      query: filter,
      maxPage: ACCOUNTS_PER_PAGE,
      rows: (body) => body.site_owner_list,
      key: (account) => account.encoded_account_id,
    });
    return { ...listed, fetch: (at, limit) => listed.fetch(at, Math.max(limit, FEWEST_PER_PAGE)) };
  };
  const accounts = scan(api, {
    family: 'partner',
    variant: () => 'accounts',
    read: () => readAll(source({})),
    key: (account) => account.encoded_account_id,
  });
  const plans: ById<PartnerPlan> = single((encoded_account_id) =>
    nullIfNotFound(api.call('getPlan', { path: { encoded_account_id } })),
  );
  return {
    account: accounts.load,
    plan: plans.load,
    list: source,
    clear: () => {
      accounts.clear();
      plans.clear();
    },
  };
}

export const partnerPlans = { cost: { costClass: 'ONE', rows: 'client accounts' } } as const satisfies Costs;

export const partnerAccounts = {
  cost: { costClass: 'SCAN', rows: 'client accounts', pageSize: ACCOUNTS_PER_PAGE, most: 1_000 },
} as const satisfies Costs;
