import type { Account, AccountOptions } from './account.js';
import { SECOND } from './dates.js';
import { Ids } from './ids.js';
import { Jobs } from './jobs.js';
import { settleCampaigns } from './model/campaign-send.js';
import { seedAccount } from './seed/index.js';
import { createStores } from './stores/index.js';

/** @param now milliseconds since the epoch; seeded dates are relative to it */
export function createAccount(name: string, options: AccountOptions, now: number): Account {
  const seed = options.seed ?? 1;
  const ids = new Ids(seed);
  const account: Account = {
    name,
    seed,
    size: options.empty ? 0 : (options.contacts ?? 1_000),
    campaignCount: options.campaigns ?? 200,
    startedAt: now,
    ids,
    jobs: new Jobs(ids, (options.activitySeconds ?? 1) * SECOND),
    confirmedOptIn: false,
    dottedStats: false,
    ...createStores(),
  };
  seedAccount(account, options.empty ?? false);
  return account;
}

/** Applies all changes that are due; nothing runs in the background. */
export function settle(account: Account, now: number): void {
  account.jobs.settle(now);
  settleCampaigns(account, now);
}
