import type { RequestBody, Schema } from '../constant-contact/contract/operations.js';
import { countIn } from '../constant-contact/numbers.js';
import { isWord, word } from '../constant-contact/words.js';
import type { CustomField } from '../loaders/custom-field.js';
import { bareChoiceId } from './contact-detail.js';
import type {
  CreateCustomFieldInput,
  CustomFieldChoiceUpdateInput,
  UpdateCustomFieldInput,
} from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { inputId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import {
  checkOnce,
  checkSomeChange,
  eachItem,
  inRange,
  maxItems,
  requiredText,
  validate,
} from './support/limits.js';
import { mutate } from './support/mutate.js';
import { afterWrite, withChanges, withSent, writeBack } from './support/write-back.js';

/**
 * Limits of a custom field (contract: `CustomFieldRequest`; vendor guide: number of choices per display
 * type).
 */
export const CUSTOM_FIELD_LIMITS = {
  choices: 20,
  dropdownChoices: 100,
  decimalPlaces: 4,
} as const;

/** Default display types: the API rejects a select without one. */
const DEFAULT_DISPLAY: Readonly<Record<string, string>> = {
  single_select: 'dropdown',
  multi_select: 'checkbox',
};

export const createCustomField = mutate(async ({ input }: { input: CreateCustomFieldInput }, { api }) => {
  const { label, type, version, metadata, choices } = input;
  const displayType = metadata?.displayType ?? DEFAULT_DISPLAY[type];
  validate(
    () => inRange(version, 1, 2, ['input', 'version']),
    () => {
      if (metadata?.integer !== true)
        inRange(metadata?.decimalPlaces, 1, CUSTOM_FIELD_LIMITS.decimalPlaces, [
          'input',
          'metadata',
          'decimalPlaces',
        ]);
    },
    () => {
      if (isWord(type, 'single_select', 'multi_select') && !choices?.length)
        throw new InputError('REQUIRED', 'A field of this type requires at least one choice.', [
          'input',
          'choices',
        ]);
    },
    () => checkCount(choices, displayType),
  );
  const positions = displayOrders(choices ?? []);
  const body = dropNulls({
    label,
    type,
    version,
    metadata: metadata || displayType ? wireMetadata({ ...metadata, displayType }) : undefined,
    choices: choices?.map(({ label: text }, index) => ({
      choice_label: text ?? '',
      display_order: positions[index],
    })),
  });
  const written = await api.call('postCustomFields', { body });
  const { choices: _, ...sent } = body;
  return { customField: withSent(sent, written) };
});

/**
 * Two calls: the PUT clears what it leaves out, so the field is read first. A choice keeps its identity, also
 * on contacts, only when the PUT includes its ID.
 */
export const updateCustomField = mutate(async ({ input }: { input: UpdateCustomFieldInput }, { api }) => {
  const custom_field_id = inputId('CustomField', input);
  validate(
    () => checkSomeChange(input, ['id']),
    eachItem(input.choices, ({ choiceId, label }, index) => {
      // Without a label, an existing choice keeps its own.
      if (choiceId == null) requiredText(label, Infinity, ['input', 'choices', String(index), 'label']);
    }),
  );
  const path = { custom_field_id };
  const customField = await api.exchange(async (exchange) => {
    const current = await api.call('getCustomField', { path }, { exchange });
    const body = changedField(input, current);
    // The API makes the name from the label.
    const { name, ...others } = current;
    return afterWrite(
      'putCustomField',
      body.label === current.label ? current : others,
      body,
      await api.call('putCustomField', { path, body }, { exchange }),
    );
  });
  // New choices have no IDs where the response leaves the choices out.
  const choices = customField.choices?.every(({ choice_id: id }) => id != null)
    ? customField.choices
    : undefined;
  return { customField: { ...customField, choices, custom_field_id } };
});

/**
 * The body of the PUT.
 * @throws InputError for another type and for invalid choices
 */
function changedField(input: UpdateCustomFieldInput, current: CustomField): RequestBody<'putCustomField'> {
  if (input.type != null && word(input.type) !== word(current.type)) {
    throw new InputError(
      'NOT_ALLOWED',
      `The type of a custom field can never be changed; this one is ${String(current.type).toUpperCase()}. Create a new field for another type.`,
      ['input', 'type'],
    );
  }
  const read = writeBack('putCustomField', withoutDeletedChoices(current));
  const choices = mergedChoices(input.choices, read.choices);
  checkCount(input.choices, current.metadata?.display_type);
  return withChanges<RequestBody<'putCustomField'>>(read, { label: input.label ?? undefined, choices });
}

function withoutDeletedChoices({ choices, ...field }: CustomField): CustomField {
  return { ...field, ...(choices && { choices: choices.filter(({ deleted_at }) => !deleted_at) }) };
}

/** Unlike lists and tags, a custom field is deleted immediately. */
export const deleteCustomField = mutate(async ({ input }: { input: { id: string } }, { api }) => {
  const custom_field_id = inputId('CustomField', input);
  await api.call('deleteCustomField', { path: { custom_field_id } });
  return { deletedId: custom_field_id };
});

type ChoicePut = Schema<'CustomFieldChoicePutRequest'>;

/**
 * The choices to send: those of the input, completed from the current ones; undefined when they do not
 * change.
 */
function mergedChoices(
  input: readonly CustomFieldChoiceUpdateInput[] | null | undefined,
  current: readonly ChoicePut[] = [],
): ChoicePut[] | undefined {
  if (!input) return input === null ? [] : undefined;
  checkOnce(
    input.map(({ choiceId }) => (choiceId == null ? null : String(bareChoiceId(choiceId)))),
    ['input', 'choices'],
    'choiceId',
  );
  const byId = new Map(current.map((choice) => [bareChoiceId(choice.choice_id), choice]));
  const counterpart = ({ choiceId }: CustomFieldChoiceUpdateInput) =>
    choiceId == null ? undefined : byId.get(bareChoiceId(choiceId));
  const positions = displayOrders(input, (choice) => counterpart(choice)?.display_order);
  return input.map((choice, index) => {
    const field = ['input', 'choices', String(index)];
    const before = counterpart(choice);
    if (choice.choiceId != null && !before) {
      throw new InputError('NOT_FOUND', 'The choice was not found in this custom field.', [
        ...field,
        'choiceId',
      ]);
    }
    const label = choice.label === undefined ? before?.choice_label : choice.label;
    return withChanges<ChoicePut>(before, {
      choice_label: requiredText(label, Infinity, [...field, 'label']),
      display_order: positions[index],
    });
  });
}

/**
 * Positions of choices: the given ones, then those before the change, then those in the list. If two choices had the same, all
 * choices without a given position are counted in the order of the list.
 */
function displayOrders(
  choices: readonly CustomFieldChoiceUpdateInput[],
  before: (choice: CustomFieldChoiceUpdateInput) => number | undefined = () => undefined,
): number[] {
  const usual = choices.map((choice, index) => choice.displayOrder ?? countIn(before(choice)) ?? index + 1);
  if (new Set(usual).size === usual.length) return usual;
  const given = new Set(choices.map(({ displayOrder }) => displayOrder));
  let next = 0;
  return choices.map(({ displayOrder }) => {
    if (displayOrder != null) return displayOrder;
    do next += 1;
    while (given.has(next));
    return next;
  });
}

/** @throws InputError for more choices than the display type allows */
function checkCount(
  choices: readonly CustomFieldChoiceUpdateInput[] | null | undefined,
  display: string | null | undefined,
): void {
  const isAlwaysVisible = isWord(display, 'radio', 'checkbox');
  const { choices: few, dropdownChoices } = CUSTOM_FIELD_LIMITS;
  maxItems(choices, isAlwaysVisible ? few : dropdownChoices, ['input', 'choices']);
}

function wireMetadata(
  metadata: NonNullable<CreateCustomFieldInput['metadata']>,
): Schema<'CustomFieldMetadata'> {
  return dropNulls({
    display_type: metadata.displayType,
    allow_negative: metadata.allowNegative,
    integer: metadata.integer,
    decimal_places: metadata.decimalPlaces,
    currency_code: metadata.currencyCode,
    display_format: metadata.displayFormat,
  });
}
