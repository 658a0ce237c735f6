import { rawId, type NodeType } from '../resolvers/support/global-id.js';

/** Name derived from an ID argument; undefined if the argument is not a valid ID of this type. */
export function named(type: NodeType, id: unknown, nameOf: (id: string) => string): string | undefined {
  if (typeof id !== 'string') return undefined;
  try {
    return nameOf(rawId(type, id, ['id']));
  } catch {
    // Reported by the resolver.
    return undefined;
  }
}
