import {
  operations,
  type OperationFacts,
  type OperationId,
  type PathParams,
  type QueryParams,
  type RequestBody,
  type ResponseBody,
} from '../../src/constant-contact/contract/operations.js';
import type { Sandbox } from '../../src/sandbox/index.js';

export interface Params<Id extends OperationId> {
  path?: PathParams<Id>;
  query?: QueryParams<Id>;
  body?: RequestBody<Id> | FormData;
}

export interface Answer<Body> {
  readonly status: number;
  /** Parsed JSON, or the text when it is none. Only to be read as `Body` after a success. */
  readonly body: Body;
  readonly headers: Headers;
}

/** A clock that stands still until it is moved. */
export class ManualClock {
  constructor(public ms = Date.parse('2026-03-15T12:00:00Z')) {}
  now = (): number => this.ms;
  tick(ms: number): void {
    this.ms += ms;
  }
}

/** A bare client of one sandbox, typed by operation. It follows no limits and hides nothing. */
export class Client {
  constructor(
    readonly sandbox: Sandbox,
    readonly token = sandbox.token,
  ) {}

  async call<Id extends OperationId>(id: Id, params: Params<Id> = {}): Promise<Answer<ResponseBody<Id>>> {
    const facts: OperationFacts = operations[id];
    const path = facts.path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(String((params.path as Record<string, unknown>)[name])),
    );
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(params.query ?? {})) {
      for (const item of [value].flat()) query.append(name, String(item));
    }
    return this.fetch<ResponseBody<Id>>(
      facts.method,
      query.size > 0 ? `${path}?${query}` : path,
      params.body,
    );
  }

  /** Any request; `path` is relative to the base URL, with the query. */
  async fetch<Body = unknown>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const form = body instanceof FormData;
    const response = await fetch(this.sandbox.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body !== undefined && !form && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.startsWith('application/json');
    const parsed = json ? (JSON.parse(text) as Body) : (text as Body);
    return { status: response.status, body: parsed, headers: response.headers };
  }

  /** All pages of a collection, following the links as they are. */
  async pages<Id extends OperationId>(id: Id, params: Params<Id> = {}): Promise<ResponseBody<Id>[]> {
    const pages = [(await this.call(id, params)).body];
    for (let href = nextOf(pages[0]); href; href = nextOf(pages.at(-1))) {
      pages.push((await this.fetch<ResponseBody<Id>>('GET', href.replace('/v3', ''))).body);
    }
    return pages;
  }
}

function nextOf(page: unknown): string | null {
  const { _links } = page as { _links?: { next?: { href?: string | null } } };
  return _links?.next?.href ?? null;
}

/** The first matching row. @throws Error without one */
export function first<Row>(rows: Iterable<Row>, test: (row: Row) => boolean = () => true): Row {
  for (const row of rows) if (test(row)) return row;
  throw new Error('no such row');
}
