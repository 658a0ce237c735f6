import { describe, expect, it } from 'vitest';
import { contactTools } from '../support/contacts.js';
import { dashboardSession, PAGE_TIMEOUT } from '../support/dashboard.js';
import { workTools } from '../support/dashboard-work.js';

const session = dashboardSession({ requestsPerDay: 10_000 });
const { app, page, open, calls } = session;
const { rows, button, toast, heading, expectCost, openContacts } = workTools(session);
const poll = <Value>(look: () => Value) => expect.poll(look, PAGE_TIMEOUT);
const { account } = contactTools(app);
const table = (name: string) => page().getByRole('table', { name });
const order = (column: string) =>
  page().getByRole('columnheader', { name: column }).getAttribute('aria-sort');
const query = () => new URL(page().url()).search;
const cells = (name: string, column: number) =>
  table(name)
    .getByRole('row')
    .locator(`:scope > :nth-child(${String(column)}):is(th, td):not([scope="col"])`)
    .allTextContents();

describe('lists and tags', () => {
  it('are created, renamed, deleted and sorted', async () => {
    await openContacts();
    await page().getByRole('link', { name: 'Lists' }).click();
    // The contacts are rows as well, and stay until the lists are shown.
    await table('Lists').waitFor();
    expect(await rows().count()).toBeGreaterThan(30);
    expectCost('Open lists and tags', ['getLists', 'getTags']);
    const list = account().lists.find(({ name }) => name === 'General Interest')!;
    const size = [...account().contacts].filter(
      (row) => row.deleted_at === null && row.list_memberships.includes(list.list_id),
    ).length;
    expect(await table('Lists').getByRole('row').filter({ hasText: list.name }).textContent()).toContain(
      String(size),
    );
    const sizes = async () => (await cells('Lists', 2)).map((text) => Number(text.replace(',', '')));
    const ascending = (await sizes()).sort((a, b) => a - b);
    await button('Contacts').click();
    await poll(() => order('Contacts')).toBe('ascending');
    await poll(query).toBe('?sort=size');
    await poll(sizes).toEqual(ascending);
    await button('Contacts').click();
    await poll(() => order('Contacts')).toBe('descending');
    await poll(query).toBe('?sort=-size');
    await poll(sizes).toEqual([...ascending].reverse());
    // A second click counts even if it comes before the page shows the first.
    await button('Name').click();
    await poll(() => order('Name')).toBe('ascending');
    await button('Contacts').dblclick();
    await poll(() => order('Contacts')).toBe('descending');
    await poll(query).toBe('?sort=-size');
    await poll(sizes).toEqual([...ascending].reverse());
    expect(calls()).toEqual([]);

    await page().getByLabel('Name of the new list').fill('Harbour walks');
    await button('Create list').click();
    await toast('The list “Harbour walks” was created.');
    await button('Rename Harbour walks').click();
    await page().getByLabel('New name of Harbour walks').fill('Staff');
    await button('Rename').click();
    await page().locator('.field-error').waitFor();
    calls();
    await page().getByLabel('New name of Harbour walks').fill('Walks');
    await button('Rename').click();
    await toast('“Harbour walks” is now “Walks”.');
    expect(account().lists.find(({ name }) => name === 'Walks')).toBeDefined();
    calls();
    await button('Delete Walks').click();
    await page().getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await toast(/“Walks” is being deleted/);
    await poll(() => button('Rename Walks').count()).toBe(0);
    expectCost('Delete a list or a tag', ['deleteListActivity']);

    await page().getByRole('link', { name: 'Tags' }).click();
    await page().getByLabel('Name of the new tag').fill('sails');
    calls();
    await button('Create tag').click();
    await toast('The tag “sails” was created.');
    expectCost('Create a list or a tag', ['postTag']);
    await button('Delete sails').click();
    await page().getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await toast(/“sails” is being deleted/);
    // The change shows on the other screens without another call.
    await page().getByRole('link', { name: 'Contacts', exact: true }).first().click();
    await page().getByRole('option', { name: 'Monthly Newsletter' }).first().waitFor({ state: 'attached' });
    await poll(() => page().getByRole('option', { name: 'sails' }).count()).toBe(0);
  });
});

