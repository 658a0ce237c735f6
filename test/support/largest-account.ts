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

/** Known sizes of an account whose collections have the largest size that their loaders declare. */
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
// The API does not bound them: their schema declares how many there are.
LARGEST_ACCOUNT.note(automations.cost.rows, 200, { isLeast: true });
