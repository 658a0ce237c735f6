import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/constant-contact/clock.js';
import { contactTools } from '../support/contacts.js';
import { dashboardSession, documentedCosts, PAGE_TIMEOUT } from '../support/dashboard.js';

const DAY_BUDGET = 10_000;

const { app, page, begin, end, open, calls } = dashboardSession({ requestsPerDay: DAY_BUDGET });
const costs = documentedCosts();
const { account, some } = contactTools(app);

/** The same as `calls`, held against what the README of the dashboard says. */
function expectCost(what: string, made: string[]): void {
  expect(calls()).toEqual(made);
  expect(costs[what], what).toBe(made.length);
}

const poll = <Value>(look: () => Value) => expect.poll(look, PAGE_TIMEOUT);
const rows = () => page().locator('.row');
const choice = (name: string) => page().getByRole('combobox', { name, exact: true });
const heading = (name: string | RegExp) => page().getByRole('heading', { level: 1, name });
const expectFocus = (what: string) =>
  poll(() => page().evaluate('document.activeElement.textContent')).toBe(what);

async function openContacts(): Promise<void> {
  await open('/contacts');
  await poll(() => rows().count()).toBe(100);
  await page().getByRole('option', { name: 'Monthly Newsletter' }).waitFor({ state: 'attached' });
}

/** Opens the contact who has every kind of detail. */
async function openRich() {
  const contact = some((row) => row.custom_fields.length > 20);
  await open(`/contacts/${contact.contact_id}`);
  await page().getByRole('heading', { name: 'Engagement' }).waitFor();
  return contact;
}

describe('contacts', () => {
  it('load one page per call while scrolling, and going back costs nothing', async () => {
    await openContacts();
    expectCost('Open contacts', ['getContacts', 'getLists', 'getTags']);
    await poll(() => page().getByRole('status').innerText()).toBe('100 of 1,000 contacts');

    for (const loaded of [200, 300, 400]) {
      await page().evaluate('scrollTo(0, document.body.scrollHeight)');
      await poll(() => rows().count()).toBe(loaded);
      expectCost('Scroll 100 contacts further', ['getContacts']);
    }
    const links = await page()
      .locator('.who a')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    expect(new Set(links).size).toBe(400);
    const known = new Set([...account().contacts].map(({ contact_id }) => contact_id));
    expect(links.every((link) => known.has(link.split('/').at(-1) ?? ''))).toBe(true);

    await page().locator('.who a').nth(350).click();
    await page().getByRole('heading', { name: 'Engagement' }).waitFor();
    expectCost('Open a contact', [
      'getContact',
      'getContactOpenClickRate',
      'getContactTracking',
      'getCustomFields',
    ]);
    await page().getByRole('link', { name: 'Contacts' }).first().click();
    await poll(() => rows().count()).toBe(400);
    expectCost('Go back to the contacts', []);
    await page().locator('.budget summary').click();
    await page().getByRole('heading', { name: 'API budget' }).waitFor();
    expectCost('Look at the budget', []);
    const left = DAY_BUDGET - 10;
    await poll(() => page().locator('.budget summary').innerText()).toContain(left.toLocaleString('en'));
  });

  it('are searched by name among the loaded ones, and by address in the whole account', async () => {
    await openContacts();
    calls();
    const box = page().getByRole('searchbox');
    // Not the inner text, which rows lack until they are laid out.
    const first = String(await page().locator('.who a').first().textContent());
    await box.fill(first.toUpperCase());
    await poll(() => page().getByRole('status').innerText()).toMatch(/^\d+ match among 100 of 1,000/);
    expect(await page().locator('.who a').first().textContent()).toBe(first);
    expect(await rows().count()).toBeLessThan(100);
    // The end of the list is visible; only a click may load more.
    await page().getByRole('button', { name: 'Load more' }).waitFor();
    expectCost('Search by name, among the loaded', []);

    const last = [...account().contacts].filter((row) => row.deleted_at === null && row.email).at(-1)!;
    await box.fill(last.email!.address);
    await page().getByText('No contacts match').waitFor();
    await box.press('Enter');
    await poll(() => page().locator('.who').allTextContents()).toEqual([
      expect.stringContaining(last.email!.address),
    ]);
    expectCost('Search by address, in the whole account', ['getContacts']);

    await box.fill('');
    await poll(() => rows().count()).toBe(100);
    expect(calls()).toEqual([]);
  });

  it('are filtered by status, list and tag together, and the URL keeps the filter', async () => {
    await openContacts();
    calls();
    await choice('Status').selectOption('Unsubscribed');
    // Rows far below are not laid out, so they have text but no inner text.
    const badges = () => page().locator('.row .badge').allTextContents();
    await poll(async () => [...new Set(await badges())]).toEqual(['Unsubscribed']);
    expectCost('Filter by status, list or tag', ['getContacts']);

    const list = [...account().lists].find(({ name }) => name === 'Monthly Newsletter')!;
    await choice('Status').selectOption('Any status');
    await choice('List').selectOption(list.name);
    const count = [...account().contacts].filter(
      (row) => row.deleted_at === null && row.list_memberships.includes(list.list_id),
    ).length;
    await poll(() => page().getByRole('status').innerText()).toContain(` of ${String(count)} contacts`);
    expect(calls()).toEqual(['getContacts']);

    await page().reload();
    await poll(() => page().getByRole('status').innerText()).toContain(` of ${String(count)} contacts`);
    const tag = [...account().tags][0]!;
    await choice('Tag').selectOption(tag.name);
    const both = [...account().contacts].filter(
      (row) =>
        row.deleted_at === null &&
        row.list_memberships.includes(list.list_id) &&
        row.taggings.includes(tag.tag_id),
    );
    await poll(() => page().getByRole('status').innerText()).toBe(`${String(both.length)} contacts`);
  });
});

