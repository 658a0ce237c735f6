import type { FieldMap } from '@pothos/core';
import { contacts } from '../loaders/contact.js';
import {
  landingPageCost,
  nameOfPageReport,
  type LandingPageReportName,
  type LandingPageRow,
} from '../loaders/landing-page-report.js';
import * as resolvers from '../resolvers/landing-page-report.js';
import { contactOfRow, KNOWN_CONTACT_FIELDS } from '../resolvers/support/contact-row.js';
import { SEARCH_TEXT_MAX } from '../resolvers/support/limits.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { Contact } from './contact.js';
import { DeviceType } from './email-tracking.js';
import { enumFields, openEnum } from './enums.js';
import { date, dateTime, ofInterface, rawIdField, requiredText, type Fields } from './fields.js';
import { cost, type Asked } from './cost.js';
import { limited } from './limits.js';
import { named } from './named.js';

const LandingPageActivityType = openEnum(
  'LandingPageActivityType',
  'Type of activity of a contact on a landing page.',
  {
    OPEN: {
      wire: ['p_contact_open', 'p_contact_opens', 'p_unique_contact_opens'],
      description: 'The contact opened the page.',
    },
    CLICK: {
      wire: ['p_contact_click', 'p_contact_clicks', 'p_unique_contact_clicks'],
      description: 'The contact clicked a link on the page.',
    },
    ADD: {
      wire: ['p_contact_add', 'p_contact_adds', 'p_unique_contact_adds'],
      description: 'The contact was created through the page.',
    },
    UPDATE: {
      wire: ['p_contact_update', 'p_contact_updates', 'p_unique_contact_updates'],
      description: 'The contact was updated through the page.',
    },
    SMS_OPT_IN: {
      wire: ['p_contact_sms_optin', 'p_contact_sms_optins', 'p_unique_contact_sms_optins'],
      description: 'The contact agreed to receive text messages.',
    },
  },
);

const LandingPageSmsChannel =
  builder.objectRef<NonNullable<LandingPageRow['sms_channel']>>('LandingPageSmsChannel');
LandingPageSmsChannel.implement({
  description: 'Phone number of a contact in a landing page report.',
  fields: (t) => ({
    countryCode: t.exposeString('country_code', { description: 'Two-letter country code of the number.' }),
    state: t.exposeString('state', { description: 'Status of the SMS consent, as the REST API names it.' }),
    formattedInternational: t.exposeString('formatted_international', {
      description: 'Number in international format, with its dial code.',
    }),
    formattedNational: t.exposeString('formatted_national', {
      description: 'Number in the national format of its country.',
    }),
  }),
});

export const LandingPageReport = builder.objectRef<resolvers.LandingPageReport>('LandingPageReport');

const LandingPageActivity = builder.interfaceRef<LandingPageRow>('LandingPageActivity').implement({
  description: 'Row of a landing page report. Each report has its own type.',
  fields: (t) => ({
    contactId: rawIdField(ofInterface(t), 'contact_id', 'Constant Contact ID of the contact.'),
    emailAddress: requiredText(ofInterface(t), 'email_address', 'Email address of the contact.'),
    firstName: t.exposeString('first_name', { description: 'First name of the contact.' }),
    lastName: t.exposeString('last_name', { description: 'Last name of the contact.' }),
    contact: t.field({
      type: Contact,
      description:
        'Contact who used the landing page. When only names and address are selected, they are those of the report.',
      queryCost: cost.explored(contacts, { unless: KNOWN_CONTACT_FIELDS }),
      resolve: (row, _args, context, info) => contactOfRow(row, context, info),
    }),
    campaignActivityId: rawIdField(
      ofInterface(t),
      'campaign_activity_id',
      'Constant Contact ID of the landing page.',
    ),
    report: t.field({
      type: LandingPageReport,
      description: 'All reports of the landing page of the row.',
      queryCost: cost.none,
      resolve: resolvers.reportOfRow,
    }),
    ...enumFields(
      ofInterface(t),
      'type',
      'tracking_activity_type',
      LandingPageActivityType,
      'Type of activity on the page.',
      { nullable: false },
    ),
    createdAt: dateTime(ofInterface(t), 'created_time', 'When the activity on the page happened.'),
    contactDeletedAt: date(
      ofInterface(t),
      'deleted_at',
      'Day on which the contact was deleted. `null` while it exists.',
    ),
    smsChannel: t.expose('sms_channel', {
      type: LandingPageSmsChannel,
      description: 'Phone number of the contact.',
    }),
  }),
});

