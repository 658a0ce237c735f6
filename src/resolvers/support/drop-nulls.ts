import { FREE_FORM } from '../../constant-contact/http/free-form.js';

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
 * A response of the API without nulls at any depth, to be sent back. Properties that hold arbitrary JSON are
 * not changed.
 */
export function dropNullsDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const result = Array.isArray(value)
    ? value.filter((item) => item !== null).map(dropNullsDeep)
    : Object.fromEntries(
        Object.entries(dropNulls(value)).map(([key, child]) => [
          key,
          FREE_FORM.has(key) ? child : dropNullsDeep(child),
        ]),
      );
  return result as T;
}
