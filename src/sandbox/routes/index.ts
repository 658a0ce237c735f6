import type { Handlers } from '../handler.js';
import { abTest } from './ab-test.js';
import { account } from './account.js';
import { automation } from './automation.js';
import { bulkActivity } from './bulk-activity.js';
import { campaignSummary } from './campaign-summary.js';
import { contact } from './contact.js';
import { contactExport } from './contact-export.js';
import { contactImport } from './contact-import.js';
import { contactList } from './contact-list.js';
import { contactReport } from './contact-report.js';
import { customField } from './custom-field.js';
import { event } from './event.js';
import { eventRegistration } from './event-registration.js';
import { emailCampaign } from './email-campaign.js';
import { emailCampaignActivity } from './email-campaign-activity.js';
import { emailReport } from './email-report.js';
import { emailSchedule } from './email-schedule.js';
import { landingPageReport } from './landing-page-report.js';
import { nonOpenerResend } from './non-opener-resend.js';
import { partner } from './partner.js';
import { partnerWebhook } from './partner-webhook.js';
import { segment } from './segment.js';
import { smsReport } from './sms-report.js';
import { social } from './social.js';
import { tag } from './tag.js';

/** All operations of the sandbox. Operations that are missing here respond with 501. */
export const handlers: Handlers = {
  ...account,
  ...contact,
  ...contactList,
  ...tag,
  ...customField,
  ...segment,
  ...bulkActivity,
  ...contactImport,
  ...contactExport,
  ...emailCampaign,
  ...emailCampaignActivity,
  ...emailSchedule,
  ...nonOpenerResend,
  ...abTest,
  ...emailReport,
  ...campaignSummary,
  ...contactReport,
  ...landingPageReport,
  ...smsReport,
  ...event,
  ...eventRegistration,
  ...social,
  ...automation,
  ...partner,
  ...partnerWebhook,
};
