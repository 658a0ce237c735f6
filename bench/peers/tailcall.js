import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/**
 * Starts Tailcall, reports its URL and process id once it listens, and stops it together with this process.
 */

const [api, port] = process.argv.slice(2);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const binary = here('node_modules/@tailcallhq/core-linux-x64-gnu/bin/tailcall');
if (!existsSync(binary)) {
  console.error('Tailcall runs on Linux with glibc on x64 only. Leave it out with `--without tailcall`.');
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'tailcall-'));
const config = join(folder, 'tailcall.graphql');
const template = readFileSync(here('tailcall.graphql'), 'utf8');
writeFileSync(config, template.replace('port: PORT', `port: ${port}`).replaceAll('API_URL', api));

const tailcall = spawn(binary, ['start', config], {
  stdio: 'inherit',
  // Tailcall looks for a newer version on its first run, which every run with an empty home is.
  env: { ...process.env, TAILCALL_TRACKER: 'false', HOME: folder, XDG_CACHE_HOME: folder },
});
process.once('SIGTERM', () => process.exit());
process.once('exit', () => {
  tailcall.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});
tailcall.once('exit', () => process.exit(1));

const url = `http://127.0.0.1:${port}/graphql`;
const request = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"query":"{ __typename }"}',
};
while (!(await fetch(url, request).catch(() => null))?.ok) await setTimeout(5);
process.send?.({ url, pid: tailcall.pid });
