import { inputEnum } from './enums.js';

export const SortDirection = inputEnum('SortDirection', 'Which way rows are ordered.', {
  ASC: 'From A to Z, from old to new, from small to large.',
  DESC: 'The other way round.',
});
