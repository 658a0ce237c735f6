import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, visit } from 'graphql';
import ts from 'typescript';

/** A piece of prose, as Markdown. */
export interface Prose {
  /** Path from the root of the project. */
  readonly path: string;
  /** The line of the file on which it starts, from 1. */
  readonly line: number;
  readonly text: string;
  /** True for comments, which must state their subject first. */
  readonly isComments?: boolean;
}

/** All prose of the project, by kind. */
export const KINDS = { pages, changelog, descriptions, messages, comments } as const satisfies Record<
  string,
  (root: string) => Prose[]
>;

/** Generated from descriptions, which are checked in the schema. */
const GENERATED_PAGES = /^docs\/(reference\/|actions\.md|configuration\.md)/;
/** Text of the sample account, and generated files. */
const EXCLUDED_SOURCES = /^src\/(sandbox\/seed|constant-contact\/contract)\//;

function pages(root: string): Prose[] {
  const top = readdirSync(root).filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md');
  return [...top, ...filesBelow(root, 'docs', '.md'), ...filesBelow(root, 'examples', '.md')]
    .filter((path) => !GENERATED_PAGES.test(path))
    .map((path) => ({ path, line: 1, text: readFileSync(join(root, path), 'utf8') }));
}

/** The newest section only: published sections stay as they are. */
function changelog(root: string): Prose[] {
  const path = 'CHANGELOG.md';
  const [before = '', newest = ''] = readFileSync(join(root, path), 'utf8').split(/^(?=## )/m);
  return [{ path, line: before.split('\n').length, text: newest }];
}

function descriptions(root: string): Prose[] {
  const path = 'schema.graphql';
  const found: Prose[] = [];
  visit(parse(readFileSync(join(root, path), 'utf8')), {
    enter(node) {
      const description = 'description' in node ? node.description : undefined;
      if (description?.loc)
        found.push({ path, line: description.loc.startToken.line, text: description.value });
    },
  });
  return found;
}

/**
 * String literals of the program with two words or more: errors, log lines, output of commands, variables.
 */
function messages(root: string): Prose[] {
  return filesBelow(root, 'src', '.ts')
    .filter((path) => !EXCLUDED_SOURCES.test(path) && !path.startsWith('src/schema/'))
    .flatMap((path) => literalsOf(path, readFileSync(join(root, path), 'utf8')));
}

/** String literals that are sentences or parts of one; `…` replaces each interpolated value. */
export function literalsOf(path: string, source: string): Prose[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const found: Prose[] = [];
  const read = (node: ts.Node): void => {
    const text = textOf(node);
    if (text !== null && /\p{L}+,? \p{L}+/u.test(text))
      found.push({
        path,
        line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1,
        // Indented Markdown would be a block of code, which is not checked.
        text: text.replaceAll(/^[ \t]+/gm, ''),
      });
    ts.forEachChild(node, read);
  };
  read(file);
  return found;
}

/** Comments of all programs, tests and examples, one text per file. */
function comments(root: string): Prose[] {
  return ['src', 'scripts', 'bench', 'test', 'examples']
    .flatMap((folder) => ['.ts', '.tsx', '.js'].flatMap((ending) => filesBelow(root, folder, ending)))
    .map((path) => commentsOf(path, readFileSync(join(root, path), 'utf8')));
}

/** The comments of a program at their own lines; all other lines are empty. */
export function commentsOf(path: string, source: string): Prose {
  const lines = source.split('\n').map(() => '');
  for (const { 0: comment, index } of source.matchAll(/(?<=^|\s)(?:\/\*\*?\s[^]*?\*\/|\/\/ .*)/gm)) {
    const text = comment.replace(/\s*\*\/$/, '').replaceAll(/^\s*(?:\/\*\*?|\*|\/\/) ?/gm, '');
    const from = source.slice(0, index).split('\n').length - 1;
    lines.splice(from, text.split('\n').length, ...text.split('\n'));
  }
  return { path, line: 1, text: lines.join('\n'), isComments: true };
}

function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…');
  return null;
}

function filesBelow(root: string, folder: string, extension: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return /^(node_modules|dist|\..+)$/.test(entry.name) ? [] : filesBelow(root, path, extension);
    return entry.name.endsWith(extension) ? [path] : [];
  });
}
