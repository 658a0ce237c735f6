type WithoutNulls<T> = { [Key in keyof T]?: Exclude<T[Key], null | undefined> };

/** The object without its null and undefined properties: what GraphQL leaves out or empties is not sent upstream. */
export function dropNulls<T extends object>(object: T): WithoutNulls<T> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  ) as WithoutNulls<T>;
}

/** Any JSON without nulls, however deep: what was read with some is sent back without them. */
export function dropNullsDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const result = Array.isArray(value)
    ? value.filter((item) => item !== null).map(dropNullsDeep)
    : Object.fromEntries(Object.entries(dropNulls(value)).map(([key, child]) => [key, dropNullsDeep(child)]));
  return result as T;
}
