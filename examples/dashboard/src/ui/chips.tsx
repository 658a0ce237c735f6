/** Names of lists or tags, the first few of them. */
export function Chips({
  label,
  names,
  most = 3,
}: {
  label: string;
  names: readonly string[];
  most?: number;
}) {
  if (names.length === 0) return null;
  const more = names.length - most;
  return (
    <ul className="chips" aria-label={label}>
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
