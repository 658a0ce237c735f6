import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import type { ContactRow } from '../src/sandbox/stores/audience.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { UNKNOWN_ID, codes, contactTools, lasting, uuids } from './support/contacts.js';

let app: TestApp;

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 200 } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const { some, stored, fullContact, optedOut, gone, fieldNamed, listNamed, run } = contactTools(() => app);

/** The search does not find a contact that is there. */
const hideFromSearch = (times = 1) => {
  const fault = { kind: 'status', status: 200, body: { contacts: [] } } as const;
  app.sandbox.faults.script({ operationId: 'getContacts', times, fault });
};

/** The next creation answers 409 with this body. */
const conflictWith = (body: unknown) => {
  app.sandbox.faults.script({ operationId: 'createContact', fault: { kind: 'status', status: 409, body } });
};

const conflict = (error_message: string, error_key = 'contacts.api.conflict') => ({
  error_key,
  error_message,
});

describe('upsertContact', () => {
  const upsert = (input: Record<string, unknown>) =>
    run(
      'upsertContact',
      input,
      'action contact { contactId firstName emailAddress { permissionToSendRaw } }',
    );

  it('creates a contact for a new address', async () => {
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
    ['an active contact', 'UPDATED', fullContact],
    ['one that opted out', 'UPDATED', () => optedOut('Contact')],
    ['one that the account opted out', 'UPDATED', () => optedOut('Account')],
    ['a deleted one', 'REVIVED', gone],
  ])('changes %s and keeps its consent', async (_, expected, which) => {
    const before = which();
    // The API adds no unsubscribed contact to a list.
    const added = before.email!.opt_out_date === null ? [listNamed('Scratch')] : [];
    const { action, contact } = await upsert({
      emailAddress: { address: ` ${before.email!.address}` },
      firstName: 'Changed',
      addListIds: added,
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

  it('never changes a contact with another address that the search finds', async () => {
    const other = fullContact();
    app.sandbox.faults.script({
      operationId: 'getContacts',
      fault: {
        kind: 'edit',
        edit: (body: any) => ({
          ...body,
          contacts: [{ contact_id: other.contact_id, email_address: { address: other.email!.address } }],
        }),
      },
    });
    const { action, contact } = await upsert({
      emailAddress: { address: 'quite-new@example.org' },
      firstName: 'New',
    });
    expect(action).toBe('CREATED');
    expect(contact.contactId).not.toBe(other.contact_id);
    expect(app.calls()).toEqual(['getContacts', 'createContact']);
  });

  it('changes consent on request', async () => {
    const { email } = optedOut('Account');
    const { contact } = await upsert({
      emailAddress: { address: email!.address, permissionToSend: 'EXPLICIT' },
    });
    expect(contact.emailAddress.permissionToSendRaw).toBe('explicit');
  });

  it.each<[string, string, () => ContactRow]>([
    ['updates', 'UPDATED', fullContact],
    ['revives', 'REVIVED', gone],
    ['does not opt in', 'UPDATED', () => optedOut('Contact')],
  ])('%s the contact that a conflict names', async (_, expected, which) => {
    const before = which();
    hideFromSearch();
    const { action, contact, userErrors } = await upsert({
      emailAddress: { address: before.email!.address.toUpperCase() },
      firstName: 'Late',
      addTagIds: [],
    });
    expect(userErrors).toEqual([]);
    expect([action, contact.contactId, contact.firstName]).toEqual([expected, before.contact_id, 'Late']);
    expect(lasting(stored(before.contact_id))).toEqual({
      ...lasting(before),
      first_name: 'Late',
      deleted_at: null,
      email: expect.objectContaining({ permission_to_send: before.email!.permission_to_send }),
    });
    expect(app.calls()).toEqual(['getContacts', 'createContact', 'getContact', 'putContact']);
    expect(app.sandbox.journal.entries[2]?.query).toBe('include=taggings');
  });

  it.each<[string, (id: string) => unknown]>([
    ['a list of errors', (id) => [conflict(`Address already exists for contact ${id.toUpperCase()}.`)]],
    ['one error', (id) => conflict(`contact_id: "${id}"`)],
    [
      'an error among others',
      (id) => [conflict(`see ${UNKNOWN_ID}`, 'contacts.api.trace'), conflict(`${id}, that is ${id}`)],
    ],
    ['a second line', (id) => conflict(`Address already exists\n${id}`)],
    ['a path', (id) => conflict(`see /v3/contacts/${id}`)],
    ['a sentence with other ids', (id) => conflict(`exists for contact ${id} (request ${UNKNOWN_ID})`)],
    ['an address that contains a UUID', (id) => conflict(`<${UNKNOWN_ID}@b.co> already exists for ${id}`)],
  ])('finds the id in %s', async (_, body) => {
    const { contact_id, email } = fullContact();
    hideFromSearch();
    conflictWith(body(contact_id));
    const { action, contact } = await upsert({ emailAddress: { address: email!.address } });
    expect([action, contact.contactId]).toEqual(['UPDATED', contact_id]);
    expect(app.calls()).toEqual(['getContacts', 'createContact', 'getContact', 'putContact']);
  });

  it.each<[string, unknown]>([
    ['no contact', [conflict('Address already exists.')]],
    ['several', [conflict(`${UNKNOWN_ID} and ${uuids(1)[0]}`)]],
    ['a contact under another key', [conflict(UNKNOWN_ID, 'contacts.api.locked')]],
    ['a text similar to an id', [conflict(`${UNKNOWN_ID}0 ../${UNKNOWN_ID}/notes x${UNKNOWN_ID}`)]],
    ['no readable id', undefined],
  ])('searches again when a conflict names %s', async (_, body) => {
    const { contact_id, email } = fullContact();
    hideFromSearch();
    conflictWith(body);
    const { action, contact } = await upsert({ emailAddress: { address: email!.address } });
    expect([action, contact.contactId]).toEqual(['UPDATED', contact_id]);
    expect(app.calls()).toEqual(['getContacts', 'createContact', 'getContacts', 'putContact']);
  });

  it.each<[string, () => string]>([
    ['has another address', () => fullContact().contact_id],
    ['does not exist', () => UNKNOWN_ID],
  ])('does not change a contact named by a conflict that %s', async (_, id) => {
    conflictWith([conflict(`already exists for contact ${id()}`)]);
    const payload = await upsert({ emailAddress: { address: 'new@example.org' } });
    expect(payload.contact).toBeNull();
    expect(codes(payload)).toEqual([['ALREADY_EXISTS', 'input.emailAddress']]);
    expect(app.calls()).toEqual(['getContacts', 'createContact', 'getContact']);
  });

  it('adds its address to the contact with the number and without an address', async () => {
    const before = some((row) => row.deleted_at === null && row.email === null && row.sms !== null);
    const { dial_code, sms_address, permission } = before.sms!;
    const { action, contact } = await upsert({
      emailAddress: { address: 'new@example.org' },
      smsChannel: { fullSmsAddress: `+${dial_code} ${sms_address}`, permission: permission.toUpperCase() },
    });
    expect([action, contact.contactId]).toEqual(['UPDATED', before.contact_id]);
    expect(stored(before.contact_id).email?.address).toBe('new@example.org');
    expect(app.calls()).toEqual(['getContacts', 'createContact', 'getContact', 'putContact']);
  });

  it('does not change the contact with the number and another address', async () => {
    const { sms } = some((row) => row.deleted_at === null && row.email !== null && row.sms !== null);
    const smsChannel = { fullSmsAddress: `+${sms!.dial_code}${sms!.sms_address}`, permission: 'EXPLICIT' };
    const payload = await upsert({ emailAddress: { address: 'new@example.org' }, smsChannel });
    expect(codes(payload)).toEqual([['ALREADY_EXISTS', 'input.smsChannel']]);
    expect(app.calls()).toEqual(['getContacts', 'createContact', 'getContact']);
  });

  it('never opts in a contact who opted out, found by search or by a conflict', async () => {
    const { email } = optedOut('Contact');
    const input = { emailAddress: { address: email!.address, permissionToSend: 'EXPLICIT' } };
    for (const calls of [['getContacts'], ['getContacts', 'createContact', 'getContact']]) {
      if (calls.length > 1) hideFromSearch();
      app.resetCalls();
      expect(codes(await upsert(input))).toEqual([['NOT_ALLOWED', 'input.emailAddress.permissionToSend']]);
      expect(app.calls()).toEqual(calls);
    }
  });

  it.each<[string, Record<string, unknown>, [string, string][]]>([
    [
      'errors of the address and of other fields together',
      { emailAddress: { permissionToSend: null }, firstName: 'x'.repeat(51) },
      [
        ['TOO_LONG', 'input.firstName'],
        ['REQUIRED', 'input.emailAddress.address'],
        ['REQUIRED', 'input.emailAddress.permissionToSend'],
      ],
    ],
    ['a blank address', { emailAddress: { address: ' ' } }, [['REQUIRED', 'input.emailAddress.address']]],
    ['no address', { emailAddress: {} }, [['REQUIRED', 'input.emailAddress.address']]],
    [
      'too many tags',
      { emailAddress: { address: 'a@b.co' }, addTagIds: uuids(51) },
      [['TOO_MANY', 'input.addTagIds']],
    ],
    [
      'the same id to add and to remove',
      { emailAddress: { address: 'a@b.co' }, addTagIds: uuids(2), removeTagIds: uuids(1) },
      [['INVALID', 'input.removeTagIds']],
    ],
  ])('rejects %s before any call', async (_, input, expected) => {
    expect(codes(await upsert(input))).toEqual(expected);
    expect(app.calls()).toEqual([]);
  });
});

describe('resubscribeContact', () => {
  const resubscribe = (id: string, lists: string[]) =>
    run(
      'resubscribeContact',
      { id, listIds: lists },
      'contactId contact { emailAddress { permissionToSend } }',
    );

  it('sends one request; the contact stays opted out until it confirms', async () => {
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

  it('is rejected by the API for a contact that did not opt out', async () => {
    expect(codes(await resubscribe(fullContact().contact_id, [listNamed('Donors')]))).toEqual([
      ['REJECTED', ''],
    ]);
  });

  it.each<[string, string[], string, string]>([
    ['without a list', [], 'REQUIRED', 'input.listIds'],
    ['with 51 lists', uuids(51), 'TOO_MANY', 'input.listIds'],
    ['with a path as a list id', ['./x'], 'INVALID_ID', 'input.listIds.0'],
  ])('is rejected %s before any call', async (_, lists, code, field) => {
    expect(codes(await resubscribe(UNKNOWN_ID, lists))).toEqual([[code, field]]);
    expect(app.calls()).toEqual([]);
  });
});

describe('createContactFromSignUpForm', () => {
  const signUp = (input: Record<string, unknown>, selection = 'contactId action actionRaw') =>
    run('createContactFromSignUpForm', input, selection);

  it('creates a contact with every field of a form, in one call', async () => {
    const payload = await signUp({
      listIds: [listNamed('Donors')],
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
      customFields: [{ fieldId: fieldNamed('Nickname').custom_field_id, value: 'Nick' }],
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

  it('records consent of an existing contact and removes nothing; selecting the contact is one more call', async () => {
    const before = optedOut('Contact');
    const payload = await signUp(
      { listIds: [listNamed('Scratch')], emailAddress: before.email!.address },
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

  it('restores a deleted contact', async () => {
    const { contact_id, email } = gone();
    const payload = await signUp({ listIds: [listNamed('Scratch')], emailAddress: email!.address });
    expect(payload).toMatchObject({ contactId: contact_id, action: 'UPDATED' });
    expect(stored(contact_id).deleted_at).toBeNull();
  });

  it.each<[string, Record<string, unknown>, [string, string][]]>([
    ['neither address nor number', {}, [['REQUIRED', 'input']]],
    ['no list', { emailAddress: 'a@b.co', listIds: [] }, [['REQUIRED', 'input.listIds']]],
    ['51 lists', { emailAddress: 'a@b.co', listIds: uuids(51) }, [['TOO_MANY', 'input.listIds']]],
    [
      'blank texts of a number',
      {
        smsChannel: {
          smsAddress: '',
          dialCode: ' ',
          countryCode: '',
          permission: 'EXPLICIT',
          mediumType: '',
          mediumUrl: '',
          mediumDetails: ' ',
        },
      },
      ['smsAddress', 'dialCode', 'countryCode', 'mediumType', 'mediumUrl', 'mediumDetails'].map((name) => [
        'REQUIRED',
        `input.smsChannel.${name}`,
      ]),
    ],
    [
      'an unknown custom field',
      { emailAddress: 'a@b.co', customFields: [{ fieldId: '..', value: '' }] },
      [['INVALID_ID', 'input.customFields.0.fieldId']],
    ],
    [
      'malformed ids and values too long or unknown, reported together',
      {
        listIds: ['./x'],
        emailAddress: `${'x'.repeat(50)}@b.co`,
        firstName: 'x'.repeat(51),
        birthday: { month: 13, day: 1 },
        phoneNumber: '1'.repeat(26),
        customFields: uuids(51).map((fieldId) => ({ fieldId, value: '' })),
        streetAddress: { kind: 'HOME', street: 'x'.repeat(256) },
      },
      [
        ['TOO_LONG', 'input.emailAddress'],
        ['TOO_LONG', 'input.firstName'],
        ['INVALID', 'input.birthday.month'],
        ['TOO_LONG', 'input.phoneNumber'],
        ['TOO_LONG', 'input.streetAddress.street'],
        ['TOO_MANY', 'input.customFields'],
        ['INVALID_ID', 'input.listIds.0'],
      ],
    ],
  ])('rejects %s before any call', async (_, input, expected) => {
    expect(codes(await signUp({ listIds: [UNKNOWN_ID], ...input }))).toEqual(expected);
    expect(app.calls()).toEqual([]);
  });
});
