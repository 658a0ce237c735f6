import type { Schema } from '../constant-contact/contract/operations.js';
import { collection } from './makers/collection.js';

export type Tag = Schema<'Tag'>;

export const tags = collection({
  noun: 'tags',
  family: 'tags',
  reads: 'getTags',
  rows: (body): readonly Tag[] => body.tags ?? [],
  key: 'tag_id',
  // Contract: `limit`.
  pageSize: 500,
  most: 1_000,
  usual: 100,
  variants: {
    plain: {},
    counted: {
      includeParams: { include_count: true },
      // Writing a contact changes the counts.
      family: 'contacts',
      membersOf: ({ contacts_count }) => contacts_count,
      // The count costs nothing, and shows whether all contacts can be read together.
      when: (wants) => wants('Tag', 'contactsCount', 'contacts'),
    },
  },
  hasAll: true,
  one: ({ api }, tag_id, query) => api.call('getTag', { path: { tag_id }, query }),
  needed: (wants) => wants('Contact', 'tags'),
});
