/**
 * A word of the API (role, status, type) in the one spelling in which it is compared: services differ in case, blanks, hyphens and
 * underscores. Empty for none.
 */
export function word(text: unknown): string {
  if (typeof text !== 'string' && typeof text !== 'number') return '';
  return String(text)
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

/** Returns true if a word of the API is one of these. They must be in that spelling. */
export function isWord(text: unknown, ...words: readonly string[]): boolean {
  return words.includes(word(text));
}
