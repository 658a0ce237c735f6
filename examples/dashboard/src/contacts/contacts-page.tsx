import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useGroups } from '../groups.js';
import { Page } from '../ui/page.js';
import { ContactFilters, filterOf } from './contact-filters.js';
import { ContactList } from './contact-list.js';

/** Contacts of the account: filtered by the API, searched by name among those that are loaded. */
export function ContactsPage() {
  const [params, setParams] = useSearchParams();
  const [text, setText] = useState(params.get('email') ?? '');
  const filter = useMemo(() => filterOf(params), [params]);
  const groups = useGroups();

  const set = (name: string, value: string) => {
    // Not from the parameters of this render: a choice that was made just before may not be drawn yet.
    const next = new URLSearchParams(window.location.search);
    if (value) next.set(name, value);
    else next.delete(name);
    setParams(next, { replace: true });
  };
  const changeText = (value: string) => {
    setText(value);
    // What follows is a search by name again.
    if (params.has('email')) set('email', '');
  };

  return (
    <Page title="Contacts">
      <ContactFilters params={params} groups={groups} text={text} onText={changeText} onFilter={set} />
      <ContactList
        // Another filter begins at its first page.
        key={JSON.stringify(filter)}
        filter={filter}
        search={filter.email ? '' : text.trim().toLowerCase()}
        nameOfGroup={groups.nameOf}
      />
    </Page>
  );
}
