import {
  partnerWebhooks,
  type PartnerWebhookSubscription as SubscriptionRow,
} from '../loaders/partner-webhook.js';
import * as resolvers from '../resolvers/partner-webhook.js';
import { builder } from './builder.js';
import { entity } from './entity.js';
import { openEnum, type EnumValues } from './enums.js';
import { PARTNER_ONLY } from './partner.js';
import { globalId } from './fields.js';
import { Node } from './node.js';
import { deletedIdField } from './payload.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { limited, NOT_BLANK } from './limits.js';

const TOPICS = {
  TIER_UPGRADE: { wire: '1', description: 'A client account moved to a higher price tier (topic 1).' },
  TIER_DOWNGRADE: {
    wire: '2',
    description: 'A client account moved to a lower price tier (topic 2).',
  },
  ACCOUNT_CANCELLED: { wire: '3', description: 'A client account was cancelled (topic 3).' },
  ACCOUNT_DISABLED: { wire: '4', description: 'A client account was disabled (topic 4).' },
} satisfies EnumValues;

const PartnerWebhookTopic = openEnum(
  'PartnerWebhookTopic',
  'Topic of notifications to a technology partner about client accounts. There are no topics about contacts or campaigns.',
  TOPICS,
);

const PartnerWebhookSubscription = builder.objectRef<SubscriptionRow>('PartnerWebhookSubscription');
const AFTER_WRITE = { noneWhen: 'the subscription was not set by the same operation' };

PartnerWebhookSubscription.implement({
  description: `A subscription to the notifications of one topic. Each notification is a POST of \`{url, api_key, event_type}\`, retried every minute for an hour until it is accepted. ${PARTNER_ONLY}`,
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'PartnerWebhookSubscription', 'topic_id'),
    topic: t.field({
      type: PartnerWebhookTopic.type,
      description: 'Topic of the notifications.',
      resolve: ({ topic_id }) => PartnerWebhookTopic.fromWire(topic_id),
    }),
    topicId: t.exposeInt('topic_id', { description: 'Number of the topic in the API.' }),
    hookUri: t.exposeString('hook_uri', { description: 'URL that notifications are sent to.' }),
    topicName: t.string({
      description: 'Name of the topic.',
      queryCost: cost.detail(partnerWebhooks, AFTER_WRITE),
      resolve: (row, _args, context) => resolvers.topicText(row, 'topic_name', context),
    }),
    topicDescription: t.string({
      description: 'Description of the topic.',
      queryCost: cost.detail(partnerWebhooks, AFTER_WRITE),
      resolve: (row, _args, context) => resolvers.topicText(row, 'topic_description', context),
    }),
  }),
});

entity(PartnerWebhookSubscription, 'PartnerWebhookSubscription', 'topicId', (id, { loaders }) =>
  loaders.partnerWebhooks.named.load(id),
);

builder.queryFields((t) => ({
  partnerWebhookSubscription: t.field({
    type: PartnerWebhookSubscription,
    description: `The subscription to a topic. \`null\` when there is none. ${PARTNER_ONLY}`,
    queryCost: { ...cost.calls(1), readBy: partnerWebhooks.cost.rows },
    args: {
      topic: t.arg({
        type: PartnerWebhookTopic.type,
        required: true,
        description: 'Topic of the subscription.',
      }),
    },
    resolve: (_parent, { topic }, { loaders }) => loaders.partnerWebhooks.named.load(topic),
  }),
  partnerWebhookSubscriptions: t.field({
    type: [PartnerWebhookSubscription],
    description: `All webhook subscriptions, one per topic. ${PARTNER_ONLY}`,
    queryCost: { ...cost.calls(1, { rows: 10 }), readBy: partnerWebhooks.cost.rows },
    resolve: (_parent, _args, { loaders }) => loaders.partnerWebhooks.all(),
  }),
}));

mutation('setPartnerWebhook', {
  description: `Subscribes to a topic, or changes the URL of the subscription. ${PARTNER_ONLY}`,
  queryCost: cost.calls(1),
  argument: 'The topic and the URL.',
  input: (t) => ({
    topic: t.field({
      type: PartnerWebhookTopic.type,
      required: true,
      description: 'Topic of the subscription.',
    }),
    hookUri: t.string({
      required: true,
      ...limited`URL to send notifications to, with https, ${{ maxLength: 512, isTrimmed: true }}.${NOT_BLANK}`,
    }),
  }),
  payload: (t) => ({
    subscription: t.expose('subscription', {
      type: PartnerWebhookSubscription,
      description: 'The created or updated subscription.',
    }),
  }),
  resolve: resolvers.setPartnerWebhook,
});

mutation('deletePartnerWebhook', {
  description: `Deletes the subscription to a topic. ${PARTNER_ONLY}`,
  queryCost: cost.calls(1),
  argument: 'The topic to unsubscribe from.',
  input: (t) => ({
    topic: t.field({
      type: PartnerWebhookTopic.type,
      required: true,
      description: 'Topic of the subscription.',
    }),
  }),
  payload: (t) => ({
    deletedId: deletedIdField(
      t,
      'PartnerWebhookSubscription',
      'the deleted subscription',
      (payload) => payload.deletedTopic,
    ),
    deletedTopic: t.field({
      type: PartnerWebhookTopic.type,
      description: 'Topic of the deleted subscription. `null` when nothing was deleted.',
      resolve: (payload) => PartnerWebhookTopic.fromWire(payload.deletedTopic),
    }),
  }),
  resolve: resolvers.deletePartnerWebhook,
});

mutation('testPartnerWebhook', {
  description: `Sends a test notification to the URL of a subscription. ${PARTNER_ONLY}`,
  queryCost: cost.calls(1),
  argument: 'The topic to test.',
  input: (t) => ({
    topic: t.field({
      type: PartnerWebhookTopic.type,
      required: true,
      description: 'Topic of the subscription.',
    }),
  }),
  payload: (t) => ({
    subscription: t.expose('subscription', {
      type: PartnerWebhookSubscription,
      description: 'The subscription that was tested.',
    }),
  }),
  resolve: resolvers.testPartnerWebhook,
});
