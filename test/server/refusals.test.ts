import { expect, it } from 'vitest';
import type { FetchAPI } from 'graphql-yoga';
import { createRefusals, MAX_REFUSALS } from '../../src/server/refusals.js';
import { manualClock } from '../support/clock.js';

/** Statuses of refusals of these addresses after as many of the first one as are allowed. */
function statusesOf(remoteAddress: string, others: readonly string[]): number[] {
  const { refuse } = createRefusals(manualClock());
  const statusFor = (address: string) =>
    refuse(
      {
        serverContext: { req: { socket: { remoteAddress: address } } },
        fetchAPI: { Response } as unknown as FetchAPI,
      },
      401,
      { message: 'No.', extensions: { code: 'UNAUTHENTICATED', retryable: false } },
    ).status;
  for (let n = 0; n < MAX_REFUSALS; n += 1) statusFor(remoteAddress);
  return others.map(statusFor);
}

it.each([
  [
    '2001:db8::1',
    ['2001:db8::2', '2001:db8::a:b:c:d', '2001:db8:0:0:1:2:3:4'],
    ['2001:db8:1::1', '2001:db8:0:1::1'],
  ],
  ['2001:db8:1:2::1', ['2001:db8:1:2:3:4:5:6'], ['2001:db8:1:3::1', '2001:db8:1::2']],
  ['fe80::1%eth0', ['fe80::2'], ['fe81::1']],
  ['192.0.2.1', ['::ffff:192.0.2.1'], ['192.0.2.2', '::ffff:192.0.2.2', '::1']],
])('counts %s with its network', (address, same, others) => {
  expect(statusesOf(address, same)).toEqual(same.map(() => 429));
  expect(statusesOf(address, others)).toEqual(others.map(() => 401));
});
