import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import type { ContactRow } from '../src/sandbox/stores/audience.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

const NOWHERE = '06a100de-19b6-4266-874b-afff00ff6b01';

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

const account = () => app.sandbox.account();
const some = (test: (row: ContactRow) => boolean): ContactRow =>
  structuredClone(account().contacts.find(test)!);
const stored = (id: string): ContactRow => account().contacts.get(id)!;
/** The first contact has every kind of detail. */
const rich = () => some((row) => row.custom_fields.length > 20);
const optedOut = (by: 'Contact' | 'Account') =>
  some((row) => row.deleted_at === null && row.email?.opt_out_source === by);
const gone = () => some((row) => row.deleted_at !== null && row.email !== null);
const fieldNamed = (label: string) => account().customFields.find((field) => field.label === label)!;
const listNamed = (name: string) => account().lists.find((list) => list.name === name)!.list_id;
const tagIds = () => [...account().tags].map((tag) => tag.tag_id);
const codes = (payload: { userErrors: { code: string; field: string[] }[] }) =>
  payload.userErrors.map(({ code, field }) => [code, field.join('.')]);
const uuids = (count: number) =>
  Array.from({ length: count }, (_, at) => `${NOWHERE.slice(0, -4)}${String(1000 + at)}`);

/** Runs one mutation and gives its payload. */
async function run(name: string, input: Record<string, unknown>, selection = ''): Promise<any> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const { data, errors } = await app.query(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${selection} userErrors { code field message } } }`,
    { variables: { input } },
  );
  expect(errors).toBeUndefined();
  return data[name];
}

/** All of a row but what tells who wrote it last, and when. */
function lasting({ update_source: _, updated_at: __, ...row }: ContactRow) {
  return row;
}

describe('createContact', () => {
  it('takes every field, in one call', async () => {
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
      lists: [listNamed('Donors'), encodeGlobalId('ContactList', listNamed('Press'))],
      addTags: [tagIds()[0]],
      customFields: [
        { field: fieldNamed('Nickname').custom_field_id, value: 'The Enchantress' },
        { field: encodeGlobalId('CustomField', genres.custom_field_id), choiceIds: ['1', '000004'] },
      ],
      phoneNumbers: [{ kind: 'MOBILE', number: '+1 202 555 0148' }],
      streetAddresses: [{ kind: 'HOME', street: '12 St James Square', city: 'London', country: 'UK' }],
      addNotes: ['Likes numbers'],
      createSource: 'CONTACT',
    };
    const { contact, userErrors } = await run(
      'createContact',
      input,
      `contact {
        contactId firstName birthday { month day } anniversary createSource emailAddress { address permissionToSend }
        smsChannel { smsAddress dialCode } lists { listId } tags { tagId } customFields { value choiceIds }
        phoneNumbers { kind number } streetAddresses { kind street city country } notes { content }
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
      streetAddresses: [{ kind: 'HOME', street: '12 St James Square', city: 'London', country: 'UK' }],
      notes: [{ content: 'Likes numbers' }],
    });
    expect(stored(contact.contactId)).toMatchObject({ last_name: 'Byron', company_name: 'Engines' });
    expect(app.calls()).toEqual(['createContact']);
  });

  it('needs no more than a name, for which null is the same as nothing', async () => {
    const { contact } = await run(
      'createContact',
      { firstName: 'Ada', emailAddress: null, smsChannel: null, lists: null, birthday: null },
      'contact { emailAddress { address } createSource }',
    );
    expect(contact).toEqual({ emailAddress: null, createSource: 'ACCOUNT' });
  });

  it.each<[string, () => string]>([
    ['a contact', () => some((row) => row.deleted_at === null && row.email !== null).email!.address],
    ['a deleted contact', () => gone().email!.address],
  ])('tells that the address is taken by %s', async (_, address) => {
    const payload = await run('createContact', { emailAddress: { address: address() } }, 'contact { id }');
    expect(payload.contact).toBeNull();
    expect(codes(payload)).toEqual([['ALREADY_EXISTS', '']]);
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
      'a reason for an opt-out, which the API does not take here',
      { emailAddress: { address: 'a@b.co', permissionToSend: 'UNSUBSCRIBED', optOutReason: 'x' } },
      [['NOT_ALLOWED', 'input.emailAddress.optOutReason']],
    ],
    [
      'all that is too long, told at once',
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
        customFields: [{ field: NOWHERE, value: 'x'.repeat(256) }],
        addNotes: ['x'.repeat(2001)],
      },
      [
        ['TOO_LONG', 'input.firstName'],
        ['TOO_LONG', 'input.lastName'],
        ['TOO_LONG', 'input.jobTitle'],
        ['TOO_LONG', 'input.companyName'],
        ['TOO_LONG', 'input.emailAddress.address'],
        ['TOO_LONG', 'input.emailAddress.optOutReason'],
        ['TOO_LONG', 'input.customFields.0.value'],
        ['TOO_LONG', 'input.phoneNumbers.0.number'],
        ['TOO_LONG', 'input.streetAddresses.0.street'],
        ['TOO_LONG', 'input.streetAddresses.0.city'],
        ['TOO_LONG', 'input.streetAddresses.0.country'],
        ['TOO_LONG', 'input.addNotes.0'],
      ],
    ],
    [
      'more than the API takes, told at once',
      {
        firstName: 'Ada',
        lists: uuids(51),
        tags: uuids(51),
        customFields: uuids(26).map((field) => ({ field, value: '1' })),
        phoneNumbers: Array(4).fill({ kind: 'HOME', number: '1' }),
        streetAddresses: Array(4).fill({ kind: 'HOME' }),
        addNotes: Array(151).fill('x'),
      },
      [
        ['TOO_MANY', 'input.lists'],
        ['TOO_MANY', 'input.tags'],
        ['TOO_MANY', 'input.customFields'],
        ['TOO_MANY', 'input.addNotes'],
        ['TOO_MANY', 'input.phoneNumbers'],
        ['TOO_MANY', 'input.streetAddresses'],
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
      'ids of nothing',
      {
        firstName: 'Ada',
        lists: ['../contacts'],
        tags: [encodeGlobalId('ContactList', NOWHERE)],
        customFields: [{ field: 'a?b=c', value: '1' }],
      },
      [
        ['INVALID_ID', 'input.lists.0'],
        ['INVALID_ID', 'input.tags.0'],
        ['INVALID_ID', 'input.customFields.0.field'],
      ],
    ],
    [
      'a value and choices for one field',
      { firstName: 'Ada', customFields: [{ field: NOWHERE, value: '1', choiceIds: ['1'] }] },
      [['INVALID', 'input.customFields.0']],
    ],
    [
      'all lists and lists to add',
      { firstName: 'Ada', lists: [NOWHERE], addLists: [NOWHERE], tags: null, removeTags: [NOWHERE] },
      [
        ['INVALID', 'input.lists'],
        ['INVALID', 'input.tags'],
      ],
    ],
  ])('refuses %s before any call', async (_, input, expected) => {
    const payload = await run('createContact', input, 'contact { id }');
    expect(payload.contact).toBeNull();
    expect(codes(payload)).toEqual(expected);
    expect(app.calls()).toEqual([]);
  });

  it('tells that the API refused the values, and by which key', async () => {
    const payload = await run('createContact', { firstName: 'Ada', lists: [NOWHERE] });
    expect(codes(payload)).toEqual([['REJECTED', '']]);
    expect(payload.userErrors[0].message).toContain('contacts.api.validation.error');
    expect(payload.userErrors[0].message).not.toContain(NOWHERE);
  });
});

