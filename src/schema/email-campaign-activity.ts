import type { FieldRef } from '@pothos/core';
import { segments } from '../loaders/segment.js';
import { emailCampaignDetails } from '../loaders/email-campaign.js';
import { contactLists } from '../loaders/contact-list.js';
import { accountEmail, accountEmails } from '../loaders/account.js';
import {
  emailCampaignActivities,
  type EmailCampaignActivity as EmailCampaignActivityRow,
} from '../loaders/email-campaign-activity.js';
import * as resolvers from '../resolvers/email-campaign-activity.js';
import { AccountEmail } from './account.js';
import { builder } from './builder.js';
import { ContactList } from './contact-list.js';
import { EmailCampaign, EmailCampaignStatus, EmailCampaignXref } from './email-campaign.js';
import { entity } from './entity.js';
import { enumFields, openEnum } from './enums.js';
import { globalId, rawIdField, requiredText, type Fields, type SchemaTypes } from './fields.js';
import { Node } from './node.js';
import { Segment } from './segment.js';
import { activityReference, campaignReference } from './references.js';
import { cost } from './cost.js';

/** Assumed number of lists that an email goes to. */
const LISTS = { usual: 4, most: 50 };

const EmailCampaignActivityRole = openEnum(
  'EmailCampaignActivityRole',
  'Role of an activity in its campaign.',
  {
    PRIMARY_EMAIL: 'The email itself. Only this activity can be changed, tested and scheduled.',
    PERMALINK: 'Web page that shows the email.',
    RESEND: 'Second send of the email, to contacts who did not open it.',
  },
);

export const EmailFormat = openEnum('EmailFormat', 'Format of an email: the editor or API that created it.', {
  LEGACY_CUSTOM_CODE: { wire: '1', description: 'Custom HTML in the format of the V2 API.' },
  SECOND_GENERATION_EDITOR: { wire: '2', description: 'Older editor of the web application.' },
  THIRD_GENERATION_EDITOR: { wire: '3', description: 'Drag-and-drop editor of the web application.' },
  FOURTH_GENERATION_EDITOR: { wire: '4', description: 'Newest editor of the web application.' },
  CUSTOM_CODE: { wire: '5', description: 'Custom HTML in the format of the V3 API.' },
});

export const EmailRecipients = builder.objectRef<resolvers.EmailRecipients>('EmailRecipients').implement({
  description: 'Recipients of an email: lists, or one segment.',
  fields: (t) => ({
    lists: t.field({
      type: [ContactList],
      description: 'Lists that the email goes to, including deleted ones.',
      queryCost: cost.scan(contactLists, { rows: LISTS, misses: true, unless: ['id', 'listId'] }),
      resolve: resolvers.recipientLists,
    }),
    segment: t.field({
      type: Segment,
      description: 'Segment that the email goes to. `null` when it goes to lists.',
      queryCost: cost.scan(segments, { misses: true, unless: ['id', 'segmentId'] }),
      resolve: resolvers.recipientSegment,
    }),
    segments: t.field({
      type: [Segment],
      description: 'Segments that the email goes to. The API sends to at most one.',
      deprecationReason: 'Use `segment`.',
      queryCost: cost.scan(segments, { rows: 1, misses: true, unless: ['id', 'segmentId'] }),
      resolve: resolvers.recipientSegments,
    }),
  }),
});

const EmailSender = builder.objectRef<resolvers.EmailSender>('EmailSender').implement({
  description: 'Sender of an email.',
  fields: (t) => ({
    name: requiredText(t, 'name', 'Sender name, at most 100 characters.'),
    email: requiredText(t, 'email', 'Sender address, at most 80 characters.'),
    replyTo: requiredText(t, 'replyTo', 'Reply-to address.'),
    accountEmail: t.field({
      type: AccountEmail,
      description:
        'Address of the account that matches `email`, with its status. Only a confirmed address can send.',
      queryCost: cost.scan(accountEmails),
      resolve: ({ email }, _args, { loaders }) => accountEmail(loaders.accountEmails, email),
    }),
    replyToAccountEmail: t.field({
      type: AccountEmail,
      description: 'Address of the account that matches `replyTo`, with its status.',
      queryCost: cost.scan(accountEmails),
      resolve: ({ replyTo }, _args, { loaders }) => accountEmail(loaders.accountEmails, replyTo),
    }),
  }),
});

