import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSchema } from '../src/schema/index.js';
import { printSdl } from '../src/server/sdl.js';

/** Writes schema.graphql from the code, or with --check fails when the committed file says something else. */

const file = fileURLToPath(new URL('../schema.graphql', import.meta.url));

function committed(): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The first lines in which the two differ, with a few lines before for orientation. */
function firstDifference(before: string[], after: string[]): string {
  const start = after.findIndex((line, index) => line !== before[index]);
  const at = start === -1 ? after.length : start;
  const show = (mark: string, lines: string[]) => lines.slice(at, at + 5).map((line) => `${mark} ${line}`);
  const context = after.slice(Math.max(0, at - 3), at).map((line) => `  ${line}`);
  return [`line ${at + 1}:`, ...context, ...show('-', before), ...show('+', after)].join('\n');
}

const sdl = printSdl(buildSchema());
const old = committed();
if (!process.argv.includes('--check')) {
  writeFileSync(file, sdl);
  console.log(sdl === old ? 'schema.graphql is unchanged' : 'schema.graphql is written');
} else if (sdl !== old) {
  console.error('schema.graphql is not what the code says. Run "npm run schema" and review the change.');
  console.error(firstDifference(old.split('\n'), sdl.split('\n')));
  process.exitCode = 1;
} else {
  console.log('schema.graphql is up to date');
}
