import { DayField, TimeField } from '../ui/date-field.js';
import { Field } from '../ui/field.js';
import { Picker } from '../ui/picker.js';
import type { CustomDraft, Draft } from './changes.js';
import { useCustomFields, type CustomField } from './custom-fields.js';

const EMPTY: CustomDraft = { value: '', choiceIds: [] };
const YES_NO = [
  { id: 'true', name: 'Yes' },
  { id: 'false', name: 'No' },
];

interface CustomFieldInputsProps {
  values: Draft['customFields'];
  error: string;
  onChange: (values: Draft['customFields']) => void;
}

/** Inputs for the custom fields with a value, and a select to add others. */
export function CustomFieldInputs({ values, error, onChange }: CustomFieldInputsProps) {
  const all = useCustomFields();
  const change = (id: string, draft: CustomDraft) => onChange({ ...values, [id]: draft });
  return (
    <fieldset className="group">
      <legend>Custom fields</legend>
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      {all
        .filter(({ customFieldId }) => customFieldId in values)
        .map((field) => (
          <CustomInput
            key={field.customFieldId}
            field={field}
            draft={values[field.customFieldId] ?? EMPTY}
            onChange={(draft) => change(field.customFieldId, draft)}
          />
        ))}
      <label className="field">
        <span>Add a custom field</span>
        <select value="" onChange={(event) => change(event.target.value, EMPTY)}>
          <option value="">Choose a field…</option>
          {all
            .filter(({ customFieldId }) => !(customFieldId in values))
            .map(({ customFieldId, label }) => (
              <option key={customFieldId} value={customFieldId}>
                {label}
              </option>
            ))}
        </select>
      </label>
    </fieldset>
  );
}

interface CustomInputProps {
  field: CustomField;
  draft: CustomDraft;
  onChange: (draft: CustomDraft) => void;
}

function CustomInput({ field: { label, type, choices }, draft, onChange }: CustomInputProps) {
  const name = label || 'Without a label';
  const options = (choices ?? []).map((choice) => ({ id: choice.choiceId, name: choice.label ?? '' }));
  const setValue = (value: string) => onChange({ value, choiceIds: [] });
  switch (type) {
    case 'MULTI_SELECT':
      return (
        <Picker
          label={name}
          noun="choice"
          options={options}
          chosen={draft.choiceIds}
          onChange={(choiceIds) => onChange({ value: '', choiceIds })}
        />
      );
    case 'SINGLE_SELECT':
      return (
        <Field
          label={name}
          value={draft.choiceIds[0] ?? ''}
          options={options}
          onChange={(id) => onChange({ value: '', choiceIds: id ? [id] : [] })}
        />
      );
    case 'BOOLEAN':
      return <Field label={name} value={draft.value} options={YES_NO} onChange={setValue} />;
    case 'NUMBER':
    case 'CURRENCY':
      return <Field label={name} value={draft.value} inputMode="decimal" onChange={setValue} />;
    case 'DATE':
      return <DayField label={name} value={draft.value} onChange={setValue} />;
    case 'DATETIME':
      return <TimeField label={name} value={draft.value} onChange={setValue} />;
    case 'TEXT_AREA':
      return <Field label={name} value={draft.value} isLong onChange={setValue} />;
    default:
      return <Field label={name} value={draft.value} onChange={setValue} />;
  }
}
