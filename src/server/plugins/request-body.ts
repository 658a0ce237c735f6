import type { GraphQLError } from 'graphql';
import { createGraphQLError, type Plugin } from 'graphql-yoga';

/**
 * A form or multipart body that cannot be taken apart is the caller's slip; Yoga alone would call it a fault of the
 * server, because its parsers throw whatever comes their way.
 */
export function useRequestBodyCheck(): Plugin {
  return {
    onRequestParse({ requestParser, setRequestParser }) {
      if (!requestParser) return;
      setRequestParser(async (request) => {
        try {
          return await requestParser(request);
        } catch (error) {
          const told =
            (error as GraphQLError | null)?.name === 'GraphQLError' ? (error as GraphQLError) : null;
          if (told && typeof told.extensions['code'] === 'string') throw told;
          throw createGraphQLError(told?.message ?? 'The body is not what its content type says.', {
            extensions: { code: 'BAD_REQUEST', retryable: false, http: { status: 400 } },
          });
        }
      });
    },
  };
}
