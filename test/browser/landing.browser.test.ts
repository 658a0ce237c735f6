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
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

describe.each([
  ['on a desktop', { width: 1280, height: 900 }],
  ['on a phone', { width: 390, height: 844 }],
  ['on a small phone', { width: 360, height: 740 }],
])('the page at the root %s', (where, viewport) => {
  it.each(['light', 'dark'] as const)(
    'is readable and accessible in the %s, and links to the next steps',
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

/** Share of an image that is in colour, in its middle row and in its middle column. */
async function colouredParts(png: Buffer): Promise<{ across: number; down: number }> {
  const page = await browser.newPage();
  const parts: { across: number; down: number } = await page.evaluate(
    `(async () => {
      const picture = await createImageBitmap(await (await fetch('data:image/png;base64,${png.toString('base64')}')).blob());
      const { width, height } = picture;
      const canvas = new OffscreenCanvas(width, height).getContext('2d');
      canvas.drawImage(picture, 0, 0);
      const share = ({ data }) => {
        let coloured = 0;
        for (let i = 0; i < data.length; i += 4) {
          const pixel = [data[i], data[i + 1], data[i + 2]];
          if (Math.max(...pixel) - Math.min(...pixel) > 60) coloured += 1;
        }
        return coloured / (data.length / 4);
      };
      return {
        across: share(canvas.getImageData(0, Math.floor(height / 2), width, 1)),
        down: share(canvas.getImageData(Math.floor(width / 20), 0, 1, height)),
      };
    })()`,
  );
  await page.close();
  return parts;
}

describe('the budget bar', () => {
  it.each([
    ['on a desktop', { width: 1280, height: 900 }],
    ['on a phone', { width: 390, height: 844 }],
  ])('is as full as the budget, %s', async (where, viewport) => {
    const limited = await startApp({ client: { requestsPerDay: 20 } });
    const page = await browser.newPage({ viewport });
    const address = await limited.listen();
    const use = async (calls: number) => {
      for (let call = 0; call < calls; call += 1)
        await limited.query('{ contacts(first: 1) { nodes { contactId } } }');
    };
    const look = async () => {
      await page.goto(`${address}/`);
      const meter = page.getByRole('meter');
      const directory = process.env['SCREENSHOT_DIR'];
      const left = await meter.getAttribute('aria-valuenow');
      const name = `budget ${where} ${String(left)}`.replaceAll(' ', '-');
      if (directory) await page.screenshot({ path: join(directory, `${name}.png`) });
      const frame = await meter.locator('.bar').boundingBox();
      const text = await page.locator('dd', { has: meter }).boundingBox();
      expect(frame?.width).toBeCloseTo(text?.width ?? 0, 0);
      return { left, ...(await colouredParts(await meter.locator('.bar').screenshot())) };
    };
    try {
      const full = await look();
      expect(full.left).toBe('20');
      expect(full.across).toBeGreaterThan(0.97);
      expect(full.down).toBeGreaterThan(0.7);
      await use(10);
      const half = await look();
      expect(half.left).toBe('10');
      expect(half.across).toBeGreaterThan(0.48);
      expect(half.across).toBeLessThan(0.52);
      await use(9);
      const little = await look();
      expect(little.left).toBe('1');
      expect(little.across).toBeGreaterThan(0.03);
      expect(little.across).toBeLessThan(0.07);
      await use(1);
      expect(await look()).toEqual({ left: '0', across: 0, down: 0 });
    } finally {
      await page.close();
      await limited.close();
    }
  });

  it('is absent without a limit', async () => {
    const page = await browser.newPage();
    await page.goto(`${url}/`);
    await page.getByText('There is no limit of REST calls per day.').waitFor();
    expect(await page.getByRole('meter').count()).toBe(0);
    await page.close();
  });
});
