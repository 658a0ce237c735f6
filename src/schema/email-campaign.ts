import { emailCampaigns, type EmailCampaign as EmailCampaignRow } from '../loaders/email-campaign.js';
import * as resolvers from '../resolvers/email-campaign.js';
import { valueOf } from '../resolvers/support/live.js';
import { byReference } from '../resolvers/support/reference.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { enumFields, openEnum } from './enums.js';
import { dateTime, globalId, rawIdField, requiredText } from './fields.js';
import { Node } from './node.js';
import { cost, distinct, MOST_STEPS } from './cost.js';

export const EmailCampaignStatus = openEnum('EmailCampaignStatus', 'How far an email campaign has come.', {
  DRAFT: 'Being written. It can be changed, tested, scheduled and sent.',
  SCHEDULED: 'Waiting for its time. Unschedule it before changing or deleting it.',
  EXECUTING: 'Being sent right now.',
  DONE: 'Sent. Sending it again reaches only contacts who have not had it yet.',
  ERROR: 'Not sent, or not to all, because of an error. The send history says which.',
  REMOVED: 'Deleted. It can be restored in the web application only.',
  NONE: 'No state yet: still being processed.',
});

const EmailCampaignType = openEnum('EmailCampaignType', 'What kind of mailing a campaign was made as.', {
  DEFAULT: { wire: ['1', 'DEFAULT'], description: 'No kind in particular.' },
  BULK_EMAIL: { wire: ['2', 'BULK_EMAIL'], description: 'Bulk email.' },
  NEWSLETTER: { wire: ['10', 'NEWSLETTER'], description: 'Newsletter, the usual kind.' },
  ANNOUNCEMENT: { wire: ['11', 'ANNOUNCEMENT'], description: 'Announcement.' },
  PRODUCT_NEWS: { wire: ['12', 'PRODUCT_SERVICE_NEWS'], description: 'News of a product or service.' },
  BUSINESS_LETTER: { wire: ['14', 'BUSINESS_LETTER'], description: 'Business letter.' },
  CARD: { wire: ['15', 'CARD'], description: 'Greeting card.' },
  PRESS_RELEASE: { wire: ['16', 'PRESS_RELEASE'], description: 'Press release.' },
  FLYER: { wire: ['17', 'FLYER'], description: 'Flyer.' },
  FEEDBACK_REQUEST: { wire: ['18', 'FEEDBACK_REQUEST'], description: 'Request for feedback.' },
  RATINGS_AND_REVIEWS: {
    wire: ['19', 'RATINGS_AND_REVIEWS'],
    description: 'Request for ratings and reviews.',
  },
  EVENT_ANNOUNCEMENT: { wire: ['20', 'EVENT_ANNOUNCEMENT'], description: 'Announcement of an event.' },
  SIMPLE_COUPON: { wire: ['21', 'SIMPLE_COUPON'], description: 'Coupon.' },
  SALE_PROMOTION: { wire: ['22', 'SALE_PROMOTION'], description: 'Promotion of a sale.' },
  PRODUCT_PROMOTION: { wire: ['23', 'PRODUCT_PROMOTION'], description: 'Promotion of a product.' },
  MEMBERSHIP_DRIVE: { wire: ['24', 'MEMBERSHIP_DRIVE'], description: 'Membership drive.' },
  FUNDRAISER: { wire: ['25', 'FUNDRAISER'], description: 'Fundraiser.' },
  CUSTOM_CODE: { wire: ['26', 'CUSTOM_CODE_EMAIL', 'CUSTOM_CODE'], description: 'Own HTML.' },
  AB_TEST: { wire: ['57', 'A/B TEST', 'AB_TEST'], description: 'Test of two subjects against each other.' },
});

export const EmailCampaign = builder.objectRef<EmailCampaignRow>('EmailCampaign');

EmailCampaign.implement({
  extensions: distinct(emailCampaigns),
  description:
    'An email campaign: a name and a state around its activities, which are the email itself, its web page and its resend.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'EmailCampaign', 'campaign_id'),
    campaignId: rawIdField(t, 'campaign_id', "Constant Contact's own id of the campaign (a UUID)."),
    name: requiredText(t, 'name', 'Name, unique in the account, at most 80 characters.'),
    ...enumFields(t, 'status', 'current_status', EmailCampaignStatus, 'How far it has come.'),
    type: t.field({
      type: EmailCampaignType.type,
      description: 'What kind of mailing it was made as.',
      resolve: ({ type, type_code }) => EmailCampaignType.fromWire(type_code ?? type),
    }),
    typeRaw: t.exposeString('type', { description: '`type` as the API wrote it.' }),
    typeCode: t.exposeInt('type_code', { description: '`type` as the number that the API uses for it.' }),
    createdAt: dateTime(t, 'created_at', 'When the campaign was made.'),
    updatedAt: dateTime(t, 'updated_at', 'When it last changed; sending counts as a change.'),
  }),
});

builder.asEntity(EmailCampaign, {
  key: [builder.selection<{ id: string }>('id'), builder.selection<{ campaignId: string }>('campaignId')],
  resolveReference: (key, context) =>
    byReference('EmailCampaign', key, 'campaignId', (id) => resolvers.emailCampaignById(id, context)),
});

