import { describe, expect, it } from 'vitest';
import { contactTools } from '../support/contacts.js';
import { dashboardSession, PAGE_TIMEOUT } from '../support/dashboard.js';
import { workTools } from '../support/dashboard-work.js';

const session = dashboardSession({ requestsPerDay: 10_000 });
const { app, page, open, calls } = session;
const { costs, rows, button, toast, heading, expectCost, openContacts } = workTools(session);
const poll = <Value>(look: () => Value) => expect.poll(look, PAGE_TIMEOUT);
const { account, some, fullContact, fieldNamed, listNamed } = contactTools(app);

describe('contacts', () => {
  it('are created, with errors shown at their fields, and deleted', async () => {
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
    // The message is shown for a few seconds only.
    await Promise.all([heading('Grace'), toast('The contact was created.')]);
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
    await poll(() => app().calls().sort()).toEqual(['deleteContact', 'getContacts']);
    expect(costs['Delete a contact']).toBe(1);
    expect(some((row) => row.email?.address === 'grace.hopper@navy.example').deleted_at).not.toBeNull();
  });

  it('are edited with their lists, tags, phone numbers and custom fields', async () => {
    const before = fullContact();
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

  it('are changed in bulk, with a toast that shows progress until the job ends', async () => {
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

    await page().getByLabel('Select all loaded rows').check();
    await page().getByText('100 contacts selected').waitFor();
    await button('Clear selection').click();
    await pick(second);
    await button('Delete…').click();
    await page().getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await toast('1 contact deleted.');
    await poll(() => page().getByText(second!.email!.address).count()).toBe(0);
    expect(account().contacts.get(second!.contact_id)!.deleted_at).not.toBeNull();

    // With several pages loaded, the list starts again and lacks none of them.
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

  it('keep filters and search in the URL, and clear them', async () => {
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
    await poll(() => status.inputValue()).toBe('');
    await poll(() => rows().count()).toBe(100);
    await poll(() => button('Clear filters').count()).toBe(0);
    expect(await page().getByRole('columnheader').allInnerTexts()).toEqual([
      expect.anything(),
      'Name and address',
      'Company',
      'Status',
      'Lists',
      'Tags',
    ]);
  });

  it('are changed in jobs of 500, and those hidden by a search are counted', async () => {
    await openContacts();
    for (const loaded of [200, 300, 400, 500, 600]) {
      await page().evaluate('scrollTo(0, document.body.scrollHeight)');
      await poll(() => rows().count()).toBe(loaded);
    }
    calls();
    await page().getByLabel('Select all loaded rows').check();
    await page().getByRole('searchbox').fill('zara.fletcher@example.org');
    await page().getByText('600 contacts selected, 599 of them not shown').waitFor();
    await page().getByLabel('Which list').selectOption('Scratch');
    await button('Apply').click();
    await Promise.all([500, 100].map((count) => toast(`${String(count)} contacts added to “Scratch”.`)));
    expect(calls().filter((call) => call === 'postListAddContact')).toHaveLength(2);
    const listed = [...account().contacts].filter((row) =>
      row.list_memberships.includes(listNamed('Scratch')),
    );
    expect(listed.length).toBeGreaterThan(500);
  });

  it('that are deleted are reported, and going back keeps the filter', async () => {
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

  it('ask for confirmation before unsaved changes are lost', async () => {
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

  it('that were deleted in the meantime can be restored with the changes', async () => {
    await openContacts();
    await page().locator('.who a').first().click();
    await button('Edit').click();
    await page().getByLabel('Company').fill('Somewhere else');
    const row = account().contacts.get(String(new URL(page().url()).pathname.split('/').at(-1)))!;
    row.deleted_at = Date.now();
    calls();
    await button('Save').click();
    const alert = page().getByRole('alert').filter({ hasText: 'deleted in the meantime' });
    await alert.waitFor();
    expect(await alert.innerText()).not.toContain('revive');
    expect(calls()).toEqual(['getContact']);
    await button('Restore and save').click();
    await toast('The contact was saved.');
    expect(calls()).toEqual(['getContact', 'putContact']);
    expect(row).toMatchObject({ deleted_at: null, company_name: 'Somewhere else' });
  });
});
