import type { Api } from '../constant-contact/api.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { pages, type PageSource } from './makers/pages.js';

export type ContactActivity = Schema<'ContactTrackingActivity'>;

/** Most rows of a contact's activity that one call gives (contract: `limit`). */
const ROWS_PER_PAGE = 100;

/** What a contact did with mails and landing pages, newest first. ONE: a call for each 100 rows of each contact. */
export function contactActivity(
  api: Api,
  contact_id: string,
  options: { types: readonly string[]; names: boolean },
): PageSource<ContactActivity> {
  return pages(api, 'getContactTracking', {
    path: { contact_id },
    query: { tracking_activities_list: options.types.join(',') },
    // The API does without the names faster.
    along: options.names ? {} : { include_campaign_activity_names: false },
    maxPage: ROWS_PER_PAGE,
    rows: (body) => body.tracking_activities,
  });
}
