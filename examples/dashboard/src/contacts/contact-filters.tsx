import type { FormEvent } from 'react';
import type { Groups } from '../groups/use-groups.js';
import { Choice } from '../ui/choice.js';
import { SearchField } from '../ui/search-field.js';
import type { ContactsFilter } from './use-contacts.js';

const STATUSES = {
  ACTIVE: 'Subscribed',
  UNSUBSCRIBED: 'Unsubscribed',
  PENDING_CONFIRMATION: 'Pending',
  TEMP_HOLD: 'On hold',
  NOT_SET: 'Not set',
  DELETED: 'Deleted',
} as const;

const isStatus = (value: string): value is keyof typeof STATUSES => Object.hasOwn(STATUSES, value);

/** The filter in the URL, so that a filtered view can be shared as a link. */
export function filterOf(params: URLSearchParams): ContactsFilter {
  const status = params.get('status') ?? '';
  const [list, tag, email] = [params.get('list'), params.get('tag'), params.get('email')];
  return {
    ...(isStatus(status) && { status: [status] }),
    ...(list && { listIds: [list] }),
    ...(tag && { tagIds: [tag] }),
    ...(email && { email }),
  };
}

interface FiltersProps {
  params: URLSearchParams;
  groups: Groups;
  onChange: (changes: Readonly<Record<string, string>>) => void;
  onClear: (names: readonly string[]) => void;
}

/** URL parameters of the filter. */
const FILTERS = ['q', 'email', 'status', 'list', 'tag'];

export function ContactFilters({ params, groups, onChange, onClear }: FiltersProps) {
  const text = params.get('email') ?? params.get('q') ?? '';
  const search = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // Read from the input, because the URL may be behind it.
    const address = event.currentTarget.querySelector('input')?.value.trim() ?? '';
    if (address.includes('@')) onChange({ email: address, q: '' });
  };
  const isFiltered = FILTERS.some((name) => params.has(name));
  return (
    <form className="filters" role="search" onSubmit={search}>
      <SearchField
        label="Search by name or address"
        placeholder="Name, company or email address"
        value={text}
        // Typing replaces a search by address with a search by name.
        onChange={(q) => onChange({ q, email: '' })}
      />
      <Choice
        label="Status"
        all="Any status"
        value={params.get('status') ?? ''}
        options={Object.entries(STATUSES).map(([id, name]) => ({ id, name }))}
        onChange={(status) => onChange({ status })}
      />
      <Choice
        label="List"
        all="All lists"
        value={params.get('list') ?? ''}
        options={groups.lists}
        onChange={(list) => onChange({ list })}
      />
      <Choice
        label="Tag"
        all="All tags"
        value={params.get('tag') ?? ''}
        options={groups.tags}
        onChange={(tag) => onChange({ tag })}
      />
      {isFiltered && (
        <button type="button" className="button" onClick={() => onClear(FILTERS)}>
          Clear filters
        </button>
      )}
    </form>
  );
}
