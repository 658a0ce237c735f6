import DataLoader from 'dataloader';
import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound } from '../constant-contact/by-id.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { gather } from './makers/gather.js';
import { asError, type ById } from './makers/single.js';
import type { Costs } from './cost.js';

export type PartnerWebhookSubscription = Schema<'WebhooksSubscriptionResponse'>;

export interface PartnerWebhookLoaders extends ById<PartnerWebhookSubscription> {
  /** All subscriptions, at most one a topic. One call. */
  list(): Promise<readonly PartnerWebhookSubscription[]>;
}

/**
 * Webhook subscriptions of a technology partner: ONE for a single topic, and for several the collection, which has all
 * of them. They are read with the partner's own credentials.
 */
export function partnerWebhookLoaders(api: Api): PartnerWebhookLoaders {
  let all: Promise<readonly PartnerWebhookSubscription[]> | undefined;
  const list = () =>
    (all ??= api.call('getWebhooksCollection', {}).catch((error: unknown) => {
      // A failed read is not remembered: the next field of the same request may try again.
      all = undefined;
      throw error;
    }));
  const one = (topic_id: string) =>
    nullIfNotFound<PartnerWebhookSubscription>(api.call('getWebhooksTopic', { path: { topic_id } }));
  const inList = async (topic: string) =>
    (await list()).find(({ topic_id }) => String(topic_id) === topic) ?? null;

  const byTopic = new DataLoader<string, PartnerWebhookSubscription | null>(
    (topics) => {
      const read = topics.length > 1 || all ? inList : one;
      return Promise.all(topics.map((topic) => read(topic).catch(asError)));
    },
    { batchScheduleFn: gather(api) },
  );
  return {
    list,
    load: (topic) => byTopic.load(topic),
    prime: (topic, subscription) => {
      byTopic.prime(topic, subscription);
    },
    clear: () => {
      all = undefined;
      byTopic.clearAll();
    },
  };
}

export const partnerWebhooks = {
  cost: { costClass: 'WHOLE', rows: 'webhook subscriptions' },
} as const satisfies Costs;
