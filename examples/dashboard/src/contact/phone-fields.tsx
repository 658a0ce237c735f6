import { Field } from '../ui/field.js';
import { words } from '../ui/format.js';
import type { PhoneDraft } from './changes.js';

const KINDS = (['HOME', 'MOBILE', 'WORK', 'OTHER'] as const).map((id) => ({ id, name: words(id) }));
/** Limit of the API. */
const MAX_PHONES = 3;

interface PhoneFieldsProps {
  phones: readonly PhoneDraft[];
  error: string;
  onChange: (phones: readonly PhoneDraft[]) => void;
}

export function PhoneFields({ phones, error, onChange }: PhoneFieldsProps) {
  const change = (at: number, changed: Partial<PhoneDraft>) =>
    onChange(phones.map((phone, other) => (other === at ? { ...phone, ...changed } : phone)));
  return (
    <fieldset className="group">
      <legend>Phone numbers</legend>
      {phones.map(({ kind, number }, at) => (
        <div key={at} className="phone">
          <Field
            label={`Number ${String(at + 1)}`}
            value={number}
            error={at === 0 ? error : ''}
            inputMode="tel"
            onChange={(value) => change(at, { number: value })}
          />
          <Field
            label={`Kind of number ${String(at + 1)}`}
            value={kind}
            options={KINDS}
            isRequired
            onChange={(value) => change(at, { kind: KINDS.find(({ id }) => id === value)?.id ?? 'OTHER' })}
          />
          <button
            type="button"
            className="button quiet"
            aria-label={`Remove number ${String(at + 1)}`}
            onClick={() => onChange(phones.filter((_, other) => other !== at))}
          >
            Remove
          </button>
        </div>
      ))}
      {phones.length < MAX_PHONES && (
        <button
          type="button"
          className="button quiet"
          onClick={() => onChange([...phones, { kind: 'MOBILE', number: '' }])}
        >
          Add a phone number
        </button>
      )}
    </fieldset>
  );
}
