import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Running } from './listen.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Starts the facade over its sandbox account in its own process, as in production. */
export async function startFacade(port: number): Promise<Running> {
  const built = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (built.status !== 0)
    throw new Error('The facade could not be built. Run `npm ci` at the root of the repository.');
  const child = spawn(process.execPath, ['dist/cli.js', 'serve', '--port', String(port)], {
    cwd: ROOT,
    env: { ...process.env, NODE_FIELDS: 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const close = async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  // Continue reading after the address: a full pipe would block the program.
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      const address = /http:\S+\/graphql/.exec(output)?.[0];
      if (address) resolve(address);
    });
    child.once('exit', () => reject(new Error(`The facade did not start.\n${output}`)));
  });
  return { url, close };
}