const EmailFooterAddress = builder.objectRef<resolvers.EmailFooterAddress>('EmailFooterAddress').implement({
  description: 'Postal address in the footer of an email.',
  fields: (t) => ({
    organizationName: requiredText(t, 'organization_name', 'Organisation that sends the email.'),
    addressLine1: requiredText(t, 'address_line1', 'First line of the postal address.'),
    addressLine2: t.exposeString('address_line2', { description: 'Second line of the postal address.' }),
    addressLine3: t.exposeString('address_line3', { description: 'Third line of the postal address.' }),
    addressOptional: t.exposeString('address_optional', {
      description: 'Additional line of the postal address.',
    }),
    city: t.exposeString('city', { description: 'City of the postal address.' }),
    stateCode: t.exposeString('state_code', {
      description: 'Two-letter code of the state or province. Only for addresses in the US and Canada.',
    }),
    stateName: t.exposeString('state_name', {
      description: 'Name of the state or province. Only for addresses in the US and Canada.',
    }),
    stateNonUsName: t.exposeString('state_non_us_name', {
      description: 'State or region. Only for addresses outside the US and Canada.',
    }),
    postalCode: t.exposeString('postal_code', { description: 'Postal code of the address.' }),
    countryCode: requiredText(t, 'country_code', 'Two-letter country code of the address.'),
    countryName: t.exposeString('country_name', { description: 'Country name of the address.' }),
  }),
});

export const EmailGreetingName = openEnum('EmailGreetingName', 'Name of the contact that a greeting uses.', {
  FIRST: { wire: 'F', description: 'Only the first name.' },
  LAST: { wire: 'L', description: 'Only the last name.' },
  BOTH: { wire: 'B', description: 'First name and last name.' },
  NONE: { wire: 'N', description: 'No name.' },
});

const EmailDocumentProperties =
  builder.objectRef<resolvers.EmailDocumentProperties>('EmailDocumentProperties');
EmailDocumentProperties.implement({
  description:
    'Settings that only emails in the formats LEGACY_CUSTOM_CODE and SECOND_GENERATION_EDITOR have.',
  fields: (t) => ({
    styleContent: t.exposeString('style_content', { description: 'Style sheet of the email.' }),
    letterFormat: t.exposeString('letter_format', {
      description: 'Markup language of the email: HTML or XHTML.',
    }),
    textContent: t.exposeString('text_content', { description: 'Plain text version of the email.' }),
    greetingSalutation: t.exposeString('greeting_salutation', {
      description: 'Salutation before the name, such as "Dear".',
    }),
    ...enumFields(
      t,
      'greetingNameType',
      'greeting_name_type',
      EmailGreetingName,
      'Name that follows the salutation.',
    ),
    greetingSecondary: t.exposeString('greeting_secondary', {
      description: 'Greeting when the name of the contact is unknown.',
    }),
    subscribeLinkEnabled: t.boolean({
      description: 'True when forwarded emails include a subscribe link.',
      resolve: resolvers.flag('subscribe_link_enabled'),
    }),
    subscribeLinkName: t.exposeString('subscribe_link_name', { description: 'Text of the subscribe link.' }),
    forwardEmailLinkEnabled: t.boolean({
      description: 'True when the email includes a link that forwards it.',
      resolve: resolvers.flag('forward_email_link_enabled'),
    }),
    forwardEmailLinkName: t.exposeString('forward_email_link_name', {
      description: 'Text of the forward link.',
    }),
    permissionReminderEnabled: t.boolean({
      description:
        'True when the email includes a permission reminder: a sentence that says why the contact gets it.',
      resolve: resolvers.flag('permission_reminder_enabled'),
    }),
    permissionReminder: t.exposeString('permission_reminder', {
      description: 'Text of the permission reminder.',
    }),
    viewAsWebpageEnabled: t.boolean({
      description: 'True when the email includes a link to its web page.',
      resolve: resolvers.flag('view_as_webpage_enabled'),
    }),
    viewAsWebpageText: t.exposeString('view_as_webpage_text', {
      description: 'Text before the link to the web page.',
    }),
    viewAsWebpageLinkName: t.exposeString('view_as_webpage_link_name', {
      description: 'Text of the link to the web page.',
    }),
  }),
});