describe('a contact', () => {
  it('is updated in the account and on every screen, with errors shown at their fields', async () => {
    await openContacts();
    await page().locator('.who a').first().click();
    await page().getByRole('heading', { name: 'Engagement' }).waitFor();
    const id = page().url().split('/').at(-1)!;
    calls();
    await page().getByRole('button', { name: 'Edit' }).click();
    const firstName = page().getByLabel('First name');
    await firstName.fill('x'.repeat(60));
    await page().getByRole('button', { name: 'Save' }).click();
    await poll(() => firstName.getAttribute('aria-invalid')).toBe('true');
    const described = await firstName.getAttribute('aria-describedby');
    expect(
      await page()
        .locator(`[id="${String(described)}"]`)
        .innerText(),
    ).toContain('At most 50 characters');
    await poll(() => firstName.evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true);
    expectCost('Save what the server refuses', []);

    await firstName.fill('Wilhelmina');
    await page().getByLabel('Job title').fill('Lighthouse keeper');
    await page().getByLabel('Company').fill('');
    const before = structuredClone(account().contacts.get(id)!);
    await page().getByRole('button', { name: 'Save' }).click();
    await heading(/^Wilhelmina/).waitFor();
    expectCost('Save a change', ['getContact', 'putContact']);
    expect(account().contacts.get(id)).toMatchObject({
      first_name: 'Wilhelmina',
      job_title: 'Lighthouse keeper',
      company_name: null,
      last_name: before.last_name,
      email: before.email,
      list_memberships: before.list_memberships,
      custom_fields: before.custom_fields,
    });
    await page().getByRole('link', { name: 'Contacts' }).first().click();
    await poll(() => page().locator('.who a').first().textContent()).toMatch(/^Wilhelmina/);
    expect(calls()).toEqual([]);
  });

  it('shows lists, tags, custom fields, rates and history', async () => {
    const contact = await openRich();
    const names = (ids: readonly string[], all: Iterable<{ name: string }>, key: string) =>
      ids.map((one) => [...all].find((group) => (group as Record<string, unknown>)[key] === one)!.name);
    const chips = (kind: string) => page().locator(`.facts .chips.${kind} li`);
    await poll(async () => (await chips('lists').allInnerTexts()).sort()).toEqual(
      names(contact.list_memberships, account().lists, 'list_id').sort(),
    );
    await poll(async () => (await chips('tags').allInnerTexts()).sort()).toEqual(
      names(contact.taggings, account().tags, 'tag_id').sort(),
    );
    const section = (name: string) => page().locator('.card', { has: page().getByRole('heading', { name }) });
    expect(await section('Custom fields').locator('dt').count()).toBe(contact.custom_fields.length);
    expect(await section('Engagement').locator('.rate strong').allInnerTexts()).toEqual([
      expect.stringMatching(/^\d+\.\d%$/),
      expect.stringMatching(/^\d+\.\d%$/),
    ]);
    const entries = section('Activity').getByRole('listitem');
    expect(await entries.count()).toBe(8);
    calls();
    await section('Activity').getByRole('button').click();
    await poll(() => entries.count()).toBeGreaterThan(8);
    expect(calls()).toEqual([]);
  });

  it('can be edited by keyboard alone', async () => {
    await openContacts();
    await page().keyboard.press('Tab');
    await expectFocus('Skip to content');
    await page().keyboard.press('Enter');
    await poll(() => page().evaluate('document.activeElement.id')).toBe('main');
    // A new contact, search, three filters, two check boxes, and then the first contact.
    for (let times = 0; times < 8; times++) await page().keyboard.press('Tab');
    const name = String(await page().locator('.who a').first().textContent());
    await expectFocus(name);
    await page().keyboard.press('Enter');
    await page().getByRole('heading', { name: 'Engagement' }).waitFor();
    await expectFocus(name);
    await poll(() => page().evaluate('document.activeElement.tagName')).toBe('H1');
    await poll(() => page().title()).toContain(name);
    await page().keyboard.press('Tab');
    await expectFocus('Delete');
    await page().keyboard.press('Tab');
    await expectFocus('Edit');
    await page().keyboard.press('Enter');
    await poll(() => page().evaluate('document.activeElement.tagName')).toBe('INPUT');
    await page().keyboard.press('ControlOrMeta+A');
    await page().keyboard.type('Keyed');
    await page().keyboard.press('Enter');
    // Shown for a few seconds only.
    await page().getByRole('region', { name: 'Notifications' }).getByText('The contact was saved.').waitFor();
    await heading(/^Keyed/).waitFor();
    await expectFocus('Edit');
  });
});

