import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse, validate, type GraphQLSchema } from 'graphql';
import { ConfigError } from '../config.js';
import { describeFileError } from '../config/file-error.js';

/** The allowed operations, by the SHA-256 of their text in hex. */
export type PersistedOperations = ReadonlyMap<string, string>;

/** The id of a document: SHA-256 of its text, in hex. */
export function documentId(document: string): string {
  return createHash('sha256').update(document).digest('hex');
}

/**
 * Reads a manifest: a JSON object of documents by ID.
 *
 * @throws ConfigError for an invalid manifest, an ID that is not the hash of its document, or a document that is invalid for
 * the schema, so that the error shows at the start and not with the first request
 */
export function loadPersistedOperations(path: string, schema: GraphQLSchema): PersistedOperations {
  const operations = new Map<string, string>();
  for (const [id, document] of Object.entries(readManifest(path))) {
    const where = `PERSISTED_OPERATIONS_FILE, ${id.slice(0, 70)}`;
    if (typeof document !== 'string') throw new ConfigError(`${where}: the document must be a string`);
    if (documentId(document) !== id)
      throw new ConfigError(`${where} is not the SHA-256 of its document in hex`);
    try {
      const [error] = validate(schema, parse(document));
      if (error) throw error;
    } catch (error) {
      throw new ConfigError(`${where}: ${(error as Error).message}`);
    }
    operations.set(id, document);
  }
  return operations;
}

function readManifest(path: string): Record<string, unknown> {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(describeFileError('PERSISTED_OPERATIONS_FILE', path, error));
  }
  if (typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest)) {
    return manifest as Record<string, unknown>;
  }
  throw new ConfigError('PERSISTED_OPERATIONS_FILE is not a JSON object of documents by their ids');
}
