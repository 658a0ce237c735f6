import { deserialize, serialize } from 'node:v8';
import { abortedError, throwIfAborted } from '../abort.js';
import type { SharedReferences } from '../cache/reference-cache.js';
import type { Clock } from '../clock.js';
import { ConstantContactError } from '../errors.js';
import { createGovernor, type Governor, type GovernorStatus, type Turn } from '../budget/governor.js';
import type { Ticket } from '../budget/ticket.js';
import type { SharedWatches } from '../watch.js';
import type { Answers, Peer, Question, ToPrimary, ToWorker } from './protocol.js';
import type { Signal } from '../stop.js';

/** What a worker shares with the other workers of its machine, through the primary process. */
export interface PrimaryLink {
  governor(limits: { perSecond: number; clock: Clock }): Governor;
  readonly references: SharedReferences;
  readonly watches: SharedWatches;
  /** What every worker counted, this one included. */
  counts(): Promise<unknown[]>;
  /** @param count gives what this worker counted, when any of them asks */
  onCount(count: () => Promise<unknown>): void;
}

/** Connects to the primary process. The first thing that it says is what is left of the budget. */
export async function connectPrimary(peer: Peer<ToPrimary, ToWorker>): Promise<PrimaryLink> {
  const link = new Link(peer);
  await link.ready;
  return link;
}

/** A slot that is waited for. */
interface Wait {
  grant(): void;
  fail(error: ConstantContactError): void;
}

class Link implements PrimaryLink {
  readonly ready: Promise<void>;
  readonly references: SharedReferences;
  readonly watches: SharedWatches;
  readonly #peer: Peer<ToPrimary, ToWorker>;
  readonly #waits = new Map<number, Wait>();
  readonly #questions = new Map<number, (answer: unknown) => void>();
  #number = 0;
  #gone = false;
  #status: GovernorStatus | undefined;
  #onReady = (): void => undefined;
  #count: () => Promise<unknown> = () => Promise.resolve([]);

