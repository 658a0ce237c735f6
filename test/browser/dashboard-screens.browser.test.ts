import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contactTools } from '../support/contacts.js';
import { dashboardSession, DESKTOP, PAGE_TIMEOUT, PHONE } from '../support/dashboard.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { app, page, dashboard, open } = dashboardSession({ requestsPerDay: 10_000 });
const { account, fullContact } = contactTools(app);

const poll = <Value>(look: () => Value) => expect.poll(look, PAGE_TIMEOUT);
const link = (name: string) => page().getByRole('link', { name, exact: true }).first();
const button = (name: string | RegExp) => page().getByRole('button', { name, exact: true });

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

/** Addresses of which a line ends within a word, and cells without the name of their column. */
const FAULTS = `(() => {
  const broken = [...document.querySelectorAll('.address')].flatMap(({ childNodes }) =>
    [...childNodes].filter((node) => node.nodeType === 3).filter((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return range.getClientRects().length > 1;
    }).map(({ textContent }) => textContent));
  const heads = [...document.querySelectorAll('.table thead th:not(.pick)')];
  const cells = [...document.querySelectorAll('.row > :is(th, td):not(.pick)')];
  const lost = cells.filter((cell) => cell.getClientRects().length === 0 || cell.clientWidth === 0);
  const hidden = matchMedia('(max-width: 1040px)').matches
    ? cells.filter((cell) => cell.matches('td') && getComputedStyle(cell, '::before').content === 'none')
    : heads.filter((head) => head.clientWidth < 20);
  return { broken, lost: lost.length, hidden: hidden.length };
})()`;

/** Part of the budget bar outside of the window, and the rows that it covers. */
const BUDGET = `(() => {
  const { top, bottom, left, right } = document.querySelector('.budget summary').getBoundingClientRect();
  const isInside = top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
  const rows = [...document.querySelectorAll('main .row, main .card, main h1')].filter((one) => {
    const box = one.getBoundingClientRect();
    const covers = box.top < bottom && box.bottom > top && box.left < right && box.right > left;
    const bar = document.querySelector('.top').getBoundingClientRect();
    // Content below a full-width bar is not covered by the budget.
    return covers && bar.width < innerWidth;
  });
  return { isInside, covered: rows.length };
})()`;

