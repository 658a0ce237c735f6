import type { Account } from '../account.js';
import { seedOwner } from './account.js';
import { seedActivities } from './activity.js';
import { seedAutomations } from './automation.js';
import { seedCampaigns } from './campaign.js';
import { seedContacts } from './contact.js';
import { seedEvents } from './event.js';
import { seedGroups } from './groups.js';
import { seedPartner } from './partner.js';
import { seedReports } from './report.js';
import { seedSegments } from './segment.js';
import { seedSocial } from './social.js';

/**
 * Fills one domain of an account. Runs in the order of the list below: a part may build on those before it.
 * All randomness comes from `new Random(account.seed, '<domain>')`, all ids from `account.ids`,
 * all dates are counted back from `account.startedAt`.
 */
export type SeedPart = (account: Account) => void;

/** A further domain adds its part here. */
const PARTS: readonly SeedPart[] = [
  seedGroups,
  seedContacts,
  seedSegments,
  seedActivities,
  seedCampaigns,
  seedReports,
  seedEvents,
  seedSocial,
  seedAutomations,
  seedPartner,
];

/** Fills a fresh account. An empty one gets its owner only. */
export function seedAccount(account: Account, empty: boolean): void {
  seedOwner(account, empty);
  if (empty) return;
  for (const part of PARTS) part(account);
}
