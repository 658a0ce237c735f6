/** Permit to send one request. */
export interface Ticket {
  /** Time spent waiting for the permit, in milliseconds. */
  readonly waitedMs: number;
  /** Records the time at which the request leaves. Only the first call counts. */
  sent(): void;
  /**
   * Reports that the request has arrived, because its response began, or was cancelled: the slot is free one second later. Only
   * the first call counts.
   */
  answered(): void;
  /** Returns the slot and the day count; no effect once sent. */
  cancel(): void;
  /** Permit of the following request, if both were requested together and there was room for both. */
  readonly next?: Ticket | undefined;
}

/** Calls each handler at most once and in order: a ticket is sent and then answered, or it is cancelled. */
export function createTicket(waitedMs: number, on: Omit<Ticket, 'waitedMs' | 'next'>, next?: Ticket): Ticket {
  let state: 'held' | 'sent' | 'done' = 'held';
  return {
    waitedMs,
    next,
    sent: () => {
      if (state !== 'held') return;
      state = 'sent';
      on.sent();
    },
    answered: () => {
      if (state !== 'sent') return;
      state = 'done';
      on.answered();
    },
    cancel: () => {
      if (state !== 'held') return;
      state = 'done';
      on.cancel();
    },
  };
}
