import type { GraphQLField } from 'graphql';
import type { Asked, Price } from '../../src/schema/price.js';

/** With everything below selected and with default arguments. */
const ALL: Asked = { args: {}, only: () => false, selects: () => true };

/** So many objects tell whether each costs the same or many together cost less. */
const MANY = 100;

/**
 * The declared price of a field in REST calls, with everything below it selected and with default arguments; null
 * when it makes no call of its own.
 */
export function costOf(field: GraphQLField<unknown, unknown>): string | null {
  const declared = field.extensions['price'] as Price | undefined;
  const parts = (declared?.parts ?? []).flatMap(({ calls, once }) => {
    const [one, many] = [calls(1, ALL), calls(MANY, ALL)];
    if (many === 0) return [];
    if (once?.per === 'operation') return [`${String(many)} a query`];
    if (once) return [`${String(one)} each, shared with its neighbours`];
    if (many === one) return [`${String(one)} for ${String(MANY)} objects`];
    return [
      many === one * MANY
        ? `${String(one)} each`
        : `${String(one)}, ${String(many)} for ${String(MANY)} objects`,
    ];
  });
  return parts.length === 0 ? null : parts.join(' and ');
}
