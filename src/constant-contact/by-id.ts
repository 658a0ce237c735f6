import { ConstantContactError, type ErrorKind } from './errors.js';

/** An ID from a caller that is invalid in a path means that the object does not exist. */
const NOTHING: ReadonlySet<ErrorKind> = new Set(['notFound', 'invalidRequest']);

/** Turns "not found" into null. Other failures are thrown. */
export function nullIfNotFound<T>(call: Promise<T>): Promise<T | null> {
  return call.catch(nullIfMissing);
}

function nullIfMissing(error: unknown): null {
  if (error instanceof ConstantContactError && NOTHING.has(error.kind)) return null;
  throw error;
}

/**
 * An object by ID: null when it does not exist. With `key`, it has the ID even if the response leaves it out:
 * fields with calls of their own need it.
 */
export async function readById<Row>(
  call: Promise<Row | null>,
  id: string | number,
  key?: keyof Row & string,
): Promise<Row | null> {
  const row = await nullIfNotFound(call);
  return row && key !== undefined && (row[key] ?? '') === '' ? { ...row, [key]: id } : row;
}
