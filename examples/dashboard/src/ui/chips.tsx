import { NONE } from './format.js';

interface ChipsProps {
  /** Lists are boxes, tags are pills with a number sign. */
  kind: 'lists' | 'tags';
  names: readonly string[];
  /** Number of names to show. */
  most?: number;
}

/** Names of lists or tags, shortened to the first few. */
export function Chips({ kind, names, most = Infinity }: ChipsProps) {
  if (names.length === 0) return NONE;
  const more = names.length - most;
  return (
    <ul className={`chips ${kind}`} aria-label={kind === 'lists' ? 'Lists' : 'Tags'}>
      {names.slice(0, most).map((name) => (
        <li key={name}>{name}</li>
      ))}
      {more > 0 && (
        <li className="rest" title={names.slice(most).join(', ')}>
          +{more}
          <span className="hidden"> more</span>
        </li>
      )}
    </ul>
  );
}
