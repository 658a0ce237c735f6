import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import type { ContactRow } from '../src/sandbox/stores/audience.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { NOWHERE, codes, contactTools, lasting, uuids } from './support/contacts.js';

let app: TestApp;

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 200 } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const { stored, rich, optedOut, gone, fieldNamed, listNamed, run } = contactTools(() => app);

describe('upsertContact', () => {
  const upsert = (input: Record<string, unknown>) =>
    run(
      'upsertContact',
      input,
      'action contact { contactId firstName emailAddress { permissionToSendRaw } }',
    );

  it('makes a contact whose address is new', async () => {
    const { action, contact, userErrors } = await upsert({
      emailAddress: { address: 'new@example.org' },
      firstName: 'New',
    });
    expect(userErrors).toEqual([]);
    expect({ action, name: contact.firstName, email: contact.emailAddress }).toEqual({
      action: 'CREATED',
      name: 'New',
      email: { permissionToSendRaw: 'implicit' },
    });
    expect(app.calls()).toEqual(['getContacts', 'createContact']);
  });

  it.each<[string, string, () => ContactRow]>([
    ['an active contact', 'UPDATED', rich],
    ['one that opted out', 'UPDATED', () => optedOut('Contact')],
    ['one that the account opted out', 'UPDATED', () => optedOut('Account')],
    ['a deleted one', 'REVIVED', gone],
  ])('changes %s and leaves its consent alone', async (_, expected, which) => {
    const before = which();
    // The API puts nobody on a list who is unsubscribed.
    const added = before.email!.opt_out_date === null ? [listNamed('Scratch')] : [];
    const { action, contact } = await upsert({
      emailAddress: { address: ` ${before.email!.address}` },
      firstName: 'Changed',
      addLists: added,
    });
    expect(action).toBe(expected);
    expect(contact).toEqual({
      contactId: before.contact_id,
      firstName: 'Changed',
      emailAddress: { permissionToSendRaw: before.email?.permission_to_send },
    });
    expect(lasting(stored(before.contact_id))).toEqual({
      ...lasting(before),
      first_name: 'Changed',
      deleted_at: null,
      list_memberships: [...before.list_memberships, ...added],
    });
    expect(app.calls()).toEqual(['getContacts', 'putContact']);
  });

  it('changes consent when told to', async () => {
    const { email } = optedOut('Account');
    const { contact } = await upsert({
      emailAddress: { address: email!.address, permissionToSend: 'EXPLICIT' },
    });
    expect(contact.emailAddress.permissionToSendRaw).toBe('explicit');
  });

  it('looks again when somebody else made the contact in between', async () => {
    const before = rich();
    // The first look comes too early to find it.
    app.sandbox.faults.script({
      operationId: 'getContacts',
      fault: { kind: 'status', status: 200, body: { contacts: [] } },
    });
    const { action, contact } = await upsert({
      emailAddress: { address: before.email!.address },
      firstName: 'Late',
    });
    expect([action, contact.firstName]).toEqual(['UPDATED', 'Late']);
    expect(app.calls()).toEqual(['getContacts', 'createContact', 'getContacts', 'putContact']);
  });

  it.each<[string, Record<string, unknown>, [string, string][]]>([
    ['no address', { emailAddress: {} }, [['REQUIRED', 'input.emailAddress.address']]],
    [
      'too many tags',
      { emailAddress: { address: 'a@b.co' }, addTags: uuids(51) },
      [['TOO_MANY', 'input.addTags']],
    ],
  ])('refuses %s before any call', async (_, input, expected) => {
    expect(codes(await upsert(input))).toEqual(expected);
    expect(app.calls()).toEqual([]);
  });
});

describe('resubscribeContact', () => {
  const resubscribe = (id: string, lists: string[]) =>
    run('resubscribeContact', { id, lists }, 'contactId contact { emailAddress { permissionToSend } }');

  it('asks once; the contact stays opted out until it confirms', async () => {
    const { contact_id } = optedOut('Contact');
    const lists = [encodeGlobalId('ContactList', listNamed('Donors'))];
    expect(await resubscribe(contact_id, lists)).toEqual({
      contactId: contact_id,
      contact: { emailAddress: { permissionToSend: 'UNSUBSCRIBED' } },
      userErrors: [],
    });
    expect(app.calls()).toEqual(['resubscribeContact', 'getContact']);
    app.resetCalls();
    const again = await resubscribe(contact_id, lists);
    expect(again).toMatchObject({ contactId: null, contact: null });
    expect(codes(again)).toEqual([['NOT_ALLOWED', 'input.id']]);
    expect(app.calls()).toEqual(['resubscribeContact']);
  });

  it('is refused by the API for a contact that did not opt out', async () => {
    expect(codes(await resubscribe(rich().contact_id, [listNamed('Donors')]))).toEqual([['REJECTED', '']]);
  });

  it.each<[string, string[], string, string]>([
    ['without a list', [], 'REQUIRED', 'input.lists'],
    ['with 51 lists', uuids(51), 'TOO_MANY', 'input.lists'],
    ['with a path for a list', ['./x'], 'INVALID_ID', 'input.lists.0'],
  ])('is refused %s before any call', async (_, lists, code, field) => {
    expect(codes(await resubscribe(NOWHERE, lists))).toEqual([[code, field]]);
    expect(app.calls()).toEqual([]);
  });
});

