import { rawId, type NodeType } from '../resolvers/support/global-id.js';

/** What an argument with the id of an object names; undefined where it names none. */
export function named(type: NodeType, id: unknown, nameOf: (id: string) => string): string | undefined {
  if (typeof id !== 'string') return undefined;
  try {
    return nameOf(rawId(type, id, ['id']));
  } catch {
    // The resolver refuses it.
    return undefined;
  }
}
