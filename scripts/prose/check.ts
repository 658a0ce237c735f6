import { fileURLToPath } from 'node:url';
import { proseProblems } from './lint.js';
import { KINDS } from './texts.js';

/**
 * Fails when a text contains a phrase that the dictionary lists.
 *
 * npm run prose:check                      all kinds that must be clean
 * npm run prose:check -- messages          one kind of text
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Kind = keyof typeof KINDS;
const CHECKED: readonly Kind[] = ['pages', 'changelog', 'descriptions', 'messages'];

const asked = process.argv.slice(2) as Kind[];
const unknown = asked.filter((kind) => !Object.hasOwn(KINDS, kind));
if (unknown.length > 0)
  throw new Error(`There is no ${unknown.join(', ')}: ${Object.keys(KINDS).join(', ')}`);

const texts = (asked.length > 0 ? asked : CHECKED).flatMap((kind) => KINDS[kind](ROOT));
const problems = await proseProblems(texts);
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(`\n${String(problems.length)} turns of phrase that scripts/prose/dictionary.ts lists.`);
  process.exitCode = 1;
}
