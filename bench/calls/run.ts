/**
 * Measures the REST calls of the operations of `cases.ts`, with an empty and with a warm cache, against their
 * floors: `npm run bench:calls`. `--write` records the numbers and renders the page about them.
 */
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { measureAll } from './measure.js';
import { files, floorsOf, page, table, type Recorded } from './report.js';

const measured = await measureAll();
const numbers: Record<string, Recorded> = {};
let missed = 0;
for (const { one, cold, warm } of measured) {
  numbers[one.name] = { cold: cold.total, warm: warm?.total ?? null };
  const floors = floorsOf(one);
  if (cold.errors !== undefined || cold.total !== floors.cold || (warm?.total ?? null) !== floors.warm)
    missed += 1;
}
console.log(table(numbers));
console.log(`\n${String(measured.length - missed)} of ${String(measured.length)} at their floor.`);
if (process.argv.includes('--write')) {
  const config = await resolveConfig(files.page);
  writeFileSync(files.record, await format(JSON.stringify(numbers), { ...config, parser: 'json' }));
  writeFileSync(files.page, await format(page(numbers), { ...config, parser: 'markdown' }));
}
process.exitCode = missed === 0 ? 0 : 1;
