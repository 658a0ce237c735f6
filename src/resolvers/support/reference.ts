import { decodeGlobalId, idParts, type NodeType } from './global-id.js';
import { InputError } from './input-error.js';

/**
 * Finds the object that another subgraph refers to, by global id or by raw id. A key that cannot be one of this type
 * finds nothing, as a gateway expects: null for that entity, no failed request.
 */
export function byReference<Row>(
  type: NodeType,
  key: { readonly id?: string } | object,
  rawKey: string,
  load: (id: string, parts: readonly string[]) => Promise<Row | null>,
): Promise<Row | null> {
  const { id, [rawKey]: raw } = key as Record<string, unknown>;
  const parts = typeof id === 'string' ? partsOfGlobalId(type, id) : partsOfRawId(type, raw);
  return parts ? load(parts[0] ?? '', parts) : Promise.resolve(null);
}

function partsOfGlobalId(type: NodeType, id: string): readonly string[] | null {
  const decoded = decodeGlobalId(id);
  return decoded?.type === type ? decoded.parts : null;
}

function partsOfRawId(type: NodeType, raw: unknown): readonly string[] | null {
  if (typeof raw !== 'string' && typeof raw !== 'number') return null;
  try {
    return idParts(type, raw, []);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
