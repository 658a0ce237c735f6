import type { Schema } from '../constant-contact/contract/operations.js';
import { listIn } from '../constant-contact/lists.js';
import type { Context } from '../context.js';
import { watchBulkActivity, type BulkActivity, type BulkActivityFilter } from '../loaders/bulk-activity.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { live, type LiveEvent } from './support/live.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';

export type BulkActivityCounters = Schema<'ActivityStatus'>;

/** A row, or a whole job, that failed. */
export interface BulkActivityFailure {
  line: number | null;
  message: string;
}

/** Ends after the event in which the activity has finished or does not exist. */
export function bulkActivityProgress(
  _parent: unknown,
  args: { id: string },
  context: Context,
): AsyncIterableIterator<LiveEvent<BulkActivity | null>> {
  return live(context, watchBulkActivity(context.api, rawId('BulkActivity', args.id, ['id'])));
}

export function bulkActivities(
  _parent: unknown,
  args: ConnectionArgs & { filter?: { state?: string | null } | null },
  { loaders }: Context,
): Promise<Connection<BulkActivity>> {
  const { state } = args.filter ?? {};
  if (state === 'initialized')
    throw new InputError('NOT_ALLOWED', 'INITIALIZED is not supported as a filter.', ['filter', 'state']);
  return paginate(args, loaders.bulkActivities.list(dropNulls({ state }) as BulkActivityFilter));
}

/**
 * The API reports failures as prose, in some services wrapped in an object; line numbers are part of the
 * text.
 */
export function failures({ activity_errors: errors }: BulkActivity): BulkActivityFailure[] {
  return (listIn(errors) ?? []).flatMap((error) => {
    const message = typeof error === 'string' ? error : (error as typeof error | null)?.message;
    if (!message) return [];
    const line = /\bline\s*#?\s*(\d{1,9})\b/i.exec(message)?.[1];
    return [{ line: line === undefined ? null : Number(line), message }];
  });
}

/**
 * ID of the file that an export wrote: the last segment of the results link. The API spells the rest of that
 * path in several ways.
 */
export function exportFileId({ _links: links }: BulkActivity): string | null {
  const href: unknown = links?.results?.href;
  if (typeof href !== 'string') return null;
  const path = href.split(/[?#]/)[0]?.replace(/\/+$/, '');
  return path?.slice(path.lastIndexOf('/') + 1) || null;
}
