import { accountStores } from './account.js';
import { audienceStores } from './audience.js';
import { campaignStores } from './campaigns.js';
import { eventStores } from './event.js';
import { socialStores } from './social.js';

/** Everything an account holds. A further domain declares its collections in its own file and is spread in here. */
export function createStores() {
  return {
    ...accountStores(),
    ...audienceStores(),
    ...campaignStores(),
    ...eventStores(),
    ...socialStores(),
  };
}

export type Stores = ReturnType<typeof createStores>;
