import { InputError, InputErrors } from './input-error.js';

/** Maximum number of errors in one response. */
export const MAX_ERRORS = 50;

/** Throws an InputError or InputErrors for a value that is not allowed. */
type Check = () => void;

/**
 * Runs every check and throws all errors together, up to the maximum, before a REST call is made.
 * @throws InputErrors
 */
export function validate(...checks: Check[]): void {
  validateAll(checks);
}

/**
 * A check of each item of a list. Unlike arguments of `validate`, the list may have any length.
 */
export function eachItem<Item>(
  items: readonly Item[] | null | undefined,
  check: (item: Item, index: number) => void,
): Check {
  return () => {
    validateAll((items ?? []).map((item, index) => () => check(item, index)));
  };
}

function validateAll(checks: readonly Check[]): void {
  const errors: InputError[] = [];
  for (const check of checks) {
    if (errors.length >= MAX_ERRORS) break;
    try {
      check();
    } catch (error) {
      if (error instanceof InputError) errors.push(error);
      else if (error instanceof InputErrors) errors.push(...error.errors);
      else throw error;
    }
  }
  if (errors.length > 0) throw new InputErrors(errors.slice(0, MAX_ERRORS));
}

/** Runs several conversions and reports all their errors together. */
export function convertAll<Parts extends readonly unknown[]>(
  ...parts: { [Index in keyof Parts]: () => Parts[Index] }
): Parts {
  const results: unknown[] = [];
  validate(
    ...parts.map((part, index) => () => {
      results[index] = part();
    }),
  );
  return results as unknown as Parts;
}

/**
 * Length in characters as JSON Schema defines it for the contract: an emoji counts as one, but as two in
 * `length`.
 */
function characters(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}

/** @throws InputError `TOO_LONG` when the text has more than `max` characters */
export function maxLength(value: string | null | undefined, max: number, field: readonly string[]): void {
  if (value == null || value.length <= max) return;
  const count = characters(value);
  if (count <= max) return;
  throw new InputError(
    'TOO_LONG',
    `At most ${String(max)} characters are allowed here; this has ${String(count)}.`,
    field,
  );
}

/** @throws InputError `INVALID` when the text has less than `min` characters */
export function checkMinLength(text: string, min: number, field: readonly string[]): void {
  if (characters(text) < min)
    throw new InputError('INVALID', `At least ${String(min)} characters are required here.`, field);
}

/** @throws InputError `REQUIRED` when the text is missing or blank, `TOO_LONG` above `max` characters */
export function requiredText(
  value: string | null | undefined,
  max: number,
  field: readonly string[],
): string {
  if (value == null || value.trim() === '')
    throw new InputError('REQUIRED', 'This must not be empty.', field);
  maxLength(value, max, field);
  return value;
}

/** Maximum length of a text to search for. It is part of a URL, which servers limit. */
export const SEARCH_TEXT_MAX = 255;

/**
 * The text to search for; null for a blank one, which means no search.
 * @throws InputError `TOO_LONG`
 */
export function searchText(text: string | null | undefined, field: readonly string[]): string | null {
  maxLength(text, SEARCH_TEXT_MAX, field);
  return text == null || text.trim() === '' ? null : text;
}

/**
 * The trimmed text.
 * @throws InputError as `requiredText` does
 */
export function trimmedText(value: string | null | undefined, max: number, field: readonly string[]): string {
  return requiredText(value?.trim(), max, field);
}

/** @throws InputError `TOO_MANY` when the list has more than `max` items */
export function maxItems(
  items: readonly unknown[] | null | undefined,
  max: number,
  field: readonly string[],
): void {
  if (items != null && items.length > max) {
    throw new InputError(
      'TOO_MANY',
      `At most ${String(max)} items are allowed here; this has ${String(items.length)}.`,
      field,
    );
  }
}

/**
 * An enum value in the API's spelling, where not every value of the enum is allowed.
 * @param spellings of the allowed values, by the value of the argument
 * @param message names the allowed values
 * @throws InputError `NOT_ALLOWED` for any other value
 */
export function supportedValue<Spelling extends string>(
  value: string,
  spellings: Readonly<Record<string, Spelling>>,
  message: string,
  field: readonly string[],
): Spelling {
  const spelling = spellings[value];
  if (spelling === undefined) throw new InputError('NOT_ALLOWED', message, field);
  return spelling;
}

/** @throws InputError `INVALID` when the number is outside the range */
export function inRange(
  value: number | null | undefined,
  min: number,
  max: number,
  field: readonly string[],
): void {
  if (value != null && (value < min || value > max)) {
    throw new InputError('INVALID', `This must be between ${String(min)} and ${String(max)}.`, field);
  }
}

/**
 * V2 IDs are numbers.
 * @throws InputError `INVALID_ID`; `REQUIRED` when there is none; `TOO_MANY` above `max`
 */
export function v2Ids(ids: readonly string[], max: number, field: readonly string[]): string[] {
  ids.forEach((id, index) => {
    if (!/^\d{1,19}$/.test(id))
      throw new InputError('INVALID_ID', 'A V2 id must be a number.', [...field, String(index)]);
  });
  const unique = [...new Set(ids)];
  if (unique.length === 0) throw new InputError('REQUIRED', 'Give at least one V2 id.', field);
  maxItems(unique, max, field);
  return unique;
}

/**
 * Checks that no two items change the same object.
 * @param ids of the items, in order
 * @throws InputError `INVALID` at the duplicate
 */
export function checkOnce(
  ids: readonly (string | null | undefined)[],
  field: readonly string[],
  key: string,
): void {
  const again = ids.findIndex((id, index) => id != null && ids.indexOf(id) < index);
  if (again >= 0) throw new InputError('INVALID', 'This is given twice.', [...field, String(again), key]);
}

/** Null for a text that is empty or blank: the API clears such a value. */
export function nullIfBlank(text: string | null | undefined): string | null | undefined {
  return text?.trim() === '' ? null : text;
}

/**
 * Checks that an update changes something, so that no call is made in vain.
 * @param others fields that are no change, such as the ID of the object
 * @throws InputError `REQUIRED`
 */
export function checkSomeChange<Input extends object>(
  input: Input,
  others: readonly (keyof Input & string)[] = [],
): void {
  const isChange = ([name, value]: [string, unknown]) =>
    value !== undefined && !(others as readonly string[]).includes(name);
  if (!Object.entries(input).some(isChange))
    throw new InputError('REQUIRED', 'Give at least one field to change.', ['input']);
}

/** @throws InputErrors `REQUIRED` for each field that is null but cannot be cleared */
export function checkNotCleared<Input extends object>(
  input: Input | null | undefined,
  keys: readonly (keyof Input & string)[],
  field: readonly string[],
): void {
  validate(
    ...keys.map((key) => () => {
      if (input?.[key] === null)
        throw new InputError('REQUIRED', 'This cannot be cleared. Leave it out.', [...field, key]);
    }),
  );
}
