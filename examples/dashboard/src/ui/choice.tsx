interface ChoiceProps {
  label: string;
  /** What it says while nothing is chosen. */
  all: string;
  value: string;
  options: readonly { readonly id: string; readonly name: string }[];
  onChange: (value: string) => void;
}

/** A filter of which one value can be chosen. */
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
