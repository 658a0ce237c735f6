import type { OperationId } from '../../src/constant-contact/contract/operations.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { encodeGlobalId } from '../../src/resolvers/support/global-id.js';

type Account = ReturnType<Sandbox['account']>;

/** The account's clock is fixed, so that every run has the same records. */
export const CLOCK = { now: () => Date.UTC(2026, 0, 15, 12) };

/** Number of calls by REST operation. */
export type Calls = Partial<Record<OperationId, number>>;

export interface Case {
  name: string;
  domain: string;
  query: string;
  /**
   * May use ids of the account's records: the sandbox has a fixed seed, so they are the same in every run.
   */
  variables?: (account: Account) => Record<string, unknown>;
  /** The fewest calls that any client can make with an empty cache. */
  floor: Calls;
  /** Operations of the floor that load reference data, which is cached for the second run. */
  reference?: readonly OperationId[];
  /** Floor of the second run, if it differs from `floor` without `reference`. */
  warmFloor?: Calls;
  /** Reason that no client can make fewer calls, in one sentence. */
  why: string;
}

/*
 * The account has 1,030 contacts (30 of them deleted), 40 lists, 60 tags, 30 custom fields, 12 segments, 200
 * campaigns, 30 events and 72 client accounts. Largest pages of the API: 500 contacts, 1,000 lists, 500 tags,
 * 100 custom fields, 1,000 segments, 500 campaigns, 500 rows of a report or summaries, 100 entries of a
 * contact's history, 100 events, 50 registrations, 50 client accounts, 5 hashtag groups, statistics of 150
 * campaigns or of 10 activities.
 */
const LISTS = ['getLists'] as const;

