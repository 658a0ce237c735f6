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

/** The object requested by an ID, with that ID: a response need not repeat it, and fields with calls of their own need it. */
export function withRequestedId<Row>(
  key: keyof Row,
  id: string | number,
  read: Promise<Row | null>,
): Promise<Row | null> {
  return read.then((row) => (row && (row[key] ?? '') === '' ? { ...row, [key]: id } : row));
}
