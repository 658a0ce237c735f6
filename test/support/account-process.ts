import fs from 'node:fs';
import { once } from 'node:events';
import { Pool, type Dispatcher } from 'undici';
import { openAccount } from '../../src/constant-contact/auth/account.js';
import { systemClock } from '../../src/constant-contact/clock.js';
import { fingerprintOf } from '../../src/constant-contact/auth/credentials.js';
import { fileTokenStore } from '../../src/constant-contact/auth/file-token-store.js';
import { createTokenCodec } from '../../src/constant-contact/auth/token-codec.js';
import type { TokenStore } from '../../src/constant-contact/auth/token-store.js';

/**
 * A process that requests the headers of an account. It prints `ready`, waits for a line, requests them, and
 * prints a fingerprint of the result. With a step it kills itself there by SIGKILL, as an operator or the
 * kernel would, so that no handler runs.
 */
const [tokenFile = '', authUrl = '', clientId = '', step = ''] = process.argv.slice(2);

/** In the order of a refresh. */
export type CrashStep =
  | 'before the lock'
  | 'under the lock'
  | 'before the intent is stored'
  | 'after the intent is stored'
  | 'when the answer begins'
  | 'before the answer is stored'
  | 'half-way through writing'
  | 'between writing and renaming'
  | 'after the answer is stored'
  | 'after the lock';

const at = (here: CrashStep): void => {
  if (step === here) process.kill(process.pid, 'SIGKILL');
};

const real = fileTokenStore(tokenFile, createTokenCodec(null, clientId), systemClock);
let saves = 0;
const store: TokenStore = {
  ...real,
  exclusively: async (work) => {
    at('before the lock');
    const result = await real.exclusively(() => {
      at('under the lock');
      return work();
    });
    at('after the lock');
    return result;
  },
  save: async (grant) => {
    saves += 1;
    if (saves === 1) at('before the intent is stored');
    if (saves === 2) {
      at('before the answer is stored');
      crashInFileSystem();
    }
    await real.save(grant);
    at(saves === 1 ? 'after the intent is stored' : 'after the answer is stored');
  },
};

/** The library that writes the file looks up its `fs` functions at each call, so replacing them works. */
function crashInFileSystem(): void {
  const { write } = fs;
  if (step === 'half-way through writing') {
    const halved = (fd: number, text: string, ...rest: [number, BufferEncoding, () => void]) => {
      write(fd, text.slice(0, text.length / 2), rest[0], rest[1], () => {
        at('half-way through writing');
      });
    };
    fs.write = halved as unknown as typeof fs.write;
  }
  if (step === 'between writing and renaming') {
    fs.rename = (() => {
      at('between writing and renaming');
    }) as unknown as typeof fs.rename;
  }
}

const pool = new Pool(new URL(authUrl).origin);
const dispatcher = pool.compose((dispatch) => (options, handler: Dispatcher.DispatchHandler) => {
  const watched: Dispatcher.DispatchHandler = {
    onRequestStart: (...args) => handler.onRequestStart?.(...args),
    onResponseStart: (...args) => {
      at('when the answer begins');
      handler.onResponseStart?.(...args);
    },
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  };
  return dispatch(options, watched);
});

const settings = {
  clientId,
  clientSecret: null,
  refreshToken: null,
  tokenFile,
  tokenKey: null,
  authUrl,
};
const account = openAccount(settings, { clock: systemClock, store, dispatcher });

process.stdout.write('ready\n');
await once(process.stdin, 'data');
try {
  const headers = await (await account.credentials.bind()).headers();
  process.stdout.write(`${fingerprintOf(headers['authorization'] ?? '')}\n`);
} catch (error) {
  process.stdout.write(`${String(error)}\n`);
}
process.exit(0);
