import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { invalid, notFound } from '../errors.js';
import type { Handlers } from '../handler.js';

const TOPICS: Readonly<Record<number, readonly [name: string, description: string]>> = {
  1: ['tier.increase', 'A client account moved to a higher billing tier.'],
  2: ['tier.decrease', 'A client account moved to a lower billing tier.'],
  3: ['account.cancelled', 'A client account was cancelled.'],
  4: ['account.disabled', 'A client account was disabled.'],
};
const HOOK_URI_MAX = 512;

/** Webhook subscriptions of a partner. The sandbox sends no notifications. */
export const partnerWebhook = {
  getWebhooksCollection: ({ account }) => ({
    status: 200,
    body: [...account.partnerWebhooks.keys()].sort().map((topic) => subscription(account, topic)),
  }),

  getWebhooksTopic: ({ account, path }) => ({
    status: 200,
    body: subscription(account, Number(path.topic_id)),
  }),

  putWebhooksTopic: ({ account, path, body }) => {
    const topic_id = Number(path.topic_id);
    const { hook_uri = '' } = body;
    if (!TOPICS[topic_id]) throw notFound('There is no such topic.');
    if (!/^https:\/\//i.test(hook_uri) || hook_uri.length > HOOK_URI_MAX)
      throw invalid('hook_uri is not valid.');
    account.partnerWebhooks.set(topic_id, hook_uri);
    return { status: 200, body: { topic_id, hook_uri } };
  },

  deleteWebhooksSubscriptions: ({ account, path }) => {
    const existed = account.partnerWebhooks.delete(Number(path.topic_id));
    if (!existed) throw notFound('There is no subscription to this topic.');
    return { status: 204 };
  },

  testSendWebhooksTopic: ({ account, path }) => ({
    status: 201,
    body: subscription(account, Number(path.topic_id)),
  }),
} satisfies Handlers;

/** @throws Refusal 404 when there is none */
function subscription(
  { partnerWebhooks }: Account,
  topic_id: number,
): Schema<'WebhooksSubscriptionResponse'> {
  const hook_uri = partnerWebhooks.get(topic_id);
  if (hook_uri === undefined) throw notFound('There is no subscription to this topic.');
  const [topic_name = '', topic_description = ''] = TOPICS[topic_id] ?? [];
  return { topic_id, hook_uri, topic_name, topic_description };
}
