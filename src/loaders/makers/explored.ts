import { readById } from '../../constant-contact/by-id.js';
import type { Family } from '../../constant-contact/api.js';
import type { OperationId } from '../../constant-contact/contract/operations.js';
import { countIn } from '../../constant-contact/numbers.js';
import type { ExploredCost } from '../cost.js';
import { CollectionSize } from './collection-size.js';
import type { Collection } from './collection.js';
import { gathered, type ById, type Find } from './keyed.js';
import type { Loader, Scope } from './loader.js';
import { pagesFor, type Page, type PageSource } from './page-source.js';
import { pagesOf, type ListQuery, type PagedOperation, type PageRequest } from './pages.js';
import { ignoreRefusal } from './refused.js';
import { RowIndex } from './row-index.js';
import { walk } from './walk.js';

/** A smaller part of the collection that is likely to have the rows. */
interface SmallerScan<Filter, Hint> {
  /** From this many calls on, it is tried before the whole collection or single reads. */
  from: number;
  /** Number of calls to determine the filter. */
  calls: (hints: readonly Hint[]) => number;
  /** Filter of that part; null when there is none. */
  filter: (scope: Scope, hints: readonly Hint[]) => Promise<Filter | null>;
}

interface ExploredOptions<
  Id extends OperationId,
  Row,
  Filter,
  Options,
  Hint extends { id: string },
> extends PagedOperation<Id, Row> {
  /** Plural noun for the rows. */
  noun: string;
  key: keyof Row & string;
  /** Number of rows of the collection: a guess that few accounts exceed. */
  most: number;
  /** Number of rows of an ordinary account, if lower. */
  usual?: number;
  /**
   * From this many IDs on, a scan is tried even if the size of the collection is unknown: its first page may
   * have all rows or report the size. If continuing does not pay off, that page wasted one call.
   */
  from: number;
  /**
   * True if pages report the size of the collection. Otherwise a scan is abandoned after as many calls as IDs
   * are missing.
   */
  counted: boolean;
  /** Reads one row. */
  one: Loader<ById<Row>> | ((scope: Scope, id: string) => Promise<Row | null>);
  /** Another unique property by which a single row can be read. */
  alternateKey?: {
    of: (row: Row) => string | null | undefined;
    one: (scope: Scope, text: string) => Promise<Row | null>;
  };
  /** The request of the listing for a filter. */
  request?: (scope: Scope, filter: Filter, options?: Options) => PageRequest<Id, Row>;
  /** Filter of the whole collection. Default: none. */
  everything?: { filter: Filter; options?: Options };
  /** True if a row that is missing in a complete scan does not exist. */
  hasAll?: boolean;
  /** Returns true if the rows of a page have all selected properties. Default: true. */
  isComplete?: (scope: Scope, rows: readonly Row[], asked: boolean, filter: Filter) => boolean;
  /** Number of members of a row. */
  membersOf?: (row: Row) => number | undefined;
  /** See `Whole`. */
  kindOf?: (row: Row) => string | undefined;
  /** Cache family in which the size of the collection is kept. */
  family?: Family;
  /** A collection that can answer IDs once it is loaded. */
  collection?: Loader<Collection<Row>>;
  smaller?: SmallerScan<Filter, Hint>;
}

/** Objects by ID, where the API has no batch read. */
export interface Explored<Row, Filter, Options = undefined, Hint = never> extends ById<Row> {
  /** A row by its alternate key; null when it does not exist. */
  loadByAlternateKey(text: string): Promise<Row | null>;
  /** A row of a page that was already loaded. */
  loaded(id: string): Row | undefined;
  /** Rows that match a filter, as pages. */
  list(filter: Filter, options?: Options): PageSource<Row>;
  /** Records that these IDs are likely in a smaller part of the collection. */
  hint(ids: readonly string[], hint: Hint): void;
  /** Number of rows of the collection, as far as known. */
  readonly size: CollectionSize;
}

