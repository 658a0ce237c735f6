import type { DocumentNode } from 'graphql';

/**
 * Most tokens of all documents that are kept. A document takes several hundred bytes for each, so that a few hundred of the largest
 * ones would fill the memory. Typical documents have a hundred.
 */
const MAX_TOKENS = 100_000;

/** What parsing, validating and planning a document takes, of time and of memory, is in proportion to this. */
export function tokensOf({ loc }: DocumentNode): number {
  let count = 1;
  for (let token = loc?.startToken.next; token; token = token.next) count += 1;
  return count;
}

/** Parsed documents by their text, the last ones: nearly all operations come again. */
export class Documents {
  readonly #documents = new Map<string, DocumentNode>();
  #tokens = 0;

  get(text: string): DocumentNode | undefined {
    return this.#documents.get(text);
  }

  set(text: string, document: DocumentNode): void {
    this.#remove(text);
    this.#documents.set(text, document);
    this.#tokens += tokensOf(document);
    for (const oldest of this.#documents.keys()) {
      if (this.#tokens <= MAX_TOKENS) return;
      this.#remove(oldest);
    }
  }

  #remove(text: string): void {
    const document = this.#documents.get(text);
    if (!document) return;
    this.#documents.delete(text);
    this.#tokens -= tokensOf(document);
  }
}
