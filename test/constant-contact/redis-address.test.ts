import { describe, expect, it } from 'vitest';
import { describeRedisUrl, parseRedisUrl } from '../../src/constant-contact/redis/address.js';

describe('a Redis address', () => {
  it('may name one server', () => {
    const url = 'rediss://:secret@redis.example.com:6380/2';
    expect(parseRedisUrl(url)).toEqual({ kind: 'server', url });
    expect(describeRedisUrl(url)).toBe('redis.example.com:6380');
  });

  it('may name several nodes of a cluster', () => {
    const url = 'rediss+cluster://user:p%40ss%2Fword@one.example.com,[::1]:7001';
    expect(parseRedisUrl(url)).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'one.example.com', port: 6379 },
        { host: '::1', port: 7001 },
      ],
      tls: true,
      username: 'user',
      password: 'p@ss/word',
    });
    expect(describeRedisUrl(url)).toBe('one.example.com:6379, ::1:7001');
  });

  it('may name sentinels and their master', () => {
    const url = 'redis+sentinel://:secret@one,two:26380/primary?db=3&sentinelPassword=other%26';
    expect(parseRedisUrl(url)).toEqual({
      kind: 'sentinel',
      nodes: [
        { host: 'one', port: 26379 },
        { host: 'two', port: 26380 },
      ],
      tls: false,
      username: undefined,
      password: 'secret',
      master: 'primary',
      db: 3,
      sentinelPassword: 'other&',
    });
  });

  it.each([
    'redis://',
    'redis://localhost:6379/name',
    'http://localhost',
    'redis+cluster://',
    'redis+cluster://one,,two',
    'redis+cluster://one:port',
    'redis+cluster://one/2',
    'redis+cluster://one?db=1',
    'redis+sentinel://one',
    'redis+sentinel://one/primary?db=x',
    'redis+sentinel://one/primary?name=other',
    'redis+sentinel://%zz@one/primary',
    'redis+proxy://one',
  ])('is rejected: %s', (url) => {
    expect(parseRedisUrl(url)).toBeNull();
  });
});
