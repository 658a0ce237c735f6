import type { Generation } from './cache/read-cache.js';

/** A value that a process has read, and passes on to others. */
export interface SharedPoll {
  value: unknown;
  /** When the poll began, in milliseconds since the epoch. */
  readAt: number;
  /** The generation of the object's families when the poll began. A write replaces it. */
  generation?: Generation;
}

/** Watches of several processes, of which one polls for all. Values that do not arrive in time count as missing; nothing here throws. */
export interface SharedWatches {
  join(owner: string, key: string): SharedWatch;
}

/** The part of one process in a watch. */
export interface SharedWatch {
  /** Takes the turn to poll. A process keeps it until it leaves or dies. Null when the others cannot be reached. */
  turn(): Promise<Turn | null>;
  /** Publishes a value to the other processes. */
  share(poll: SharedPoll): Promise<void>;
  /** @param isOver true if the last value is final and the others have yet to receive it */
  leave(isOver: boolean): void;
}

export interface Turn {
  isOurs: boolean;
  /** Value that another process has read since the last turn. */
  news?: SharedPoll;
}
