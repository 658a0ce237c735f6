import { contacts } from '../loaders/contact.js';
import { landingPageReports, type LandingPageRow } from '../loaders/landing-page-report.js';
import * as resolvers from '../resolvers/landing-page-report.js';
import { contactOfRow, KNOWN_CONTACT_FIELDS } from '../resolvers/support/contact-row.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { Contact } from './contact.js';
import { DeviceType } from './email-report.js';
import { enumFields, openEnum } from './enums.js';
import { date, dateTime, rawIdField } from './fields.js';
import { cost } from './cost.js';

const LandingPageActivityType = openEnum('LandingPageActivityType', 'What a contact did on a landing page.', {
  OPEN: { wire: ['p_contact_open', 'p_contact_opens', 'p_unique_contact_opens'], description: 'Opened it.' },
  CLICK: {
    wire: ['p_contact_click', 'p_contact_clicks', 'p_unique_contact_clicks'],
    description: 'Clicked a link on it.',
  },
  ADD: {
    wire: ['p_contact_add', 'p_contact_adds', 'p_unique_contact_adds'],
    description: 'Became a contact through it.',
  },
  UPDATE: {
    wire: ['p_contact_update', 'p_contact_updates', 'p_unique_contact_updates'],
    description: 'Changed their details through it.',
  },
  SMS_OPT_IN: {
    wire: ['p_contact_sms_optin', 'p_contact_sms_optins', 'p_unique_contact_sms_optins'],
    description: 'Agreed to text messages on it.',
  },
});

const LandingPageSmsChannel =
  builder.objectRef<NonNullable<LandingPageRow['sms_channel']>>('LandingPageSmsChannel');
LandingPageSmsChannel.implement({
  description: 'Number of a contact as a landing-page report shows it.',
  fields: (t) => ({
    countryCode: t.exposeString('country_code', { description: 'Two-letter country code.' }),
    state: t.exposeString('state', { description: 'State of the consent, in the words of the API.' }),
    formattedInternational: t.exposeString('formatted_international', {
      description: 'The number with its dial code.',
    }),
    formattedNational: t.exposeString('formatted_national', {
      description: 'The number as it is written in its country.',
    }),
  }),
});

const LandingPageActivity = builder.objectRef<LandingPageRow>('LandingPageActivity');
LandingPageActivity.implement({
  description: 'One row of a landing-page report. Which of the optional fields it has depends on the report.',
  fields: (t) => ({
    contactId: rawIdField(t, 'contact_id', 'Raw id of the contact.'),
    emailAddress: t.exposeString('email_address', { description: 'Address of the contact.' }),
    firstName: t.exposeString('first_name', { description: 'Given name of the contact.' }),
    lastName: t.exposeString('last_name', { description: 'Family name of the contact.' }),
    contact: t.field({
      type: Contact,
      description: 'The contact.',
      queryCost: cost.explored(contacts, { unless: KNOWN_CONTACT_FIELDS }),
      resolve: (row, _args, context, info) => contactOfRow(row, context, info),
    }),
    campaignActivityId: rawIdField(t, 'campaign_activity_id', 'Raw id of the landing page.'),
    ...enumFields(t, 'type', 'tracking_activity_type', LandingPageActivityType, 'What happened.', {
      nullable: false,
    }),
    createdAt: dateTime(t, 'created_time', 'When it happened.'),
    contactDeletedAt: date(t, 'deleted_at', 'Day on which the contact was deleted; null while it exists.'),
    ...enumFields(
      t,
      'device',
      'device_type',
      DeviceType,
      'Where it was opened or clicked. Opens and clicks only.',
    ),
    urlId: t.exposeID('url_id', { description: 'Id of the link. Clicks only.' }),
    linkUrl: t.exposeString('link_url', { description: 'Address of the link. Clicks only.' }),
    smsChannel: t.field({
      type: LandingPageSmsChannel,
      description: 'Number of the contact.',
      resolve: ({ sms_channel }) => sms_channel,
    }),
  }),
});

const LandingPageActivityConnection = connectionType('LandingPageActivity', LandingPageActivity, {
  of: 'rows of a landing-page report, newest first',
});

export const LandingPageReport = builder.objectRef<resolvers.LandingPageReport>('LandingPageReport');
LandingPageReport.implement({
  description: 'What happened on a landing page.',
  fields: (t) => {
    const rows = (what: string) =>
      ({
        type: LandingPageActivityConnection,
        description: `${what}, newest first; null when there is no such page.`,
        queryCost: cost.pages(landingPageReports),
      }) as const;
    const args = {
      ...connectionArgs(t.arg),
      contactsFilter: t.arg.string({ description: 'Only contacts whose name or address contains this.' }),
    };
    return {
      campaignActivityId: t.exposeID('campaignActivityId', {
        nullable: false,
        description: 'Raw id of the landing page.',
      }),
      opens: t.field({
        ...rows('Opens, each time listed'),
        args,
        resolve: resolvers.landingPageConnection('opens'),
      }),
      uniqueOpens: t.field({
        ...rows('First open of each contact'),
        args,
        resolve: resolvers.landingPageConnection('uniqueOpens'),
      }),
      uniqueClicks: t.field({
        ...rows('First click of each contact'),
        args,
        resolve: resolvers.landingPageConnection('uniqueClicks'),
      }),
      uniqueAdds: t.field({
        ...rows('Contacts it made'),
        args,
        resolve: resolvers.landingPageConnection('uniqueAdds'),
      }),
      uniqueUpdates: t.field({
        ...rows('Contacts it changed'),
        args,
        resolve: resolvers.landingPageConnection('uniqueUpdates'),
      }),
      uniqueSmsOptIns: t.field({
        ...rows('Contacts who agreed to text messages on it'),
        args,
        resolve: resolvers.landingPageConnection('uniqueSmsOptIns'),
      }),
    };
  },
});

builder.queryField('landingPageReport', (t) =>
  t.field({
    type: LandingPageReport,
    nullable: false,
    description:
      "What happened on a landing page. The API lists no landing pages: take the id from a contact's history or from the web application.",
    queryCost: cost.none,
    args: { campaignActivityId: t.arg.id({ required: true, description: 'Raw id of the landing page.' }) },
    resolve: resolvers.landingPageReport,
  }),
);
