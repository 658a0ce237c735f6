import { accountStores } from './account.js';
import { audienceStores } from './audience.js';
import { automationStores } from './automation.js';
import { campaignStores } from './campaigns.js';
import { eventStores } from './event.js';
import { partnerStores } from './partner.js';
import { reportStores } from './report.js';
import { socialStores } from './social.js';

/** Everything an account holds. A further domain declares its collections in its own file and is spread in here. */
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
