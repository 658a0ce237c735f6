import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The compiled command line, which starts in a fraction of a second. */
export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Global setup: compiles the changes since the last build. */
export default function build(): void {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The program does not compile.');
}
