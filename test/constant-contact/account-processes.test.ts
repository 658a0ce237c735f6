import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../src/constant-contact/auth/credentials.js';
import type { OAuthSettings } from '../../src/sandbox/index.js';
import { CLIENT_ID, headersOf, startAccount, type AccountHarness } from '../support/account.js';
import type { CrashStep } from '../support/account-process.js';
import { bundle } from '../support/bundle.js';
import { failureOf } from '../support/upstream.js';

const SCRIPT = fileURLToPath(new URL('../support/account-process.ts', import.meta.url));

let programs: string;
let program: string;
beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), 'account-process-'));
  program = await bundle(SCRIPT, programs);
});
afterAll(() => rm(programs, { recursive: true, force: true }));

let harness: AccountHarness;
afterEach(() => harness.close());

/** A sandbox by whose clock it is now, and a login whose access token has run out. */
async function start(oauth: OAuthSettings = {}): Promise<AccountHarness> {
  harness = await startAccount(oauth, Date.now());
  const { open, logIn, clock } = harness;
  const account = open();
  await logIn(account);
  const grant = await account.store.load();
  if (!grant) throw new Error('nobody is logged in');
  await clock.run(
    account.store.exclusively(() => account.store.save({ ...grant, obtainedAt: 0, expiresAt: 0 })),
  );
  return harness;
}

interface Child {
  /** Has it ask for headers; resolves with what it prints, or with null when it was killed before. */
  go(): Promise<string | null>;
}

async function startProcess(step: CrashStep | '' = ''): Promise<Child> {
  const { tokenFile, sandbox } = harness;
  const child = spawn(process.execPath, [program, tokenFile, sandbox.oauth.url, CLIENT_ID, step]);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const exited = once(child, 'close') as Promise<[number | null, string | null]>;
  await Promise.race([once(child.stdout, 'data'), exited]);
  return {
    go: async () => {
      child.stdin.write('go\n');
      const [, signal] = await exited;
      if (errors !== '') throw new Error(errors);
      return signal === 'SIGKILL' ? null : (output.trim().split('\n')[1] ?? '');
    },
  };
}

describe('processes whose token expires at the same time', () => {
  it('refresh it once, and all continue with the new one', async () => {
    const { asked, sandbox, open } = await start();
    const children = await Promise.all([1, 2, 3, 4].map(() => startProcess()));
    const got = await Promise.all(children.map((child) => child.go()));
    const { authorization = '' } = await headersOf(open());
    expect(got).toEqual(Array(4).fill(fingerprintOf(authorization)));
    expect(asked()).toBe(1);
    expect(sandbox.oauth.reuses).toBe(0);
  });

  it('continue when the refreshing process is killed', async () => {
    const { asked, sandbox } = await start();
    const dying = await startProcess('after the intent is stored');
    const others = await Promise.all([1, 2].map(() => startProcess()));
    const got = await Promise.all([dying, ...others].map((child) => child.go()));
    const alive = got.filter((one) => one !== null);
    expect(alive.length).toBeGreaterThanOrEqual(2);
    expect(new Set(alive).size).toBe(1);
    expect(alive[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(asked()).toBe(1);
    expect(sandbox.oauth.reuses).toBe(0);
  });
});

describe('a process that is killed', () => {
  it.each<[CrashStep, number]>([
    ['before the lock', 0],
    ['under the lock', 0],
    ['before the intent is stored', 0],
    ['after the intent is stored', 0],
    ['between writing and renaming', 1],
    ['after the answer is stored', 1],
    ['after the lock', 1],
  ])('%s loses no refresh token, and uses none twice', async (step, refreshes) => {
    const { asked, sandbox, open, clock, directory } = await start();
    const child = await startProcess(step);
    expect(await child.go()).toBeNull();
    expect(asked()).toBe(refreshes);

    await clock.advance(5_000);
    const next = open();
    const headers = await clock.run(headersOf(next));
    const answer = await fetch(`${sandbox.url}/contacts/counts`, { headers });
    expect(answer.status).toBe(200);
    expect(asked()).toBe(1);

    // And it can be renewed again: the refresh token that is stored is the one that counts.
    await clock.advance(30 * 3_600_000);
    await clock.run(headersOf(next));
    expect(asked()).toBe(2);
    expect(sandbox.oauth.reuses).toBe(0);
    expect(await readdir(directory)).toHaveLength(2);
  });

  const LOST: CrashStep[] = [
    'when the answer begins',
    'before the answer is stored',
    'half-way through writing',
  ];

  it.each(LOST)('%s has lost it, and the next process says what to do', async (step) => {
    const { sandbox, open, clock } = await start();
    expect(await (await startProcess(step)).go()).toBeNull();
    await clock.advance(5_000);
    const next = open();
    expect((await next.credentials.status()).interruptedAt).toBeInstanceOf(Date);
    const error = await failureOf(clock.run(headersOf(next)));
    expect(error.kind).toBe('unauthenticated');
    expect(error.message).toMatch(/The result of an earlier renewal was lost. Log in again/);
    expect(sandbox.oauth.reuses).toBe(1);
  });

  it.each(LOST)('%s continues when the server repeats a lost response once', async (step) => {
    const { sandbox, open, clock } = await start({ graceSeconds: 30 });
    expect(await (await startProcess(step)).go()).toBeNull();
    await clock.advance(5_000);
    expect(await clock.run(headersOf(open()))).toHaveProperty('authorization');
    expect(sandbox.oauth.reuses).toBe(0);
  });
});
