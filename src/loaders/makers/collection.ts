import type { OperationId } from '../../constant-contact/contract/operations.js';
import { idKey } from '../../constant-contact/same-id.js';
import type { CostOf } from '../cost.js';
import { gathered, type ById, type Find } from './keyed.js';
import type { Key, Loader, Scope } from './loader.js';
import type { Page, PageSource } from './page-source.js';
import { pagesOf, type ListQuery, type PagedOperation } from './pages.js';
import {
  declare,
  VariantScan,
  type CollectionOptions,
  type Declared,
  type Reading,
  type Scan,
} from './variant-scan.js';
import { readAll, walk } from './walk.js';

/** A reference collection, read once and completely; it then answers every ID. */
export interface Collection<Row, Name extends string = string> extends Scan<Row> {
  /**
   * Rows that the query names by ID: a single one is read by ID, several by reading the collection. If the API cannot read a
   * single one, pages are read until they have all of them.
   */
  readonly named: Pick<ById<Row>, 'load'>;
  /** The variant that the operation needs. */
  wanted(): Name;
  /** The collection in a variant. */
  in(variant: Name): Scan<Row>;
}

interface ListOptions<Query, Name extends string> {
  /** Default: the variant that the operation needs, or a cached one that can replace it. */
  variant?: Name;
  query?: Query;
  includeParams?: Query;
}

export interface PagedCollection<Row, Query, Name extends string = string> extends Collection<Row, Name> {
  /**
   * The collection as pages. The first is read in the API's maximum size, which is complete in most accounts
   * and costs no more than a small page. A listing, lookups and repeated uses then share one call.
   */
  list(options?: ListOptions<Query, Name>): CachedPages<Row>;
}

interface CachedPages<Row> extends PageSource<Row> {
  /** Returns true if the first page is loaded or cached, and complete. Makes no call. */
  isLoaded(): boolean;
}

/** Cost class WHOLE: one call returns the whole collection. */
export function whole<Row, Query extends object = object, Name extends string = 'plain'>({
  read,
  ...options
}: CollectionOptions<Row, Query, Name> & {
  read: (scope: Scope, includeParams: Query) => Promise<readonly Row[] | null | undefined>;
}): Loader<Collection<Row, Name>, CostOf<'WHOLE'>> {
  const declared = declare(options);
  return {
    cost: { costClass: 'WHOLE', rows: options.noun, readsMissing: options.one !== undefined },
    create: (scope) =>
      new CollectionLoader(scope, declared, {
        read: async (within, variant) => (await read(within, declared.includeParamsOf(variant))) ?? [],
        isLoaded: () => false,
      }),
  };
}

/**
 * Cost class SCAN: the collection is read in pages. `most` is its maximum number of rows, or a guess that few
 * accounts exceed.
 */
export function collection<Id extends OperationId, Row, Name extends string = 'plain'>(
  options: CollectionOptions<Row, ListQuery<Id>, Name> &
    PagedOperation<Id, Row> & {
      key: Key<Row>;
      most: number;
      /** Number of rows of an ordinary account, if lower. */
      usual?: number;
      /** Filter of reads of the whole collection. */
      query?: ListQuery<Id>;
    },
): Loader<PagedCollection<Row, ListQuery<Id>, Name>, CostOf<'SCAN'>> {
  const { noun, reads, pageSize, most, usual, countedRows, query = {} as ListQuery<Id> } = options;
  const declared = declare<Row, ListQuery<Id>, Name>(options);
  const isSearched = options.one === undefined;
  return {
    cost: { costClass: 'SCAN', rows: noun, reads, pageSize, isSearched, most, usual, countedRows },
    create: (scope) => new PagedCollectionLoader(scope, declared, options, query),
  };
}

class CollectionLoader<Row, Query, Name extends string> implements Collection<Row, Name> {
  readonly #scans: Partial<Record<Name, VariantScan<Row, Query, Name>>> = {};
  #scan: VariantScan<Row, Query, Name> | undefined;
  #named: ById<Row> | undefined;
  /** The variant that replaces the plain one. Decided once, because the cache may change during a read. */
  #cached: Name | undefined;

  constructor(
    protected readonly scope: Scope,
    protected readonly declared: Declared<Row, Query, Name>,
    private readonly reading: Reading<Row, Name>,
  ) {}

  wanted(): Name {
    const { names, variants } = this.declared;
    if (!variants) return names[0];
    for (const name of names) if (variants[name].when?.(this.scope.wants) === true) return name;
    return names[0];
  }

