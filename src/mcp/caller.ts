import type { Send } from './execute.js';

/** Whoever calls a tool, and what can be asked of them meanwhile. */
export interface Caller {
  readonly send: Send;
  /** Whether they may only read. */
  readonly readOnly: boolean;
  /** Puts a question to the person behind the client, and tells whether they agree; null where the client cannot. */
  readonly ask: ((question: string, signal: AbortSignal) => Promise<boolean>) | null;
}

/** Reports how far a call is: a percentage, which grows, and a sentence. */
export type Report = (percent: number, message: string) => Promise<void>;

/** One call of a tool. */
export interface Call {
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  /** Aborted when the client cancels the call or goes away. */
  readonly signal: AbortSignal;
  /** Aborted when it wants to wait for a job no longer; the job itself runs on. */
  readonly waiting: AbortSignal;
  readonly report: Report;
}
