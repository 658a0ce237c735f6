import { ConstantContactError } from './errors.js';

/**
 * List in a response; undefined when there is none.
 *
 * @throws for a value of another type, which would look like a bug of this program where it is read as a list
 */
export function listIn<Item>(value: readonly Item[] | null | undefined): readonly Item[] | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value as readonly Item[];
  // The value is not quoted: it may be personal data.
  throw new ConstantContactError(
    'invalidResponse',
    'Constant Contact answered with something other than a list.',
  );
}
