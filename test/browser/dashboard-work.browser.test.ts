import { describe, expect, it } from 'vitest';
import { contactTools } from '../support/contacts.js';
import { dashboardSession, documentedCosts, PATIENTLY } from '../support/dashboard.js';

const { app, page, open, calls } = dashboardSession({
  requestsPerDay: 10_000,
});
const costs = documentedCosts();
const { account, some, rich, fieldNamed, listNamed } = contactTools(app);

const poll = <Value>(look: () => Value) => expect.poll(look, PATIENTLY);
const rows = () => page().locator('.row');
const button = (name: string | RegExp) => page().getByRole('button', { name, exact: true });
const toast = (text: string | RegExp) =>
  page().getByRole('region', { name: 'Notifications' }).getByText(text).waitFor();
const heading = (name: string | RegExp) => page().getByRole('heading', { level: 1, name }).waitFor();
const table = (name: string) => page().getByRole('table', { name });
const cells = (name: string, column: number) =>
  table(name)
    .getByRole('row')
    .locator(`:scope > :nth-child(${String(column)}):is(th, td):not([scope="col"])`)
    .allTextContents();

/** REST calls since last asked, held against what the README of the dashboard says; polls of a job are not counted. */
function expectCost(what: string, made: string[]): void {
  expect(calls().filter((call) => call !== 'getActivity')).toEqual(made);
  expect(costs[what], what).toBe(made.length);
}

async function openContacts(query = ''): Promise<void> {
  await open(`/contacts${query}`);
  await poll(() => rows().count()).toBeGreaterThan(0);
  await page().getByRole('option', { name: 'Monthly Newsletter' }).first().waitFor({ state: 'attached' });
  calls();
}

