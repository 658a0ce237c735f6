import type { Api } from '../constant-contact/api.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { orNull } from './makers/batch.js';
import { single, type ById } from './makers/single.js';

export type PartnerWebhookSubscription = Schema<'WebhooksSubscriptionResponse'>;

export interface PartnerWebhookLoaders extends ById<PartnerWebhookSubscription> {
  /** All subscriptions, at most one a topic. One call. */
  list(): Promise<readonly PartnerWebhookSubscription[]>;
}

/** Webhook subscriptions of a technology partner by topic: ONE. They are read with the partner's own credentials. */
export function partnerWebhookLoaders(api: Api): PartnerWebhookLoaders {
  const byTopic = single((topic_id) =>
    orNull<PartnerWebhookSubscription>(api.call('getWebhooksTopic', { path: { topic_id } })),
  );
  return { ...byTopic, list: () => api.call('getWebhooksCollection', {}) };
}
