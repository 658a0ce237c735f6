import { idParts, type NodeType } from './global-id.js';
import { InputError } from './input-error.js';

/**
 * Finds the object that another subgraph refers to, by global ID or raw ID. A null key matches nothing.
 * @throws InputError `INVALID_ID` for a malformed key, `INVALID` for a missing one
 */
export async function byReference<Row>(
  type: NodeType,
  key: object,
  rawKey: string,
  load: (id: string, parts: readonly string[]) => Promise<Row | null>,
): Promise<Row | null> {
  const given = key as Record<string, unknown>;
  const name = typeof given['id'] === 'string' || !(rawKey in given) ? 'id' : rawKey;
  const id = textKey(given[name], [name]);
  if (id === null) return null;
  const parts = idParts(type, id, [name]);
  return load(parts[0] ?? '', parts);
}

/**
 * A key of a representation, which may hold any value.
 * @throws InputError `INVALID` unless it is a string, a number or null
 */
export function textKey(value: unknown, field: readonly string[]): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new InputError(
    'INVALID',
    `A representation must have its key as a string in ${field.join('.')}.`,
    field,
  );
}