describe('createContactFromSignUpForm', () => {
  const signUp = (input: Record<string, unknown>, selection = 'contactId action actionRaw') =>
    run('createContactFromSignUpForm', input, selection);

  it('makes a contact with all that a form can hold, in one call', async () => {
    const payload = await signUp({
      lists: [listNamed('Donors')],
      emailAddress: ' new@example.org ',
      firstName: 'New',
      lastName: 'Person',
      jobTitle: 'Baker',
      companyName: 'Bread & Co',
      birthday: { month: 4, day: 30 },
      anniversary: '4/30/2011',
      phoneNumber: '+1 202 555 0100',
      streetAddress: {
        kind: 'HOME',
        street: '1 Main Street',
        city: 'Boston',
        state: 'MA',
        postalCode: '02110',
      },
      customFields: [{ field: fieldNamed('Nickname').custom_field_id, value: 'Nick' }],
      smsChannel: {
        smsAddress: '2025550155',
        dialCode: '1',
        countryCode: 'US',
        permission: 'EXPLICIT',
        mediumType: 'WEBSITE',
        mediumUrl: 'https://example.org/form',
        mediumDetails: 'Yes, send me messages',
        advertisedFrequency: 2,
        advertisedInterval: 'MONTH',
      },
    });
    expect(payload).toEqual({
      contactId: expect.any(String),
      action: 'CREATED',
      actionRaw: 'created',
      userErrors: [],
    });
    expect(stored(payload.contactId)).toMatchObject({
      first_name: 'New',
      birthday_month: 4,
      anniversary: '4/30/2011',
      list_memberships: [listNamed('Donors')],
      email: { address: 'new@example.org', permission_to_send: 'explicit' },
      sms: { sms_address: '2025550155', permission: 'explicit' },
      phone_numbers: [{ phone_number: '+1 202 555 0100' }],
      street_addresses: [{ city: 'Boston' }],
      custom_fields: [{ value: 'Nick' }],
    });
    expect(app.calls()).toEqual(['createOrUpdateContact']);
  });

  it('gives consent for an existing contact and takes nothing away; the contact itself is one call more', async () => {
    const before = optedOut('Contact');
    const payload = await signUp(
      { lists: [listNamed('Scratch')], emailAddress: before.email!.address },
      'action contact { contactId firstName emailAddress { permissionToSend } lists { listId } }',
    );
    expect(payload).toEqual({
      action: 'UPDATED',
      contact: {
        contactId: before.contact_id,
        firstName: before.first_name,
        emailAddress: { permissionToSend: 'EXPLICIT' },
        lists: [...before.list_memberships, listNamed('Scratch')].map((listId) => ({ listId })),
      },
      userErrors: [],
    });
    expect(app.calls()).toEqual(['createOrUpdateContact', 'getContact']);
  });

  it('brings back a deleted contact', async () => {
    const { contact_id, email } = gone();
    const payload = await signUp({ lists: [listNamed('Scratch')], emailAddress: email!.address });
    expect(payload).toMatchObject({ contactId: contact_id, action: 'UPDATED' });
    expect(stored(contact_id).deleted_at).toBeNull();
  });

  it.each<[string, Record<string, unknown>, [string, string][]]>([
    ['neither address nor number', {}, [['REQUIRED', 'input']]],
    ['no list', { emailAddress: 'a@b.co', lists: [] }, [['REQUIRED', 'input.lists']]],
    ['51 lists', { emailAddress: 'a@b.co', lists: uuids(51) }, [['TOO_MANY', 'input.lists']]],
    [
      'a field that is none',
      { emailAddress: 'a@b.co', customFields: [{ field: '..', value: '' }] },
      [['INVALID_ID', 'input.customFields.0.field']],
    ],
    [
      'what is too long or does not exist, told at once',
      {
        emailAddress: `${'x'.repeat(50)}@b.co`,
        firstName: 'x'.repeat(51),
        birthday: { month: 13, day: 1 },
        phoneNumber: '1'.repeat(26),
        customFields: uuids(51).map((field) => ({ field, value: '' })),
        streetAddress: { kind: 'HOME', street: 'x'.repeat(256) },
      },
      [
        ['TOO_LONG', 'input.emailAddress'],
        ['TOO_LONG', 'input.firstName'],
        ['INVALID', 'input.birthday.month'],
        ['TOO_LONG', 'input.phoneNumber'],
        ['TOO_MANY', 'input.customFields'],
        ['TOO_LONG', 'input.streetAddress.street'],
      ],
    ],
  ])('refuses %s before any call', async (_, input, expected) => {
    expect(codes(await signUp({ lists: [NOWHERE], ...input }))).toEqual(expected);
    expect(app.calls()).toEqual([]);
  });
});
