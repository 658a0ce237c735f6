import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, type Aggregator } from 'prom-client';
import type { AttemptReport } from '../constant-contact/client.js';
import type { Governor } from '../constant-contact/budget/governor.js';
import type { Meter } from '../constant-contact/budget/meter.js';
import { readRelease } from './release.js';

export type { Registry } from 'prom-client';

/** Prometheus metrics. A label from a request always has a fixed set of values. */
export interface Metrics {
  /** For `ClientOptions.onAttempt`. */
  attempted(report: AttemptReport): void;
  /** @param type query or mutation */
  executed(type: string, seconds: number, outcome: 'ok' | 'errors' | 'cancelled', meter: Meter): void;
  /** @param code of a GraphQL error */
  failed(code: unknown): void;
  /** @param status of an HTTP answer */
  answered(status: number): void;
  readonly contentType: string;
  text(): Promise<string>;
}

const PREFIX = 'constant_contact_graphql_';
const BUILD_INFO = `${PREFIX}build_info`;
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** @throws TypeError when a registry has the metrics of a facade: two would count in the same ones */
export function assertUnused(registry: Registry): void {
  if (!registry.getSingleMetric(BUILD_INFO)) return;
  throw new TypeError(
    'the registry in `metrics` has the metrics of another facade: each needs one of its own',
  );
}

/**
 * @param budget read at each scrape
 * @param registry registry of the metrics
 * @param isShared true if all workers share one budget
 */
export function createMetrics(
  budget: () => Pick<Governor, 'status' | 'pace'>,
  registry = new Registry(),
  isShared = false,
): Metrics {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: PREFIX + name, help, labelNames, registers });
  const histogram = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Histogram({ name: PREFIX + name, help, labelNames, buckets: SECONDS, registers });
  // The aggregator says how the gauges of several workers become one.
  const gauge = (name: string, help: string, aggregator: Aggregator, value: () => number) =>
    new Gauge({
      name: PREFIX + name,
      help,
      registers,
      aggregator,
      collect() {
        this.set(value());
      },
    });

  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: BUILD_INFO,
    help: 'Always 1; labelled with the versions of the program and of Node.js',
    labelNames: ['version', 'node_version'],
    registers,
    aggregator: 'first',
  }).set({ version: readRelease().version, node_version: process.version }, 1);

  const calls = counter(
    'rest_calls_total',
    'REST calls by operation and HTTP status, or the reason for no response',
    ['operation', 'status'],
  );
  const callSeconds = histogram(
    'rest_call_seconds',
    'Duration of REST calls, from the permit to the end of the response',
    [],
  );
  const waitSeconds = histogram(
    'governor_wait_seconds',
    'Time that REST calls waited for a permit of the rate limiter',
    [],
  );
  const operations = histogram('operation_seconds', 'Duration of GraphQL operations', ['type', 'outcome']);
  const reused = counter('reads_saved_total', 'Reads answered without a REST call of their own', ['by']);
  const errors = counter('errors_total', 'GraphQL errors by code', ['code']);
  const responses = counter('http_responses_total', 'HTTP responses by status', ['status']);
  // Without a limit, the remaining number is infinite.
  gauge(
    'budget_remaining',
    'REST calls left until midnight UTC',
    'min',
    () => budget().status().remainingToday ?? Infinity,
  );
  // Workers that share a budget all report the same number; otherwise each reports its own calls.
  gauge(
    'budget_used',
    'REST calls made since midnight UTC',
    isShared ? 'max' : 'sum',
    () => budget().status().usedToday,
  );
  gauge(
    'budget_reserved',
    'REST calls left that are reserved for mutations',
    'min',
    () => budget().pace().reservedForMutations,
  );
  gauge(
    'budget_calls_per_hour',
    'REST calls per hour, measured over the last hour',
    isShared ? 'max' : 'sum',
    () => budget().pace().callsPerHour,
  );
  gauge(
    'budget_allowed_by_now',
    'REST calls allowed by now so that the budget lasts the day',
    'min',
    () => budget().pace().allowedByNow ?? Infinity,
  );
  gauge(
    'budget_runs_out_timestamp_seconds',
    'Time at which the calls of the day run out at the rate of the last hour',
    'min',
    () => (budget().pace().runsOutAt?.getTime() ?? Infinity) / 1_000,
  );
  gauge('waiting', 'REST calls waiting for a permit', 'sum', () => budget().status().waiting);

  return {
    attempted({ operationId, status: answered, error, ms, waitedMs }) {
      calls.inc({ operation: operationId, status: String(answered ?? error ?? 'none') });
      callSeconds.observe(ms / 1_000);
      waitSeconds.observe(waitedMs / 1_000);
    },
    executed(type, seconds, outcome, { cached, coalesced }) {
      operations.observe({ type, outcome }, seconds);
      if (cached > 0) reused.inc({ by: 'cache' }, cached);
      if (coalesced > 0) reused.inc({ by: 'coalescing' }, coalesced);
    },
    failed(code) {
      errors.inc({ code: typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : 'OTHER' });
    },
    answered(httpStatus) {
      responses.inc({ status: String(httpStatus) });
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
