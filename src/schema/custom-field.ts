import {
  customFields,
  type CustomFieldChoice as CustomFieldChoiceRow,
  type CustomField as CustomFieldRow,
} from '../loaders/custom-field.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import * as resolvers from '../resolvers/custom-field.js';
import { CUSTOM_FIELD_LIMITS as limits } from '../resolvers/custom-field.js';
import { byReference } from '../resolvers/support/reference.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { enumFields, openEnum } from './enums.js';
import { date, dateTime, globalId, rawIdField, requiredText } from './fields.js';
import { Node } from './node.js';
import { cost } from './cost.js';

export const CustomFieldType = openEnum('CustomFieldType', 'What kind of value a custom field holds.', {
  STRING: { wire: 'string', description: 'One line of text.' },
  TEXT_AREA: { wire: 'text_area', description: 'Several lines of text.' },
  NUMBER: { wire: 'number', description: 'A number.' },
  CURRENCY: { wire: 'currency', description: 'An amount of money.' },
  DATE: { wire: 'date', description: 'A day.' },
  DATETIME: { wire: 'datetime', description: 'A point in time.' },
  BOOLEAN: { wire: 'boolean', description: 'Yes or no.' },
  SINGLE_SELECT: { wire: 'single_select', description: 'One of the choices.' },
  MULTI_SELECT: { wire: 'multi_select', description: 'Any of the choices.' },
  PHONE_NUMBER: {
    wire: 'phone_number',
    description: 'A phone number. The vendor does not name it for new fields and may refuse it.',
  },
});

export const CustomFieldDisplay = openEnum(
  'CustomFieldDisplay',
  'How a form shows the choices of a custom field.',
  {
    DROPDOWN: { wire: 'dropdown', description: `A list to open, at most ${limits.dropdownChoices} choices.` },
    CHECKBOX: {
      wire: 'checkbox',
      description: `Boxes to tick, all in view, at most ${limits.choices} choices.`,
    },
    RADIO: {
      wire: 'radio',
      description: `Buttons of which one can be on, all in view, at most ${limits.choices} choices.`,
    },
  },
);

const CustomFieldMetadata = builder.objectRef<Schema<'CustomFieldMetadata'>>('CustomFieldMetadata');
CustomFieldMetadata.implement({
  description: 'How values of a custom field are entered and shown. What applies depends on the type.',
  fields: (t) => ({
    ...enumFields(
      t,
      'displayType',
      'display_type',
      CustomFieldDisplay,
      'For choices: how a form shows them.',
    ),
    allowNegative: t.exposeBoolean('allow_negative', {
      description: 'For numbers and amounts: whether they may lie below zero.',
    }),
    integer: t.exposeBoolean('integer', { description: 'For numbers: whether they are whole.' }),
    decimalPlaces: t.exposeInt('decimal_places', {
      description: 'For numbers that are not whole: decimal places, 1 to 4.',
    }),
    currencyCode: t.exposeString('currency_code', {
      description: 'For amounts: the currency, a code of three letters.',
    }),
    displayFormat: t.exposeString('display_format', {
      description: 'For dates of version 2: how they are shown.',
    }),
  }),
});

export const CustomFieldChoice = builder.objectRef<CustomFieldChoiceRow>('CustomFieldChoice');
CustomFieldChoice.implement({
  description: 'One of the answers that a custom field offers.',
  fields: (t) => ({
    choiceId: rawIdField(
      t,
      'choice_id',
      'Id of the choice within its field; contacts and updates refer to it.',
    ),
    label: t.exposeString('choice_label', { description: 'Text of the choice, at most 255 characters.' }),
    displayOrder: t.exposeInt('display_order', { description: 'Place among the choices.' }),
    createdAt: dateTime(t, 'created_at', 'When the choice was added.'),
    updatedAt: dateTime(t, 'updated_at', 'When it last changed.'),
    deletedAt: date(t, 'deleted_at', 'Day on which it was taken away; null while it is on offer.'),
  }),
});

export const CustomField = builder.objectRef<CustomFieldRow>('CustomField');
CustomField.implement({
  description: 'A field that the account has added to its contacts. An account has at most 100.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'CustomField', 'custom_field_id'),
    customFieldId: rawIdField(t, 'custom_field_id', "Constant Contact's own id of the field (a UUID)."),
    label: requiredText(t, 'label', 'Name that people see, unique, at most 50 characters.'),
    name: t.exposeString('name', {
      description:
        'Name made from the label, blanks replaced by underscores. Imports call the field `cf:` and this name.',
    }),
    ...enumFields(
      t,
      'type',
      'type',
      CustomFieldType,
      'What kind of value it holds. It can never be changed.',
      { nullable: false },
    ),
    metadata: t.field({
      type: CustomFieldMetadata,
      description: 'How values are entered and shown.',
      resolve: (field) => field.metadata,
    }),
    version: t.exposeInt('version', {
      description: 'For dates: 1 when they are kept as text, 2 when they are kept as dates.',
    }),
    choices: t.field({
      type: [CustomFieldChoice],
      nullable: { list: true, items: false },
      description:
        'For single and multiple choice: what can be chosen, at most 100 in a dropdown and 20 otherwise.',
      resolve: (field) => field.choices,
    }),
    createdAt: dateTime(t, 'created_at', 'When the field was made.'),
    updatedAt: dateTime(t, 'updated_at', 'When it last changed.'),
  }),
});

builder.asEntity(CustomField, {
  key: [
    builder.selection<{ id: string }>('id'),
    builder.selection<{ customFieldId: string }>('customFieldId'),
  ],
  resolveReference: (key, { loaders }) =>
    byReference('CustomField', key, 'customFieldId', (id) => loaders.customFields.named.load(id)),
});

export const CustomFieldConnection = connectionType('CustomField', CustomField, {
  of: 'custom fields',
  totalCount: 'All custom fields of the account.',
});

builder.queryFields((t) => ({
  customField: t.field({
    type: CustomField,
    description: 'One custom field; null when it does not exist.',
    queryCost: cost.scan(customFields, { misses: true }),
    args: { id: t.arg.id({ required: true, description: 'Global or raw id of the field.' }) },
    resolve: resolvers.customField,
  }),
  customFields: t.field({
    type: CustomFieldConnection,
    description: 'Custom fields of the account.',
    queryCost: cost.whole(customFields, { usual: 30, most: customFields.cost.most }),
    args: connectionArgs(t.arg, { whole: true }),
    resolve: resolvers.customFields,
  }),
}));
