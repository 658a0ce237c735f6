import type { Context } from '../context.js';
import { parseDate } from '../constant-contact/dates.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { listIn } from '../constant-contact/lists.js';
import type { SmsEngagement } from '../loaders/contact-report.js';

type Choice = Schema<'CustomFieldChoice'>;

/**
 * The selected choices. The API writes choice IDs as numbers in definitions and as padded strings in
 * contacts, so they are compared without padding.
 */
export async function choices(
  value: Schema<'ContactCustomField'>,
  _args: unknown,
  { loaders }: Context,
): Promise<Choice[]> {
  const selected = listIn(value.choice_ids) ?? [];
  if (selected.length === 0 || !value.custom_field_id) return [];
  const field = await loaders.customFields.load(value.custom_field_id);
  const byId = new Map((field?.choices ?? []).map((choice) => [bareChoiceId(choice.choice_id), choice]));
  return selected.flatMap((id) => byId.get(bareChoiceId(id)) ?? []);
}

export function consentActionAt({ history_details: details }: SmsEngagement): Date | null {
  return parseDate(details?.consent_action_time);
}

/** A choice ID without the padding that some responses add. */
export function bareChoiceId(id: unknown): string {
  return String(id).replace(/^0+(?=.)/, '');
}