export const EmailCampaignConnection = connectionType('EmailCampaign', EmailCampaign, {
  of: 'email campaigns',
});

const EmailCampaignsFilter = builder.inputType('EmailCampaignsFilter', {
  description:
    'Which campaigns to read. Conditions are joined by AND. The API filters neither by name nor by status.',
  fields: (t) => ({
    updatedAfter: t.field({ type: 'DateTime', description: 'Last changed after this time.' }),
    updatedBefore: t.field({ type: 'DateTime', description: 'Last changed before this time.' }),
  }),
});

export const EmailCampaignXref = builder.objectRef<resolvers.EmailCampaignXref>('EmailCampaignXref');
EmailCampaignXref.implement({
  description: 'The V3 ids of a campaign that was known by a V2 id.',
  fields: (t) => ({
    v2Id: t.exposeID('v2Id', { nullable: false, description: 'Id in the V2 API.' }),
    campaignId: t.exposeID('campaignId', {
      nullable: false,
      description: 'Id of the campaign in the V3 API.',
    }),
    campaignActivityId: t.exposeID('campaignActivityId', {
      description: 'Id of its primary activity in the V3 API.',
    }),
    emailCampaign: t.field({
      type: EmailCampaign,
      description: 'The campaign itself.',
      queryCost: cost.explored(emailCampaigns),
      resolve: ({ campaignId }, _args, context, info) => resolvers.campaignRow(campaignId, context, info),
    }),
  }),
});

builder.queryFields((t) => ({
  emailCampaign: t.field({
    type: EmailCampaign,
    description:
      'One campaign. Null when it does not exist; when only reports are selected it is not read itself, and they are null. Several campaigns load together.',
    queryCost: {
      ...cost.calls(2, {
        usually: 1,
        due: (_n, asked) =>
          asked.has([...resolvers.BODY_FIELDS, ...resolvers.ACTIVITY_FIELDS]) ||
          asked.only(['id', 'campaignId']),
      }),
      readBy: emailCampaigns.cost.rows,
    },
    args: { id: t.arg.id({ required: true, description: 'Global or raw id of the campaign.' }) },
    resolve: resolvers.emailCampaign,
  }),
  emailCampaigns: t.field({
    type: EmailCampaignConnection,
    description: 'Campaigns of the account, removed ones included.',
    queryCost: cost.pages(emailCampaigns),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({ type: EmailCampaignsFilter, description: 'Which campaigns; all when left out.' }),
    },
    resolve: resolvers.emailCampaigns,
  }),
  emailCampaignsByIds: t.field({
    type: [EmailCampaign],
    nullable: { list: false, items: true },
    description: `Up to ${String(resolvers.CAMPAIGNS_BY_IDS_MAX)} campaigns by their ids, in the order of \`ids\`; null where one does not exist. When only reports are selected the campaigns are not read themselves, and the reports are null. All of them load together, and so do their statistics.`,
    queryCost: cost.byIds(
      ({ ids }) => [ids].flat().map(() => 'EmailCampaign'),
      { EmailCampaign: emailCampaigns.cost },
      '1 REST call per item of `ids`, 2 at most',
      {
        due: (_n, asked) =>
          asked.only(['id', 'campaignId']) ||
          (asked.has(resolvers.BODY_FIELDS) && !asked.has(resolvers.ACTIVITY_FIELDS)),
        noneWhen: 'only reports are selected',
      },
    ),
    args: { ids: t.arg.idList({ required: true, description: 'Global or raw ids of the campaigns.' }) },
    resolve: resolvers.emailCampaignsByIds,
  }),
  emailCampaignXrefs: t.field({
    type: [EmailCampaignXref],
    nullable: { list: true, items: false },
    description:
      'V3 ids of campaigns known by their V2 ids, for migrations; the vendor means to remove it. Unknown ids are left out.',
    queryCost: cost.all(cost.calls(1), cost.rowsOf('v2Ids')),
    args: {
      v2Ids: t.arg.idList({
        required: true,
        description: `V2 ids (numbers), at most ${String(resolvers.CAMPAIGN_XREFS_MAX)}.`,
      }),
    },
    resolve: resolvers.emailCampaignXrefs,
  }),
}));

builder.subscriptionField('emailCampaignStatus', (t) =>
  t.field({
    type: EmailCampaign,
    description: `A campaign at once, and again each time something of it has changed, for as long as it is SCHEDULED, EXECUTING, NONE or UNKNOWN. In any other state it stays until somebody does something with it, so there the subscription ends: a DRAFT, one that is DONE, in ERROR or REMOVED comes once. Null, and the end, when there is none. It is polled every second at first, every 15 to 30 seconds later. Everybody who follows the same campaign with the same credentials shares the polls. A poll that fails for a passing reason, such as too many requests, is made again later, for five minutes; any other failure ends it with an error.`,
    queryCost: cost.watch({ events: MOST_STEPS }),
    args: { id: t.arg.id({ required: true, description: 'Global or raw id of the campaign.' }) },
    subscribe: resolvers.emailCampaignStatus,
    resolve: valueOf,
  }),
);
