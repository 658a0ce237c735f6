import {
  operations,
  type OperationFacts,
  type OperationId,
} from '../constant-contact/contract/operations.js';

export interface Match {
  readonly id: OperationId;
  readonly facts: OperationFacts;
  /** Values of the path parameters, decoded. */
  readonly path: Readonly<Record<string, string>>;
}

interface Route {
  readonly id: OperationId;
  readonly facts: OperationFacts;
  readonly segments: readonly string[];
}

/** Fixed segments before parameters, so that `/contacts/counts` does not match a contact's ID. */
const ROUTES: readonly Route[] = (Object.entries(operations) as [OperationId, OperationFacts][])
  .map(([id, facts]) => ({ id, facts, segments: facts.path.split('/').slice(1) }))
  .sort((a, b) => a.facts.pathParams.length - b.facts.pathParams.length);

/** Path of a request relative to the base URL; the `/v3` prefix is optional. */
export function relativePath(pathname: string): string {
  return pathname.replace(/^\/v3(?=\/|$)/, '') || '/';
}

/** The operation for method and path (relative to the base URL), or null. */
export function matchRoute(method: string, path: string): Match | null {
  const segments = path.split('/').slice(1);
  for (const { id, facts, segments: template } of ROUTES) {
    if (facts.method !== method || template.length !== segments.length) continue;
    const params = bind(template, segments);
    if (params) return { id, facts, path: params };
  }
  return null;
}

function bind(template: readonly string[], segments: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [i, expected] of template.entries()) {
    const actual = segments[i] ?? '';
    if (expected.startsWith('{')) {
      if (actual === '') return null;
      params[expected.slice(1, -1)] = decode(actual);
    } else if (expected !== actual) {
      return null;
    }
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
