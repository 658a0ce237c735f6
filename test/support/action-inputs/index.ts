import { ACCOUNT_INPUTS } from './account.js';
import { CAMPAIGN_INPUTS } from './campaigns.js';
import { CONTACT_INPUTS } from './contacts.js';
import { EVENT_INPUTS } from './events.js';
import type { ActionInputs } from './records.js';

export type { Variables } from './records.js';

/** Variables for the document of each action, by its name, with ids of the sandbox's records. */
export const ACTION_INPUTS: ActionInputs = {
  ...ACCOUNT_INPUTS,
  ...CAMPAIGN_INPUTS,
  ...CONTACT_INPUTS,
  ...EVENT_INPUTS,
};

/** Variables whose values are not sent, by action and name, with the reason. */
export const NOT_SENT: Readonly<Record<string, string>> = {
  'list_contact_lists limit': 'collections are read whole, and cut to the page',
  'list_contact_lists include_count': 'collections are read whole, and counted',
  'list_contact_tags limit': 'collections are read whole, and cut to the page',
  'list_custom_fields limit': 'collections are read whole, and cut to the page',
  'list_segments limit': 'collections are read whole, and cut to the page',
  'get_contacts_export_file limit': 'the API gives the whole file',
  'update_custom_field type': 'it cannot change; another type is refused before the write',
};
