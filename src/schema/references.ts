import { abTests } from '../loaders/ab-test.js';
import { account, accountEmails } from '../loaders/account.js';
import { automations } from '../loaders/automation.js';
import { bulkActivities } from '../loaders/bulk-activity.js';
import { contactLists } from '../loaders/contact-list.js';
import { contacts } from '../loaders/contact.js';
import type { LoaderCost } from '../loaders/cost.js';
import { customFields } from '../loaders/custom-field.js';
import { emailCampaignActivities } from '../loaders/email-campaign-activity.js';
import { emailCampaigns } from '../loaders/email-campaign.js';
import { activityStats } from '../loaders/email-report.js';
import { registrationDetails } from '../loaders/event-registration.js';
import { events } from '../loaders/event.js';
import { nonOpenerResends } from '../loaders/non-opener-resend.js';
import { partnerAccounts } from '../loaders/partner.js';
import { partnerWebhooks } from '../loaders/partner-webhook.js';
import { segments } from '../loaders/segment.js';
import { socialProfiles } from '../loaders/social.js';
import { tags } from '../loaders/tag.js';
import { ACTIVITY_FIELDS, BODY_FIELDS } from '../resolvers/email-campaign.js';
import { CAMPAIGN_FIELDS, LACKING_FIELDS } from '../resolvers/email-campaign-activity.js';
import type { NodeType } from '../resolvers/support/global-id.js';
import { costByIds } from './cost-by-ids.js';
import { cost, type Asked, type Cost } from './cost.js';

const READ_FIELDS = LACKING_FIELDS.filter((field) => !CAMPAIGN_FIELDS.includes(field));

/**
 * Cost of a campaign that another object references by its id. With activities it is read separately, which
 * those fields count.
 */
export function campaignReference(noneWhen?: string) {
  return cost.explored(emailCampaigns, {
    unless: ['id', 'campaignId'],
    due: (_n, asked) => asked.has(BODY_FIELDS) && !asked.has(ACTIVITY_FIELDS),
    ...(noneWhen && { noneWhen }),
  });
}

/**
 * Cost of an activity that another object references by its id. It is read only for fields that have no call
 * of their own.
 */
export function activityReference() {
  return cost.one(emailCampaignActivities, {
    unless: ['id', 'campaignActivityId'],
    due: (_n, asked) => asked.has(LACKING_FIELDS),
    batched: { by: activityStats, when: (asked: Asked) => !asked.has(READ_FIELDS) },
  });
}

/**
 * Contacts of an account receive the same emails: this share of the emails of each further contact is new.
 */
const OTHER_EMAILS = 1 / 3;
/** Emails of a campaign that contacts receive: the email itself, and its resend. */
const EMAILS_OF_CAMPAIGN = 2;

/** Cost of the activities that contact histories reference. */
export function activitiesOfContacts() {
  const different = (n: number, { perList, sizes }: Asked) => {
    const sent = EMAILS_OF_CAMPAIGN * sizes.rowsOf(emailCampaigns.cost);
    return sizes.lengthOf({
      usual: Math.min(perList + Math.ceil((n - perList) * OTHER_EMAILS), sent),
      most: n,
    });
  };
  return cost.fewer(different, activityReference());
}

/** Another spelling of an address that is looked up as well: it is read by itself if no contact has the first. */
export const OTHER_SPELLING = 'another spelling';

/** Loaders by id. Client accounts are left out: one or many, they take a scan. */
const BY_ID: Readonly<Record<Exclude<NodeType, 'PartnerAccount'> | typeof OTHER_SPELLING, LoaderCost>> = {
  [OTHER_SPELLING]: { costClass: 'ONE', rows: contacts.cost.rows },
  AbTest: abTests.cost,
  Account: account.cost,
  AccountEmail: accountEmails.cost,
  Automation: automations.cost,
  BulkActivity: bulkActivities.cost,
  Contact: contacts.cost,
  ContactList: contactLists.cost,
  CustomField: customFields.cost,
  EmailCampaign: emailCampaigns.cost,
  EmailCampaignActivity: emailCampaignActivities.cost,
  Event: events.cost,
  EventRegistration: registrationDetails.cost,
  NonOpenerResend: nonOpenerResends.cost,
  PartnerWebhookSubscription: partnerWebhooks.cost,
  Segment: segments.cost,
  SocialProfile: socialProfiles.cost,
  Tag: tags.cost,
};

/** Fields for which an object of an ID in the query is read; its reports have calls of their own. */
export const READ_FOR: Readonly<Partial<Record<NodeType, readonly string[]>>> = {
  EmailCampaign: [...BODY_FIELDS, ...ACTIVITY_FIELDS],
  EmailCampaignActivity: LACKING_FIELDS,
};

/** Cost of objects of any type by their ids. Parameters: see `costByIds`. */
export function objectsByIds(
  typesOf: (args: Asked['args']) => readonly string[],
  options?: Parameters<typeof costByIds>[2],
): Cost {
  return cost.all(
    costByIds(typesOf, BY_ID, options),
    cost.scan(partnerAccounts, {
      due: (_n, { args }) => typesOf(args).includes('PartnerAccount'),
      when: 'an ID belongs to a client account',
    }),
  );
}
