import {
  partnerWebhooks,
  type PartnerWebhookSubscription as SubscriptionRow,
} from '../loaders/partner-webhook.js';
import * as resolvers from '../resolvers/partner-webhook.js';
import { byReference } from '../resolvers/support/reference.js';
import { builder } from './builder.js';
import { openEnum, type EnumValues } from './enums.js';
import { PARTNER_ONLY } from './partner.js';
import { globalId } from './fields.js';
import { Node } from './node.js';
import { deletedIdField, payloadType } from './payload.js';
import { cost } from './cost.js';

const TOPICS = {
  TIER_UPGRADE: { wire: '1', description: 'A client account came into a higher step of its plan (topic 1).' },
  TIER_DOWNGRADE: {
    wire: '2',
    description: 'A client account came into a lower step of its plan (topic 2).',
  },
  ACCOUNT_CANCELLED: { wire: '3', description: 'A client account was cancelled (topic 3).' },
  ACCOUNT_DISABLED: { wire: '4', description: 'A client account was switched off (topic 4).' },
} satisfies EnumValues;

const PartnerWebhookTopic = openEnum(
  'PartnerWebhookTopic',
  'What a technology partner is told about its client accounts. There are no topics about contacts or campaigns.',
  TOPICS,
);

const PartnerWebhookSubscription = builder.objectRef<SubscriptionRow>('PartnerWebhookSubscription');
const AFTER_WRITE = { noneWhen: 'the subscription was not just set' };

PartnerWebhookSubscription.implement({
  description: `Where notifications of one topic go. Each is posted as \`{url, api_key, event_type}\`, and again every minute for an hour until it is accepted. ${PARTNER_ONLY}`,
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'PartnerWebhookSubscription', 'topic_id'),
    topic: t.field({
      type: PartnerWebhookTopic.type,
      description: 'The topic.',
      resolve: ({ topic_id }) => PartnerWebhookTopic.fromWire(topic_id),
    }),
    topicId: t.exposeInt('topic_id', { description: 'Number of the topic in the API.' }),
    hookUri: t.exposeString('hook_uri', { description: 'Address that notifications are posted to.' }),
    topicName: t.string({
      description: 'Name of the topic.',
      queryCost: cost.detail(partnerWebhooks, AFTER_WRITE),
      resolve: (row, _args, context) => resolvers.topicText(row, 'topic_name', context),
    }),
    topicDescription: t.string({
      description: 'What the topic is about.',
      queryCost: cost.detail(partnerWebhooks, AFTER_WRITE),
      resolve: (row, _args, context) => resolvers.topicText(row, 'topic_description', context),
    }),
  }),
});

builder.asEntity(PartnerWebhookSubscription, {
  key: [builder.selection<{ id: string }>('id'), builder.selection<{ topicId: number }>('topicId')],
  resolveReference: (key, { loaders }) =>
    byReference('PartnerWebhookSubscription', key, 'topicId', (id) => loaders.partnerWebhooks.named.load(id)),
});

builder.queryFields((t) => ({
  partnerWebhookSubscription: t.field({
    type: PartnerWebhookSubscription,
    description: `The subscription to one topic; null when there is none. ${PARTNER_ONLY}`,
    queryCost: cost.calls(1),
    args: { topic: t.arg({ type: PartnerWebhookTopic.type, required: true, description: 'The topic.' }) },
    resolve: resolvers.partnerWebhookSubscription,
  }),
  partnerWebhookSubscriptions: t.field({
    type: [PartnerWebhookSubscription],
    nullable: { list: true, items: false },
    description: `All subscriptions, one a topic. ${PARTNER_ONLY}`,
    queryCost: cost.calls(1, { rows: 10 }),
    resolve: resolvers.partnerWebhookSubscriptions,
  }),
}));

const SetPartnerWebhookInput = builder.inputType('SetPartnerWebhookInput', {
  description: 'Where notifications of a topic shall go.',
  fields: (t) => ({
    topic: t.field({ type: PartnerWebhookTopic.type, required: true, description: 'The topic.' }),
    hookUri: t.string({
      required: true,
      description: `Address to post them to: https, at most ${String(resolvers.HOOK_URI_MAX)} characters.`,
    }),
  }),
});

const DeletePartnerWebhookInput = builder.inputType('DeletePartnerWebhookInput', {
  description: 'The topic to unsubscribe from.',
  fields: (t) => ({
    topic: t.field({ type: PartnerWebhookTopic.type, required: true, description: 'The topic.' }),
  }),
});

const TestPartnerWebhookInput = builder.inputType('TestPartnerWebhookInput', {
  description: 'The topic to try out.',
  fields: (t) => ({
    topic: t.field({ type: PartnerWebhookTopic.type, required: true, description: 'The topic.' }),
  }),
});

const SetPartnerWebhookPayload = payloadType<{ subscription: SubscriptionRow }>(
  'SetPartnerWebhookPayload',
  'What came of `setPartnerWebhook`.',
  (t) => ({
    subscription: t.expose('subscription', {
      type: PartnerWebhookSubscription,
      description: 'The subscription as it is now.',
    }),
  }),
);

const DeletePartnerWebhookPayload = payloadType<{ deletedTopic: string }>(
  'DeletePartnerWebhookPayload',
  'What came of `deletePartnerWebhook`.',
  (t) => ({
    deletedId: deletedIdField(
      t,
      'PartnerWebhookSubscription',
      'the subscription that has ended',
      (payload) => payload.deletedTopic,
    ),
    deletedTopic: t.field({
      type: PartnerWebhookTopic.type,
      description: 'The topic that there is no subscription to any more.',
      resolve: (payload) => PartnerWebhookTopic.fromWire(payload.deletedTopic),
    }),
  }),
);

const TestPartnerWebhookPayload = payloadType<{ subscription: SubscriptionRow }>(
  'TestPartnerWebhookPayload',
  'What came of `testPartnerWebhook`.',
  (t) => ({
    subscription: t.expose('subscription', {
      type: PartnerWebhookSubscription,
      description: 'The subscription that was tried out.',
    }),
  }),
);

builder.mutationFields((t) => ({
  setPartnerWebhook: t.field({
    type: SetPartnerWebhookPayload,
    description: `Subscribes to a topic, or moves the subscription to another address. ${PARTNER_ONLY}`,
    queryCost: cost.calls(1),
    args: {
      input: t.arg({
        type: SetPartnerWebhookInput,
        required: true,
        description: 'The topic and the address.',
      }),
    },
    resolve: resolvers.setPartnerWebhook,
  }),
  deletePartnerWebhook: t.field({
    type: DeletePartnerWebhookPayload,
    description: `Ends the subscription to a topic. ${PARTNER_ONLY}`,
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: DeletePartnerWebhookInput, required: true, description: 'The topic.' }) },
    resolve: resolvers.deletePartnerWebhook,
  }),
  testPartnerWebhook: t.field({
    type: TestPartnerWebhookPayload,
    description: `Has the API post a made-up notification to the address of a topic. ${PARTNER_ONLY}`,
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: TestPartnerWebhookInput, required: true, description: 'The topic.' }) },
    resolve: resolvers.testPartnerWebhook,
  }),
}));
