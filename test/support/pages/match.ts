/**
 * Placeholder for values that a page does not promise: a whole value, a part of a text, the rest of a list.
 */
const ANYTHING = '…';

/**
 * Differences between an answer and the part that a page shows.
 *
 * @param exact true if objects must have no other keys than those shown
 */
export function differences(shown: unknown, actual: unknown, exact: boolean, path = ''): string[] {
  if (shown === ANYTHING) return actual === undefined ? [`${path} is missing`] : [];
  if (typeof shown === 'string' && shown.includes(ANYTHING)) {
    const pattern = new RegExp(`^${shown.split(ANYTHING).map(literally).join('[^]*')}$`);
    return pattern.test(String(actual)) ? [] : [unlike(path, shown, actual)];
  }
  if (Array.isArray(shown)) return listDifferences(shown, actual, exact, path);
  if (typeof shown === 'object' && shown !== null) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual))
      return [unlike(path, shown, actual)];
    const surplus = exact ? Object.keys(actual).filter((key) => !(key in shown)) : [];
    return [
      ...surplus.map(
        (key) => `${path}.${key} is not shown: ${JSON.stringify((actual as Record<string, unknown>)[key])}`,
      ),
      ...Object.entries(shown).flatMap(([key, value]) =>
        differences(value, (actual as Record<string, unknown>)[key], exact, `${path}.${key}`),
      ),
    ];
  }
  return Object.is(shown, actual) ? [] : [unlike(path, shown, actual)];
}

function listDifferences(shown: readonly unknown[], actual: unknown, exact: boolean, path: string): string[] {
  if (!Array.isArray(actual)) return [unlike(path, shown, actual)];
  const isOpen = shown.at(-1) === ANYTHING;
  const items = isOpen ? shown.slice(0, -1) : shown;
  if (isOpen ? actual.length < items.length : actual.length !== items.length)
    return [`${path} has ${String(actual.length)} items, not ${String(items.length)}`];
  return items.flatMap((item, index) => differences(item, actual[index], exact, `${path}[${String(index)}]`));
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function unlike(path: string, shown: unknown, actual: unknown): string {
  return `${path || 'the answer'} is ${JSON.stringify(actual)}, not ${JSON.stringify(shown)}`;
}
