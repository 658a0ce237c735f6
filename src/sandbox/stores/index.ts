import { accountStores } from './account.js';
import { audienceStores } from './audience.js';
import { automationStores } from './automation.js';
import { campaignStores } from './campaigns.js';
import { eventStores } from './event.js';
import { partnerStores } from './partner.js';
import { reportStores } from './report.js';
import { socialStores } from './social.js';

/** All collections of an account. */
export function createStores() {
  return {
    ...accountStores(),
    ...audienceStores(),
    ...automationStores(),
    ...campaignStores(),
    ...eventStores(),
    ...partnerStores(),
    ...reportStores(),
    ...socialStores(),
  };
}

export type Stores = ReturnType<typeof createStores>;
