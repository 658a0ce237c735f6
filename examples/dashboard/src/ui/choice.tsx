interface ChoiceProps {
  label: string;
  /** Label of the empty choice. */
  all: string;
  value: string;
  options: readonly { readonly id: string; readonly name: string }[];
  onChange: (value: string) => void;
}

/** A filter with one value. */
export function Choice({ label, all, value, options, onChange }: ChoiceProps) {
  return (
    <label className="choice">
      <span className="hidden">{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{all}</option>
        {options.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
