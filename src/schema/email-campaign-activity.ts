import { segments } from '../loaders/segment.js';
import { emailCampaignDetails } from '../loaders/email-campaign.js';
import { contactLists } from '../loaders/contact-list.js';
import { accountEmail, accountEmails } from '../loaders/account.js';
import {
  emailCampaignActivities,
  type EmailCampaignActivity as EmailCampaignActivityRow,
} from '../loaders/email-campaign-activity.js';
import * as resolvers from '../resolvers/email-campaign-activity.js';
import { byReference } from '../resolvers/support/reference.js';
import { AccountEmail } from './account.js';
import { builder } from './builder.js';
import { ContactList } from './contact-list.js';
import { EmailCampaign, EmailCampaignStatus, EmailCampaignXref } from './email-campaign.js';
import { enumFields, openEnum } from './enums.js';
import { globalId, rawIdField, requiredText } from './fields.js';
import { Node } from './node.js';
import { payloadType } from './payload.js';
import { Segment } from './segment.js';
import { activityReference, campaignReference } from './references.js';
import { cost } from './cost.js';

/** A guess at how many lists an email goes to. */
const LISTS = { usual: 4, most: 50 };

const EmailCampaignActivityRole = openEnum(
  'EmailCampaignActivityRole',
  'What an activity is within its campaign.',
  {
    PRIMARY_EMAIL: 'The email itself. Only this one can be changed, tested and scheduled.',
    PERMALINK: 'The web page that shows the email.',
    RESEND: 'The same email again, to those who did not open it.',
  },
);

export const EmailFormat = openEnum('EmailFormat', 'What an email was made with.', {
  LEGACY_CUSTOM_CODE: { wire: '1', description: 'Own HTML, in the way of the V2 API.' },
  SECOND_GENERATION_EDITOR: { wire: '2', description: 'An old editor of the web application.' },
  THIRD_GENERATION_EDITOR: { wire: '3', description: 'The drag-and-drop editor of the web application.' },
  FOURTH_GENERATION_EDITOR: { wire: '4', description: 'The newest editor of the web application.' },
  CUSTOM_CODE: { wire: '5', description: 'Own HTML. What this API makes.' },
});

export const EmailRecipients = builder.objectRef<resolvers.EmailRecipients>('EmailRecipients');
EmailRecipients.implement({
  description: 'Who an email goes to: lists, or one segment.',
  fields: (t) => ({
    lists: t.field({
      type: [ContactList],
      nullable: { list: true, items: false },
      description: 'Lists, deleted ones included.',
      queryCost: cost.scan(contactLists, { rows: LISTS, misses: true, unless: ['id', 'listId'] }),
      resolve: resolvers.recipientLists,
    }),
    segment: t.field({
      type: Segment,
      description: 'The segment; null when the email goes to lists.',
      queryCost: cost.scan(segments, { misses: true, unless: ['id', 'segmentId'] }),
      resolve: resolvers.recipientSegment,
    }),
    segments: t.field({
      type: [Segment],
      nullable: { list: true, items: false },
      description: 'Segments; the API sends to one at most.',
      deprecationReason: 'Use `segment`.',
      queryCost: cost.scan(segments, { rows: 1, misses: true, unless: ['id', 'segmentId'] }),
      resolve: resolvers.recipientSegments,
    }),
  }),
});

const EmailSender = builder.objectRef<resolvers.EmailSender>('EmailSender');
EmailSender.implement({
  description: 'Who an email comes from.',
  fields: (t) => ({
    name: requiredText(t, 'name', 'Name, at most 100 characters.'),
    email: requiredText(t, 'email', 'Address, at most 80 characters.'),
    replyTo: requiredText(t, 'replyTo', 'Address that answers go to.'),
    accountEmail: t.field({
      type: AccountEmail,
      description: 'The address among those of the account, with its state: only a confirmed one can send.',
      queryCost: cost.scan(accountEmails),
      resolve: ({ email }, _args, { loaders }) => (email ? accountEmail(loaders.accountEmails, email) : null),
    }),
    replyToAccountEmail: t.field({
      type: AccountEmail,
      description: '`replyTo` among the addresses of the account, with its state.',
      queryCost: cost.scan(accountEmails),
      resolve: ({ replyTo }, _args, { loaders }) =>
        replyTo ? accountEmail(loaders.accountEmails, replyTo) : null,
    }),
  }),
});

