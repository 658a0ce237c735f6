import { ACCOUNT_INPUTS } from './account.js';
import { CAMPAIGN_INPUTS } from './campaigns.js';
import { CONTACT_INPUTS } from './contacts.js';
import { EVENT_INPUTS } from './events.js';
import type { ActionInputs } from './records.js';

export type { Variables } from './records.js';

/** Variables for the document of each action, by its name, with ids of the sandbox's own records. */
export const ACTION_INPUTS: ActionInputs = {
  ...ACCOUNT_INPUTS,
  ...CAMPAIGN_INPUTS,
  ...CONTACT_INPUTS,
  ...EVENT_INPUTS,
};
