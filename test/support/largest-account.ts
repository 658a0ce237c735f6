import { manualClock } from './clock.js';
import { AccountSizes } from '../../src/constant-contact/cache/account-sizes.js';
import { automations } from '../../src/loaders/automation.js';
import { bulkActivities } from '../../src/loaders/bulk-activity.js';
import { contactLists } from '../../src/loaders/contact-list.js';
import { contacts } from '../../src/loaders/contact.js';
import { customFields } from '../../src/loaders/custom-field.js';
import { emailCampaigns } from '../../src/loaders/email-campaign.js';
import { eventListings } from '../../src/loaders/event.js';
import { partnerAccounts } from '../../src/loaders/partner.js';
import { segments } from '../../src/loaders/segment.js';
import { tags } from '../../src/loaders/tag.js';

/** Sizes of an account in which each collection has the largest size that its loader declares. */
export const LARGEST_ACCOUNT = new AccountSizes(manualClock());

LARGEST_ACCOUNT.noteLongLists();
for (const { cost } of [
  bulkActivities,
  contactLists,
  contacts,
  customFields,
  emailCampaigns,
  eventListings,
  partnerAccounts,
  segments,
  tags,
])
  LARGEST_ACCOUNT.note(cost.rows, cost.most, { isLeast: true });
// The API has no limit for automations, so this uses the number that their schema declares.
LARGEST_ACCOUNT.note(automations.cost.rows, 200, { isLeast: true });