export const CASES: readonly Case[] = [
  {
    name: '50 contacts with names of lists, tags and fields',
    domain: 'contacts',
    query: `{ contacts(first: 50) { nodes { firstName lists { name } tags { name } customFields { value field { label } choices { label } } } } }`,
    floor: { getContacts: 1, getLists: 1, getTags: 1, getCustomFields: 1 },
    reference: ['getLists', 'getTags', 'getCustomFields'],
    why: 'Contacts have ids only. Each kind of name is in its own collection, which one call returns whole.',
  },
  {
    name: '500 contacts with all sub-resources and names',
    domain: 'contacts',
    query: `{ contacts(first: 500) { totalCount nodes { contactId lists { name } tags { name } customFields { value field { label } } phoneNumbers { number } streetAddresses { city } notes { content } } } }`,
    floor: { getContacts: 1, getLists: 1, getTags: 1, getCustomFields: 1 },
    reference: ['getLists', 'getTags', 'getCustomFields'],
    why: 'A page of 500 includes sub-resources and the count; names are in three collections.',
  },
  {
    name: '1,200 contacts',
    domain: 'contacts',
    query: `{ contacts(first: 1200, filter: { status: [ALL] }) { nodes { contactId } } }`,
    floor: { getContacts: 3 },
    why: 'A page holds 500, and the account has 1,030 contacts.',
  },
  {
    name: 'one contact under ten aliases',
    domain: 'contacts',
    query: `query ($id: ID!) { ${Array.from({ length: 10 }, (_, at) => `a${String(at)}: contact(id: $id) { ${['firstName', 'phoneNumbers { number }', 'notes { content }', 'lists { listId }', '...Streets'][at % 5] ?? ''} }`).join(' ')} } fragment Streets on Contact { streetAddresses { city } }`,
    variables: (account) => ({ id: contactIds(account, 1)[0] }),
    floor: { getContact: 1 },
    why: 'One read includes every sub-resource that any alias or fragment selects; ids of lists are in the contact.',
  },
  {
    name: 'the same collection under three aliases',
    domain: 'contacts',
    query: `{ a: contacts(first: 10) { nodes { firstName } } b: contacts(first: 200) { totalCount } c: contacts(first: 40) { nodes { phoneNumbers { number } } } }`,
    floor: { getContacts: 1 },
    why: 'The largest page contains the smaller ones, with the count and all sub-resources.',
  },
  {
    name: '30 contacts by id, spread over the account',
    domain: 'contacts',
    query: `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Contact { firstName lists { listId } } } }`,
    variables: (account) => ({ ids: spread(account, 30).map((id) => encodeGlobalId('Contact', id)) }),
    floor: { getContacts: 3 },
    why: 'No call takes several ids, so it is 30 single calls or the 3 pages of the account.',
  },
  {
    name: '3 contacts by id, one by address',
    domain: 'contacts',
    query: `query ($a: ID!, $b: ID!, $c: ID!, $email: String!) { a: contact(id: $a) { firstName } b: contact(id: $b) { firstName } c: contact(id: $c) { firstName } d: contactByEmail(email: $email) { firstName } }`,
    variables: (account) => {
      const [a, b, c] = spread(account, 3);
      const last = [...account.contacts].at(-1);
      return { a, b, c, email: last?.email?.address };
    },
    floor: { getContacts: 3 },
    why: 'Four single calls, or the 3 pages of the account, which answer ids and addresses.',
  },
  {
    name: '20 addresses, 10 of them unknown',
    domain: 'contacts',
    query: `{ ${Array.from({ length: 20 }, (_, at) => `a${String(at)}: contactByEmail(email: "${at % 2 ? `nobody${String(at)}@example.net` : 'zara.fletcher@example.org'}") { contactId }`).join(' ')} }`,
    floor: { getContacts: 3 },
    why: 'A filter takes one address; the 3 pages of the account, deleted contacts included, prove that an address is unused.',
  },
  {
    name: '12 unknown ids',
    domain: 'contacts',
    query: `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`,
    variables: () => ({
      ids: Array.from({ length: 12 }, (_, at) =>
        encodeGlobalId('Contact', `00000000-0000-11ee-8000-0000000000${String(10 + at)}`),
      ),
    }),
    floor: { getContacts: 3 },
    why: 'The 3 pages of the account, deleted contacts included, contain every id.',
  },
  {
    name: 'a page of contacts, and three of its contacts by id',
    domain: 'contacts',
    query: `query ($a: ID!, $b: ID!, $c: ID!) { contacts(first: 100) { nodes { lastName } } a: contact(id: $a) { firstName } b: contact(id: $b) { firstName tags { tagId } } c: contact(id: $c) { firstName } }`,
    variables: (account) => {
      const [a, b, c] = contactIds(account, 3);
      return { a, b, c };
    },
    floor: { getContacts: 1 },
    why: 'Contacts of the page are not read again by id.',
  },
  {
    name: 'history of a contact, with names of emails and campaigns',
    domain: 'contact reports',
    query: `query ($email: String!, $start: DateTime!, $end: DateTime!) { contactByEmail(email: $email) { firstName activityDetails(first: 100, types: [EMAIL_SENT, EMAIL_OPENED]) { nodes { createdAt campaignActivityName activity { campaign { name status } } } } openAndClickRates(start: $start, end: $end) { averageOpenRate } activitySummary(start: $start, end: $end) { sends opens } } }`,
    variables: () => ({
      email: 'cchen@example.com',
      start: '2024-01-01T00:00:00Z',
      end: '2028-12-31T00:00:00Z',
    }),
    floor: {
      getContacts: 1,
      getContactTracking: 1,
      getContactOpenClickRate: 1,
      getContactTrackingCount: 1,
      getEmailCampaignActivitySummary: 6,
      retrieveEmailCampaignsUsingGET: 1,
    },
    why: 'Three reports cost a call each. The entries name 60 activities; statistics give the campaigns of ten per call, and a page of campaigns has all names.',
  },
  {
    name: 'history of a contact by id',
    domain: 'contact reports',
    query: `query ($id: ID!) { contact(id: $id) { contactId activityDetails(first: 20) { nodes { type campaignActivityName } } } }`,
    variables: (account) => ({ id: contactIds(account, 1)[0] }),
    floor: { getContactTracking: 1 },
    why: 'The report needs only the id, so the contact is not read.',
  },
  {
    name: 'a contact with all fields and reports',
    domain: 'contact reports',
    query: `query ($id: ID!) { contact(id: $id) { firstName emailAddress { address permissionToSend } lists { name } tags { name } customFields { value field { label } } phoneNumbers { number } notes { content } activityDetails(first: 20) { nodes { type campaignActivityName } } openAndClickRates(start: "2025-01-01T00:00:00Z", end: "2026-01-01T00:00:00Z") { averageOpenRate } smsEngagementHistory { source } } }`,
    variables: (account) => ({ id: contactIds(account, 1)[0] }),
    floor: {
      getContact: 1,
      getLists: 1,
      getTags: 1,
      getCustomFields: 1,
      getContactTracking: 1,
      getContactOpenClickRate: 1,
      getSmsEngagementHistory: 1,
    },
    reference: ['getLists', 'getTags', 'getCustomFields'],
    why: 'One read has the whole contact; names are in three collections, and each report is a call.',
  },
  {
    name: 'contacts changed since a time',
    domain: 'contacts',
    query: `{ contactChanges(since: "2026-01-10T00:00:00Z", first: 500) { nodes { kinds contact { contactId } } } }`,
    floor: { getContacts: 4 },
    why: 'Created, updated, opted out and deleted are four filters, which the API combines only with AND, so each is a read.',
  },
  {
    name: '40 lists with their counts, and a list with its first members',
    domain: 'lists',
    query: `query ($id: ID!) { contactLists(first: 40) { totalCount nodes { name membershipCount } } contactList(id: $id) { name contacts(first: 20) { nodes { firstName lists { name } } } } }`,
    variables: (account) => ({ id: listIds(account)[0] }),
    floor: { getLists: 1, getContacts: 1 },
    reference: LISTS,
    why: 'One call returns all lists with counts and names; members are a read of contacts.',
  },
  {
    name: 'all members of 12 lists',
    domain: 'lists',
    query: `query (${Array.from({ length: 12 }, (_, at) => `$l${String(at)}: ID!`).join(' ')}) { ${Array.from({ length: 12 }, (_, at) => `l${String(at)}: contactList(id: $l${String(at)}) { name contacts(first: 1000) { totalCount nodes { firstName } } }`).join(' ')} }`,
    variables: (account) =>
      Object.fromEntries(smallLists(account, 12).map((id, at) => [`l${String(at)}`, id])),
    floor: { getLists: 1, getContacts: 1 },
    reference: LISTS,
    why: 'A filter takes 25 lists, their members fit on a page of 500, and each contact has its list ids.',
  },
  {
    name: 'all members of 30 lists, without other list fields',
    domain: 'lists',
    query: `query (${Array.from({ length: 30 }, (_, at) => `$l${String(at)}: ID!`).join(' ')}) { ${Array.from({ length: 30 }, (_, at) => `l${String(at)}: contactList(id: $l${String(at)}) { contacts(first: 1000) { nodes { firstName } } }`).join(' ')} }`,
    variables: (account) =>
      Object.fromEntries(smallLists(account, 30).map((id, at) => [`l${String(at)}`, id])),
    floor: { getLists: 1, getContacts: 2 },
    reference: LISTS,
    why: 'Lists have their counts. A filter takes 25 lists, so it is two reads, or the two pages of contacts that are not deleted.',
  },
  {
    name: 'contacts, their lists, and all members of those lists',
    domain: 'lists',
    query: `query ($tag: ID!) { contacts(first: 8, filter: { tagIds: [$tag] }) { nodes { firstName lists { name contacts(first: 999) { nodes { firstName tags { name } } } } } } }`,
    variables: (account) => ({ tag: [...account.tags][0]?.tag_id }),
    floor: { getContacts: 3, getLists: 1, getTags: 1 },
    reference: ['getLists', 'getTags'],
    why: 'The lists of the eight contacts have more than 500 members together, so two pages; each list is read once.',
  },
  {
    name: 'the first members of 5 lists',
    domain: 'lists',
    query: `query ($a: ID!, $b: ID!, $c: ID!, $d: ID!, $e: ID!) { ${['a', 'b', 'c', 'd', 'e'].map((key) => `${key}: contactList(id: $${key}) { contacts(first: 3) { nodes { firstName } } }`).join(' ')} }`,
    variables: (account) => {
      const [a, b, c, d, e] = listIds(account);
      return { a, b, c, d, e };
    },
    floor: { getContacts: 5 },
    why: 'The API cannot limit members per list, so each list is a read; no field of the lists is selected.',
  },
  {
    name: 'tags with counts, and the contacts of one tag',
    domain: 'tags',
    query: `query ($id: ID!) { tags(first: 60) { nodes { name contactsCount } } tag(id: $id) { name contacts(first: 10) { nodes { firstName tags { name } } } } }`,
    variables: (account) => ({ id: [...account.tags][0]?.tag_id }),
    floor: { getTags: 1, getContacts: 1 },
    reference: ['getTags'],
    why: 'One call returns all tags with counts; contacts with a tag are a read of contacts.',
  },
  {
    name: 'custom fields and one of them by id',
    domain: 'custom fields',
    query: `query ($id: ID!) { customFields(first: 10) { nodes { label type choices { label } } } customField(id: $id) { label } }`,
    variables: (account) => ({ id: [...account.customFields].at(-1)?.custom_field_id }),
    floor: { getCustomFields: 1 },
    reference: ['getCustomFields'],
    why: 'One call returns all custom fields of an account.',
  },
  {
    name: 'segments, and the criteria of two',
    domain: 'segments',
    query: `query ($a: ID!, $b: ID!) { segments(first: 12) { nodes { name } } a: segment(id: $a) { segmentCriteria } b: segment(id: $b) { name segmentCriteria } }`,
    variables: (account) => {
      const [a, b] = [...account.segments].filter((one) => one.deleted_at === null);
      return { a: a?.segment_id, b: b?.segment_id };
    },
    floor: { getAccountSegments: 1, getSegmentDetail: 2 },
    reference: ['getAccountSegments', 'getSegmentDetail'],
    why: 'The collection omits criteria, which cost one call per segment.',
  },
  {
    name: '200 campaigns with their statistics',
    domain: 'campaigns',
    query: `{ emailCampaigns(first: 200) { nodes { name status stats { sends uniqueOpens opens percents { openPercentOfDelivered } } uniqueCounts { sends clicks } } } }`,
    floor: { retrieveEmailCampaignsUsingGET: 1, getEmailSummary: 2 },
    why: 'A page of campaigns, and statistics of those that are not drafts, 150 per call; statistics include unique counts.',
  },
  {
    name: '200 campaigns with statistics that summaries include',
    domain: 'campaigns',
    query: `{ emailCampaigns(first: 200) { nodes { name stats { sends uniqueOpens bounces } } } }`,
    floor: { retrieveEmailCampaignsUsingGET: 1, getAllBulkEmailCampaignSummaries: 1 },
    why: 'Summaries have these figures for 500 campaigns per call, statistics for 150.',
  },
  {
    name: 'newsletter performance',
    domain: 'campaign reports',
    query: `{ emailCampaignSummaries(first: 10) { nodes { lastSentAt uniqueCounts { opens abuse } campaign { name uniqueCounts { clicks abuse } stats { uniqueOpens percents { clickPercentOfOpeners } lastRefreshTime } } } pagePercents { openPercentOfDelivered } } }`,
    floor: {
      getAllBulkEmailCampaignSummaries: 1,
      retrieveEmailCampaignsUsingGET: 1,
      getEmailSummary: 1,
    },
    why: 'Summaries have no names and no percentages per campaign; a page of campaigns and one call of statistics have them for all ten.',
  },
  {
    name: 'non-openers of the last three campaigns, with their lists',
    domain: 'campaign reports',
    query: `{ emailCampaignSummaries(first: 3) { nodes { campaign { name primaryActivity { subject recipients { lists { name } } didNotOpens(first: 100) { nodes { contact { firstName emailAddress { address } tags { name } } } } } } } } }`,
    floor: {
      getAllBulkEmailCampaignSummaries: 1,
      retrieveEmailCampaignUsingGET: 3,
      retrieveEmailCampaignActivityUsingGET: 3,
      getDidNotOpens: 3,
      getLists: 1,
      getTags: 1,
      getContacts: 3,
    },
    reference: ['getLists', 'getTags'],
    why: 'Only a single campaign names its activities; an activity and a report cost a call each; contacts have the tag ids, and up to 300 contacts are on the 3 pages of the account.',
  },
  {
    name: 'non-openers by name and address',
    domain: 'campaign reports',
    query: `{ emailCampaignSummaries(first: 3) { nodes { campaign { primaryActivity { didNotOpens(first: 100) { nodes { contact { contactId firstName lastName emailAddress { address } } } } } } } } }`,
    floor: { getAllBulkEmailCampaignSummaries: 1, retrieveEmailCampaignUsingGET: 3, getDidNotOpens: 3 },
    why: 'Rows of a report include names and addresses; only a single campaign names its activity.',
  },
  {
    name: 'an email: statistics, links, clicks and its campaign',
    domain: 'campaign reports',
    query: `query ($id: ID!) { emailCampaignActivity(id: $id) { stats { sends abuse bouncesByReason { suspended } } links { url uniqueClicks } clicks(first: 50) { nodes { createdAt link { url uniqueClicks } contact { firstName } } } campaign { name } } }`,
    variables: (account) => ({ id: activityIds(account)[0] }),
    floor: {
      getEmailCampaignActivitySummary: 1,
      getCampaignActivityLinkStats: 1,
      getClicks: 1,
      retrieveEmailCampaignUsingGET: 1,
    },
    why: 'Three reports and the campaign, which the statistics name; no field of the activity itself is selected.',
  },
  {
    name: 'links of an email with clicks per contact, and bounces',
    domain: 'campaign reports',
    query: `query ($id: ID!) { emailCampaignActivity(id: $id) { links(includeUnclicked: true) { url clicks(first: 100) { nodes { contact { firstName } } } } clicked: links { url uniqueClicks } gone: bounces(bounceCodes: [NONEXISTENT]) { nodes { emailAddress } } full: bounces(bounceCodes: [MAILBOX_FULL]) { nodes { emailAddress } } } }`,
    variables: (account) => ({ id: activityIds(account)[0] }),
    floor: { getCampaignActivityLinkStats: 1, getClicks: 1, getBounces: 1 },
    why: 'Links with unclicked ones include those without; one page has the clicks on all links, another one all bounces.',
  },
  {
    name: 'a campaign with all its reports',
    domain: 'campaign reports',
    query: `query ($id: ID!) { emailCampaign(id: $id) { name stats { opens percents { openPercentOfDelivered } } uniqueCounts { clicks } activities { role status recipients { lists { name } } stats { abuse } links { url } opens(first: 50) { nodes { device contact { firstName emailAddress { address } } } } } } }`,
    variables: (account) => {
      const [id = ''] = activityIds(account);
      return { id: account.campaignActivities.get(id)?.campaign_id };
    },
    floor: {
      retrieveEmailCampaignUsingGET: 1,
      retrieveEmailCampaignActivityUsingGET: 2,
      getEmailSummary: 1,
      getEmailCampaignActivitySummary: 1,
      getCampaignActivityLinkStats: 1,
      getOpens: 1,
      getLists: 1,
    },
    reference: LISTS,
    why: 'Email and web page are read for their state; statistics include unique counts; the web page has no reports, and rows include names.',
  },
  {
    name: 'campaign names, and one campaign in detail',
    domain: 'campaigns',
    query: `query ($id: ID!) { emailCampaign(id: $id) { name primaryActivity { subject } } emailCampaignSummaries(first: 50) { nodes { campaign { name status } } } }`,
    variables: (account) => {
      const [id = ''] = activityIds(account);
      return { id: account.campaignActivities.get(id)?.campaign_id };
    },
    floor: {
      retrieveEmailCampaignUsingGET: 1,
      retrieveEmailCampaignActivityUsingGET: 1,
      getAllBulkEmailCampaignSummaries: 1,
      retrieveEmailCampaignsUsingGET: 1,
    },
    why: 'Only a single campaign names its activity; the names of the other 49 are on one page.',
  },
  {
    name: '25 campaigns with the statistics of their emails',
    domain: 'campaign reports',
    query: `{ emailCampaigns(first: 25) { nodes { name primaryActivity { campaignActivityId stats { sends } schedules { scheduledAt } abTest { testSize } } } } }`,
    floor: {
      retrieveEmailCampaignsUsingGET: 1,
      retrieveEmailCampaignUsingGET: 25,
      getEmailCampaignActivitySummary: 2,
      retrieveEmailSchedulesUsingGET: 8,
      retrieveEmailCampaignABTestUsingGET: 2,
    },
    why: 'Only a single campaign names its activity, so a call each; statistics take ten sent activities per call; only scheduled emails have schedules, and only tests have a test.',
  },
  {
    name: 'an email with schedule, history, preview and resends',
    domain: 'scheduling',
    query: `query ($id: ID!) { emailCampaignActivity(id: $id) { status subject htmlContent permalinkUrl sender { email } recipients { lists { name } segment { name } } schedules { scheduledAt } sendHistory { count } preview { subject } nonOpenerResends { subject } } }`,
    variables: (account) => ({ id: activityIds(account)[0] }),
    floor: {
      retrieveEmailCampaignActivityUsingGET: 1,
      retrieveEmailSendHistoryUsingGET: 1,
      retrieveEmailCampaignActivityPreviewUsingGET: 1,
      retrieveResendToNonOpenersUsingGET: 1,
      getLists: 1,
    },
    reference: LISTS,
    why: 'HTML and permalink are included in the read; history, preview and resends cost a call each; a sent email has no schedule, and went to lists or segments, not to both.',
  },
  {
    name: 'landing page: opens, clicks and sign-ups',
    domain: 'landing pages',
    query: `query ($id: ID!) { landingPageReport(campaignActivityId: $id) { uniqueOpens(first: 50) { nodes { contact { firstName emailAddress { address } } } } uniqueClicks(first: 50) { nodes { createdAt } } uniqueAdds(first: 50) { nodes { createdAt } } } }`,
    variables: (account) => ({ id: [...account.landingPages][0]?.campaign_activity_id }),
    floor: { getUniqueContactOpens: 1, getUniqueContactClicks: 1, getContactAdds: 1 },
    why: 'Each report is a call, and its rows include names.',
  },
  {
    name: 'text messages of a period',
    domain: 'SMS',
    query: `{ smsCampaignSummaries(startAt: "2020-01-01T00:00:00Z", first: 50) { nodes { name uniqueCounts { sends clicks } } pagePercents { clickPercentOfDelivered } } }`,
    floor: { getAllBulkSmsCampaignSummaries: 1 },
    why: 'One call returns 50 summaries with the percentages over them.',
  },
  {
    name: 'three events with counts',
    domain: 'events',
    query: `query ($a: ID!, $b: ID!, $c: ID!) { a: event(id: $a) { ...E } b: event(id: $b) { ...E } c: event(id: $c) { ...E } } fragment E on Event { name startsAt location { city } registrationSummary { registrations } }`,
    variables: (account) => {
      const [a, b, c] = eventIds(account);
      return { a, b, c };
    },
    floor: { findEvents: 1 },
    reference: ['findEvents'],
    why: 'Only the collection has counts, with the rest, for 100 events per call.',
  },
  {
    name: 'eight events by id, one with more',
    domain: 'events',
    query: `query ($ids: [ID!]!, $id: ID!) { nodes(ids: $ids) { ... on Event { name startsAt status } } event(id: $id) { timeZone registrationSummary { registrations } } }`,
    variables: (account) => {
      const ids = eventIds(account);
      return { ids: ids.slice(0, 8).map((id) => encodeGlobalId('Event', id)), id: ids[0] };
    },
    floor: { findEvents: 1, getEvent_2: 1 },
    reference: ['findEvents'],
    why: 'The collection has names, times and counts of all 30; the rest is in the single event.',
  },
  {
    name: 'registrations of an event with their contacts and tickets',
    domain: 'events',
    query: `query ($id: ID!) { event(id: $id) { name currency track { trackId } registrations(first: 5) { totalCount nodes { status contact { firstName lists { name } } tickets { ticketKey: __typename } event { name } } } } }`,
    variables: (account) => ({ id: eventIds(account)[0] }),
    floor: {
      getEvent_2: 1,
      findRegistrationsUsingGET: 1,
      getRegistrationInfo: 5,
      getContacts: 2,
      getLists: 1,
    },
    reference: LISTS,
    why: 'The path of registrations needs the track, which only the single event has; only the detail of a registration names its contact and tickets; the 5 contacts are on the first two of the 3 pages of the account.',
  },
  {
    name: 'ten events with registrations',
    domain: 'events',
    query: `{ events(first: 10) { totalCount nodes { name registrationSummary { registrations } registrations(first: 20) { nodes { lastName } } } } }`,
    floor: { findEvents: 1, getEvent_2: 10, findRegistrationsUsingGET: 10 },
    why: 'The collection omits the track, which the path of registrations needs, so it is two calls per event.',
  },
  {
    name: 'social profiles, connections and hashtags',
    domain: 'social',
    query: `{ socialProfiles { name connection { status { hasToken } } } socialConnections { status { hasToken } profiles { name } } socialHashtagGroups(first: 5) { nodes { name } } }`,
    floor: {
      getSocialProfilesUsingGET: 1,
      getSocialConnectionsUsingGET: 1,
      getSocialHashtagGroupsUsingGET: 1,
    },
    reference: ['getSocialProfilesUsingGET', 'getSocialConnectionsUsingGET'],
    why: 'Profiles and connections are returned whole and matched here; a page has 5 groups.',
  },
  {
    name: 'automations, one of them with its trigger',
    domain: 'automations',
    query: `query ($id: ID!) { automations(first: 12) { nodes { name createdAt } } automation(id: $id) { name createdAt activeDefinition { trigger { lists { name } segment { name } } } } }`,
    variables: (account) => ({ id: [...account.automations][0]?.id }),
    floor: { listAutomations: 1, retrieveAutomationCampaignUsingGet: 1, getLists: 1 },
    reference: ['listAutomations', 'getLists'],
    why: 'The collection has dates, a read by id has the definition, and the lists that it names are a collection.',
  },
  {
    name: 'five automations by id',
    domain: 'automations',
    query: `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Automation { name status createdAt } } }`,
    variables: (account) => ({
      ids: [...account.automations].slice(0, 5).map(({ id }) => encodeGlobalId('Automation', id)),
    }),
    floor: { listAutomations: 1 },
    reference: ['listAutomations'],
    why: 'The collection is returned whole, with everything but the definitions.',
  },
  {
    name: 'two webhooks of a partner',
    domain: 'partner',
    query: `{ a: partnerWebhookSubscription(topic: TIER_UPGRADE) { hookUri } b: partnerWebhookSubscription(topic: ACCOUNT_CANCELLED) { hookUri } }`,
    floor: { getWebhooksCollection: 1 },
    why: 'One call returns all subscriptions.',
  },
  {
    name: 'client accounts with their plans',
    domain: 'partner',
    query: `{ partnerAccounts(first: 12) { nodes { encodedAccountId plan { planType: __typename } } } }`,
    floor: { getPartnerSiteOwners: 1, getPlan: 12 },
    reference: ['getPartnerSiteOwners'],
    why: 'A page has up to 50 accounts, and the plan of each is a call.',
  },
  {
    name: 'bulk activities, three of them by id',
    domain: 'bulk',
    query: `query ($a: ID!, $b: ID!, $c: ID!) { bulkActivities(first: 20) { nodes { state } } a: bulkActivity(id: $a) { state } b: bulkActivity(id: $b) { state } c: bulkActivity(id: $c) { state } }`,
    variables: (account) => {
      const [a, b, c] = account.jobs.list(CLOCK.now()).map((job) => job.activity_id);
      return { a, b, c };
    },
    floor: { getActivityStatusCollection: 1 },
    why: 'One call has the state of every activity of the last ten days.',
  },
  {
    name: 'the account with its address, senders and privileges',
    domain: 'account',
    query: `{ account { organizationName timeZoneId website } accountPhysicalAddress { city } accountEmails { emailAddress confirmStatus } userPrivileges { name: __typename } rateLimit { requestsPerSecond } }`,
    floor: { getAccountById: 1, retrieveEmailAddresses: 1, getUserPrivileges: 1 },
    reference: ['getAccountById', 'retrieveEmailAddresses', 'getUserPrivileges'],
    why: 'Three endpoints; the summary includes the address, and the limits are known here.',
  },
  {
    name: 'members of a segment with their lists',
    domain: 'segments',
    query: `query ($id: ID!) { segment(id: $id) { contacts(first: 100) { nodes { firstName lists { name } } } } }`,
    variables: (account) => ({
      id: [...account.segments].find((one) => one.name === 'Donors and Members')?.segment_id,
    }),
    floor: { getContacts: 4, getLists: 1 },
    warmFloor: { getContacts: 3 },
    why: 'The first response is "not computed yet", the second is not; a segment has no includes, so its hundred contacts are read from the first two of the 3 pages of the account.',
  },
  {
    name: 'update one field of a contact, and read its lists',
    domain: 'writing',
    query: `mutation ($id: ID!) { updateContact(input: { id: $id, jobTitle: "Gardener" }) { contact { jobTitle lastName lists { name } } userErrors { message } } }`,
    variables: (account) => ({ id: contactIds(account, 1)[0] }),
    floor: { getContact: 1, putContact: 1, getLists: 1 },
    why: 'The PUT clears omitted fields and revives deleted contacts, so the contact is read first; the read includes its lists.',
  },
  {
    name: 'create a contact unless it exists',
    domain: 'writing',
    query: `mutation { upsertContact(input: { emailAddress: { address: "robin.meadows@example.com" }, firstName: "Robin" }) { action contact { contactId } userErrors { message } } }`,
    floor: { getContacts: 1, createContact: 1 },
    why: 'Only a read shows whether the address is in use, and the one call that does both sets a consent that nobody gave.',
  },
  {
    name: 'create a list',
    domain: 'writing',
    query: `mutation { createContactList(input: { name: "Reading Room" }) { contactList { listId name } userErrors { message } } }`,
    floor: { createList: 1 },
    why: 'The response of the write has the list.',
  },
  {
    name: 'add 200 contacts to two lists',
    domain: 'writing',
    query: `mutation ($contacts: [ID!]!, $lists: [ID!]!) { addListMemberships(input: { source: { contactIds: $contacts }, listIds: $lists }) { bulkActivity { activityId state } userErrors { message } } }`,
    variables: (account) => ({ contacts: contactIds(account, 200), lists: listIds(account).slice(0, 2) }),
    floor: { postListAddContact: 1 },
    why: 'A bulk activity takes up to 500 contacts and 50 lists.',
  },
  {
    name: 'build, test and schedule a campaign',
    domain: 'writing',
    query: `mutation ($list: ID!) { sendEmailCampaign(input: { name: "Reading room reopens", subject: "Open again", sender: { name: "Harborlight Books", email: "news@harborlight.example" }, htmlContent: "<html><body>[[trackingImage]]<p>Come in.</p></body></html>", recipients: { listIds: [$list] }, testAddresses: ["proof@harborlight.example"], when: { at: "2031-05-06T08:00:00Z" } }) { completedSteps activity { campaignActivityId } userErrors { message } } }`,
    variables: (account) => ({ list: listIds(account)[0] }),
    floor: {
      retrieveEmailAddresses: 1,
      getPhysicalAddress: 1,
      getLists: 1,
      createEmailCampaignUsingPOST: 1,
      updateEmailCampaignActivityUsingPUT: 1,
      testSendCampaignActivityUsingPOST: 1,
      scheduleEmailCampaignActivityUsingPOST: 1,
    },
    why: 'Four writes, because a campaign cannot be created with recipients; senders, address and lists are checked first, because a campaign that fails halfway stays.',
  },
  {
    name: 'check in all tickets of a registration',
    domain: 'writing',
    query: `mutation ($event: ID!, $keys: [String!]!) { checkInTickets(input: { eventId: $event, ticketKeys: $keys }) { userErrors { message } } }`,
    variables: (account) => {
      const [event = ''] = eventIds(account);
      const [registration] = account.registrations.where('event', event);
      return { event, keys: registration?.tickets.map((ticket) => ticket.order_ticket_key) };
    },
    floor: { checkInTickets: 1 },
    why: 'One call takes up to 500 tickets of an event.',
  },
];

