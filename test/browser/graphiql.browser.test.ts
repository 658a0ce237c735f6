import { mkdtemp, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadExamples } from '../../src/server/examples.js';
import { startApp, type TestApp } from '../support/app.js';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

let app: TestApp;
let url: string;
let browser: Browser;
let directory: string;

beforeAll(async () => {
  if (!existsSync(CHROMIUM))
    throw new Error(`There is no browser at ${CHROMIUM}; set CHROMIUM to the path of one.`);
  app = await startApp();
  url = await app.listen();
  directory = await mkdtemp(join(tmpdir(), 'graphiql-'));
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    // As root there is no sandbox; the rest keeps Chromium from looking for its maker's servers.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await app?.close();
  if (!process.env['SCREENSHOT_DIR']) await rm(directory, { recursive: true, force: true });
});

it('opens GraphiQL with the examples in tabs, runs one, and shows its answer', async () => {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  const foreign: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(url)) foreign.push(request.url());
  });
  page.on('pageerror', (error) => problems.push(error.message));

  await page.goto(`${url}/`);
  const run = page.getByRole('button', { name: /execute query/i });
  await run.waitFor();
  expect(page.url()).toContain('/graphql');

  const examples = loadExamples();
  expect(examples.length).toBeGreaterThan(0);
  expect(await page.getByRole('tab').count()).toBe(examples.length);
  // The headers editor is where a caller puts a token.
  await page.getByRole('button', { name: 'Headers' }).waitFor();

  app.resetCalls();
  await run.click();
  const answer = page.getByRole('region', { name: /operation results|result window/i });
  await expect.poll(() => answer.innerText(), { timeout: 30_000 }).toContain('"data"');
  const shown = await answer.innerText();
  expect(shown).not.toContain('"errors"');
  expect(app.calls().length).toBeGreaterThan(0);
  expect(foreign).toEqual([]);
  expect(problems).toEqual([]);

  const screenshot = join(process.env['SCREENSHOT_DIR'] ?? directory, 'graphiql.png');
  await page.screenshot({ path: screenshot });
  expect((await stat(screenshot)).size).toBeGreaterThan(10_000);
});
