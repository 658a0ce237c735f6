import { LRUCache } from 'lru-cache';
import { systemClock, type Clock } from '../clock.js';
import type { OperationId } from '../contract/operations.js';
import { ConstantContactError, type ErrorKind } from '../errors.js';
import { PageSizes } from '../http/page-sizes.js';
import { countIn } from '../numbers.js';

interface Size {
  rows: number;
  /** True if there may be more. */
  isLeast: boolean;
}

/** Time for which an operation with a long list makes the others cost more, in milliseconds. */
const LONG_LISTS_MS = 600_000;

/** Time for which a collection is not looked up again, in milliseconds: the API may have refused it, or not have shown enough. */
const LOOK_UP_MS = 60_000;

/** Refusals by the API, which would refuse the look-up again. */
const REFUSALS: ReadonlySet<ErrorKind> = new Set(['forbidden', 'rejected', 'notFound']);
/** Failures that concern only the caller whose look-up it is. */
const OWN: ReadonlySet<ErrorKind> = new Set(['aborted', 'notCached']);

const isOneOf = (kinds: ReadonlySet<ErrorKind>, error: unknown) =>
  error instanceof ConstantContactError && kinds.has(error.kind);

/** A shorter page that is not the last one does not show the largest page size. */
const LEAST_PAGE = 10;

interface LookUp {
  done: Promise<void>;
  until: number;
}

/** Largest number of parts whose sizes are kept of one account. */
const MAX_PARTS = 200;

/** The name under which the rows of one kind of a collection are known. */
export const nameOfKind = (collection: string, kind: string) => `${collection} ${kind}`;

/** Versions are numbered over all accounts, so that no two accounts share one. */
let latestVersion = 0;

/** State of the links that have only a cursor: the API accepts other parameters beside it, as far as known, or refuses them. */
type BareLinks = 'completed' | 'asLinked';

/** Rows of the collections of one account, by name, as far as reads have shown them. */
export class AccountSizes {
  readonly #sizes = new Map<string, Size>();
  readonly #groups = new Map<string, readonly number[]>();
  readonly #shortPages = new Map<OperationId, number>();
  readonly #parts = new LRUCache<string, number>({ max: MAX_PARTS });
  readonly #fixedLinks = new Set<OperationId>();
  readonly #bareLinks = new Map<OperationId, BareLinks>();
  readonly #lookUps = new LRUCache<string, LookUp>({ max: MAX_PARTS });
  readonly #clock: Clock;
  #version = 0;
  #longListsUntil = 0;

  constructor(
    clock: Clock = systemClock,
    private readonly pageSizes = new PageSizes(),
  ) {
    this.#clock = clock;
  }

