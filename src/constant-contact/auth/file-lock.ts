import { readlinkSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../clock.js';
import { lockTimeoutError } from './login-errors.js';

/** Content of a lock file. */
interface Owner {
  token: string;
  machine: string;
  pid: number;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Time without renewal after which a lock is free, if it is unknown whether its owner lives. */
const LEASE_MS = 8_000;
const RENEW_MS = 2_000;
/** Age of the last renewal after which a lock is free. The clocks of several machines differ by less. */
const LONG_AGO_MS = 60_000;
const PATIENCE_MS = 75_000;
const POLL_MS = 50;
const FREE = 'free';

/** Locks of this process: another owner with the same process number is a former process. */
const held = new Set<string>();

/**
 * Runs `work` while holding the lock, against all processes that use the same path, on several machines too if they share the
 * directory.
 *
 * The lock is the file `<path>.lock.<number>` with the highest number. A process takes it by creating the next one, which the
 * file system allows to one process only. The highest file is never deleted: deleting the file of a dead owner and creating it
 * again could remove the lock of another process.
 *
 * @throws ConstantContactError `unavailable` when it cannot be taken in time
 */
export async function withFileLock<T>(path: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const token = randomUUID();
  held.add(token);
  try {
    const file = await acquire(path, token, clock);
    const stopRenewing = renew(file, token, clock);
    try {
      return await work();
    } finally {
      await stopRenewing();
      await writeFile(file, FREE).catch(() => undefined);
    }
  } finally {
    held.delete(token);
  }
}

const textFor = (token: string, clock: Clock): string =>
  JSON.stringify({ token, machine: MACHINE, pid: process.pid, at: clock.now() } satisfies Owner);

/** Renews the lock until the returned function is called. */
function renew(file: string, token: string, clock: Clock): () => Promise<void> {
  let writing = Promise.resolve();
  const timer = setInterval(() => {
    // Never created again: the new holder of the lock has deleted it.
    writing = writeFile(file, textFor(token, clock), { flag: 'r+' }).catch(() => undefined);
  }, RENEW_MS);
  return () => {
    clearInterval(timer);
    return writing;
  };
}

async function acquire(path: string, token: string, clock: Clock): Promise<string> {
  const deadline = clock.now() + PATIENCE_MS;
  let observed = { file: '', text: '', since: 0 };
  const isFree = async (file: string): Promise<boolean> => {
    const text = await textOf(file);
    if (file !== observed.file || text !== observed.text) observed = { file, text, since: clock.now() };
    return isFreeBy(text, clock) || (text !== GONE && clock.now() - observed.since > LEASE_MS);
  };
  for (;;) {
    const numbers = await lockNumbers(path);
    const newest = Math.max(0, ...numbers);
    if (newest === 0 || (await isFree(lockFile(path, newest)))) {
      const own = newest + 1;
      const made = await make(lockFile(path, own), textFor(token, clock));
      // The number was free again only because later ones exist: the observed lock ended long ago.
      const latest = made && Math.max(...(await lockNumbers(path))) === own;
      if (made) await Promise.all(numbers.map((old) => rm(lockFile(path, old), { force: true })));
      if (latest) return lockFile(path, own);
      if (made) await rm(lockFile(path, own), { force: true });
      continue;
    }
    if (clock.now() >= deadline) throw lockTimeoutError();
    await clock.sleep(POLL_MS);
  }
}

const lockFile = (path: string, number: number): string => `${path}.lock.${String(number)}`;

async function lockNumbers(path: string): Promise<number[]> {
  const prefix = `${basename(path)}.lock.`;
  const names = await readdir(dirname(join(path)));
  return names
    .filter((name) => name.startsWith(prefix) && /^[1-9]\d{0,14}$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)));
}

async function make(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Deleted in between: a newer one exists, which the next check finds. */
const GONE = 'gone';

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return GONE;
    throw error;
  }
}

function isFreeBy(text: string, clock: Clock): boolean {
  if (text === FREE) return true;
  const owner = parse(text);
  if (!owner) return false;
  if (owner.machine === MACHINE)
    return owner.pid === process.pid ? !held.has(owner.token) : !isAlive(owner.pid);
  return clock.now() - owner.at > LONG_AGO_MS;
}

function parse(text: string): Owner | null {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Scope in which process numbers are unique: containers with the same host name number their processes separately. */
const MACHINE = `${hostname()} ${processNamespace()}`;

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return process.platform;
  }
}