describe('updateContact', () => {
  const update = (input: Record<string, unknown>, selection = 'contact { contactId }') =>
    run('updateContact', input, selection);

  it('changes one field and keeps all else, in two calls', async () => {
    const before = rich();
    const { contact, userErrors } = await update(
      { id: encodeGlobalId('Contact', before.contact_id), jobTitle: 'Gardener' },
      'contact { jobTitle firstName emailAddress { permissionToSend } }',
    );
    expect(userErrors).toEqual([]);
    expect(contact).toEqual({
      jobTitle: 'Gardener',
      firstName: before.first_name,
      emailAddress: { permissionToSend: 'EXPLICIT' },
    });
    expect(lasting(stored(before.contact_id))).toEqual({ ...lasting(before), job_title: 'Gardener' });
    expect(stored(before.contact_id).update_source).toBe('Account');
    expect(app.calls()).toEqual(['getContact', 'putContact']);
    expect(app.sandbox.journal.entries[0]?.query).toBe('');
  });

  it('clears with null whatever can be cleared', async () => {
    const { contact_id, ...before } = rich();
    const payload = await update(
      {
        id: contact_id,
        firstName: null,
        lastName: null,
        jobTitle: null,
        companyName: null,
        birthday: null,
        anniversary: null,
        lists: null,
        tags: null,
        customFields: null,
        phoneNumbers: null,
        streetAddresses: null,
      },
      `contact { firstName birthday { month } lists { name } tags { name } customFields { value } phoneNumbers { number } streetAddresses { city } notes { content } }`,
    );
    expect(payload).toEqual({
      contact: {
        firstName: null,
        birthday: null,
        lists: [],
        tags: [],
        customFields: [],
        phoneNumbers: [],
        streetAddresses: [],
        notes: before.notes.map(({ content }) => ({ content })),
      },
      userErrors: [],
    });
    expect(stored(contact_id)).toMatchObject({
      last_name: null,
      job_title: null,
      company_name: null,
      anniversary: null,
      email: before.email,
      sms: before.sms,
    });
  });

  it('adds and takes off lists and tags in one go', async () => {
    const before = rich();
    const [list] = before.list_memberships;
    const [tag] = before.taggings;
    const newTag = tagIds().find((id) => !before.taggings.includes(id))!;
    const { contact } = await update(
      {
        id: before.contact_id,
        addLists: [listNamed('Scratch'), list],
        removeLists: [encodeGlobalId('ContactList', list!)],
        addTags: [newTag],
        removeTags: [tag],
      },
      'contact { lists { listId } tags { tagId } }',
    );
    const lists = [...before.list_memberships.filter((id) => id !== list), listNamed('Scratch')];
    const tags = [...before.taggings.filter((id) => id !== tag), newTag];
    expect(contact).toEqual({
      lists: lists.map((listId) => ({ listId })),
      tags: tags.map((tagId) => ({ tagId })),
    });
    expect(stored(before.contact_id)).toMatchObject({ list_memberships: lists, taggings: tags });
    expect(app.calls()).toEqual(['getContact', 'putContact']);
  });

  it('adds without taking off, and takes off without adding', async () => {
    const before = rich();
    await update({ id: before.contact_id, addLists: [listNamed('Scratch')] });
    await update({ id: before.contact_id, removeTags: before.taggings, addTags: null });
    expect(stored(before.contact_id)).toMatchObject({
      list_memberships: [...before.list_memberships, listNamed('Scratch')],
      taggings: [],
    });
  });

  it('puts a contact on exactly the lists and tags that it is given', async () => {
    const { contact_id } = rich();
    await update({ id: contact_id, lists: [listNamed('Scratch')], tags: [tagIds()[3]] });
    expect(stored(contact_id)).toMatchObject({
      list_memberships: [listNamed('Scratch')],
      taggings: [tagIds()[3]],
    });
  });

  it('merges custom fields: named ones change or go, the others stay', async () => {
    const before = rich();
    const [changed, removed, ...kept] = before.custom_fields;
    await update({
      id: before.contact_id,
      customFields: [
        { field: changed!.custom_field_id, value: 'new' },
        { field: removed!.custom_field_id, value: null },
      ],
    });
    expect(stored(before.contact_id).custom_fields).toEqual([
      { custom_field_id: changed!.custom_field_id, value: 'new' },
      ...kept,
    ]);
  });

  it('adds notes before those that are there', async () => {
    const before = rich();
    const { contact } = await update(
      { id: before.contact_id, addNotes: ['first', 'second'] },
      'contact { notes { noteId content } }',
    );
    expect(contact.notes.map((note: any) => note.content)).toEqual([
      'first',
      'second',
      ...before.notes.map((note) => note.content),
    ]);
    expect(contact.notes.slice(2).map((note: any) => note.noteId)).toEqual(
      before.notes.map((note) => note.note_id),
    );
  });

  it('replaces phone numbers and street addresses', async () => {
    const { contact_id } = rich();
    const { contact } = await update(
      {
        id: contact_id,
        phoneNumbers: [{ kind: 'OTHER', number: '1' }],
        streetAddresses: [{ kind: 'WORK', state: 'MA', postalCode: '02110' }],
      },
      'contact { phoneNumbers { kind number } streetAddresses { kind state postalCode city } }',
    );
    expect(contact).toEqual({
      phoneNumbers: [{ kind: 'OTHER', number: '1' }],
      streetAddresses: [{ kind: 'WORK', state: 'MA', postalCode: '02110', city: null }],
    });
  });

  it('changes the address and keeps its permission', async () => {
    const before = optedOut('Contact');
    const { contact } = await update(
      { id: before.contact_id, emailAddress: { address: 'moved@example.org' } },
      'contact { emailAddress { address permissionToSend optOutReason } }',
    );
    expect(contact.emailAddress).toEqual({
      address: 'moved@example.org',
      permissionToSend: 'UNSUBSCRIBED',
      optOutReason: before.email!.opt_out_reason,
    });
  });

  it('opts out with a reason, changes the reason, and clears it', async () => {
    const { contact_id, email } = rich();
    const reason = 'contact { emailAddress { permissionToSend optOutReason optOutSource } }';
    const set = async (emailAddress: Record<string, unknown>) =>
      (await update({ id: contact_id, emailAddress, updateSource: 'CONTACT' }, reason)).contact.emailAddress;
    const out = { permissionToSend: 'UNSUBSCRIBED', optOutSource: 'CONTACT' };
    expect(await set({ permissionToSend: 'UNSUBSCRIBED', optOutReason: 'Moved' })).toEqual({
      ...out,
      optOutReason: 'Moved',
    });
    expect(stored(contact_id).email?.address).toBe(email?.address);
    expect(await set({ optOutReason: 'Too many' })).toEqual({ ...out, optOutReason: 'Too many' });
    expect(await set({ optOutReason: null })).toEqual({ ...out, optOutReason: '' });
  });

  it('gives an address and a number to a contact that has none', async () => {
    const before = some((row) => row.deleted_at === null && row.email === null);
    await update({ id: before.contact_id, emailAddress: { address: 'first@example.org' } });
    expect(stored(before.contact_id)).toMatchObject({
      email: { address: 'first@example.org' },
      sms: before.sms,
    });
    const other = some((row) => row.deleted_at === null && row.sms === null);
    await update({
      id: other.contact_id,
      smsChannel: { fullSmsAddress: '+12025550166', permission: 'EXPLICIT' },
    });
    expect(stored(other.contact_id).sms).toMatchObject({ dial_code: '1', sms_address: '2025550166' });
  });

  it('refuses a deleted contact, unless it is to be brought back', async () => {
    const before = gone();
    const refused = await update({ id: before.contact_id, firstName: 'Back' });
    expect(refused.contact).toBeNull();
    expect(codes(refused)).toEqual([['NOT_ALLOWED', 'input.revive']]);
    expect(stored(before.contact_id).deleted_at).not.toBeNull();
    expect(app.calls()).toEqual(['getContact']);
    const { contact } = await update(
      { id: before.contact_id, firstName: 'Back', revive: true, updateSource: 'CONTACT' },
      'contact { deletedAt firstName lastName emailAddress { permissionToSendRaw } }',
    );
    expect(contact).toEqual({
      deletedAt: null,
      firstName: 'Back',
      lastName: before.last_name,
      emailAddress: { permissionToSendRaw: before.email?.permission_to_send },
    });
  });

  it('reads only what it needs, and gives the answer everything that is selected', async () => {
    const before = rich();
    const { contact } = await update(
      { id: before.contact_id, firstName: 'Zoë', addTags: [] },
      'contact { firstName lists { name } phoneNumbers { number } }',
    );
    expect(contact.lists).toHaveLength(before.list_memberships.length);
    expect(app.calls()).toEqual(['getContact', 'putContact', 'getLists']);
    expect(decodeURIComponent(app.sandbox.journal.entries[0]?.query ?? '')).toBe(
      'include=list_memberships,phone_numbers,taggings',
    );
  });

  it.each<[string, Record<string, unknown>, [string, string][], string[]]>([
    ['an id of another type', { id: encodeGlobalId('Tag', NOWHERE) }, [['INVALID_ID', 'input.id']], []],
    ['a path for an id', { id: '../contact_lists' }, [['INVALID_ID', 'input.id']], []],
    ['an unknown contact', { id: NOWHERE, firstName: 'x' }, [['NOT_FOUND', 'input.id']], ['getContact']],
    [
      'taking off what cannot be taken off',
      { emailAddress: null, smsChannel: null },
      [
        ['NOT_ALLOWED', 'input.emailAddress'],
        ['NOT_ALLOWED', 'input.smsChannel'],
      ],
      [],
    ],
    ['an empty address', { emailAddress: { address: '' } }, [['REQUIRED', 'input.emailAddress.address']], []],
    [
      'a reason for an opt-out that is none',
      { emailAddress: { optOutReason: 'x' } },
      [['NOT_ALLOWED', 'input.emailAddress.optOutReason']],
      ['getContact'],
    ],
    ['51 lists', { lists: uuids(51) }, [['TOO_MANY', 'input.lists']], []],
    ['51 lists to add', { addLists: uuids(51) }, [['TOO_MANY', 'input.addLists']], []],
    [
      'a malformed id among those to take off',
      { removeTags: ['%2e%2e'] },
      [['INVALID_ID', 'input.removeTags.0']],
      [],
    ],
    [
      'a field too many',
      { customFields: uuids(1).map((field) => ({ field, value: '1' })) },
      [['TOO_MANY', 'input.customFields']],
      ['getContact'],
    ],
  ])('refuses %s', async (_, input, expected, calls) => {
    const payload = await update({ id: rich().contact_id, ...input });
    expect(payload.contact).toBeNull();
    expect(codes(payload)).toEqual(expected);
    expect(app.calls()).toEqual(calls);
  });

  it('refuses a permission for a contact without an address', async () => {
    const { contact_id } = some((row) => row.deleted_at === null && row.email === null);
    const payload = await update({ id: contact_id, emailAddress: { permissionToSend: 'EXPLICIT' } });
    expect(codes(payload)).toEqual([['REQUIRED', 'input.emailAddress.address']]);
    expect(app.calls()).toEqual(['getContact']);
  });

  it('tells that the new address is taken', async () => {
    const taken = some((row) => row.email !== null && row.contact_id !== rich().contact_id).email!.address;
    const payload = await update({ id: rich().contact_id, emailAddress: { address: taken } });
    expect(codes(payload)).toEqual([['ALREADY_EXISTS', '']]);
  });
});

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
    const { action, contact } = await upsert({
      emailAddress: { address: ` ${before.email!.address}` },
      firstName: 'Changed',
      addLists: [listNamed('Scratch')],
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
      list_memberships: [...before.list_memberships, listNamed('Scratch')],
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

describe('deleteContact', () => {
  it('deletes in one call: the contact leaves its lists and can be read still', async () => {
    const { contact_id } = rich();
    expect(
      await run('deleteContact', { id: encodeGlobalId('Contact', contact_id) }, 'deletedContactId'),
    ).toEqual({ deletedContactId: contact_id, userErrors: [] });
    expect(app.calls()).toEqual(['deleteContact']);
    expect(stored(contact_id)).toMatchObject({ deleted_at: now, list_memberships: [] });
  });

  it.each<[string, () => string]>([
    ['is unknown', () => NOWHERE],
    ['is deleted already', () => gone().contact_id],
  ])('tells when the contact %s', async (_, id) => {
    const payload = await run('deleteContact', { id: id() }, 'deletedContactId');
    expect(payload.deletedContactId).toBeNull();
    expect(codes(payload)).toEqual([['NOT_FOUND', '']]);
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