  constructor(peer: Peer<ToPrimary, ToWorker>) {
    this.#peer = peer;
    this.ready = new Promise((resolve) => (this.#onReady = resolve));
    this.references = {
      generation: (owner, family) => this.#ask({ about: 'generation', owner, family }),
      load: async (place, generation) => {
        const kept = await this.#ask({ about: 'value', place, generation });
        return kept && { value: deserialize(kept.bytes), ttlMs: kept.ttlMs };
      },
      save: (place, generation, value) => {
        this.send({ kind: 'keep', place, generation, bytes: serialize(value) });
      },
      invalidate: async (owner, families) => {
        await this.#ask({ about: 'invalidation', owner, families });
      },
    };
    this.watches = {
      join: (owner, key) => {
        const watch = `${owner} ${key}`;
        return {
          turn: () => this.#ask({ about: 'turn', watch }),
          share: (value) => {
            this.send({ kind: 'share', watch, value });
            return Promise.resolve();
          },
          leave: (isOver) => {
            this.send({ kind: 'unwatch', watch, isOver });
          },
        };
      },
    };
    peer.onMessage((message) => {
      this.#receive(message);
    });
    peer.onGone(() => {
      this.#gone = true;
      for (const wait of [...this.#waits.values()]) wait.fail(left());
      for (const answer of [...this.#questions.values()]) answer(null);
    });
  }

  governor({ perSecond, clock }: { perSecond: number; clock: Clock }): Governor {
    return new WorkerGovernor(this, createGovernor({ perSecond, perDay: 0, clock }), clock);
  }

  async counts(): Promise<unknown[]> {
    return (await this.#ask({ about: 'counts' })) ?? [];
  }

  onCount(count: () => Promise<unknown>): void {
    this.#count = count;
  }

  /** What the primary process last said of the budget. */
  get status(): GovernorStatus | undefined {
    return this.#status;
  }

  send(message: ToPrimary): void {
    if (!this.#gone) this.#peer.send(message);
  }

  /** @returns the number of a slot that was taken */
  take({ signal, priority, caller, maxWaitMs }: Turn): Promise<number> {
    const id = (this.#number += 1);
    return new Promise((resolve, reject) => {
      if (this.#gone) {
        reject(left());
        return;
      }
      const settle = () => {
        this.#waits.delete(id);
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        settle();
        this.send({ kind: 'leave', id });
        reject(abortedError(signal as Signal));
      };
      this.#waits.set(id, {
        grant: () => {
          settle();
          resolve(id);
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      this.send({ kind: 'take', id, priority, caller, maxWaitMs });
    });
  }

  #receive(message: ToWorker): void {
    switch (message.kind) {
      case 'granted': {
        this.#status = message.status;
        const wait = this.#waits.get(message.id);
        if (wait) wait.grant();
        else this.send({ kind: 'cancel', id: message.id });
        break;
      }
      case 'refused': {
        const { error, message: text, retryAt } = message;
        const details = retryAt === undefined ? {} : { retryAt };
        this.#waits.get(message.id)?.fail(new ConstantContactError(error, text, details));
        break;
      }
      case 'status':
        this.#status = message.status;
        this.#onReady();
        break;
      case 'answer':
        this.#questions.get(message.id)?.(message.answer);
        break;
      case 'count':
        void this.#count().then((counts) => {
          this.send({ kind: 'counted', id: message.id, counts });
        });
        break;
    }
  }

  /** The answer; null when the primary process has gone. */
  #ask<Q extends Question>(question: Q): Promise<Answers[Q['about']] | null> {
    if (this.#gone) return Promise.resolve(null);
    const id = (this.#number += 1);
    return new Promise((resolve) => {
      this.#questions.set(id, (answer) => {
        this.#questions.delete(id);
        resolve(answer as Answers[Q['about']] | null);
      });
      this.send({ kind: 'ask', id, question });
    });
  }
}

/**
 * Keeps a worker within the limits of the API key, together with the others. It has its own queue, in which work may
 * still be hurried up; who is at its head then takes a slot from the primary process.
 */
class WorkerGovernor implements Governor {
  readonly #link: Link;
  readonly #queue: Governor;
  readonly #clock: Clock;
  #atGate = 0;

  constructor(link: Link, queue: Governor, clock: Clock) {
    this.#link = link;
    this.#queue = queue;
    this.#clock = clock;
  }

  async acquire(turn: Turn): Promise<Ticket> {
    const began = this.#clock.now();
    const place = await this.#queue.acquire(turn);
    this.#atGate += 1;
    try {
      throwIfAborted(turn.signal);
      const { signal, priority, caller } = turn;
      const maxWaitMs = Math.max(0, began + turn.maxWaitMs - this.#clock.now());
      const id = await this.#link.take({
        ...(signal && { signal }),
        priority,
        ...(caller !== undefined && { caller }),
        maxWaitMs,
      });
      return this.#ticket(id, place, this.#clock.now() - began);
    } catch (error) {
      place.cancel();
      throw error;
    } finally {
      this.#atGate -= 1;
    }
  }

  quotaSpent(sentAt = this.#clock.now()): void {
    this.#queue.quotaSpent(sentAt);
    this.#link.send({ kind: 'spent', sentAt });
  }

  status(): GovernorStatus {
    const queue = this.#queue.status();
    const waiting = queue.waiting + this.#atGate;
    const told = this.#link.status;
    if (!told) return { ...queue, waiting };
    if (queue.exhausted)
      return { ...told, waiting, remainingToday: 0, exhausted: true, resetsAt: queue.resetsAt };
    const isToday = this.#clock.now() < told.resetsAt.getTime();
    return {
      ...told,
      waiting,
      // What was told of yesterday says nothing of today but its limits.
      ...(!isToday && {
        usedToday: 0,
        remainingToday: told.requestsPerDay || null,
        exhausted: false,
        resetsAt: queue.resetsAt,
      }),
    };
  }

  #ticket(id: number, place: Ticket, waitedMs: number): Ticket {
    let step: 'held' | 'sent' | 'over' = 'held';
    return {
      waitedMs,
      sent: () => {
        if (step !== 'held') return;
        step = 'sent';
        place.sent();
        this.#link.send({ kind: 'sent', id });
      },
      answered: () => {
        if (step !== 'sent') return;
        step = 'over';
        place.answered();
        this.#link.send({ kind: 'answered', id });
      },
      cancel: () => {
        if (step !== 'held') return;
        step = 'over';
        place.cancel();
        this.#link.send({ kind: 'cancel', id });
      },
    };
  }
}

function left(): ConstantContactError {
  return new ConstantContactError('unavailable', 'The server is shutting down.');
}
