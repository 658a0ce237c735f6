/** Sentences of inputs that say which values an update keeps. */

export const KEPT = 'Omit a field to keep its value; pass `null` to clear it.';

/** For inputs that also create objects. */
export const KEPT_IN_UPDATE = `In an update, ${KEPT.charAt(0).toLowerCase()}${KEPT.slice(1)}`;

/** For items of a list that an update replaces as a whole. */
export const keptOf = (counterpart: string): string =>
  `${counterpart} is changed: ${KEPT.charAt(0).toLowerCase()}${KEPT.slice(1)}`;