/**
 * Cost class EXPLORED: N IDs take the fewest calls of N single reads, a scan of the collection, and a scan of
 * a smaller part that is likely to have them. Rows of loaded pages cost nothing.
 */
export function explored<
  Id extends OperationId,
  Row,
  Filter extends object = ListQuery<Id>,
  Options = undefined,
  Hint extends { id: string } = never,
>(
  options: ExploredOptions<Id, Row, Filter, Options, Hint>,
): Loader<Explored<Row, Filter, Options, Hint>, ExploredCost> {
  const { noun, reads, pageSize, most, usual, from, counted, smaller } = options;
  return {
    cost: {
      costClass: 'EXPLORED',
      rows: noun,
      reads,
      pageSize,
      most,
      usual,
      from,
      counted,
      ...(smaller && { smallerFrom: smaller.from }),
    },
    create: (scope) => new ExploredLoader(scope, options),
  };
}

/** Prefixes of row keys. */
const ID = 'id ';
const ALTERNATE = 'alternate ';

/** Rows of that many pages of a scan stay loaded for the request, so that IDs that arrive later need no second scan; more would take too much memory. */
const MAX_LOADED_PAGES = 4;

/** Returns true if reading more pages may take fewer calls than the alternative, by numbers of IDs and pages. */
type IsWorthContinuing = (missing: number, pagesLeft: number, pagesRead: number) => boolean;

class ExploredLoader<
  Id extends OperationId,
  Row,
  Filter extends object,
  Options,
  Hint extends { id: string },
