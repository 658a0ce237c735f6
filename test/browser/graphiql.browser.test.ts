import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createSchema } from 'graphql-yoga';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createAccess } from '../../src/server/access/access.js';
import { loadExamples } from '../../src/server/examples.js';
import { listen } from '../../src/server/listen.js';
import { startApp, type TestApp } from '../support/app.js';
import { launchBrowser, watchPage, type Watched } from '../support/browser.js';
import { startPlumbing, type PlumbingOptions } from '../support/plumbing.js';

let app: TestApp;
let browser: Browser;
beforeAll(async () => {
  app = await startApp();
  browser = await launchBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const closing: (() => Promise<void>)[] = [];
let watched: Watched | undefined;
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  expect(watched).toEqual({ foreign: [], problems: [] });
});

/** GraphiQL of the server at an address, once it can be used. */
async function openGraphiql(url: string, query = ''): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  closing.unshift(() => page.close());
  watched = watchPage(page, url);
  await page.goto(`${url}/graphql${query && `?query=${encodeURIComponent(query)}`}`);
  await page.getByRole('button', { name: /execute query/i }).waitFor();
  return page;
}

/** The same over a small schema, with other options than the sandbox has. */
async function openPlumbing(options: PlumbingOptions): Promise<Page> {
  const running = await startPlumbing(options);
  const socket = await listen(running.app, { host: '127.0.0.1', port: 0 });
  closing.push(
    () => socket.close(),
    () => running.close(),
  );
  return openGraphiql(socket.url);
}

async function shoot(page: Page, name: string): Promise<void> {
  const directory = process.env['SCREENSHOT_DIR'];
  if (directory) await page.screenshot({ path: join(directory, `${name}.png`) });
}

/** The editor shows spaces as ones that do not break. */
const answerOf = async (page: Page) => {
  const region = page.getByRole('region', { name: /operation results|result window/i });
  return (await region.innerText()).replaceAll('\u00a0', ' ');
};

it('has an example in each tab, by the name of its operation, runs one, and shows what it cost', async () => {
  const page = await openGraphiql(await app.listen());
  const tabs = await page.getByRole('tab').allInnerTexts();
  const names = loadExamples().map(({ query }) => /^(?:query|mutation|subscription) (\w+)/m.exec(query)?.[1]);
  expect(tabs.map((text) => text.trim())).toEqual(names);

  app.resetCalls();
  await page.getByRole('button', { name: /execute query/i }).click();
  await expect.poll(() => answerOf(page), { timeout: 30_000 }).toContain('"data"');
  expect(await answerOf(page)).not.toContain('"errors"');
  const calls = app.calls().length;
  expect(calls).toBeGreaterThan(1);
  const cost = page.getByRole('status').filter({ hasText: 'REST call' });
  await cost.waitFor();
  expect(await cost.innerText()).toBe(`${String(calls)} REST calls`);
  await shoot(page, 'graphiql');
});

it('follows a subscription, and what it cost so far', async () => {
  const { data } = await app.query('{ bulkActivities(first: 1) { nodes { activityId } } }');
  const { activityId } = data.bulkActivities.nodes[0];
  const query = `subscription { bulkActivityProgress(id: "${activityId}") { activityId state } }`;
  const page = await openGraphiql(await app.listen(), query);
  app.resetCalls();
  await page.getByRole('button', { name: /execute query/i }).click();
  await expect.poll(() => answerOf(page), { timeout: 30_000 }).toContain(activityId);
  expect(app.calls()).toEqual(['getActivity']);
  await page.getByRole('status').filter({ hasText: '1 REST call' }).waitFor();
});

it('renders the descriptions of the schema, and builds a query by clicks', async () => {
  const page = await openGraphiql(await app.listen());
  await page.getByRole('button', { name: /documentation explorer/i }).click();
  const docs = page.getByRole('region', { name: /documentation explorer/i });
  await docs.getByText('Query', { exact: true }).click();
  await docs.getByText('contactList', { exact: true }).click();
  await docs.getByText('ContactList', { exact: true }).click();
  // Markdown is shown as what it means.
  await docs.locator('code', { hasText: 'node' }).first().waitFor();
  expect(await docs.innerText()).toContain('1 REST call');
  expect(await docs.innerText()).not.toContain('`');
  await shoot(page, 'graphiql-docs');

  await page.getByRole('button', { name: /graphiql explorer/i }).click();
  await page.locator('.graphiql-explorer-root').getByText('account', { exact: true }).first().waitFor();
  await shoot(page, 'graphiql-explorer');
});

it('shows what is deprecated, and why', async () => {
  const typeDefs = /* GraphQL */ `
    type Query {
      "The one to **use**."
      current: String
      old(kind: Int, way: Int @deprecated(reason: "There is one way only.")): String
        @deprecated(reason: "Ask for current.")
    }
  `;
  const page = await openPlumbing({ app: { schema: createSchema({ typeDefs }) } });
  await page.getByRole('button', { name: /documentation explorer/i }).click();
  const docs = page.getByRole('region', { name: /documentation explorer/i });
  await docs.getByText('Query', { exact: true }).click();
  expect(await docs.locator('strong').innerText()).toBe('use');
  await docs.getByRole('button', { name: 'Show Deprecated Fields' }).click();
  await docs.getByText('Ask for current.').waitFor();
  await docs.getByText('old', { exact: true }).click();
  await docs.getByRole('button', { name: 'Show Deprecated Arguments' }).click();
  await docs.getByText('There is one way only.').waitFor();
});

const KEY = 'ccg_of-the-test';
const access = createAccess({
  keys: `tests:${createHash('sha256').update(KEY).digest('hex')}`,
  keysFile: null,
  jwt: null,
  open: false,
});

const headersEditor = (page: Page) => page.locator('.graphiql-editor').filter({ hasText: 'Each tab has' });

it('says in the headers editor what belongs there, and works with what is put there', async () => {
  const page = await openPlumbing({
    token: null,
    app: { access },
    upstream: (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ organization_name: request.headers.authorization }));
    },
    examples: [{ name: 'first', query: 'query First { account }', variables: null }],
  });
  await expect.poll(() => headersEditor(page).innerText()).toContain('"x-api-key"');
  expect(await headersEditor(page).innerText()).toContain('"authorization"');
  await shoot(page, 'graphiql-headers');

  await headersEditor(page).click();
  await page.keyboard.press('Control+A');
  // The editor closes what is opened.
  await page.keyboard.type(`{ "x-api-key": "${KEY}", "authorization": "Bearer of-mine`);
  const reload = page.getByRole('button', { name: /re-fetch/i });
  await reload.click();
  await page.getByRole('button', { name: /execute query/i }).click();
  await expect.poll(() => answerOf(page), { timeout: 30_000 }).toContain('Bearer of-mine');
  await page.getByText('1 REST call', { exact: false }).waitFor();
});

it('reads the schema without a token where callers bring their own', async () => {
  const page = await openPlumbing({ token: null });
  await page.getByRole('button', { name: /documentation explorer/i }).click();
  await page
    .getByRole('region', { name: /documentation explorer/i })
    .getByText('Query', { exact: true })
    .waitFor();
});
