import { asReadById } from '../constant-contact/by-id.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { whole } from './makers/collection.js';

export type PartnerWebhookSubscription = Schema<'WebhooksSubscriptionResponse'>;

/**
 * Webhook subscriptions of a technology partner, at most one per topic. They are read with the partner's own
 * credentials.
 */
export const partnerWebhooks = whole<PartnerWebhookSubscription>({
  noun: 'webhook subscriptions',
  key: 'topic_id',
  read: async ({ api }) => (await api.call('getWebhooksCollection', {})).map(asReadById),
  one: ({ api }, topic_id) => api.call('getWebhooksTopic', { path: { topic_id } }),
  hasAll: true,
});
