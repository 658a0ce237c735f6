import type { Api } from '../constant-contact/api.js';
import { bulkActivityLoaders } from './bulk-activity.js';
import { contactLoaders } from './contact.js';
import { contactListLoaders } from './contact-list.js';

/** Whether the operation selects any of these fields of that GraphQL type. */
export type Wants = (type: string, ...fields: readonly string[]) => boolean;

/** The loaders of one request, one entry an entity. They share nothing with other requests but the client's caches. */
export function createLoaders(api: Api, wants: Wants) {
  return {
    bulkActivity: bulkActivityLoaders(api),
    contact: contactLoaders(api, wants),
    contactList: contactListLoaders(api, wants),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;

/** Forgets all that was read: after a write nothing that was read before it may answer. */
export function clearLoaders(loaders: Loaders): void {
  for (const loader of Object.values(loaders)) loader.clear();
}
