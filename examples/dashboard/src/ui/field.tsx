import { useId, type ReactNode } from 'react';

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string | undefined;
  /** Error of the value; empty if it is valid. */
  error?: string;
  isLong?: boolean;
  /** Makes the browser ask in the user's own format. */
  type?: 'date' | 'datetime-local';
  inputMode?: 'decimal' | 'tel' | 'email' | undefined;
  /** Renders a select with these options. */
  options?: readonly { readonly id: string; readonly name: string }[];
  /** True to omit the empty option. */
  isRequired?: boolean;
}

/** A text field or a select whose hint and error screen readers announce with it. */
export function Field(props: FieldProps) {
  const { label, value, onChange, hint, error = '', isLong, type, inputMode, options, isRequired } = props;
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const common = {
    id,
    value,
    'aria-invalid': error !== '',
    'aria-describedby': describedBy || undefined,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  const control = (): ReactNode => {
    if (options) {
      return (
        <select {...common}>
          {!isRequired && <option value="">–</option>}
          {options.map((option) => (
            <option key={option.id} value={option.id}>
              {option.name}
            </option>
          ))}
        </select>
      );
    }
    if (isLong) return <textarea {...common} rows={3} />;
    return <input {...common} type={type} step={type && 1} inputMode={inputMode} autoComplete="off" />;
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {control()}
      {hint && (
        <span id={`${id}-hint`} className="minor">
          {hint}
        </span>
      )}
      {error && (
        <span id={`${id}-error`} className="field-error">
          {error}
        </span>
      )}
    </div>
  );
}
