import type { Clock } from '../clock.js';
import { ConstantContactError } from '../errors.js';
import type { Governor } from '../budget/governor.js';
import type { Ticket } from '../budget/ticket.js';
import type { Answers, Peer, Question, ToPrimary, ToWorker } from './protocol.js';
import { KeptReferences } from './kept-references.js';
import { KeptWatches } from './kept-watches.js';
import { Stop } from '../stop.js';

export interface PrimaryOptions {
  /** Keeps all workers together within the limits of the API key. */
  governor: Governor;
  clock: Clock;
  /** How long reference data is kept, in milliseconds; 0 keeps none. */
  referenceTtlMs: number;
}

/** How long changes of the budget are gathered before workers are told, in milliseconds. */
const STATUS_MS = 20;

interface Worker {
  peer: Peer<ToWorker, ToPrimary>;
  /** Slots it waits for. */
  waiting: Map<number, Stop>;
  /** Slots it has. */
  tickets: Map<number, Ticket>;
  /** What it is asked to count, by number. */
  counting: Map<number, (counts: unknown) => void>;
}

/**
 * What the workers of one machine have in common: the budget of the API key, reference data and what they watch. It lives in
 * the primary process, which serves no requests itself.
 */
export class Primary {
  readonly #governor: Governor;
  readonly #clock: Clock;
  readonly #references: KeptReferences;
  readonly #watches = new KeptWatches<Worker>();
  readonly #workers = new Set<Worker>();
  #number = 0;
  #telling = false;

  constructor({ governor, clock, referenceTtlMs }: PrimaryOptions) {
    this.#governor = governor;
    this.#clock = clock;
    this.#references = new KeptReferences({ ttlMs: referenceTtlMs, clock });
  }

  /** Serves a worker until it goes. */
  attach(peer: Peer<ToWorker, ToPrimary>): void {
    const worker: Worker = { peer, waiting: new Map(), tickets: new Map(), counting: new Map() };
    this.#workers.add(worker);
    peer.onMessage((message) => {
      this.#receive(worker, message);
    });
    peer.onGone(() => {
      this.#detach(worker);
    });
    peer.send({ kind: 'status', status: this.#governor.status() });
  }

  #receive(worker: Worker, message: ToPrimary): void {
    // Something may still be under way from one that has gone, and would hold what it asks for for ever.
    if (!this.#workers.has(worker)) return;
    switch (message.kind) {
      case 'take':
        void this.#take(worker, message);
        break;
      case 'leave':
        worker.waiting.get(message.id)?.abort();
        break;
      case 'sent':
        worker.tickets.get(message.id)?.sent();
        this.#tellSoon();
        break;
      case 'answered':
        worker.tickets.get(message.id)?.answered();
        worker.tickets.delete(message.id);
        break;
      case 'cancel':
        worker.tickets.get(message.id)?.cancel();
        worker.tickets.delete(message.id);
        this.#tellSoon();
        break;
      case 'spent':
        this.#governor.quotaSpent(message.sentAt);
        this.#tellSoon();
        break;
      case 'ask':
        void this.#answer(worker, message.question).then((answer) => {
          worker.peer.send({ kind: 'answer', id: message.id, answer });
        });
        break;
      case 'keep':
        this.#references.keep(message.place, message.generation, message.bytes);
        break;
      case 'share':
        this.#watches.share(worker, message.watch, message.value);
        break;
      case 'unwatch':
        this.#watches.leave(worker, message.watch, message.isOver);
        break;
      case 'counted':
        worker.counting.get(message.id)?.(message.counts);
        break;
    }
  }

  async #take(worker: Worker, { id, ...turn }: ToPrimary & { kind: 'take' }): Promise<void> {
    const off = new Stop();
    worker.waiting.set(id, off);
    try {
      const ticket = await this.#governor.acquire({ ...turn, signal: off });
      worker.tickets.set(id, ticket);
      worker.peer.send({ kind: 'granted', id, status: this.#governor.status() });
    } catch (error) {
      if (!(error instanceof ConstantContactError)) throw error;
      const { kind, message, retryAt } = error;
      if (!off.aborted) worker.peer.send({ kind: 'refused', id, error: kind, message, retryAt });
    } finally {
      worker.waiting.delete(id);
    }
  }

  async #answer(worker: Worker, question: Question): Promise<Answers[Question['about']]> {
    switch (question.about) {
      case 'generation':
        return this.#references.generation(question.owner, question.family);
      case 'value':
        return this.#references.value(question.place, question.generation);
      case 'invalidation':
        this.#references.invalidate(question.owner, question.families);
        return null;
      case 'turn':
        return this.#watches.turn(worker, question.watch);
      case 'counts':
        return Promise.all([...this.#workers].map((worker) => this.#counts(worker)));
    }
  }

  #counts(worker: Worker): Promise<unknown> {
    const id = (this.#number += 1);
    return new Promise((resolve) => {
      worker.counting.set(id, (counts) => {
        worker.counting.delete(id);
        resolve(counts);
      });
      worker.peer.send({ kind: 'count', id });
    });
  }

  /** What a worker had taken when it went may have left without a word, so it counts. */
  #detach(worker: Worker): void {
    this.#workers.delete(worker);
    this.#watches.leaveAll(worker);
    for (const off of worker.waiting.values()) off.abort();
    for (const ticket of worker.tickets.values()) ticket.sent();
    for (const done of [...worker.counting.values()]) done([]);
    this.#tellSoon();
  }

  /** Lets every worker know what is left of the budget, also those that use none of it at present. */
  #tellSoon(): void {
    if (this.#telling) return;
    this.#telling = true;
    void this.#clock.sleep(STATUS_MS).then(() => {
      this.#telling = false;
      const status = this.#governor.status();
      for (const { peer } of this.#workers) peer.send({ kind: 'status', status });
    });
  }
}
