import {
  contactActivity,
  MAX_SUMMARY_PAGES,
  contactRates,
  type CampaignActivitySummary as SummaryRow,
  type ContactActivity as ContactActivityRow,
  type ContactRates as RatesRow,
} from '../loaders/contact-report.js';
import { activityRow } from '../resolvers/email-campaign-activity.js';
import * as resolvers from '../resolvers/contact-report.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { Contact } from './contact.js';
import { EmailCampaignActivity } from './email-campaign-activity.js';
import { enumFields, openEnum } from './enums.js';
import { dateTime, rawIdField } from './fields.js';
import { LandingPageReport } from './landing-page-report.js';
import { activitiesOfContacts } from './references.js';
import { cost } from './cost.js';

const ContactActivityType = openEnum('ContactActivityType', 'What a contact did, or what was done to it.', {
  EMAIL_SENT: { wire: 'em_sends', description: 'An email was sent to the contact.' },
  EMAIL_OPENED: { wire: 'em_opens', description: 'The contact opened an email.' },
  EMAIL_CLICKED: { wire: 'em_clicks', description: 'The contact clicked a link in an email.' },
  EMAIL_BOUNCED: { wire: 'em_bounces', description: 'An email to the contact came back.' },
  EMAIL_OPTED_OUT: { wire: 'em_optouts', description: 'The contact opted out through an email.' },
  EMAIL_FORWARDED: { wire: 'em_forwards', description: 'The contact forwarded an email.' },
  LANDING_PAGE_OPENED: {
    wire: ['p_contact_open', 'p_contact_opens', 'p_unique_contact_opens'],
    description: 'The contact opened a landing page.',
  },
  LANDING_PAGE_CLICKED: {
    wire: ['p_contact_click', 'p_contact_clicks', 'p_unique_contact_clicks'],
    description: 'The contact clicked a link on a landing page.',
  },
  LANDING_PAGE_ADDED: {
    wire: ['p_contact_add', 'p_contact_adds', 'p_unique_contact_adds'],
    description: 'A landing page made the contact.',
  },
  LANDING_PAGE_UPDATED: {
    wire: ['p_contact_update', 'p_contact_updates', 'p_unique_contact_updates'],
    description: 'A landing page changed the contact.',
  },
  // No filter of the API takes it.
  LANDING_PAGE_SMS_OPT_IN: {
    wire: ['p_contact_sms_optin', 'p_contact_sms_optins', 'p_unique_contact_sms_optins'],
    description: 'The contact agreed to text messages on a landing page.',
  },
});

const ContactActivity = builder.objectRef<ContactActivityRow>('ContactActivity');
ContactActivity.implement({
  description: 'Something that a contact did, or that was done to it.',
  fields: (t) => ({
    ...enumFields(t, 'type', 'tracking_activity_type', ContactActivityType, 'What happened.'),
    createdAt: dateTime(t, 'created_time', 'When it happened.'),
    campaignActivityId: rawIdField(t, 'campaign_activity_id', 'Raw id of the email or landing page.'),
    campaignActivityName: t.exposeString('campaign_activity_name', {
      description: 'Name of the email or landing page. The API answers faster without it.',
    }),
    activity: t.field({
      type: EmailCampaignActivity,
      description: 'The email; null for what was done on a landing page.',
      queryCost: activitiesOfContacts(),
      resolve: resolvers.emailOf,
    }),
    landingPage: t.field({
      type: LandingPageReport,
      description: 'The landing page; null for what was done with an email.',
      queryCost: cost.none,
      resolve: resolvers.landingPageOf,
    }),
  }),
});

const ContactActivityConnection = connectionType('ContactActivity', ContactActivity, {
  of: "entries of a contact's history, newest first",
});

const ContactRates = builder.objectRef<RatesRow>('ContactEngagementRates');
ContactRates.implement({
  description:
    'How a contact responds to emails, as averages over the emails of a period; all 0 when nothing was sent.',
  fields: (t) => ({
    includedActivitiesCount: t.exposeInt('included_activities_count', {
      description: 'Emails that were sent to the contact in the period.',
    }),
    averageOpenRate: t.exposeFloat('average_open_rate', {
      description: 'Part of those emails that the contact opened, 0 to 1.',
    }),
    averageClickRate: t.exposeFloat('average_click_rate', {
      description: 'Part of those emails in which the contact clicked, 0 to 1.',
    }),
  }),
});

const ContactActivitySummary = builder.objectRef<SummaryRow>('ContactActivitySummary');
ContactActivitySummary.implement({
  description: 'How often a contact did what with one email.',
  fields: (t) => ({
    campaignActivityId: rawIdField(t, 'campaign_activity_id', 'Raw id of the email.'),
    activity: t.field({
      type: EmailCampaignActivity,
      description: 'The email.',
      queryCost: activitiesOfContacts(),
      resolve: ({ campaign_activity_id }, _args, context, info) =>
        activityRow({ campaign_activity_id }, context, info),
    }),
    startedAt: dateTime(t, 'start_on', 'When the email was first sent to the contact.'),
    sends: t.exposeInt('em_sends', { description: 'Times it was sent to the contact.' }),
    opens: t.exposeInt('em_opens', { description: 'Times the contact opened it.' }),
    clicks: t.exposeInt('em_clicks', { description: 'Times the contact clicked in it.' }),
    forwards: t.exposeInt('em_forwards', { description: 'Times the contact forwarded it.' }),
    bounces: t.exposeInt('em_bounces', { description: 'Times it came back.' }),
    unsubscribes: t.exposeInt('em_unsubscribes', { description: 'Times the contact opted out through it.' }),
  }),
});

builder.objectFields(Contact, (t) => {
  const period = {
    start: t.arg({ type: 'DateTime', required: true, description: 'Start of the period.' }),
    end: t.arg({ type: 'DateTime', required: true, description: 'End of the period.' }),
  };
  return {
    activityDetails: t.field({
      type: ContactActivityConnection,
      description: 'What the contact did with emails and landing pages, newest first.',
      queryCost: cost.pages(contactActivity),
      args: {
        ...connectionArgs(t.arg),
        types: t.arg({
          type: [ContactActivityType.type],
          description:
            'Only these kinds; all when left out. The API does not look for LANDING_PAGE_SMS_OPT_IN.',
        }),
      },
      resolve: resolvers.activityDetails,
    }),
    openAndClickRates: t.field({
      type: ContactRates,
      description: 'How the contact responds to emails, over a period of at most 5 years.',
      queryCost: cost.one(contactRates),
      args: period,
      resolve: resolvers.openAndClickRates,
    }),
    activitySummary: t.field({
      type: [ContactActivitySummary],
      nullable: { list: true, items: false },
      description: 'Counts for each email of a period, the newest 200 at most.',
      queryCost: cost.calls(MAX_SUMMARY_PAGES, {
        usually: 1,
        counted: () => 1,
        rows: { usual: 30, most: 200 },
      }),
      args: period,
      resolve: resolvers.activitySummary,
    }),
  };
});
