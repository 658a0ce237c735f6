import type { Api, Family } from '../../constant-contact/api.js';
import { countIn } from '../../constant-contact/numbers.js';

/**
 * The number of rows as far as known from counts in pages: of this request or, with a family, of other
 * requests with the same credentials. A write invalidates it.
 */
export class CollectionSize {
  #total: number | undefined;
  #least: number | undefined;

  constructor(
    private readonly api: Pick<Api, 'peek' | 'remember'>,
    private readonly options: { noun: string; family?: Family },
  ) {}

  /** Records the number of rows that match a filter. */
  note(isEverything: boolean, reported: number | null | undefined): void {
    const count = countIn(reported);
    if (count === undefined) return;
    if (!isEverything && count < (this.#known('least') ?? 0)) return;
    if (isEverything) this.#total = count;
    else this.#least = count;
    const { family } = this.options;
    if (family) this.api.remember(family, this.#nameOf(isEverything ? 'total' : 'least'), count);
  }

  /** Number of rows, if known. */
  total(): number | undefined {
    return this.#known('total');
  }

  /** Lower bound of the number of rows. */
  least(): number {
    return this.total() ?? this.#known('least') ?? 0;
  }

  #known(name: 'total' | 'least'): number | undefined {
    const noted = name === 'total' ? this.#total : this.#least;
    const { family } = this.options;
    return noted ?? (family && this.api.peek<number>(family, this.#nameOf(name)));
  }

  /** Several collections may have the same family. */
  #nameOf(name: 'total' | 'least'): string {
    return `${this.options.noun}:${name}`;
  }
}