/** Declares the row type of a report, with its fields beyond those of the interface, and the connection. */
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

const Opens = report('LandingPageOpenActivity', 'Open of a landing page.', 'landing page opens', (t) =>
  deviceOf(t, 'Device on which the page was opened.'),
);
const Clicks = report(
  'LandingPageClickActivity',
  'Click on a link on a landing page.',
  'landing page clicks',
  (t) => ({
    ...deviceOf(t, 'Device on which the link was clicked.'),
    urlId: t.exposeID('url_id', { description: 'ID of the link on the page.' }),
    linkUrl: requiredText(t, 'link_url', 'Address that the link leads to.'),
  }),
);
const Adds = report(
  'LandingPageAddActivity',
  'Contact that was created through a landing page.',
  'created contacts',
);
const Updates = report(
  'LandingPageUpdateActivity',
  'Contact that was updated through a landing page.',
  'updated contacts',
);
const SmsOptIns = report(
  'LandingPageSmsOptInActivity',
  'Consent to text messages, given on a landing page.',
  'text message opt-ins',
);

LandingPageReport.implement({
  description: 'Reports of a landing page.',
  fields: (t) => {
    const args = {
      ...connectionArgs(t.arg),
      contactsFilter: t.arg.string(
        limited`Only contacts whose name or email address contains this text, ${{ maxLength: SEARCH_TEXT_MAX }}.`,
      ),
    };
    /** The whole report, where the query names the landing page. */
    const wholeOf =
      (report: LandingPageReportName) =>
      ({ args: { contactsFilter }, parentArgs }: Asked) =>
        contactsFilter == null
          ? named('EmailCampaignActivity', parentArgs['campaignActivityId'], (id) =>
              nameOfPageReport(report, id),
            )
          : undefined;
    const rows = (report: LandingPageReportName, type: typeof Opens, what: string) =>
      t.field({
        type,
        description: `${what}, newest first. \`null\` when the landing page does not exist.`,
        queryCost: cost.pages(landingPageCost(report), { part: wholeOf(report) }),
        args,
        resolve: resolvers.landingPageConnection(report),
      });
    return {
      campaignActivityId: t.exposeID('campaignActivityId', {
        nullable: false,
        description: 'Constant Contact ID of the landing page.',
      }),
      opens: rows('opens', Opens, 'All opens, including repeated ones'),
      uniqueOpens: rows('uniqueOpens', Opens, 'First open of each contact'),
      uniqueClicks: rows('uniqueClicks', Clicks, 'First click of each contact'),
      uniqueAdds: rows('uniqueAdds', Adds, 'Contacts created through the page'),
      uniqueUpdates: rows('uniqueUpdates', Updates, 'Contacts updated through the page'),
      uniqueSmsOptIns: rows('uniqueSmsOptIns', SmsOptIns, 'Contacts who agreed to receive text messages'),
    };
  },
});

builder.queryField('landingPageReport', (t) =>
  t.field({
    type: LandingPageReport,
    nullable: false,
    description:
      'Reports of a landing page. The API cannot list landing pages: take the ID from the history of a contact or from the web application.',
    queryCost: cost.none,
    args: {
      campaignActivityId: t.arg.id({
        required: true,
        description: 'Constant Contact ID of the landing page.',
      }),
    },
    resolve: resolvers.landingPageReport,
  }),
);
