import { useQuery } from 'urql';
import { problemOf } from '../graphql/problem.js';
import { Choice } from '../ui/choice.js';
import { count, NONE, plural, words } from '../ui/format.js';
import { Empty, Page, Skeleton } from '../ui/page.js';
import { ProblemNote } from '../ui/problem.js';
import { SearchField } from '../ui/search-field.js';
import { RowLink, Table, type Column } from '../ui/table.js';
import { Day } from '../ui/text.js';
import { useSort, useUrlState } from '../ui/url-state.js';
import { EventsQuery, type EventRow, type EventsVariables } from './events-query.js';

const STATUSES = ['ACTIVE', 'DRAFT', 'COMPLETE', 'CANCELED', 'DELETED', 'ERROR'] as const;
const SORT_FIELDS = ['NAME', 'STARTS_AT'] as const;
const FIRST = 100;

/** Events of the account, filtered and sorted by the API. */
export function EventsPage() {
  const url = useUrlState();
  const { params, set, clear } = url;
  const [sort, onSort] = useSort(url, '-STARTS_AT');
  const status = STATUSES.find((one) => one === params.get('status'));
  const searchText = params.get('search') ?? '';
  const variables: EventsVariables = {
    filter: { ...(status && { status }), ...(searchText && { searchText }) },
    orderBy: {
      field: SORT_FIELDS.find((field) => field === sort.by) ?? 'STARTS_AT',
      direction: sort.descending ? 'DESC' : 'ASC',
    },
    first: FIRST,
  };
  const [{ data, error, fetching }, reload] = useQuery({ query: EventsQuery, variables });
  const problem = problemOf(error);
  const events = data?.events?.nodes;
  return (
    <Page title="Events">
      <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <SearchField
          label="Search by name"
          placeholder="Name of an event"
          value={searchText}
          onChange={(search) => set({ search })}
        />
        <Choice
          label="Status"
          all="Any status"
          value={status ?? ''}
          options={STATUSES.map((id) => ({ id, name: words(id) }))}
          onChange={(value) => set({ status: value })}
        />
        {(status ?? searchText) !== '' && (
          <button type="button" className="button" onClick={() => clear(['status', 'search'])}>
            Clear filters
          </button>
        )}
      </form>
      <p className="note" role="status">
        {events && plural(events.length, 'event')}
      </p>
      {problem && <ProblemNote problem={problem} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      {!events && fetching && <Skeleton rows={8} label="Loading events" />}
      {events?.length === 0 &&
        ((status ?? searchText) !== '' ? (
          <Empty title="No events match">Change the filters, or clear them.</Empty>
        ) : (
          <Empty title="No events yet" />
        ))}
      {events && events.length > 0 && (
        <Table
          label="Events"
          columns={COLUMNS}
          rows={events}
          idOf={({ eventId }) => eventId}
          sort={sort}
          onSort={onSort}
        />
      )}
    </Page>
  );
}

const COLUMNS: readonly Column<EventRow>[] = [
  {
    id: 'NAME',
    label: 'Event',
    canSort: true,
    width: 'minmax(0, 2fr)',
    cell: ({ eventId, name }) => <RowLink to={`/events/${eventId}`}>{name || 'Without a name'}</RowLink>,
  },
  {
    id: 'STARTS_AT',
    label: 'Starts',
    canSort: true,
    width: 'minmax(0, 1.3fr)',
    cell: ({ startsAt }) => <Day at={startsAt} withTime />,
  },
  { id: 'place', label: 'Place', cell: placeOf },
  {
    id: 'status',
    label: 'Status',
    width: '110px',
    cell: ({ status }) => <EventStatus value={status} />,
  },
  {
    id: 'registrations',
    label: 'Registrations',
    isNumber: true,
    width: '110px',
    cell: ({ registrationSummary }) => count(registrationSummary?.registrations),
  },
  {
    id: 'tickets',
    label: 'Tickets',
    isNumber: true,
    width: '80px',
    cell: ({ registrationSummary }) => count(registrationSummary?.ticketsSold),
  },
];

function placeOf({ location, locationType }: EventRow): string {
  return location?.city ?? (locationType ? words(locationType) : NONE);
}

const TONES: Readonly<Record<string, string>> = {
  ACTIVE: 'good',
  DRAFT: 'wait',
  CANCELED: 'bad',
  ERROR: 'bad',
};

export function EventStatus({ value }: { value: string | null }) {
  return <span className={`badge ${TONES[value ?? ''] ?? ''}`}>{value ? words(value) : NONE}</span>;
}
