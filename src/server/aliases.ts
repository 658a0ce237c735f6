import type { Selected } from './selected-fields.js';

/**
 * Merges aliases of a root field that name different objects by id and select the same: their objects are loaded together. The
 * cost of aliases that select different fields is the sum of their costs.
 */
export function mergeAliases(tree: readonly Selected[]): readonly Selected[] {
  const named = tree.filter(({ isNamed }) => isNamed);
  if (named.length < 2) return tree;
  const groups = new Map<string, Selected[]>();
  for (const field of named) {
    const key = `${field.name} ${textOf(field.below)}`;
    const group = groups.get(key);
    if (group) group.push(field);
    else groups.set(key, [field]);
  }
  return [...tree.filter(({ isNamed }) => !isNamed), ...[...groups.values()].map(mergedOf)];
}

/** The selected fields as a text, without the names of aliases. */
function textOf(fields: readonly Selected[]): string {
  const texts = fields.map(({ of, name, otherArgs, args, isPage, below }) => {
    const first = isPage ? ` ${String(args['first'])}` : '';
    return `${of}.${name}${otherArgs}${first}${textOf(below)}`;
  });
  return `{${texts.sort().join()}}`;
}

function mergedOf(group: readonly Selected[]): Selected {
  const [field, ...others] = group as readonly [Selected, ...Selected[]];
  if (others.length === 0) return field;
  const objects = new Map(group.map(({ otherArgs, args }) => [otherArgs, args]));
  const each = [...objects.values()];
  return {
    ...field,
    // Read only where the cost depends on the ids.
    args: {
      get ids() {
        return each.map(({ id }) => id);
      },
    },
    otherArgs: [...objects.keys()].sort().join(' '),
    each,
  };
}
