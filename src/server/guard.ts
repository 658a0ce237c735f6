import type { GraphQLSchema } from 'graphql';
import type { Config } from '../config.js';
import { createAccess, sharesCredentials } from './access/access.js';
import { loadPersistedOperations } from './persisted.js';
import type { AppOptions } from './settings.js';

/**
 * Access control and limits on operations, from the configuration.
 *
 * @throws ConfigError when keys or the manifest of operations cannot be used
 */
export function guardOf(config: Config, schema: GraphQLSchema, hasHost = false) {
  const access = createAccess(config.access);
  const { allowedOrigins, allowedHeaders, maxQueryCost, introspection, graphiql, persistedOperationsFile } =
    config;
  return {
    access,
    loopbackOnly: access === null && !config.access.open && sharesCredentials(config, hasHost),
    allowedOrigins,
    allowedHeaders,
    maxQueryCost,
    operationTimeoutMs: config.operationTimeoutSeconds * 1_000,
    introspection,
    graphiql,
    persistedOperations:
      persistedOperationsFile === null ? null : loadPersistedOperations(persistedOperationsFile, schema),
  } satisfies Partial<AppOptions>;
}
