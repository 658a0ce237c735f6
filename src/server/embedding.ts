/**
 * Types for programs that embed the facade. This file imports nothing, so that their compilers need neither the HTTP
 * library nor its types.
 */

export const GRAPHQL_PATH = '/graphql';
/** Path of the MCP endpoint, below the path of the server. */
export const MCP_PATH = '/mcp';

/** Finds the access token of a request; null for a request without one. */
export type TokenOf = (request: Request) => string | null | Promise<string | null>;

/** Returns the additions of the embedding program to the context of a request. */
export type HostContext = (request: Request) => object | Promise<object>;

export interface ListenOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Time that requests in flight have to finish after a shutdown has started, in milliseconds. */
  graceMs?: number;
}

export interface Listening {
  readonly url: string;
  /**
   * Completes requests in flight, refuses new ones, then closes every connection. Resolves when all are closed. Further calls
   * return the same promise.
   */
  close(): Promise<void>;
}
