import { useMutation, useQuery } from 'urql';
import { problemOf, refusalOf } from '../graphql/problem.js';
import { useNotices } from '../jobs/notices.js';
import { Empty, Skeleton } from '../ui/page.js';
import { ProblemNote } from '../ui/problem.js';
import { Day } from '../ui/text.js';
import {
  CheckInMutation,
  fullName,
  TicketsQuery,
  UndoCheckInMutation,
  type FullEvent,
  type Registration,
} from './events-query.js';

/** The API allows check-in for these only. */
const OPEN_EVENTS: readonly (string | null)[] = ['ACTIVE', 'COMPLETE'];

interface TicketsProps {
  event: FullEvent;
  trackId: string;
  registration: Registration;
}

export function Tickets({ event: { eventId, status }, trackId, registration }: TicketsProps) {
  const { say } = useNotices();
  const [{ data, error, fetching }, reload] = useQuery({
    query: TicketsQuery,
    variables: { eventId, trackId, registrationId: registration.registrationId },
  });
  const [checkingIn, checkIn] = useMutation(CheckInMutation);
  const [undoing, undo] = useMutation(UndoCheckInMutation);
  const isBusy = checkingIn.fetching || undoing.fetching;
  const problem = problemOf(error);
  const tickets = data?.eventRegistration?.tickets ?? [];
  const waiting = tickets.flatMap(({ ticketKey, checkedInAt }) => (checkedInAt ? [] : (ticketKey ?? [])));
  const name = fullName(registration);
  const canCheckIn = OPEN_EVENTS.includes(status) && registration.status === 'REGISTERED';

  const run = async (send: typeof checkIn, ticketKeys: string[], what: string) => {
    if (isBusy) return;
    const result = await send({ eventId, ticketKeys });
    const refusal = refusalOf(result);
    if (refusal) say(`That did not work for ${name}. ${refusal}`, 'bad');
    else say(`${name}: ${what}.`);
  };

  if (problem) {
    return <ProblemNote problem={problem} onRetry={() => reload({ requestPolicy: 'network-only' })} />;
  }
  if (fetching) return <Skeleton rows={1} label="Loading tickets" />;
  if (tickets.length === 0) return <Empty title="No tickets" />;
  return (
    <div className="tickets">
      <ul aria-label={`Tickets of ${name}`}>
        {tickets.map(({ ticketKey, name: kind, checkedInAt }) => (
          <li key={ticketKey}>
            <span>
              {kind ?? 'Ticket'}
              <span className="minor">
                {checkedInAt ? (
                  <>
                    Checked in <Day at={checkedInAt} withTime />
                  </>
                ) : (
                  'Not checked in'
                )}
              </span>
            </span>
            {canCheckIn && ticketKey && (
              <button
                type="button"
                className="button quiet"
                aria-disabled={isBusy}
                onClick={() =>
                  void (checkedInAt
                    ? run(undo, [ticketKey], 'check-in undone')
                    : run(checkIn, [ticketKey], 'checked in'))
                }
              >
                {checkedInAt ? 'Undo' : 'Check in'}
              </button>
            )}
          </li>
        ))}
      </ul>
      {canCheckIn && waiting.length > 1 && (
        <button
          type="button"
          className="button primary"
          aria-disabled={isBusy}
          onClick={() => void run(checkIn, waiting, 'all checked in')}
        >
          Check in all {waiting.length}
        </button>
      )}
      {!canCheckIn && (
        <p className="minor">Only registered attendees of active and past events can be checked in.</p>
      )}
    </div>
  );
}
