import { readById } from '../../constant-contact/by-id.js';
import type { Api, Family } from '../../constant-contact/api.js';
import { ConstantContactError } from '../../constant-contact/errors.js';
import { idKey } from '../../constant-contact/same-id.js';
import type { Wants } from '../wants.js';
import { gathered, type ById, type Find } from './keyed.js';
import { keyReader, type Key, type Loader, type Scope } from './loader.js';
import { noteSize, type Whole } from './pages.js';
import { ignoreRefusal } from './refused.js';

/** One way of reading a collection. */
interface Variant<Row, Query> {
  /** Query parameters that include more with each row. */
  includeParams?: Query;
  /** Query parameters that change the order. */
  query?: Query;
  /**
   * Cache family, if it differs from that of the other variants. Example: writing a contact changes the
   * counts of its lists.
   */
  family?: Family;
  /** Number of members of a row, if this variant includes it. */
  membersOf?: (row: Row) => number | undefined;
  /** See `Whole`. */
  kindOf?: (row: Row) => string | undefined;
  /** Returns true if the operation needs it; checked in declaration order. */
  when?: (wants: Wants) => boolean;
}

export interface CollectionOptions<Row, Query, Name extends string> {
  /** Plural noun for the rows. */
  noun: string;
  key: Key<Row>;
  /**
   * Cache family. Requests with the same credentials share the collection until it is invalidated or expires;
   * without a family they do not.
   */
  family?: Family;
  /**
   * The first variant is the plain one. The others have the same rows with more properties or in another
   * order, so a cached one can replace the plain one.
   */
  variants?: Record<Name, Variant<Row, Query>>;
  /** Returns true if the operation needs the whole collection; a single ID is then read from it too. */
  needed?: (wants: Wants) => boolean;
  /**
   * Reads one row: a single one that the query names, or one that the collection lacks (such as a deleted
   * one).
   */
  one?: Loader<ById<Row>> | ((scope: Scope, id: string, includeParams: Query) => Promise<Row | null>);
  /** Reads the rows that the collection leaves out, if together they are complete. A single missing ID is read by itself. */
  others?: (scope: Scope, includeParams: Query) => Promise<readonly Row[]>;
  /** True if the collection is complete: an ID that a new scan lacks does not exist. */
  hasAll?: boolean;
}

export interface Scan<Row> {
  /** All rows. The first use reads them, later uses share them. */
  all(): Promise<readonly Row[]>;
  /** One row; null when it does not exist. */
  load(id: string): Promise<Row | null>;
  /** Rows of these IDs, in order, without those that do not exist. */
  loadMany(ids: readonly string[]): Row[] | Promise<Row[]>;
  /** Returns true if the rows are loaded or cached. Makes no call. */
  isLoaded(): boolean;
}

function among<Row>(rows: ReadonlyMap<string, Row>): Find<Row> {
  return (id) => rows.get(id) ?? null;
}

/** A declaration, with the values that are the same in every request computed once. */
export interface Declared<Row, Query, Name extends string> extends CollectionOptions<Row, Query, Name> {
  names: readonly [Name, ...Name[]];
  keyOf: (row: Row) => string | undefined;
  includeParamsOf: (variant: Name) => Query;
  familyOf: (variant: Name) => Family | undefined;
}

export function declare<Row, Query, Name extends string>(
  options: CollectionOptions<Row, Query, Name>,
): Declared<Row, Query, Name> {
  const { variants } = options;
  return {
    ...options,
    names: (variants ? Object.keys(variants) : ['plain']) as [Name, ...Name[]],
    keyOf: keyReader(options.key),
    includeParamsOf: (variant) => variants?.[variant].includeParams ?? ({} as Query),
    familyOf: (variant) => variants?.[variant].family ?? options.family,
  };
}

interface Index<Row> {
  rows: readonly Row[];
  byId: ReadonlyMap<string, Row>;
  /** Rows that the collection lacks, and null for IDs that do not exist, as far as they were requested. Cached with it. */
  missing: Map<string, Row | null>;
  /** True if rows came without their IDs: any of them may be the requested one. */
  lacksIds: boolean;
}

/** Maximum number of IDs whose absence is cached with a collection: callers can request any number of IDs. */
const MAX_MISSING = 1_000;

export interface Reading<Row, Name extends string> {
  read(scope: Scope, variant: Name): Promise<readonly Row[]>;
  /** The same without cached pages. Pages that the request itself has read are not read again. */
  readAnew?(scope: Scope, variant: Name): Promise<readonly Row[]>;
  /** Returns true if the pages were complete. */
  isLoaded(variant: Name): boolean;
}

/** The rows of a collection in one variant. */
export class VariantScan<Row, Query, Name extends string> implements Scan<Row> {
  #index: Promise<Index<Row>> | undefined;
  #loaded: Index<Row> | undefined;
  #singles: Map<string, Promise<Row | null>> | undefined;
  #missed: ById<Row> | undefined;
  readonly #name: string;
  readonly #family: Family | undefined;

  constructor(
    private readonly scope: Scope,
    private readonly declared: Declared<Row, Query, Name>,
    private readonly reading: Reading<Row, Name>,
    private readonly variant: Name,
  ) {
    this.#name = `${declared.noun}:${variant}`;
    this.#family = declared.familyOf(variant);
  }

