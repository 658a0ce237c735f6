import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { UNKNOWN_ID, codes, contactTools, uuids } from './support/contacts.js';

let app: TestApp;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 12);
  app = await startApp({ sandbox: { contacts: 200, clock: { now: () => now } } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const { some, stored, fullContact, gone, fieldNamed, listNamed, tagIds, run } = contactTools(() => app);

describe('createContact', () => {
  it('accepts every field, in one call', async () => {
    const genres = fieldNamed('Favourite Genres');
    const input = {
      emailAddress: { address: ' ada+new@example.org ', permissionToSend: 'EXPLICIT' },
      firstName: 'Ada',
      lastName: 'Byron',
      jobTitle: 'Analyst',
      companyName: 'Engines',
      birthday: { month: 2, day: 29 },
      anniversary: '1835-07-08',
      smsChannel: { fullSmsAddress: '+12025550147', permission: 'EXPLICIT', mediumDetails: 'by phone' },
      listIds: [listNamed('Donors'), encodeGlobalId('ContactList', listNamed('Press'))],
      tagIds: [tagIds()[0]],
      customFields: [
        { fieldId: fieldNamed('Nickname').custom_field_id, value: { text: 'The Enchantress' } },
        {
          fieldId: encodeGlobalId('CustomField', genres.custom_field_id),
          value: { choiceIds: ['1', '000004', '1'] },
        },
      ],
      phoneNumbers: [{ kind: 'MOBILE', number: '+1 202 555 0148' }],
      streetAddresses: [{ kind: 'HOME', street: '12 St James Square', city: 'London', country: 'UK' }],
      notes: [{ content: 'Likes numbers' }, { content: 'Met in Turin', createdAt: '2020-09-25T20:46:13Z' }],
      createSource: 'CONTACT',
    };
    const { contact, userErrors } = await run(
      'createContact',
      input,
      `contact {
        contactId firstName birthday { month day } anniversary createSource emailAddress { address permissionToSend }
        smsChannel { smsAddress dialCode } lists { listId } tags { tagId } customFields { value choiceIds }
        phoneNumbers { kind number } streetAddresses { kind street city country } notes { content createdAt }
      }`,
    );
    expect(userErrors).toEqual([]);
    expect(contact).toEqual({
      contactId: expect.any(String),
      firstName: 'Ada',
      birthday: { month: 2, day: 29 },
      anniversary: '1835-07-08',
      createSource: 'CONTACT',
      emailAddress: { address: 'ada+new@example.org', permissionToSend: 'EXPLICIT' },
      smsChannel: { smsAddress: '2025550147', dialCode: '1' },
      lists: [{ listId: listNamed('Donors') }, { listId: listNamed('Press') }],
      tags: [{ tagId: tagIds()[0] }],
      customFields: [
        { value: 'The Enchantress', choiceIds: null },
        { value: null, choiceIds: ['000001', '000004'] },
      ],
      phoneNumbers: [{ kind: 'MOBILE', number: '+1 202 555 0148' }],
      streetAddresses: [
        { kind: 'HOME', street: '12 St James Square', city: 'London', country: 'United Kingdom' },
      ],
      notes: [
        { content: 'Likes numbers', createdAt: new Date(now).toISOString() },
        { content: 'Met in Turin', createdAt: '2020-09-25T20:46:13.000Z' },
      ],
    });
    expect(stored(contact.contactId)).toMatchObject({ last_name: 'Byron', company_name: 'Engines' });
    expect(app.calls()).toEqual(['createContact']);
  });

  it('still accepts the deprecated field', async () => {
    const input = { firstName: 'Ada', addNotes: ['Likes numbers'] };
    const { contact } = await run('createContact', input, 'contact { notes { content } }');
    expect(contact).toEqual({ notes: [{ content: 'Likes numbers' }] });
    expect(app.calls()).toEqual(['createContact']);
  });

  it('explains that an unsubscribed contact cannot be added to a list', async () => {
    const input = {
      emailAddress: { address: 'new@example.org', permissionToSend: 'UNSUBSCRIBED' },
      listIds: [listNamed('Donors')],
    };
    const payload = await run('createContact', input, 'contact { id }');
    expect(codes(payload)).toEqual([['NOT_ALLOWED', 'input.listIds']]);
    expect(payload.userErrors[0].message).toContain('createContactFromSignUpForm');
    expect(app.calls()).toEqual(['createContact']);
  });

  it.each<[string, Record<string, unknown>, string | undefined]>([
    ['the account, implied consent', { createSource: 'ACCOUNT' }, 'implicit'],
    ['the person, express consent', { createSource: 'CONTACT' }, 'explicit'],
  ])('records consent for %s', async (_, source, permission) => {
    const input = { emailAddress: { address: 'new@example.org' }, ...source };
    const { contact } = await run('createContact', input, 'contact { contactId }');
    expect(stored(contact.contactId).email?.permission_to_send).toBe(permission);
  });

  it('needs a name only; null counts as omitted', async () => {
    const { contact } = await run(
      'createContact',
      { firstName: 'Ada', emailAddress: null, smsChannel: null, listIds: null, birthday: null },
      'contact { emailAddress { address } createSource }',
    );
    expect(contact).toEqual({ emailAddress: null, createSource: 'ACCOUNT' });
  });

  it.each<[string, () => string]>([
    ['a contact', () => some((row) => row.deleted_at === null && row.email !== null).email!.address],
    ['a deleted contact', () => gone().email!.address],
  ])('reports that the address belongs to %s', async (_, address) => {
    const payload = await run('createContact', { emailAddress: { address: address() } }, 'contact { id }');
    expect(payload.contact).toBeNull();
    expect(codes(payload)).toEqual([['ALREADY_EXISTS', 'input.emailAddress']]);
    expect(app.calls()).toEqual(['createContact']);
  });

  it.each<[string, Record<string, unknown>, [string, string][]]>([
    ['nothing', {}, [['REQUIRED', 'input']]],
    ['a source alone', { jobTitle: 'Analyst' }, [['REQUIRED', 'input']]],
    [
      'a permission without an address',
      { emailAddress: { permissionToSend: 'EXPLICIT' } },
      [['REQUIRED', 'input.emailAddress.address']],
    ],
    ['a blank address', { emailAddress: { address: ' ' } }, [['REQUIRED', 'input.emailAddress.address']]],
    [
      'an opt-out reason, which the API does not accept here',
      { emailAddress: { address: 'a@b.co', permissionToSend: 'UNSUBSCRIBED', optOutReason: 'x' } },
      [['NOT_ALLOWED', 'input.emailAddress.optOutReason']],
    ],
    [
      'values too long, reported together',
      {
        firstName: 'x'.repeat(51),
        lastName: 'x'.repeat(51),
        jobTitle: 'x'.repeat(51),
        companyName: 'x'.repeat(51),
        emailAddress: { address: `${'x'.repeat(80)}@b.co`, optOutReason: 'x'.repeat(256) },
        phoneNumbers: [{ kind: 'HOME', number: '1'.repeat(26) }],
        streetAddresses: [
          { kind: 'HOME', street: 'x'.repeat(256), city: 'x'.repeat(51), country: 'x'.repeat(51) },
        ],
        customFields: [{ fieldId: UNKNOWN_ID, value: { text: 'x'.repeat(256) } }],
        addNotes: ['x'.repeat(2001)],
      },
      [
        ['TOO_LONG', 'input.emailAddress.address'],
        ['TOO_LONG', 'input.emailAddress.optOutReason'],
        ['TOO_LONG', 'input.firstName'],
        ['TOO_LONG', 'input.lastName'],
        ['TOO_LONG', 'input.jobTitle'],
        ['TOO_LONG', 'input.companyName'],
        ['TOO_LONG', 'input.phoneNumbers.0.number'],
        ['TOO_LONG', 'input.streetAddresses.0.street'],
        ['TOO_LONG', 'input.streetAddresses.0.city'],
        ['TOO_LONG', 'input.streetAddresses.0.country'],
        ['TOO_LONG', 'input.customFields.0.value.text'],
        ['TOO_LONG', 'input.addNotes.0'],
      ],
    ],
    [
      'lists too long, reported together',
      {
        firstName: 'Ada',
        listIds: uuids(51),
        tagIds: uuids(51),
        customFields: uuids(26).map((fieldId) => ({ fieldId, value: { text: '1' } })),
        phoneNumbers: Array(4).fill({ kind: 'HOME', number: '1' }),
        streetAddresses: Array(4).fill({ kind: 'HOME' }),
        addNotes: Array(151).fill('x'),
      },
      [
        ['TOO_MANY', 'input.phoneNumbers'],
        ['TOO_MANY', 'input.streetAddresses'],
        ['TOO_MANY', 'input.customFields'],
        ['TOO_MANY', 'input.addNotes'],
        ['TOO_MANY', 'input.listIds'],
        ['TOO_MANY', 'input.tagIds'],
      ],
    ],
    [
      'days that do not exist',
      { firstName: 'Ada', birthday: { month: 2, day: 30 }, anniversary: '8 July' },
      [
        ['INVALID', 'input.birthday.day'],
        ['INVALID', 'input.anniversary'],
      ],
    ],
    [
      'invalid ids',
      {
        firstName: 'Ada',
        listIds: ['../contacts'],
        tagIds: [encodeGlobalId('ContactList', UNKNOWN_ID)],
        customFields: [{ fieldId: 'a?b=c', value: { text: '1' } }],
      },
      [
        ['INVALID_ID', 'input.listIds.0'],
        ['INVALID_ID', 'input.tagIds.0'],
        ['INVALID_ID', 'input.customFields.0.fieldId'],
      ],
    ],
    [
      'empty notes, or notes with an id',
      {
        firstName: 'Ada',
        notes: [{ content: ' ' }, { noteId: UNKNOWN_ID, createdAt: '2020-09-25T20:46:13Z' }],
      },
      [
        ['REQUIRED', 'input.notes.0.content'],
        ['NOT_ALLOWED', 'input.notes.1.createdAt'],
      ],
    ],
  ])('rejects %s before any call', async (_, input, expected) => {
    const payload = await run('createContact', input, 'contact { id }');
    expect(payload.contact).toBeNull();
    expect(codes(payload)).toEqual(expected);
    expect(app.calls()).toEqual([]);
  });

  it('points a conflict to no argument when neither an address nor a number was given', async () => {
    app.sandbox.faults.script({ operationId: 'createContact', fault: { kind: 'status', status: 409 } });
    const { userErrors } = await run('createContact', { firstName: 'Ada' }, 'contact { contactId }');
    expect(userErrors).toMatchObject([{ code: 'ALREADY_EXISTS', field: ['input'] }]);
    expect(app.calls()).toEqual(['createContact']);
  });

  it('reports that the API rejected the values, with its error key', async () => {
    const payload = await run('createContact', { firstName: 'Ada', listIds: [UNKNOWN_ID] });
    expect(codes(payload)).toEqual([['REJECTED', 'input.listIds.0']]);
    expect(payload.userErrors[0].message).toContain('contacts.api.validation.error');
    expect(payload.userErrors[0].message).not.toContain(UNKNOWN_ID);
  });
});

describe('deleteContact', () => {
  it('deletes in one call: the contact leaves its lists and remains readable', async () => {
    const { contact_id } = fullContact();
    expect(
      await run('deleteContact', { id: encodeGlobalId('Contact', contact_id) }, 'deletedContactId'),
    ).toEqual({ deletedContactId: contact_id, userErrors: [] });
    expect(app.calls()).toEqual(['deleteContact']);
    expect(stored(contact_id)).toMatchObject({ deleted_at: now, list_memberships: [] });
  });

  it.each<[string, () => string]>([
    ['is unknown', () => UNKNOWN_ID],
    ['is deleted already', () => gone().contact_id],
  ])('reports when the contact %s', async (_, id) => {
    const payload = await run('deleteContact', { id: id() }, 'deletedContactId');
    expect(payload.deletedContactId).toBeNull();
    expect(codes(payload)).toEqual([['NOT_FOUND', 'input.id']]);
  });
});
