import { fileURLToPath } from 'node:url';
import { proseProblems } from './lint.js';
import { KINDS } from './texts.js';

/**
 * Fails when a text contains a phrase that the dictionary lists.
 *
 *     npm run prose:check                      all kinds of text
 *     npm run prose:check -- messages          one kind of text
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Kind = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as Kind[];

const asked = process.argv.slice(2) as Kind[];
const unknown = asked.filter((kind) => !Object.hasOwn(KINDS, kind));
if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}: ${KIND_NAMES.join(', ')}`);

const texts = (asked.length > 0 ? asked : KIND_NAMES).flatMap((kind) => KINDS[kind](ROOT));
const problems = await proseProblems(texts);
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(`\n${String(problems.length)} turns of phrase that scripts/prose/dictionary.ts lists.`);
  process.exitCode = 1;
}
