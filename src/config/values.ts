import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { CacheSeconds } from '../constant-contact/cache/ages.js';
import { FAMILIES, type Family } from '../constant-contact/cache/ages.js';
import { parseRedisUrl } from '../constant-contact/redis/address.js';
import { didYouMean } from './suggestion.js';

// `describe` documents the form of a value in docs/configuration.md.

/** Converts a text; `fail` reports why it has another form. */
const parsed = <T>(form: string, parse: (text: string, fail: (message: string) => never) => T) =>
  z
    .string()
    .transform((text, check) =>
      parse(text, (message) => {
        check.addIssue(message);
        return z.NEVER;
      }),
    )
    .describe(form);

export const wholeNumber = (maximum: number, minimum = 0) => {
  const form = `whole number from ${minimum} to ${maximum.toLocaleString('en-US')}`;
  return parsed(form, (text, fail) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    return value >= minimum && value <= maximum ? value : fail(`must be a ${form}, not "${text}"`);
  });
};

/** @param form required form, where a pattern is given */
export const text = (form: string, pattern = /^/) =>
  z.string().regex(pattern, `must be ${form}`).describe(form);

/** @param form which file, such as "path of a file"; `~/` is the home directory, because only shells replace it */
export const filePath = (form: string) =>
  z
    .string()
    .transform((path) => (path.startsWith('~/') ? join(homedir(), path.slice(2)) : path))
    .describe(form);

