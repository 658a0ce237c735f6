import { createHash } from 'node:crypto';
import { InputError } from './input-error.js';

/**
 * A place between two rows of a connection: so many rows into one upstream page. The API has cursors only at page
 * boundaries, so the page has to be named too: by the position that the page before it gave, or, for the first page,
 * by the page size that it was read with.
 */
export interface Cursor {
  /** Query string of the page, as the API's own next link gave it; null for the first page. */
  position: string | null;
  /** Page size that the first page was asked with. */
  limit: number;
  /** Rows of that page that lie before this place. */
  index: number;
  /** What the rows of that page bring along (`PageSource.brings`), which is settled when its first page is asked for. */
  brings?: string;
}

const VERSION = 1;
/** Longer than the longest position that a page can have, in base64. */
const LONGEST = 12_000;
const LARGEST_PAGE = 10_000;
/** Collections that are in hand whole are one page, however large. */
const LARGEST_INDEX = 10_000_000;

/** A short fingerprint of what a connection lists; a cursor of one connection is refused by another. */
export function scopeOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 10);
}

export function encodeCursor(scope: string, cursor: Cursor): string {
  const { position, limit, index, brings } = cursor;
  const parts = [VERSION, scope, position, limit, index, ...(brings ? [brings] : [])];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/**
 * Reads a cursor back. Its position is still to be checked against the operation (`PageSource.check`).
 * @throws InputError `INVALID` when it was not made by this version for this connection.
 */
export function decodeCursor(scope: string, text: string, field: readonly string[]): Cursor {
  const parts = parse(text);
  if (!Array.isArray(parts) || ![5, 6].includes(parts.length) || parts[0] !== VERSION) {
    throw new InputError(
      'INVALID',
      'This is not a cursor of this API. Use an endCursor or an edge cursor as it was given.',
      field,
    );
  }
  const [, cursorScope, position, limit, index, brings] = parts as unknown[];
  if (cursorScope !== scope) {
    throw new InputError(
      'INVALID',
      'This cursor belongs to another connection or to other filters. Repeat the arguments that it was made with.',
      field,
    );
  }
  if (
    !(position === null || (typeof position === 'string' && position.length > 0)) ||
    !isCount(limit, LARGEST_PAGE) ||
    !isCount(index, LARGEST_INDEX) ||
    !(brings === undefined || typeof brings === 'string')
  ) {
    throw new InputError('INVALID', 'This cursor is damaged. Start again without it.', field);
  }
  return { position, limit, index, ...(brings !== undefined && { brings }) };
}

function isCount(value: unknown, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;
}

function parse(text: string): unknown {
  if (text.length > LONGEST || !/^[\w-]+$/.test(text)) return null;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

/** The size of the pages that a cursor was made with, for what reading on costs; null for a text that is no cursor. */
export function pageSizeOf(text: string): number | null {
  const parts = parse(text);
  const limit: unknown = Array.isArray(parts) ? parts[3] : null;
  return isCount(limit, LARGEST_PAGE) ? limit : null;
}
