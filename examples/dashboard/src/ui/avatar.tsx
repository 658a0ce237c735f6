/** Initials on a colour derived from the name. */
export function Avatar({ name }: { name: string }) {
  const letters = name
    .split(/[\s@.]+/)
    .flatMap((part) => /[\p{L}\p{N}]/u.exec(part)?.[0] ?? [])
    .slice(0, 2)
    .join('')
    .toUpperCase();
  const hue = [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);
  return (
    <span className="avatar" style={{ '--hue': hue }} aria-hidden="true">
      {letters}
    </span>
  );
}
