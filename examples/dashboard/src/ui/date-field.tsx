import { Field } from './field.js';
import { isoDay } from './format.js';

interface DateFieldProps {
  label: string;
  /** In the API's format. */
  value: string;
  onChange: (value: string) => void;
  error?: string;
}

/**
 * A day, entered in the user's own format. A value in another format than a date field's is edited as text.
 */
export function DayField({ value, ...rest }: DateFieldProps) {
  const day = value === '' ? '' : isoDay(value);
  if (day === null) return <Field {...rest} value={value} hint="Such as 2015-06-13" />;
  return <Field {...rest} type="date" value={day} />;
}

/** A day with a time, in the user's own format and time zone. */
export function TimeField({ value, onChange, ...rest }: DateFieldProps) {
  const time = new Date(value);
  if (value !== '' && Number.isNaN(time.getTime())) {
    return <Field {...rest} value={value} onChange={onChange} hint="Such as 2015-06-13T18:30:00Z" />;
  }
  const local = value && new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString();
  return (
    <Field
      {...rest}
      type="datetime-local"
      value={local.slice(0, 19)}
      onChange={(entered) => onChange(entered && `${new Date(entered).toISOString().slice(0, 19)}Z`)}
    />
  );
}
