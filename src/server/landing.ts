import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What the page at the root tells. Texts may hold `code` between backticks. */
export interface Landing {
  release: { name: string; version: string; description: string };
  /** What runs. Empty for somebody who may not know. */
  facts: readonly Fact[];
  links: readonly Link[];
  /** What to send, header by header. */
  headers: readonly Entry[];
  /** A first request, or what stands in its place. */
  first: { curl: string } | { note: string };
}

export interface Entry {
  name: string;
  text: string;
}

export interface Fact extends Entry {
  /** Shown as a bar where it can be: so much is left of so much. */
  left?: { count: number; of: number } | undefined;
}

export interface Link extends Entry {
  path: string;
}

const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#0b57a4"/><circle cx="8" cy="8" r="3" fill="#fff"/></svg>',
)}`;

let style: string | undefined;
const css = () => (style ??= readFileSync(new URL('../server/pages/landing.css', import.meta.url), 'utf8'));

/** The page may show its own style and its icon, and can do nothing: it has no script, and loads nothing. */
export function landingPolicy(): string {
  const hash = createHash('sha256').update(css()).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

const MORE =
  'Guides by task, from the first query to running it in production, are in `docs/` of the project.';

/** For browsers. */
export function landingHtml(landing: Landing): string {
  const { release, facts, links, headers, first } = landing;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(release.name)}</title>
<link rel="icon" href="${escape(ICON)}">
<style>${css()}</style>
</head>
<body>
<main>
<h1>${escape(release.name)} <small>${escape(release.version)}</small></h1>
<p class="quiet">${escape(release.description)}</p>
${facts.length > 0 ? section('This server', facts.map(factRow)) : ''}
${section('Links', links.map(linkRow))}
<section>
<h2>First query</h2>
${'curl' in first ? `<pre tabindex="0" role="region" aria-label="First query">${escape(first.curl)}</pre>` : `<p>${inline(first.note)}</p>`}
</section>
${section('Headers', headers.map(headerRow))}
<p class="quiet">${inline(MORE)}</p>
</main>
</body>
</html>
`;
}

/** For terminals. */
export function landingText({ release, facts, links, headers, first }: Landing, origin: string): string {
  const addresses = links.map(({ name, path }) => ({ name, text: origin + path }));
  return [
    `${release.name} ${release.version}`.trim(),
    release.description,
    ...(facts.length > 0 ? ['', table(facts)] : []),
    '',
    table(addresses),
    '',
    table(headers),
    '',
    'curl' in first ? first.curl : plain(first.note),
    '',
    plain(MORE),
    '',
  ].join('\n');
}

const plain = (text: string) => text.replaceAll('`', '');

function table(entries: readonly Entry[]): string {
  const width = Math.max(...entries.map(({ name }) => name.length)) + 3;
  return entries.map(({ name, text }) => name.padEnd(width) + plain(text)).join('\n');
}

function section(title: string, rows: readonly string[]): string {
  return `<section>\n<h2>${title}</h2>\n<dl class="card">\n${rows.join('\n')}\n</dl>\n</section>`;
}

const row = (name: string, value: string) => `<div><dt>${name}</dt><dd>${value}</dd></div>`;
const factRow = ({ name, text, left }: Fact) => row(escape(name), inline(text) + (left ? meter(left) : ''));
const linkRow = ({ name, path, text }: Link) =>
  row(`<a href="${escape(path)}">${escape(name)}</a>`, inline(text));
const headerRow = ({ name, text }: Entry) => row(`<code>${escape(name)}</code>`, inline(text));

/** Drawn as a picture, because each browser builds a `<meter>` of other parts. */
function meter({ count, of }: { count: number; of: number }): string {
  const range = `aria-valuemin="0" aria-valuemax="${String(of)}" aria-valuenow="${String(count)}"`;
  const fill = count < of / 10 ? 'little' : 'plenty';
  return `<div role="meter" aria-label="REST calls left today" ${range}><svg class="bar" aria-hidden="true"><rect class="${fill}" width="${String((count / of) * 100)}%" height="100%"/></svg></div>`;
}

function inline(text: string): string {
  return escape(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\d{4}-\d\d-\d\d/g, '<time>$&</time>');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
