import { abortable, abortedError, TimeUp } from '../abort.js';
import { readAnswer, type Answer } from './answer.js';
import type { Breaker } from './breaker.js';
import type { Clock } from '../clock.js';
import { operations, type OperationFacts, type OperationId } from '../contract/operations.js';
import { failureOfAnswer, isMarkup, notReady, timeIn } from './error-body.js';
import { failureBelowHttp } from './failure-below-http.js';
import { fileChunks } from './file-chunks.js';
import { isRead } from './inner-operation.js';
import { ConstantContactError } from '../errors.js';
import type { Governor } from '../budget/governor.js';
import type { Ticket } from '../budget/ticket.js';
import type { Turn } from '../budget/turn.js';
import { isOwnKey, SpentQuotas } from '../budget/spent-quotas.js';
import { withRetries, type Failure, type Outcome } from './retry.js';
import { decodeText } from './decode-text.js';
import type { Exchange } from '../writes/exchange.js';
import { Sending, type AttemptReport, type Job } from './sending.js';
import type { Transport, WireAnswer } from './transport.js';

export type { AttemptReport, Job } from './sending.js';

/** Traces one attempt from its permit to the end of its response. */
export interface AttemptSpan {
  /** Runs work in the context of the attempt, so that its spans belong to it. */
  within<T>(work: () => T): T;
  end(report: AttemptReport): void;
}

export interface SenderOptions {
  transport: Transport;
  governor: Governor;
  breaker: Breaker;
  clock: Clock;
  random: () => number;
  /** Maximum time from the permit to the end of the response, in milliseconds. */
  attemptTimeoutMs: number;
  /** Maximum wait for a slot, in milliseconds. */
  maxWaitMs: number;
  onAttempt?: ((report: AttemptReport) => void) | undefined;
  startAttempt?: ((operationId: OperationId, attempt: number) => AttemptSpan | undefined) | undefined;
}

/** Headers that authenticate an attempt. */
type Secrets = Readonly<Record<string, string>>;

/** Converts a response to a result. */
type Read<T> = (answer: WireAnswer) => Promise<Outcome<T>>;

