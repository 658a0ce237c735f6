import { lexicographicSortSchema } from 'graphql';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { buildSchema } from '../../src/schema/index.js';
import { referencePages } from './pages.js';

/** Writes docs/reference/ from the schema; with --check, fails when a page differs. */

const DIRECTORY = new URL('../../docs/reference/', import.meta.url);

async function main(): Promise<void> {
  const pages = new Map<string, string>();
  for (const [name, text] of referencePages(lexicographicSortSchema(buildSchema())))
    pages.set(name, await format(text, { parser: 'markdown' }));

  mkdirSync(DIRECTORY, { recursive: true });
  const present = readdirSync(DIRECTORY);
  const surplus = present.filter((name) => !pages.has(name));
  const differing = [...pages].filter(
    ([name, text]) => !present.includes(name) || readFileSync(new URL(name, DIRECTORY), 'utf8') !== text,
  );
  if (!process.argv.includes('--check')) {
    for (const name of surplus) rmSync(new URL(name, DIRECTORY));
    for (const [name, text] of differing) writeFileSync(new URL(name, DIRECTORY), text);
    return;
  }
  const wrong = [...surplus, ...differing.map(([name]) => name)];
  if (wrong.length === 0) return;
  console.error(
    `docs/reference is not what the schema says: ${wrong.join(', ')}. Run "npm run docs:reference".`,
  );
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
