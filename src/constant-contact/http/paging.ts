import {
  operations,
  type OperationFacts,
  type OperationId,
  type ResponseBody,
} from '../contract/operations.js';
import { ConstantContactError } from '../errors.js';

/** Parameters of the API's next links, besides those that an operation declares. */
const LINK_PARAMETERS: readonly string[] = ['cursor', 'next', 'prev', 'page', 'offset', 'limit'];
const MAX_POSITION_LENGTH = 8_192;
const ALLOWED_NAME = /^[\w.-]{1,100}$/;
/** Characters allowed in a value. No `;`, which some servers treat as `&`. */
const ALLOWED_VALUE = /^(?:[\w\-.~!$'()*+,=:@/?]|%[0-9A-Fa-f]{2})*$/;

/**
 * The position of the next page: the query string of the `next` link. Null on the last page (without `_links`, `next` or
 * `href`), and when the link leads back to the same page.
 * @param current position of this page, null for the first one
 * @throws ConstantContactError `invalidResponse` for a link to another operation
 */
export function nextPage<Id extends OperationId>(
  id: Id,
  body: ResponseBody<Id>,
  current: string | null,
): string | null {
  if (!hasPages(id)) return null;
  const href = hrefOf(body);
  if (href === null) return null;
  const { path } = operations[id];
  const link = linkOf(href.startsWith('?') ? path + href : href);
  if (!link || !leadsTo(link.path, path)) {
    throw invalidLink(id, 'The `next` link of a page leads to another collection.');
  }
  const position = link.query.split('&').filter(Boolean).map(plain).join('&');
  if (position === '' || position === current) return null;
  const flaw = formFlawOf(id, position);
  if (flaw !== null) throw invalidLink(id, `The \`next\` link of a page is invalid: ${flaw}.`);
  return position;
}

/**
 * Position of the page of a bare cursor; null when there is none.
 * @param sent query string of the page with the cursor
 * @throws ConstantContactError `invalidResponse` for a cursor that no position can have
 */
export function afterCursor(
  id: OperationId,
  cursor: string | null | undefined,
  sent: () => string,
): string | null {
  if (typeof cursor !== 'string' || cursor === '') return null;
  const pairs = sent()
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('next='));
  // A lone surrogate, which cannot be encoded, becomes the character that stands for it.
  const position = [...pairs, `next=${encodeURIComponent(Buffer.from(cursor).toString())}`].join('&');
  const flaw = formFlawOf(id, position);
  if (flaw !== null) throw invalidLink(id, `The next cursor of a page is invalid: ${flaw}.`);
  return position;
}

/**
 * Checks a position that was returned to a client before. Only parameters that the operation declares, or that next links are
 * known to have, are allowed; values are not changed.
 * @throws ConstantContactError `invalidRequest` for a position that `nextPage` cannot have returned for this operation
 */
export function checkPosition(id: OperationId, position: string): string {
  return checked(id, position, formFlawOf(id, position) ?? unknownIn(id, position));
}

/**
 * Checks only the form of a position: one of the API's own links may have any parameters. Positions from clients need
 * `checkPosition`.
 * @throws ConstantContactError `invalidRequest`
 */
export function checkForm(id: OperationId, position: string): string {
  return checked(id, position, formFlawOf(id, position));
}

function checked(id: OperationId, position: string, found: string | null): string {
  const flaw = hasPages(id) ? found : 'the collection has no pages';
  if (flaw !== null) {
    throw new ConstantContactError('invalidRequest', `This is not a position in the collection: ${flaw}.`, {
      operationId: id,
    });
  }
  return position;
}

/** The usual form of a link. Parsing it as a URL costs as much as all checks here. */
const USUAL_LINK = /^(\/[\w-][\w\-/]*)\?([\w\-.~*,=:&%]*)$/;

/** Path and query string of a link that HTTP can follow, null for any other. */
function linkOf(href: string): { path: string; query: string } | null {
  const [, path, query] = USUAL_LINK.exec(href) ?? [];
  if (path !== undefined && query !== undefined) return { path, query };
  try {
    const { protocol, pathname, search } = new URL(href, 'http://relative');
    return /^https?:$/.test(protocol) ? { path: pathname, query: search.slice(1) } : null;
  } catch {
    return null;
  }
}

function hasPages(id: OperationId): boolean {
  const { paging }: OperationFacts = operations[id];
  return paging === 'links';
}

/** Reason why a position is not a query string that can be sent, or null. */
function formFlawOf(id: OperationId, position: string): string | null {
  if (position === '' || position.length > MAX_POSITION_LENGTH) return 'it is empty or too long';
  const { repeated }: OperationFacts = operations[id];
  const names = new Set<string>();
  for (const pair of position.split('&')) {
    const [name, value] = partsOf(pair);
    if (!ALLOWED_NAME.test(name)) return 'it has an invalid parameter';
    if (names.has(name) && !repeated.includes(name)) return 'it has the same parameter twice';
    names.add(name);
    if (!ALLOWED_VALUE.test(value) || !isText(value)) return 'it has a value with invalid characters';
  }
  return null;
}

/** The reason if a position has a parameter that next links are not known to have, or null. */
function unknownIn(id: OperationId, position: string): string | null {
  const { queryParams }: OperationFacts = operations[id];
  // Compared as written: a name in another spelling, such as percent-encoded, is unknown.
  const isKnown = (name: string) => queryParams.includes(name) || LINK_PARAMETERS.includes(name);
  return position.split('&').every((pair) => isKnown(partsOf(pair)[0]))
    ? null
    : 'it has an unknown parameter';
}

function partsOf(pair: string): [name: string, value: string] {
  const equals = pair.indexOf('=');
  return [pair.slice(0, Math.max(0, equals)), pair.slice(equals + 1)];
}

/** Returns true if the percent-encoded bytes are text without control characters. */
function isText(value: string): boolean {
  if (!value.includes('%')) return true;
  try {
    return !/\p{Cc}/u.test(decodeURIComponent(value));
  } catch {
    return false;
  }
}

/** Encodes the characters of a pair that a position must not have; encoded characters stay. */
function plain(pair: string): string {
  return pair.replace(/[^\w\-.~!$'()*+,=:@/?%]/gu, encodeURIComponent);
}

/**
 * Finds the link to the next page: in `_links.next.href`, in `_links.next.next.href` where a schema of the contract nests it
 * once more, or in `next` itself. A text that is not an address counts as no link.
 */
function hrefOf(body: unknown): string | null {
  const next = property(property(body, '_links'), 'next');
  const href =
    typeof next === 'string' ? next : (property(next, 'href') ?? property(property(next, 'next'), 'href'));
  return typeof href === 'string' && /[/?:]/.test(href) ? href : null;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/**
 * Returns true if a link's path is the path of this operation, with or without a base path that ends in the version.
 * IDs in it are not compared: the next page is requested with the operation's own path, whatever the link contains.
 */
function leadsTo(pathname: string, template: string): boolean {
  let pattern = patterns.get(template);
  if (!pattern) {
    const path = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+');
    patterns.set(template, (pattern = new RegExp(`^(?:.*/v3)?${path}/?$`)));
  }
  return pattern.test(decoded(pathname));
}

/** By the paths of operations. */
const patterns = new Map<string, RegExp>();

function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function invalidLink(operationId: OperationId, message: string): ConstantContactError {
  return new ConstantContactError('invalidResponse', message, { operationId });
}
