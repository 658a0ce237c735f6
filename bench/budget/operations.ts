import type { Task } from './plan.js';

export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Records that tasks refer to. */
export interface Known {
  readonly contactIds: readonly string[];
  readonly listId: string;
  readonly sender: string;
  /** The most recently sent campaign. */
  campaignId: string | null;
  /** Time of the last CRM synchronisation, in milliseconds since the epoch. */
  syncedAt: number;
}

// The queries of the screens of examples/dashboard.

const OVERVIEW = `query Overview {
  emailCampaignSummaries(first: 500) {
    nodes { campaignId lastSentAt campaign { campaignId name } uniqueCounts { sends opens clicks bounces optouts } }
    pageInfo { hasNextPage endCursor }
  }
  contactLists(first: 1000) { nodes { listId name membershipCount } }
  tags(first: 500) { nodes { tagId name contactsCount } }
}`;

const CONTACTS = `query Contacts {
  contacts(first: 100) {
    totalCount
    nodes { contactId firstName lastName companyName emailAddress { address permissionToSend } lists { listId } tags { tagId } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const CONTACT = `query Contact($id: ID!, $start: DateTime!, $end: DateTime!) {
  contact(id: $id) {
    contactId firstName lastName jobTitle companyName updatedAt
    emailAddress { address permissionToSend }
    lists { listId } tags { tagId } customFields { customFieldId value choiceIds }
    openAndClickRates(start: $start, end: $end) { includedActivitiesCount averageOpenRate averageClickRate }
    activityDetails(first: 100) { nodes { type createdAt campaignActivityName } }
  }
  customFields(first: 100) { nodes { customFieldId label type choices { choiceId label } } }
}`;

const EDIT = `mutation UpdateContact($input: UpdateContactInput!) {
  result: updateContact(input: $input) { contact { contactId jobTitle } userErrors { message } }
}`;

const SYNC = `query Changes($since: DateTime!) {
  contactChanges(since: $since, first: 500) { nodes { __typename } until pageInfo { hasNextPage } }
}`;

const UPSERT = `mutation Upsert($input: UpsertContactInput!) {
  result: upsertContact(input: $input) { contact { contactId } userErrors { message } }
}`;

const SEND = `mutation Send($input: SendEmailCampaignInput!) {
  result: sendEmailCampaign(input: $input) { emailCampaign { campaignId status } userErrors { message } }
}`;

const FOLLOW = `subscription Follow($id: ID!) { emailCampaignStatus(id: $id) { status } }`;

const REPORT = `query Campaign($id: ID!) {
  emailCampaign(id: $id) {
    campaignId name
    stats { sends bounces uniqueOpens uniqueClicks optouts lastRefreshTime opensByDevice { computer mobile tablet other } }
    primaryActivity { campaignActivityId links { urlId url uniqueClicks } }
  }
}`;

const DAY_MS = 86_400_000;
const MONTH_MS = 30 * DAY_MS;
const iso = (ms: number) => new Date(ms).toISOString();

/** The operations of a task, in order. */
export function operationsOf({ kind, draw }: Task, known: Known, now: number): Operation[] {
  const contactId = known.contactIds[Math.floor(draw * known.contactIds.length)];
  switch (kind) {
    case 'overview':
      return [{ query: OVERVIEW }];
    case 'contacts':
      return [{ query: CONTACTS }];
    case 'contact': {
      // The end of the day, as a page that shows a month asks for it.
      const end = Math.floor(now / DAY_MS) * DAY_MS;
      return [{ query: CONTACT, variables: { id: contactId, start: iso(end - MONTH_MS), end: iso(end) } }];
    }
    case 'edit':
      return [
        {
          query: EDIT,
          variables: { input: { id: contactId, jobTitle: `Reader ${String(Math.floor(draw * 1e6))}` } },
        },
      ];
    case 'sync': {
      const since = iso(known.syncedAt);
      known.syncedAt = now;
      const emails = [0, 1].map((n) => `lead-${String(Math.floor(draw * 1e9) + n)}@crm.example`);
      return [
        { query: SYNC, variables: { since } },
        ...emails.map((address) => ({
          query: UPSERT,
          variables: { input: { emailAddress: { address }, addListIds: [known.listId] } },
        })),
      ];
    }
    case 'send':
      return [
        {
          query: SEND,
          variables: {
            input: {
              name: `News ${iso(now)}`,
              subject: 'News',
              sender: { name: 'Harborlight Books', email: known.sender },
              htmlContent: '<html><body>[[trackingImage]]<p>News</p></body></html>',
              recipients: { listIds: [known.listId] },
              when: { at: iso(now + 60_000) },
            },
          },
        },
      ];
    case 'follow':
      return known.campaignId === null ? [] : [{ query: FOLLOW, variables: { id: known.campaignId } }];
    case 'report':
      return known.campaignId === null ? [] : [{ query: REPORT, variables: { id: known.campaignId } }];
    default:
      return kind satisfies never;
  }
}
