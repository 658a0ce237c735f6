import * as z from 'zod';
import { parseRedisUrl } from '../constant-contact/redis/address.js';

// `describe` says what a value looks like, for docs/configuration.md.

export const wholeNumber = (maximum: number, minimum = 0) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number, 0 or more')
    .transform(Number)
    .refine((value) => value <= maximum, `must be at most ${maximum}`)
    .refine((value) => value >= minimum, `must be at least ${minimum}`)
    .describe(`whole number from ${minimum} to ${maximum.toLocaleString('en-US')}`);

/** @param form what it has to be, where a pattern is given */
export const text = (form: string, pattern = /^/) =>
  z.string().regex(pattern, `must be ${form}`).describe(form);

// A line break or a space in a token is nearly always a slip of copy and paste, and no header can carry it.
export const secret = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'must not contain spaces or characters outside ASCII')
  .describe('text without spaces');

export const key = z
  .string()
  .transform((text, check) => {
    const bytes = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
    if (bytes.length === 32 && /^[\w+/-]+=*$/.test(text)) return bytes;
    check.addIssue('must be 32 bytes as hex or base64, such as `openssl rand -base64 32` makes');
    return z.NEVER;
  })
  .describe('32 bytes as hex or base64');

export const httpUrl = z
  .string()
  .transform((text, check) => {
    const fail = (message: string) => {
      check.addIssue(message);
      return z.NEVER;
    };
    if (!URL.canParse(text)) return fail('must be a URL such as https://api.cc.email/v3');
    const url = new URL(text);
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      return fail('must start with https:// or http://');
    if (url.username || url.password) return fail('must not contain a user name or a password');
    if (url.search || url.hash) return fail('must not contain a query or a fragment');
    return url.origin + url.pathname.replace(/\/+$/, '');
  })
  .describe('URL');

export const redisUrl = z
  .string()
  .refine(
    (text) => parseRedisUrl(text) !== null,
    'must be a URL such as redis://localhost:6379 or rediss://:password@redis.example.com:6380, ' +
      'redis+cluster://host:6379,host:6379 or redis+sentinel://host:26379,host:26379/name-of-the-master',
  )
  .describe('URL');

const listOf = (text: string) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);

export const headerNames = z
  .string()
  .transform((text, check) => {
    const listed = listOf(text).map((name) => name.toLowerCase());
    for (const name of listed)
      if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) check.addIssue(`"${name}" is not the name of a header`);
    return listed;
  })
  .describe('names of headers, such as `x-tenant`');

export const origins = z
  .string()
  .transform((text, check) => {
    const listed = listOf(text);
    for (const origin of listed) {
      if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
        check.addIssue(`"${origin}" is not an origin; write it as https://app.example.com, without a path`);
      }
    }
    return listed;
  })
  .describe('origins, such as `https://app.example.com`');

/** Some of these names, separated by commas. */
export const someOf = <const Name extends string>(names: readonly Name[]) =>
  z
    .string()
    .transform((text, check) => {
      const known = new Set<string>(names);
      const listed = listOf(text);
      for (const name of listed)
        if (!known.has(name)) check.addIssue(`has "${name}"; there are ${names.join(', ')}`);
      return listed as Name[];
    })
    .describe(`some of ${names.map((name) => `\`${name}\``).join(', ')}`);

export const onOff = z
  .enum(['on', 'off'], 'must be on or off')
  .transform((value) => value === 'on')
  .describe('`on` or `off`');

/** Headers that mean something else already. */
const TAKEN_HEADERS = ['authorization', 'x-api-key', 'cookie', 'host', 'origin', 'x-request-id'];
export const jwtHeader = z
  .string()
  .transform((name) => name.toLowerCase())
  .refine(
    (name) => /^[a-z][a-z0-9-]*$/.test(name) && !TAKEN_HEADERS.includes(name),
    `must be the name of a header other than ${TAKEN_HEADERS.join(', ')}`,
  )
  .describe('name of a header');

// Keys that come over a network unprotected could be anybody's.
export const jwksUrl = z
  .string()
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname } = new URL(text);
    return (
      protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
    );
  }, 'must be a URL that starts with https://')
  .describe('URL that starts with `https://`');
