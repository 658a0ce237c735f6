import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/constant-contact/clock.js';
import { redisLeases } from '../../src/constant-contact/redis/leases.js';
import type { RedisLink, Script } from '../../src/constant-contact/redis/link.js';
import { startRedis, type RedisServer } from '../support/redis.js';

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.close();
});

it('a renewal that arrives after the release of its lease does not take the lock again', async () => {
  const scripts: Record<string, Script> = {};
  let taken: Parameters<Script> | undefined;
  const script = (name: string, lua: string) =>
    (scripts[name] = (keys, args) => {
      if (name === 'leaseTake') taken = [keys, args];
      return redis.eval(lua, keys.length, ...keys, ...args);
    });
  const acquire = redisLeases({ script } as unknown as RedisLink, systemClock, 60_000);
  const first = await acquire('lock', () => expect.unreachable());

  // Renewed while it is held, even if Redis lost it.
  expect(await scripts['leaseRenew']?.(...taken!)).toBe(1);
  await redis.del('lock');
  expect(await scripts['leaseRenew']?.(...taken!)).toBe(1);
  expect(await redis.pttl('lock')).toBeGreaterThan(0);

  await first.release();
  expect(await scripts['leaseRenew']?.(...taken!)).toBe(0);
  const second = await acquire('lock', () => expect.unreachable('the lock is taken'));
  await second.release();
});
