import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import type { ResultOf } from '../graphql/graphql.js';
import { NONE, plainNumber } from '../ui/format.js';
import { Card, Empty } from '../ui/page.js';
import { Day } from '../ui/text.js';
import { choiceKey, type Editable } from './changes.js';
import { CustomFieldsQuery } from './contact-query.js';

export type CustomField = NonNullable<ResultOf<typeof CustomFieldsQuery>['customFields']>['nodes'][number];
type Value = NonNullable<Editable['customFields']>[number];

/**
 * All custom fields of the account. The query of a contact's screen includes them; alone they cost one call.
 */
export function useCustomFields(): readonly CustomField[] {
  const [{ data }] = useQuery({ query: CustomFieldsQuery });
  return data?.customFields?.nodes ?? [];
}

/** Render it only with a loaded contact: its query has stored the fields. */
export function CustomFields({ values }: { values: readonly Value[] | null }) {
  const fields = new Map(useCustomFields().map((field) => [field.customFieldId, field]));
  return (
    <Card title="Custom fields">
      {!values?.length && <Empty title="No custom fields" />}
      {values && values.length > 0 && (
        <dl className="facts">
          {values.map((value) => {
            const field = fields.get(value.customFieldId);
            return (
              <div key={value.customFieldId}>
                <dt>{field?.label ?? 'Unknown field'}</dt>
                <dd>{textOf(field, value)}</dd>
              </div>
            );
          })}
        </dl>
      )}
    </Card>
  );
}

function textOf(field: CustomField | undefined, { value, choiceIds }: Value): ReactNode {
  switch (field?.type) {
    case 'SINGLE_SELECT':
    case 'MULTI_SELECT': {
      const chosen = (choiceIds ?? []).map(choiceKey);
      const labels = (field.choices ?? []).flatMap(({ choiceId, label }) =>
        chosen.includes(choiceId) ? (label ?? []) : [],
      );
      return labels.join(', ') || NONE;
    }
    case 'BOOLEAN':
      return value === 'true' ? 'Yes' : 'No';
    case 'NUMBER':
    case 'CURRENCY':
      return plainNumber(value ?? '');
    case 'DATE':
    case 'DATETIME':
      return <Day at={value} withTime={field.type === 'DATETIME'} />;
    default:
      return value || NONE;
  }
}
