import type { LongTaskTurn } from '../server/turns.js';
import type { Send } from './execute.js';

/** The client that calls a tool. */
export interface Caller {
  readonly send: Send;
  readonly readOnly: boolean;
  /** Waits for the turn of a long task or a large response, and while the client does not read. */
  readonly longTaskTurn: LongTaskTurn;
  /** Asks the person behind the client and resolves with true if they agree; null if the client does not support elicitation. */
  readonly ask: ((question: string, signal: AbortSignal) => Promise<boolean>) | null;
}

/** Reports the progress of a call. The percentage must increase with each report. */
export type Report = (percent: number, message: string) => Promise<void>;

/** A tool call. */
export interface Call {
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  /** Aborted when the client cancels the call or disconnects. */
  readonly signal: AbortSignal;
  /** Aborted when the client stops waiting for a job. The job continues. */
  readonly waiting: AbortSignal;
  readonly report: Report;
}