  async all(): Promise<readonly Row[]> {
    return (await this.#load()).rows;
  }

  load(id: string): Promise<Row | null> {
    return this.#load().then((index) => this.#find(index, idKey(id)));
  }

  loadMany(ids: readonly string[]): Row[] | Promise<Row[]> {
    if (ids.length === 0) return [];
    // Called for every row of a page: no promise is created for loaded rows.
    return this.#loaded
      ? this.#findMany(this.#loaded, ids)
      : this.#load().then((index) => this.#findMany(index, ids));
  }

  isLoaded(): boolean {
    if (this.#index !== undefined) return true;
    // Only `peek`: the cached value must not be used from here, because only `reference` checks whether
    // another process has invalidated it.
    if (this.#family && this.scope.api.peek(this.#family, this.#name) !== undefined) return true;
    return this.reading.isLoaded(this.variant);
  }

  /** Reads a row by ID; null when it does not exist, and for the empty ID of a row that came without one. */
  one(id: string): Promise<Row | null> {
    const { one, key, includeParamsOf } = this.declared;
    if (!one || id === '') return Promise.resolve(null);
    if (typeof one !== 'function') return this.scope.use(one).load(id);
    this.#singles ??= new Map();
    let row = this.#singles.get(id);
    if (!row) {
      const read = (session: Api) =>
        readById<Row>(
          one(this.scope.over(session), id, includeParamsOf(this.variant)),
          id,
          typeof key === 'string' ? key : undefined,
        );
      row = (
        this.#family
          ? this.scope.api.reference(this.#family, `${this.#name}:${id}`, read)
          : read(this.scope.api)
      ).then((found) => this.#noteMembers(found));
      this.#singles.set(id, row);
    }
    return row;
  }

  #whole(): Whole<Row> {
    const { noun, variants } = this.declared;
    const { membersOf, kindOf } = variants?.[this.variant] ?? {};
    return { noun, membersOf, kindOf };
  }

  #noteMembers(row: Row | null): Row | null {
    const { noun, membersOf } = this.#whole();
    const members = row && membersOf?.(row);
    if (members != null) this.scope.api.sizes.noteGroup(noun, members);
    return row;
  }

  #find({ byId, missing, lacksIds }: Index<Row>, id: string): Row | null | Promise<Row | null> {
    const row = byId.get(id) ?? missing.get(id);
    if (row !== undefined) return row;
    if (id === '') return null;
    if (lacksIds) return Promise.reject(this.#withoutIds());
    return this.#missing.load(id).then((found) => {
      if (missing.size < MAX_MISSING) missing.set(id, found);
      return found;
    });
  }

  /** IDs that the collection lacks. */
  get #missing(): ById<Row> {
    return (this.#missed ??= gathered<Row>(this.scope.api, (ids) => this.#findMissing(ids)));
  }

  async #findMissing(ids: readonly string[]): Promise<Find<Row>> {
    const { hasAll, others, includeParamsOf } = this.declared;
    const { api } = this.scope;
    const each: Find<Row> = (id) => {
      // The query cost cannot know how many IDs are missing.
      api.meter.extend();
      return this.one(id);
    };
    if (hasAll) return among(await this.#readAnew());
    if (!others || ids.length < 2) return each;
    const found = await others(this.scope, includeParamsOf(this.variant)).catch((error: unknown) => {
      ignoreRefusal(api, error);
      return null;
    });
    if (!found) return each;
    const byId = this.#byId(found);
    if (ids.every((id) => byId.has(id))) return among(byId);
    return among(new Map([...(await this.#readAnew()), ...byId]));
  }

  /** The collection with the rows that were created since it was cached. */
  async #readAnew(): Promise<ReadonlyMap<string, Row>> {
    return this.#byId((await this.reading.readAnew?.(this.scope, this.variant)) ?? []);
  }

  #byId(rows: readonly Row[]): ReadonlyMap<string, Row> {
    const byId = new Map<string, Row>();
    for (const row of rows) {
      const id = this.declared.keyOf(row);
      if (id !== undefined) byId.set(id, row);
    }
    return byId;
  }

  /** A defect of the response: reading each ID separately would cost a call per ID (N+1). */
  #withoutIds(): ConstantContactError {
    return new ConstantContactError(
      'invalidResponse',
      `Constant Contact returned ${this.declared.noun} without IDs.`,
    );
  }

  #findMany(index: Index<Row>, ids: readonly string[]): Row[] | Promise<Row[]> {
    const rows = ids.map((id) => index.byId.get(idKey(id)));
    if (rows.every((row) => row !== undefined)) return rows;
    const found = Promise.all(ids.map((id) => Promise.resolve(this.#find(index, idKey(id)))));
    return found.then((all) => all.filter((row) => row !== null));
  }

  #load(): Promise<Index<Row>> {
    return (this.#index ??= this.#read().then(
      (index) => (this.#loaded = index),
      (error: unknown) => {
        // A failed read is not kept: the next field of the same request may try again.
        this.#index = undefined;
        throw error;
      },
    ));
  }

  #read(): Promise<Index<Row>> {
    const { api } = this.scope;
    const read = async (session: Api): Promise<Index<Row>> => {
      const rows = await this.reading.read(this.scope.over(session), this.variant);
      noteSize(api.sizes, this.#whole(), rows);
      const lacksIds = rows.some((row) => this.declared.keyOf(row) === undefined);
      return { rows, byId: this.#byId(rows), missing: new Map(), lacksIds };
    };
    return this.#family ? api.reference(this.#family, this.#name, read) : read(api);
  }
}
