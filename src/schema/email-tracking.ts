import type { FieldMap } from '@pothos/core';
import { contacts } from '../loaders/contact.js';
import type { TrackingRow } from '../loaders/email-tracking.js';
import * as resolvers from '../resolvers/email-report.js';
import { contactOfRow, KNOWN_CONTACT_FIELDS } from '../resolvers/support/contact-row.js';
import { activityRow } from '../resolvers/email-campaign-activity.js';
import { builder } from './builder.js';
import { connectionType } from './connection.js';
import { Contact } from './contact.js';
import { EmailCampaignActivity } from './email-campaign-activity.js';
import { enumFields, openEnum } from './enums.js';
import { date, dateTime, ofInterface, rawIdField, requiredId, requiredText, type Fields } from './fields.js';
import { cost } from './cost.js';

const TrackingActivityType = openEnum(
  'EmailTrackingActivityType',
  'Type of activity in a tracking report of an email.',
  {
    SEND: { wire: ['em_sends'], description: 'The email was sent to the contact.' },
    OPEN: { wire: ['em_opens'], description: 'The email was opened.' },
    DID_NOT_OPEN: {
      wire: ['em_did_not_opens', 'em_didnotopens', 'em_not_opened'],
      description: 'The email has not been opened.',
    },
    CLICK: { wire: ['em_clicks'], description: 'A link in the email was clicked.' },
    FORWARD: { wire: ['em_forwards'], description: 'The email was forwarded.' },
    OPTOUT: { wire: ['em_optouts'], description: 'The contact opted out through the email.' },
    BOUNCE: { wire: ['em_bounces'], description: 'The email bounced.' },
  },
);

/** Also used by landing pages. */
export const DeviceType = openEnum('DeviceType', 'Type of device.', {
  COMPUTER: { wire: ['computer', 'desktop'], description: 'Desktop computer.' },
  MOBILE: 'Phone.',
  TABLET: 'Tablet.',
  OTHER: 'Any other device.',
  NONE: { wire: ['none', 'undefined'], description: 'The device could not be identified.' },
});

const bounceCodes = {
  NONEXISTENT: { wire: 'B', description: 'The address does not exist.' },
  UNDELIVERABLE: { wire: 'D', description: 'The email could not be delivered.' },
  MAILBOX_FULL: { wire: 'F', description: 'The mailbox was full.' },
  SUSPENDED: {
    wire: 'S',
    description: 'The email was not attempted, because earlier mail to the address bounced.',
  },
  VACATION: { wire: 'V', description: 'An out-of-office reply was received.' },
  OTHER: { wire: 'X', description: 'Any other reason.' },
  BLOCKED: { wire: 'Z', description: 'The receiving server rejected the email.' },
};
export const BounceReason = openEnum('BounceReason', 'Reason why an email bounced.', bounceCodes);

const EmailTrackingActivity = builder.interfaceRef<TrackingRow>('EmailTrackingActivity').implement({
  description: 'Row of a tracking report of an email. Each report has its own type.',
  fields: (t) => ({
    contactId: rawIdField(ofInterface(t), 'contact_id', 'Constant Contact ID of the contact.'),
    emailAddress: requiredText(ofInterface(t), 'email_address', 'Address that the email was sent to.'),
    firstName: t.exposeString('first_name', { description: 'First name of the contact.' }),
    lastName: t.exposeString('last_name', { description: 'Last name of the contact.' }),
    contact: t.field({
      type: Contact,
      description:
        'Contact of the row. When only names and address are selected, they are those of the report.',
      queryCost: cost.explored(contacts, { unless: KNOWN_CONTACT_FIELDS }),
      resolve: (row, _args, context, info) => contactOfRow(row, context, info),
    }),
    activity: t.field({
      type: EmailCampaignActivity,
      description: 'Email of the report, the same for all rows.',
      queryCost: cost.perPage({ unless: ['id', 'campaignActivityId'] }),
      resolve: ({ campaign_activity_id }, _args, context, info) =>
        activityRow({ campaign_activity_id }, context, info),
    }),
    ...enumFields(
      ofInterface(t),
      'type',
      'tracking_activity_type',
      TrackingActivityType,
      'Type of activity.',
      {
        nullable: false,
      },
    ),
    createdAt: dateTime(ofInterface(t), 'created_time', 'When the activity happened.'),
    contactDeletedAt: date(
      ofInterface(t),
      'deleted_at',
      'Day on which the contact was deleted. `null` while it exists.',
    ),
  }),
});

const EmailTrackingPageTotals = builder.objectRef<resolvers.PageTotals>('EmailTrackingPageTotals').implement({
  description: 'Totals of one page of a tracking report.',
  fields: (t) => ({
    rows: t.exposeInt('rows', { nullable: false, description: 'Number of rows on the page.' }),
    contacts: t.exposeInt('contacts', {
      nullable: false,
      description: 'Number of different contacts on the page.',
    }),
  }),
});

/** Declares the row type of a report, with its fields beyond those of the interface, and the connection. */
function report(
  name: string,
  description: string,
  of: string,
  fields: (t: Fields<TrackingRow>) => FieldMap = () => ({}),
) {
  const Row = builder.objectRef<TrackingRow>(name);
  Row.implement({ description, interfaces: [EmailTrackingActivity], fields });
  const Rows = connectionType(name, Row, { of: `${of}, newest first` });
  builder.objectField(Rows, 'pageTotals', (t) =>
    t.field({
      type: EmailTrackingPageTotals,
      nullable: false,
      description: 'Totals of this page. The API has no totals of a whole report; see `stats` of the email.',
      resolve: resolvers.pageTotals,
    }),
  );
  return Rows;
}

export const EmailLink = builder.objectRef<resolvers.LinkOfActivity>('EmailLink');

const deviceOf = (t: Fields<TrackingRow>, description: string) =>
  enumFields(t, 'device', 'device_type', DeviceType, description);

/** Connections of the tracking reports. */
export const EmailSends = report('EmailSendActivity', 'Email that was sent to a contact.', 'sent emails');
export const EmailOpens = report('EmailOpenActivity', 'Open of an email.', 'opens', (t) =>
  deviceOf(t, 'Device on which the email was opened.'),
);
export const EmailDidNotOpens = report(
  'EmailDidNotOpenActivity',
  'Email that a contact has not opened.',
  'unopened emails',
);
export const EmailClicks = report('EmailClickActivity', 'Click on a link in an email.', 'clicks', (t) => ({
  ...deviceOf(t, 'Device on which the link was clicked.'),
  urlId: requiredId(t, 'url_id', 'ID of the link within the email.'),
  linkUrl: requiredText(t, 'link_url', 'Address that the link leads to.'),
  link: t.field({
    type: EmailLink,
    description: 'Link that was clicked.',
    queryCost: cost.perPage({ unless: ['urlId', 'url'] }),
    resolve: resolvers.linkOfRow,
  }),
}));
export const EmailForwards = report('EmailForwardActivity', 'Forward of an email.', 'forwards');
export const EmailOptouts = report('EmailOptoutActivity', 'Opt-out through an email.', 'opt-outs', (t) => ({
  optOutReason: t.exposeString('opt_out_reason', {
    description: 'Reason for the opt-out, in the words of the contact.',
  }),
}));
export const EmailBounces = report('EmailBounceActivity', 'Email that bounced.', 'bounces', (t) => ({
  ...enumFields(t, 'bounceReason', 'bounce_code', BounceReason, 'Reason for the bounce.', {
    nullable: false,
  }),
  currentEmailAddress: t.exposeString('current_email_address', {
    description: 'Current email address of the contact.',
  }),
}));