describe('campaigns', () => {
  it('are shown in charts, and each in detail', async () => {
    await open('/campaigns');
    await page().getByRole('table').first().waitFor();
    expectCost('Open campaigns', ['getAllBulkEmailCampaignSummaries', 'retrieveEmailCampaignsUsingGET']);
    const lines = page().getByRole('table', { name: 'Figures by campaign' }).locator('tbody tr');
    expect(await lines.count()).toBe(24);
    const charts = page().locator('.chart');
    expect(await charts.count()).toBe(2);
    // Charts are drawn once they are measured.
    await poll(() => charts.last().locator('.recharts-bar-rectangle').count()).toBe(24);
    await choice('Period').selectOption('Last 12 campaigns');
    await poll(() => lines.count()).toBe(12);
    await poll(() => charts.last().locator('.recharts-bar-rectangle').count()).toBe(12);
    expect(calls()).toEqual([]);

    const line = lines.nth(3);
    const name = String(await line.getByRole('link').textContent());
    const [, emails, opened] = await line.getByRole('cell').allTextContents();
    await line.getByRole('link').click();
    await heading(name).waitFor();
    await page().getByRole('heading', { name: 'Clicks by link' }).waitFor();
    expectCost('Open a campaign', [
      'getCampaignActivityLinkStats',
      'getEmailSummary',
      'retrieveEmailCampaignUsingGET',
    ]);
    const tiles = await page().locator('.tile dd').allInnerTexts();
    expect(tiles.slice(0, 2)).toEqual([emails, opened]);
    expect(await charts.first().getAttribute('aria-label')).toContain(`Sent ${String(emails)}`);
  });
});

describe('an import', () => {
  const FILE = {
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      [
        'email,first_name,last_name,shoe_size',
        ...Array.from(
          { length: 40 },
          (_, at) => `new${String(at)}@arrivals.example,New,Person ${String(at)},41`,
        ),
        'no-address,Not,Valid,41',
      ].join('\n'),
    ),
  };

  it('follows the job to 100 %, and its contacts appear', async () => {
    const clock = { at: Date.now(), now: () => clock.at };
    await end();
    await begin({ sandbox: { activitySeconds: 3, clock } });
    await openContacts();
    calls();
    await page().getByRole('link', { name: 'Import', exact: true }).click();
    await page().getByLabel('Choose a CSV file').setInputFiles(FILE);
    expectCost('Open import', []);
    await page().getByRole('button', { name: 'Import', exact: true }).click();
    await page().getByRole('alert').filter({ hasText: 'Choose at least one list' }).waitFor();
    expect(calls()).toEqual([]);

    await page().getByLabel('Volunteers').check();
    await page().getByRole('button', { name: 'Import', exact: true }).click();
    await page().getByRole('alert').filter({ hasText: 'shoe_size' }).waitFor();
    // The heading may be the label of a custom field.
    expect(calls()).toEqual(['getCustomFields']);

    await page().getByLabel('Leave out columns').check();
    await page().getByRole('button', { name: 'Import', exact: true }).click();
    const bar = page().getByRole('progressbar');
    const done = async () => Number(await bar.getAttribute('value'));
    await poll(done).toBe(0);
    clock.at += 2_000;
    await poll(done).toBeGreaterThan(0);
    expect(await done()).toBeLessThan(100);
    clock.at += 2_000;
    await poll(done).toBe(100);
    expect(await page().getByRole('status').innerText()).toBe('Done');
    expect(await page().locator('.tile').allInnerTexts()).toEqual([
      expect.stringMatching(/Lines\s+41/),
      expect.stringMatching(/Added or changed\s+40/),
      expect.stringMatching(/Failed\s+1/),
      expect.stringMatching(/on no list\s+0/),
    ]);
    await page().getByText('shoe_size').waitFor();
    await page()
      .getByText(/email_address is not valid/)
      .waitFor();
    const made = calls();
    const looks = made.filter((call) => call === 'getActivity').length;
    expect(made.filter((call) => call !== 'getActivity').sort()).toEqual([
      'contactsCSVImport',
      'getCustomFields',
    ]);
    expect(costs['Import a file']).toBe(2);
    expect(looks).toBeLessThanOrEqual(8);

    const list = [...account().lists].find(({ name }) => name === 'Volunteers')!;
    const arrived = [...account().contacts].filter((row) => row.email?.address.endsWith('@arrivals.example'));
    expect(arrived).toHaveLength(40);
    expect(arrived.every((row) => row.list_memberships.includes(list.list_id))).toBe(true);
    // The pages that were stored before are not shown again.
    await page().getByRole('link', { name: 'Show contacts' }).click();
    await poll(() => page().getByRole('status').innerText()).toBe('100 of 1,040 contacts');
  });
});