describe('contacts', () => {
  it('are created, with complaints at their fields, and deleted', async () => {
    await openContacts();
    await page().getByRole('link', { name: 'New contact' }).click();
    await heading('New contact');
    await page().getByLabel('Email').fill('no address');
    await button('Save').click();
    await page().locator('.field-error, .form-error').first().waitFor();
    await page().getByLabel('First name').fill('Grace');
    await page().getByLabel('Email').fill('grace.hopper@navy.example');
    await page().getByLabel('Lists', { exact: true }).selectOption('Volunteers');
    await page().getByLabel('Tags', { exact: true }).selectOption('poetry');
    await button('Add a phone number').click();
    await page().getByLabel('Number 1', { exact: true }).fill('+1 555 0100');
    calls();
    await button('Save').click();
    await heading('Grace');
    await toast('The contact was created.');
    await page().getByRole('heading', { name: 'Engagement' }).waitFor();
    const made = calls().filter((call) => call === 'createContact');
    expect(made).toHaveLength(costs['Create a contact']!);
    expect(some((row) => row.email?.address === 'grace.hopper@navy.example')).toMatchObject({
      first_name: 'Grace',
      list_memberships: [listNamed('Volunteers')],
      phone_numbers: [{ phone_number: '+1 555 0100', kind: 'mobile' }],
    });

    await button('Delete').click();
    await page().getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(calls()).toEqual([]);
    await button('Delete').click();
    await page().getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await toast('Grace was deleted.');
    await poll(() => rows().count()).toBe(100);
    const [deletion, ...after] = calls();
    expect([deletion, ...after].sort()).toEqual(['deleteContact', 'getContacts']);
    expect(costs['Delete a contact']).toBe(1);
    expect(some((row) => row.email?.address === 'grace.hopper@navy.example').deleted_at).not.toBeNull();
  });

  it('are edited with their lists, tags, phone numbers and custom fields', async () => {
    const before = rich();
    const list = account().lists.find(({ list_id }) => list_id === before.list_memberships[0])!;
    const unused = account().lists.find(
      ({ list_id, deleted_at, channel }) =>
        deleted_at === null && channel === 'email' && !before.list_memberships.includes(list_id),
    )!;
    await open(`/contacts/${before.contact_id}?edit=1`);
    const lists = page().getByLabel('Lists', { exact: true });
    await lists.getByRole('option', { name: unused.name }).waitFor({ state: 'attached' });
    calls();
    await lists.selectOption(unused.name);
    await page()
      .getByRole('list', { name: 'Chosen lists' })
      .first()
      .getByLabel(`Remove ${list.name}`)
      .click();
    await button('Remove number 1').click();
    const phones = page().getByRole('group', { name: 'Phone numbers' });
    await phones.getByRole('button', { name: 'Add a phone number' }).click();
    const last = before.phone_numbers.length;
    await page()
      .getByLabel(`Number ${String(last)}`, { exact: true })
      .fill('+49 30 1234');
    await page()
      .getByLabel(`Kind of number ${String(last)}`)
      .selectOption('Work');
    await page().getByLabel('Nickname').fill('Skipper');
    await page().getByLabel('Contact Frequency').selectOption('Quarterly');
    await page().getByLabel('Loyalty Card').fill('');
    await button('Save').click();
    await toast('The contact was saved.');
    expectCost('Save a change', ['getContact', 'putContact']);

    const after = account().contacts.get(before.contact_id)!;
    expect(after.list_memberships).toContain(unused.list_id);
    expect(after.list_memberships).not.toContain(list.list_id);
    expect(after.taggings).toEqual(before.taggings);
    expect(after.phone_numbers.map(({ phone_number }) => phone_number)).toEqual([
      ...before.phone_numbers.slice(1).map(({ phone_number }) => phone_number),
      '+49 30 1234',
    ]);
    const valueOf = (label: string) =>
      after.custom_fields.find(
        ({ custom_field_id }) => custom_field_id === fieldNamed(label).custom_field_id,
      );
    expect(valueOf('Nickname')).toMatchObject({ value: 'Skipper' });
    expect(valueOf('Contact Frequency')).toMatchObject({ choice_ids: ['000003'] });
    expect(valueOf('Loyalty Card')).toBeUndefined();
    expect(after.custom_fields).toHaveLength(before.custom_fields.length - 1);
    await page().locator('.facts .chips.lists').getByText(unused.name).waitFor();
    await page().getByText('Quarterly').waitFor();
  });

  it('are changed many at once, which a toast follows to its end', async () => {
    await openContacts();
    const [first, second] = [...account().contacts].filter(
      (row) =>
        row.deleted_at === null &&
        row.email !== null &&
        row.email.permission_to_send !== 'unsubscribed' &&
        row.list_memberships.length < 2,
    );
    const pick = (row: typeof first) =>
      page().getByRole('row').filter({ hasText: row!.email!.address }).getByRole('checkbox').check();
    await pick(first);
    await pick(second);
    await page().getByText('2 contacts selected').waitFor();
    await page().getByLabel('Which list').selectOption('Scratch');
    await button('Apply').click();
    await toast('2 contacts added to “Scratch”.');
    const listed = () =>
      page().getByRole('row').filter({ hasText: first!.email!.address }).getByText('Scratch').count();
    await poll(listed).toBe(1);
    const made = calls().filter((call) => call !== 'getActivity');
    expect(made).toEqual(['getContacts', 'postListAddContact']);
    expect(costs['Change selected contacts']).toBe(1);
    expect(account().contacts.get(first!.contact_id)!.list_memberships).toContain(listNamed('Scratch'));

    await page().getByLabel('Select all that are loaded').check();
    await page().getByText('100 contacts selected').waitFor();
    await button('Clear selection').click();
    await pick(second);
    await button('Delete…').click();
    await page().getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await toast('1 contact deleted.');
    await poll(() => page().getByText(second!.email!.address).count()).toBe(0);
    expect(account().contacts.get(second!.contact_id)!.deleted_at).not.toBeNull();

    // With several pages loaded, the list begins anew and lacks none of them.
    for (const loaded of [200, 300]) {
      await page().evaluate('scrollTo(0, document.body.scrollHeight)');
      await poll(() => rows().count()).toBe(loaded);
    }
    await pick(first);
    await page().getByLabel('What to do').selectOption('Remove from list');
    await page().getByLabel('Which list').selectOption('Scratch');
    await button('Apply').click();
    await toast('1 contact removed from “Scratch”.');
    await poll(() => rows().count()).toBe(100);
    await page().evaluate('scrollTo(0, document.body.scrollHeight)');
    await poll(() => rows().count()).toBe(200);
    const links = await page()
      .locator('.who a')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href')?.split('/').at(-1)));
    const inOrder = [...account().contacts].filter(({ deleted_at }) => deleted_at === null);
    expect(links).toEqual(inOrder.slice(0, 200).map(({ contact_id }) => contact_id));
  });

  it('keep filters and search in the address, and clear them', async () => {
    await openContacts('?status=UNSUBSCRIBED&q=a');
    const status = page().getByRole('combobox', { name: 'Status' });
    expect(await status.inputValue()).toBe('UNSUBSCRIBED');
    expect(await page().getByRole('searchbox').inputValue()).toBe('a');
    await page().getByRole('searchbox').press('End');
    await page().getByRole('searchbox').pressSequentially('nn');
    await poll(() => new URL(page().url()).search).toBe('?status=UNSUBSCRIBED&q=ann');
    await page().locator('.who a').first().click();
    await page().getByRole('heading', { name: 'Engagement' }).waitFor();
    await page().goBack();
    await poll(() => page().getByRole('searchbox').inputValue()).toBe('ann');
    await button('Clear filters').click();
    await poll(() => new URL(page().url()).search).toBe('');
    await poll(() => page().getByRole('searchbox').inputValue()).toBe('');
    expect(await status.inputValue()).toBe('');
    await poll(() => rows().count()).toBe(100);
    expect(await button('Clear filters').count()).toBe(0);
    expect(await page().getByRole('columnheader').allInnerTexts()).toEqual([
      expect.anything(),
      'Name and address',
      'Company',
      'Status',
      'Lists',
      'Tags',
    ]);
  });

  it('are changed in jobs of 500, and those that a search hides are counted', async () => {
    await openContacts();
    for (const loaded of [200, 300, 400, 500, 600]) {
      await page().evaluate('scrollTo(0, document.body.scrollHeight)');
      await poll(() => rows().count()).toBe(loaded);
    }
    calls();
    await page().getByLabel('Select all that are loaded').check();
    await page().getByRole('searchbox').fill('zara.fletcher@example.org');
    await page().getByText('600 contacts selected, 599 of them not shown').waitFor();
    await page().getByLabel('Which list').selectOption('Scratch');
    await button('Apply').click();
    await toast('500 contacts added to “Scratch”.');
    await toast('100 contacts added to “Scratch”.');
    expect(calls().filter((call) => call === 'postListAddContact')).toHaveLength(2);
    const listed = [...account().contacts].filter((row) =>
      row.list_memberships.includes(listNamed('Scratch')),
    );
    expect(listed.length).toBeGreaterThan(500);
  });

  it('that are deleted are said to be, and the way back keeps the filter', async () => {
    await openContacts('?status=DELETED');
    expect([...new Set(await page().locator('.row .badge').allTextContents())]).toEqual(['Deleted']);
    await page().locator('.who a').first().click();
    await page().getByRole('heading', { name: 'Engagement' }).waitFor();
    await page().locator('.page-head').getByText('Deleted').waitFor();
    expect(await button('Delete').count()).toBe(0);
    expect(await button('Edit').count()).toBe(0);
    await page().locator('.back').click();
    await poll(() => new URL(page().url()).search).toBe('?status=DELETED');

    await page().getByLabel('Status').selectOption('Subscribed');
    await poll(async () => [...new Set(await page().locator('.row .badge').allTextContents())]).toEqual([
      'Subscribed',
    ]);
    await page().locator('.who a').first().click();
    await button('Edit').click();
    await button('Cancel').click();
    await page().locator('.back').click();
    await poll(() => new URL(page().url()).search).toBe('?status=ACTIVE');
    // A filter that can match nothing is no failure.
    await page().goto(page().url().replace('status=ACTIVE', 'list=nobody'));
    await page().getByText('No contacts match').waitFor();
    expect(await page().getByRole('alert').count()).toBe(0);
  });

  it('have dates that are entered in the format of the reader', async () => {
    const contact = some(
      (row) => row.anniversary !== null && row.custom_fields.length > 20 && row.deleted_at === null,
    );
    await open(`/contacts/${contact.contact_id}?edit=1`, { timezoneId: 'Asia/Tokyo' });
    const anniversary = page().getByLabel('Anniversary');
    await poll(() => anniversary.getAttribute('type')).toBe('date');
    expect(await anniversary.inputValue()).toMatch(/^\d{4}-\d\d-\d\d$/);
    const appointment = page().getByLabel('Next Appointment');
    await poll(() => appointment.getAttribute('type')).toBe('datetime-local');
    await button('Cancel').click();
    // Nothing was changed by showing it.
    await button('Edit').click();
    await anniversary.fill('2001-02-03');
    await appointment.fill('2027-01-02T09:30:00');
    await button('Save').click();
    await toast('The contact was saved.');
    await page().getByText('Feb 3, 2001').waitFor();
    await page().getByText('Jan 2, 2027, 9:30 AM').waitFor();
    const after = account().contacts.get(contact.contact_id)!;
    const id = fieldNamed('Next Appointment').custom_field_id;
    const saved = after.custom_fields.find(({ custom_field_id }) => custom_field_id === id);
    expect(saved).toMatchObject({ value: '2027-01-02T00:30:00Z' });
  });

  it('ask before changes are lost', async () => {
    await openContacts();
    await page().locator('.who a').first().click();
    await button('Edit').click();
    await page().getByLabel('Company').fill('Somewhere else');
    const dialog = page().getByRole('dialog', { name: 'Leave without saving?' });
    await page().getByRole('link', { name: 'Campaigns' }).click();
    await dialog.getByRole('button', { name: 'Keep editing' }).click();
    expect(await page().getByLabel('Company').inputValue()).toBe('Somewhere else');
    await button('Cancel').click();
    await dialog.waitFor();
    await page().keyboard.press('Escape');
    await poll(() => dialog.count()).toBe(0);

    let asked = 0;
    page().on('dialog', (shown) => {
      asked++;
      void shown.dismiss();
    });
    await page().evaluate('void location.reload()');
    await poll(() => asked).toBe(1);
    expect(await page().getByLabel('Company').inputValue()).toBe('Somewhere else');

    await page().goBack();
    await dialog.getByRole('button', { name: 'Discard changes' }).click();
    await poll(() => rows().count()).toBe(100);
    calls();
    await page().getByRole('link', { name: 'Events' }).click();
    await heading('Events');
    expect(await dialog.count()).toBe(0);
  });
});

