import * as resolvers from '../resolvers/custom-field.js';
import { CUSTOM_FIELD_LIMITS as limits } from '../resolvers/custom-field.js';
import { builder } from './builder.js';
import { edgeField } from './connection.js';
import { CustomField, CustomFieldConnection, CustomFieldDisplay, CustomFieldType } from './custom-field.js';
import { deletion } from './deletion.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { KEPT, keptOf } from './update-words.js';
import { limited } from './limits.js';

const CustomFieldMetadataInput = builder.inputType('CustomFieldMetadataInput', {
  description:
    'Rules for entering and displaying values of a new custom field. Each type of field uses some of them. They cannot be changed later.',
  fields: (t) => ({
    displayType: t.field({
      type: CustomFieldDisplay.type,
      description:
        'For single and multiple choice: form control for the choices. Default: DROPDOWN for single, CHECKBOX for multiple choice.',
    }),
    allowNegative: t.boolean({ description: 'For numbers and amounts: true when they may be negative.' }),
    integer: t.boolean({ description: 'For numbers: true when they are integers.' }),
    decimalPlaces: t.int(
      limited`For numbers that are not integers: number of decimal places, ${{ minimum: 1, maximum: limits.decimalPlaces, isConditional: true }}.`,
    ),
    currencyCode: t.string({ description: 'For amounts: ISO 4217 currency code, such as USD.' }),
    displayFormat: t.string({ description: 'For dates of version 2: display format.' }),
  }),
});

const CustomFieldChoiceInput = builder.inputType('CustomFieldChoiceInput', {
  description: 'Input of a choice of a new custom field.',
  fields: (t) => ({
    label: t.string({
      required: true,
      ...limited`Label, ${{ minLength: 1, maxLength: 255 }}.`,
    }),
    displayOrder: t.int({
      description: 'Position among the choices. Default: its position in this list, counted from 1.',
    }),
  }),
});

const CustomFieldChoiceUpdateInput = builder.inputType('CustomFieldChoiceUpdateInput', {
  description: `Input of a new or existing choice of a custom field. ${keptOf('A choice with the same `choiceId`')}`,
  fields: (t) => ({
    choiceId: t.id({
      description:
        'Constant Contact ID of an existing choice. Contacts keep their value when the ID is passed. Omit it for a new choice.',
    }),
    label: t.string(
      limited`Label, ${{ minLength: 1, maxLength: 255 }}. Required for a new choice; it ${{ nullable: false }}.`,
    ),
    displayOrder: t.int({
      description:
        'Position among the choices. Default for a new choice: its position in this list, counted from 1. If two choices had the same position, all choices without one are counted in the order of the list.',
    }),
  }),
});

const CHOICES = limited`${{ maxItems: limits.dropdownChoices }} in a drop-down list and ${limits.choices.toString()} otherwise`;

mutation('createCustomField', {
  description: 'Creates a custom field.',
  queryCost: cost.calls(1),
  argument: 'The new custom field.',
  inputNote: 'An account has at most 100 custom fields.',
  input: (t) => ({
    label: t.string({
      required: true,
      ...limited`Label for users, unique in the account, ${{ minLength: 1, maxLength: 50 }}.`,
    }),
    type: t.field({
      type: CustomFieldType.type,
      required: true,
      description: 'Type of its values. It can never be changed.',
    }),
    metadata: t.field({
      type: CustomFieldMetadataInput,
      description: 'Rules for entering and displaying its values.',
    }),
    choices: t.field({
      type: [CustomFieldChoiceInput],
      ...limited`For single and multiple choice: the choices, ${CHOICES}.`,
    }),
    version: t.int(limited`For dates, ${{ enum: [1, 2] }}: 1 stores values as text, 2 stores them as dates.`),
  }),
  payload: (t) => ({
    customField: t.expose('customField', { type: CustomField, description: 'The new custom field.' }),
    customFieldEdge: edgeField(
      t,
      CustomFieldConnection,
      'the new custom field',
      (payload) => payload.customField,
    ),
  }),
  resolve: resolvers.createCustomField,
});

mutation('updateCustomField', {
  description:
    'Updates the label and the choices of a custom field. The API clears values that a request omits, so the field is read first.',
  queryCost: cost.calls(2),
  argument: 'The new values.',
  inputNote: `${KEPT} Only the label and the choices can be changed.`,
  input: (t) => ({
    id: t.id({ required: true, description: 'Global ID or Constant Contact ID of the custom field.' }),
    label: t.string(
      limited`New label for users, ${{ minLength: 1, maxLength: 50 }}. It ${{ nullable: false }}.`,
    ),
    type: t.field({
      type: CustomFieldType.type,
      description:
        'Current type of the field. It cannot be changed: another type is rejected with NOT_ALLOWED.',
    }),
    choices: t.field({
      type: [CustomFieldChoiceUpdateInput],
      ...limited`All choices of the field, ${CHOICES}. A choice that is not in the list is removed; \`null\` removes all.`,
    }),
  }),
  payload: (t) => ({
    customField: t.expose('customField', { type: CustomField, description: 'The updated custom field.' }),
  }),
  resolve: resolvers.updateCustomField,
});

deletion('deleteCustomField', 'CustomField', {
  noun: 'custom field',
  rawIdField: 'deletedCustomFieldId',
  description:
    'Deletes a custom field immediately, together with its values on contacts. Use `deleteCustomFields` to delete several.',
  resolve: resolvers.deleteCustomField,
});
