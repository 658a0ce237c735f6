import { LRUCache } from 'lru-cache';
import { systemClock, type Clock } from '../clock.js';
import type { OperationId } from '../contract/operations.js';
import { PageSizes } from '../http/page-sizes.js';
import { countIn } from '../numbers.js';

interface Size {
  rows: number;
  /** Whether there may be more. */
  isLeast: boolean;
}

/** How long one operation that met a long list makes the others cost more, in milliseconds. */
const LONG_LISTS_MS = 600_000;

/** Rows of the collections of one account, by name, as far as reads have shown them. */
export class AccountSizes {
  readonly #sizes = new Map<string, Size>();
  readonly #clock: Clock;
  #text: string | undefined;
  #longListsUntil = 0;

  constructor(
    clock: Clock = systemClock,
    private readonly pageSizes = new PageSizes(),
  ) {
    this.#clock = clock;
  }

  /** The same for the same sizes. */
  get text(): string {
    this.#text ??= JSON.stringify([...this.#sizes].sort());
    const text = this.pageSizes.text + this.#text;
    return this.hasLongLists ? `long lists ${text}` : text;
  }

  /** Whether lists within objects were longer than usual lately: an operation needed more calls than it cost. */
  get hasLongLists(): boolean {
    return this.#clock.now() < this.#longListsUntil;
  }

  noteLongLists(): void {
    this.#longListsUntil = this.#clock.now() + LONG_LISTS_MS;
  }

  of(collection: string): Readonly<Size> | undefined {
    return this.#sizes.get(collection);
  }

  /** Most rows that the API gives at once. */
  largestPage(id: OperationId): number {
    return this.pageSizes.largest(id);
  }

  /** Notes how many rows a collection has, or has at least. */
  note(collection: string, told: number, { isLeast = false } = {}): void {
    const rows = countIn(told);
    if (rows === undefined) return;
    const known = this.#sizes.get(collection);
    if (isLeast ? rows <= (known?.rows ?? 0) : known?.rows === rows && !known.isLeast) return;
    this.#sizes.set(collection, { rows, isLeast });
    this.#text = undefined;
  }
}

const MOST_ACCOUNTS = 1_000;

/** Sizes of accounts by the fingerprint of their credentials. They are estimates, so they outlive writes and the reference cache. */
export class SizesByAccount {
  readonly #accounts = new LRUCache<string, AccountSizes>({ max: MOST_ACCOUNTS });

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
