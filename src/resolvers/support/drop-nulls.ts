type WithoutNulls<T> = { [Key in keyof T]?: Exclude<T[Key], null | undefined> };

/** The object without its null and undefined properties: what GraphQL leaves out or empties is not sent upstream. */
export function dropNulls<T extends object>(object: T): WithoutNulls<T> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  ) as WithoutNulls<T>;
}
