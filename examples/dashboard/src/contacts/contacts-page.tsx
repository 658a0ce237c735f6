import { useMemo } from 'react';
import { Link } from 'react-router';
import { useGroups } from '../groups/use-groups.js';
import { Page } from '../ui/page.js';
import { useUrlState } from '../ui/url-state.js';
import { ContactFilters, filterOf } from './contact-filters.js';
import { ContactList } from './contact-list.js';

/** Contacts of the account: filtered by the API, searched by name among the loaded ones. */
export function ContactsPage() {
  const { params, set, clear } = useUrlState();
  const filter = useMemo(() => filterOf(params), [params]);
  const groups = useGroups();
  return (
    <Page
      title="Contacts"
      aside={
        <Link to="/contacts/new" className="button primary">
          New contact
        </Link>
      }
    >
      <ContactFilters params={params} groups={groups} onChange={set} onClear={clear} />
      <ContactList
        // Resets the list to its first page.
        key={JSON.stringify(filter)}
        filter={filter}
        search={(params.get('q') ?? '').trim().toLowerCase()}
        groups={groups}
      />
    </Page>
  );
}
