import type { Signal } from '../stop.js';

/** `continuation` is the write that follows a read: it goes before everything else. */
export type Priority = 'continuation' | 'interactive' | 'prefetch';

export interface Turn {
  signal?: Signal;
  /** Read again each time a slot is free, so that work may be hurried up while it waits. */
  readonly priority: Priority;
  /** Whether it belongs to a mutation: it may use what is reserved, and is never held back. Read again like `priority`. */
  readonly isForMutation?: boolean;
  /** Longest wait in milliseconds; a longer one fails, at once where it can be foreseen. */
  maxWaitMs: number;
  /** Whose work it is. Callers who wait at the same time take turns, however much each of them has waiting. */
  caller?: string;
  /** Whether a write follows, whose slot is wanted along with this one: `next` of the ticket. */
  isFollowed?: boolean;
}
