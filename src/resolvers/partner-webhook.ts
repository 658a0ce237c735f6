import { asReadById, isReadById } from '../constant-contact/by-id.js';
import type { Context } from '../context.js';
import type { PartnerWebhookSubscription } from '../loaders/partner-webhook.js';
import type { SetPartnerWebhookInput } from './inputs.js';
import { InputError } from './support/input-error.js';
import { mutate, undefinedIfUnread } from './support/mutate.js';
import { withSent } from './support/write-back.js';

/**
 * Name or description of a topic: from the row, or from one call when the row came from a write, whose
 * response lacks them.
 */
export async function topicText(
  row: PartnerWebhookSubscription,
  key: 'topic_name' | 'topic_description',
  { loaders }: Context,
): Promise<string | null> {
  if (isReadById(row) || row.topic_id === undefined) return row[key] ?? null;
  return (await loaders.partnerWebhooks.named.load(String(row.topic_id)))?.[key] ?? null;
}

export const setPartnerWebhook = mutate(async ({ input }: { input: SetPartnerWebhookInput }, { api }) => {
  const hook_uri = httpsUrl(input.hookUri, ['input', 'hookUri']);
  const body = { hook_uri };
  const written = await api.call('putWebhooksTopic', { path: { topic_id: input.topic }, body });
  const subscription: PartnerWebhookSubscription = withSent(
    { ...body, topic_id: Number(input.topic) },
    written,
  );
  return { subscription };
});

export const deletePartnerWebhook = mutate(async ({ input }: { input: { topic: string } }, { api }) => {
  await api.call('deleteWebhooksSubscriptions', { path: { topic_id: input.topic } });
  return { deletedTopic: input.topic };
});

export const testPartnerWebhook = mutate(async ({ input }: { input: { topic: string } }, { api }) => {
  const call = api.call('testSendWebhooksTopic', { path: { topic_id: input.topic } });
  const sent: PartnerWebhookSubscription | undefined = await undefinedIfUnread(call, api);
  const topic_id = Number(input.topic);
  return { subscription: sent ? asReadById({ topic_id, ...sent }) : { topic_id } };
});

/** @throws InputError unless the text is an https URL */
function httpsUrl(text: string, field: readonly string[]): string {
  const uri = text.trim();
  if (!URL.canParse(uri) || new URL(uri).protocol !== 'https:') {
    throw new InputError('INVALID', 'This must be a URL that starts with https://.', field);
  }
  return uri;
}