/**
 * Sends the requests: retries outside, the governor inside, so that every attempt is counted. Each attempt has its own time
 * limit, and no attempt starts later than one maximum wait and one maximum attempt after the call began.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #spentQuotas: SpentQuotas;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#spentQuotas = new SpentQuotas(options.clock);
  }

  /** Sends and reads the whole response. Any 2xx with a body that fits the operation is a success. */
  send(job: Job): Promise<Answer> {
    const isGet = operations[job.id].method === 'GET';
    const longNumbers = isGet && job.exchange ? 'bigints' : 'texts';
    const sentBody = sentBodyOf(job);
    return this.#run<Answer>(job, (answer) =>
      answer.whole((bytes) => {
        const read = readAnswer(job.id, answer.status, bytes, answer.headers, longNumbers, sentBody);
        if (!(read instanceof ConstantContactError)) return { value: read };
        const isFinal = isRead(job.id, sentBody) || read.kind === 'doneUnread';
        const isEarly = isGet && answer.status === 202;
        const error = isEarly ? notReady(job.id, answer, this.#options.clock.now()) : read;
        return { error, fate: isFinal ? 'final' : 'unknown' };
      }),
    );
  }

  /**
   * Sends the request and returns the body as a stream. Read it to its end or leave it (`break`, `return()`), or fire the
   * session's signal: until then it keeps a connection busy. Nothing is retried once it began.
   */
  stream(job: Job): Promise<AsyncIterable<Uint8Array>> {
    const { clock, attemptTimeoutMs } = this.#options;
    return this.#run(job, (answer) =>
      Promise.resolve({ value: fileChunks(answer.stream(), { ...job, clock, limitMs: attemptTimeoutMs }) }),
    );
  }

  /** The usual case: one attempt, which succeeds. */
  #run<T>(job: Job, read: Read<T>): Promise<T> {
    const { clock, maxWaitMs, attemptTimeoutMs } = this.#options;
    const { credentials, signal } = job;
    if (signal.aborted) return Promise.reject(abortedError(signal));
    const write = writeOf(job);
    const deadline = write?.deadline ?? clock.now() + maxWaitMs + attemptTimeoutMs;
    if (write) write.deadline = deadline;
    const begin = (secrets: Secrets): Promise<T> =>
      this.#attempt(job, 1 + (write?.retries ?? 0), secrets, read).then((outcome) =>
        'value' in outcome ? outcome.value : this.#retryOrFail(job, read, deadline, secrets, outcome),
      );
    const held = credentials.headers();
    return held instanceof Promise ? abortable(held, signal).then(begin) : begin(held);
  }

  /** Retries or fails a call whose first attempt, with these headers, has failed. */
  #retryOrFail<T>(job: Job, read: Read<T>, deadline: number, used: Secrets, failed: Failure): Promise<T> {
    const { clock, random, maxWaitMs, attemptTimeoutMs } = this.#options;
    const { id, credentials, signal, meter, parties } = job;
    const { method }: OperationFacts = operations[id];
    const write = writeOf(job);
    const ask = () => abortable(Promise.resolve(credentials.headers()), signal);
    let first: Failure | null = failed;
    let renewed = false;
    const attemptOnce = async (attempt: number): Promise<Outcome<T>> => {
      const secrets = first ? used : await ask();
      const outcome = first ?? (await this.#attempt(job, attempt, secrets, read));
      first = null;
      if (renewed || !wasRefused(outcome)) return outcome;
      renewed = true;
      const better = await abortable(credentials.rejected?.(secrets) ?? Promise.resolve(false), signal);
      // A refused write had no effect, but is still not repeated.
      if (!better || method !== 'GET' || job.retry === 'never') return outcome;
      return this.#attempt(job, attempt + 1, await ask(), read);
    };
    return withRetries(attemptOnce, {
      id,
      method,
      enabled: job.retry === 'auto',
      isRead: isRead(id, sentBodyOf(job)),
      // A caller that has joined later has its own time.
      get deadline() {
        const last = Math.max(...Array.from(parties ?? [], ({ since = 0 }) => since));
        return Math.max(deadline, last + maxWaitMs + attemptTimeoutMs);
      },
      clock,
      random,
      signal,
      retries: write?.retries ?? 0,
      onPause: (ms) => {
        const from = clock.now();
        meter.waited({ from, until: from + ms });
        job.exchange?.releaseSlot();
        if (write) write.retries += 1;
      },
    });
  }

  async #attempt<T>(job: Job, attempt: number, secrets: Secrets, read: Read<T>): Promise<Outcome<T>> {
    const { governor, breaker, clock, maxWaitMs, attemptTimeoutMs } = this.#options;
    const { credentials, meter } = job;
    const write = writeOf(job);
    write?.checkAge();
    this.#spentQuotas.check(credentials);
    // The next try must not take two slots while one is still held for the last try.
    if (!write) job.exchange?.releaseSlot();
    const since = clock.now();
    let ticket: Ticket;
    try {
      ticket = write?.takeSlot() ?? (await governor.acquire(turnOf(job, maxWaitMs)));
    } catch (error) {
      meter.waited({ from: since, until: clock.now() });
      throw error;
    }
    const granted = clock.now();
    meter.waited({ from: granted - ticket.waitedMs, until: granted });
    // After its wait in the queue, the write must still be based on a recent read.
    if (write?.isTooOld) ticket.cancel();
    write?.checkAge();
    if (!write) job.exchange?.keepSlot(ticket.next);
    let leave: ReturnType<Breaker['enter']>;
    try {
      // While it waited, the response to another call of the same caller may have reported it.
      this.#spentQuotas.check(credentials);
      leave = breaker.enter();
    } catch (error) {
      ticket.cancel();
      return { error: error as ConstantContactError, fate: 'final' };
    }
    const sending = new Sending(job, attempt, ticket, clock, attemptTimeoutMs);
    // The permit and the circuit breaker's must be returned whatever fails, also a tracer.
    try {
      return await this.#exchange(job, attempt, secrets, read, sending);
    } finally {
      leave(sending.ended);
      sending.end();
      ticket.answered();
      ticket.cancel();
    }
  }

  /** Sends an attempt that has its permit, and reads the response. */
  async #exchange<T>(
    job: Job,
    attempt: number,
    secrets: Secrets,
    read: Read<T>,
    sending: Sending,
  ): Promise<Outcome<T>> {
    const { governor, transport, clock } = this.#options;
    const { id, request, credentials, signal } = job;
    const span = this.#options.startAttempt?.(id, attempt);
    const report = (failed: ConstantContactError | undefined) => {
      const made = sending.report(failed);
      span?.end(made);
      this.#options.onAttempt?.(made);
    };
    try {
      const { method, path, body } = request;
      const headers = Object.assign({}, request.headers, secrets);
      const open = () => transport.open({ method, path, headers, body }, sending);
      const answer = await (span ? span.within(open) : open());
      const { status } = answer;
      sending.answered(status);
      const isWrite = request.method !== 'GET';
      const isSuccess = status >= 200 && status < 300 && (isWrite || !isOfAnotherType(id, answer));
      const outcome: Outcome<T> = isSuccess
        ? await read(answer)
        : await answer.whole((bytes) =>
            failureOfAnswer(
              id,
              { status: answer.status, headers: answer.headers, text: decodeText(bytes) },
              clock.now(),
              sentBodyOf(job),
            ),
          );
      const failed = 'error' in outcome ? outcome.error : undefined;
      sending.ended = failed?.kind;
      if (failed?.kind === 'quotaExhausted') {
        const { sentAt = clock.now() } = sending;
        const apiTime = timeIn(answer.headers);
        if (isOwnKey(credentials)) governor.quotaSpent(sentAt, apiTime);
        else this.#spentQuotas.add(credentials, sentAt, apiTime);
      }
      report(failed);
      return outcome;
    } catch (error) {
      const { isSent } = sending;
      const failure = signal.aborted
        ? {
            error: abortedError(signal),
            fate: isSent ? ('unknown' as const) : ('final' as const),
          }
        : failureBelowHttp(id, error, isSent);
      // A request that no connection took in time says nothing about the API.
      const wasQueued = error instanceof TimeUp && !isSent;
      if (!signal.aborted && !wasQueued) sending.ended = failure.error.kind;
      else if (sending.isUnanswered) sending.ended = 'timeout';
      report(failure.error);
      return failure;
    }
  }
}

function sentBodyOf({ request: { body } }: Job): string | undefined {
  return typeof body === 'string' ? body : undefined;
}

function turnOf({ id, party, parties, signal, exchange }: Job, maxWaitMs: number): Turn {
  const isFollowed = exchange !== undefined && operations[id].method === 'GET';
  return Object.assign({ parties, signal, maxWaitMs, isFollowed }, party);
}

/** The exchange whose write this is. */
function writeOf({ id, exchange }: Job): Exchange | undefined {
  return operations[id].method === 'GET' ? undefined : exchange;
}

function wasRefused(outcome: Outcome<unknown>): boolean {
  return 'error' in outcome && outcome.error.status === 401;
}

/** Returns true if the content type of a response cannot be the operation's: no operation returns a web page, and a file is not JSON. */
function isOfAnotherType(id: OperationId, { headers }: WireAnswer): boolean {
  const isFile = operations[id].response === 'csv';
  return isMarkup({ headers }) || (isFile && /^\s*application\/json\b/i.test(headers['content-type'] ?? ''));
}
