import DataLoader from 'dataloader';
import type { Api } from '../../constant-contact/api.js';
import { gather } from './gather.js';
import type { Scan } from './scan.js';
import { asError, type ById } from './single.js';

export interface NamedOptions<Row> {
  /** The scan that answers several ids with one call. */
  scan: Scan<Row>;
  /** Whether the scan is in hand already, or the operation needs it anyway: then it answers a single id as well. */
  scanned: () => boolean;
  /** Reads one row; null when there is none. */
  one: (id: string) => Promise<Row | null>;
}

/**
 * Cost class ONE or SCAN: ids that the query itself names. A single one is read by itself, which is as many calls as
 * a scan and the smaller and fresher answer; several in one tick are answered by the scan.
 */
export function named<Row>(api: Pick<Api, 'quiet'>, { scan, scanned, one }: NamedOptions<Row>): ById<Row> {
  const load = async (ids: readonly string[]): Promise<(Row | null | Error)[]> => {
    const read = ids.length > 1 || scanned() ? (id: string) => scan.load(id) : one;
    return Promise.all(ids.map((id) => read(id).catch((error: unknown) => asError(error))));
  };
  const loader = new DataLoader<string, Row | null>(load, { batchScheduleFn: gather(api) });
  return {
    load: (id) => loader.load(id),
    prime: (id, row) => {
      loader.prime(id, row);
    },
    clear: () => {
      loader.clearAll();
    },
  };
}
