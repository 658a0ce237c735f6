import type { FormEvent } from 'react';
import type { Group, Groups } from '../groups.js';
import { SearchIcon } from '../ui/icons.js';
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

/** The filter that the address of the screen stands for, so that a filtered view can be shared as a link. */
export function filterOf(params: URLSearchParams): ContactsFilter {
  const status = params.get('status') ?? '';
  const [list, tag, email] = [params.get('list'), params.get('tag'), params.get('email')];
  return {
    ...(isStatus(status) && { status: [status] }),
    ...(list && { lists: [list] }),
    ...(tag && { tags: [tag] }),
    ...(email && { email }),
  };
}

interface FiltersProps {
  params: URLSearchParams;
  groups: Groups;
  text: string;
  onText: (text: string) => void;
  onFilter: (name: string, value: string) => void;
}

export function ContactFilters({ params, groups, text, onText, onFilter }: FiltersProps) {
  const search = (event: FormEvent) => {
    event.preventDefault();
    const address = text.trim();
    if (address.includes('@')) onFilter('email', address);
  };
  return (
    <form className="filters" role="search" onSubmit={search}>
      <label className="search">
        <span className="hidden">Search by name or address</span>
        <SearchIcon />
        <input
          type="search"
          value={text}
          maxLength={80}
          placeholder="Name, company or email address"
          onChange={(event) => onText(event.target.value)}
        />
      </label>
      <Choice
        label="Status"
        all="Any status"
        value={params.get('status') ?? ''}
        options={Object.entries(STATUSES).map(([id, name]) => ({ id, name }))}
        onChange={(value) => onFilter('status', value)}
      />
      <Choice
        label="List"
        all="All lists"
        value={params.get('list') ?? ''}
        options={groups.lists}
        onChange={(value) => onFilter('list', value)}
      />
      <Choice
        label="Tag"
        all="All tags"
        value={params.get('tag') ?? ''}
        options={groups.tags}
        onChange={(value) => onFilter('tag', value)}
      />
    </form>
  );
}

interface ChoiceProps {
  label: string;
  all: string;
  value: string;
  options: readonly Group[];
  onChange: (value: string) => void;
}

function Choice({ label, all, value, options, onChange }: ChoiceProps) {
  return (
    <label className="choice">
      <span className="hidden">{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{all}</option>
        {options.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
