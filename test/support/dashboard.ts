import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build, preview } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { ClientOptions } from '../../src/constant-contact/client.js';
import { expectNoViolations, startApp, type TestApp, type TestAppOptions } from './app.js';
import { launchBrowser, watchPage, type Watched } from './browser.js';
import { freePort } from './free-port.js';

const ROOT = fileURLToPath(new URL('../../examples/dashboard', import.meta.url));

interface Dashboard {
  readonly url: string;
  close(): Promise<void>;
}

/** The dashboard as it is deployed: built, and served with the facade as `/graphql` of the same origin. */
async function buildDashboard(): Promise<{
  serve(facadeUrl: string): Promise<Dashboard>;
  remove(): Promise<void>;
}> {
  if (!existsSync(join(ROOT, 'node_modules')))
    throw new Error('The packages of the dashboard are missing: npm ci --prefix examples/dashboard');
  const outDir = await mkdtemp(join(tmpdir(), 'dashboard-'));
  const common = { root: ROOT, configFile: join(ROOT, 'vite.config.ts'), logLevel: 'error' as const };
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

/** The cost table of the dashboard's README: REST calls by action of a user. */
export function documentedCosts(): Record<string, number> {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  return Object.fromEntries(
    [...readme.matchAll(/^\| (.+?) +\| +(\d+) \|/gm)].map(([, what, calls]) => [what, Number(calls)]),
  );
}

export const DESKTOP = { width: 1360, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** Timeout of expectations on a page; other tests may load the machine. */
export const PAGE_TIMEOUT = { timeout: 60_000 };

/**
 * For each test of a file: a facade over its own sandbox, with the dashboard in front of it. Afterwards
 * checks that the page requested its own origin only, that nothing threw, and that every REST call fit the
 * contract.
 */
export function dashboardSession(client: Partial<ClientOptions>) {
  let built: Awaited<ReturnType<typeof buildDashboard>>;
  let app: TestApp;
  let dashboard: Dashboard;
  let browser: Browser;
  let page: Page;
  let watched: Watched;

  let facadeUrl: string;
  const startFacade = async (options: TestAppOptions, port: number): Promise<void> => {
    app = await startApp({
      sandbox: { activitySeconds: 3 },
      ...options,
      client: { ...client, ...options.client },
    });
    facadeUrl = await app.listen(port);
  };
  const begin = async (options: TestAppOptions = {}): Promise<void> => {
    await startFacade(options, await freePort());
    dashboard = await built.serve(facadeUrl);
  };
  const end = async (): Promise<void> => {
    await dashboard.close();
    expectNoViolations(app);
    await app.close();
  };

  beforeAll(async () => {
    built = await buildDashboard();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await built?.remove();
  });
  beforeEach(() => begin());
  afterEach(async () => {
    await page.close();
    await end();
    expect(watched).toEqual({ foreign: [], problems: [] });
  });

  return {
    app: () => app,
    dashboard: () => dashboard,
    page: () => page,
    /** Stops everything, for a test that starts again with other options. */
    end,
    begin,
    stopFacade: () => app.close(),
    /** Starts another facade on the port of the stopped one, over a new sandbox account. */
    restartFacade: () => startFacade({}, Number(new URL(facadeUrl).port)),
    /** Opens a screen in its own window. Default width: a desktop's. */
    open: async (path: string, options: BrowserContextOptions = {}): Promise<void> => {
      page = await browser.newPage({ viewport: DESKTOP, ...options });
      page.setDefaultTimeout(PAGE_TIMEOUT.timeout);
      watched = watchPage(page, dashboard.url);
      await page.goto(dashboard.url + path);
    },
    /**
     * REST calls since the last call of this function, sorted, because parallel requests arrive in any order.
     */
    calls: (): string[] => {
      const made = app.calls().sort();
      app.resetCalls();
      return made;
    },
  };
}
