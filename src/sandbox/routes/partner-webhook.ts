import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { invalid, notFound } from '../errors.js';
import type { Handlers } from '../handler.js';
import type { PartnerWebhookRow } from '../stores/partner.js';

const TOPICS: Readonly<Record<string, readonly [name: string, description: string]>> = {
  1: ['tier.increase', 'A client account moved to a higher billing tier.'],
  2: ['tier.decrease', 'A client account moved to a lower billing tier.'],
  3: ['account.cancelled', 'A client account was cancelled.'],
  4: ['account.disabled', 'A client account was disabled.'],
};
const HOOK_URI_MAX = 512;

/** Where a partner is told of changes in its client accounts. Nothing is posted there: the sandbox calls nobody. */
export const partnerWebhook = {
  getWebhooksCollection: ({ account }) => ({
    status: 200,
    body: [...account.partnerWebhooks].sort((a, b) => a.topic_id - b.topic_id).map(subscription),
  }),

  getWebhooksTopic: ({ account, path }) => ({ status: 200, body: subscription(find(account, path.topic_id)) }),

  putWebhooksTopic: ({ account, path, body }) => {
    const { hook_uri = '' } = body;
    if (!TOPICS[path.topic_id]) throw notFound('There is no such topic.');
    if (!/^https:\/\//i.test(hook_uri) || hook_uri.length > HOOK_URI_MAX) throw invalid('hook_uri is not valid.');
    const row =
      account.partnerWebhooks.get(path.topic_id) ??
      account.partnerWebhooks.add({ topic_id: Number(path.topic_id), hook_uri });
    row.hook_uri = hook_uri;
    return { status: 200, body: { topic_id: row.topic_id, hook_uri } };
  },

  deleteWebhooksSubscriptions: ({ account, path }) => {
    find(account, path.topic_id);
    account.partnerWebhooks.remove(path.topic_id);
    return { status: 204 };
  },

  testSendWebhooksTopic: ({ account, path }) => ({
    status: 201,
    body: subscription(find(account, path.topic_id)),
  }),
} satisfies Handlers;

function find({ partnerWebhooks }: Account, topic: string): PartnerWebhookRow {
  const row = partnerWebhooks.get(topic);
  if (!row) throw notFound('There is no subscription to this topic.');
  return row;
}

function subscription({ topic_id, hook_uri }: PartnerWebhookRow): Schema<'WebhooksSubscriptionResponse'> {
  const [topic_name = '', topic_description = ''] = TOPICS[topic_id] ?? [];
  return { topic_id, hook_uri, topic_name, topic_description };
}
