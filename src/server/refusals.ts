import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { FetchAPI } from 'graphql-yoga';
import type { Clock } from '../constant-contact/clock.js';
import { upTo } from '../constant-contact/entries.js';
import { errorResponse } from './error-response.js';
import type { ErrorCode, PublicError } from './errors.js';

/** Rejected requests of one address within a minute before it gets 429. */
export const MAX_REFUSALS = 100;
const WINDOW_MS = 60_000;
/** Beyond it, the address that was refused longest ago is forgotten. */
const MAX_ADDRESSES = 10_000;

interface Refused {
  serverContext: unknown;
  fetchAPI: FetchAPI;
}

/** Answers a request refused by its headers. */
export type Refuse = (asked: Refused, status: 401 | 403, error: PublicError) => Response;

export interface Refusals {
  readonly refuse: Refuse;
  /** Counts a refusal. Returns the seconds until the address may try again if it was refused too often, otherwise null. */
  count(req: IncomingMessage | undefined): number | null;
}

/**
 * Counts refusals by address. Only requests that are refused anyway get 429, because behind a proxy all callers have its address.
 */
export function createRefusals(clock: Clock): Refusals {
  const addresses = new LRUCache<string, { count: number; endsAt: number }>(upTo(MAX_ADDRESSES));
  const count: Refusals['count'] = (req) => {
    const address = addressOf(req);
    if (address === null) return null;
    const now = clock.now();
    let known = addresses.get(address);
    if (!known || known.endsAt <= now)
      addresses.set(address, (known = { count: 0, endsAt: now + WINDOW_MS }));
    known.count += 1;
    return known.count <= MAX_REFUSALS ? null : Math.ceil((known.endsAt - now) / 1_000);
  };
  const refuse: Refuse = ({ serverContext, fetchAPI }, status, error) => {
    const retryAfterSeconds = count((serverContext as { req?: IncomingMessage }).req);
    if (retryAfterSeconds === null) return errorResponse(fetchAPI, status, error);
    const response = errorResponse(fetchAPI, 429, {
      message: `Too many rejected requests from this address. Last reason: ${error.message}`,
      extensions: { code: 'TOO_MANY_REFUSALS' satisfies ErrorCode, retryable: true, retryAfterSeconds },
    });
    response.headers.set('connection', 'close');
    return response;
  };
  return { refuse, count };
}

/** An IPv6 network counts as one address, because its 2^64 addresses are usually one machine's. */
function addressOf(req: IncomingMessage | undefined): string | null {
  const address = req?.socket?.remoteAddress;
  if (address === undefined) return null;
  // IPv4, perhaps mapped into IPv6: all of those are in one IPv6 network.
  if (address.includes('.')) return address.slice(address.lastIndexOf(':') + 1);
  const [before = [], after = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after].slice(0, 4).join(':');
}
