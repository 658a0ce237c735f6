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
import type { Wants } from './wants.js';

/** What loaders are made with, and those of one request that have been made. */
class LoaderSet {
  readonly made: Record<string, { clear(): void }> = {};

  constructor(
    readonly api: Api,
    readonly wants: Wants,
  ) {}
}

type Made<Makers extends Record<string, (from: never) => object>> = {
  readonly [Name in keyof Makers]: ReturnType<Makers[Name]>;
};

/** What others are made with. */
const BASIC = {
  contactList: ({ api, wants }: LoaderSet) => contactListLoaders(api, wants),
  emailReport: ({ api, wants }: LoaderSet) => emailReportLoaders(api, wants),
  tag: ({ api, wants }: LoaderSet) => tagLoaders(api, wants),
};

const OF_REPORTS = {
  campaignSummary: ({ api, wants, emailReport }: LoaderSet & Made<typeof BASIC>) =>
    campaignSummaryLoaders(api, wants, emailReport),
  emailCampaignActivity: ({ api, wants, emailReport }: LoaderSet & Made<typeof BASIC>) =>
    emailCampaignActivityLoaders(api, wants, emailReport),
};

const OTHERS = {
  abTest: ({ api }: LoaderSet) => abTestLoaders(api),
  account: ({ api, wants }: LoaderSet) => accountLoaders(api, wants),
  accountEmail: ({ api }: LoaderSet) => accountEmailLoaders(api),
  automation: ({ api }: LoaderSet) => automationLoaders(api),
  bulkActivity: ({ api }: LoaderSet) => bulkActivityLoaders(api),
  contact: (from: LoaderSet & Made<typeof BASIC> & Made<typeof OF_REPORTS>) =>
    contactLoaders(from.api, from.wants, {
      counts: { lists: () => from.contactList.counts(), tags: () => from.tag.counts() },
      listsOfMail: async (id) => (await from.emailCampaignActivity.load(id))?.contact_list_ids ?? [],
    }),
  contactReport: ({ api }: LoaderSet) => contactReportLoaders(api),
  contactExport: ({ api }: LoaderSet) => contactExportLoaders(api),
  customField: ({ api, wants }: LoaderSet) => customFieldLoaders(api, wants),
  emailCampaign: ({ api, wants }: LoaderSet) => emailCampaignLoaders(api, wants),
  emailSchedule: ({ api }: LoaderSet) => emailScheduleLoaders(api),
  nonOpenerResend: ({ api }: LoaderSet) => nonOpenerResendLoaders(api),
  event: ({ api, wants }: LoaderSet) => eventLoaders(api, wants),
  eventRegistration: ({ api }: LoaderSet) => eventRegistrationLoaders(api),
  partner: ({ api }: LoaderSet) => partnerLoaders(api),
  partnerWebhook: ({ api }: LoaderSet) => partnerWebhookLoaders(api),
  segment: ({ api, wants }: LoaderSet) => segmentLoaders(api, wants),
  social: ({ api, wants }: LoaderSet) => socialLoaders(api, wants),
};

/** The loaders of one request, one entry an entity. They share nothing with other requests but the client's caches. */
export type Loaders = LoaderSet & Made<typeof BASIC> & Made<typeof OF_REPORTS> & Made<typeof OTHERS>;

// Each is made when it is used for the first time, and each request makes but one object before that.
for (const [name, make] of Object.entries({ ...BASIC, ...OF_REPORTS, ...OTHERS })) {
  Object.defineProperty(LoaderSet.prototype, name, {
    get(this: Loaders) {
      return (this.made[name] ??= make(this));
    },
  });
}

export function createLoaders(api: Api, wants: Wants): Loaders {
  return new LoaderSet(api, wants) as Loaders;
}

/** Forgets all that was read: after a write nothing that was read before it may answer. */
export function clearLoaders({ api, made }: Loaders): void {
  clearPages(api);
  // What was not made has read nothing.
  for (const loader of Object.values(made)) loader.clear();
}
