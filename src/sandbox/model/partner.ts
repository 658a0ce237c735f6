import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { compact } from '../compact.js';
import { millis } from '../dates.js';
import { notFound } from '../errors.js';
import type { World } from '../handler.js';
import { hash } from '../random.js';
import type { PartnerAccountRow, PlanType } from '../stores/partner.js';
import { setPermission } from './contact-parts.js';
import { softDelete } from './contact.js';

/** Number of contacts per tier of a plan. */
const TIER_SIZE = 500;
/** Price of the first tier in dollars; each further tier adds the same amount. */
const PRICES: Readonly<Record<PlanType, number>> = { TRIAL: 0, BRONZE: 12, SILVER: 35, GOLD: 80 };

export type SiteOwner = Schema<'PartnerAccount'>['site_owner_list'][number];

/** @throws Refusal 404 when the partner has no such account */
export function findPartnerAccount(account: Account, id: string): PartnerAccountRow {
  const row = account.partnerAccounts.get(id);
  if (!row) throw notFound('The partner has no account with this encoded_account_id.');
  return row;
}

export function billingStatus(row: PartnerAccountRow, now: number): string {
  if (row.cancelled_at !== null && row.cancelled_at <= now) return 'Canceled';
  return row.plan_type === 'TRIAL' ? 'Trial' : 'Open';
}

export function siteOwner(row: PartnerAccountRow, now: number): SiteOwner {
  return compact<SiteOwner>({
    encoded_account_id: row.encoded_account_id,
    subscriber_count: row.subscriber_count,
    organization_name: row.organization_name,
    site_owner_name: row.site_owner_name,
    billing_status: billingStatus(row, now),
    last_login_date: row.last_login_at === null ? null : millis(row.last_login_at),
  });
}

export function planOf(row: PartnerAccountRow, now: number): Schema<'PlanTiersObject'> {
  const tier = Math.max(1, Math.ceil(row.subscriber_count / TIER_SIZE));
  return compact<Schema<'PlanTiersObject'>>({
    plan_type: row.plan_type,
    billing_status: billingStatus(row, now),
    billing_day_of_month: row.billing_day_of_month,
    current_tiers: [
      {
        usage_type: 'CONTACTS',
        current_usage: row.subscriber_count,
        tier,
        tier_min: tier === 1 ? 0 : (tier - 1) * TIER_SIZE + 1,
        tier_max: tier * TIER_SIZE,
        price: PRICES[row.plan_type] * tier,
        currency_code: 'USD',
      },
    ],
  });
}

/** The account inside a client account, created on first use. */
export function inside(partner: Account, row: PartnerAccountRow, world: World, now: number): Account {
  const child = world.account(`${partner.name}/${row.encoded_account_id}`, {
    seed: hash(row.encoded_account_id, partner.seed) >>> 0,
    contacts: row.subscriber_count,
    empty: row.subscriber_count === 0,
  });
  if (!row.opened) {
    row.opened = true;
    optOut(child, partner.partnerOptOuts, { now, source: 'Account' });
  }
  return child;
}

export interface OptOut {
  readonly now: number;
  readonly source: string;
  readonly reason?: string | undefined;
  /** Deletes contacts too. */
  readonly remove?: boolean | undefined;
}

/** Unsubscribes the contacts with these lower-case addresses and returns their number. */
export function optOut(
  account: Account,
  addresses: Iterable<string>,
  { now, source, reason, remove }: OptOut,
): number {
  let count = 0;
  for (const address of addresses) {
    const contact = account.contacts.first('email', address);
    if (!contact?.email || contact.deleted_at !== null) continue;
    if (contact.email.permission_to_send !== 'unsubscribed') count++;
    setPermission({ account, now, source }, contact.email, 'unsubscribed', reason);
    if (remove) softDelete(contact, now);
  }
  return count;
}
