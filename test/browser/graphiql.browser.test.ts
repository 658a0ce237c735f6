import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createSchema } from 'graphql-yoga';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
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
});
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

const DESK = { viewport: { width: 1600, height: 1000 } };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** GraphiQL of the server at an address, once it can be used. */
async function openGraphiql(url: string, query = '', screen: BrowserContextOptions = DESK): Promise<Page> {
  const page = await browser.newPage(screen);
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

const NAMES = loadExamples().map(
  ({ query }) => /^(?:query|mutation|subscription) (\w+)/m.exec(query)?.[1] ?? '',
);
const tabNames = async (page: Page) =>
  (await page.getByRole('tab').allInnerTexts()).map((text) => text.trim());

it('has an example in each tab, named after its operation, runs one, and shows its cost', async () => {
  const page = await openGraphiql(await app.listen());
  await expect.poll(() => tabNames(page)).toEqual(NAMES);

  app.resetCalls();
  await page.getByRole('button', { name: /execute query/i }).click();
  await expect.poll(() => answerOf(page)).toContain('"data"');
  expect(await answerOf(page)).not.toContain('"errors"');
  const calls = app.calls().length;
  expect(calls).toBeGreaterThan(1);
  const cost = page.getByRole('status').filter({ hasText: /\d REST call/ });
  await cost.waitFor();
  expect(await cost.innerText()).toBe(`${String(calls)} REST calls`);
  await shoot(page, 'graphiql');
});

it('shows the ids needed by the next operations in the response of its first tab', async () => {
  const page = await openGraphiql(await app.listen());
  await page.getByRole('button', { name: /execute query/i }).click();
  const { data } = await app.query(
    '{ contacts(first: 1) { nodes { contactId lists { listId } tags { tagId } } } }',
  );
  const [{ contactId, lists, tags }] = data.contacts.nodes;
  for (const id of [contactId, lists[0].listId, tags[0].tagId])
    await expect.poll(() => answerOf(page)).toContain(id);
});

describe.each([
  ['desk', DESK],
  ['phone', PHONE],
] as const)('on a %s', (where, screen) => {
  it('opens a tab with one click or tap, also when the pointer moves slightly meanwhile', async () => {
    const page = await openGraphiql(await app.listen(), '', screen);
    const tabs = page.getByRole('tab');
    await expect.poll(() => tabNames(page)).toEqual(NAMES);
    for (const index of [1, 3, 2, NAMES.length - 1, 0]) {
      const tab = tabs.nth(index);
      await tab.scrollIntoViewIfNeeded();
      const { x, y, height } = (await tab.boundingBox()) ?? { x: 0, y: 0, height: 0 };
      if (screen === PHONE) await page.touchscreen.tap(x + 20, y + height / 2);
      else {
        await page.mouse.move(x + 20, y + height / 2);
        await page.mouse.down();
        await page.mouse.move(x + 28, y + height / 2 + 1, { steps: 4 });
        await page.mouse.up();
      }
      await expect.poll(() => tab.getAttribute('aria-selected')).toBe('true');
    }
    expect(await tabNames(page)).toEqual(NAMES);
  });

  it('shows the cost next to the response, not over it, and the whole page fits', async () => {
    const page = await openGraphiql(await app.listen(), '', screen);
    await page.getByRole('button', { name: /execute query/i }).click();
    const cost = page.getByRole('status').filter({ hasText: /\d REST call/ });
    await cost.waitFor();
    await expect.poll(() => answerOf(page)).toContain('"data"');
    await shoot(page, `graphiql-${where}`);
    const { width, height } = screen.viewport;
    const size = '[document.documentElement.scrollWidth, document.documentElement.scrollHeight]';
    // The editors take their size from the page, a moment after it has changed.
    await vi.waitFor(async () => {
      const answer = await page.locator('.graphiql-response').boundingBox();
      const bar = await cost.boundingBox();
      if (!answer || !bar) throw new Error('The answer or its cost is not shown.');
      expect(answer.height).toBeGreaterThan(100);
      expect(answer.y + answer.height).toBeLessThanOrEqual(bar.y);
      expect(bar.y + bar.height).toBeCloseTo(height, 0);
      expect(bar.x + bar.width).toBeCloseTo(width, 0);
      expect(await page.evaluate(size)).toEqual([width, height]);
    }, 60_000);
    // At least the first tab can be read.
    const tab = await page.getByRole('tab').first().boundingBox();
    expect(tab?.width).toBeGreaterThan(120);
  });
});

it('loads its files compressed the first time, and from the browser cache afterwards', async () => {
  const url = await app.listen();
  const context = await browser.newContext(DESK);
  closing.unshift(() => context.close());
  const page = await context.newPage();
  watched = watchPage(page, url);
  /** Bytes over the network for the page's files, without workers: those report to another session. */
  const load = async () => {
    const devtools = await context.newCDPSession(page);
    const paths = new Map<string, string>();
    const bytes = new Map<string, number>();
    devtools.on('Network.requestWillBeSent', ({ requestId, request }) => {
      if (request.method === 'GET') paths.set(requestId, request.url.slice(url.length));
    });
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const path = paths.get(requestId);
      if (path !== undefined) bytes.set(path, encodedDataLength);
    });
    await devtools.send('Network.enable');
    await page.goto(`${url}/graphql`);
    await page.getByRole('button', { name: /execute query/i }).waitFor();
    await page.getByRole('tab').first().waitFor();
    const isAsset = (path: string) => /\?asset=(?!\w+-worker)/.test(path);
    await expect.poll(() => [...paths.values()].filter(isAsset).every((path) => bytes.has(path))).toBe(true);
    await devtools.detach();
    const files = [...bytes].filter(([path]) => isAsset(path));
    return { files: files.length, bytes: files.reduce((sum, [, size]) => sum + size, 0) };
  };
  const first = await load();
  expect(first.files).toBeGreaterThanOrEqual(4);
  expect(first.bytes).toBeGreaterThan(500_000);
  expect(first.bytes).toBeLessThan(3_000_000);
  expect(await load()).toEqual({ files: first.files, bytes: 0 });
});

