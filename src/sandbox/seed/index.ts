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
 * Seeds one domain of an account. Order matters: a part may use data of earlier ones. All randomness comes
 * from `new Random(account.seed, '<domain>')`, all IDs from `account.ids`; all dates are relative to
 * `account.startedAt`.
 */
export type SeedPart = (account: Account) => void;

/** In order; see `SeedPart`. */
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

/** Seeds a new account. An empty one gets only its owner. */
export function seedAccount(account: Account, empty: boolean): void {
  seedOwner(account, empty);
  if (empty) return;
  for (const part of PARTS) part(account);
}
