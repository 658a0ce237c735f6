import { Collection } from '../store.js';

export const PLAN_TYPES = ['TRIAL', 'BRONZE', 'SILVER', 'GOLD'] as const;
export type PlanType = (typeof PLAN_TYPES)[number];

/** A client account as the partner sees it. Its contents are in an account of their own. */
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
  /** Null during the trial. */
  billing_day_of_month: number | null;
  /** Time of cancellation; null while it is open. */
  cancelled_at: number | null;
  /** True if its contents were used: they are created on first use. */
  opened: boolean;
}

/** A partner's client accounts, their login names, and webhook subscriptions. */
export function partnerStores() {
  return {
    partnerAccounts: new Collection<PartnerAccountRow>((row) => row.encoded_account_id),
    /** Login names in lower case, unique across all accounts. */
    partnerLogins: new Set<string>(),
    /** Lower-case addresses that were unsubscribed from all accounts, including accounts not created yet. */
    partnerOptOuts: new Set<string>(),
    /** Webhook URLs by topic. */
    partnerWebhooks: new Map<number, string>(),
  };
}
