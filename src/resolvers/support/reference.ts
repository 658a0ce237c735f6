import { idParts, type NodeType } from './global-id.js';
import { InputError } from './input-error.js';

/**
 * Finds the object that another subgraph refers to, by global id or by raw id. Nobody has a key that is null.
 *
 * @throws InputError `INVALID_ID` for a key that cannot be one of this type, `INVALID` where there is none
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
 * A key out of a representation, which may hold anything.
 *
 * @throws InputError `INVALID` when it is neither a text, nor a number, nor null
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
