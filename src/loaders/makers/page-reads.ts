import type { Page } from './page-source.js';

interface FirstPage<Row> {
  limit: number;
  /** Query parameters that include more with the rows. */
  includeParams: object;
  /** False for a scan of a large collection: its pages are not kept. */
  keep: boolean;
  read: (options: { limit: number; includeParams: object }) => Promise<Page<Row>>;
}

interface FirstRead {
  limit: number;
  includeParams: object;
  started: boolean;
  page: Promise<Page<unknown>>;
  /** True if the page is loaded and is the only one. */
  isAll: boolean;
}

/** Pages that one request reads, shared by several places of a query. */
export class PageReads {
  readonly #first = new Map<string, FirstRead>();
  readonly #next = new Map<string, Promise<Page<unknown>>>();

  /**
   * A first page of at least this many rows: already loaded, in flight, or read for all who request it in
   * this tick.
   */
  async first<Row>(key: string, wanted: FirstPage<Row>): Promise<Page<Row>> {
    const known = this.#first.get(key);
    if (known && disagree(known.includeParams, wanted.includeParams)) {
      return this.first(key + JSON.stringify(wanted.includeParams), wanted);
    }
    if (known?.started === false) {
      known.limit = Math.max(known.limit, wanted.limit);
      known.includeParams = { ...known.includeParams, ...wanted.includeParams };
      return (await known.page) as Page<Row>;
    }
    if (known && includes(known.includeParams, wanted.includeParams)) {
      const page = (await known.page) as Page<Row>;
      // A complete page satisfies every limit.
      if (known.limit >= wanted.limit || page.next === null) return page;
      if (this.#first.get(key) !== known) return this.first(key, wanted);
    }
    return (await this.#start(key, wanted).page) as Page<Row>;
  }

  /** Returns true if a first page was read and is complete. */
  isAll(key: string, includeParams: object): boolean {
    const known = this.#first.get(key);
    return (
      known !== undefined &&
      known.isAll &&
      !disagree(known.includeParams, includeParams) &&
      includes(known.includeParams, includeParams)
    );
  }

  next<Row>(key: string, keep: boolean, read: () => Promise<Page<Row>>): Promise<Page<Row>> {
    const known = this.#next.get(key);
    if (known) return known as Promise<Page<Row>>;
    const page = read();
    if (keep) {
      this.#next.set(key, page);
      page.catch(() => this.#next.delete(key));
    }
    return page;
  }

  clear(): void {
    this.#first.clear();
    this.#next.clear();
  }

  #start<Row>(key: string, { limit, includeParams, keep, read }: FirstPage<Row>): FirstRead {
    // Other places of the query that request the page in this tick may add to its included properties.
    const tick = new Promise<void>((resolve) => process.nextTick(resolve));
    const first: FirstRead = {
      limit,
      includeParams,
      started: false,
      isAll: false,
      page: tick.then(async () => {
        first.started = true;
        const page = await read(first);
        first.isAll = page.next === null;
        return page;
      }),
    };
    if (!keep) return first;
    this.#first.set(key, first);
    // A failed read is not kept: the next field of the same request may try again.
    first.page.catch(() => {
      if (this.#first.get(key) === first) this.#first.delete(key);
    });
    return first;
  }
}

/** Returns true if both set the same parameter to different values. */
function disagree(one: object, other: object): boolean {
  const values = other as Readonly<Record<string, unknown>>;
  return Object.entries(one).some(([name, value]) => name in values && values[name] !== value);
}

function includes(one: object, other: object): boolean {
  return Object.keys(other).every((name) => name in one);
}
