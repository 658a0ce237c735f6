import type { OperationId } from '../contract/operations.js';

/**
 * Collections whose sources disagree about the maximum page size, with the smallest maximum in any source. They are read in the
 * larger pages, which cost fewer calls, until the API refuses one.
 */
const DOCUMENTED_MAXIMUM: Partial<Record<OperationId, number>> = {
  // Schema of the contract: at most 1,000. Its description of the same parameter: at most 500.
  getLists: 500,
  // Schema of the contract: 1,000 by default, no maximum. The documented maximum of the other collections: 500.
  getAccountSegments: 500,
};

/** A page size that the API refused, and the one that it took instead. */
export interface RefusedPageSize {
  operationId: OperationId;
  refused: number;
  accepted: number;
}

/** Page sizes that the API has refused. That does not depend on the account, so all credentials share it. */
export class PageSizes {
  readonly #largest = new Map<OperationId, number>();

  constructor(private readonly onRefused?: (refused: RefusedPageSize) => void) {}

  /** The same for the same sizes. */
  get text(): string {
    return [...this.#largest].join(' ');
  }

  /** Most rows that a page may be asked for. */
  largest(id: OperationId): number {
    return this.#largest.get(id) ?? Infinity;
  }

  /** The page size to try after a refusal; null if no source has a smaller maximum. */
  smallerThan(id: OperationId, refused: number): number | null {
    const documented = DOCUMENTED_MAXIMUM[id];
    return documented !== undefined && documented < refused ? documented : null;
  }

  remember({ operationId, refused, accepted }: RefusedPageSize): void {
    if (this.#largest.get(operationId) === accepted) return;
    this.#largest.set(operationId, accepted);
    this.onRefused?.({ operationId, refused, accepted });
  }
}
