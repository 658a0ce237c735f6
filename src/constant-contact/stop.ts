/** Cancellation signal. An `AbortSignal` is one. */
export interface Signal {
  readonly aborted: boolean;
  /** Why it has fired. There is none before that. */
  readonly reason: Error;
  /** @throws the reason, once it has fired */
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once: true }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * An `AbortController` and its signal in one, because every request needs several. With those of the platform, the throughput
 * of contacts by ID is 20 % lower on Node 20 (pairs of runs). It has any number of listeners, each called once.
 */
export class Stop implements Signal {
  #aborted = false;
  #reason: Error | undefined;
  /** The first listener; the others are only allocated when needed. */
  #listener: (() => void) | undefined;
  #others: Set<() => void> | undefined;
  #real: AbortController | undefined;

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): Error {
    return this.#reason as Error;
  }

  /** The same as an `AbortSignal`, for code that accepts no other. */
  get signal(): AbortSignal {
    if (!this.#real) {
      this.#real = new AbortController();
      if (this.#aborted) this.#real.abort(this.#reason);
    }
    return this.#real.signal;
  }

  /** Fires, unless it has. */
  abort(reason: Error = new DOMException('This operation was aborted', 'AbortError')): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    // A listener removed in the loop is not called.
    this.#listener?.();
    for (const listener of this.#others ?? []) listener();
    this.#listener = undefined;
    this.#others = undefined;
    this.#real?.abort(reason);
  }

  /**
   * Fires from now on when `source` does, for the same reason.
   *
   * @returns a function that ends this. `AbortSignal.any()` has none, and on Node 20 keeps its signals for the lifetime of the
   * source.
   */
  follow(source: Signal | undefined): () => void {
    const onAbort = () => this.abort(source?.reason);
    if (source?.aborted) onAbort();
    else source?.addEventListener('abort', onAbort, { once: true });
    return () => {
      source?.removeEventListener('abort', onAbort);
    };
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.reason;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (this.#aborted || this.#listener === listener) return;
    if (!this.#listener && !this.#others) this.#listener = listener;
    else (this.#others ??= new Set()).add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    if (this.#listener === listener) this.#listener = undefined;
    else this.#others?.delete(listener);
  }
}
