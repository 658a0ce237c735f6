import type { parse, ParseOptions } from 'graphql';
import { createGraphQLError, type Plugin } from 'graphql-yoga';

/**
 * The largest body of a request, in bytes. An import is at most 4 MB by the vendor's rule; in base64, inside JSON
 * or multipart, that becomes 5.4 MB. One that is only a little too large must get through to be refused by name.
 */
export const MAX_BODY_BYTES = 8_000_000;

/** The longest text of a GraphQL document, in characters. The longest example here has about 2,000. */
export const MAX_QUERY_LENGTH = 256 * 1024;

/** The most tokens in a GraphQL document: what makes parsing and validating expensive, rather than its length. */
export const MAX_QUERY_TOKENS = 10_000;

/** Refuses documents that no honest client writes before they are parsed, or while they are. */
export function useLimits(): Plugin {
  return {
    onParams({ params }) {
      const { query } = params as { query?: unknown };
      if (typeof query !== 'string' || query.length <= MAX_QUERY_LENGTH) return;
      throw createGraphQLError(
        `The query has ${query.length} characters; at most ${MAX_QUERY_LENGTH} are accepted. Put large values into variables.`,
        { extensions: { code: 'QUERY_TOO_LARGE', retryable: false, http: { status: 413 } } },
      );
    },
    onParse({ parseFn, setParseFn }) {
      setParseFn((source: string, options: ParseOptions) =>
        (parseFn as typeof parse)(source, { ...options, maxTokens: MAX_QUERY_TOKENS }),
      );
    },
  };
}
