import type { Account } from '../account.js';
import { DAY } from '../dates.js';
import { Random } from '../random.js';
import { LOCALES } from './names.js';
import { COMPANIES } from './words.js';

/** More than a page of 50. */
const ACCOUNTS = 72;
const BRANCHES = ['', ' North', ' Online'] as const;
/** Plans, repeated by frequency. */
const PLANS = ['TRIAL', 'BRONZE', 'BRONZE', 'SILVER', 'SILVER', 'GOLD'] as const;

/**
 * Client accounts of a technology partner: trial, paying and cancelled ones, with two webhook subscriptions.
 */
export function seedPartner(account: Account): void {
  const random = new Random(account.seed, 'partner');
  for (let i = 0; i < ACCOUNTS; i++) addAccount(account, random, i);
  account.partnerWebhooks.set(1, 'https://hooks.harborlight.example/tier-upgrade');
  account.partnerWebhooks.set(3, 'https://hooks.harborlight.example/cancelled');
}

function addAccount(account: Account, random: Random, i: number): void {
  const { startedAt } = account;
  const locale = random.pick(LOCALES);
  const owner = `${random.pick(locale.first)} ${random.pick(locale.last)}`;
  const branch = BRANCHES[Math.floor(i / COMPANIES.length)] ?? ' Again';
  const created_at = startedAt - random.between(40, 1_500) * DAY;
  const plan_type = random.pick(PLANS);
  const trial = plan_type === 'TRIAL';
  const login = `client-${String(i + 1).padStart(3, '0')}`;
  account.partnerLogins.add(login);
  account.partnerAccounts.add({
    encoded_account_id: account.ids.key('partner-account'),
    organization_name: `${COMPANIES[i % COMPANIES.length] ?? 'Client'}${branch}`,
    site_owner_name: owner,
    contact_email: `${login}@clients.example`,
    managed: i === 0 || random.chance(0.8),
    subscriber_count: trial ? random.between(0, 40) : random.between(30, 900),
    last_login_at: random.chance(0.9)
      ? startedAt - random.between(0, 39) * DAY - random.between(0, DAY)
      : null,
    created_at,
    plan_type,
    billing_day_of_month: trial ? null : new Date(created_at).getUTCDate(),
    cancelled_at: i % 12 === 11 ? startedAt - random.between(1, 30) * DAY : null,
    opened: false,
  });
}
