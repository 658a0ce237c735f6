import { describe, expect, it } from 'vitest';
import { contactTools } from '../support/contacts.js';
import { dashboardSession, DESKTOP, PAGE_TIMEOUT, PHONE } from '../support/dashboard.js';

const { app, page, begin, end, open, calls, stopFacade, restartFacade } = dashboardSession({
  requestsPerDay: 10_000,
});
const { some } = contactTools(app);

const poll = <Value>(look: () => Value) => expect.poll(look, PAGE_TIMEOUT);
const rows = () => page().locator('.row');
const button = (name: string | RegExp) => page().getByRole('button', { name, exact: true });
const toast = (text: string | RegExp) =>
  page().getByRole('region', { name: 'Notifications' }).getByText(text).waitFor();
const table = (name: string) => page().getByRole('table', { name });

async function openContacts(): Promise<void> {
  await open('/contacts');
  await poll(() => rows().count()).toBeGreaterThan(0);
}

describe('when the facade', () => {
  it('is down, the dashboard says so, and reloads everything once it is back', async () => {
    await stopFacade();
    await open('/contacts');
    await page().getByText('No connection to the server.').waitFor();
    expect(await page().locator('.budget summary').innerText()).toContain('not known yet');
    // Shown for a few seconds only.
    await Promise.all([toast('Connected again.'), restartFacade()]);
    await poll(() => rows().count()).toBe(100);
    await page().getByRole('option', { name: 'Monthly Newsletter' }).waitFor({ state: 'attached' });
    await poll(() => page().locator('.row .chips.lists').count()).toBeGreaterThan(50);
    await poll(() => page().locator('.row .chips.tags').count()).toBeGreaterThan(10);
    await poll(() => page().locator('.budget summary').innerText()).toMatch(/9,9\d\d calls left/);
    expect(await page().getByRole('alert').count()).toBe(0);
    expect(await page().getByText('No connection to the server.').count()).toBe(0);
    expect(calls()).toEqual(['getContacts', 'getLists', 'getTags']);
  });

  it('is down, screens and jobs are shown again once it is back', async () => {
    await openContacts();
    await page().context().setOffline(true);
    await page().getByRole('link', { name: 'Campaigns' }).click();
    await page().getByText('This screen could not be shown').waitFor();
    await page().getByText('No connection to the server.').waitFor();
    await page().context().setOffline(false);
    await table('Figures by campaign').waitFor();

    await page().getByRole('link', { name: 'Import' }).click();
    await page().getByRole('link', { name: 'Past imports' }).click();
    await page().getByRole('link', { name: 'spring-open-house.csv' }).waitFor();
    await stopFacade();
    await page().getByRole('link', { name: 'spring-open-house.csv' }).click();
    await page().getByRole('alert').filter({ hasText: 'The server cannot be reached' }).waitFor();
    await restartFacade();
    await page().getByText('Line 14 email_address is not valid.').waitFor();
    expect(await page().getByRole('alert').count()).toBe(0);
  });

  it('rejects a change, its message is shown and nothing is changed', async () => {
    await open('/lists');
    app().sandbox.faults.script({
      operationId: 'deleteListActivity',
      times: 9,
      fault: { kind: 'html', status: 500 },
    });
    await button('Delete Board').click();
    await page().getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await toast(
      /“Board” was not deleted\. The request failed\. Constant Contact cannot be reached, or its service failed\./,
    );
    expect(await button('Rename Board').count()).toBe(1);
  });
});

describe('for an account', () => {
  it('without any data, the dashboard says what to do first', async () => {
    await end();
    await begin({ sandbox: { empty: true } });
    await open('/contacts');
    await page().getByText('No contacts yet').waitFor();
    await page().getByRole('main').getByRole('link', { name: 'import a file' }).click();
    await page().getByText('No lists').waitFor();
    await page().getByRole('link', { name: 'Events' }).click();
    await page().getByText('No events yet').waitFor();
    await page().getByRole('link', { name: 'Import' }).click();
    await page().getByRole('link', { name: 'create one' }).click();
    await page().getByLabel('Name of the new list').fill('First');
    await button('Create list').click();
    await toast('The list “First” was created.');
  });

  it.each([DESKTOP, PHONE])(
    'with long words and emoji, the page fits into $width pixels',
    async (viewport) => {
      const name = 'L'.repeat(200);
      const { data } = await app().query(
        `mutation ($name: String!, $word: String!) {
        createContactList(input: { name: $name }) { contactList { listId } }
        createContact(input: { firstName: "👩‍🚀", lastName: "O'Neil", companyName: $word, jobTitle: $word
          emailAddress: { address: "astronaut@stars.example" } }) { contact { contactId } }
      }`,
        { variables: { name, word: 'W'.repeat(50) } },
      );
      const excess = () => page().evaluate('document.documentElement.scrollWidth - innerWidth');
      await open(`/contacts/${data.createContact.contact.contactId}`, { viewport });
      await page().getByRole('heading', { name: 'Engagement' }).waitFor();
      expect(await page().locator('.avatar').innerText()).toBe('O');
      await poll(excess).toBe(0);
      await page().goto(new URL('/import', page().url()).href);
      await page().getByLabel(name).waitFor();
      await poll(excess).toBe(0);
      await page().getByRole('link', { name: 'Lists' }).click();
      await button(`Delete ${name}`).click();
      const dialog = page().getByRole('dialog');
      await dialog.waitFor();
      expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
    },
  );
});

describe('for a reader', () => {
  it.each([
    ['de-DE', /^\d\d\.\d\d\.\d{4}(, \d\d:\d\d)?$/, /^1\.000/],
    ['en-GB', /^\d{1,2} [A-Z][a-z]{2,3} \d{4}(, \d\d:\d\d)?$/, /^1,000/],
  ])('in %s, dates and numbers have one format', async (locale, format, thousand) => {
    const contact = some(
      (row) => row.anniversary !== null && row.custom_fields.length > 20 && row.deleted_at === null,
    );
    await open(`/contacts/${contact.contact_id}`, { locale });
    await page().getByRole('heading', { name: 'Engagement' }).waitFor();
    const dates = await page().locator('time').allTextContents();
    expect(dates.length).toBeGreaterThan(8);
    for (const date of dates) expect(date).toMatch(format);
    await page().getByRole('link', { name: 'Contacts' }).first().click();
    await poll(async () => (await page().getByRole('status').innerText()).split(' of ')[1]).toMatch(thousand);
    for (const [section, waited] of [
      ['Events', 'Events'],
      ['Campaigns', 'Figures by campaign'],
    ] as const) {
      await page().getByRole('link', { name: section }).click();
      await table(waited).waitFor();
      const shown = await page().locator('time').allTextContents();
      expect(shown.length).toBeGreaterThan(8);
      for (const date of shown) expect(date).toMatch(format);
    }
  });
});
