import { accountStores } from './account.js';
import { audienceStores } from './audience.js';
import { campaignStores } from './campaigns.js';

/** Everything an account holds. A further domain declares its collections in its own file and is spread in here. */
export function createStores() {
  return {
    ...accountStores(),
    ...audienceStores(),
    ...campaignStores(),
  };
}

export type Stores = ReturnType<typeof createStores>;
