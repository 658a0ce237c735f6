import type { Schema } from '../constant-contact/contract/operations.js';
import { collection } from './makers/collection.js';

export type CustomField = Schema<'CustomField'>;
export type CustomFieldChoice = Schema<'CustomFieldChoice'>;

export const customFields = collection({
  noun: 'custom fields',
  family: 'custom-fields',
  reads: 'getCustomFields',
  rows: (body): readonly CustomField[] => body.custom_fields ?? [],
  key: 'custom_field_id',
  // Contract: `limit`. Also the maximum number of custom fields in an account.
  pageSize: 100,
  most: 100,
  hasAll: true,
  one: ({ api }, custom_field_id) => api.call('getCustomField', { path: { custom_field_id } }),
  needed: (wants) =>
    wants('ContactCustomField', 'field', 'choices') || wants('AutomationComparison', 'customField'),
});
