import { day } from '../ui/format.js';
import { Card, Empty } from '../ui/page.js';
import type { FullContact } from './contact-page.js';

type Values = NonNullable<FullContact['customFields']>;

export function CustomFields({ values }: { values: Values | null }) {
  return (
    <Card title="Custom fields">
      {!values?.length && <Empty title="No values" />}
      {values && values.length > 0 && (
        <dl className="facts">
          {values.map((value) => (
            <div key={value.customFieldId}>
              <dt>{value.field?.label ?? 'Unknown field'}</dt>
              <dd>{textOf(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}

function textOf({ field, value, choices }: Values[number]): string {
  switch (field?.type) {
    case 'SINGLE_SELECT':
    case 'MULTI_SELECT':
      return choices?.map(({ label }) => label ?? '–').join(', ') || '–';
    case 'BOOLEAN':
      return value === 'true' ? 'Yes' : 'No';
    case 'DATE':
    case 'DATETIME':
      // Dates come as they were entered; one that is in no known form is shown as it is.
      return value && !Number.isNaN(Date.parse(value)) ? day(value) : (value ?? '–');
    default:
      return value || '–';
  }
}
