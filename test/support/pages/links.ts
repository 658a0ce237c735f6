import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { readMarkdown, type MarkdownPage } from './markdown.js';

/**
 * Broken relative links of a page, and paths in its text that do not exist: missing files, missing anchors.
 * External links are not checked.
 *
 * @param root directory of the project, to which paths of pages are relative
 */
export function linkProblems(page: MarkdownPage, root: string): string[] {
  const missing = page.paths
    // Paths in an example's page are relative to the example.
    .filter(
      ({ path }) => ![root, join(root, dirname(page.path))].some((folder) => existsSync(join(folder, path))),
    )
    .map(({ line, path }) => `${page.path}:${String(line)}: there is no ${path}`);
  const wrong = page.links.flatMap(({ line, url }) => {
    if (/^[a-z][a-z+.-]*:/i.test(url)) return [];
    const [path = '', anchor] = decodeURIComponent(url).split('#');
    const target = path === '' ? page.path : normalize(join(dirname(page.path), path));
    const problem = (what: string) => [`${page.path}:${String(line)}: ${url} leads to ${what}`];
    if (target !== page.path && !existsSync(join(root, target))) return problem('nothing');
    if (anchor === undefined) return [];
    if (target === page.path) return page.anchors.has(anchor) ? [] : problem('no heading');
    const isPage = target.endsWith('.md');
    return isPage && anchorsOf(join(root, target)).has(anchor) ? [] : problem('no heading');
  });
  return [...missing, ...wrong];
}

const anchors = new Map<string, ReadonlySet<string>>();

function anchorsOf(file: string): ReadonlySet<string> {
  const known = anchors.get(file) ?? readMarkdown(file, readFileSync(file, 'utf8')).anchors;
  anchors.set(file, known);
  return known;
}
