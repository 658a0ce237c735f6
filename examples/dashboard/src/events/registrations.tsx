import { useState } from 'react';
import { useQuery } from 'urql';
import { problemOf } from '../graphql/problem.js';
import { count, money, NONE, plural, words } from '../ui/format.js';
import { LoadMore } from '../ui/load-more.js';
import { Empty, Skeleton } from '../ui/page.js';
import { ProblemNote } from '../ui/problem.js';
import { SearchField } from '../ui/search-field.js';
import { Table, type Column } from '../ui/table.js';
import { Address } from '../ui/text.js';
import { useSort, useUrlState } from '../ui/url-state.js';
import {
  fullName,
  RegistrationsQuery,
  type FullEvent,
  type Registration,
  type RegistrationsVariables,
} from './events-query.js';
import { Tickets } from './tickets.js';

const SORT_FIELDS = ['LAST_NAME', 'STATUS', 'PAYMENT_STATUS', 'TICKET_COUNT', 'TOTAL'] as const;

interface RegistrationsProps {
  event: FullEvent;
  trackId: string;
}

/** Registrations, filtered and sorted by the API; tickets are read when a registration is opened. */
export function Registrations({ event, trackId }: RegistrationsProps) {
  const url = useUrlState();
  const { params, set, clear } = url;
  const [sort, onSort] = useSort(url, 'LAST_NAME');
  const [open, setOpen] = useState<string | null>(null);
  const searchText = params.get('search') ?? '';
  const variables: RegistrationsVariables = {
    id: event.eventId,
    trackId,
    filter: searchText ? { searchText } : {},
    orderBy: {
      field: SORT_FIELDS.find((field) => field === sort.by) ?? 'LAST_NAME',
      direction: sort.descending ? 'DESC' : 'ASC',
    },
  };
  const view = JSON.stringify(variables);
  // A cursor is valid only for the order and search that it belongs to.
  const [more, setMore] = useState({ view, after: '' });
  const after = more.view === view ? more.after : '';
  const [head, reload] = useQuery({ query: RegistrationsQuery, variables: { ...variables, after: null } });
  const [tail] = useQuery({ query: RegistrationsQuery, variables: { ...variables, after }, pause: !after });
  const error = head.error ?? (after ? tail.error : undefined);
  const problem = problemOf(error);
  const page = head.data?.event?.registrations;
  const next = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  const toggle = (id: string) => setOpen(open === id ? null : id);
  return (
    <>
      <form className="filters" role="search" onSubmit={(submitted) => submitted.preventDefault()}>
        <SearchField
          label="Search registrations"
          placeholder="Name or email address"
          value={searchText}
          onChange={(search) => set({ search })}
        />
        {searchText && (
          <button type="button" className="button" onClick={() => clear(['search'])}>
            Clear filters
          </button>
        )}
      </form>
      <p className="note" role="status">
        {page && `${plural(page.nodes.length, 'registration')}${next ? ' loaded' : ''}`}
      </p>
      {problem && <ProblemNote problem={problem} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      {!page && head.fetching && <Skeleton rows={6} label="Loading registrations" />}
      {page?.nodes.length === 0 && <Empty title="No registrations" />}
      {page && page.nodes.length > 0 && (
        <Table
          label="Registrations"
          columns={columnsOf(event.currency, open, toggle)}
          rows={page.nodes}
          idOf={({ registrationId }) => registrationId}
          sort={sort}
          onSort={onSort}
          detail={(registration) =>
            registration.registrationId === open && (
              <Tickets event={event} trackId={trackId} registration={registration} />
            )
          }
        />
      )}
      {next && !problem && (
        <LoadMore automatic={false} loading={tail.fetching} onLoad={() => setMore({ view, after: next })} />
      )}
    </>
  );
}

function columnsOf(
  currency: string | null,
  open: string | null,
  toggle: (id: string) => void,
): Column<Registration>[] {
  return [
    {
      id: 'LAST_NAME',
      label: 'Name and address',
      canSort: true,
      width: 'minmax(0, 2fr)',
      cell: (registration) => (
        <>
          <span>{fullName(registration)}</span>
          <span className="minor">
            <Address>{registration.emailAddress}</Address>
          </span>
        </>
      ),
    },
    {
      id: 'STATUS',
      label: 'Status',
      canSort: true,
      cell: ({ status }) => (status ? words(status) : NONE),
    },
    {
      id: 'PAYMENT_STATUS',
      label: 'Payment',
      canSort: true,
      cell: ({ paymentStatus }) => (paymentStatus ? words(paymentStatus) : NONE),
    },
    {
      id: 'TOTAL',
      label: 'Total',
      canSort: true,
      isNumber: true,
      width: '100px',
      cell: ({ total }) => money(total?.amount, currency),
    },
    {
      id: 'TICKET_COUNT',
      label: 'Checked in',
      canSort: true,
      isNumber: true,
      width: '110px',
      cell: ({ checkedInTicketCount, ticketCount }) =>
        `${count(checkedInTicketCount)} of ${count(ticketCount)}`,
    },
    {
      id: 'tickets',
      label: 'Check-in',
      width: '110px',
      cell: (registration) => (
        <button
          type="button"
          className="button quiet"
          aria-expanded={open === registration.registrationId}
          aria-label={`Tickets of ${fullName(registration)}`}
          onClick={() => toggle(registration.registrationId)}
        >
          Tickets
        </button>
      ),
    },
  ];
}
