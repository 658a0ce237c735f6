import type { Api } from '../constant-contact/api.js';
import { abTests } from './ab-test.js';
import { account, accountEmails } from './account.js';
import { automationDetails, automations } from './automation.js';
import { bulkActivities } from './bulk-activity.js';
import { campaignSummaries, lastSent, uniqueCounts } from './campaign-summary.js';
import { contactChanges } from './contact-change.js';
import { contactExports } from './contact-export.js';
import { contactLists } from './contact-list.js';
import { contactMembers } from './contact-members.js';
import {
  contactActivity,
  contactActivitySummaries,
  contactRates,
  contactSmsHistory,
} from './contact-report.js';
import { contactCounts, contacts } from './contact.js';
import { customFields } from './custom-field.js';
import { campaignIds, emailCampaignActivities } from './email-campaign-activity.js';
import { emailCampaignDetails, emailCampaigns } from './email-campaign.js';
import { activityStats, campaignStats, emailLinks } from './email-report.js';
import { emailPreviews, emailSchedules, emailSendHistory } from './email-schedule.js';
import { trackingReports } from './email-tracking.js';
import {
  eventRegistrations,
  registrationDetails,
  registrationDetailsTogether,
} from './event-registration.js';
import { eventDetails, eventListings, events } from './event.js';
import { landingPageReports } from './landing-page-report.js';
import type { InstanceOf, Loader, Scope } from './makers/loader.js';
import { PageReads } from './makers/page-reads.js';
import { nonOpenerResends } from './non-opener-resend.js';
import { partnerWebhooks } from './partner-webhook.js';
import { partnerAccounts, partnerPlans } from './partner.js';
import { segmentDetails, segments } from './segment.js';
import { smsCampaignSummaries } from './sms-report.js';
import { hashtagGroups, socialConnections, socialProfiles } from './social.js';
import { tags } from './tag.js';
import type { Wants } from './wants.js';

/** All loaders by name. */
const LOADERS = {
  abTests,
  account,
  accountEmails,
  activityStats,
  automationDetails,
  automations,
  bulkActivities,
  campaignIds,
  campaignStats,
  campaignSummaries,
  contactActivity,
  contactActivitySummaries,
  contactChanges,
  contactCounts,
  contactExports,
  contactLists,
  contactMembers,
  contactRates,
  contacts,
  contactSmsHistory,
  customFields,
  emailCampaignActivities,
  emailCampaignDetails,
  emailCampaigns,
  emailLinks,
  emailPreviews,
  emailSchedules,
  emailSendHistory,
  eventDetails,
  eventListings,
  eventRegistrations,
  events,
  hashtagGroups,
  landingPageReports,
  lastSent,
  nonOpenerResends,
  partnerAccounts,
  partnerPlans,
  partnerWebhooks,
  registrationDetails,
  registrationDetailsTogether,
  segmentDetails,
  segments,
  smsCampaignSummaries,
  socialConnections,
  socialProfiles,
  tags,
  trackingReports,
  uniqueCounts,
};

/** The loaders that one request has used. Requests share only the client's caches. */
class LoaderSet implements Scope {
  #made: Map<Loader<object>, object> | undefined;
  #pageReads: PageReads | undefined;

  constructor(
    readonly api: Api,
    readonly wants: Wants,
  ) {}

  get pageReads(): PageReads {
    return (this.#pageReads ??= new PageReads());
  }

  use<Instance extends object>(loader: Loader<Instance>): Instance {
    this.#made ??= new Map();
    let made = this.#made.get(loader);
    if (made === undefined) {
      made = loader.create(this);
      this.#made.set(loader, made);
    }
    return made as Instance;
  }

  over(api: Api): Scope {
    return api === this.api ? this : new LoaderSet(api, this.wants);
  }

  clear(): void {
    this.api.renew();
    this.#pageReads?.clear();
    this.#made = undefined;
  }
}

export type Loaders = LoaderSet & {
  readonly [Name in keyof typeof LOADERS]: InstanceOf<(typeof LOADERS)[Name]>;
};

// Getters create each loader on first use; the prototype is shared, so a request costs one object.
for (const [name, loader] of Object.entries<Loader<object>>(LOADERS)) {
  Object.defineProperty(LoaderSet.prototype, name, {
    get(this: LoaderSet) {
      return this.use(loader);
    },
  });
}

export function createLoaders(api: Api, wants: Wants): Loaders {
  return new LoaderSet(api, wants) as Loaders;
}

/** Clears all loaders: data that was read before a write must not be returned after it. */
export function clearLoaders(loaders: Loaders): void {
  loaders.clear();
}
