import GithubSlugger from 'github-slugger';
import type { Nodes, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';

export interface Block {
  /** Line of its fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** From the comments right before it: `<!-- calls: 2 -->` is `calls` → `2`. */
  readonly markers: ReadonlyMap<string, string>;
}

/** A row of a table below `<!-- queries -->`. */
export interface QueryRow {
  readonly line: number;
  /** The first code of the row. */
  readonly query: string;
  /** The number in its last cell. */
  readonly calls: number;
}

export interface MarkdownPage {
  /** Path from the root of the project. */
  readonly path: string;
  readonly blocks: readonly Block[];
  readonly queries: readonly QueryRow[];
  readonly links: readonly { line: number; url: string }[];
  /** Paths of the project in inline code. */
  readonly paths: readonly { line: number; path: string }[];
  readonly anchors: ReadonlySet<string>;
  /** Markers of the page, from a comment at its start. */
  readonly markers: ReadonlyMap<string, string>;
}

const PROJECT_PATH = /^(bench|deploy|docs|examples|scripts|src|test)\/[\w./-]*$/;

/** Parses the parts of a Markdown page that tests check. */
export function readMarkdown(path: string, text: string): MarkdownPage {
  const root = fromMarkdown(text);
  const nodes = [...walk(root)];
  const slugger = new GithubSlugger();
  const links = nodes.flatMap((node) =>
    node.type === 'link' || node.type === 'image' || node.type === 'definition'
      ? [{ line: lineOf(node), url: node.url }]
      : [],
  );
  return {
    path,
    blocks: nodes.flatMap((node) => blocksIn(node)),
    queries: nodes.flatMap((node) => queriesIn(node, text)),
    links,
    paths: nodes.flatMap((node) =>
      node.type === 'inlineCode' && PROJECT_PATH.test(node.value)
        ? [{ line: lineOf(node), path: node.value }]
        : [],
    ),
    anchors: new Set(nodes.flatMap((node) => (node.type === 'heading' ? [slugger.slug(textOf(node))] : []))),
    markers: markersBefore(root.children, 1),
  };
}

function* walk(node: Nodes): Generator<Nodes> {
  yield node;
  if ('children' in node) for (const child of node.children) yield* walk(child);
}

/** Code blocks among the children of this node. */
function blocksIn(parent: Nodes): Block[] {
  if (!('children' in parent)) return [];
  return parent.children.flatMap((node, at) =>
    node.type === 'code'
      ? [
          {
            line: lineOf(node),
            language: node.lang ?? '',
            text: node.value,
            markers: markersBefore(parent.children as RootContent[], at),
          },
        ]
      : [],
  );
}

/** Comments right before a node; one at the start of a page belongs to the page. */
function markersBefore(siblings: readonly RootContent[], at: number): ReadonlyMap<string, string> {
  const markers = new Map<string, string>();
  for (let index = at - 1; index >= 0; index -= 1) {
    const node = siblings[index];
    if (node?.type !== 'html') break;
    for (const [, name = '', value = ''] of node.value.matchAll(/<!--\s*([\w -]+?)(?::\s*([^]*?))?\s*-->/g))
      if (name !== 'prettier-ignore') markers.set(name, value);
  }
  return markers;
}

/** Rows of the table right after `<!-- queries -->`. */
function queriesIn(parent: Nodes, text: string): QueryRow[] {
  if (parent.type !== 'root') return [];
  return parent.children.flatMap((node, at) => {
    if (!markersBefore(parent.children, at).has('queries')) return [];
    const from = lineOf(node);
    const rows = text.split('\n').slice(from - 1);
    const end = rows.findIndex((row) => !row.startsWith('|'));
    return rows.slice(2, end === -1 ? undefined : end).map((row, index) => ({
      line: from + 2 + index,
      query: /`([^`]+)`/.exec(row)?.[1] ?? '',
      calls: Number(/\|[\s*]*(\d+)[\s*]*\|\s*$/.exec(row)?.[1] ?? NaN),
    }));
  });
}

function lineOf(node: Nodes): number {
  return node.position?.start.line ?? 0;
}

function textOf(node: Nodes): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(textOf).join('') : '';
}
