import type { Client, Operation, OperationResult } from 'urql';
import { graphql } from './graphql.js';

/** Costs no REST call. */
export const PingQuery = graphql('query Ping { __typename }');
const PAUSE_MS = 3_000;

export interface ConnectionState {
  readonly isLost: boolean;
  /** How often the server was reached again after it could not be. */
  readonly recoveries: number;
}

/**
 * Whether the server can be reached. When it cannot, it is asked again until it answers; then every query that failed
 * meanwhile and is still on screen is sent again, so that no part of a screen stays empty.
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

  /** Reads whether an answer of the server came, or none. */
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
      // The client leaves out those that no screen shows any more.
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
