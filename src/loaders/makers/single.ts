import DataLoader from 'dataloader';

/** What a by-id loader offers, whatever it costs underneath. */
export interface ById<Row> {
  /** The object, or null when it does not exist. */
  load(id: string): Promise<Row | null>;
  /** Keeps an object that came with another answer, so that asking for it costs nothing. */
  prime(id: string, row: Row): void;
  clear(): void;
}

/**
 * Cost class ONE: one call an id, because the API has no other way. Ids asked for in one tick run side by side and
 * settle one by one, so that a slow or failing one does not hold the rest.
 * @param read gives null when the object does not exist
 */
export function single<Row>(read: (id: string) => Promise<Row | null>): ById<Row> {
  const loader = new DataLoader<string, Row | null>(
    (ids) => Promise.all(ids.map((id) => read(id).catch((error: unknown) => asError(error)))),
    { batch: false },
  );
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

/** DataLoader wants a failed key as an `Error` in its place. */
export function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('A load failed.', { cause: reason });
}