describe('events', () => {
  it('are filtered and sorted by the API, and their tickets are checked in', async () => {
    await open('/events');
    await poll(() => rows().count()).toBe(
      [...account().events].filter(({ status }) => status !== 'DELETED').length,
    );
    expectCost('Open events', ['findEvents']);
    await button('Event').click();
    await poll(query).toBe('?sort=NAME');
    const names = () => cells('Events', 1);
    await poll(async () => (await names())[0]).toBe(
      [...account().events]
        .filter(({ status }) => status !== 'DELETED')
        .map(({ name }) => name)
        .sort((a, b) => a.localeCompare(b))[0],
    );
    expectCost('Sort or filter events', ['findEvents']);
    await page().getByLabel('Status').selectOption('Active');
    const statuses = async () => [...new Set(await cells('Events', 4))];
    await poll(statuses).toEqual(['Active']);
    await page().reload();
    await poll(statuses).toEqual(['Active']);

    const registration = [...account().registrations].find(
      (one) =>
        account().events.get(one.event_id)!.status === 'ACTIVE' &&
        one.registration_status === 'REGISTERED' &&
        one.tickets.length > 1,
    )!;
    const event = account().events.get(registration.event_id)!;
    calls();
    await page().getByRole('link', { name: event.name }).click();
    await heading(event.name);
    await poll(() => rows().count()).toBeGreaterThan(0);
    expectCost('Open an event', ['findRegistrationsUsingGET', 'getEvent_2']);
    await page().getByRole('searchbox').fill(registration.email_address);
    const row = page().getByRole('row').filter({ hasText: registration.email_address });
    await poll(() => rows().count()).toBe(1);
    calls();
    await row.getByRole('button', { name: /^Tickets of/ }).click();
    await button(`Check in all ${String(registration.tickets.length)}`).waitFor();
    expectCost('Look at tickets', ['getRegistrationInfo']);
    await page()
      .getByRole('list', { name: /^Tickets of/ })
      .getByRole('button')
      .first()
      .click();
    await toast(/: checked in\./);
    expectCost('Check in tickets', ['checkInTickets']);
    const all = String(registration.tickets.length);
    await row.getByText(`1 of ${all}`).waitFor();
    await button('Undo').click();
    await toast(/: check-in undone\./);
    expect(calls()).toEqual(['undoCheckInTickets']);
    await button(`Check in all ${all}`).click();
    await row.getByText(`${all} of ${all}`).waitFor();
    expect(
      account()
        .registrations.get(registration.registration_id)!
        .tickets.every(({ checked_in_time }) => checked_in_time),
    ).toBe(true);
    expect(calls()).toEqual(['checkInTickets']);
  });
});

describe('imports', () => {
  it('of the past are listed, and each opens', async () => {
    await open('/import');
    await page().getByLabel('Volunteers').waitFor();
    calls();
    await page().getByRole('link', { name: 'Past imports' }).click();
    await poll(() => rows().count()).toBe(2);
    expectCost('Look at past imports', ['getActivityStatusCollection']);
    await page().getByRole('link', { name: 'spring-open-house.csv' }).click();
    await page().getByText('Line 14 email_address is not valid.').waitFor();
    await page().reload();
    await page().getByRole('heading', { name: 'spring-open-house.csv' }).waitFor();
  });

  it('that do not exist are reported as not found', async () => {
    for (const id of ['nobody', '00000000-0000-4000-8000-000000000000']) {
      await open(`/import/${id}`);
      await page().getByText('Import not found').waitFor();
      expect(await page().getByRole('progressbar').count()).toBe(0);
      await page().close();
    }
    await open('/import');
  });
});

describe('campaigns', () => {
  it('are sorted by any figure without a call, and the URL keeps the order', async () => {
    await open('/campaigns?last=12');
    await poll(() => rows().count()).toBe(12);
    calls();
    const sent = () => cells('Figures by campaign', 3);
    await button('Emails').click();
    await poll(query).toBe('?last=12&sort=sends');
    await poll(() => order('Emails')).toBe('ascending');
    const numbers = async () => (await sent()).map((text) => Number(text.replaceAll(',', '')));
    const ascending = (await numbers()).sort((a, b) => a - b);
    await poll(numbers).toEqual(ascending);
    expect(calls()).toEqual([]);
  });
});
