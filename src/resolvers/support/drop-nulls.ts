import type { Writable } from '../../constant-contact/contract/operations.js';

type WithoutNulls<T> = { [Key in keyof T]?: Exclude<T[Key], null | undefined> };

/** The object without null and undefined properties, which are not sent upstream. */
export function dropNulls<T extends object>(object: T): WithoutNulls<T> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  ) as WithoutNulls<T>;
}

/** The object without its undefined properties. */
export function withoutUndefined<T extends object>(
  object: T,
): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

/**
 * An object without nulls, at any depth, where the contract declares properties. Nulls stay in any JSON and in undeclared
 * properties, where they may have a meaning.
 */
export function dropDeclaredNulls<T>(value: T, writable: Writable): T {
  if (Array.isArray(value))
    return value
      .filter((item) => item !== null)
      .map((item) => dropDeclaredNulls(item, writable) as unknown) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, child]: [string, unknown]) => {
    if (!Object.hasOwn(writable, name)) return [[name, child]];
    const inside = writable[name];
    if (child === null) return [];
    if (inside === 'json') return [[name, child]];
    if (inside === 'self') return [[name, dropDeclaredNulls(child, writable)]];
    // A map of texts declares none of its names, but no null either.
    return [[name, dropDeclaredNulls(child, typeof inside === 'object' ? inside : namesOf(child))]];
  });
  return Object.fromEntries(entries) as T;
}

/** Every property of an object as a declared one. */
function namesOf(value: unknown): Writable {
  return Object.fromEntries(Object.keys(Object(value) as object).map((name) => [name, true]));
}
