import { useCallback } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import type { Sort } from './table.js';

export interface UrlState {
  readonly params: URLSearchParams;
  /** Sets URL parameters, and removes empty ones. */
  readonly set: (changes: Readonly<Record<string, string>>) => void;
  /** Removes parameters; the back button restores them. */
  readonly clear: (names: readonly string[]) => void;
}

/** State of a screen in its URL, so that links, reloads and the back button keep it. */
export function useUrlState(): UrlState {
  const [params, setParams] = useSearchParams();
  const { state } = useLocation();
  const set = useCallback(
    (changes: Readonly<Record<string, string>>) => {
      // Not from the parameters of this render, which may be older than the last change.
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      setParams(next, { replace: true, state });
    },
    [setParams, state],
  );
  const clear = useCallback(
    (names: readonly string[]) => {
      const next = new URLSearchParams(window.location.search);
      for (const name of names) next.delete(name);
      setParams(next);
    },
    [setParams],
  );
  return { params, set, clear };
}

/**
 * The order of a table in the URL: `sort=name`, or `sort=-name` for descending. The second value sorts by a column,
 * first ascending, then descending.
 */
export function useSort({ params, set }: UrlState, initial: string): [Sort, (by: string) => void] {
  const sortBy = (by: string) => {
    // Not from the parameters of this render: a second click may come before it shows the first.
    const current = new URLSearchParams(window.location.search).get('sort') ?? initial;
    const next = current === by ? `-${by}` : by;
    set({ sort: next === initial ? '' : next });
  };
  return [sortOf(params.get('sort') ?? initial), sortBy];
}

const sortOf = (text: string): Sort => ({ by: text.replace(/^-/, ''), descending: text.startsWith('-') });
