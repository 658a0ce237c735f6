import { AsyncLocalStorage } from 'node:async_hooks';

/** A place in an answer, from its end to its beginning. */
export interface FieldPath {
  readonly prev: FieldPath | undefined;
  readonly key: string | number;
}

/** The field whose resolver runs. It costs time, so it is set only where stale answers are given, which name it. */
export const askingField = new AsyncLocalStorage<{ readonly path: FieldPath }>();

/** Path of the field that asks, in the answer; null where that is not known. */
export function askingPath(): (string | number)[] | null {
  const keys: (string | number)[] = [];
  for (let at = askingField.getStore()?.path; at; at = at.prev) keys.push(at.key);
  return keys.length > 0 ? keys.reverse() : null;
}
