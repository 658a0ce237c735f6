import DataLoader from 'dataloader';
import type { Api } from '../../constant-contact/api.js';

/** Common interface of loaders by ID. */
export interface ById<Row> {
  /** The object, or null when it does not exist. */
  load(id: string): Promise<Row | null>;
  /** Returns true if it is loaded or in flight. */
  has(id: string): boolean;
}

/** Finds the row of an ID; null when it does not exist. */
export type Find<Row> = (id: string) => Row | null | Promise<Row | null>;

/** IDs load in parallel and settle individually, so that a slow or failing one does not delay the rest. */
export function oneByOne<Row>(read: Find<Row>): ById<Row> {
  return new Keyed<Row>((ids) => settle(ids, read), { batch: false });
}

/**
 * Waits with all IDs until no call of the request is in flight, because earlier responses may add more IDs.
 * @param plan decides how all IDs are found, and may read what several of them need
 * @param isLast true if the plans of other loaders may add IDs: it waits for them, too
 */
export function gathered<Row>(
  api: Pick<Api, 'inFlight'>,
  plan: (ids: readonly string[]) => Find<Row> | Promise<Find<Row>>,
  isLast = false,
): ById<Row> {
  return new Keyed<Row>(
    (ids) => {
      const find = plan(ids);
      return find instanceof Promise ? find.then((found) => settle(ids, found)) : settle(ids, find);
    },
    { batchScheduleFn: whenIdle(api, isLast) },
  );
}

class Keyed<Row> implements ById<Row> {
  readonly #loads = new Map<string, Promise<Row | null>>();
  readonly #loader: DataLoader<string, Row | null>;

  constructor(
    load: DataLoader.BatchLoadFn<string, Row | null>,
    options: DataLoader.Options<string, Row | null>,
  ) {
    this.#loader = new DataLoader(load, { cacheMap: this.#loads, ...options });
  }

  /** @param given a number if a response has one instead of a text */
  load(given: string | number): Promise<Row | null> {
    const id = typeof given === 'string' ? given : String(given);
    // DataLoader settles a cache hit together with its current batch, which another ID may keep waiting.
    return this.#loads.get(id) ?? this.#loader.load(id);
  }

  has(id: string): boolean {
    return this.#loads.has(id);
  }
}

function settle<Row>(ids: readonly string[], find: Find<Row>): Promise<(Row | null | Error)[]> {
  return Promise.all(
    ids.map((id): Promise<Row | null | Error> => {
      const row = find(id);
      return row instanceof Promise ? row.catch(asError) : Promise.resolve(row);
    }),
  );
}

/** DataLoader expects a failed key as an `Error` in its position. */
function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('A load failed.', { cause: reason });
}

function whenIdle({ inFlight }: Pick<Api, 'inFlight'>, isLast: boolean): (dispatch: () => void) => void {
  return (dispatch) => {
    // Order matters: current resolvers and the promises that they settle run first, then loaders that read
    // single objects start, in the tick to which DataLoader defers them, because their responses may include
    // rows that are requested here.
    void Promise.resolve().then(() =>
      process.nextTick(() => {
        process.nextTick(() => {
          inFlight.whenIdle(dispatch, isLast);
        });
      }),
    );
  };
}
