import { contacts } from '../loaders/contact.js';
import { contactChanges, type ContactChange as ContactChangeRow } from '../loaders/contact-change.js';
import * as resolvers from '../resolvers/contact-change.js';
import { DEFAULT_FIRST } from '../resolvers/support/page.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { Contact } from './contact.js';
import { cost, type Asked } from './cost.js';

/** Of all contacts, one in so many is deleted; a guess. */
const DELETED_SHARE = 30;
const YEAR_MS = 365 * 24 * 60 * 60 * 1_000;

/**
 * Calls besides the pages that are full. Most contacts change once a year: where that is more than twice what is wanted, the first
 * collections have enough. Otherwise it is an empty page of each other one, and all deleted contacts.
 */
function otherPages({ args, sizes }: Asked): number {
  const rows = sizes.rowsOf(contacts.cost);
  const { since, first } = args as { since: Date; first?: number | null };
  const changed = (rows * (Date.now() - since.getTime())) / YEAR_MS;
  if (changed > 2 * (first ?? DEFAULT_FIRST)) return 3;
  return 2 + Math.ceil(rows / DELETED_SHARE / contacts.cost.pageSize);
}

const ContactChangeKind = builder.enumType('ContactChangeKind', {
  description: 'What happened to a contact.',
  values: {
    CREATED: { description: 'It was made.' },
    UPDATED: { description: 'Its own details were changed after it was made.' },
    OPTED_OUT: { description: 'The person, or the account for them, opted out of email.' },
    DELETED: {
      description:
        'It was deleted. The API tells the day only: those of the whole day of `since` are given, and again until `since` is on a later day.',
    },
  } as const,
});

const ContactChange = builder.objectRef<ContactChangeRow>('ContactChange');
ContactChange.implement({
  description: 'A contact that changed, and how.',
  fields: (t) => ({
    contact: t.field({
      type: Contact,
      nullable: false,
      description: 'The contact as it is now, deleted ones included.',
      queryCost: cost.none,
      resolve: ({ contact }) => contact,
    }),
    kinds: t.field({
      type: [ContactChangeKind],
      nullable: { list: false, items: false },
      description: 'Everything that happened to it since the time asked for, at least one thing.',
      resolve: ({ kinds }) => kinds,
    }),
    changedAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When the last of these things happened; of a deletion, the start of its day in UTC.',
      resolve: ({ changedAt }) => changedAt,
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
      'The next `since`, once the last page is read; the same on every page. It lies two minutes before the first page was read, because the API needs a while to index changes: those of the last two minutes may come again.',
    resolve: (connection) => (connection as resolvers.ContactChanges).until,
  }),
);

builder.queryField('contactChanges', (t) =>
  t.field({
    type: ContactChangeConnection,
    description:
      'Contacts that were made, changed, opted out or deleted since a time, each once, in that order; for keeping a copy up to date. The API has no such list: it is put together from four, one after the other: contacts that were made, were changed or opted out, or are deleted (whenever that was). A page stops as soon as it is full.',
    queryCost: cost.all(cost.pages(contactChanges), cost.calls(8, { usually: 0, counted: otherPages })),
    args: {
      since: t.arg({
        type: 'DateTime',
        required: true,
        description: 'Changed at this time or later: the `until` of the last walk.',
      }),
      ...connectionArgs(t.arg),
    },
    resolve: resolvers.contactChanges,
  }),
);
