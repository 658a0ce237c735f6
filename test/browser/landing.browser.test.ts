import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from '../support/app.js';
import { launchBrowser, watchPage } from '../support/browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let app: TestApp;
let url: string;
let browser: Browser;
beforeAll(async () => {
  app = await startApp();
  url = await app.listen();
  browser = await launchBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

describe.each([
  ['on a desktop', { width: 1280, height: 900 }],
  ['on a phone', { width: 360, height: 740 }],
])('the page at the root %s', (where, viewport) => {
  it.each(['light', 'dark'] as const)(
    'is readable in the %s, by everybody, and leads on',
    async (colorScheme) => {
      const page = await browser.newPage({ viewport, colorScheme });
      const watched = watchPage(page, url);
      await page.goto(`${url}/`);
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('constant-contact-graphql');
      // Nothing sticks out at the side.
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);

      const directory = process.env['SCREENSHOT_DIR'];
      const name = `landing ${where} ${colorScheme}`.replaceAll(' ', '-');
      if (directory) await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });

      // It is evaluated by the debugger, which the page's policy does not bind.
      await page.evaluate(AXE);
      const { violations }: { violations: { id: string; impact: string }[] } =
        await page.evaluate('axe.run()');
      expect(violations.map(({ id, impact }) => `${id} (${impact})`)).toEqual([]);

      await page.getByRole('link', { name: 'GraphiQL' }).click();
      await page.getByRole('button', { name: /execute query/i }).waitFor();
      expect(watched).toEqual({ foreign: [], problems: [] });
      await page.close();
    },
  );
});
