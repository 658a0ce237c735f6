import type { Api, ReferenceFamily } from '../../constant-contact/api.js';

export interface Scan<Row> {
  /** Every row of the collection; the first use reads it, later ones share it. */
  all(): Promise<readonly Row[]>;
  /** One row, null when it does not exist. */
  load(id: string): Promise<Row | null>;
  /** Rows of these ids, in their order, without those that do not exist. */
  loadMany(ids: readonly string[]): Promise<Row[]>;
  /** Whether the collection is in hand: read by this request, or kept from an earlier one. Makes no call. */
  held(): boolean;
  /** Forgets what this request has read. */
  clear(): void;
}

export interface ScanOptions<Row> {
  /** What makes the collection stale; of each variant, where they differ in it. */
  family: ReferenceFamily | (() => ReferenceFamily);
  /** Tells apart several ways to read the same collection, for example with and without counts. */
  variant: () => string;
  /** Reads the whole collection. */
  read: () => Promise<readonly Row[]>;
  key: (row: Row) => string | undefined;
  /** Reads one row that the scan did not hold (deleted ones, for instance); null when there is none. */
  one?: (id: string) => Promise<Row | null>;
}

interface Index<Row> {
  rows: readonly Row[];
  byId: ReadonlyMap<string, Row>;
}

/**
 * Cost class SCAN: a small reference collection is read whole, once, and answers every id of it. The read is shared
 * with other requests of the same credentials for as long as the reference cache keeps it.
 */
export function scan<Row>(api: Api, options: ScanOptions<Row>): Scan<Row> {
  let index: Promise<Index<Row>> | undefined;
  const singles = new Map<string, Promise<Row | null>>();
  const family = () => (typeof options.family === 'function' ? options.family() : options.family);

  const read = async (): Promise<Index<Row>> => {
    const rows = await options.read();
    const byId = new Map<string, Row>();
    for (const row of rows) {
      const id = options.key(row);
      if (id !== undefined) byId.set(id, row);
    }
    return { rows, byId };
  };
  const load = () =>
    (index ??= api.reference(family(), options.variant(), read).catch((error: unknown) => {
      // A failed read is not remembered: the next field of the same request may try again.
      index = undefined;
      throw error;
    }));
  const one = (id: string): Promise<Row | null> => {
    if (!options.one) return Promise.resolve(null);
    let row = singles.get(id);
    if (!row) {
      row = options.one(id);
      singles.set(id, row);
    }
    return row;
  };
  const find = ({ byId }: Index<Row>, id: string) => byId.get(id) ?? one(id);
  /** Without a promise for each, where none is missing: every row of a page may name some. */
  const findMany = (from: Index<Row>, ids: readonly string[]): Row[] | Promise<Row[]> => {
    const rows = ids.map((id) => from.byId.get(id));
    if (rows.every((row) => row !== undefined)) return rows;
    const found = Promise.all(ids.map((id) => Promise.resolve(find(from, id))));
    return found.then((all) => all.filter((row) => row !== null));
  };

  return {
    all: async () => (await load()).rows,
    load: (id) => load().then((found) => find(found, id)),
    loadMany: async (ids) => (ids.length === 0 ? [] : findMany(await load(), ids)),
    // What is kept is not used from here: only `reference` asks whether another process has made it stale.
    held: () => index !== undefined || api.peek<Index<Row>>(family(), options.variant()) !== undefined,
    clear: () => {
      index = undefined;
      singles.clear();
    },
  };
}
