import type {
  OperationId,
  PathParams,
  QueryParams,
  RequestBody,
  ResponseBody,
} from '../constant-contact/contract/operations.js';
import type { Account, AccountOptions } from './account.js';
import type { Page } from './paging.js';

/** A file of a multipart request. */
export interface Upload {
  readonly name: string;
  readonly text: string;
}

/** The request of an operation: validated against the contract and typed by it. */
export interface Call<Id extends OperationId = OperationId> {
  readonly path: PathParams<Id>;
  /** Numbers and booleans are parsed; comma lists are strings, see `csv`. */
  readonly query: QueryParams<Id>;
  readonly body: RequestBody<Id>;
  /** Files of a multipart body by field name. */
  readonly files: Readonly<Record<string, Upload>>;
  readonly account: Account;
  /** Time of the request in milliseconds since the epoch. */
  readonly now: number;
  readonly page: Page;
  readonly world: World;
}

/** The response of an operation. `body` is a string for CSV, and absent when there is none. */
export interface Reply<Body = unknown> {
  readonly status: number;
  readonly body?: Body;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Carries out one operation. Throws a `Refusal` for an error response. */
export type Handler<Id extends OperationId> = (
  call: Call<Id>,
) => Reply<ResponseBody<Id>> | Promise<Reply<ResponseBody<Id>>>;

/** The handlers of one entity. Operations without a handler respond with 501. */
export type Handlers = { readonly [Id in OperationId]?: Handler<Id> };

/** A request after HTTP parsing; `path` is relative to the base URL. */
export interface InnerRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body?: unknown;
  readonly files?: Readonly<Record<string, Upload>>;
}

/** The sandbox beyond the account of a call: for operations that act on other accounts. */
export interface World {
  /** The account with this name, created on first use. */
  account(name: string, options?: AccountOptions): Account;
  /** Carries out a request inside an account, without quota and faults; errors are returned as replies. */
  perform(request: InnerRequest, account: Account): Promise<Reply>;
}

/** The values of a comma-separated list; none if it is absent. */
export function csv(list: string | undefined): string[] {
  return (list ?? '').split(',').flatMap((item) => item.trim() || []);
}
