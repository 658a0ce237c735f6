import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { createFacade, GRAPHQL_PATH, readConfig } from '../src/index.js';

/**
 * Starts the facade, over the embedded sandbox account unless the environment configures another, and the
 * dashboard in front of it. Ctrl-C stops both.
 *
 *     npm run example:dashboard -- [port of the dashboard]
 */

const root = fileURLToPath(new URL('../examples/dashboard', import.meta.url));
const port = Number(process.argv[2] ?? 5173);

function npm(...args: string[]): void {
  const { status } = spawnSync('npm', [...args, '--prefix', root], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${root}`);
}

if (!existsSync(join(root, 'node_modules'))) {
  console.log('The packages of examples/dashboard are missing; installing them, this once.');
  npm('ci');
}

const config = readConfig({ LOG_LEVEL: 'warn', ...process.env });
const facade = await createFacade({ config });
// Any free port unless PORT is set: the dashboard gets the facade's URL.
const { url: facadeUrl } = await facade.listen(process.env['PORT'] ? {} : { port: 0 });
const app = await createServer({
  root,
  configFile: join(root, 'vite.config.ts'),
  logLevel: 'warn',
  server: { port, proxy: { [GRAPHQL_PATH]: { target: facadeUrl, changeOrigin: false } } },
});
await app.listen();

const stop = async () => {
  await app.close();
  await facade.close();
  console.log('Dashboard, facade and sandbox have ended.');
  process.exit(0);
};
let ending: Promise<void> | undefined;
const end = () => {
  ending ??= stop();
};
process.on('SIGINT', end);
process.on('SIGTERM', end);

console.log(`
  Dashboard  ${app.resolvedUrls?.local[0] ?? ''}
  GraphiQL   ${facadeUrl}${GRAPHQL_PATH}
  Account    ${facade.sandbox ? 'an embedded sandbox; it forgets everything when it ends' : facade.apiUrl}

  Ctrl-C ends all of it.
`);