it('keeps its tabs across reloads, and shows the cost of a rejected query', async () => {
  const page = await openGraphiql(await app.listen());
  const first = page.getByRole('tab').first();
  await expect.poll(() => tabNames(page)).toEqual(NAMES);
  for (let times = 0; times < 2; times++) {
    await page.reload();
    await expect.poll(() => tabNames(page)).toEqual(NAMES);
    await expect.poll(() => first.getAttribute('aria-selected')).toBe('true');
  }
  const mistaken = await openGraphiql(await app.listen(), '{ nobody }');
  await mistaken.getByRole('button', { name: /execute query/i }).click();
  await mistaken
    .getByRole('status')
    .filter({ hasText: /^No REST call$/ })
    .waitFor();
});

it('hides federation from the documentation and the explorer', async () => {
  const page = await openGraphiql(await app.listen());
  await page.getByRole('button', { name: /documentation explorer/i }).click();
  const docs = page.getByRole('region', { name: /documentation explorer/i });
  await docs.getByText('Query', { exact: true }).waitFor();
  // Everything that the schema has: its root types, and the list of all types.
  const root = await docs.innerText();
  await docs.getByText('Query', { exact: true }).click();
  await docs.getByText('contactList', { exact: true }).waitFor();
  const fields = await docs.innerText();
  expect(root).toContain('ContactList');
  expect(fields).toContain('rateLimit');
  for (const hidden of ['_entities', '_service', '_Any', '_Entity', '_Service'])
    expect(root + fields).not.toContain(hidden);

  await page.getByRole('button', { name: /graphiql explorer/i }).click();
  const explorer = page.locator('.graphiql-explorer-root');
  await explorer.getByText('rateLimit', { exact: true }).first().waitFor();
  expect(await explorer.innerText()).not.toMatch(/_entities|_service/);
});

it('runs a subscription, and shows its cost so far', async () => {
  const { data } = await app.query('{ bulkActivities(first: 1) { nodes { activityId } } }');
  const { activityId } = data.bulkActivities.nodes[0];
  const query = `subscription { bulkActivityProgress(id: "${activityId}") { activityId state } }`;
  const page = await openGraphiql(await app.listen(), query);
  app.resetCalls();
  await page.getByRole('button', { name: /execute query/i }).click();
  await expect.poll(() => answerOf(page)).toContain(activityId);
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

it('shows deprecations and their reasons', async () => {
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

it('explains the headers editor in it, and sends the headers entered there', async () => {
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
  await expect.poll(() => answerOf(page)).toContain('Bearer of-mine');
  await page.getByText('1 REST call', { exact: false }).waitFor();
});

it('loads the schema without a token where callers send their own', async () => {
  const page = await openPlumbing({ token: null });
  await page.getByRole('button', { name: /documentation explorer/i }).click();
  await page
    .getByRole('region', { name: /documentation explorer/i })
    .getByText('Query', { exact: true })
    .waitFor();
});