function contactIds(account: Account, count: number): string[] {
  return [...account.contacts]
    .filter((one) => one.deleted_at === null)
    .slice(0, count)
    .map((one) => one.contact_id);
}

/** Contacts at equal distances, so that they are on different pages. */
function spread(account: Account, count: number): string[] {
  const all = [...account.contacts].map((one) => one.contact_id);
  return Array.from(
    { length: count },
    (_, at) => all[Math.floor((at * (all.length - 1)) / (count - 1))] ?? '',
  );
}

function listIds(account: Account): string[] {
  return [...account.lists]
    .filter((one) => one.deleted_at === null && one.channel === 'email')
    .map((one) => one.list_id);
}

function smallLists(account: Account, count: number): string[] {
  return listIds(account)
    .map((id) => ({
      id,
      size: [...account.contacts].filter((one) => one.list_memberships.includes(id)).length,
    }))
    .filter(({ size }) => size > 0)
    .sort((a, b) => a.size - b.size)
    .slice(0, count)
    .map(({ id }) => id);
}

function activityIds(account: Account): string[] {
  return [...account.campaignActivities]
    .filter((one) => one.role === 'primary_email' && one.status === 'DONE' && one.contact_list_ids.length > 0)
    .map((one) => one.campaign_activity_id);
}

function eventIds(account: Account): string[] {
  return [...account.events]
    .filter((one) => account.registrations.where('event', one.event_id).length > 5)
    .map((one) => one.event_id);
}
