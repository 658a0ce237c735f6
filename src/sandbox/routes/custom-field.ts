import type { Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import { compact } from '../compact.js';
import { secondsOffset } from '../dates.js';
import { conflict, invalid, notFound } from '../errors.js';
import type { Handlers } from '../handler.js';
import { deleteCustomFields, dropChoices } from '../model/deletion.js';
import { customFieldName } from '../seed/groups.js';
import {
  CUSTOM_FIELD_TYPES,
  type ChoiceRow,
  type CustomFieldRow,
  type CustomFieldType,
} from '../stores/audience.js';

const PAGE = 50;
const MAX_FIELDS = 100;
/** Radio buttons and check boxes. A dropdown may have 100, the limit in the contract. */
const MAX_BUTTONS = 20;

export const customField = {
  getCustomFields: (call) => {
    const page = call.page.take(call.account.customFields, { limit: call.query.limit ?? PAGE });
    return { status: 200, body: { custom_fields: page.rows.map(fieldResource), ...page.links } };
  },

  getCustomField: (call) => ({
    status: 200,
    body: fieldResource(find(call.account, call.path.custom_field_id)),
  }),

  postCustomFields: (call) => {
    const { account, body, now } = call;
    const label = checkLabel(account, body.label, null);
    const type = CUSTOM_FIELD_TYPES.find((name) => name === body.type);
    if (!type) throw invalid(`${body.type ?? ''} is not a type of a custom field.`);
    const select = isSelect(type);
    if (select !== (body.choices ?? []).length > 0)
      throw invalid('Selects require choices, and other types cannot have any.');
    if (select && !body.metadata?.display_type)
      throw invalid(`metadata.display_type is required for ${type}.`);
    if (account.customFields.size >= MAX_FIELDS)
      throw invalid('An account can have at most 100 custom fields.');
    const row = account.customFields.add({
      custom_field_id: account.ids.uuid('custom-field'),
      label,
      name: customFieldName(label),
      type,
      metadata: body.metadata ?? null,
      version: body.version ?? 1,
      choices: null,
      created_at: now,
      updated_at: now,
    });
    if (select) row.choices = choiceRows(row, body.choices ?? [], now);
    return { status: 201, body: fieldResource(row) };
  },

  putCustomField: (call) => {
    const { account, body, now } = call;
    const row = find(account, call.path.custom_field_id);
    const label = checkLabel(account, body.label, row);
    const choices = choiceRows(row, body.choices ?? [], now);
    dropChoices(account, row, choices);
    account.customFields.update(row, () => {
      row.label = label;
      row.name = customFieldName(label);
      row.choices = choices.length > 0 ? choices : null;
      row.updated_at = now;
    });
    return { status: 200, body: fieldResource(row) };
  },

  deleteCustomField: (call) => {
    const { custom_field_id } = find(call.account, call.path.custom_field_id);
    deleteCustomFields(call.account, [custom_field_id]);
    return { status: 204 };
  },
} satisfies Handlers;

/** The choices after a write: those with a known ID keep it, the others get new ones. */
function choiceRows(
  field: CustomFieldRow,
  inputs: readonly Schema<'CustomFieldChoicePutRequest'>[],
  now: number,
): ChoiceRow[] {
  const display = field.metadata?.display_type;
  if (inputs.length > MAX_BUTTONS && (display === 'radio' || display === 'checkbox')) {
    throw invalid(`A ${display} field can have at most 20 choices.`);
  }
  const current = field.choices ?? [];
  let last = Math.max(0, ...current.map((choice) => choice.choice_id));
  return inputs.map((input, i) => {
    const known = current.find((choice) => choice.choice_id === input.choice_id);
    return {
      choice_id: known?.choice_id ?? ++last,
      choice_label: input.choice_label ?? known?.choice_label ?? '',
      display_order: input.display_order ?? i,
      created_at: known?.created_at ?? now,
      updated_at: now,
    };
  });
}

function fieldResource(row: CustomFieldRow): Schema<'CustomField'> {
  const resource = compact<Schema<'CustomField'>>({
    custom_field_id: row.custom_field_id,
    label: row.label,
    name: row.name,
    type: row.type,
    metadata: row.metadata,
    version: row.version,
    choices: row.choices?.map((choice) => ({
      ...choice,
      custom_field_id: row.custom_field_id,
      created_at: secondsOffset(choice.created_at),
      updated_at: secondsOffset(choice.updated_at),
    })),
    created_at: secondsOffset(row.created_at),
    updated_at: secondsOffset(row.updated_at),
  });
  return isSelect(row.type) ? { ...resource, choices: resource.choices ?? null } : resource;
}

const isSelect = (type: CustomFieldType): boolean => type === 'single_select' || type === 'multi_select';

function checkLabel(account: Account, label: string | undefined, own: CustomFieldRow | null): string {
  if (!label?.trim()) throw invalid('label is required.');
  const { customFields } = account;
  const holders = [
    customFields.first('label', label.toLowerCase()),
    customFields.first('name', customFieldName(label)),
  ];
  if (holders.some((holder) => holder && holder !== own))
    throw conflict('A custom field with this label exists.');
  return label;
}

function find(account: Account, id: string): CustomFieldRow {
  const row = account.customFields.get(id);
  if (!row) throw notFound('custom_field_id does not exist.');
  return row;
}
