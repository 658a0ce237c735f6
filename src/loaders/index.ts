import type { Api } from '../constant-contact/api.js';
import { abTestLoaders } from './ab-test.js';
import { accountEmailLoaders, accountLoaders } from './account.js';
import { automationLoaders } from './automation.js';
import { bulkActivityLoaders } from './bulk-activity.js';
import { campaignSummaryLoaders } from './campaign-summary.js';
import { contactLoaders } from './contact.js';
import { contactExportLoaders } from './contact-export.js';
import { contactListLoaders } from './contact-list.js';
import { contactReportLoaders } from './contact-report.js';
import { customFieldLoaders } from './custom-field.js';
import { emailCampaignLoaders } from './email-campaign.js';
import { emailCampaignActivityLoaders } from './email-campaign-activity.js';
import { emailScheduleLoaders } from './email-schedule.js';
import { clearPages } from './makers/pages.js';
import { nonOpenerResendLoaders } from './non-opener-resend.js';
import { emailReportLoaders } from './email-report.js';
import { eventLoaders } from './event.js';
import { eventRegistrationLoaders } from './event-registration.js';
import { partnerLoaders } from './partner.js';
import { partnerWebhookLoaders } from './partner-webhook.js';
import { segmentLoaders } from './segment.js';
import { socialLoaders } from './social.js';
import { tagLoaders } from './tag.js';

/** Whether the operation selects any of these fields of that GraphQL type; `links(includeUnclicked)` is a field with an argument. */
export type Wants = (type: string, ...fields: readonly string[]) => boolean;

/**
 * The loaders of one request, one entry an entity, each made when it is used for the first time. They share nothing with
 * other requests but the client's caches.
 */
export function createLoaders(api: Api, wants: Wants) {
  const reports = lazily({ emailReport: () => emailReportLoaders(api, wants) });
  /** What others are made with. */
  const own = lazily({
    contactList: () => contactListLoaders(api, wants),
    emailCampaignActivity: () => emailCampaignActivityLoaders(api, wants, reports.emailReport),
    tag: () => tagLoaders(api, wants),
  });
  const listsOfMail = async (id: string) =>
    (await own.emailCampaignActivity.load(id))?.contact_list_ids ?? [];
  const counts = { lists: () => own.contactList.counts(), tags: () => own.tag.counts() };
  return lazily({
    abTest: () => abTestLoaders(api),
    account: () => accountLoaders(api, wants),
    accountEmail: () => accountEmailLoaders(api),
    automation: () => automationLoaders(api),
    bulkActivity: () => bulkActivityLoaders(api),
    campaignSummary: () => campaignSummaryLoaders(api, wants, reports.emailReport),
    contact: () => contactLoaders(api, wants, { counts, listsOfMail }),
    contactReport: () => contactReportLoaders(api),
    contactExport: () => contactExportLoaders(api),
    contactList: () => own.contactList,
    customField: () => customFieldLoaders(api, wants),
    emailCampaign: () => emailCampaignLoaders(api, wants),
    emailCampaignActivity: () => own.emailCampaignActivity,
    emailSchedule: () => emailScheduleLoaders(api),
    emailReport: () => reports.emailReport,
    nonOpenerResend: () => nonOpenerResendLoaders(api),
    event: () => eventLoaders(api, wants),
    eventRegistration: () => eventRegistrationLoaders(api),
    partner: () => partnerLoaders(api),
    partnerWebhook: () => partnerWebhookLoaders(api),
    segment: () => segmentLoaders(api, wants),
    social: () => socialLoaders(api, wants),
    tag: () => own.tag,
    pages: () => ({
      clear: () => {
        clearPages(api);
      },
    }),
  });
}

/** An object of what these functions make, each called once, when its property is read for the first time. */
function lazily<Makers extends Record<string, () => object>>(
  makers: Makers,
): { readonly [Name in keyof Makers]: ReturnType<Makers[Name]> } {
  const made: Partial<Record<string | symbol, object>> = {};
  return new Proxy(made, {
    get: (known, name) => (known[name] ??= makers[name as string]?.()),
  }) as { readonly [Name in keyof Makers]: ReturnType<Makers[Name]> };
}

export type Loaders = ReturnType<typeof createLoaders>;

/** Forgets all that was read: after a write nothing that was read before it may answer. */
export function clearLoaders(loaders: Loaders): void {
  // What was not made has read nothing; but these are also read by way of others.
  const { pages, emailReport, contactList, emailCampaignActivity, tag } = loaders;
  const shared = [pages, emailReport, contactList, emailCampaignActivity, tag];
  for (const loader of [...shared, ...Object.values(loaders)]) loader.clear();
}
