import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dashboardSession, DESKTOP, PATIENTLY, PHONE } from '../support/dashboard.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { page, dashboard, open } = dashboardSession({ requestsPerDay: 10_000 });

describe.each([
  { where: 'on a desktop', viewport: DESKTOP, widths: [900, DESKTOP.width], colorScheme: 'light' as const },
  { where: 'on a phone, in the dark', viewport: PHONE, widths: [PHONE.width], colorScheme: 'dark' as const },
])('$where', ({ viewport, widths, colorScheme }) => {
  interface Violation {
    id: string;
    impact: string;
    nodes: { html: string }[];
  }

  async function expectAccessible(screen: string): Promise<void> {
    const directory = process.env['SCREENSHOT_DIR'];
    if (directory) {
      const path = join(directory, `dashboard-${screen}-${String(viewport.width)}.png`);
      await page().screenshot({ path, fullPage: true });
    }
    await page().evaluate(AXE);
    const { violations } = await page().evaluate<{ violations: Violation[] }>('axe.run()');
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(
      grave.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
      screen,
    ).toEqual([]);
    for (const width of widths) {
      await page().setViewportSize({ ...viewport, width });
      const excess = () => page().evaluate('document.documentElement.scrollWidth - innerWidth');
      await expect.poll(excess, { ...PATIENTLY, message: `${screen} at ${String(width)}` }).toBe(0);
    }
  }

  it('every screen is accessible and as wide as its window', async () => {
    await open('/contacts', { viewport, colorScheme });
    await expect.poll(() => page().locator('.row .chips').count(), PATIENTLY).toBeGreaterThan(50);
    await expectAccessible('contacts');

    await page().locator('.budget summary').click();
    await page().getByRole('heading', { name: 'API budget' }).waitFor();
    await expectAccessible('budget');
    await page().locator('.budget summary').click();

    await page().getByRole('searchbox').fill('nobody of that name');
    await page().getByText('No contacts match').waitFor();
    await expectAccessible('nothing-found');
    await page().getByRole('searchbox').fill('');

    await page().locator('.who a').first().click();
    await page().getByRole('heading', { name: 'Engagement' }).waitFor();
    await expectAccessible('contact');
    await page().getByRole('button', { name: 'Edit' }).click();
    await page().getByLabel('First name').fill('x'.repeat(60));
    await page().getByRole('button', { name: 'Save' }).click();
    await page().getByText('At most 50 characters').waitFor();
    await expectAccessible('contact-edit');

    await page().getByRole('link', { name: 'Campaigns' }).click();
    await page().getByRole('table').first().waitFor();
    await expectAccessible('campaigns');
    await page().getByRole('table').getByRole('link').nth(2).click();
    await page().getByRole('heading', { name: 'Clicks by link' }).waitFor();
    await expectAccessible('campaign');

    await page().getByRole('link', { name: 'Import' }).click();
    await page().getByLabel('Volunteers').waitFor();
    await expectAccessible('import');

    await page().goto(`${dashboard().url}/contacts/nobody`);
    await page().getByRole('heading', { name: 'No such contact' }).waitFor();
    await expectAccessible('no-such-contact');
  });
});
