import type { CustomField as CustomFieldRow } from '../loaders/custom-field.js';
import * as resolvers from '../resolvers/custom-field.js';
import { CUSTOM_FIELD_LIMITS as limits } from '../resolvers/custom-field.js';
import { builder } from './builder.js';
import { edgeField } from './connection.js';
import { CustomField, CustomFieldConnection, CustomFieldDisplay, CustomFieldType } from './custom-field.js';
import { deletedIdField, payloadType } from './payload.js';
import { cost } from './cost.js';
import { KEPT, keptOf } from './update-words.js';

const CustomFieldMetadataInput = builder.inputType('CustomFieldMetadataInput', {
  description:
    'How values are entered and shown. What applies depends on the type. It cannot be changed later.',
  fields: (t) => ({
    displayType: t.field({
      type: CustomFieldDisplay.type,
      description:
        'For choices: how a form shows them. Default: DROPDOWN for one choice, CHECKBOX for several.',
    }),
    allowNegative: t.boolean({ description: 'For numbers and amounts: whether they may lie below zero.' }),
    integer: t.boolean({ description: 'For numbers: whether they are whole.' }),
    decimalPlaces: t.int({
      description: `For numbers that are not whole: decimal places, 1 to ${limits.decimalPlaces}.`,
    }),
    currencyCode: t.string({ description: 'For amounts: the currency, a code of three letters.' }),
    displayFormat: t.string({ description: 'For dates of version 2: how they are shown.' }),
  }),
});

const CustomFieldChoiceInput = builder.inputType('CustomFieldChoiceInput', {
  description: 'A choice of a new field.',
  fields: (t) => ({
    label: t.string({
      required: true,
      description: `Text of the choice, at most ${limits.choiceLabel} characters.`,
    }),
    displayOrder: t.int({
      description: 'Place among the choices. When left out, its place in this list, counted from 1.',
    }),
  }),
});

const CustomFieldChoiceUpdateInput = builder.inputType('CustomFieldChoiceUpdateInput', {
  description: `A choice as it shall be: a new one, or one that is there already. ${keptOf('One with the same choiceId')}`,
  fields: (t) => ({
    choiceId: t.id({
      description:
        'Id of a choice that is there. Contacts that took it keep it. When left out, the choice is new.',
    }),
    label: t.string({
      description: `Text, at most ${limits.choiceLabel} characters. A new choice needs it; it cannot be cleared.`,
    }),
    displayOrder: t.int({
      description:
        'Place among the choices. When left out for a new choice, its place in this list, counted from 1.',
    }),
  }),
});

const CreateCustomFieldInput = builder.inputType('CreateCustomFieldInput', {
  description: 'A new custom field. An account has at most 100.',
  fields: (t) => ({
    label: t.string({
      required: true,
      description: `Name that people see, unique in the account, at most ${limits.label} characters.`,
    }),
    type: t.field({
      type: CustomFieldType.type,
      required: true,
      description: 'What kind of value it holds. It can never be changed.',
    }),
    metadata: t.field({
      type: CustomFieldMetadataInput,
      description: 'How values are entered and shown.',
    }),
    choices: t.field({
      type: [CustomFieldChoiceInput],
      description: `For single and multiple choice: what can be chosen, at most ${limits.dropdownChoices} in a dropdown and ${limits.choices} otherwise.`,
    }),
    version: t.int({
      description: 'For dates: 1 to keep them as text, 2 to keep them as dates.',
    }),
  }),
});

const UpdateCustomFieldInput = builder.inputType('UpdateCustomFieldInput', {
  description: `Changes to a custom field. ${KEPT} Only label and choices can change.`,
  fields: (t) => ({
    id: t.id({ required: true, description: 'Global or raw id of the field.' }),
    label: t.string({
      description: `New name that people see, at most ${limits.label} characters. It cannot be emptied.`,
    }),
    type: t.field({
      type: CustomFieldType.type,
      description:
        'The type that the field has. It cannot be changed: another type is refused with NOT_ALLOWED.',
    }),
    choices: t.field({
      type: [CustomFieldChoiceUpdateInput],
      description:
        'All choices that the field shall offer: one that is not in the list is taken away. Null takes all away.',
    }),
  }),
});

const DeleteCustomFieldInput = builder.inputType('DeleteCustomFieldInput', {
  description: 'The custom field to delete.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global or raw id of the field.' }) }),
});

const CreateCustomFieldPayload = payloadType<{ customField: CustomFieldRow }>(
  'CreateCustomFieldPayload',
  'What came of `createCustomField`.',
  (t) => ({
    customField: t.expose('customField', { type: CustomField, description: 'The new field.' }),
    customFieldEdge: edgeField(t, CustomFieldConnection, 'the new field', (payload) => payload.customField),
  }),
);

const UpdateCustomFieldPayload = payloadType<{ customField: CustomFieldRow }>(
  'UpdateCustomFieldPayload',
  'What came of `updateCustomField`.',
  (t) => ({
    customField: t.expose('customField', { type: CustomField, description: 'The field after the change.' }),
  }),
);

const DeleteCustomFieldPayload = payloadType<{ deletedCustomFieldId: string }>(
  'DeleteCustomFieldPayload',
  'What came of `deleteCustomField`.',
  (t) => ({
    deletedId: deletedIdField(
      t,
      'CustomField',
      'the field that is gone',
      (payload) => payload.deletedCustomFieldId,
    ),
    deletedCustomFieldId: t.id({
      description: 'Raw id of the field that is gone.',
      resolve: (payload) => payload.deletedCustomFieldId,
    }),
  }),
);

builder.mutationFields((t) => ({
  createCustomField: t.field({
    type: CreateCustomFieldPayload,
    description: 'Makes a custom field.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: CreateCustomFieldInput, required: true, description: 'The new field.' }) },
    resolve: resolvers.createCustomField,
  }),
  updateCustomField: t.field({
    type: UpdateCustomFieldPayload,
    description:
      'Changes label and choices of a custom field. The API empties what it is not sent, so the field is read first.',
    queryCost: cost.calls(2),
    args: { input: t.arg({ type: UpdateCustomFieldInput, required: true, description: 'The changes.' }) },
    resolve: resolvers.updateCustomField,
  }),
  deleteCustomField: t.field({
    type: DeleteCustomFieldPayload,
    description:
      'Deletes a custom field at once, with the values that contacts have in it. To delete several, `deleteCustomFields`.',
    queryCost: cost.calls(1),
    args: { input: t.arg({ type: DeleteCustomFieldInput, required: true, description: 'The field.' }) },
    resolve: resolvers.deleteCustomField,
  }),
}));