> implements Explored<Row, Filter, Options, Hint> {
  readonly size: CollectionSize;
  readonly #scope: Scope;
  readonly #options: ExploredOptions<Id, Row, Filter, Options, Hint>;
  readonly #rows: RowIndex<Row>;
  readonly #byKey: ById<Row>;
  #hints: Map<string, Hint> | undefined;
  /** Spellings in which alternate keys were requested, by key. */
  readonly #spellings = new Map<string, Set<string>>();
  /** True if all rows that exist are loaded. */
  #isWhole = false;

  constructor(scope: Scope, options: ExploredOptions<Id, Row, Filter, Options, Hint>) {
    this.#scope = scope;
    this.#options = options;
    this.size = new CollectionSize(scope.api, options);
    this.#rows = new RowIndex((row) => this.#keysOf(row));
    this.#byKey = gathered(scope.api, (keys) => this.#plan(keys));
  }

  load(id: string): Promise<Row | null> {
    return this.#byKey.load(ID + id);
  }

  has(id: string): boolean {
    return this.#byKey.has(ID + id);
  }

  async loadByAlternateKey(text: string): Promise<Row | null> {
    const key = alternate(text);
    const spellings = this.#spellings.get(key);
    if (spellings) spellings.add(text);
    else this.#spellings.set(key, new Set([text]));
    const row = await this.#byKey.load(key);
    if (row) this.#rows.add([row]);
    return row;
  }

  loaded(id: string): Row | undefined {
    return this.#rows.find(ID + id);
  }

  hint(ids: readonly string[], hint: Hint): void {
    this.#hints ??= new Map();
    for (const id of ids) this.#hints.set(ID + id, hint);
  }

  list(filter: Filter, listOptions?: Options): PageSource<Row> {
    const { noun, total, request, isComplete, membersOf, kindOf } = this.#options;
    const asked = request?.(this.#scope, filter, listOptions) ?? { query: filter as ListQuery<Id> };
    return pagesOf(
      this.#scope,
      {
        ...this.#options,
        total: (body) => {
          const count = total?.(body);
          this.size.note(this.#isEverything(filter), count);
          return count;
        },
      },
      {
        ...asked,
        ...(this.#reportsWholeSize(filter) && { whole: { noun, membersOf, kindOf } }),
        onPage: (rows, isAsked) => {
          if (asked.keep !== false && isComplete?.(this.#scope, rows, isAsked, filter) !== false)
            this.#rows.add(rows);
        },
      },
    );
  }

  #plan(keys: readonly string[]): Find<Row> | Promise<Find<Row>> {
    if (this.#isWhole) return (key) => this.#rows.find(key) ?? null;
    const missing = this.#missing(keys);
    // A page costs as much as one single read.
    if (missing.length < 2 || this.#collection()?.isLoaded() === true) return this.#find;
    return this.#explore(missing).then((isAll) =>
      isAll ? (key: string) => this.#rows.find(key) ?? null : this.#find,
    );
  }

  readonly #find: Find<Row> = (key) => {
    const row = this.#rows.find(key);
    if (row !== undefined) return row;
    if (key.startsWith(ALTERNATE)) return this.#readByAlternateKey(key);
    const id = key.slice(ID.length);
    const collection = this.#collection();
    return collection?.isLoaded() === true ? this.#findIn(collection, id) : this.#readOne(id);
  };

  /** Rows are found in any case, but the API may compare exactly: other spellings follow if the first finds nothing. */
  async #readByAlternateKey(key: string): Promise<Row | null> {
    for (const spelling of this.#spellings.get(key) ?? [key.slice(ALTERNATE.length)]) {
      const row = await this.#options.alternateKey?.one(this.#scope, spelling);
      if (row) return row;
    }
    return null;
  }

  async #findIn(collection: Collection<Row>, id: string): Promise<Row | null> {
    const row = await collection.load(id);
    if (row) return row;
    this.#scope.api.meter.extend();
    return this.#readOne(id);
  }

  #collection(): Collection<Row> | undefined {
    const { collection } = this.#options;
    return collection && this.#scope.use(collection);
  }

  #readOne(id: string): Promise<Row | null> {
    const { one, key } = this.#options;
    return typeof one === 'function'
      ? readById<Row>(one(this.#scope, id), id, key)
      : this.#scope.use(one).load(id);
  }

  /** Keys without a loaded row and without a single read in flight. */
  #missing(keys: readonly string[]): readonly string[] {
    const { one } = this.#options;
    const single = typeof one === 'function' ? undefined : this.#scope.use(one);
    return keys.filter(
      (key) => this.#rows.find(key) === undefined && single?.has(key.slice(ID.length)) !== true,
    );
  }

  #keysOf(row: Row): readonly string[] {
    const { key, alternateKey } = this.#options;
    const id = row[key] as string | null | undefined;
    const text = alternateKey?.of(row);
    return [...(id ? [ID + id] : []), ...(text ? [alternate(text)] : [])];
  }

  /**
   * Scans the collection if that takes fewer calls than single reads. If it turns out to be large, scans a
   * smaller part that is likely to have the rows.
   * @returns whether rows that are still not loaded do not exist
   */
  async #explore(keys: readonly string[]): Promise<boolean> {
    const { from, smaller, everything } = this.#options;
    const filter = everything?.filter ?? ({} as Filter);
    const { size } = this;
    const hints = this.#hintsFor(keys);
    const isLarge = (count: number, pages: number) =>
      smaller !== undefined &&
      hints.length > 0 &&
      Math.min(count, pages) >= smaller.from + smaller.calls(hints);
    const isWorth = (count: number) =>
      this.#pagesOf(size.least()) < count && (size.total() !== undefined || count >= from);
    const scanAll = (isWorthContinuing: IsWorthContinuing, first?: Page<Row>) =>
      this.#scan(filter, keys, isWorthContinuing, { known: size.total(), first });

    let count = keys.length;
    let firstPage: Page<Row> | undefined;
    if (!isLarge(count, this.#pagesOf(size.least()))) {
      if (!isWorth(count)) return false;
      const { isWhole, left, first } = await scanAll((missing, pages) => !isLarge(missing, pages));
      firstPage = first;
      count = this.#missing(keys).length;
      if (isWhole || !isLarge(count, left)) return isWhole;
    }
    await this.#scanSmaller(keys, hints).catch((error: unknown) => ignoreRefusal(this.#scope.api, error));
    return isWorth(this.#missing(keys).length) ? (await scanAll(() => true, firstPage)).isWhole : false;
  }

  async #scanSmaller(keys: readonly string[], hints: readonly Hint[]): Promise<void> {
    const part = (await this.#options.smaller?.filter(this.#scope, hints)) ?? null;
    if (!part) return;
    const missing = this.#missing(keys);
    // Rows may have left that part: each page must find at least one to pay off.
    await this.#scan(part, missing, (still, _left, read) => missing.length - still >= read);
  }

  /** Hints for these IDs, if there are enough for a scan of what they name to pay off. */
  #hintsFor(keys: readonly string[]): readonly Hint[] {
    const least = this.#options.smaller?.from ?? Infinity;
    if (keys.length < least) return [];
    const hints = keys.flatMap((key) => this.#hints?.get(key) ?? []);
    return hints.length < least ? [] : [...new Map(hints.map((hint) => [hint.id, hint])).values()];
  }

  /**
   * Reads pages until all rows are loaded or more pages do not pay off.
   * @param options.known number of rows, if known
   * @param options.first the first page, if an earlier scan has read it
   */
  async #scan(
    filter: Filter,
    keys: readonly string[],
    isWorthContinuing: IsWorthContinuing,
    { known, first }: { known?: number | undefined; first?: Page<Row> | undefined } = {},
  ): Promise<{ left: number; isWhole: boolean; first: Page<Row> | undefined }> {
    const { everything, hasAll = false, counted, key } = this.#options;
    const source = this.list(filter, everything?.options);
    const visitedIds = new Set<unknown>();
    const missingIds = new Set(keys);
    let reportedTotal: number | undefined;
    let read = 0;
    let left = Infinity;
    let firstPage = first;
    for await (const { page, next } of walk(source, first && { first })) {
      read += 1;
      firstPage ??= page;
      reportedTotal ??= countIn(page.total);
      for (const row of page.rows) {
        visitedIds.add(row[key]);
        // Pages that the request does not keep are indexed only here.
        if (read <= MAX_LOADED_PAGES || this.#keysOf(row).some((one) => missingIds.has(one)))
          this.#rows.add([row]);
      }
      if (next === null) {
        if (this.#isEverything(filter)) {
          const rows = reportedTotal ?? visitedIds.size;
          this.size.note(true, rows);
          this.#scope.api.sizes.note(this.#options.noun, rows);
        }
        // Rows move between pages when the account changes in between; the count shows whether one was
        // missed.
        const isWhole = hasAll && reportedTotal !== undefined && visitedIds.size >= reportedTotal;
        this.#isWhole ||= isWhole && this.#isEverything(filter) && read <= MAX_LOADED_PAGES;
        // The query cost cannot know how many IDs no page has. Each of them is read by itself.
        if (!isWhole) this.#scope.api.meter.extend(this.#missing(keys).length);
        return { left: 0, isWhole, first: firstPage };
      }
      const size = reportedTotal ?? known;
      left = size === undefined ? (counted ? Infinity : read) : this.#pagesOf(size - visitedIds.size);
      const missing = this.#missing(keys).length;
      if (missing <= left || !isWorthContinuing(missing, left, read)) break;
    }
    return { left, isWhole: false, first: firstPage };
  }

  /** Without a filter the API may leave some rows out (deleted contacts), which is an acceptable estimate. */
  #reportsWholeSize(filter: Filter): boolean {
    if (this.#isEverything(filter)) return true;
    const known = this.#scope.api.sizes.of(this.#options.noun);
    return Object.keys(filter).length === 0 && (known?.isLeast ?? true);
  }

  #isEverything(filter: Filter): boolean {
    return JSON.stringify(filter) === JSON.stringify(this.#options.everything?.filter ?? {});
  }

  #pagesOf(rows: number): number {
    const { reads, pageSize } = this.#options;
    return pagesFor(rows, Math.min(pageSize, this.#scope.api.sizes.largestPage(reads)));
  }
}

function alternate(text: string): string {
  return ALTERNATE + text.toLowerCase();
}
