import type { FieldCoordinates } from './field-coordinates.js';

/**
 * Returns true if the operation selects any of these fields of that GraphQL type. `links(includeUnclicked)` means the
 * field with a value for that argument.
 */
export type Wants = <Type extends keyof FieldCoordinates>(
  type: Type,
  ...fields: readonly FieldCoordinates[Type][]
) => boolean;
