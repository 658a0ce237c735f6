import type { Page } from './page-source.js';

interface FirstPage<Row> {
  limit: number;
  /** Query parameters that have more included with the rows. */
  along: object;
  /** False where a large collection is scanned for a few rows: then the request does not hold its pages. */
  keep: boolean;
  read: (options: { limit: number; along: object }) => Promise<Page<Row>>;
}

interface FirstRead {
  limit: number;
  along: object;
  started: boolean;
  page: Promise<Page<unknown>>;
  /** Whether it has come in, and no other follows it. */
  isAll: boolean;
}

/** The pages that one request reads, so that several places of a query share them. */
export class PageReads {
  readonly #first = new Map<string, FirstRead>();
  readonly #next = new Map<string, Promise<Page<unknown>>>();

  /** A first page of so many rows: one that this request has read or is reading, or one read for all that want it now. */
  async first<Row>(key: string, wanted: FirstPage<Row>): Promise<Page<Row>> {
    const known = this.#first.get(key);
    if (known && disagree(known.along, wanted.along)) {
      return this.first(key + JSON.stringify(wanted.along), wanted);
    }
    if (known?.started === false) {
      known.limit = Math.max(known.limit, wanted.limit);
      known.along = { ...known.along, ...wanted.along };
      return (await known.page) as Page<Row>;
    }
    if (known && includes(known.along, wanted.along)) {
      const page = (await known.page) as Page<Row>;
      // A page that holds all there is holds as many as anybody wants.
      if (known.limit >= wanted.limit || page.next === null) return page;
      if (this.#first.get(key) !== known) return this.first(key, wanted);
    }
    return (await this.#start(key, wanted).page) as Page<Row>;
  }

  /** Whether a first page was read that is all there is. */
  isAll(key: string, along: object): boolean {
    const known = this.#first.get(key);
    return (
      known !== undefined && known.isAll && !disagree(known.along, along) && includes(known.along, along)
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

  #start<Row>(key: string, { limit, along, keep, read }: FirstPage<Row>): FirstRead {
    // Other places of the query that ask for the page in this tick may add to what it includes.
    const tick = new Promise<void>((resolve) => {
      process.nextTick(resolve);
    });
    const first: FirstRead = {
      limit,
      along,
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
    // A failed read is not remembered: the next field of the same request may try again.
    first.page.catch(() => {
      if (this.#first.get(key) === first) this.#first.delete(key);
    });
    return first;
  }
}

/** Whether both ask for the same parameter with different values. */
function disagree(one: object, other: object): boolean {
  const values = other as Readonly<Record<string, unknown>>;
  return Object.entries(one).some(([name, value]) => name in values && values[name] !== value);
}

function includes(one: object, other: object): boolean {
  return Object.keys(other).every((name) => name in one);
}