describe('lists and tags', () => {
  it('are created, renamed, deleted and sorted', async () => {
    await openContacts();
    await page().getByRole('link', { name: 'Lists' }).click();
    await poll(() => rows().count()).toBeGreaterThan(30);
    expectCost('Open lists and tags', ['getLists', 'getTags']);
    const list = account().lists.find(({ name }) => name === 'General Interest')!;
    const size = [...account().contacts].filter(
      (row) => row.deleted_at === null && row.list_memberships.includes(list.list_id),
    ).length;
    expect(await table('Lists').getByRole('row').filter({ hasText: list.name }).innerText()).toContain(
      String(size),
    );
    await button('Contacts').click();
    await button('Contacts').click();
    const sizes = (await cells('Lists', 2)).map((text) => Number(text.replace(',', '')));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(new URL(page().url()).search).toBe('?sort=-size');
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
    // What was changed is on the other screens without another call.
    await page().getByRole('link', { name: 'Contacts', exact: true }).first().click();
    await page().getByRole('option', { name: 'sails' }).waitFor({ state: 'detached' });
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
    await poll(() => new URL(page().url()).search).toBe('?sort=NAME');
    const names = () => cells('Events', 1);
    await poll(async () => (await names())[0]).toBe(
      [...account().events]
        .filter(({ status }) => status !== 'DELETED')
        .map(({ name }) => name)
        .sort((a, b) => a.localeCompare(b))[0],
    );
    expectCost('Sort or filter events', ['findEvents']);
    await page().getByLabel('Status').selectOption('Active');
    await poll(() => cells('Events', 4)).not.toContain('Draft');
    await page().reload();
    await poll(async () => [...new Set(await cells('Events', 4))]).toEqual(['Active']);

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
  it('of the past are listed, and each can be opened', async () => {
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

  it('that do not exist are said not to', async () => {
    for (const id of ['nobody', '00000000-0000-4000-8000-000000000000']) {
      await open(`/import/${id}`);
      await page().getByText('There is no such import').waitFor();
      expect(await page().getByRole('progressbar').count()).toBe(0);
      await page().close();
    }
    await open('/import');
  });
});

describe('campaigns', () => {
  it('are sorted by any figure at no cost, and the address keeps it', async () => {
    await open('/campaigns?last=12');
    await poll(() => rows().count()).toBe(12);
    calls();
    const sent = () => cells('Figures by campaign', 3);
    await button('Emails').click();
    await poll(() => new URL(page().url()).search).toBe('?last=12&sort=sends');
    const numbers = async () => (await sent()).map((text) => Number(text.replaceAll(',', '')));
    const ascending = (await numbers()).sort((a, b) => a - b);
    await poll(numbers).toEqual(ascending);
    expect(await page().getByRole('columnheader', { name: 'Emails' }).getAttribute('aria-sort')).toBe(
      'ascending',
    );
    expect(calls()).toEqual([]);
  });
});
