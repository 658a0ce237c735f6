import { emailCampaigns, type EmailCampaign as EmailCampaignRow } from '../loaders/email-campaign.js';
import * as resolvers from '../resolvers/email-campaign.js';
import { valueOf } from '../resolvers/support/live.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { entity } from './entity.js';
import { enumFields, openEnum, originalOf } from './enums.js';
import { dateTime, globalId, rawIdField, requiredText } from './fields.js';
import { Node } from './node.js';
import { costByIds } from './cost-by-ids.js';
import { cost, distinct, MOST_STEPS } from './cost.js';
import { limited } from './limits.js';

export const EmailCampaignStatus = openEnum(
  'EmailCampaignStatus',
  'Status of an email campaign or of one of its activities.',
  {
    DRAFT: 'In preparation. It can be changed, tested, scheduled and sent.',
    SCHEDULED: 'To be sent at the scheduled time. Unschedule it before you change or delete it.',
    EXECUTING: 'Being sent.',
    DONE: 'Sent. Sending it again reaches only contacts who have not received it.',
    ERROR: 'Not sent, or not to all recipients, because of an error. The send history has the reason.',
    REMOVED: 'Deleted. It can be restored only in the web application.',
    NONE: 'No status yet; the API is still processing it.',
  },
);

const EmailCampaignType = openEnum('EmailCampaignType', 'Type of mailing that a campaign was created as.', {
  DEFAULT: { wire: ['1', 'DEFAULT'], description: 'No specific type.' },
  BULK_EMAIL: { wire: ['2', 'BULK_EMAIL'], description: 'Mailing to many recipients.' },
  NEWSLETTER: { wire: ['10', 'NEWSLETTER'], description: 'Newsletter, the most common type.' },
  ANNOUNCEMENT: { wire: ['11', 'ANNOUNCEMENT'], description: 'General announcement.' },
  PRODUCT_NEWS: { wire: ['12', 'PRODUCT_SERVICE_NEWS'], description: 'News about a product or service.' },
  BUSINESS_LETTER: {
    wire: ['14', 'BUSINESS_LETTER'],
    description: 'Email in the form of a business letter.',
  },
  CARD: { wire: ['15', 'CARD'], description: 'Greeting card.' },
  PRESS_RELEASE: { wire: ['16', 'PRESS_RELEASE'], description: 'News for the press.' },
  FLYER: { wire: ['17', 'FLYER'], description: 'Email in the form of a flyer.' },
  FEEDBACK_REQUEST: { wire: ['18', 'FEEDBACK_REQUEST'], description: 'Request for feedback.' },
  RATINGS_AND_REVIEWS: {
    wire: ['19', 'RATINGS_AND_REVIEWS'],
    description: 'Request for ratings and reviews.',
  },
  EVENT_ANNOUNCEMENT: { wire: ['20', 'EVENT_ANNOUNCEMENT'], description: 'Announcement of an event.' },
  SIMPLE_COUPON: { wire: ['21', 'SIMPLE_COUPON'], description: 'Coupon.' },
  SALE_PROMOTION: { wire: ['22', 'SALE_PROMOTION'], description: 'Promotion of a sale.' },
  PRODUCT_PROMOTION: { wire: ['23', 'PRODUCT_PROMOTION'], description: 'Promotion of a product.' },
  MEMBERSHIP_DRIVE: { wire: ['24', 'MEMBERSHIP_DRIVE'], description: 'Appeal to become a member.' },
  FUNDRAISER: { wire: ['25', 'FUNDRAISER'], description: 'Appeal for donations.' },
  CUSTOM_CODE: { wire: ['26', 'CUSTOM_CODE_EMAIL', 'CUSTOM_CODE'], description: 'Custom HTML.' },
  AB_TEST: { wire: ['57', 'A/B TEST', 'AB_TEST'], description: 'A/B test of two subject lines.' },
});

export const EmailCampaign = builder.objectRef<EmailCampaignRow>('EmailCampaign').implement({
  extensions: distinct(emailCampaigns),
  description:
    'Email campaign: a name and a status for its activities, which are the email itself, its web page and its resend.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'EmailCampaign', 'campaign_id'),
    campaignId: rawIdField(t, 'campaign_id', 'Constant Contact ID (UUID).'),
    name: requiredText(t, 'name', 'Campaign name, unique in the account, at most 80 characters.'),
    ...enumFields(t, 'status', 'current_status', EmailCampaignStatus, 'Status of the campaign.'),
    type: t.field({
      type: EmailCampaignType.type,
      description: 'Type of mailing.',
      resolve: ({ type, type_code }) => EmailCampaignType.fromWire(type_code ?? type),
    }),
    typeRaw: t.exposeString('type', {
      description: originalOf('type'),
    }),
    typeCode: t.exposeInt('type_code', { description: 'Number that the REST API uses for `type`.' }),
    createdAt: dateTime(t, 'created_at', 'When the campaign was created.'),
    updatedAt: dateTime(t, 'updated_at', 'When the campaign was last changed. Sending counts as a change.'),
  }),
});

entity(EmailCampaign, 'EmailCampaign', 'campaignId', (id, context) =>
  resolvers.emailCampaignById(id, context),
);

export const EmailCampaignConnection = connectionType('EmailCampaign', EmailCampaign, {
  of: 'email campaigns',
});

