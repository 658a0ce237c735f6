/** How inputs say what an update leaves alone. */

export const KEPT = 'What is left out stays as it is; null clears it.';

/** Of an input that creates objects as well. */
export const KEPT_IN_UPDATE = `In an update, ${KEPT.charAt(0).toLowerCase()}${KEPT.slice(1)}`;

/** Of an item in a list that an update replaces as a whole. */
export const keptOf = (counterpart: string): string =>
  `${counterpart} is changed: ${KEPT.charAt(0).toLowerCase()}${KEPT.slice(1)}`;
