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
import { limited } from './limits.js';

const ContactActivityType = openEnum('ContactActivityType', 'Type of an activity of a contact.', {
  EMAIL_SENT: { wire: 'em_sends', description: 'An email was sent to the contact.' },
  EMAIL_OPENED: { wire: 'em_opens', description: 'The contact opened an email.' },
  EMAIL_CLICKED: { wire: 'em_clicks', description: 'The contact clicked a link in an email.' },
  EMAIL_BOUNCED: { wire: 'em_bounces', description: 'An email to the contact bounced.' },
  EMAIL_OPTED_OUT: { wire: 'em_optouts', description: 'The contact unsubscribed through an email.' },
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
    description: 'The contact was created through a landing page.',
  },
  LANDING_PAGE_UPDATED: {
    wire: ['p_contact_update', 'p_contact_updates', 'p_unique_contact_updates'],
    description: 'The contact was updated through a landing page.',
  },
  // The API cannot filter by it.
  LANDING_PAGE_SMS_OPT_IN: {
    wire: ['p_contact_sms_optin', 'p_contact_sms_optins', 'p_unique_contact_sms_optins'],
    description: 'The contact opted in to text messages on a landing page.',
  },
});

const ContactActivity = builder.objectRef<ContactActivityRow>('ContactActivity').implement({
  description: 'An activity of a contact, such as an open or a bounce of an email.',
  fields: (t) => ({
    ...enumFields(t, 'type', 'tracking_activity_type', ContactActivityType, 'Type of the activity.'),
    createdAt: dateTime(t, 'created_time', 'When the activity took place.'),
    campaignActivityId: rawIdField(
      t,
      'campaign_activity_id',
      'Constant Contact ID of the email campaign activity or landing page.',
    ),
    campaignActivityName: t.exposeString('campaign_activity_name', {
      description: 'Name of the email or landing page. The API responds faster when it is not selected.',
    }),
    activity: t.field({
      type: EmailCampaignActivity,
      description: 'The email. `null` for activities on a landing page.',
      queryCost: activitiesOfContacts(),
      resolve: resolvers.emailOf,
    }),
    landingPage: t.field({
      type: LandingPageReport,
      description: 'The landing page. `null` for activities with an email.',
      queryCost: cost.none,
      resolve: resolvers.landingPageOf,
    }),
  }),
});

const ContactActivityConnection = connectionType('ContactActivity', ContactActivity, {
  of: 'activities of a contact, newest first',
});

const ContactRates = builder.objectRef<RatesRow>('ContactEngagementRates').implement({
  description:
    'Average open and click rates of a contact over the emails of a period. All are 0 when no email was sent.',
  fields: (t) => ({
    includedActivitiesCount: t.exposeInt('included_activities_count', {
      description: 'Number of emails sent to the contact in the period.',
    }),
    averageOpenRate: t.exposeFloat('average_open_rate', {
      description: 'Fraction of those emails that the contact opened, 0 to 1.',
    }),
    averageClickRate: t.exposeFloat('average_click_rate', {
      description: 'Fraction of those emails in which the contact clicked a link, 0 to 1.',
    }),
  }),
});

const ContactActivitySummary = builder.objectRef<SummaryRow>('ContactActivitySummary').implement({
  description: 'Counts of the activities of a contact with one email.',
  fields: (t) => ({
    campaignActivityId: rawIdField(
      t,
      'campaign_activity_id',
      'Constant Contact ID of the email campaign activity.',
    ),
    activity: t.field({
      type: EmailCampaignActivity,
      description: 'The email that is counted.',
      queryCost: activitiesOfContacts(),
      resolve: ({ campaign_activity_id }, _args, context, info) =>
        activityRow({ campaign_activity_id }, context, info),
    }),
    startedAt: dateTime(t, 'start_on', 'When the email was first sent to the contact.'),
    sends: t.exposeInt('em_sends', {
      description: 'Number of times that the email was sent to the contact.',
    }),
    opens: t.exposeInt('em_opens', { description: 'Number of opens by the contact.' }),
    clicks: t.exposeInt('em_clicks', { description: 'Number of clicks by the contact.' }),
    forwards: t.exposeInt('em_forwards', { description: 'Number of forwards by the contact.' }),
    bounces: t.exposeInt('em_bounces', { description: 'Number of bounces.' }),
    unsubscribes: t.exposeInt('em_unsubscribes', {
      description: 'Number of times that the contact unsubscribed through the email.',
    }),
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
      description: 'Activities of the contact with emails and landing pages, newest first.',
      queryCost: cost.pages(contactActivity),
      args: {
        ...connectionArgs(t.arg),
        types: t.arg({
          type: [ContactActivityType.type],
          ...limited`Types of activities. Default: all. The API cannot filter by ${{ items: { not: ['LANDING_PAGE_SMS_OPT_IN'] } }}.`,
        }),
      },
      resolve: resolvers.activityDetails,
    }),
    openAndClickRates: t.field({
      type: ContactRates,
      description: 'Average open and click rates of the contact over a period of at most 5 years.',
      queryCost: cost.one(contactRates),
      args: period,
      resolve: resolvers.openAndClickRates,
    }),
    activitySummary: t.field({
      type: [ContactActivitySummary],
      description: 'Counts of activities for each email of a period, at most the newest 200 emails.',
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
