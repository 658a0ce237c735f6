import type { Signal } from '../stop.js';

/** `continuation` is the write that follows a read: it has the highest priority. */
export type Priority = 'continuation' | 'interactive' | 'prefetch';

export interface Turn {
  signal?: Signal;
  /** Read again each time a slot is free, so that waiting work can become more urgent. */
  readonly priority: Priority;
  /** True if it belongs to a mutation, which may use the reserve and is never held back. Read again like `priority`. */
  readonly isForMutation?: boolean;
  /** Maximum wait in milliseconds. A longer one fails, at once where it is foreseeable. */
  maxWaitMs: number;
  /** Caller for fair queuing: waiting callers are served by round robin, however many requests each has. */
  caller?: string;
  /** True if a write follows, whose slot is reserved together with this one: `next` of the ticket. */
  isFollowed?: boolean;
}
