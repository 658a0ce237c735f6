import { Fragment } from 'react';
import { day, NONE, timeOfDay } from './format.js';

/** A date in the user's own format. */
export function Day({ at, withTime = false }: { at: string | null | undefined; withTime?: boolean }) {
  if (!at) return NONE;
  const time = withTime ? timeOfDay(at) : '';
  return <time dateTime={at}>{time ? `${day(at)}, ${time}` : day(at)}</time>;
}

/** An email address or a URL that breaks after its punctuation, never in the middle of a word. */
export function Address({ children }: { children: string | null | undefined }) {
  if (!children) return NONE;
  return (
    <span className="address">
      {children.split(/(?<=[@.\-_+/?&=])/).map((part, at) => (
        <Fragment key={at}>
          {at > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </span>
  );
}
