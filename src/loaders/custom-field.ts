import type { Api } from '../constant-contact/api.js';
import { nullIfNotFound, withRequestedId } from '../constant-contact/by-id.js';
import type { Schema } from '../constant-contact/contract/operations.js';
import { named } from './makers/named.js';
import { pages, readAll, type PageSource } from './makers/pages.js';
import { scan, type Scan } from './makers/scan.js';
import type { ById } from './makers/single.js';
import { whole } from './makers/whole.js';
import type { Wants } from './wants.js';
import type { Costs } from './cost.js';

export type CustomField = Schema<'CustomField'>;
export type CustomFieldChoice = Schema<'CustomFieldChoice'>;

/** Most fields that `GET /contact_custom_fields` gives at once (contract: `limit`); an account has at most as many. */
const FIELDS_PER_PAGE = 100;

export interface CustomFieldLoaders extends Scan<CustomField> {
  /** Fields that the query names by id: ONE for a single one, SCAN for several. */
  named: ById<CustomField>;
  list(): PageSource<CustomField>;
}

/** Custom fields: SCAN, and ONE for a field that the query names alone. */
export function customFieldLoaders(api: Api, wants: Wants): CustomFieldLoaders {
  const place = { family: 'customFields', variant: 'customFields' } as const;
  const one = (custom_field_id: string) =>
    api.reference(place.family, `${place.variant}:${custom_field_id}`, () =>
      withRequestedId(
        'custom_field_id',
        custom_field_id,
        nullIfNotFound(api.call('getCustomField', { path: { custom_field_id } })),
      ),
    );
  const source = () => {
    const fieldPages = pages(api, 'getCustomFields', {
      maxPage: FIELDS_PER_PAGE,
      rows: (body) => body.custom_fields,
      key: (field) => field.custom_field_id,
    });
    return whole(api, fieldPages, place);
  };
  const fields = scan(api, {
    family: place.family,
    variant: () => place.variant,
    read: () => readAll(source()),
    key: (field) => field.custom_field_id,
    one,
  });
  const byName = named(api, {
    scan: fields,
    scanned: () =>
      wants('ContactCustomField', 'field', 'choices') ||
      wants('AutomationComparison', 'customField') ||
      fields.held() ||
      source().held(),
    one,
  });
  return {
    ...fields,
    named: byName,
    list: source,
    clear: () => {
      fields.clear();
      byName.clear();
    },
  };
}

export const customFields = {
  cost: { costClass: 'SCAN', rows: 'custom fields', pageSize: FIELDS_PER_PAGE, most: 100 },
} as const satisfies Costs;
