import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const ROOT = fileURLToPath(new URL('../../examples/dashboard', import.meta.url));

export interface Dashboard {
  readonly url: string;
  close(): Promise<void>;
}

/** The dashboard as it is deployed: built, and served with the facade behind `/graphql` of the same origin. */
export async function buildDashboard(): Promise<{
  serve(facadeUrl: string): Promise<Dashboard>;
  remove(): Promise<void>;
}> {
  if (!existsSync(join(ROOT, 'node_modules')))
    throw new Error('The packages of the dashboard are missing: npm ci --prefix examples/dashboard');
  const outDir = await mkdtemp(join(tmpdir(), 'dashboard-'));
  const common = { root: ROOT, configFile: join(ROOT, 'vite.config.ts'), logLevel: 'warn' as const };
  await build({ ...common, build: { outDir, emptyOutDir: true } });
  return {
    serve: async (facadeUrl) => {
      const server = await preview({
        ...common,
        build: { outDir },
        preview: {
          host: '127.0.0.1',
          port: 0,
          proxy: { '/graphql': { target: facadeUrl, changeOrigin: false } },
        },
      });
      const url = server.resolvedUrls?.local[0];
      if (url === undefined) throw new Error('The dashboard is served nowhere.');
      return { url: url.replace(/\/$/, ''), close: () => server.close() };
    },
    remove: () => rm(outDir, { recursive: true, force: true }),
  };
}

/** The table of costs in the README of the dashboard: REST calls by what somebody does. */
export function documentedCosts(): Record<string, number> {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  return Object.fromEntries(
    [...readme.matchAll(/^\| (.+?) +\| +(\d+) \|/gm)].map(([, what, calls]) => [what, Number(calls)]),
  );
}
