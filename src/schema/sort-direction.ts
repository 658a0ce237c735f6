import { inputEnum } from './enums.js';

export const SortDirection = inputEnum('SortDirection', 'Sort direction of rows.', {
  ASC: 'Ascending: A to Z, oldest first, smallest first.',
  DESC: 'Descending: Z to A, newest first, largest first.',
});
