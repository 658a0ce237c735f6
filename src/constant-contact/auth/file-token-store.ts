import { mkdir, open, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Clock } from '../clock.js';
import { ConstantContactError } from '../errors.js';
import { withFileLock } from './file-lock.js';
import type { Grant, TokenCodec } from './token-codec.js';
import type { TokenStore } from './token-store.js';

/**
 * Keeps a grant in a file that only its owner can read (mode 0600), replaced as a whole and flushed to the disk, the
 * directory's entry as well.
 * @param path of the file; its directory is made when it is not there
 */
export function fileTokenStore(path: string, codec: TokenCodec, clock: Clock): TokenStore {
  const save = async (grant: Grant): Promise<void> => {
    // A process that was stopped for long has lost its lock, and must not replace what came after.
    const current = decodeOrNull(codec, (await textOf(path)) ?? '');
    if (current?.id === grant.id && current.revision > grant.revision) {
      throw new ConstantContactError('unavailable', 'Another process has stored later tokens.');
    }
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFileAtomic(path, codec.encode(grant), { mode: 0o600, fsync: true });
    await flushDirectory(dirname(path));
  };
  const load = async (): Promise<Grant | null> => {
    const text = await textOf(path);
    return text === null ? null : codec.decode(text);
  };
  return {
    place: path,
    load: () => guarded(load),
    save: (grant) => guarded(() => save(grant)),
    clear: () =>
      guarded(async () => {
        await rm(path, { force: true });
        await flushDirectory(dirname(path));
      }),
    exclusively: async (work) => {
      await guarded(() => mkdir(dirname(path), { recursive: true, mode: 0o700 }));
      return guarded(() =>
        withFileLock(path, clock, async () => {
          await takeOver(path, codec, load, save);
          return work();
        }),
      );
    },
  };
}

/**
 * Finishes the save of a process that died in it: a complete record beside the file that is newer than the file's
 * holds the only copy of a refresh token. Under the lock nobody else can be in the middle of a save.
 */
async function takeOver(
  path: string,
  codec: TokenCodec,
  load: () => Promise<Grant | null>,
  save: (grant: Grant) => Promise<void>,
): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const prefix = `${basename(target)}.`;
  const names = (await readdir(dirname(join(target)))).filter(
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

function decodeOrNull(codec: TokenCodec, text: string): Grant | null {
  try {
    return codec.decode(text);
  } catch {
    return null;
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
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
      'The file with the stored tokens cannot be read or written.',
      {
        cause: error,
      },
    );
  }
}
