import type { Context } from '../context.js';
import { contactChanges as changes, type ContactChange } from '../loaders/contact-change.js';
import { decodeCursor, encodeCursor, scopeOf } from './support/cursor.js';
import { InputError } from './support/input-error.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';

/** The API is still indexing the changes of the last moments; they are left for the next window. */
export const CHANGES_LAG_MS = 2 * 60 * 1_000;

export interface ContactChanges extends Connection<ContactChange> {
  /** Where the window ends, and the next one begins. */
  until: Date;
}

/**
 * Contacts that changed since a time. The end of the window is fixed by the first page; the cursors carry it on.
 * @throws InputError for a `since` in the future, and as `paginate` does
 */
export async function contactChanges(
  _parent: unknown,
  args: ConnectionArgs & { since: Date },
  { api, loaders }: Context,
): Promise<ContactChanges> {
  const since = wholeSecond(args.since.getTime());
  const now = api.clock.now();
  if (since > now) throw new InputError('INVALID', 'since lies in the future.', ['since']);
  const source = changes(loaders.contact, since);
  const scope = scopeOf(...source.scope);
  const start = () => source.start(Math.max(since, wholeSecond(now - CHANGES_LAG_MS)));
  const given = args.after == null ? null : decodeCursor(scope, args.after, ['after']).position;
  const position = given ?? start();
  const after =
    given === null ? encodeCursor(scope, { position, limit: source.maxPage, index: 0 }) : args.after;
  const connection = await paginate({ first: args.first, after }, source);
  return {
    ...connection,
    pageInfo: { ...connection.pageInfo, hasPreviousPage: given !== null },
    until: new Date(source.untilOf(position)),
  };
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}
