import {
  customFields,
  type CustomFieldChoice as CustomFieldChoiceRow,
  type CustomField as CustomFieldRow,
} from '../loaders/custom-field.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { CUSTOM_FIELD_LIMITS as limits } from '../resolvers/custom-field.js';
import { rawId } from '../resolvers/support/global-id.js';
import { paginate } from '../resolvers/support/page.js';
import { builder } from './builder.js';
import { connectionArgs, connectionType } from './connection.js';
import { entity } from './entity.js';
import { enumFields, openEnum } from './enums.js';
import { date, dateTime, globalId, rawIdField, requiredText } from './fields.js';
import { Node } from './node.js';
import { cost } from './cost.js';

export const CustomFieldType = openEnum('CustomFieldType', 'Type of the values of a custom field.', {
  STRING: { wire: 'string', description: 'One line of text.' },
  TEXT_AREA: { wire: 'text_area', description: 'Several lines of text.' },
  NUMBER: { wire: 'number', description: 'A number.' },
  CURRENCY: { wire: 'currency', description: 'An amount of money.' },
  DATE: { wire: 'date', description: 'A date.' },
  DATETIME: { wire: 'datetime', description: 'A date with a time.' },
  BOOLEAN: { wire: 'boolean', description: 'True or false.' },
  SINGLE_SELECT: { wire: 'single_select', description: 'One of the choices of the field.' },
  MULTI_SELECT: { wire: 'multi_select', description: 'Any number of the choices of the field.' },
  PHONE_NUMBER: {
    wire: 'phone_number',
    description:
      'A phone number. Constant Contact does not document it for new fields, so the API may reject it.',
  },
});

export const CustomFieldDisplay = openEnum(
  'CustomFieldDisplay',
  'Form control for the choices of a custom field.',
  {
    DROPDOWN: {
      wire: 'dropdown',
      description: `A drop-down list, at most ${limits.dropdownChoices} choices.`,
    },
    CHECKBOX: {
      wire: 'checkbox',
      description: `Check boxes, at most ${limits.choices} choices.`,
    },
    RADIO: {
      wire: 'radio',
      description: `Radio buttons, at most ${limits.choices} choices.`,
    },
  },
);

const CustomFieldMetadata = builder.objectRef<Schema<'CustomFieldMetadata'>>('CustomFieldMetadata');
CustomFieldMetadata.implement({
  description:
    'Rules for entering and displaying values of a custom field. Each type of field uses some of them.',
  fields: (t) => ({
    ...enumFields(
      t,
      'displayType',
      'display_type',
      CustomFieldDisplay,
      'For single and multiple choice: form control for the choices.',
    ),
    allowNegative: t.exposeBoolean('allow_negative', {
      description: 'For numbers and amounts: true when they may be negative.',
    }),
    integer: t.exposeBoolean('integer', { description: 'For numbers: true when they are integers.' }),
    decimalPlaces: t.exposeInt('decimal_places', {
      description: 'For numbers that are not integers: number of decimal places, 1 to 4.',
    }),
    currencyCode: t.exposeString('currency_code', {
      description: 'For amounts: ISO 4217 currency code, such as USD.',
    }),
    displayFormat: t.exposeString('display_format', {
      description: 'For dates of version 2: display format.',
    }),
  }),
});

export const CustomFieldChoice = builder.objectRef<CustomFieldChoiceRow>('CustomFieldChoice').implement({
  description: 'A choice of a custom field of the type SINGLE_SELECT or MULTI_SELECT.',
  fields: (t) => ({
    choiceId: rawIdField(
      t,
      'choice_id',
      'Constant Contact ID, unique within the field. Values of contacts and updates refer to it.',
    ),
    label: t.exposeString('choice_label', { description: 'Label, at most 255 characters.' }),
    displayOrder: t.exposeInt('display_order', { description: 'Position among the choices.' }),
    createdAt: dateTime(t, 'created_at', 'When the choice was added.'),
    updatedAt: dateTime(t, 'updated_at', 'When the choice last changed.'),
    deletedAt: date(
      t,
      'deleted_at',
      'Date on which the choice was removed from the field. `null` while it can be chosen.',
    ),
  }),
});

export const CustomField = builder.objectRef<CustomFieldRow>('CustomField').implement({
  description:
    'A field that the account has defined for its contacts. An account has at most 100 custom fields.',
  interfaces: [Node],
  fields: (t) => ({
    id: globalId(t, 'CustomField', 'custom_field_id'),
    customFieldId: rawIdField(t, 'custom_field_id', 'Constant Contact ID (UUID).'),
    label: requiredText(t, 'label', 'Label for users, unique in the account, at most 50 characters.'),
    name: t.exposeString('name', {
      description:
        'Name derived from the label, with underscores instead of spaces. The column of the field in imports is `cf:` followed by this name.',
    }),
    ...enumFields(t, 'type', 'type', CustomFieldType, 'Type of its values. It can never be changed.', {
      nullable: false,
    }),
    metadata: t.expose('metadata', {
      type: CustomFieldMetadata,
      description: 'Rules for entering and displaying its values.',
    }),
    version: t.exposeInt('version', {
      description: 'For dates: 1 when values are stored as text, 2 when they are stored as dates.',
    }),
    choices: t.expose('choices', {
      type: [CustomFieldChoice],
      description:
        'For single and multiple choice: the choices, at most 100 in a drop-down list and 20 otherwise.',
    }),
    createdAt: dateTime(t, 'created_at', 'When the field was created.'),
    updatedAt: dateTime(t, 'updated_at', 'When the field last changed.'),
  }),
});

entity(CustomField, 'CustomField', 'customFieldId', (id, { loaders }) => loaders.customFields.named.load(id));

export const CustomFieldConnection = connectionType('CustomField', CustomField, {
  of: 'custom fields',
  totalCount: 'Number of custom fields in the account, not only on this page.',
});

builder.queryFields((t) => ({
  customField: t.field({
    type: CustomField,
    description: 'A custom field by its ID. `null` when it does not exist.',
    queryCost: cost.scan(customFields, { misses: true }),
    args: {
      id: t.arg.id({ required: true, description: 'Global ID or Constant Contact ID of the custom field.' }),
    },
    resolve: (_parent, { id }, { loaders }) =>
      loaders.customFields.named.load(rawId('CustomField', id, ['id'])),
  }),
  customFields: t.field({
    type: CustomFieldConnection,
    description: 'Custom fields of the account.',
    queryCost: cost.whole(customFields, { usual: 30, most: customFields.cost.most }),
    args: connectionArgs(t.arg, { whole: true }),
    resolve: (_parent, args, { loaders }) => paginate(args, loaders.customFields.list()),
  }),
}));
