import { useId } from 'react';
import type { Group } from '../groups/use-groups.js';
import { CloseIcon } from './icons.js';

interface PickerProps {
  label: string;
  /** An option's name, such as "list". */
  noun: string;
  kind?: 'lists' | 'tags';
  options: readonly Group[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

/** Chosen options, which can be removed, and a select with the others. */
export function Picker({ label, noun, kind = 'lists', options, chosen, onChange }: PickerProps) {
  const id = useId();
  const names = new Map(options.map((option) => [option.id, option.name]));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {chosen.length > 0 && (
        <ul className={`chips removable ${kind}`} aria-label={`Chosen ${kind}`}>
          {chosen.map((one) => {
            const name = names.get(one) ?? 'Unknown';
            return (
              <li key={one}>
                {name}
                <button
                  type="button"
                  aria-label={`Remove ${name}`}
                  onClick={() => onChange(chosen.filter((other) => other !== one))}
                >
                  <CloseIcon />
                </button>
              </li>
            );
          })}
        </ul>
      )}
      <select id={id} value="" onChange={(event) => onChange([...chosen, event.target.value])}>
        <option value="">Add a {noun}…</option>
        {options
          .filter((option) => !chosen.includes(option.id))
          .map((option) => (
            <option key={option.id} value={option.id}>
              {option.name}
            </option>
          ))}
      </select>
    </div>
  );
}
