import { createHash } from 'node:crypto';
import { InputError } from './input-error.js';

/**
 * A place between two rows of a connection: an index into one upstream page. The API has cursors only at page
 * boundaries, so the page is part of the cursor: as the position from the previous page or, for the first
 * page, as its page size.
 */
export interface Cursor {
  /** Query string of the page, from the API's own next link; null for the first page. */
  position: string | null;
  /** Page size with which the first page was requested. */
  limit: number;
  /**
   * Number of rows of that page before this place. May exceed the page size when the first rows were read
   * together with those of other collections; it is then counted from the first row of the collection.
   */
  index: number;
}

const VERSION = 1;
/** Larger than the longest possible position in base64. */
const MAX_CURSOR_LENGTH = 12_000;
const MAX_PAGE_SIZE = 10_000;

/** A short hash of a connection's identity and filters. A cursor is valid only for its own connection. */
export function scopeOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 10);
}

/**
 * The place before the first row of every connection, whatever its filters. Used for the edge of a new
 * object, whose position in the API's listing is unknown.
 */
export const START_CURSOR = encodeCursor('', { position: null, limit: 1, index: 0 });

export function encodeCursor(scope: string, cursor: Cursor): string {
  const { position, limit, index } = cursor;
  return Buffer.from(JSON.stringify([VERSION, scope, position, limit, index])).toString('base64url');
}

/** Message about a text that this version did not create. */
export const NO_CURSOR =
  'This is not a cursor of this API. Use `pageInfo.endCursor` or the cursor of an edge exactly as it was returned.';

/** True for a text that can be a cursor, of any connection. */
export const isCursor = (text: string): boolean => parse(text) !== null;

/**
 * Decodes a cursor. The caller must still check its position against the operation (`PageSource.check`).
 * @throws InputError `INVALID` unless this version created it for this connection
 */
export function decodeCursor(scope: string, text: string, field: readonly string[]): Cursor {
  const parts = parse(text);
  if (parts === null) throw new InputError('INVALID', NO_CURSOR, field);
  const [, cursorScope, position, limit, index] = parts;
  if (cursorScope !== scope) {
    throw new InputError(
      'INVALID',
      'This cursor belongs to another connection or to other filters. Repeat the arguments of the query that returned it, or start again without `after`.',
      field,
    );
  }
  if (
    !(position === null || (typeof position === 'string' && position.length > 0)) ||
    !isCount(limit, MAX_PAGE_SIZE) ||
    !isCount(index, position === null ? MAX_PAGE_SIZE : limit)
  ) {
    throw damagedCursor(field);
  }
  return { position, limit, index };
}

/** For a cursor that was modified by the client. */
export function damagedCursor(field: readonly string[]): InputError {
  return new InputError('INVALID', 'This cursor is damaged. Start again without `after`.', field);
}

function isCount(value: unknown, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;
}

/** The parts of a cursor of this version; null for other texts. */
function parse(text: string): readonly unknown[] | null {
  if (text.length > MAX_CURSOR_LENGTH || !/^[\w-]+$/.test(text)) return null;
  try {
    const json = Buffer.from(text, 'base64url').toString('utf8');
    const value: unknown = JSON.parse(json);
    if (!Array.isArray(value) || value.length !== 5 || value[0] !== VERSION) return null;
    // Rejects another encoding of the same cursor.
    return Buffer.from(JSON.stringify(value)).toString('base64url') === text ? value : null;
  } catch {
    return null;
  }
}

/** Page size and index in a cursor, which determine the cost of continuing from it. Null for the start and for an invalid cursor. */
export function cursorCost(text: string): { pageSize: number; index: number } | null {
  if (text === START_CURSOR) return null;
  const [, , , limit, index] = parse(text) ?? [];
  if (!isCount(limit, MAX_PAGE_SIZE) || !isCount(index, MAX_PAGE_SIZE)) return null;
  return { pageSize: Math.max(1, limit), index };
}
