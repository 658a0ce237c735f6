import { useState } from 'react';
import { Link } from 'react-router';
import { readFragment, type ResultOf } from '../graphql/graphql.js';
import type { Groups } from '../groups/use-groups.js';
import { Avatar } from '../ui/avatar.js';
import { Chips } from '../ui/chips.js';
import { count, nameOf, NONE, plural } from '../ui/format.js';
import { Empty, Skeleton } from '../ui/page.js';
import { Permission } from '../ui/permission.js';
import { ProblemNote } from '../ui/problem.js';
import { RowLink, Table, type Column } from '../ui/table.js';
import { Address } from '../ui/text.js';
import { BulkBar } from './bulk-bar.js';
import { LoadMore } from '../ui/load-more.js';
import { ContactRowFragment, useContacts, type ContactsFilter } from './use-contacts.js';

interface ContactListProps {
  filter: ContactsFilter;
  /** Lower-case part of a name, a company or an address; searches the loaded rows, at no cost. */
  search: string;
  groups: Groups;
}

type Row = ResultOf<typeof ContactRowFragment>;

export function ContactList({ filter, search, groups }: ContactListProps) {
  const contacts = useContacts(filter);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
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
      {chosen.size === 0 ? (
        <p className="note" role="status">
          {loaded && summary(loaded.length, contacts.total, search === '' ? null : (shown?.length ?? 0))}
        </p>
      ) : (
        <BulkBar
          chosen={[...chosen]}
          hiddenCount={chosen.size - (shown ?? []).filter(({ contactId }) => chosen.has(contactId)).length}
          groups={groups}
          onClear={() => setChosen(new Set())}
        />
      )}
      {!loaded && contacts.isLoading && <Skeleton rows={10} label="Loading contacts" />}
      {shown && shown.length > 0 && (
        <Table
          label="Contacts"
          columns={columnsOf(groups)}
          rows={shown}
          idOf={({ contactId }) => contactId}
          selection={{
            chosen,
            onChange: setChosen,
            nameOf: (id) => nameOf(shown.find(({ contactId }) => contactId === id) ?? NOBODY),
          }}
        />
      )}
      {shown?.length === 0 && !contacts.problem && (
        <Nothing isFiltered={Object.keys(filter).length > 0} isSearched={search !== ''} />
      )}
      {/* One message for a failure of both queries. */}
      {groups.problem && !contacts.problem && <ProblemNote problem={groups.problem} onRetry={groups.retry} />}
      {contacts.problem && <ProblemNote problem={contacts.problem} onRetry={contacts.retry} />}
      {contacts.hasMore && !contacts.problem && (
        <LoadMore
          // A search leaves few rows, so the end is always in view: automatic loading would read the whole
          // account.
          automatic={search === ''}
          loading={contacts.isLoadingMore}
          onLoad={contacts.loadMore}
        />
      )}
    </>
  );
}

function Nothing({ isFiltered, isSearched }: { isFiltered: boolean; isSearched: boolean }) {
  if (isSearched) {
    return (
      <Empty title="No contacts match">
        To search further, load more contacts, or enter a whole email address.
      </Empty>
    );
  }
  if (isFiltered) return <Empty title="No contacts match">Change the filters, or clear them.</Empty>;
  return (
    <Empty title="No contacts yet">
      <Link to="/contacts/new">Create one</Link>, or <Link to="/import">import a file</Link>.
    </Empty>
  );
}

const NOBODY = { firstName: null, lastName: null, emailAddress: null };

/** The API returns contacts in a fixed order, so no column can be sorted. */
const columnsOf = ({ namesOf }: Groups): Column<Row>[] => [
  {
    id: 'name',
    label: 'Name and address',
    width: 'minmax(0, 1.7fr)',
    cell: (contact) => {
      const name = nameOf(contact);
      return (
        <div className="who">
          <Avatar name={name} />
          <div>
            <RowLink to={`/contacts/${contact.contactId}`}>{name}</RowLink>
            <span className="minor">
              <Address>{contact.emailAddress?.address}</Address>
            </span>
          </div>
        </div>
      );
    },
  },
  {
    id: 'company',
    label: 'Company',
    width: 'minmax(0, 0.8fr)',
    cell: ({ companyName }) => companyName ?? NONE,
  },
  {
    id: 'status',
    label: 'Status',
    width: '118px',
    cell: ({ emailAddress, deletedAt }) => (
      <Permission value={deletedAt ? 'DELETED' : emailAddress?.permissionToSend} />
    ),
  },
  {
    id: 'lists',
    label: 'Lists',
    width: 'minmax(0, 1.2fr)',
    cell: ({ lists }) => (
      <Chips kind="lists" most={2} names={namesOf((lists ?? []).map(({ listId }) => listId))} />
    ),
  },
  {
    id: 'tags',
    label: 'Tags',
    width: 'minmax(0, 1.2fr)',
    cell: ({ tags }) => (
      <Chips kind="tags" most={2} names={namesOf((tags ?? []).map(({ tagId }) => tagId))} />
    ),
  },
];

function summary(loaded: number, total: number | null, matching: number | null): string {
  const isAll = total === null || total === loaded;
  if (matching !== null) {
    const all = isAll ? count(loaded) : `${count(loaded)} of ${count(total)}`;
    return `${count(matching)} match among ${all} loaded contacts. To search the whole account, enter an email address.`;
  }
  return isAll ? plural(loaded, 'contact') : `${count(loaded)} of ${plural(total, 'contact')}`;
}
