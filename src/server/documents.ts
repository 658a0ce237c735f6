import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Estimated memory of a token and of the nodes that are parsed from it, in bytes. */
const BYTES_PER_TOKEN = 400;
/** Maximum size of all cached documents, in bytes: 100,000 tokens. A typical document has a hundred. */
const MAX_BYTES = 40_000_000;

/** Parsed documents by their text: nearly all operations repeat. */
export type Documents = LRUCache<string, DocumentNode>;

export function createDocuments(): Documents {
  return new LRUCache({
    maxSize: MAX_BYTES,
    // One request must not remove most other documents.
    maxEntrySize: MAX_BYTES / 10,
    sizeCalculation: (document, text) => text.length + bytesOf(document),
  });
}

/** Estimated memory of a document without its text. */
export const bytesOf = (document: DocumentNode): number => BYTES_PER_TOKEN * tokensOf(document);

/** Number of tokens. The time and memory for parsing, validating and planning a document are proportional to it. */
export function tokensOf({ loc }: DocumentNode): number {
  let count = 1;
  for (let token = loc?.startToken.next; token; token = token.next) count += 1;
  return count;
}
