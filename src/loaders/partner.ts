import type { QueryParams, Schema } from '../constant-contact/contract/operations.js';
import { collection } from './makers/collection.js';
import { single } from './makers/single.js';

export type PartnerAccount = Schema<'PartnerAccount'>['site_owner_list'][number];
export type PartnerPlan = Schema<'PlanTiersObject'>;
export type PartnerAccountFilter = Pick<QueryParams<'getPartnerSiteOwners'>, 'account_type'>;

/** Client accounts of a technology partner. They are read with the partner's own credentials. */
export const partnerAccounts = collection({
  noun: 'client accounts',
  family: 'partner',
  reads: 'getPartnerSiteOwners',
  rows: (body): readonly PartnerAccount[] => body.site_owner_list,
  key: 'encoded_account_id',
  // Contract: `limit`.
  pageSize: 50,
  most: 1_000,
  usual: 100,
  countedRows: 150,
});

/** Plans of client accounts. */
export const partnerPlans = single<PartnerPlan>({
  noun: 'client accounts',
  read: ({ api }, encoded_account_id) => api.call('getPlan', { path: { encoded_account_id } }),
});
