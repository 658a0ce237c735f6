import { useParams } from 'react-router';
import { useQuery } from 'urql';
import { isInvalidId, problemOf } from '../graphql/problem.js';
import { BackLink, Empty, Page, Skeleton } from '../ui/page.js';
import { ProblemNote } from '../ui/problem.js';
import { Day } from '../ui/text.js';
import { EventStatus } from './events-page.js';
import { EventQuery } from './events-query.js';
import { Registrations } from './registrations.js';

export function EventPage() {
  const { eventId = '' } = useParams();
  const [{ data, error, fetching }, reload] = useQuery({ query: EventQuery, variables: { id: eventId } });
  const event = data?.event;
  const problem = isInvalidId(error) ? null : problemOf(error);
  const isUnknown = !event && !problem && !fetching;
  const back = <BackLink to="/events">Events</BackLink>;
  return (
    <Page
      title={event?.name ?? (isUnknown ? 'No such event' : 'Event')}
      back={back}
      aside={event && <EventStatus value={event.status} />}
    >
      {problem && <ProblemNote problem={problem} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      {!event && fetching && <Skeleton rows={8} label="Loading the event" />}
      {isUnknown && <Empty title="Event not found" />}
      {event && (
        <p className="minor">
          <Day at={event.startsAt} withTime /> to <Day at={event.endsAt} withTime />
          <br />
          {[event.location?.venue, event.location?.line1, event.location?.city].filter(Boolean).join(', ') ||
            'Online'}
        </p>
      )}
      {event?.track?.trackId && <Registrations event={event} trackId={event.track.trackId} />}
    </Page>
  );
}
