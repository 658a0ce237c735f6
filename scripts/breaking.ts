import { readFileSync } from 'node:fs';
import { buildSchema, findBreakingChanges, type BreakingChange } from 'graphql';

/**
 * Compares schema.api.graphql with the schema of the last release (scripts/released/schema.graphql), and
 * fails when the newest section of CHANGELOG.md does not name a breaking change. A release replaces the file.
 */

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** `Type.field`, `Enum.VALUE` or `Type`, as the changelog names it. */
function coordinateOf({ description }: BreakingChange): string {
  const [, member, type] =
    /^(?:A required (?:arg|field) )?(\w+) (?:was removed from (?:enum|union) type|on input type) (\w+)/.exec(
      description,
    ) ?? [];
  if (member !== undefined && type !== undefined) return `${type}.${member}`;
  return (/\w+\.\w+/.exec(description) ?? /\w+/.exec(description))?.[0] ?? description;
}

const changes = findBreakingChanges(
  buildSchema(read('scripts/released/schema.graphql')),
  buildSchema(read('schema.api.graphql')),
);
const [, newest = ''] = read('CHANGELOG.md').split(/^## /m);
const missing = changes.filter((change) => !newest.includes(`\`${coordinateOf(change)}\``));
console.log(`${String(changes.length)} breaking changes of the schema since the last release`);
if (missing.length > 0) {
  console.error('CHANGELOG.md does not name these, with what to write instead:');
  for (const change of missing) console.error(`  \`${coordinateOf(change)}\`: ${change.description}`);
  process.exitCode = 1;
}