const EmailFooterAddress = builder.objectRef<resolvers.EmailFooterAddress>('EmailFooterAddress');
EmailFooterAddress.implement({
  description: 'The postal address that the footer of an email shows.',
  fields: (t) => ({
    organizationName: requiredText(t, 'organization_name', 'Name of the sender.'),
    addressLine1: requiredText(t, 'address_line1', 'First line of the address.'),
    addressLine2: t.exposeString('address_line2', { description: 'Second line of the address.' }),
    addressLine3: t.exposeString('address_line3', { description: 'Third line of the address.' }),
    addressOptional: t.exposeString('address_optional', { description: 'A further line.' }),
    city: t.exposeString('city', { description: 'City.' }),
    stateCode: t.exposeString('state_code', {
      description: 'Two-letter code of the state or province, in the United States and Canada.',
    }),
    stateName: t.exposeString('state_name', { description: 'Name of that state or province.' }),
    stateNonUsName: t.exposeString('state_non_us_name', {
      description: 'State or region in other countries.',
    }),
    postalCode: t.exposeString('postal_code', { description: 'Postal code.' }),
    countryCode: requiredText(t, 'country_code', 'Two-letter code of the country.'),
    countryName: t.exposeString('country_name', { description: 'Name of the country.' }),
  }),
});

export const EmailGreetingName = openEnum('EmailGreetingName', 'Which name of a contact a greeting uses.', {
  FIRST: { wire: 'F', description: 'The first name.' },
  LAST: { wire: 'L', description: 'The last name.' },
  BOTH: { wire: 'B', description: 'First and last name.' },
  NONE: { wire: 'N', description: 'None.' },
});

const EmailDocumentProperties =
  builder.objectRef<resolvers.EmailDocumentProperties>('EmailDocumentProperties');
EmailDocumentProperties.implement({
  description:
    'Settings that only emails in the formats LEGACY_CUSTOM_CODE and SECOND_GENERATION_EDITOR have.',
  fields: (t) => ({
    styleContent: t.exposeString('style_content', { description: 'Style sheet.' }),
    letterFormat: t.exposeString('letter_format', { description: 'HTML or XHTML.' }),
    textContent: t.exposeString('text_content', { description: 'The email as plain text.' }),
    greetingSalutation: t.exposeString('greeting_salutation', {
      description: 'The word before the name, as in "Dear".',
    }),
    ...enumFields(t, 'greetingNameType', 'greeting_name_type', EmailGreetingName, 'Which name follows.'),
    greetingSecondary: t.exposeString('greeting_secondary', {
      description: 'Greeting when no name is known.',
    }),
    subscribeLinkEnabled: t.boolean({
      description: 'Whether forwarded emails have a link to subscribe.',
      resolve: resolvers.flag('subscribe_link_enabled'),
    }),
    subscribeLinkName: t.exposeString('subscribe_link_name', { description: 'Text of that link.' }),
    forwardEmailLinkEnabled: t.boolean({
      description: 'Whether there is a link to forward the email.',
      resolve: resolvers.flag('forward_email_link_enabled'),
    }),
    forwardEmailLinkName: t.exposeString('forward_email_link_name', { description: 'Text of that link.' }),
    permissionReminderEnabled: t.boolean({
      description: 'Whether a sentence tells why the person gets this.',
      resolve: resolvers.flag('permission_reminder_enabled'),
    }),
    permissionReminder: t.exposeString('permission_reminder', { description: 'That sentence.' }),
    viewAsWebpageEnabled: t.boolean({
      description: 'Whether there is a link to the web page of the email.',
      resolve: resolvers.flag('view_as_webpage_enabled'),
    }),
    viewAsWebpageText: t.exposeString('view_as_webpage_text', { description: 'Text before that link.' }),
    viewAsWebpageLinkName: t.exposeString('view_as_webpage_link_name', { description: 'Text of that link.' }),
  }),
});