export const EmailCampaignActivity = builder.objectRef<EmailCampaignActivityRow>('EmailCampaignActivity');
EmailCampaignActivity.implement({
  description:
    'Activity of an email campaign: the email itself, its web page, or its resend. A field without a stated cost is loaded with the activity. Fields that the campaign also returns, such as `role`, are already loaded when the activity was reached from its campaign.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'EmailCampaignActivity', 'campaign_activity_id'),
    campaignActivityId: rawIdField(t, 'campaign_activity_id', 'Constant Contact ID (UUID).'),
    campaignId: t.exposeID('campaign_id', { description: 'Constant Contact ID of the campaign.' }),
    campaign: t.field({
      type: EmailCampaign,
      description: 'Campaign of the activity.',
      queryCost: campaignReference('the activity was reached from that campaign'),
      resolve: resolvers.campaign,
    }),
    ...enumFields(t, 'role', 'role', EmailCampaignActivityRole, 'Role in the campaign.'),
    documentId: t.exposeID('document_id', {
      description: 'ID of the document that holds the content. `null` when there is none.',
    }),
    ...enumFields(t, 'status', 'current_status', EmailCampaignStatus, 'Status of the activity.'),
    format: t.field({
      type: EmailFormat.type,
      description: 'Editor or API that created the email.',
      resolve: ({ format_type }) => EmailFormat.fromWire(format_type),
    }),
    formatType: t.exposeInt('format_type', {
      description: 'Number that the REST API uses for `format`.',
    }),
    sender: t.field({
      type: EmailSender,
      description: 'Sender name and addresses.',
      resolve: resolvers.sender,
    }),
    recipients: t.field({
      type: EmailRecipients,
      description: 'Lists or segment that the email goes to.',
      resolve: (activity) => resolvers.recipientsOf(activity),
    }),
    subject: t.exposeString('subject', { description: 'Subject line of the email.' }),
    preheader: t.exposeString('preheader', {
      description: 'Preview text that mailboxes show next to the subject, at most 200 characters.',
    }),
    htmlContent: t.exposeString('html_content', {
      description:
        'HTML of the email, at most 150,000 characters. `null` unless it is custom HTML: formats LEGACY_CUSTOM_CODE and CUSTOM_CODE.',
    }),
    permalinkUrl: t.exposeString('permalink_url', {
      description: 'Address of the web page that shows the email.',
    }),
    physicalAddressInFooter: t.expose('physical_address_in_footer', {
      type: EmailFooterAddress,
      description: 'Postal address in the footer of the email.',
    }),
    documentProperties: t.expose('document_properties', {
      type: EmailDocumentProperties,
      description: 'Settings of older formats. `null` in other formats.',
    }),
  }),
});

entity(EmailCampaignActivity, 'EmailCampaignActivity', 'campaignActivityId', (id, { loaders }) =>
  loaders.emailCampaignActivities.load(id),
);

/** The email, its web page, and its resend. */
const MOST_ACTIVITIES = 3;
const DETAIL = 'the content, sender or recipients are selected';

builder.objectFields(EmailCampaign, (t) => ({
  activities: t.field({
    type: [EmailCampaignActivity],
    description:
      'Activities of the campaign: the email itself, its web page, and its resend if there is one.',
    queryCost: cost.all(
      cost.detail(emailCampaignDetails, { rows: MOST_ACTIVITIES }),
      cost.calls(MOST_ACTIVITIES, {
        usually: 0,
        due: (_n, asked) => asked.has(resolvers.DETAIL_FIELDS),
        when: DETAIL,
      }),
    ),
    resolve: resolvers.activities,
  }),
  primaryActivity: t.field({
    type: EmailCampaignActivity,
    description: 'The email itself: the activity with the role PRIMARY_EMAIL.',
    queryCost: cost.all(
      cost.detail(emailCampaignDetails),
      cost.one(emailCampaignActivities, {
        due: (_n, asked) => asked.has(resolvers.DETAIL_FIELDS),
        when: DETAIL,
      }),
    ),
    resolve: resolvers.primaryActivity,
  }),
}));

builder.objectField(EmailCampaignXref, 'activity', (t) =>
  t.field({
    type: EmailCampaignActivity,
    description: 'Primary activity of the campaign.',
    queryCost: activityReference(),
    resolve: ({ campaignId: campaign_id, campaignActivityId }, _args, context, info) =>
      campaignActivityId
        ? resolvers.activityRow({ campaign_id, campaign_activity_id: campaignActivityId }, context, info)
        : null,
  }),
);

builder.queryField('emailCampaignActivity', (t) =>
  t.field({
    type: EmailCampaignActivity,
    description:
      'An email campaign activity by its ID. `null` when it does not exist. When only reports, schedules and similar fields are selected, the activity itself is not read, and those fields are `null` if it does not exist.',
    queryCost: cost.one(emailCampaignActivities, {
      due: (_n, asked) => asked.has(resolvers.LACKING_FIELDS) || asked.only(['id', 'campaignActivityId']),
    }),
    args: {
      id: t.arg.id({
        required: true,
        description: 'Global ID or Constant Contact ID of the activity, which is not that of its campaign.',
      }),
    },
    resolve: resolvers.emailCampaignActivity,
  }),
);

/** Declares the field of a payload for the activity that the mutation has changed. */
export function activityAfter(t: Fields<{ activity?: EmailCampaignActivityRow }>): FieldRef<SchemaTypes> {
  return t.field({
    type: EmailCampaignActivity,
    description: 'Activity after the mutation.',
    queryCost: cost.one(emailCampaignActivities, {
      unless: ['id', 'campaignActivityId'],
      noneWhen: 'only fields that the mutation returned are selected',
    }),
    resolve: ({ activity }, _args, context, info) =>
      activity ? resolvers.activityRow(activity, context, info) : null,
  });
}