describe('a failure', () => {
  /** Pauses between attempts take no time, so that the last failure shows soon. */
  const clock = { ...systemClock, sleep: (_: number, signal?: AbortSignal) => systemClock.sleep(0, signal) };
  beforeEach(async () => {
    await end();
    await begin({ client: { clock } });
  });

  it('of one part leaves the rest of the screen, and the part can be retried', async () => {
    app().sandbox.faults.script({
      operationId: 'getContactOpenClickRate',
      times: 4,
      fault: { kind: 'html', status: 503 },
    });
    const contact = await openRich();
    const engagement = page().locator('.card', { has: page().getByRole('heading', { name: 'Engagement' }) });
    await engagement.getByRole('alert').waitFor();
    expect(await page().locator('.history li').count()).toBe(8);
    expect(await page().getByRole('heading', { level: 1 }).innerText()).toContain(contact.first_name);
    await engagement.getByRole('button', { name: 'Try again' }).click();
    await engagement.locator('.rate').first().waitFor();
    expect(await page().getByRole('alert').count()).toBe(0);
  });

  it('for lack of budget says when to try again', async () => {
    app().sandbox.faults.script({ operationId: 'getContacts', times: 6, fault: { kind: 'throttled' } });
    await open('/contacts');
    await page().getByRole('alert').filter({ hasText: 'Too many requests at once' }).waitFor();
    await page().getByRole('button', { name: 'Try again' }).click();
    await poll(() => rows().count()).toBe(100);

    app().sandbox.faults.script({ operationId: 'getContacts', fault: { kind: 'quotaExceeded' } });
    await page().evaluate('scrollTo(0, document.body.scrollHeight)');
    await page().getByRole('alert').filter({ hasText: 'Today’s requests are used up' }).waitFor();
    expect(await rows().count()).toBe(100);
  });

  it('of the connection can be retried', async () => {
    await openContacts();
    // The page also tries by itself, every few seconds, and must not be first.
    let isOffline = true;
    await page().route('**/graphql', (route) =>
      isOffline || route.request().postData()?.includes('query Ping') ? route.abort() : route.continue(),
    );
    await page().evaluate('scrollTo(0, document.body.scrollHeight)');
    await page().getByRole('alert').filter({ hasText: 'The server cannot be reached' }).waitFor();
    expect(await rows().count()).toBe(100);
    await page().getByText('No connection to the server.').waitFor();
    isOffline = false;
    // The message is shown for a few seconds only, from the first answer on.
    await Promise.all([
      page().getByText('Connected again.').waitFor(),
      page().getByRole('button', { name: 'Try again' }).click(),
    ]);
    await poll(() => rows().count()).toBe(200);
    expect(await page().getByRole('alert').count()).toBe(0);
  });

  it('for lack of a token asks for one', async () => {
    await end();
    await begin({ credentials: null });
    await open('/contacts');
    const { token } = app().sandbox;
    await page().getByLabel('Access token').fill(token);
    await page().getByRole('button', { name: 'Use it' }).click();
    await poll(() => rows().count()).toBe(100);
    expect(await page().getByRole('alert').count()).toBe(0);
    // It is kept in memory alone.
    const stored = 'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])';
    expect(await page().evaluate<string>(stored)).not.toContain(token);
  });
});
