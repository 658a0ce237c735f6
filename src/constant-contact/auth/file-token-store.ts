import {
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Clock } from '../clock.js';
import { ConstantContactError } from '../errors.js';
import { withFileLock } from './file-lock.js';
import { newerTokensError } from './login-errors.js';
import { LOGGED_OUT, LoginUnreadable, type Grant, type TokenCodec } from './token-codec.js';
import type { TokenStore } from './token-store.js';

/** The same limit as in Linux. */
const MAX_LINKS = 40;

/**
 * Stores a grant in a file that only its owner can read (mode 0600), replaced atomically and flushed to the disk together with
 * the directory's entry. If the path is a symbolic link, its target is replaced, and the lock is next to the target.
 * @param path of the file; its directory is created if it is missing
 * @param former a file whose grant is moved to `path` if it belongs to the same application and there is none at `path`
 * @param mayLinkToNothing true if the first grant comes without a login, so that a link to a missing file is no mistake
 */
export function fileTokenStore(
  path: string,
  codec: TokenCodec,
  clock: Clock,
  former: string | null = null,
  mayLinkToNothing = false,
): TokenStore {
  /** True once a record was read or written: a file that is missing after that was lost, not logged out. */
  let hasRecord = false;

  const write = async (text: string): Promise<void> => {
    const target = await targetOf(path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFileAtomic(target, text, { mode: 0o600, fsync: true });
    await flushDirectory(dirname(target));
    hasRecord = true;
  };
  const save = async (grant: Grant): Promise<void> => {
    // A process that was suspended for long has lost its lock, and must not replace a newer grant.
    const current = decodeOrNull(codec, (await textOf(path)) ?? '');
    if (current?.id === grant.id && current.revision > grant.revision) {
      throw newerTokensError();
    }
    await write(codec.encode(grant));
  };
  const load = async (): Promise<Grant | null> => {
    const text = await textOf(path);
    if (text !== null) {
      hasRecord = true;
      return codec.decode(text, path);
    }
    if (hasRecord) {
      throw new LoginUnreadable(
        'The file with the stored login of the server is missing. Restore it, or log in again.',
        'this',
        path,
      );
    }
    if (!mayLinkToNothing && (await lstat(path).catch(unlessMissing))?.isSymbolicLink()) {
      throw new LoginUnreadable(
        'The file with the stored login of the server is a symbolic link to a file that does not exist. Restore that file, or run `npx constant-contact-graphql login`, which creates it and keeps the link.',
        'this',
        path,
      );
    }
    return former === null ? null : loadFormer(former, codec);
  };
  return {
    place: path,
    load: () => guarded(load),
    save: (grant) => guarded(() => save(grant)),
    clear: () => guarded(() => write(LOGGED_OUT)),
    exclusively: (work) =>
      guarded(async () => {
        const target = await targetOf(path);
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        return withFileLock(target, clock, async () => {
          if (former !== null) await moveFormer(former, target, codec, clock);
          await finishSave(target, codec, load, save);
          return work();
        });
      }),
  };
}

/**
 * Checks that other users cannot read or write a file of tokens.
 * @returns its mode, such as `0644`, else null
 */
export async function exposedModeOf(path: string): Promise<string | null> {
  if (process.platform === 'win32') return null;
  const mode = await stat(path).then(
    (stats) => stats.mode & 0o777,
    () => 0,
  );
  return (mode & 0o077) === 0 ? null : `0${mode.toString(8)}`;
}

/** The grant of the former file; null if it belongs to another application. A new login never replaces that file. */
async function loadFormer(former: string, codec: TokenCodec): Promise<Grant | null> {
  const text = await textOf(former);
  if (text === null) return null;
  try {
    return codec.decode(text, former);
  } catch (error) {
    if (!(error instanceof LoginUnreadable)) throw error;
    if (error.owner === 'other') return null;
    throw new LoginUnreadable(error.message, 'this', former);
  }
}

/**
 * Moves the former file. An earlier release may be running and refresh its token, so this holds that file's lock, and the file
 * is moved instead of copied: two processes with one refresh token would end the login.
 */
async function moveFormer(former: string, target: string, codec: TokenCodec, clock: Clock): Promise<void> {
  if ((await textOf(target)) !== null || (await textOf(former)) === null) return;
  await withFileLock(former, clock, async () => {
    const load = () => loadFormer(former, codec).catch(() => null);
    await finishSave(await targetOf(former), codec, load, async (grant) => {
      await writeFileAtomic(former, codec.encode(grant), { mode: 0o600, fsync: true });
    });
    if ((await load()) === null) return;
    await rename(former, target);
    await flushDirectory(dirname(target));
  });
}

/**
 * Completes the save of a process that died during it: a complete record beside the file that is newer than the file has the
 * only copy of a refresh token. Under the lock, no other save is in progress.
 */
async function finishSave(
  target: string,
  codec: TokenCodec,
  load: () => Promise<Grant | null>,
  save: (grant: Grant) => Promise<void>,
): Promise<void> {
  const prefix = `${basename(target)}.`;
  const names = (await readdir(dirname(target))).filter(
    (name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)),
  );
  for (const name of names) {
    const file = join(dirname(target), name);
    const found = decodeOrNull(codec, (await textOf(file)) ?? '');
    const current = found && (await load());
    if (found && current && found.id === current.id && found.revision > current.revision) await save(found);
    await rm(file, { force: true });
  }
}

/** Resolves symbolic links, also to a missing file: the link must not be replaced by a file. */
async function targetOf(path: string): Promise<string> {
  let target = resolve(path);
  for (let links = 0; links < MAX_LINKS; links += 1) {
    const found = await realpath(target).catch(unlessMissing);
    if (found !== null) return found;
    const entry = await lstat(target).catch(unlessMissing);
    if (!entry?.isSymbolicLink()) return target;
    target = resolve(dirname(target), await readlink(target));
  }
  return target;
}

function unlessMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function decodeOrNull(codec: TokenCodec, text: string): Grant | null {
  try {
    return codec.decode(text, '');
  } catch {
    return null;
  }
}

/** @throws LoginUnreadable for a pipe or a device: reading one may never end */
async function textOf(path: string): Promise<string | null> {
  const found = await stat(path).catch(unlessMissing);
  if (found && !found.isFile() && !found.isDirectory()) {
    throw new LoginUnreadable(
      'The login of the server must be stored in a regular file. Set another CONSTANT_CONTACT_TOKEN_FILE.',
      'unknown',
      path,
    );
  }
  return found && readFile(path, 'utf8').catch(unlessMissing);
}

/** A renamed file survives a power cut only once its directory is on the disk. Not every system can flush one. */
async function flushDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'EISDIR' && code !== 'EINVAL' && code !== 'EACCES' && code !== 'ENOENT')
      throw error;
  }
}

/** Failures of the file system become errors of the client; the path stays in the cause, for logs. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new ConstantContactError(
      'unavailable',
      'The file with the stored login cannot be read or written.',
      { cause: error },
    );
  }
}
