import { cacheExchange, type Cache, type UpdateResolver } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { GroupsQuery } from '../groups/groups-query.js';
import { graphql } from './graphql.js';

/** For types without an identity, which are stored inside their parent. */
const embedded = () => null;
/** Objects are stored under Constant Contact's own ids, because the app's URLs contain them. */
const by = (field: string) => (data: Record<string, unknown>) => (data[field] as string | undefined) ?? null;

const KEYS = {
  Contact: by('contactId'),
  ContactList: by('listId'),
  Tag: by('tagId'),
  CustomField: by('customFieldId'),
  EmailCampaign: by('campaignId'),
  EmailCampaignActivity: by('campaignActivityId'),
  EmailCampaignSummary: by('campaignId'),
  BulkActivity: by('activityId'),
  Event: by('eventId'),
  EventRegistration: by('registrationId'),
  EventTicket: by('ticketKey'),
  EventTrack: by('trackId'),
  PhoneNumber: by('phoneNumberId'),
  StreetAddress: by('streetAddressId'),
  Note: by('noteId'),
  Birthday: embedded,
  BulkActivityConnection: embedded,
  BulkActivityCounters: embedded,
  BulkActivityFailure: embedded,
  ContactActivity: embedded,
  ContactConnection: embedded,
  ContactActivityConnection: embedded,
  ContactCustomField: embedded,
  ContactEmailAddress: embedded,
  ContactEngagementRates: embedded,
  ContactListConnection: embedded,
  CustomFieldChoice: embedded,
  CustomFieldConnection: embedded,
  EmailCampaignStats: embedded,
  EmailCampaignSummaryConnection: embedded,
  EmailDeviceCounts: embedded,
  EmailLink: embedded,
  EmailUniqueCounts: embedded,
  EventAddress: embedded,
  EventConnection: embedded,
  EventRegistrationConnection: embedded,
  EventRegistrationSummary: embedded,
  PageInfo: embedded,
  RateLimit: embedded,
  TagConnection: embedded,
  UserError: embedded,
};

const TicketFragment = graphql(`
  fragment CheckedTicket on EventTicket {
    ticketKey
    checkedInAt
  }
`);

/** The response of a check-in has only the tickets' ids, so the time is set here. */
const checkIn =
  (field: string, at: () => string | null): UpdateResolver =>
  (result, _args, store) => {
    const payload = result[field] as { ticketKeys: readonly string[] | null } | null;
    for (const ticketKey of payload?.ticketKeys ?? []) {
      store.writeFragment(TicketFragment, { ticketKey, checkedInAt: at() });
    }
  };

/** Cached pages of contacts may lack some, or have too many. */
function forgetPages(store: Cache): void {
  for (const { fieldName, fieldKey } of store.inspectFields('Query')) {
    if (fieldName === 'contacts') store.invalidate('Query', fieldKey);
  }
}

/** After an import or a bulk change every cached contact may be stale as well. */
function forgetContacts(store: Cache): void {
  forgetPages(store);
  store.invalidate('Contact');
}

/** Adds a cached list or tag, or removes it. */
function changeGroups(store: Cache, change: (data: StoredGroups) => void): void {
  store.updateQuery({ query: GroupsQuery }, (data) => {
    if (data) change(data as StoredGroups);
    return data;
  });
}

interface StoredGroups {
  contactLists: { nodes: { listId: string }[] } | null;
  tags: { nodes: { tagId: string }[] } | null;
}

/**
 * The normalised cache: the response of a mutation updates every screen that shows the object, pages of a
 * connection are one list, and returning to a screen costs no call.
 */
export function cache() {
  const completed = new Set<string>();
  return cacheExchange({
    keys: KEYS,
    resolvers: {
      Query: {
        contacts: relayPagination(),
        contact: (_parent, { id }) => ({ __typename: 'Contact', contactId: id as string }),
        emailCampaign: (_parent, { id }) => ({ __typename: 'EmailCampaign', campaignId: id as string }),
        event: (_parent, { id }) => ({ __typename: 'Event', eventId: id as string }),
        eventRegistration: (_parent, { registrationId }) => ({
          __typename: 'EventRegistration',
          registrationId: registrationId as string,
        }),
      },
      Event: { registrations: relayPagination() },
      EventRegistration: {
        // Counted from cached tickets: each check-in changes those, but not the listing.
        checkedInTicketCount: (parent, _args, store) => {
          const tickets = store.resolve(parent as { __typename: 'EventRegistration' }, 'tickets');
          if (!Array.isArray(tickets)) return parent['checkedInTicketCount'] as number | null;
          return tickets.filter((ticket) => store.resolve(ticket as string, 'checkedInAt') != null).length;
        },
      },
    },
    updates: {
      Mutation: {
        createContact: (_result, _args, store) => forgetPages(store),
        deleteContact: (result, _args, store) => {
          const { deletedContactId } = (result['deleteContact'] ?? {}) as { deletedContactId?: string };
          if (!deletedContactId) return;
          store.writeFragment(graphql('fragment DeletedContact on Contact { contactId deletedAt }'), {
            contactId: deletedContactId,
            deletedAt: new Date().toISOString().slice(0, 10),
          });
          forgetPages(store);
        },
        createContactList: (result, _args, store) => {
          const { contactList } = (result['createContactList'] ?? {}) as { contactList?: { listId: string } };
          if (!contactList) return;
          changeGroups(store, ({ contactLists }) => contactLists?.nodes.push(contactList));
          store.writeFragment(graphql('fragment NewList on ContactList { listId membershipCount }'), {
            listId: contactList.listId,
            membershipCount: 0,
          });
        },
        createTag: (result, _args, store) => {
          const { tag } = (result['createTag'] ?? {}) as { tag?: { tagId: string } };
          if (!tag) return;
          changeGroups(store, ({ tags }) => tags?.nodes.push(tag));
          store.writeFragment(graphql('fragment NewTag on Tag { tagId contactsCount }'), {
            tagId: tag.tagId,
            contactsCount: 0,
          });
        },
        deleteContactList: (result, _args, store) => {
          const { deletedListId } = (result['deleteContactList'] ?? {}) as { deletedListId?: string };
          if (!deletedListId) return;
          changeGroups(store, ({ contactLists }) => {
            if (contactLists) {
              contactLists.nodes = contactLists.nodes.filter(({ listId }) => listId !== deletedListId);
            }
          });
        },
        deleteTag: (result, _args, store) => {
          const { deletedTagId } = (result['deleteTag'] ?? {}) as { deletedTagId?: string };
          if (!deletedTagId) return;
          changeGroups(store, ({ tags }) => {
            if (tags) tags.nodes = tags.nodes.filter(({ tagId }) => tagId !== deletedTagId);
          });
        },
        checkInTickets: checkIn('checkInTickets', () => new Date().toISOString()),
        undoCheckInTickets: checkIn('undoCheckInTickets', () => null),
      },
      Subscription: {
        bulkActivityProgress: (result, _args, store) => {
          const activity = result['bulkActivityProgress'] as { activityId: string; state?: string } | null;
          // The last state is repeated when the stream ends.
          if (activity?.state !== 'COMPLETED' || completed.has(activity.activityId)) return;
          completed.add(activity.activityId);
          forgetContacts(store);
        },
      },
    },
  });
}