describe.each([
  { where: 'on a desktop', viewport: DESKTOP, widths: [900, DESKTOP.width], colorScheme: 'light' as const },
  { where: 'on a desktop, in the dark', viewport: DESKTOP, widths: [], colorScheme: 'dark' as const },
  { where: 'on a phone', viewport: PHONE, widths: [320, PHONE.width], colorScheme: 'light' as const },
  { where: 'on a phone, in the dark', viewport: PHONE, widths: [], colorScheme: 'dark' as const },
])('$where', ({ viewport, widths, colorScheme }) => {
  async function expectGood(screen: string): Promise<void> {
    const directory = process.env['SCREENSHOT_DIR'];
    if (directory) {
      const name = `dashboard-${screen}-${String(viewport.width)}-${colorScheme}.png`;
      await page().screenshot({ path: join(directory, name), fullPage: !screen.includes('window') });
    }
    await page().evaluate(AXE);
    const { violations } = await page().evaluate<{ violations: Violation[] }>('axe.run()');
    expect(
      violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
      screen,
    ).toEqual([]);
    for (const width of [...widths, viewport.width]) {
      await page().setViewportSize({ ...viewport, width });
      const excess = () => page().evaluate('document.documentElement.scrollWidth - innerWidth');
      await expect.poll(excess, { ...PAGE_TIMEOUT, message: `${screen} at ${String(width)}` }).toBe(0);
      expect(await page().evaluate(FAULTS), screen).toEqual({ broken: [], lost: 0, hidden: 0 });
      expect(await page().evaluate(BUDGET), screen).toEqual({ isInside: true, covered: 0 });
    }
  }

  it('contacts are accessible and fit the width of the window', async () => {
    await open('/contacts', { viewport, colorScheme });
    await poll(() => page().locator('.row .chips').count()).toBeGreaterThan(50);
    await page().evaluate('scrollTo(0, 1200)');
    await expectGood('contacts-window');
    await page().evaluate('scrollTo(0, 0)');

    await page().locator('.budget summary').click();
    await page().getByRole('heading', { name: 'API budget' }).waitFor();
    await expectGood('budget-window');
    await page().locator('.budget summary').click();

    await page().locator('.row').nth(1).getByRole('checkbox').check();
    await expectGood('selected-window');
    await button('Delete…').click();
    await page().getByRole('dialog').waitFor();
    await expectGood('delete-selected-window');
    await page().keyboard.press('Escape');
    await button('Clear selection').click();

    await page().getByRole('searchbox').fill('nobody of that name');
    await page().getByText('No contacts match').waitFor();
    await expectGood('nothing-found');

    await page().goto(`${dashboard().url}/contacts/${fullContact().contact_id}`);
    await page().getByRole('heading', { name: 'Engagement' }).waitFor();
    await poll(() => page().locator('.facts .chips').count()).toBe(2);
    const style = (kind: string) =>
      page().evaluate<string>(
        `(({ borderRadius, backgroundColor }) => borderRadius + backgroundColor)(getComputedStyle(document.querySelector('.chips.${kind} li')))`,
      );
    expect(await style('lists')).toContain('rgb');
    expect(await style('lists')).not.toBe(await style('tags'));
    await expectGood('contact');
    await button('Edit').click();
    await page().getByLabel('First name').fill('x'.repeat(60));
    await button('Save').click();
    await page().getByText('At most 50 characters').waitFor();
    await expectGood('contact-edit');
    await link('Lists').click();
    await page().getByRole('dialog').waitFor();
    await expectGood('unsaved-window');
    await button('Discard changes').click();
    await page().getByRole('heading', { level: 1, name: 'Lists and tags' }).waitFor();

    await page().goto(`${dashboard().url}/contacts/new`);
    await page().getByLabel('Add a custom field').waitFor();
    await expectGood('new-contact');
    await page().goto(`${dashboard().url}/contacts/nobody`);
    await page().getByRole('heading', { name: 'No such contact' }).waitFor();
    await expectGood('no-such-contact');
  });

  it('all other screens are accessible and fit the width of the window', async () => {
    await open('/lists', { viewport, colorScheme });
    await poll(() => page().locator('.row').count()).toBeGreaterThan(30);
    await expectGood('lists');
    await button('Rename Board').click();
    await button('Create list').click();
    await page().locator('.field-error').waitFor();
    await page().getByLabel('Name of the new list').fill('Sailors');
    await button('Create list').click();
    await page().getByText('was created').waitFor();
    await expectGood('list-created-window');
    await link('Tags').click();
    await page().getByRole('table', { name: 'Tags' }).waitFor();
    await expectGood('tags');

    await link('Campaigns').click();
    await page().getByRole('table', { name: 'Figures by campaign' }).waitFor();
    await expectGood('campaigns');
    await page().getByRole('table').getByRole('link').nth(2).click();
    await page().getByRole('heading', { name: 'Clicks by link' }).waitFor();
    await expectGood('campaign');

    await link('Events').click();
    await page().getByRole('table', { name: 'Events' }).waitFor();
    await expectGood('events');
    const registration = [...account().registrations].find(
      (one) =>
        account().events.get(one.event_id)!.status === 'ACTIVE' &&
        one.registration_status === 'REGISTERED' &&
        one.tickets.length > 1,
    )!;
    await link(account().events.get(registration.event_id)!.name).click();
    await page().getByRole('searchbox').fill(registration.email_address);
    await poll(() => page().locator('.row').count()).toBe(1);
    await button(/^Tickets of/).click();
    await button(/^Check in all/).waitFor();
    await expectGood('tickets');
    await page().getByRole('searchbox').fill('');
    await poll(() => page().locator('.row').count()).toBeGreaterThan(5);
    await expectGood('event');

    await link('Import').click();
    await page().getByLabel('Volunteers').waitFor();
    await expectGood('import');
    await link('Past imports').click();
    await page().getByRole('table', { name: 'Past imports' }).waitFor();
    await expectGood('past-imports');
    await link('spring-open-house.csv').click();
    await page().getByText('Line 14 email_address is not valid.').waitFor();
    await expectGood('import-done');

    await page().route('**/graphql', (route) => route.abort());
    await page().goto(`${dashboard().url}/contacts`);
    await page().getByText('No connection to the server.').waitFor();
    await expectGood('no-connection');
  });
});
