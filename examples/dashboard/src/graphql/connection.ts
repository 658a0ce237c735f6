import type { Client, Operation, OperationResult } from 'urql';
import { graphql } from './graphql.js';

/** Costs no REST call. */
export const PingQuery = graphql('query Ping { __typename }');
const PAUSE_MS = 3_000;

export interface ConnectionState {
  readonly isLost: boolean;
  /** Number of times that the server became reachable again. */
  readonly recoveries: number;
}

/**
 * Reachability of the server. While it is unreachable it is polled; afterwards every failed query that is
 * still on screen is sent again, so that no part of a screen stays empty.
 */
export class Connection {
  #state: ConnectionState = { isLost: false, recoveries: 0 };
  #failed = new Map<number, Operation>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): ConnectionState => this.#state;

  /** Detects from a result whether the server was reached. */
  note({ operation, error }: OperationResult, client: Client): void {
    if (error?.networkError) {
      if (operation.kind === 'query') this.#failed.set(operation.key, operation);
      this.#timer ??= setTimeout(() => this.#ping(client), PAUSE_MS);
      if (!this.#state.isLost) this.#change({ ...this.#state, isLost: true });
      return;
    }
    if (!this.#state.isLost) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const failed = this.#failed;
    this.#failed = new Map();
    this.#change({ isLost: false, recoveries: this.#state.recoveries + 1 });
    failed.delete(operation.key);
    for (const one of failed.values()) {
      // The client skips queries that no screen shows any more.
      client.reexecuteOperation(
        client.createRequestOperation('query', one, { ...one.context, requestPolicy: 'network-only' }),
      );
    }
  }

  #ping(client: Client): void {
    this.#timer = undefined;
    void client.query(PingQuery, {}, { requestPolicy: 'network-only' }).toPromise();
  }

  #change(state: ConnectionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