  /** Changes with the sizes. Two accounts have the same version only while neither has known sizes. */
  get version(): string {
    return [this.hasLongLists, this.pageSizes.text, this.#version].join(' ');
  }

  /** True if lists within objects were longer than usual lately: an operation needed more calls than its cost. */
  get hasLongLists(): boolean {
    return this.#clock.now() < this.#longListsUntil;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#clock.now();
  }

  noteLongLists(): void {
    this.#longListsUntil = this.#clock.now() + LONG_LISTS_MS;
  }

  of(collection: string): Readonly<Size> | undefined {
    return this.#sizes.get(collection);
  }

  /** Most rows that the API gives at once. */
  largestPage(id: OperationId): number {
    return Math.min(this.pageSizes.largest(id), this.#shortPages.get(id) ?? Infinity);
  }

  /**
   * Returns true if the API has refused a next link of this operation whose page size was changed. Small pages then
   * lead to small pages only.
   */
  hasFixedLinks(id: OperationId): boolean {
    return this.#fixedLinks.has(id);
  }

  /** Notes that the API accepts next links of this operation only as it returned them. */
  noteFixedLinks(id: OperationId): void {
    this.#fixedLinks.add(id);
  }

  /** State of the next links of this operation that have only a cursor; undefined if the API returned none. */
  bareLinks(id: OperationId): BareLinks | undefined {
    return this.#bareLinks.get(id);
  }

  /** Notes such a link. `asLinked` stays: links are completed again only after a restart. */
  noteBareLinks(id: OperationId, links: BareLinks): void {
    if (links === 'asLinked' || !this.#bareLinks.has(id)) this.#bareLinks.set(id, links);
  }

  /**
   * Notes how many rows a page has that more follow. It may be short only because of what is left out of it, so only query
   * costs depend on it.
   *
   * @returns whether it is the first short page of these collections
   */
  notePage(id: OperationId, { rows, asked }: { rows: number; asked: number }): boolean {
    if (rows < LEAST_PAGE || asked === 0) return false;
    const known = this.#shortPages.get(id);
    if (rows < asked) this.#shortPages.set(id, rows);
    // A full page of fewer rows does not show that a larger one would be full.
    else if (known !== undefined && rows > known) this.#shortPages.delete(id);
    if (this.#shortPages.get(id) !== known) this.#change();
    return rows < asked && known === undefined;
  }

  /** Notes how many rows a collection has, or has at least. */
  note(collection: string, told: number, { isLeast = false } = {}): void {
    const rows = countIn(told);
    if (rows === undefined) return;
    const known = this.#sizes.get(collection);
    if (isLeast ? rows <= (known?.rows ?? 0) : known?.rows === rows && !known.isLeast) return;
    this.#sizes.set(collection, { rows, isLeast });
    this.#change();
  }

  /** Number of rows of a part of a collection, such as the contacts of one segment, as far as a read has shown it. */
  partOf(collection: string, part: string): number | undefined {
    return this.#parts.get(nameOfKind(collection, part));
  }

  notePart(collection: string, part: string, told: number): void {
    const rows = countIn(told);
    const name = nameOfKind(collection, part);
    if (rows === undefined || this.#parts.get(name) === rows) return;
    this.#parts.set(name, rows);
    this.#change();
  }

  forgetPart(collection: string, part: string): void {
    if (this.#parts.delete(nameOfKind(collection, part))) this.#change();
  }

  /**
   * Reads the size of a collection with `read`, unless that was done lately. Resolves when it is done, also when the API refused it. If
   * the caller that reads it leaves, or allows no call, the next one reads it.
   * @throws any other failure, which is not remembered
   */
  lookUp(collection: string, read: () => Promise<unknown>): Promise<void> {
    const now = this.#clock.now();
    const known = this.#lookUps.get(collection);
    if (known && now < known.until)
      return known.done.catch((error: unknown) => {
        if (isOneOf(OWN, error)) return this.lookUp(collection, read);
        throw error;
      });
    const done = read().then(
      () => undefined,
      (error: unknown) => {
        if (isOneOf(REFUSALS, error)) return;
        this.#lookUps.delete(collection);
        throw error;
      },
    );
    this.#lookUps.set(collection, { done, until: now + LOOK_UP_MS });
    return done;
  }

  /** Numbers of members of the rows of a collection (contacts of the lists, for instance), largest number first. */
  groupsOf(collection: string): readonly number[] | undefined {
    return this.#groups.get(collection);
  }

  /** Notes how many members each row of a collection has. */
  noteGroups(collection: string, members: readonly number[]): void {
    const sorted = members.map((count) => countIn(count) ?? 0).sort((a, b) => b - a);
    if (String(this.#groups.get(collection)) === String(sorted)) return;
    this.#groups.set(collection, sorted);
    this.#change();
  }

  /** Notes that one row of a collection has so many members. */
  noteGroup(collection: string, members: number): void {
    const [largest = Infinity, ...others] = this.#groups.get(collection) ?? [];
    if ((countIn(members) ?? 0) > largest) this.noteGroups(collection, [members, ...others]);
  }

  #change(): void {
    latestVersion += 1;
    this.#version = latestVersion;
  }
}

const MAX_ACCOUNTS = 1_000;

/** Sizes of accounts by the fingerprint of their credentials. They are estimates, so they outlive writes and the reference cache. */
export class SizesByAccount {
  readonly #accounts = new LRUCache<string, AccountSizes>({ max: MAX_ACCOUNTS });

  constructor(
    private readonly clock: Clock,
    private readonly pageSizes: PageSizes,
  ) {}

  of(fingerprint: string): AccountSizes {
    let sizes = this.#accounts.get(fingerprint);
    if (!sizes) this.#accounts.set(fingerprint, (sizes = new AccountSizes(this.clock, this.pageSizes)));
    return sizes;
  }
}
