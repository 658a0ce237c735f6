import { readFragment } from '../graphql/graphql.js';
import { count, nameOf } from '../ui/format.js';
import { Empty, Skeleton } from '../ui/page.js';
import { ProblemNote } from '../ui/problem.js';
import { ContactItem } from './contact-item.js';
import { LoadMore } from './load-more.js';
import { ContactRowFragment, useContacts, type ContactsFilter } from './use-contacts.js';

interface ContactListProps {
  filter: ContactsFilter;
  /** Lower-case part of a name, a company or an address; the rows that are loaded are searched for it, at no cost. */
  search: string;
  nameOfGroup: ReadonlyMap<string, string>;
}

export function ContactList({ filter, search, nameOfGroup }: ContactListProps) {
  const contacts = useContacts(filter);
  const loaded = contacts.rows?.map((row) => readFragment(ContactRowFragment, row));
  const shown =
    search === ''
      ? loaded
      : loaded?.filter((row) =>
          [nameOf(row), row.emailAddress?.address, row.companyName].some((part) =>
            part?.toLowerCase().includes(search),
          ),
        );
  return (
    <>
      <p className="note" role="status">
        {loaded && summary(loaded.length, contacts.total, search === '' ? null : (shown?.length ?? 0))}
      </p>
      {!loaded && contacts.isLoading && <Skeleton rows={10} label="Loading contacts" />}
      {shown && shown.length > 0 && (
        <ul className="rows" aria-label="Contacts">
          {shown.map((contact) => (
            <ContactItem key={contact.contactId} contact={contact} nameOfGroup={nameOfGroup} />
          ))}
        </ul>
      )}
      {shown?.length === 0 && !contacts.problem && (
        <Empty title="No contacts match">
          {search === ''
            ? 'Change the filters, or clear the search.'
            : 'Load more contacts to look further, or enter a whole email address.'}
        </Empty>
      )}
      {contacts.problem && <ProblemNote problem={contacts.problem} onRetry={contacts.retry} />}
      {contacts.hasMore && !contacts.problem && (
        <LoadMore
          // A search leaves few rows, so the end is always near: going on by itself would read the whole account.
          automatic={search === ''}
          loading={contacts.isLoadingMore}
          onLoad={contacts.loadMore}
        />
      )}
    </>
  );
}

function summary(loaded: number, total: number | null, matching: number | null): string {
  const all = total === null || total === loaded ? count(loaded) : `${count(loaded)} of ${count(total)}`;
  if (matching === null) return `${all} contacts`;
  return `${count(matching)} match among ${all} loaded contacts. To search the whole account, enter an email address.`;
}
