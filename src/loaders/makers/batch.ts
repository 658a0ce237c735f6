import DataLoader from 'dataloader';
import { ConstantContactError } from '../../constant-contact/errors.js';
import { asError, type ById } from './single.js';

export interface BatchOptions<Row> {
  /** Most ids that one call takes. */
  size: number;
  /** One call for these ids. Rows may come in any order and some may be missing. */
  read: (ids: readonly string[]) => Promise<readonly Row[]>;
  key: (row: Row) => string | undefined;
}

/**
 * Cost class BATCH: one call for up to `size` ids. One bad id makes the API answer 404 for all of them; then the
 * batch is halved until the bad one stands alone, which costs about 2·log₂(size) more calls and loses no other row.
 * Ids that come back without a row are null.
 */
export function batch<Row>({ size, read, key }: BatchOptions<Row>): ById<Row> {
  const rowsOf = async (ids: readonly string[]): Promise<Map<string, Row>> => {
    try {
      const rows = new Map<string, Row>();
      for (const row of await read(ids)) {
        const id = key(row);
        if (id !== undefined) rows.set(id, row);
      }
      return rows;
    } catch (error) {
      if (!(error instanceof ConstantContactError) || error.kind !== 'notFound') throw error;
      if (ids.length === 1) return new Map();
      const middle = Math.ceil(ids.length / 2);
      const halves = await Promise.all([rowsOf(ids.slice(0, middle)), rowsOf(ids.slice(middle))]);
      return new Map(halves.flatMap((half) => [...half]));
    }
  };
  const loader = new DataLoader<string, Row | null>(async (ids) => {
    const chunks = Array.from({ length: Math.ceil(ids.length / size) }, (_, chunk) =>
      ids.slice(chunk * size, (chunk + 1) * size),
    );
    const answers = await Promise.all(
      chunks.map((chunk) =>
        rowsOf(chunk).then(
          (rows) => chunk.map((id) => rows.get(id) ?? null),
          // A failed chunk fails its own ids only.
          (error: unknown) => chunk.map(() => asError(error)),
        ),
      ),
    );
    return answers.flat();
  });
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

/** Turns "not found" into null; every other failure goes on. */
export async function orNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ConstantContactError && error.kind === 'notFound') return null;
    throw error;
  }
}
