import type { Place, ReferenceFamily } from '../cache/reference-cache.js';
import type { ErrorKind } from '../errors.js';
import type { GovernorStatus, Priority } from '../budget/governor.js';
import type { Turn } from '../watch.js';

/** One end of a channel between the primary process and a worker. What is sent keeps its order. */
export interface Peer<Out, In> {
  /** Does nothing once the other end has gone. */
  send(message: Out): void;
  onMessage(listener: (message: In) => void): void;
  /** Told once, when the other end has gone. */
  onGone(listener: () => void): void;
}

/** What a worker asks of the primary process; the answer to each is in `Answers`. */
export type Question =
  /** The generation of a family of reference data: it changes when any worker makes the family stale. */
  | { about: 'generation'; owner: string; family: ReferenceFamily }
  | { about: 'value'; place: Place; generation: string }
  | { about: 'invalidation'; owner: string; families: readonly ReferenceFamily[] }
  /** Whose turn it is to read what several workers watch, and what is new to this one. */
  | { about: 'turn'; watch: string }
  | { about: 'counts' };

export interface Answers {
  generation: string;
  value: KeptValue | null;
  invalidation: null;
  turn: Turn;
  /** What each worker counted, for `/metrics`. */
  counts: unknown[];
}

/** A value as `node:v8` serialises it, and how long it lives yet, in milliseconds. */
export interface KeptValue {
  bytes: Uint8Array;
  ttlMs: number;
}

/** From a worker. Numbers are chosen by whoever begins; an answer carries the number of what it answers. */
export type ToPrimary =
  | { kind: 'take'; id: number; priority: Priority; caller: string | undefined; maxWaitMs: number }
  /** Nobody waits any more for the slot of that number. */
  | { kind: 'leave'; id: number }
  | { kind: 'sent' | 'answered' | 'cancel'; id: number }
  | { kind: 'spent'; sentAt: number }
  | { kind: 'ask'; id: number; question: Question }
  | { kind: 'keep'; place: Place; generation: string; bytes: Uint8Array }
  /** What was read on its turn. */
  | { kind: 'share'; watch: string; value: unknown }
  | { kind: 'unwatch'; watch: string; isOver: boolean }
  | { kind: 'counted'; id: number; counts: unknown };

/** From the primary process. */
export type ToWorker =
  | { kind: 'granted'; id: number; status: GovernorStatus }
  | { kind: 'refused'; id: number; error: ErrorKind; message: string; retryAt: number | undefined }
  | { kind: 'status'; status: GovernorStatus }
  | { kind: 'answer'; id: number; answer: Answers[Question['about']] }
  | { kind: 'count'; id: number };
