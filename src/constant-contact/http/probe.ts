import type { Dispatcher } from 'undici';
import { systemClock, type Clock } from '../clock.js';
import { timeIn } from './error-body.js';
import { createTransport } from './transport.js';
import { Stop } from '../stop.js';

export interface Probe {
  /** Time by which this machine's clock is ahead of the host's, in milliseconds; null when the host sends no date. */
  aheadMs: number | null;
}

const TIMEOUT_MS = 15_000;

/**
 * Checks that a host responds over HTTP with a valid certificate. Sends no credentials, so it uses no quota.
 * @throws Error of the network, or `TimeUp`
 */
export async function probe(
  address: string,
  { clock = systemClock, dispatcher }: { clock?: Clock; dispatcher?: Dispatcher } = {},
): Promise<Probe> {
  const { origin, pathname } = new URL(address);
  const transport = createTransport({ origin, clock, dispatcher });
  try {
    const request = { method: 'GET', path: pathname, headers: {}, body: null };
    const signal = new Stop();
    const answer = await transport.open(request, { signal, limitMs: TIMEOUT_MS });
    const now = clock.now();
    await answer.whole(() => undefined);
    const time = timeIn(answer.headers);
    return { aheadMs: time === undefined ? null : now - time };
  } finally {
    await transport.close();
  }
}
