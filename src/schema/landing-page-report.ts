import type { FieldMap } from '@pothos/core';
import { contacts } from '../loaders/contact.js';
import { landingPageReports, type LandingPageRow } from '../loaders/landing-page-report.js';
import * as resolvers from '../resolvers/landing-page-report.js';
import { contactOfRow, KNOWN_CONTACT_FIELDS } from '../resolvers/support/contact-row.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { Contact } from './contact.js';
import { DeviceType } from './email-tracking.js';
import { enumFields, openEnum } from './enums.js';
import { date, dateTime, ofInterface, rawIdField, requiredText, type Fields } from './fields.js';
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

export const LandingPageReport = builder.objectRef<resolvers.LandingPageReport>('LandingPageReport');

const LandingPageActivity = builder.interfaceRef<LandingPageRow>('LandingPageActivity').implement({
  description: 'A row of a landing-page report. Each kind of report has a type of its own.',
  fields: (t) => ({
    contactId: rawIdField(ofInterface(t), 'contact_id', 'Raw id of the contact.'),
    emailAddress: requiredText(ofInterface(t), 'email_address', 'Address of the contact.'),
    firstName: t.exposeString('first_name', { description: 'Given name of the contact.' }),
    lastName: t.exposeString('last_name', { description: 'Family name of the contact.' }),
    contact: t.field({
      type: Contact,
      description: 'The contact.',
      queryCost: cost.explored(contacts, { unless: KNOWN_CONTACT_FIELDS }),
      resolve: (row, _args, context, info) => contactOfRow(row, context, info),
    }),
    campaignActivityId: rawIdField(ofInterface(t), 'campaign_activity_id', 'Raw id of the landing page.'),
    report: t.field({
      type: LandingPageReport,
      description: 'The reports of the landing page.',
      queryCost: cost.none,
      resolve: resolvers.reportOfRow,
    }),
    ...enumFields(
      ofInterface(t),
      'type',
      'tracking_activity_type',
      LandingPageActivityType,
      'What happened.',
      { nullable: false },
    ),
    createdAt: dateTime(ofInterface(t), 'created_time', 'When it happened.'),
    contactDeletedAt: date(
      ofInterface(t),
      'deleted_at',
      'Day on which the contact was deleted; null while it exists.',
    ),
    smsChannel: t.field({
      type: LandingPageSmsChannel,
      description: 'Number of the contact.',
      resolve: ({ sms_channel }) => sms_channel,
    }),
  }),
});

/** Declares the rows of a kind of report, with what they have beside the fields of the interface, and their connection. */
function report(
  name: string,
  description: string,
  of: string,
  fields: (t: Fields<LandingPageRow>) => FieldMap = () => ({}),
) {
  const Row = builder.objectRef<LandingPageRow>(name);
  Row.implement({ description, interfaces: [LandingPageActivity], fields });
  return connectionType(name, Row, { of: `${of}, newest first` });
}

const deviceOf = (t: Fields<LandingPageRow>, description: string) =>
  enumFields(t, 'device', 'device_type', DeviceType, description);

const Opens = report('LandingPageOpenActivity', 'An open of a landing page.', 'opens', (t) =>
  deviceOf(t, 'Where it was opened.'),
);
const Clicks = report('LandingPageClickActivity', 'A click on a link on a landing page.', 'clicks', (t) => ({
  ...deviceOf(t, 'Where it was clicked.'),
  urlId: t.exposeID('url_id', { description: 'Id of the link.' }),
  linkUrl: requiredText(t, 'link_url', 'Address of the link.'),
}));
const Adds = report('LandingPageAddActivity', 'A contact that a landing page made.', 'new contacts');
const Updates = report(
  'LandingPageUpdateActivity',
  'A contact that a landing page changed.',
  'changed contacts',
);
const SmsOptIns = report(
  'LandingPageSmsOptInActivity',
  'A consent to text messages on a landing page.',
  'consents to text messages',
);

LandingPageReport.implement({
  description: 'What happened on a landing page.',
  fields: (t) => {
    const rows = <Rows>(type: Rows, what: string) =>
      ({
        type,
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
        ...rows(Opens, 'Opens, each time listed'),
        args,
        resolve: resolvers.landingPageConnection('opens'),
      }),
      uniqueOpens: t.field({
        ...rows(Opens, 'First open of each contact'),
        args,
        resolve: resolvers.landingPageConnection('uniqueOpens'),
      }),
      uniqueClicks: t.field({
        ...rows(Clicks, 'First click of each contact'),
        args,
        resolve: resolvers.landingPageConnection('uniqueClicks'),
      }),
      uniqueAdds: t.field({
        ...rows(Adds, 'Contacts it made'),
        args,
        resolve: resolvers.landingPageConnection('uniqueAdds'),
      }),
      uniqueUpdates: t.field({
        ...rows(Updates, 'Contacts it changed'),
        args,
        resolve: resolvers.landingPageConnection('uniqueUpdates'),
      }),
      uniqueSmsOptIns: t.field({
        ...rows(SmsOptIns, 'Contacts who agreed to text messages on it'),
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
