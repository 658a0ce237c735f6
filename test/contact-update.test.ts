import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
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

const { some, stored, fullContact, optedOut, gone, listNamed, tagIds, run } = contactTools(() => app);

describe('updateContact', () => {
  const update = (input: Record<string, unknown>, selection = 'contact { contactId }') =>
    run('updateContact', input, selection);

  it('changes one field and keeps all others, in two calls', async () => {
    const before = fullContact();
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

  it('clears every nullable field with null', async () => {
    const { contact_id, ...before } = fullContact();
    const payload = await update(
      {
        id: contact_id,
        firstName: null,
        lastName: null,
        jobTitle: null,
        companyName: null,
        birthday: null,
        anniversary: null,
        listIds: null,
        tagIds: null,
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

  it('clears names and parts of an address with blank texts', async () => {
    const { contact_id } = fullContact();
    const { contact, userErrors } = await update(
      {
        id: contact_id,
        firstName: '  ',
        companyName: '',
        streetAddresses: [{ kind: 'WORK', city: 'Lund', street: ' ' }],
      },
      'contact { firstName companyName streetAddresses { city street } }',
    );
    expect(userErrors).toEqual([]);
    expect(contact).toEqual({
      firstName: null,
      companyName: null,
      streetAddresses: [{ city: 'Lund', street: null }],
    });
    expect(stored(contact_id)).toMatchObject({ first_name: null, company_name: null });
    expect(app.calls()).toEqual(['getContact', 'putContact']);
  });

  it('adds and removes lists and tags in one call', async () => {
    const before = fullContact();
    const [list, other] = before.list_memberships;
    const [tag] = before.taggings;
    const newTag = tagIds().find((id) => !before.taggings.includes(id))!;
    const { contact } = await update(
      {
        id: before.contact_id,
        addListIds: [listNamed('Scratch'), other],
        removeListIds: [encodeGlobalId('ContactList', list!)],
        addTagIds: [newTag],
        removeTagIds: [tag],
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

  it('adds without removing, and removes without adding', async () => {
    const before = fullContact();
    await update({ id: before.contact_id, addListIds: [listNamed('Scratch')] });
    await update({ id: before.contact_id, removeTagIds: before.taggings, addTagIds: null });
    expect(stored(before.contact_id)).toMatchObject({
      list_memberships: [...before.list_memberships, listNamed('Scratch')],
      taggings: [],
    });
  });

  it('sets exactly the given lists and tags', async () => {
    const { contact_id } = fullContact();
    await update({ id: contact_id, listIds: [listNamed('Scratch')], tagIds: [tagIds()[3]] });
    expect(stored(contact_id)).toMatchObject({
      list_memberships: [listNamed('Scratch')],
      taggings: [tagIds()[3]],
    });
  });

  it('merges custom fields: named ones are changed or removed, others stay', async () => {
    const before = fullContact();
    const [changed, removed, ...kept] = before.custom_fields;
    await update({
      id: before.contact_id,
      customFields: [
        { fieldId: changed!.custom_field_id, value: { text: 'new' } },
        { fieldId: removed!.custom_field_id, value: null },
      ],
    });
    expect(stored(before.contact_id).custom_fields).toEqual([
      { custom_field_id: changed!.custom_field_id, value: 'new' },
      ...kept,
    ]);
  });

  it('adds notes before existing ones', async () => {
    const before = fullContact();
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

  it('changes and removes notes, and keeps omitted properties of the others', async () => {
    const { contact_id, notes } = fullContact();
    const [first, ...others] = notes;
    const { contact } = await update(
      { id: contact_id, notes: [{ content: 'new' }, { noteId: first!.note_id, content: 'changed' }] },
      'contact { notes { noteId content createdAt } }',
    );
    expect(contact.notes).toMatchObject([
      { content: 'new' },
      { noteId: first!.note_id, content: 'changed', createdAt: new Date(first!.created_at).toISOString() },
    ]);
    expect(others.length + contact.notes.length).toBeGreaterThan(1);
    const kept = await update(
      { id: contact_id, notes: [{ noteId: first!.note_id }] },
      'contact { notes { content } }',
    );
    expect(kept.contact.notes).toEqual([{ content: 'changed' }]);
    const none = await update({ id: contact_id, notes: null }, 'contact { notes { content } }');
    expect(none.contact.notes).toEqual([]);
    expect(app.calls()).toEqual(Array(3).fill(['getContact', 'putContact']).flat());
  });

  it.each([
    ['that the contact does not have', { notes: [{ noteId: 'x' }] }, 'NOT_FOUND', 'notes.0.noteId'],
    ['without a text', { notes: [{}] }, 'REQUIRED', 'notes.0.content'],
    ['together with notes to add', { notes: [], addNotes: ['x'] }, 'INVALID', 'notes'],
  ])('rejects notes %s', async (_, input, code, path) => {
    const { userErrors } = await update({ id: fullContact().contact_id, ...input }, '');
    expect(userErrors).toEqual([{ code, field: ['input', ...path.split('.')], message: expect.any(String) }]);
    expect(app.calls()).not.toContain('putContact');
  });

  it('replaces phone numbers and street addresses; those of the same kind keep omitted properties', async () => {
    const { contact_id, street_addresses } = fullContact();
    const work = street_addresses.find(({ kind }) => kind === 'work')!;
    const shown =
      'contact { phoneNumbers { kind number } streetAddresses { kind street state postalCode city } }';
    const { contact } = await update(
      {
        id: contact_id,
        phoneNumbers: [{ kind: 'OTHER', number: '1' }],
        streetAddresses: [{ kind: 'WORK', postalCode: '02110', street: null }],
      },
      shown,
    );
    const changed = { kind: 'WORK', street: null, city: work.city, state: work.state, postalCode: '02110' };
    expect(contact).toEqual({
      phoneNumbers: [{ kind: 'OTHER', number: '1' }],
      streetAddresses: [changed],
    });
    expect(app.calls()).toEqual(['getContact', 'putContact']);
    const again = await update(
      { id: contact_id, streetAddresses: [{ kind: 'WORK' }, { kind: 'HOME', state: 'MA' }] },
      shown,
    );
    expect(again.contact.streetAddresses).toEqual([
      changed,
      { kind: 'HOME', street: null, city: null, state: 'Massachusetts', postalCode: null },
    ]);
  });

  it('returns the SMS number that the response of the API omits', async () => {
    const { contact_id, sms } = fullContact();
    const { contact } = await update(
      { id: contact_id, firstName: 'Renamed' },
      'contact { smsChannel { smsAddress } }',
    );
    expect(contact).toEqual({ smsChannel: { smsAddress: sms!.sms_address } });
    expect(app.calls()).toEqual(['getContact', 'putContact']);
  });

  it('returns what was read and sent where the response of the API omits it', async () => {
    const { contact_id, email, last_name } = fullContact();
    app.sandbox.faults.script({
      operationId: 'putContact',
      fault: { kind: 'edit', edit: () => ({ contact_id }) },
    });
    const { contact } = await update(
      { id: contact_id, firstName: 'Renamed', jobTitle: null },
      'contact { firstName lastName jobTitle createdAt emailAddress { address optInSource } lists { listId } }',
    );
    expect(contact).toMatchObject({
      firstName: 'Renamed',
      lastName: last_name,
      jobTitle: null,
      createdAt: expect.any(String) as string,
      emailAddress: { address: email!.address, optInSource: expect.any(String) as string },
    });
    expect(contact.lists.length).toBeGreaterThan(0);
  });

  it.each(['address', 'permissionToSend'])('rejects null for emailAddress.%s', async (key) => {
    const { userErrors } = await update({ id: fullContact().contact_id, emailAddress: { [key]: null } }, '');
    expect(userErrors).toMatchObject([{ code: 'REQUIRED', field: ['input', 'emailAddress', key] }]);
    expect(app.calls()).toEqual([]);
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
    const { contact_id, email } = fullContact();
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

  it.each(['EXPLICIT', 'IMPLICIT', 'NOT_SET', 'PENDING_CONFIRMATION', 'TEMP_HOLD'])(
    'never sets %s for a contact who opted out, whatever the source',
    async (permissionToSend) => {
      const { contact_id } = optedOut('Contact');
      for (const updateSource of ['ACCOUNT', 'CONTACT']) {
        const input = { id: contact_id, firstName: 'x', emailAddress: { permissionToSend }, updateSource };
        const payload = await update(input);
        expect(payload.contact).toBeNull();
        expect(codes(payload)).toEqual([['NOT_ALLOWED', 'input.emailAddress.permissionToSend']]);
        expect(payload.userErrors[0].message).toMatch(/createContactFromSignUpForm.*resubscribeContact/);
      }
      expect(app.calls()).toEqual(['getContact', 'getContact']);
    },
  );

  it('never opts in under another address either, and reads enum values of the API in any case', async () => {
    const { contact_id } = optedOut('Contact');
    app.sandbox.faults.script({
      operationId: 'getContact',
      fault: {
        kind: 'edit',
        edit: (body: any) => ({
          ...body,
          email_address: {
            ...body.email_address,
            permission_to_send: 'UNSUBSCRIBED',
            opt_out_source: 'contact',
          },
        }),
      },
    });
    const emailAddress = { address: 'moved@example.org', permissionToSend: 'EXPLICIT' };
    const payload = await update({ id: contact_id, emailAddress });
    expect(codes(payload)).toEqual([['NOT_ALLOWED', 'input.emailAddress.permissionToSend']]);
    expect(app.calls()).toEqual(['getContact']);
  });

  it('keeps an opt-out that the API returns in capitals', async () => {
    const before = optedOut('Contact');
    app.sandbox.faults.script({
      operationId: 'getContact',
      fault: {
        kind: 'edit',
        edit: (body: any) => ({
          ...body,
          email_address: { ...body.email_address, permission_to_send: 'UNSUBSCRIBED' },
        }),
      },
    });
    const { userErrors } = await update({ id: before.contact_id, firstName: 'x' });
    expect(userErrors).toEqual([]);
    expect(stored(before.contact_id).email).toEqual(before.email);
  });

  it('resubscribes a contact that the account unsubscribed, and adds it to a list', async () => {
    const { contact_id, list_memberships } = optedOut('Account');
    const { userErrors } = await update({
      id: contact_id,
      emailAddress: { permissionToSend: 'EXPLICIT' },
      addListIds: [listNamed('Scratch')],
    });
    expect(userErrors).toEqual([]);
    expect(stored(contact_id)).toMatchObject({
      email: { permission_to_send: 'explicit' },
      list_memberships: [...list_memberships, listNamed('Scratch')],
    });
  });

  it.each<[string, 'Contact' | 'Account', string]>([
    ['opted out', 'Contact', 'addListIds'],
    ['was opted out by the account', 'Account', 'listIds'],
  ])('explains that a contact who %s cannot be added to a list', async (_, by, field) => {
    const { contact_id } = optedOut(by);
    const payload = await update({ id: contact_id, [field]: [listNamed('Scratch')] });
    expect(codes(payload)).toEqual([['NOT_ALLOWED', `input.${field}`]]);
    expect(payload.userErrors[0].message).toMatch(/createContactFromSignUpForm.*resubscribeContact/);
    expect(app.calls()).toEqual(['getContact', 'putContact']);
  });

  it('does not blame lists for other rejections', async () => {
    const { contact_id } = optedOut('Contact');
    const payload = await update({ id: contact_id, addTagIds: [UNKNOWN_ID], removeListIds: [UNKNOWN_ID] });
    expect(codes(payload)).toEqual([['REJECTED', 'input.addTagIds.0']]);
  });

  it.each([
    ['phone_numbers[0].phone_number is not valid', 'REJECTED', 'input.phoneNumbers.0.number'],
    ['permission_to_send may not change', 'REJECTED', 'input'],
    ['list_memberships may not be added to', 'NOT_ALLOWED', 'input.addListIds'],
    ['The contact has unsubscribed.', 'NOT_ALLOWED', 'input.addListIds'],
  ])('explains “%s” by lists only if it is about them', async (reason, code, field) => {
    const { contact_id } = optedOut('Contact');
    app.sandbox.faults.script({
      operationId: 'putContact',
      fault: { kind: 'status', status: 400, body: [{ error_key: 'invalid', error_message: reason }] },
    });
    const payload = await update({
      id: contact_id,
      addListIds: [listNamed('Scratch')],
      phoneNumbers: [{ kind: 'HOME', number: 'zz' }],
    });
    expect(codes(payload)).toEqual([[code, expect.stringContaining(field)]]);
    expect(app.calls()).toEqual(['getContact', 'putContact']);
  });

  it('does not change EXPLICIT into IMPLICIT', async () => {
    const { contact_id } = fullContact();
    const payload = await update({ id: contact_id, emailAddress: { permissionToSend: 'IMPLICIT' } });
    expect(codes(payload)).toEqual([['NOT_ALLOWED', 'input.emailAddress.permissionToSend']]);
    expect(app.calls()).toEqual(['getContact']);
  });

  it('does not restore a consent to text messages that the contact withdrew', async () => {
    const { contact_id, sms } = some((row) => row.deleted_at === null && row.sms?.permission === 'explicit');
    const set = (permission: string, updateSource: string) =>
      update({
        id: contact_id,
        smsChannel: { fullSmsAddress: `+${sms!.dial_code}${sms!.sms_address}`, permission },
        updateSource,
      });
    await set('UNSUBSCRIBED', 'CONTACT');
    app.resetCalls();
    const payload = await set('EXPLICIT', 'ACCOUNT');
    expect(codes(payload)).toEqual([['NOT_ALLOWED', 'input.smsChannel.permission']]);
    expect(payload.userErrors[0].message).toContain('createContactFromSignUpForm');
    expect(app.calls()).toEqual(['getContact']);
    expect((await set('UNSUBSCRIBED', 'ACCOUNT')).userErrors).toEqual([]);
    // From here on it is the account's opt-out.
    expect((await set('EXPLICIT', 'ACCOUNT')).userErrors).toEqual([]);
  });

  it.each([
    ['C', 'O'],
    ['C', 'U'],
    ['contact', 'o'],
    [' CONTACT ', 'Unsubscribed'],
  ])('knows such a withdrawal by any spelling of the API: %s, %s', async (update_source, permission) => {
    const { contact_id, sms } = some((row) => row.deleted_at === null && row.sms?.permission === 'explicit');
    Object.assign(app.sandbox.account().contacts.get(contact_id)!.sms!, { update_source, permission });
    const payload = await update({
      id: contact_id,
      smsChannel: { fullSmsAddress: `+${sms!.dial_code}${sms!.sms_address}`, permission: 'EXPLICIT' },
    });
    expect(codes(payload)).toEqual([['NOT_ALLOWED', 'input.smsChannel.permission']]);
    expect(app.calls()).toEqual(['getContact']);
  });

  it('adds an address and a number to a contact that has neither', async () => {
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

  it('rejects a deleted contact, unless it is to be restored', async () => {
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

  it('reads only what it needs, and returns everything that is selected', async () => {
    const before = fullContact();
    const { contact } = await update(
      { id: before.contact_id, firstName: 'Zoë', addTagIds: [] },
      'contact { firstName lists { name } phoneNumbers { number } }',
    );
    expect(contact.lists).toHaveLength(before.list_memberships.length);
    expect(app.calls()).toEqual(['getContact', 'putContact', 'getLists']);
    expect(decodeURIComponent(app.sandbox.journal.entries[0]?.query ?? '')).toBe(
      'include=list_memberships,phone_numbers,taggings',
    );
  });

  it.each<[string, Record<string, unknown>, [string, string][], string[]]>([
    ['an id of another type', { id: encodeGlobalId('Tag', UNKNOWN_ID) }, [['INVALID_ID', 'input.id']], []],
    ['a path as an id', { id: '../contact_lists' }, [['INVALID_ID', 'input.id']], []],
    ['an unknown contact', { id: UNKNOWN_ID, firstName: 'x' }, [['NOT_FOUND', 'input.id']], ['getContact']],
    [
      'clearing fields that cannot be cleared',
      { emailAddress: null, smsChannel: null },
      [
        ['NOT_ALLOWED', 'input.emailAddress'],
        ['NOT_ALLOWED', 'input.smsChannel'],
      ],
      [],
    ],
    [
      'blank texts',
      {
        phoneNumbers: [{ kind: 'HOME', number: ' ' }],
        smsChannel: { fullSmsAddress: ' ', permission: 'EXPLICIT' },
        addNotes: ['Met in Turin', '\n'],
      },
      [
        ['REQUIRED', 'input.smsChannel.fullSmsAddress'],
        ['REQUIRED', 'input.phoneNumbers.0.number'],
        ['REQUIRED', 'input.addNotes.1'],
      ],
      [],
    ],
    ['an empty address', { emailAddress: { address: '' } }, [['REQUIRED', 'input.emailAddress.address']], []],
    [
      'an opt-out reason without an opt-out',
      { emailAddress: { optOutReason: 'x' } },
      [['NOT_ALLOWED', 'input.emailAddress.optOutReason']],
      ['getContact'],
    ],
    ['51 lists', { listIds: uuids(51) }, [['TOO_MANY', 'input.listIds']], []],
    [
      'the same list to add and to remove, whatever the form of its id',
      { addListIds: [UNKNOWN_ID], removeListIds: uuids(1).concat(encodeGlobalId('ContactList', UNKNOWN_ID)) },
      [['INVALID', 'input.removeListIds']],
      [],
    ],
    ['51 lists to add', { addListIds: uuids(51) }, [['TOO_MANY', 'input.addListIds']], []],
    [
      'a malformed id among those to remove',
      { removeTagIds: ['%2e%2e'] },
      [['INVALID_ID', 'input.removeTagIds.0']],
      [],
    ],
    [
      'too many fields',
      { customFields: uuids(1).map((fieldId) => ({ fieldId, value: { text: '1' } })) },
      [['TOO_MANY', 'input.customFields']],
      ['getContact'],
    ],
  ])('rejects %s', async (_, input, expected, calls) => {
    const payload = await update({ id: fullContact().contact_id, ...input });
    expect(payload.contact).toBeNull();
    expect(codes(payload)).toEqual(expected);
    expect(app.calls()).toEqual(calls);
  });

  it('rejects a permission for a contact without an address', async () => {
    const { contact_id } = some((row) => row.deleted_at === null && row.email === null);
    const payload = await update({ id: contact_id, emailAddress: { permissionToSend: 'EXPLICIT' } });
    expect(codes(payload)).toEqual([['REQUIRED', 'input.emailAddress.address']]);
    expect(app.calls()).toEqual(['getContact']);
  });

  it('reports a duplicate address', async () => {
    const taken = some((row) => row.email !== null && row.contact_id !== fullContact().contact_id).email!
      .address;
    const payload = await update({ id: fullContact().contact_id, emailAddress: { address: taken } });
    expect(codes(payload)).toEqual([['ALREADY_EXISTS', 'input.emailAddress']]);
  });

  it('reports a duplicate number, or that one of the two is a duplicate', async () => {
    const { sms } = some((row) => row.sms !== null && row.contact_id !== fullContact().contact_id);
    const smsChannel = { fullSmsAddress: `+${sms!.dial_code}${sms!.sms_address}`, permission: 'EXPLICIT' };
    const number = await update({ id: fullContact().contact_id, smsChannel });
    expect(codes(number)).toEqual([['ALREADY_EXISTS', 'input.smsChannel']]);
    const emailAddress = { address: 'new.address@harborlight.example' };
    const either = await update({ id: fullContact().contact_id, emailAddress, smsChannel });
    expect(codes(either)).toEqual([['ALREADY_EXISTS', 'input.smsChannel']]);
  });
});
