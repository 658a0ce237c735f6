import { LRUCache } from 'lru-cache';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { documentId, type PersistedOperations } from '../persisted.js';
import { refusalError } from '../error-response.js';

/** Maximum number of registered documents. */
const MAX_DOCUMENTS = 1_024;
/** Maximum number of their characters in total. */
const MAX_CHARACTERS = 16_000_000;

/** Clients that accept only `application/json` ignore errors with a status other than 200. */
const ASK_AGAIN = { spec: true, status: 404 };

/**
 * Runs operations that a request names by a hash: only those of a manifest, or those registered by clients (automatic persisted
 * queries). Must run after the limits, so that no refused document is stored.
 *
 * @param manifest null allows every operation
 */
export function usePersistedOperations(manifest: PersistedOperations | null): Plugin {
  return manifest ? runOnly(manifest) : runRegistered();
}

/** A request identifies an operation by `documentId`, by `extensions.persistedQuery.sha256Hash`, or by its text. */
function runOnly(operations: PersistedOperations): Plugin {
  return {
    onParams({ params, setParams }) {
      const { documentId: named, ...rest } = params as GraphQLParams & { documentId?: unknown };
      const { query } = rest;
      const hash = hashOf(rest);
      const ids = [named, hash, typeof query === 'string' ? documentId(query) : undefined].filter(
        (id) => id !== undefined && id !== null,
      );
      const [id] = ids;
      const document = typeof id === 'string' ? operations.get(id) : undefined;
      if (document === undefined || ids.some((other) => other !== id)) {
        // Clients that register documents continue without hashes after this message.
        if (ids.length === 1 && id === hash)
          throw refusalError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported', ASK_AGAIN);
        const message =
          'This server runs only persisted operations, and this operation is not in its manifest.';
        throw refusalError('PERSISTED_QUERY_NOT_FOUND', message, { status: 404 });
      }
      setParams({ ...rest, query: document });
    },
  };
}

/** A client sends only the hash first, and adds the text when the server does not know it. */
function runRegistered(): Plugin {
  const documents = new LRUCache<string, string>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: ({ length }) => length + 64,
  });
  return {
    onParams({ params, setParams }) {
      const hash = hashOf(params);
      if (hash === undefined || hash === null) return;
      const query: unknown = params.query;
      if (typeof query === 'string') {
        if (documentId(query) !== hash) {
          const message = '`sha256Hash` is not the SHA-256 of `query` in hex.';
          throw refusalError('PERSISTED_QUERY_MISMATCH', message, { status: 400 });
        }
        documents.set(hash, query);
        return;
      }
      const known = typeof hash === 'string' ? documents.get(hash) : undefined;
      if (known === undefined)
        throw refusalError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', ASK_AGAIN);
      setParams({ ...params, query: known });
    },
  };
}

function hashOf({ extensions }: GraphQLParams): unknown {
  return (extensions?.['persistedQuery'] as { sha256Hash?: unknown } | null | undefined)?.sha256Hash;
}
