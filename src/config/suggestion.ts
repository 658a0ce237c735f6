import { closestMatch } from 'leven';

/** Suggestion as the end of a sentence, such as ". Did you mean --port?"; empty when no known name is similar. */
export function didYouMean(given: string, known: readonly string[]): string {
  const maxDistance = Math.max(1, Math.floor(given.replace(/^-+/, '').length / 2));
  const meant = closestMatch(given, known, { maxDistance });
  return meant === undefined ? '' : `. Did you mean ${meant}?`;
}
