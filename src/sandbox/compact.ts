/** The object without undefined properties. */
export function compact<T extends object>(values: { [K in keyof T]?: T[K] | null | undefined }): T {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined && value !== null) kept[key] = value;
  }
  return kept as T;
}
