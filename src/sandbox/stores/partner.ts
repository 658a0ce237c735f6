import { Collection } from '../store.js';

export const PLAN_TYPES = ['TRIAL', 'BRONZE', 'SILVER', 'GOLD'] as const;
export type PlanType = (typeof PLAN_TYPES)[number];

/** An account of a client, as the partner sees it. What is inside it is an account of its own. */
export interface PartnerAccountRow {
  readonly encoded_account_id: string;
  readonly organization_name: string | null;
  readonly site_owner_name: string;
  readonly contact_email: string;
  readonly managed: boolean;
  readonly subscriber_count: number;
  readonly last_login_at: number | null;
  readonly created_at: number;
  plan_type: PlanType;
  /** Null on trial. */
  billing_day_of_month: number | null;
  /** When it ends or ended; null while nobody cancelled it. */
  cancelled_at: number | null;
  /** Whether it was looked into: until then it is not made. */
  opened: boolean;
}

/** A partner's client accounts, the names that sign in to them, and where it is told of changes. */
export function partnerStores() {
  return {
    partnerAccounts: new Collection<PartnerAccountRow>((row) => row.encoded_account_id),
    /** Names of users in lower case: taken once, in whatever account. */
    partnerLogins: new Set<string>(),
    /** Addresses in lower case that were unsubscribed from all accounts, also from those not made yet. */
    partnerOptOuts: new Set<string>(),
    /** Addresses by topic. */
    partnerWebhooks: new Map<number, string>(),
  };
}
