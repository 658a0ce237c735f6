import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../src/server/errors.js';
import { pageProblems, programsOf } from './support/pages/blocks.js';
import { linkProblems } from './support/pages/links.js';
import { readMarkdown, type MarkdownPage } from './support/pages/markdown.js';
import { typeProblems } from './support/pages/types.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

function pagesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|dist|\..*)$/.test(entry.name) ? [] : pagesBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const pages = pagesBelow('.').map((path) => readMarkdown(path, readFileSync(join(ROOT, path), 'utf8')));
const withBlocks = pages.filter(({ blocks, queries }) => blocks.length + queries.length > 0);
/** The map of the code has a sketch of its layers, which a test of its own proves. */
const isForUsers = ({ path }: MarkdownPage) => path !== 'ARCHITECTURE.md';

describe('the pages', () => {
  it('link to existing pages', () => {
    expect(pages.length).toBeGreaterThan(10);
    expect(pages.flatMap((page) => linkProblems(page, ROOT))).toEqual([]);
  });

  it('are all in the index', () => {
    const linked = pages.find(({ path }) => path === 'docs/README.md')?.links.map(({ url }) => url);
    const guides = readdirSync(join(ROOT, 'docs')).filter(
      (name) => name.endsWith('.md') && name !== 'README.md',
    );
    expect(guides.filter((name) => !linked?.includes(name))).toEqual([]);
  });

  it('have programs that compile', () => {
    expect(typeProblems(withBlocks.flatMap(programsOf), ROOT)).toEqual([]);
  });

  it('list every error code', () => {
    const errors = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
    expect(ERROR_CODES.filter((code) => !errors.includes(`| \`${code}\` `))).toEqual([]);
  });

  it.each(withBlocks.filter(isForUsers).map((page) => ({ path: page.path, page })))(
    '$path is correct',
    async ({ page }) => {
      expect(await pageProblems(page, ROOT)).toEqual([]);
    },
  );
});
