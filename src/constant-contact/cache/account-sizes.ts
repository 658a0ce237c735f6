import { LRUCache } from 'lru-cache';

interface Size {
  rows: number;
  /** Whether there may be more. */
  isLeast: boolean;
}

/** Noted when an operation needed more calls than it cost: then lists within objects are taken to be as long as they can be. */
export const LONG_LISTS = 'long lists';

/** Rows of the collections of one account, by name, as far as reads have shown them. */
export class AccountSizes {
  readonly #sizes = new Map<string, Size>();
  #text: string | undefined;

  /** The same for the same sizes. */
  get text(): string {
    return (this.#text ??= JSON.stringify([...this.#sizes].sort()));
  }

  of(collection: string): Readonly<Size> | undefined {
    return this.#sizes.get(collection);
  }

  /** Notes how many rows a collection has, or has at least. */
  note(collection: string, rows: number, { isLeast = false } = {}): void {
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

  of(fingerprint: string): AccountSizes {
    let sizes = this.#accounts.get(fingerprint);
    if (!sizes) this.#accounts.set(fingerprint, (sizes = new AccountSizes()));
    return sizes;
  }
}
