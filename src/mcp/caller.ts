import type { Send } from './execute.js';
import type { Report } from './follow.js';

/** Whoever calls a tool, and what can be asked of them meanwhile. */
export interface Caller {
  readonly send: Send;
  /** Whether they may only read. */
  readonly readOnly: boolean;
  /** Puts a question to the person behind the client, and tells whether they agree; null where the client cannot. */
  readonly ask: ((question: string, signal: AbortSignal) => Promise<boolean>) | null;
}

/** One call of a tool. */
export interface Call {
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  /** Aborted when the client cancels the call or goes away. */
  readonly signal: AbortSignal;
  readonly report: Report;
}