export const EmailCampaignActivity = builder.objectRef<EmailCampaignActivityRow>('EmailCampaignActivity');
EmailCampaignActivity.implement({
  description:
    'One part of an email campaign: the email itself, its web page, or its resend. Fields that do not say what they cost come with the activity itself; what its campaign tells of it, such as `role`, is known already where it was reached through its campaign.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'EmailCampaignActivity', 'campaign_activity_id'),
    campaignActivityId: rawIdField(
      t,
      'campaign_activity_id',
      "Constant Contact's own id of the activity (a UUID).",
    ),
    campaignId: t.exposeID('campaign_id', { description: 'Raw id of its campaign.' }),
    campaign: t.field({
      type: EmailCampaign,
      description: 'Its campaign.',
      queryCost: campaignReference('you came from that campaign'),
      resolve: resolvers.campaign,
    }),
    ...enumFields(t, 'role', 'role', EmailCampaignActivityRole, 'What it is within its campaign.'),
    documentId: t.exposeID('document_id', {
      description: 'Id of the document that holds its content, if it has one.',
    }),
    ...enumFields(t, 'status', 'current_status', EmailCampaignStatus, 'How far it has come.'),
    format: t.field({
      type: EmailFormat.type,
      description: 'What it was made with.',
      resolve: ({ format_type }) => EmailFormat.fromWire(format_type),
    }),
    formatType: t.exposeInt('format_type', {
      description: '`format` as the number that the API uses for it.',
    }),
    sender: t.field({ type: EmailSender, description: 'Who it comes from.', resolve: resolvers.sender }),
    recipients: t.field({
      type: EmailRecipients,
      description: 'Who it goes to.',
      resolve: (activity) => resolvers.recipientsOf(activity),
    }),
    subject: t.exposeString('subject', { description: 'Subject line.' }),
    preheader: t.exposeString('preheader', {
      description: 'Text that mailboxes show beside the subject, at most 200 characters.',
    }),
    htmlContent: t.exposeString('html_content', {
      description:
        'The HTML of the email, at most 150,000 characters. Only own HTML has it: formats LEGACY_CUSTOM_CODE and CUSTOM_CODE.',
    }),
    permalinkUrl: t.exposeString('permalink_url', {
      description: 'Address of the web page that shows the email.',
    }),
    physicalAddressInFooter: t.field({
      type: EmailFooterAddress,
      description: 'The postal address in the footer.',
      resolve: (activity) => activity.physical_address_in_footer,
    }),
    documentProperties: t.field({
      type: EmailDocumentProperties,
      description: 'Settings of old formats; null in any other.',
      resolve: (activity) => activity.document_properties,
    }),
  }),
});

builder.asEntity(EmailCampaignActivity, {
  key: [
    builder.selection<{ id: string }>('id'),
    builder.selection<{ campaignActivityId: string }>('campaignActivityId'),
  ],
  resolveReference: (key, { loaders }) =>
    byReference('EmailCampaignActivity', key, 'campaignActivityId', (id) =>
      loaders.emailCampaignActivities.load(id),
    ),
});

/** The email, its web page, and its resend. */
const MOST_ACTIVITIES = 3;
const DETAIL = 'its content, sender or recipients are selected';

builder.objectFields(EmailCampaign, (t) => ({
  activities: t.field({
    type: [EmailCampaignActivity],
    nullable: { list: true, items: false },
    description: 'The email itself, its web page, and its resend if there is one.',
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
    description: 'The email itself.',
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
    description: 'The primary activity.',
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
      'One activity of a campaign. Null when it does not exist; when only reports, schedules and the like are selected it is not read itself, and they are null.',
    queryCost: cost.one(emailCampaignActivities, {
      due: (_n, asked) => asked.has(resolvers.LACKING_FIELDS) || asked.only(['id', 'campaignActivityId']),
    }),
    args: { id: t.arg.id({ required: true, description: 'Global or raw id of the activity.' }) },
    resolve: resolvers.emailCampaignActivity,
  }),
);

type ActivityPayload = { activity: EmailCampaignActivityRow };

/** Declares the payload of a mutation of an activity: the activity after it, and fields of its own. */
export function activityPayload<Shape extends object = object>(
  name: string,
  mutation: string,
  fields: Parameters<typeof payloadType<Shape & ActivityPayload>>[2] = () => ({}),
) {
  return payloadType<Shape & ActivityPayload>(name, `What came of \`${mutation}\`.`, (t) => ({
    ...fields(t),
    activity: t.field({
      type: EmailCampaignActivity,
      description: 'The activity after the change.',
      queryCost: cost.one(emailCampaignActivities, {
        unless: ['id', 'campaignActivityId'],
        noneWhen: 'nothing is selected but what the mutation returned',
      }),
      resolve: ({ activity }, _args, context, info) =>
        activity ? resolvers.activityRow(activity, context, info) : null,
    }),
  }));
}