const EmailCampaignsFilter = builder.inputType('EmailCampaignsFilter', {
  description:
    'Filters for campaigns. A campaign matches when it meets all of them. The API cannot filter by name or status.',
  fields: (t) => ({
    updatedAfter: t.field({ type: 'DateTime', description: 'Only campaigns last changed after this time.' }),
    updatedBefore: t.field({
      type: 'DateTime',
      description: 'Only campaigns last changed before this time.',
    }),
  }),
});

export const EmailCampaignXref = builder.objectRef<resolvers.EmailCampaignXref>('EmailCampaignXref');
EmailCampaignXref.implement({
  description: 'The V3 IDs of a campaign that has a V2 ID.',
  fields: (t) => ({
    v2Id: t.exposeID('v2Id', { nullable: false, description: 'Campaign ID in the V2 API.' }),
    campaignId: t.exposeID('campaignId', {
      nullable: false,
      description: 'Campaign ID in the V3 API.',
    }),
    campaignActivityId: t.exposeID('campaignActivityId', {
      description: 'ID of the primary activity in the V3 API.',
    }),
    emailCampaign: t.field({
      type: EmailCampaign,
      description: 'Campaign with this V3 ID.',
      queryCost: cost.explored(emailCampaigns),
      resolve: ({ campaignId }, _args, context, info) => resolvers.campaignRow(campaignId, context, info),
    }),
  }),
});

builder.queryFields((t) => ({
  emailCampaign: t.field({
    type: EmailCampaign,
    description:
      'An email campaign by its ID. `null` when it does not exist. When only reports are selected, the campaign itself is not read, and the reports are `null` if it does not exist. Several campaigns are loaded together.',
    queryCost: {
      ...cost.calls(2, {
        usually: 1,
        due: (_n, asked) =>
          asked.has([...resolvers.BODY_FIELDS, ...resolvers.ACTIVITY_FIELDS]) ||
          asked.only(['id', 'campaignId']),
      }),
      readBy: emailCampaigns.cost.rows,
    },
    args: {
      id: t.arg.id({ required: true, description: 'Global ID or Constant Contact ID of the campaign.' }),
    },
    resolve: resolvers.emailCampaign,
  }),
  emailCampaigns: t.field({
    type: EmailCampaignConnection,
    description: 'Email campaigns of the account, including removed ones.',
    queryCost: cost.pages(emailCampaigns),
    args: {
      ...connectionArgs(t.arg),
      filter: t.arg({
        type: EmailCampaignsFilter,
        description: 'Filter. Default: all campaigns.',
      }),
    },
    resolve: resolvers.emailCampaigns,
  }),
  emailCampaignsByIds: t.field({
    type: [EmailCampaign],
    nullable: { list: false, items: true },
    description: `Up to ${String(resolvers.CAMPAIGNS_BY_IDS_MAX)} email campaigns by their IDs, in the order of \`ids\`. An item is \`null\` when the campaign does not exist. When only reports are selected, the campaigns themselves are not read: a missing campaign is then an object whose reports are \`null\`. Campaigns and their statistics are loaded together.`,
    queryCost: costByIds(
      // Too many are refused after their cost is computed.
      ({ ids }) => (ids as string[]).slice(0, resolvers.CAMPAIGNS_BY_IDS_MAX).map(() => 'EmailCampaign'),
      { EmailCampaign: emailCampaigns.cost },
      {
        says: 'up to 2 REST calls per item of `ids`',
        due: (_n, asked) =>
          asked.only(['id', 'campaignId']) ||
          (asked.has(resolvers.BODY_FIELDS) && !asked.has(resolvers.ACTIVITY_FIELDS)),
        noneWhen: 'only reports are selected',
      },
    ),
    args: {
      ids: t.arg.idList({
        required: true,
        ...limited`Global IDs or Constant Contact IDs of the campaigns, ${{ maxItems: resolvers.CAMPAIGNS_BY_IDS_MAX }}.`,
      }),
    },
    resolve: resolvers.emailCampaignsByIds,
  }),
  emailCampaignXrefs: t.field({
    type: [EmailCampaignXref],
    description:
      'V3 IDs of campaigns by their V2 IDs, for migrations from the V2 API. Unknown IDs are omitted. Constant Contact plans to remove this operation.',
    queryCost: cost.all(cost.calls(1), cost.rowsOf('v2Ids')),
    args: {
      v2Ids: t.arg.idList({
        required: true,
        ...limited`V2 IDs (numbers), ${{ minItems: 1, maxItems: resolvers.CAMPAIGN_XREFS_MAX }}.`,
      }),
    },
    resolve: resolvers.emailCampaignXrefs,
  }),
}));

builder.subscriptionField('emailCampaignStatus', (t) =>
  t.field({
    type: EmailCampaign,
    description:
      'A campaign, sent immediately and again after each change, while its status is SCHEDULED, EXECUTING, NONE or UNKNOWN. Other statuses change only when someone acts on the campaign, so the subscription then completes: a campaign that is DRAFT, DONE, ERROR or REMOVED is sent once. `null`, followed by completion, when the campaign does not exist. The REST API is polled every second at first, and every 15 to 30 seconds later. Subscribers to the same campaign with the same credentials share the polls. A poll that fails temporarily, for example because of too many requests, is retried for five minutes; any other failure ends the subscription with an error.',
    queryCost: cost.watch({ events: MOST_STEPS }),
    args: {
      id: t.arg.id({ required: true, description: 'Global ID or Constant Contact ID of the campaign.' }),
    },
    subscribe: resolvers.emailCampaignStatus,
    resolve: valueOf,
  }),
);
