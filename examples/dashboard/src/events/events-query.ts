import { graphql, type ResultOf, type VariablesOf } from '../graphql/graphql.js';

/** One call for 100 events, with the counts of their registrations. */
export const EventsQuery = graphql(`
  query Events($filter: EventsFilter, $orderBy: EventSort, $first: Int!) {
    events(filter: $filter, orderBy: $orderBy, first: $first) {
      nodes {
        eventId
        name
        startsAt
        status
        locationType
        location {
          city
        }
        registrationSummary {
          registrations
          ticketsSold
        }
      }
    }
  }
`);

export type EventRow = NonNullable<ResultOf<typeof EventsQuery>['events']>['nodes'][number];
export type EventsVariables = VariablesOf<typeof EventsQuery>;

/** One call: only `event` returns the track, which its registrations need. */
export const EventQuery = graphql(`
  query Event($id: ID!) {
    event(id: $id) {
      eventId
      name
      startsAt
      endsAt
      status
      currency
      location {
        venue
        line1
        city
      }
      track {
        trackId
      }
    }
  }
`);

export type FullEvent = NonNullable<ResultOf<typeof EventQuery>['event']>;

/** One call for 50 registrations, the largest page of the API. */
export const RegistrationsQuery = graphql(`
  query Registrations(
    $id: ID!
    $trackId: ID!
    $filter: EventRegistrationsFilter
    $orderBy: EventRegistrationSort
    $after: String
  ) {
    event(id: $id) {
      eventId
      registrations(trackId: $trackId, filter: $filter, orderBy: $orderBy, first: 50, after: $after) {
        nodes {
          registrationId
          firstName
          lastName
          emailAddress
          status
          paymentStatus
          ticketCount
          checkedInTicketCount
          total {
            amount
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export type Registration = NonNullable<
  NonNullable<ResultOf<typeof RegistrationsQuery>['event']>['registrations']
>['nodes'][number];
export const fullName = ({ firstName, lastName, emailAddress }: Registration): string =>
  [firstName, lastName].filter(Boolean).join(' ') || emailAddress || 'No name';

export type RegistrationsVariables = VariablesOf<typeof RegistrationsQuery>;

/** One call: only a single registration includes its tickets. */
export const TicketsQuery = graphql(`
  query Tickets($eventId: ID!, $trackId: ID!, $registrationId: ID!) {
    eventRegistration(eventId: $eventId, trackId: $trackId, registrationId: $registrationId) {
      registrationId
      tickets {
        ticketKey
        name
        checkedInAt
      }
    }
  }
`);

export const CheckInMutation = graphql(`
  mutation CheckIn($eventId: ID!, $ticketKeys: [String!]!) {
    result: checkInTickets(input: { eventId: $eventId, ticketKeys: $ticketKeys }) {
      ticketKeys
      userErrors {
        message
      }
    }
  }
`);

export const UndoCheckInMutation = graphql(`
  mutation UndoCheckIn($eventId: ID!, $ticketKeys: [String!]!) {
    result: undoCheckInTickets(input: { eventId: $eventId, ticketKeys: $ticketKeys }) {
      ticketKeys
      userErrors {
        message
      }
    }
  }
`);
