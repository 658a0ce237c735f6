/** Permit to send one request. */
export interface Ticket {
  /** Time spent waiting for the permit, in milliseconds. */
  readonly waitedMs: number;
  /** Stamps the moment at which the request really leaves. Only the first call counts. */
  sent(): void;
  /**
   * Reports that the request has arrived, because its response began, or was cancelled: the slot is free one second later. Only
   * the first call counts.
   */
  answered(): void;
  /** Gives slot and day count back; does nothing once sent. */
  cancel(): void;
  /** The permit of the request that follows, if both were asked for together and there was room for both. */
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
