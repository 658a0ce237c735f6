import { existsSync, readFileSync } from 'node:fs';
import type { OperationId } from '../../src/constant-contact/contract/operations.js';

const DIRECTORY = new URL('../../examples/operations/', import.meta.url);

export interface OperationExample {
  query: string;
  variables: Record<string, unknown>;
}

/** The document of `examples/operations` that makes this REST call, with its sample variables. */
export function operationExample(id: OperationId): OperationExample {
  const variables = new URL(`${id}.variables.json`, DIRECTORY);
  return {
    query: readFileSync(new URL(`${id}.graphql`, DIRECTORY), 'utf8'),
    variables: existsSync(variables)
      ? (JSON.parse(readFileSync(variables, 'utf8')) as Record<string, unknown>)
      : {},
  };
}
