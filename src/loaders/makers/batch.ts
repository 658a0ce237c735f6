import DataLoader from 'dataloader';
import type { Api } from '../../constant-contact/api.js';
import { nullIfNotFound } from '../../constant-contact/by-id.js';
import { gather } from './gather.js';
import { asError, type ById } from './single.js';

export interface BatchOptions<Row> {
  /** Most ids that one call takes. */
  size: number;
  /** One call for these ids. Rows may come in any order and some may be missing. */
  read: (ids: readonly string[]) => Promise<readonly Row[]>;
  key: (row: Row) => string | undefined;
}

/**
 * Cost class BATCH: one call for up to `size` ids. One bad id makes the API answer 404 for all of them; then it is
 * searched by halves and left out, at the price of log₂(size) + 1 more calls for each bad id. No other row is lost.
 * Ids that come back without a row are null.
 */
export function batch<Row>(api: Pick<Api, 'quiet'>, { size, read, key }: BatchOptions<Row>): ById<Row> {
  const load = async (ids: readonly string[]): Promise<(Row | null | Error)[]> => {
    const chunks = Array.from({ length: Math.ceil(ids.length / size) }, (_, chunk) =>
      ids.slice(chunk * size, (chunk + 1) * size),
    );
    const answers = await Promise.all(
      chunks.map((chunk) =>
        readAround(chunk, read, key).then(
          (rows) => chunk.map((id) => rows.get(id) ?? null),
          // A failed chunk fails its own ids only.
          (error: unknown) => chunk.map(() => asError(error)),
        ),
      ),
    );
    return answers.flat();
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

/** Reads the ids, around those that the API refuses. */
async function readAround<Row>(
  ids: readonly string[],
  read: BatchOptions<Row>['read'],
  key: BatchOptions<Row>['key'],
): Promise<Map<string, Row>> {
  const found = new Map<string, Row>();
  /** Whether the API takes these ids together; keeps their rows if so. */
  const takes = async (some: readonly string[]): Promise<boolean> => {
    const rows = await nullIfNotFound(read(some));
    for (const row of rows ?? []) {
      const id = key(row);
      if (id !== undefined) found.set(id, row);
    }
    return rows !== null;
  };
  let remaining = ids;
  while (remaining.length > 0 && !(await takes(remaining))) {
    let suspects = remaining;
    const untried: string[] = [];
    while (suspects.length > 1) {
      const middle = Math.ceil(suspects.length / 2);
      const half = suspects.slice(0, middle);
      if (await takes(half)) {
        suspects = suspects.slice(middle);
      } else {
        untried.push(...suspects.slice(middle));
        suspects = half;
      }
    }
    remaining = untried;
  }
  return found;
}
