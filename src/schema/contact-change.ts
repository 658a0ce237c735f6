import { contacts } from '../loaders/contact.js';
import { contactChanges, type ContactChange as ContactChangeRow } from '../loaders/contact-change.js';
import * as resolvers from '../resolvers/contact-change.js';
import { DEFAULT_FIRST } from '../resolvers/support/page.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { Contact } from './contact.js';
import { cost, type Asked } from './cost.js';

/** One in this many contacts is deleted; an estimate. */
const DELETED_SHARE = 30;
const YEAR_MS = 365 * 24 * 60 * 60 * 1_000;

/**
 * Calls besides full pages. Most contacts change about once a year. When that gives many times the requested rows, the first two
 * collections have enough. Otherwise each other collection costs an empty page, and all deleted contacts are read. If it were too
 * low, the calls of the fields below would be refused.
 */
function otherPages({ args, sizes }: Asked): number {
  const rows = sizes.rowsOf(contacts.cost);
  const { since, first } = args as { since: Date; first?: number | null };
  const changed = (rows * (sizes.now() - since.getTime())) / YEAR_MS;
  const times = changed / (first ?? DEFAULT_FIRST);
  // A size that is only assumed shows nothing: it is read before the query is refused.
  if (times > 2 && sizes.knows(contacts.cost)) return times > 4 ? 2 : 3;
  return 2 + Math.ceil(rows / DELETED_SHARE / sizes.pageSizeOf(contacts.cost));
}

const ContactChangeKind = builder.enumType('ContactChangeKind', {
  description: 'Kind of a change to a contact.',
  values: {
    CREATED: { description: 'The contact was created.' },
    UPDATED: { description: 'Details of the contact were changed after it was created.' },
    OPTED_OUT: { description: 'The contact was unsubscribed from email, by the person or by the account.' },
    DELETED: {
      description:
        'The contact was deleted. The API gives only the day of a deletion: all deletions on the day of `since` and on the day before are returned, again in each sync until `since` is two days later.',
    },
  } as const,
});

const ContactChange = builder.objectRef<ContactChangeRow>('ContactChange').implement({
  description: 'A contact that changed, and the kinds of its changes.',
  fields: (t) => ({
    contact: t.expose('contact', {
      type: Contact,
      nullable: false,
      description: 'The contact in its current state. It may be deleted.',
      queryCost: cost.none,
    }),
    kinds: t.expose('kinds', {
      type: [ContactChangeKind],
      nullable: false,
      description: 'Kinds of the changes of the contact at or after `since`, at least one.',
    }),
    changedAt: t.expose('changedAt', {
      type: 'DateTime',
      nullable: false,
      description: 'When the latest of these changes was made. For a deletion, the start of its day in UTC.',
    }),
  }),
});

const ContactChangeConnection = connectionType('ContactChange', ContactChange, {
  of: 'changed contacts',
});

builder.objectField(ContactChangeConnection, 'until', (t) =>
  t.field({
    type: 'DateTime',
    nullable: false,
    description:
      'Value of `since` for the next sync, to use once the last page is read. It is the same on every page: two minutes before the first page was read, because the API indexes changes with a delay. Changes of those two minutes may be returned again.',
    resolve: (connection) => (connection as resolvers.ContactChanges).until,
  }),
);

builder.queryField('contactChanges', (t) =>
  t.field({
    type: ContactChangeConnection,
    description:
      'Contacts that were created, updated, unsubscribed or deleted since a time, each once and in this order, to keep a copy up to date. The API has no such collection: four are read one after the other (created, updated, unsubscribed and all deleted contacts), as far as the page needs them.',
    queryCost: cost.all(cost.pages(contactChanges), cost.calls(8, { usually: 0, counted: otherPages })),
    args: {
      since: t.arg({
        type: 'DateTime',
        required: true,
        description: 'Time of the earliest changes: the `until` of the last sync.',
      }),
      ...connectionArgs(t.arg),
    },
    resolve: resolvers.contactChanges,
  }),
);
