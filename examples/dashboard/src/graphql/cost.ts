import type { OperationResult } from 'urql';

/** Cost of one response, from its `extensions.upstream`. */
export interface Cost {
  readonly id: number;
  readonly operation: string;
  /** REST calls sent to Constant Contact. */
  readonly calls: number;
  /** Reads that the facade answered from its cache. */
  readonly cached: number;
  /** Milliseconds that its calls waited for the rate limit. */
  readonly waitedMs: number;
}

export interface Costs {
  /** Calls left today; null without a limit, undefined until the first report. */
  readonly remaining: number | null | undefined;
  /** REST calls since the page was opened. */
  readonly total: number;
  /** Newest first. */
  readonly recent: readonly Cost[];
}

const SHOWN = 8;

/** Adds up the costs of the app, for `useSyncExternalStore`. */
export class CostLog {
  #costs: Costs = { remaining: undefined, total: 0, recent: [] };
  #next = 1;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): Costs => this.#costs;

  /** Reads the report of one response; one without a report, such as a failed connection, changes nothing. */
  note({ operation, extensions }: OperationResult): void {
    const report = reportOf(extensions);
    if (!report) return;
    const cost = { id: this.#next++, operation: nameOf(operation), ...report };
    const { total, recent } = this.#costs;
    this.#costs = {
      remaining: report.remaining,
      total: total + cost.calls,
      // Free responses are not listed.
      recent: cost.calls + cost.cached > 0 ? [cost, ...recent].slice(0, SHOWN) : recent,
    };
    for (const listener of this.#listeners) listener();
  }
}

function reportOf(extensions: Record<string, unknown> | undefined) {
  const upstream = extensions?.['upstream'];
  if (typeof upstream !== 'object' || upstream === null) return null;
  const { calls, cached, waitedMs, remainingToday } = upstream as Record<string, unknown>;
  return {
    calls: Number(calls ?? 0),
    cached: Number(cached ?? 0),
    waitedMs: Number(waitedMs ?? 0),
    remaining: typeof remainingToday === 'number' ? remainingToday : null,
  };
}

function nameOf({ query }: OperationResult['operation']): string {
  for (const definition of query.definitions) {
    if (definition.kind === 'OperationDefinition' && definition.name) return definition.name.value;
  }
  return 'Unnamed';
}
