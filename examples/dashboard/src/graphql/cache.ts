import { cacheExchange, type Cache } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';

/** A type that has no identity of its own and is stored inside its parent. */
const embedded = () => null;
/** Objects are stored under Constant Contact's own ids, because those are in the addresses of the app. */
const by = (field: string) => (data: Record<string, unknown>) => (data[field] as string | undefined) ?? null;

/**
 * The normalised cache: what a mutation answers changes every screen that shows the object, pages of a connection are
 * one list, and going back to a screen costs nothing.
 */
export const cache = () =>
  cacheExchange({
    keys: {
      Contact: by('contactId'),
      ContactList: by('listId'),
      Tag: by('tagId'),
      CustomField: by('customFieldId'),
      EmailCampaign: by('campaignId'),
      EmailCampaignActivity: by('campaignActivityId'),
      EmailCampaignSummary: by('campaignId'),
      BulkActivity: by('activityId'),
      PhoneNumber: by('phoneNumberId'),
      StreetAddress: by('streetAddressId'),
      Note: by('noteId'),
      Birthday: embedded,
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
      EmailCampaignStats: embedded,
      EmailCampaignSummaryConnection: embedded,
      EmailDeviceCounts: embedded,
      EmailLink: embedded,
      EmailUniqueCounts: embedded,
      PageInfo: embedded,
      RateLimit: embedded,
      TagConnection: embedded,
      UserError: embedded,
    },
    resolvers: {
      Query: {
        contacts: relayPagination(),
        emailCampaignSummaries: relayPagination(),
        contact: (_parent, { id }) => ({ __typename: 'Contact', contactId: id as string }),
        emailCampaign: (_parent, { id }) => ({ __typename: 'EmailCampaign', campaignId: id as string }),
      },
    },
    updates: {
      Subscription: {
        bulkActivityProgress: (result, _args, store) => {
          const activity = result['bulkActivityProgress'] as { state?: string } | null;
          if (activity?.state === 'COMPLETED') forgetContacts(store);
        },
      },
    },
  });

/** After an import every stored page of contacts may lack some. */
function forgetContacts(store: Cache): void {
  for (const { fieldName, fieldKey } of store.inspectFields('Query')) {
    if (fieldName === 'contacts') store.invalidate('Query', fieldKey);
  }
}
