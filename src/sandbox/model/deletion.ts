import type { Account } from '../account.js';
import { choiceKey } from './custom-value.js';
import type { JobOutcome } from '../jobs.js';
import type { ChoiceRow, CustomFieldRow } from '../stores/audience.js';

/** Deletes lists; their members stay as contacts. */
export function deleteLists(account: Account, ids: readonly string[], now: number): JobOutcome {
  const gone = new Set<string>();
  for (const id of ids) {
    const row = account.lists.get(id);
    if (row?.deleted_at !== null) continue;
    account.lists.update(row, () => {
      row.deleted_at = now;
      row.updated_at = now;
    });
    gone.add(id);
  }
  for (const contact of account.contacts) {
    if (!contact.list_memberships.some((id) => gone.has(id))) continue;
    contact.list_memberships = contact.list_memberships.filter((id) => !gone.has(id));
  }
  return {};
}

/** Deletes tags permanently, also from contacts. */
export function deleteTags(account: Account, ids: readonly string[]): JobOutcome {
  const gone = new Set(ids.filter((id) => account.tags.remove(id)));
  for (const contact of account.contacts) {
    if (!contact.taggings.some((id) => gone.has(id))) continue;
    contact.taggings = contact.taggings.filter((id) => !gone.has(id));
  }
  return { counters: { items_completed_count: ids.length } };
}

/** Deletes custom fields permanently, with the values in contacts. */
export function deleteCustomFields(account: Account, ids: readonly string[]): JobOutcome {
  const gone = new Set(ids.filter((id) => account.customFields.remove(id)));
  for (const contact of account.contacts) {
    if (!contact.custom_fields.some((value) => gone.has(value.custom_field_id))) continue;
    contact.custom_fields = contact.custom_fields.filter((value) => !gone.has(value.custom_field_id));
  }
  return {};
}

/** Removes deleted choices of a field from contacts. */
export function dropChoices(account: Account, field: CustomFieldRow, kept: readonly ChoiceRow[]): void {
  const keys = new Set(kept.map((choice) => choiceKey(choice.choice_id)));
  for (const contact of account.contacts) {
    for (const value of contact.custom_fields) {
      if (value.custom_field_id !== field.custom_field_id) continue;
      value.choice_ids = (value.choice_ids ?? []).filter((id) => keys.has(id));
    }
  }
}
