import type { Credentials } from '../auth/credentials.js';
import type { Meter } from '../budget/meter.js';
import type { Ticket } from '../budget/ticket.js';
import type { Party } from '../budget/turn.js';
import type { Clock } from '../clock.js';
import { operations, type OperationId } from '../contract/operations.js';
import type { ConstantContactError, ErrorKind } from '../errors.js';
import { Stop, type Signal } from '../stop.js';
import type { Exchange } from '../writes/exchange.js';
import type { OpenOptions, WireRequest } from './transport.js';

export interface Job {
  id: OperationId;
  request: WireRequest;
  credentials: Credentials;
  signal: Signal;
  meter: Meter;
  /** The caller that started it. */
  party: Party;
  /** The callers that wait for it, if it can be joined. */
  parties?: ReadonlySet<Party> | undefined;
  retry: 'auto' | 'never';
  /** The read-merge-write that it is part of. */
  exchange?: Exchange | undefined;
  /** True while an attempt is in flight. */
  isInFlight: boolean;
  /** Time at which its last attempt left. */
  sentAt: number | undefined;
  /** Called when an attempt leaves. */
  onSent: (() => void) | undefined;
}

/** The outcome of one attempt. Contains no secrets: no URL, no credentials, no body except in the private part of `failure`. */
export interface AttemptReport {
  operationId: OperationId;
  /** 1 for the first. */
  attempt: number;
  /** HTTP status, if there was a response. */
  status?: number;
  /** Reason for the failure. */
  error?: ErrorKind;
  /** The same as an error. Its `upstreamMessages` may quote client data. */
  failure?: ConstantContactError;
  /** Time from the permit to the end of the response, in milliseconds. */
  ms: number;
  /** Time spent waiting for the permit, in milliseconds. */
  waitedMs: number;
}

/** Time in milliseconds for which a write in flight waits for its response after its caller has cancelled. */
const LINGER_MS = 5_000;

/** Time in milliseconds after which an attempt that its caller cancels counts as a timeout of the API. */
const SLOW_MS = 5_000;

/** State of an attempt that has its permit. */
export class Sending implements OpenOptions {
  readonly signal: Signal;
  readonly #began: number;
  readonly #stop = new Stop();
  #cancelLinger: (() => void) | undefined;
  readonly #onAbort = () => {
    const { reason } = this.job.signal;
    const stop = () => this.#stop.abort(reason);
    if (this.isSent) this.#cancelLinger = this.clock.after(LINGER_MS, stop);
    else stop();
  };
  /** Time at which the request left. */
  sentAt: number | undefined;
  status: number | undefined;
  /** Outcome for the circuit breaker. */
  ended: ErrorKind | undefined = 'aborted';

  constructor(
    private readonly job: Job,
    private readonly attempt: number,
    private readonly ticket: Ticket,
    private readonly clock: Clock,
    readonly limitMs: number,
  ) {
    this.signal = job.signal;
    this.#began = clock.now();
    if (operations[job.id].method === 'GET') return;
    // A write in flight may be carried out even if its caller cancels, so it lasts until its response arrives.
    this.signal = this.#stop;
    job.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (job.signal.aborted) this.#onAbort();
  }

  get isStream(): boolean {
    return operations[this.job.id].response === 'csv';
  }

  get isSent(): boolean {
    return this.sentAt !== undefined;
  }

  /** True if the API should have responded long ago. */
  get isUnanswered(): boolean {
    const { sentAt = Infinity, status } = this;
    return status === undefined && this.clock.now() - sentAt >= SLOW_MS;
  }

  onSent(): void {
    const { meter } = this.job;
    this.sentAt = this.clock.now();
    this.job.isInFlight = true;
    this.job.sentAt = this.sentAt;
    this.job.onSent?.();
    this.ticket.sent();
    meter.calls += 1;
    if (this.attempt > 1) meter.retries += 1;
  }

  answered(status: number): void {
    this.status = status;
    this.ticket.answered();
  }

  end(): void {
    this.job.isInFlight = false;
    this.job.signal.removeEventListener('abort', this.#onAbort);
    this.#cancelLinger?.();
  }

  report(failure: ConstantContactError | undefined): AttemptReport {
    const { job, attempt, ticket, status } = this;
    const report: AttemptReport = {
      operationId: job.id,
      attempt,
      ms: this.clock.now() - this.#began,
      waitedMs: ticket.waitedMs,
    };
    if (status !== undefined) report.status = status;
    if (failure) Object.assign(report, { error: failure.kind, failure });
    return report;
  }
}
