import type { ConstantContactError } from '../errors.js';
import type { Signal } from '../stop.js';

/** `continuation` is the write that follows a read: it has the highest priority. */
export type Priority = 'continuation' | 'interactive' | 'prefetch';

/** Someone who waits for a request. */
export interface Party {
  readonly priority: Priority;
  /** True if it belongs to a mutation, which may use the reserve and is never held back. */
  readonly isForMutation?: boolean;
  /** Caller for fair queuing: waiting callers are served by round robin, however many requests each has. */
  readonly caller?: string;
  /** When it began to wait, in milliseconds since the epoch; default: when it is queued. */
  readonly since?: number;
  /** Called when its longest wait is over and others still wait for the request. */
  fail?: ((error: ConstantContactError) => void) | undefined;
}

export interface Turn extends Party {
  signal?: Signal;
  /** Maximum wait in milliseconds. A longer one fails, at once where it is foreseeable. */
  maxWaitMs: number;
  /** True if a write follows, whose slot is reserved together with this one: `next` of the ticket. */
  isFollowed?: boolean;
  /** All who wait for it, if they are several. Read again each time a slot is free: the most urgent one decides. */
  readonly parties?: ReadonlySet<Party> | undefined;
}
