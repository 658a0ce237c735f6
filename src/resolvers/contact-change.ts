import type { Context } from '../context.js';
import type { ContactChange } from '../loaders/contact-change.js';
import { damagedCursor, decodeCursor, encodeCursor, scopeOf } from './support/cursor.js';
import { InputError } from './support/input-error.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';

/** The API indexes changes with a delay, so the next window reads the last two minutes again. */
const LAG_MS = 2 * 60 * 1_000;
const SECOND_MS = 1_000;

export interface ContactChanges extends Connection<ContactChange> {
  /** Start of the next window. */
  until: Date;
}

/**
 * Contacts that changed since a time. The first page fixes the end of the window; cursors contain it.
 * @throws InputError for a `since` in the future, and as `paginate` does
 */
export async function contactChanges(
  _parent: unknown,
  args: ConnectionArgs & { since: Date },
  { api, loaders }: Context,
): Promise<ContactChanges> {
  const since = wholeSecond(args.since.getTime());
  const now = api.clock.now();
  if (since > now) throw new InputError('INVALID', '`since` must not be in the future.', ['since']);
  const source = loaders.contactChanges.since(since);
  const scope = scopeOf(...source.scope);
  const given = args.after == null ? null : decodeCursor(scope, args.after, ['after']);
  const latest = wholeSecond(now) + SECOND_MS;
  const position = given ? given.position : source.start(latest);
  const end = position === null ? NaN : source.endOf(position);
  if (position === null || !(end >= since && end <= latest)) throw damagedCursor(['after']);
  const after = args.after ?? encodeCursor(scope, { position, limit: source.maxPage, index: 0 });
  const connection = await paginate({ first: args.first, after }, source);
  return {
    ...connection,
    pageInfo: { ...connection.pageInfo, hasPreviousPage: given !== null },
    until: new Date(Math.max(since, end - SECOND_MS - LAG_MS)),
  };
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}
