import { parseDate } from '../dates.js';
import { invalid } from '../errors.js';
import type { ChoiceRow, CustomFieldRow, CustomValue } from '../stores/audience.js';

/** A choice ID in a contact: six digits, whereas the definition of the field has an integer. */
export const choiceKey = (choiceId: number): string => String(choiceId).padStart(6, '0');

/** The choice for a text: its ID with or without leading zeros, or its label. */
export function findChoice(field: CustomFieldRow, text: string): ChoiceRow | undefined {
  const choices = field.choices ?? [];
  const byId = /^\d+$/.test(text) ? choices.find((choice) => choice.choice_id === Number(text)) : undefined;
  return byId ?? choices.find((choice) => choice.choice_label.toLowerCase() === text.toLowerCase());
}

/**
 * A value as a contact stores it, validated by its field's type.
 * @throws Refusal 400 for an invalid value
 */
export function customValue(
  field: CustomFieldRow,
  input: { value?: string | undefined; choice_ids?: readonly string[] | undefined },
): CustomValue {
  const { custom_field_id } = field;
  if (field.type === 'single_select' || field.type === 'multi_select') {
    return { custom_field_id, choice_ids: choicesOf(field, input) };
  }
  const value = input.value?.trim() ?? '';
  const problem = problemWith(field, value);
  if (problem !== null) throw invalid(`custom field ${field.label}: ${problem}.`);
  return { custom_field_id, value };
}

function choicesOf(
  field: CustomFieldRow,
  input: { value?: string | undefined; choice_ids?: readonly string[] | undefined },
): string[] {
  const several = field.type === 'multi_select';
  const split = several ? (input.value ?? '').split(/[;,]/) : [input.value ?? ''];
  const wanted = input.choice_ids ?? split.map((part) => part.trim()).filter((part) => part !== '');
  if (!several && wanted.length > 1) throw invalid(`custom field ${field.label}: accepts one choice only.`);
  return wanted.map((text) => {
    const choice = findChoice(field, text);
    if (!choice) throw invalid(`custom field ${field.label}: ${text} is not one of its choices.`);
    return choiceKey(choice.choice_id);
  });
}

function problemWith(field: CustomFieldRow, value: string): string | null {
  switch (field.type) {
    case 'number':
    case 'currency':
      if (!/^-?\d+(\.\d+)?$/.test(value)) return 'is not a number';
      if (field.metadata?.integer && value.includes('.')) return 'must be a whole number';
      return field.metadata?.allow_negative === false && value.startsWith('-')
        ? 'must not be negative'
        : null;
    case 'boolean':
      return /^(true|false)$/i.test(value) ? null : 'is neither true nor false';
    case 'date':
      return field.version === 2 && Number.isNaN(parseDate(value)) ? 'is not a date' : null;
    case 'datetime':
      return Number.isNaN(parseDate(value)) ? 'is not a date' : null;
    default:
      return null;
  }
}
