import { createGraphQLError, type GraphQLParams, type Plugin } from 'graphql-yoga';
import { documentId, type PersistedOperations } from '../persisted.js';

/**
 * Runs the operations of a manifest and no others. A request names one by `documentId`, by
 * `extensions.persistedQuery.sha256Hash`, or by its whole text.
 *
 * @param operations null lets every operation run
 */
export function usePersistedOperations(operations: PersistedOperations | null): Plugin {
  if (!operations) return {};
  return {
    onParams({ params, setParams }) {
      const { documentId: named, ...rest } = params as GraphQLParams & { documentId?: unknown };
      const hash = (rest.extensions?.['persistedQuery'] as { sha256Hash?: unknown } | undefined)?.sha256Hash;
      const { query } = rest;
      const ids = [named, hash, typeof query === 'string' ? documentId(query) : undefined].filter(
        (id) => id !== undefined && id !== null,
      );
      const [id] = ids;
      const document = typeof id === 'string' ? operations.get(id) : undefined;
      if (document === undefined || ids.some((other) => other !== id)) {
        throw createGraphQLError(
          'This server runs the operations of its manifest only, and this is none of them.',
          {
            extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', retryable: false, http: { status: 404 } },
          },
        );
      }
      setParams({ ...rest, query: document });
    },
  };
}