/** `writes=500`: number of calls reserved for mutations. */
export const reserve = parsed('`writes=` and a number of calls', (text, fail) => {
  const [, name = '', amount = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  if (name.trim() !== 'writes') return fail('must be writes=<calls>, such as writes=500');
  const calls = amount.trim();
  if (!/^\d{1,9}$/.test(calls))
    return fail('must be writes=<calls> with a whole number, 0 or more, such as writes=500');
  return Number(calls);
});

// A line break or a space in a token is nearly always a slip of copy and paste, and no header can carry it.
export const secret = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'must not contain spaces or characters outside ASCII')
  .refine(
    (text) => !/^(?:(["']).*\1|undefined|null|bearer|\$\{.*\})$/i.test(text),
    'must be the value itself: remove quotes, or replace the placeholder',
  )
  .describe('text without spaces');

export const key = parsed('32 bytes as hex or base64', (text, fail) => {
  const bytes = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (bytes.length === 32 && /^[\w+/-]+=*$/.test(text)) return bytes;
  return fail('must be 32 bytes as hex or base64, as created by `openssl rand -base64 32`');
});

export const httpUrl = parsed('URL', (text, fail) => {
  if (!URL.canParse(text)) return fail('must be a URL such as https://api.cc.email/v3');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return fail('must start with https:// or http://');
  if (url.username || url.password) return fail('must not contain a user name or a password');
  if (url.search || url.hash) return fail('must not contain a query or a fragment');
  return url.origin + url.pathname.replace(/\/+$/, '');
});

export const redisUrl = z
  .string()
  .refine(
    (text) => parseRedisUrl(text) !== null,
    'must be a URL such as redis://localhost:6379 or rediss://:password@redis.example.com:6380, ' +
      'redis+cluster://host:6379,host:6379 or redis+sentinel://host:26379,host:26379/name-of-the-master',
  )
  .describe('URL');

/** @param problemOf says what is wrong with an entry, or returns null */
const list = <T extends string>(form: string, problemOf: (entry: string) => string | null) =>
  parsed(form, (text, fail) => {
    const entries = text
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean);
    if (entries.length === 0) fail('must have at least one entry, or be removed');
    for (const entry of entries) {
      const problem = problemOf(entry);
      if (problem !== null) fail(problem);
    }
    return entries as T[];
  });

const HEADERS = 'names of headers, such as `x-tenant`';
export const headerNames = list(HEADERS, (name) =>
  // `*` is a valid character of a header name, but means any header.
  /^[\w!#$%&'+.^`|~-]+$/.test(name) ? null : `"${name}" is not the name of a header`,
)
  .transform((names) => names.map((name) => name.toLowerCase()))
  .describe(HEADERS);

export const origins = list('origins, such as `https://app.example.com`', (origin) =>
  URL.canParse(origin) && new URL(origin).origin === origin
    ? null
    : `"${origin}" is not an origin; write it as https://app.example.com, without a path`,
);

/**
 * Some of these names, separated by commas.
 * @param what one of them, such as "domain"
 */
export const someOf = <const Name extends string>(what: string, names: readonly Name[]) =>
  list<Name>(`some of ${names.map((name) => `\`${name}\``).join(', ')}`, (name) => {
    if (names.some((known) => known === name)) return null;
    const hint = didYouMean(name, names) || '.';
    return `"${name}" is not a ${what}${hint} The ${what}s are ${names.join(', ')}`;
  });

export const onOff = z
  .enum(['on', 'off'], 'must be on or off')
  .transform((value) => value === 'on')
  .describe('`on` or `off`');

/** Headers with another meaning. */
const TAKEN_HEADERS = [
  ...['authorization', 'x-api-key', 'cookie', 'host', 'origin', 'x-request-id'],
  ...['accept', 'accept-encoding', 'accept-language', 'cache-control', 'connection', 'content-encoding'],
  ...['content-length', 'content-type', 'expect', 'forwarded', 'keep-alive', 'mcp-protocol-version'],
  ...[
    'mcp-session-id',
    'purpose',
    'referer',
    'te',
    'traceparent',
    'tracestate',
    'trailer',
    'transfer-encoding',
  ],
  ...['upgrade', 'user-agent', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'],
];
export const jwtHeader = z
  .string()
  .transform((name) => name.toLowerCase())
  .refine(
    (name) => /^(?!sec-)[a-z][a-z0-9-]*$/.test(name) && !TAKEN_HEADERS.includes(name),
    `must be the name of a header other than sec-… and ${TAKEN_HEADERS.join(', ')}`,
  )
  .describe('name of a header');

// Keys that were loaded over plain HTTP could be replaced on the way.
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

const MAX_CACHE_AGE_SECONDS = 86_400;

/** Ages by family: `lists=60,contacts=0`. */
export const cacheAges = z
  .string()
  .transform((text, check): CacheSeconds => {
    const ages: Partial<Record<Family, number>> = {};
    for (const part of text.split(',').map((one) => one.trim())) {
      const [, name = '', age] = (/^([^=]*)(?:=(.*))?$/.exec(part) ?? []).map((one) => one?.trim());
      const family = FAMILIES.find((one) => one === name);
      const problem = problemOfAge(name, age, family);
      if (problem !== null) check.addIssue(problem);
      else if (family && family in ages) check.addIssue(`must not name ${name} twice`);
      else if (family) ages[family] = Number(age);
    }
    return ages;
  })
  .describe('`family=seconds`, separated by commas');

const PAIRS = 'must be family=seconds pairs, such as lists=60,contacts=120';

function problemOfAge(name: string, age: string | undefined, family: Family | undefined): string | null {
  if (name === '') return PAIRS;
  if (!family) {
    const form = age === undefined ? `${PAIRS}. ` : '';
    const hint = didYouMean(name, FAMILIES) || '.';
    return `${form}"${name}" is not a family${hint} The families are ${FAMILIES.join(', ')}`;
  }
  if (age === undefined || age === '') return `must give ${name} an age in seconds, such as ${name}=60`;
  const isAge = /^\d{1,9}$/.test(age) && Number(age) <= MAX_CACHE_AGE_SECONDS;
  return isAge
    ? null
    : `${name} must be 0 to ${MAX_CACHE_AGE_SECONDS.toLocaleString('en-US')} seconds, without a unit, not ${age}`;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** A time with its unit, in seconds. */
export const duration = (longest: string, mostSeconds: number) =>
  z
    .string()
    .transform((text, check) => {
      if (text === '0') return 0;
      const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
      const seconds = Number(count) * (UNITS[unit] ?? NaN);
      if (seconds <= mostSeconds) return seconds;
      check.addIssue(
        count === undefined
          ? 'must be a whole number with a unit, such as 90s, 30m, 1h or 1d, or 0'
          : `must be at most ${longest}`,
      );
      return z.NEVER;
    })
    .describe(`whole number with a unit (\`s\`, \`m\`, \`h\` or \`d\`), at most \`${longest}\`; 0 for never`);
