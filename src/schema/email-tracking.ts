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

const TrackingActivityType = openEnum('EmailTrackingActivityType', 'What a contact, or an email, did.', {
  SEND: { wire: ['em_sends'], description: 'It was sent.' },
  OPEN: { wire: ['em_opens'], description: 'It was opened.' },
  DID_NOT_OPEN: {
    wire: ['em_did_not_opens', 'em_didnotopens', 'em_not_opened'],
    description: 'It was not opened so far.',
  },
  CLICK: { wire: ['em_clicks'], description: 'A link in it was clicked.' },
  FORWARD: { wire: ['em_forwards'], description: 'It was forwarded.' },
  OPTOUT: { wire: ['em_optouts'], description: 'The contact opted out through it.' },
  BOUNCE: { wire: ['em_bounces'], description: 'It came back.' },
});

/** Shared with landing pages. */
export const DeviceType = openEnum('DeviceType', 'The kind of device.', {
  COMPUTER: { wire: ['computer', 'desktop'], description: 'A computer.' },
  MOBILE: 'A phone.',
  TABLET: 'A tablet.',
  OTHER: 'Another device.',
  NONE: { wire: ['none', 'undefined'], description: 'It could not be told.' },
});

const bounceCodes = {
  NONEXISTENT: { wire: 'B', description: 'There is no such address.' },
  UNDELIVERABLE: { wire: 'D', description: 'It could not be delivered.' },
  MAILBOX_FULL: { wire: 'F', description: 'The mailbox was full.' },
  SUSPENDED: { wire: 'S', description: 'Not even tried, because earlier mail to the address came back.' },
  VACATION: { wire: 'V', description: 'Answered by an absence notice.' },
  OTHER: { wire: 'X', description: 'Any other reason.' },
  BLOCKED: { wire: 'Z', description: 'Refused by the receiving server.' },
};
export const BounceReason = openEnum('BounceReason', 'Why an email came back.', bounceCodes);

const EmailTrackingActivity = builder.interfaceRef<TrackingRow>('EmailTrackingActivity').implement({
  description: 'A row of a tracking report of an email. Each report has a type of its own.',
  fields: (t) => ({
    contactId: rawIdField(ofInterface(t), 'contact_id', 'Raw id of the contact.'),
    emailAddress: requiredText(ofInterface(t), 'email_address', 'The address that the email went to.'),
    firstName: t.exposeString('first_name', { description: 'Given name of the contact.' }),
    lastName: t.exposeString('last_name', { description: 'Family name of the contact.' }),
    contact: t.field({
      type: Contact,
      description: 'The contact.',
      queryCost: cost.explored(contacts, { unless: KNOWN_CONTACT_FIELDS }),
      resolve: (row, _args, context, info) => contactOfRow(row, context, info),
    }),
    activity: t.field({
      type: EmailCampaignActivity,
      description: 'The email, the same for all rows.',
      queryCost: cost.perPage({ unless: ['id', 'campaignActivityId'] }),
      resolve: ({ campaign_activity_id }, _args, context, info) =>
        activityRow({ campaign_activity_id }, context, info),
    }),
    ...enumFields(ofInterface(t), 'type', 'tracking_activity_type', TrackingActivityType, 'What happened.', {
      nullable: false,
    }),
    createdAt: dateTime(ofInterface(t), 'created_time', 'When it happened.'),
    contactDeletedAt: date(
      ofInterface(t),
      'deleted_at',
      'Day on which the contact was deleted; null while it exists.',
    ),
  }),
});

const EmailTrackingPageTotals = builder.objectRef<resolvers.PageTotals>('EmailTrackingPageTotals');
EmailTrackingPageTotals.implement({
  description: 'Totals of one page of a tracking report.',
  fields: (t) => ({
    rows: t.exposeInt('rows', { nullable: false, description: 'Rows on the page.' }),
    contacts: t.exposeInt('contacts', { nullable: false, description: 'Different contacts among them.' }),
  }),
});

/** Declares the rows of a report, with what they have beside the fields of the interface, and their connection. */
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
      description: 'Totals of this page. The API counts no report as a whole; `stats` of the email does.',
      resolve: resolvers.pageTotals,
    }),
  );
  return Rows;
}

export const EmailLink = builder.objectRef<resolvers.LinkOfActivity>('EmailLink');

const deviceOf = (t: Fields<TrackingRow>, description: string) =>
  enumFields(t, 'device', 'device_type', DeviceType, description);

/** Connections of the tracking reports. */
export const EmailSends = report('EmailSendActivity', 'An email that was sent to a contact.', 'emails sent');
export const EmailOpens = report('EmailOpenActivity', 'An open of an email.', 'opens', (t) =>
  deviceOf(t, 'Where it was opened.'),
);
export const EmailDidNotOpens = report(
  'EmailDidNotOpenActivity',
  'An email that a contact has not opened so far.',
  'emails not opened',
);
export const EmailClicks = report('EmailClickActivity', 'A click on a link in an email.', 'clicks', (t) => ({
  ...deviceOf(t, 'Where it was clicked.'),
  urlId: requiredId(t, 'url_id', 'Id of the link within the email.'),
  linkUrl: requiredText(t, 'link_url', 'Address of the link.'),
  link: t.field({
    type: EmailLink,
    description: 'The link.',
    queryCost: cost.perPage({ unless: ['urlId', 'url'] }),
    resolve: resolvers.linkOfRow,
  }),
}));
export const EmailForwards = report('EmailForwardActivity', 'A forward of an email.', 'forwards');
export const EmailOptouts = report(
  'EmailOptoutActivity',
  'An opt-out through an email.',
  'opt-outs',
  (t) => ({
    optOutReason: t.exposeString('opt_out_reason', { description: 'Why, in the words of the contact.' }),
  }),
);
export const EmailBounces = report('EmailBounceActivity', 'An email that came back.', 'bounces', (t) => ({
  ...enumFields(t, 'bounceReason', 'bounce_code', BounceReason, 'Why it came back.', { nullable: false }),
  currentEmailAddress: t.exposeString('current_email_address', {
    description: 'The address that the contact has now.',
  }),
}));