  in(variant: Name): VariantScan<Row, Query, Name> {
    return (this.#scans[variant] ??= new VariantScan(this.scope, this.declared, this.reading, variant));
  }

  all(): Promise<readonly Row[]> {
    return this.#answering().all();
  }

  load(id: string): Promise<Row | null> {
    return this.#answering().load(id);
  }

  loadMany(ids: readonly string[]): Row[] | Promise<Row[]> {
    return this.#answering().loadMany(ids);
  }

  isLoaded(): boolean {
    return this.#answering().isLoaded();
  }

  get named(): ById<Row> {
    return (this.#named ??= gathered(this.scope.api, (ids) => {
      const { one, needed } = this.declared;
      if (this.isLoaded() || needed?.(this.scope.wants) === true) return (id) => this.load(id);
      if (one === undefined) return this.search(ids);
      return ids.length > 1 ? (id) => this.load(id) : (id) => this.in(this.wanted()).one(id);
    }));
  }

  /** Finds rows that the API cannot read by themselves. */
  protected search(_ids: readonly string[]): Find<Row> | Promise<Find<Row>> {
    return (id) => this.load(id);
  }

  /** Memoised, because every row of a page may look up rows of the collection. */
  #answering(): VariantScan<Row, Query, Name> {
    return (this.#scan ??= this.in(this.current()));
  }

  /** The needed variant, or a cached one that can replace it. */
  protected current(): Name {
    const wanted = this.wanted();
    const [plain, ...others] = this.declared.names;
    if (wanted !== plain || others.length === 0) return wanted;
    return (this.#cached ??= others.find((name) => this.in(name).isLoaded()) ?? plain);
  }
}

class PagedCollectionLoader<Id extends OperationId, Row, Name extends string>
  extends CollectionLoader<Row, ListQuery<Id>, Name>
  implements PagedCollection<Row, ListQuery<Id>, Name>
{
  constructor(
    scope: Scope,
    declared: Declared<Row, ListQuery<Id>, Name>,
    private readonly operation: PagedOperation<Id, Row>,
    private readonly query: ListQuery<Id>,
  ) {
    super(scope, declared, {
      read: (within, variant) => readAll(this.#cached(within, variant)),
      readAnew: (within, variant) => readAll(this.#source(within, variant)),
      isLoaded: (variant) => this.list({ variant }).isLoaded(),
    });
  }

  list({
    variant = this.current(),
    query,
    includeParams,
  }: ListOptions<ListQuery<Id>, Name> = {}): CachedPages<Row> {
    return this.#cached(this.scope, variant, query, includeParams);
  }

  /** Reads pages until all rows are found. A walk to the end has read the whole collection, which is then cached. */
  protected override async search(ids: readonly string[]): Promise<Find<Row>> {
    const missing = new Set(ids.map(idKey));
    const found = new Map<string, Row>();
    for await (const { page, next } of walk(this.list())) {
      for (const row of page.rows) {
        const id = this.declared.keyOf(row);
        if (id !== undefined && missing.delete(id)) found.set(id, row);
      }
      if (missing.size === 0 && next !== null) return (id) => found.get(idKey(id)) ?? null;
    }
    return (id) => this.load(id);
  }

  #source(
    scope: Scope,
    variant: Name,
    query = this.query,
    includeParams = {} as ListQuery<Id>,
  ): PageSource<Row> {
    const { membersOf, kindOf, query: order } = this.declared.variants?.[variant] ?? {};
    return pagesOf(scope, this.operation, {
      query: { ...query, ...order },
      includeParams: { ...this.declared.includeParamsOf(variant), ...includeParams },
      ...(query === this.query && { whole: { noun: this.declared.noun, membersOf, kindOf } }),
    });
  }

  /** The same pages, of which the first is cached; all of them if IDs are searched in them. */
  #cached(
    scope: Scope,
    variant: Name,
    query = this.query,
    includeParams = {} as ListQuery<Id>,
  ): CachedPages<Row> {
    const { api } = scope;
    const sourceIn = (within: Scope) => this.#source(within, variant, query, includeParams);
    const source = sourceIn(scope);
    const family = this.declared.familyOf(variant);
    const isSearched = this.declared.one === undefined;
    const name = `page:${this.declared.noun}:${variant}:${JSON.stringify([query, includeParams])}`;
    const isKept = () => family !== undefined && api.peek<Page<Row>>(family, name)?.next === null;
    return {
      ...source,
      isLoaded: () => (source.isRead?.() ?? false) || isKept(),
      fetch: (position, limit) => {
        const size = position === null ? source.maxPage : limit;
        if (family === undefined || (position !== null && !isSearched)) return source.fetch(position, size);
        return api.reference(family, position === null ? name : `${name}:${position}`, (session) =>
          (session === api ? source : sourceIn(scope.over(session))).fetch(position, size),
        );
      },
    };
  }
}
