import type { LoaderCost } from '../loaders/cost.js';
import { callsById, MISSES, scanCalls } from './collection-cost.js';
import { part, type Asked, type Condition, type Cost } from './cost-part.js';

const isId = (field: string): boolean => field === 'id' || field.endsWith('Id');

/**
 * Objects of any type by their ids.
 *
 * @param typesOf types of the ids in the arguments
 * @param costs the loader of each type
 * @param options.reads for types of which other fields have calls of their own: the fields for which an object is read
 */
export function costByIds(
  typesOf: (args: Asked['args']) => readonly string[],
  costs: Readonly<Record<string, LoaderCost>>,
  {
    says = 'up to 2 REST calls',
    reads = {},
    ...condition
  }: { says?: string; reads?: Readonly<Record<string, readonly string[]>> } & Pick<
    Condition,
    'due' | 'noneWhen'
  > = {},
): Cost {
  const counted = new WeakMap<Asked['args'], ReadonlyMap<string, number>>();
  const numberOf = (type: string, { args }: Asked): number => {
    let numbers = counted.get(args);
    if (!numbers) {
      const counts = new Map<string, number>();
      for (const one of typesOf(args)) counts.set(one, (counts.get(one) ?? 0) + 1);
      counted.set(args, (numbers = counts));
    }
    return numbers.get(type) ?? 0;
  };
  const isRead = (type: string, asked: Asked) => {
    const needed = reads[type];
    if (!needed) return true;
    const fields = asked.fieldsOf(type);
    // With IDs only, an object is read to check that it exists.
    return fields.every(isId) || fields.some((field) => needed.includes(field));
  };
  const silent = () => '';
  const partsOf = ([type, of]: [string, LoaderCost]) => {
    if (of.costClass !== 'SCAN' && !(of.costClass === 'WHOLE' && of.readsMissing)) {
      const byId = (_n: number, asked: Asked) => {
        const n = numberOf(type, asked);
        return n === 0 || !isRead(type, asked) ? 0 : callsById(of, n, asked.sizes);
      };
      return [part(byId, silent, condition)];
    }
    // A single object is read by itself, and so are those that the collection does not have.
    const scan = (_n: number, asked: Asked) => (numberOf(type, asked) < 2 ? 0 : scanCalls(of, asked.sizes));
    const missed = (_n: number, asked: Asked) =>
      Math.min(numberOf(type, asked), asked.sizes.lengthOf(MISSES));
    return [
      part(scan, silent, condition, { once: { key: of.rows, per: 'operation' } }),
      part(missed, silent, condition, { once: { key: `${of.rows} missed`, per: 'operation' } }),
    ];
  };
  return {
    parts: [
      part(
        () => 0,
        () => says,
        condition,
        { note: 'Usually 1.' },
      ),
      ...Object.entries(costs).flatMap(partsOf),
    ],
    rows: ({ args }) => typesOf(args).length,
  };
}
