import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import type { ContactRow } from '../src/sandbox/stores/audience.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { UNKNOWN_ID, contactTools, iso } from './support/contacts.js';

let app: TestApp;

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 300 } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const { account, rows, some, ask } = contactTools(() => app);
const lastQuery = () => decodeURIComponent(app.sandbox.journal.entries.at(-1)?.query ?? '');

describe('a single contact', () => {
  it('returns every field, for one call and one for each kind of linked object', async () => {
    const row = some((one) => one.custom_fields.length > 20);
    const { contact } = await ask(
      `query ($id: ID!) { contact(id: $id) {
        id contactId firstName lastName jobTitle companyName birthday { month day } anniversary
        createSource createSourceRaw updateSource updateSourceRaw createdAt updatedAt deletedAt
        emailAddress {
          address permissionToSend permissionToSendRaw createdAt updatedAt optInSource optInSourceRaw optInDate
          optOutSource optOutSourceRaw optOutDate optOutReason confirmStatus confirmStatusRaw
        }
        smsChannel {
          smsChannelId smsAddress dialCode countryCode createSource createSourceRaw updateSource updateSourceRaw
          consents {
            permission permissionRaw consentType optInDate optOutDate advertisedFrequency advertisedInterval createdAt updatedAt
          }
        }
        lists { listId name } tags { tagId name }
        customFields { customFieldId value choiceIds field { label type } choices { choiceId label } }
        phoneNumbers { phoneNumberId number kind kindRaw createdAt updatedAt createSource createSourceRaw updateSource updateSourceRaw }
        streetAddresses { streetAddressId kind kindRaw street city state postalCode country createdAt updatedAt }
        notes { noteId content createdAt }
      } }`,
      { id: row.contact_id },
    );
    expect(contact).toMatchObject({
      id: encodeGlobalId('Contact', row.contact_id),
      contactId: row.contact_id,
      firstName: row.first_name,
      lastName: row.last_name,
      jobTitle: row.job_title,
      companyName: row.company_name,
      birthday: { month: row.birthday_month, day: row.birthday_day },
      anniversary: row.anniversary,
      createSource: row.create_source.toUpperCase(),
      createSourceRaw: row.create_source,
      updateSource: row.update_source.toUpperCase(),
      createdAt: iso(row.created_at),
      updatedAt: iso(row.updated_at),
      deletedAt: null,
      emailAddress: {
        address: row.email?.address,
        permissionToSend: 'EXPLICIT',
        permissionToSendRaw: 'explicit',
        optInDate: iso(row.email!.opt_in_date),
        optOutSource: null,
        optOutDate: null,
        optOutReason: null,
        confirmStatus: row.email?.confirm_status.toUpperCase(),
      },
      smsChannel: {
        smsAddress: row.sms?.sms_address,
        dialCode: row.sms?.dial_code,
        countryCode: row.sms?.country_code,
        consents: [{ consentType: 'PROMOTIONAL', permissionRaw: row.sms?.permission }],
      },
      phoneNumbers: row.phone_numbers.map((phone) => ({
        phoneNumberId: phone.phone_number_id,
        number: phone.phone_number,
        kind: phone.kind.toUpperCase(),
        kindRaw: phone.kind,
        createSource: 'ACCOUNT',
      })),
      streetAddresses: row.street_addresses.map((address) => ({
        streetAddressId: address.street_address_id,
        kind: address.kind.toUpperCase(),
        street: address.street,
        city: address.city,
        postalCode: address.postal_code,
        country: address.country,
      })),
      notes: row.notes.map((note) => ({
        noteId: note.note_id,
        content: note.content,
        createdAt: iso(note.created_at),
      })),
    });
    expect(contact.lists).toEqual(
      row.list_memberships.map((listId) => ({ listId, name: account().lists.get(listId)?.name })),
    );
    expect(contact.tags).toEqual(
      row.taggings.map((tagId) => ({ tagId, name: account().tags.get(tagId)?.name })),
    );
    const values = row.custom_fields.map((value) => {
      const field = account().customFields.get(value.custom_field_id)!;
      const taken = (field.choices ?? []).filter((choice) =>
        value.choice_ids?.some((id) => Number(id) === choice.choice_id),
      );
      return { customFieldId: value.custom_field_id, label: field.label, taken, value: value.value ?? null };
    });
    for (const [at, { customFieldId, label, taken, value }] of values.entries()) {
      expect(contact.customFields[at]).toMatchObject({ customFieldId, value, field: { label } });
      expect(
        contact.customFields[at].choices.map((choice: { label: string }) => choice.label).sort(),
      ).toEqual(taken.map((choice) => choice.choice_label).sort());
    }
    expect(values.some(({ taken }) => taken.length > 1)).toBe(true);
    expect(app.calls().sort()).toEqual(['getContact', 'getCustomFields', 'getLists', 'getTags']);
  });

  it('is found by raw and by global id, in one call', async () => {
    const [a, b] = rows();
    const { raw, global, other } = await ask(
      `query ($raw: ID!, $global: ID!, $other: ID!) {
        raw: contact(id: $raw) { firstName } global: contact(id: $global) { lastName } other: contact(id: $other) { contactId }
      }`,
      { raw: a!.contact_id, global: encodeGlobalId('Contact', a!.contact_id), other: b!.contact_id },
    );
    expect([raw.firstName, global.lastName, other.contactId]).toEqual([
      a!.first_name,
      a!.last_name,
      b!.contact_id,
    ]);
    expect(app.calls()).toEqual(['getContact', 'getContact']);
  });

  it('returns ids of lists and tags without reading lists and tags', async () => {
    const row = some((one) => one.list_memberships.length > 1 && one.taggings.length > 1);
    const { contact } = await ask(
      `query ($id: ID!) { contact(id: $id) { lists { id listId } tags { id tagId } } }`,
      { id: row.contact_id },
    );
    expect(contact.lists.map((list: { listId: string }) => list.listId)).toEqual(row.list_memberships);
    expect(contact.tags.map((tag: { tagId: string }) => tag.tagId)).toEqual(row.taggings);
    expect(app.calls()).toEqual(['getContact']);
  });

  it('is null when it does not exist', async () => {
    expect(await ask(`{ contact(id: "${UNKNOWN_ID}") { id } }`)).toEqual({ contact: null });
    expect(app.calls()).toEqual(['getContact']);
  });

  it('has a day of deletion when it is deleted', async () => {
    const row = some((one) => one.deleted_at !== null);
    const { contact } = await ask(`{ contact(id: "${row.contact_id}") { deletedAt lists { name } } }`);
    expect(contact).toEqual({ deletedAt: iso(row.deleted_at)?.slice(0, 10), lists: [] });
  });

  it('without an address is reached by text message, and its list is found outside the email lists', async () => {
    const row = some((one) => one.email === null && one.deleted_at === null);
    const { contact } = await ask(
      `{ contact(id: "${row.contact_id}") { emailAddress { address } smsChannel { smsAddress } lists { name } } }`,
    );
    expect(contact).toEqual({
      emailAddress: null,
      smsChannel: { smsAddress: row.sms?.sms_address },
      lists: [{ name: 'Text Alerts' }],
    });
    expect(app.calls()).toEqual(['getContact', 'getLists', 'getList']);
  });

  it('is found by its address, even when deleted, in one call', async () => {
    const plus = some((one) => one.email?.address.includes('+') ?? false);
    const gone = some((one) => one.deleted_at !== null && one.email !== null);
    const query = `query ($email: String!) { contactByEmail(email: $email) { contactId deletedAt notes { content } } }`;
    for (const row of [plus, gone]) {
      app.resetCalls();
      const { contactByEmail } = await ask(query, { email: ` ${row.email!.address} ` });
      expect(contactByEmail.contactId).toBe(row.contact_id);
      expect(app.calls()).toEqual(['getContacts']);
      expect(lastQuery()).toBe(`email=${row.email!.address}&include=notes&status=all`);
    }
    expect(app.sandbox.journal.entries[0]?.query).not.toContain('@');
    expect(await ask(query, { email: 'nobody@nowhere.example' })).toEqual({ contactByEmail: null });
    app.resetCalls();
    const spelling = plus.email!.address.toUpperCase();
    const both = await ask(
      `query ($one: String!, $other: String!) { one: contactByEmail(email: $one) { contactId } other: contactByEmail(email: $other) { contactId } }`,
      { one: spelling, other: plus.email!.address },
    );
    expect(both).toEqual({ one: { contactId: plus.contact_id }, other: { contactId: plus.contact_id } });
    expect(app.calls()).toEqual(['getContacts']);
    expect(lastQuery()).toBe(`email=${spelling}&status=all`);
  });

  it('is found in any spelling of its address if the API compares exactly', async () => {
    const row = some((one) => one.email !== null);
    const { address } = row.email!;
    const spelling = address.toUpperCase();
    app.sandbox.faults.script({
      operationId: 'getContacts',
      query: { email: spelling },
      times: Infinity,
      fault: { kind: 'status', status: 200, body: { contacts: [] } },
    });
    const both = await ask(
      `query ($one: String!, $other: String!) { one: contactByEmail(email: $one) { contactId } other: contactByEmail(email: $other) { contactId } }`,
      { one: spelling, other: address },
    );
    expect(both).toEqual({ one: { contactId: row.contact_id }, other: { contactId: row.contact_id } });
    expect(app.calls()).toEqual(['getContacts', 'getContacts']);
  });

  it('is not another one that the search finds as well', async () => {
    const [row, other] = [some((one) => one.email !== null), some((one) => one.deleted_at !== null)];
    app.sandbox.faults.script({
      operationId: 'getContacts',
      times: 2,
      fault: {
        kind: 'edit',
        edit: (body: any) => ({
          ...body,
          contacts: [
            { contact_id: other.contact_id, email_address: { address: `x${row.email!.address}` } },
            ...body.contacts,
          ],
        }),
      },
    });
    const query = `query ($email: String!) { contactByEmail(email: $email) { contactId } }`;
    const { address } = row.email!;
    expect(await ask(query, { email: address })).toEqual({ contactByEmail: { contactId: row.contact_id } });
    expect(await ask(query, { email: 'nobody@nowhere.example' })).toEqual({ contactByEmail: null });
    expect(app.calls()).toEqual(['getContacts', 'getContacts']);
  });

  it('returns its history of SMS consent for one call', async () => {
    const row = some((one) => (one.sms?.history.length ?? 0) > 1);
    const { contact } = await ask(
      `{ contact(id: "${row.contact_id}") { smsEngagementHistory {
        smsChannelHistoryId smsChannelId insertedAt state stateRaw source sourceRaw consentType consentTypeRaw consentActionType consentActionAt consentMediumType
        sourceConsentTimestamp sourceSmsNumber advertisedFrequency advertisedInterval details
      } } }`,
    );
    expect(contact.smsEngagementHistory).toMatchObject(
      row.sms!.history.map((entry) => ({
        smsChannelHistoryId: entry.sms_channel_history_id,
        smsChannelId: row.sms!.sms_channel_id,
        insertedAt: iso(entry.insert_time),
        state: entry.state === 'U' ? 'UNSUBSCRIBED' : 'EXPLICIT',
        stateRaw: entry.state,
        source: entry.source === 'A' ? 'ACCOUNT' : 'CONTACT',
        sourceRaw: entry.source,
        consentType: 'PROMOTIONAL',
        consentTypeRaw: 'P',
        consentActionType: entry.consent_action_type,
        consentActionAt: iso(entry.insert_time),
        consentMediumType: null,
        details: { state: entry.state, consent_action_type: entry.consent_action_type },
      })),
    );
    expect(app.calls()).toEqual(['getSmsEngagementHistory']);
  });
});

describe('counts and cross-references', () => {
  it('count contacts by consent in one call, and new subscribers only on request', async () => {
    const live = rows((row) => row.deleted_at === null);
    const having = (permission: string) =>
      live.filter((row) => row.email?.permission_to_send === permission).length;
    expect(await ask(`{ contactConsentCounts { total explicit implicit pending unsubscribed } }`)).toEqual({
      contactConsentCounts: {
        total: live.length,
        explicit: having('explicit'),
        implicit: having('implicit'),
        pending: having('pending_confirmation'),
        unsubscribed: having('unsubscribed'),
      },
    });
    expect(lastQuery()).toBe('');
    app.resetCalls();
    const { a, b } = await ask(
      `{ a: contactConsentCounts { total } b: contactConsentCounts { newSubscribers } }`,
    );
    expect(a.total).toBe(300);
    expect(b.newSubscribers).toBeGreaterThan(0);
    expect(app.calls()).toEqual(['countContact']);
    expect(lastQuery()).toBe('include=new_subscriber');
  });

  it('find contacts by their V2 ids and omit unknown ones', async () => {
    const [a, b] = rows((row) => row.sequence_id !== null);
    const { contactXrefs } = await ask(
      `query ($ids: [ID!]!) { contactXrefs(v2Ids: $ids) { v2Id contactId contact { firstName } } }`,
      { ids: [b!.sequence_id, a!.sequence_id, '7', a!.sequence_id] },
    );
    expect(contactXrefs).toEqual(
      [a!, b!].map((row) => ({
        v2Id: row.sequence_id,
        contactId: row.contact_id,
        contact: { firstName: row.first_name },
      })),
    );
    expect(app.calls()).toEqual(['getContactIdXrefs', 'getContact', 'getContact']);
  });

  it.each<[string, unknown[], string]>([
    ['letters', ['12', 'abc'], 'INVALID_ID'],
    ['none', [], 'REQUIRED'],
    ['501', Array.from({ length: 501 }, (_, at) => String(at + 1)), 'TOO_MANY'],
  ])('reject V2 ids: %s', async (_, ids, problem) => {
    const { errors } = await app.query(`query ($ids: [ID!]!) { contactXrefs(v2Ids: $ids) { contactId } }`, {
      variables: { ids },
    });
    expect(errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', problem });
    expect(app.calls()).toEqual([]);
  });
});

describe('contacts as nodes and as entities', () => {
  it('are found by global id among other types; an invalid id fails alone, an unknown one is null', async () => {
    const [a, b] = rows();
    const [list] = [...account().lists];
    const ids = [
      encodeGlobalId('Contact', a!.contact_id),
      'rubbish',
      encodeGlobalId('Contact', UNKNOWN_ID),
      b!.contact_id,
      encodeGlobalId('ContactList', list!.list_id),
      encodeGlobalId('Contact', '../contact_lists'),
      encodeGlobalId('Contact', b!.contact_id),
    ];
    const { data, errors } = await app.query(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Contact { firstName } ... on ContactList { name } } }`,
      { variables: { ids } },
    );
    expect(data.nodes).toEqual([
      { __typename: 'Contact', id: ids[0], firstName: a!.first_name },
      null,
      null,
      null,
      { __typename: 'ContactList', id: ids[4], name: list!.name },
      null,
      { __typename: 'Contact', id: ids[6], firstName: b!.first_name },
    ]);
    expect(errors?.map(({ path, extensions }) => [path, extensions.code, extensions.problem])).toEqual(
      [1, 3, 5].map((at) => [['nodes', at], 'BAD_USER_INPUT', 'INVALID_ID']),
    );
    expect(app.calls().sort()).toEqual(['getContact', 'getContact', 'getContact', 'getList']);
  });

  it('are read by node with the fields of the inline fragment and no others', async () => {
    const row = some((one) => one.notes.length > 0);
    const { node } = await ask(
      `{ node(id: "${encodeGlobalId('Contact', row.contact_id)}") { id ... on Contact { notes { content } } } }`,
    );
    expect(node.notes.map((note: any) => note.content)).toEqual(row.notes.map((note) => note.content));
    expect(app.calls()).toEqual(['getContact']);
    expect(lastQuery()).toBe('include=notes');
  });

  it('are resolved for a gateway by either key, together; an unknown one is null', async () => {
    const [a, b] = rows();
    const { _entities } = await ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Contact { contactId firstName } } }`,
      {
        representations: [
          { __typename: 'Contact', id: encodeGlobalId('Contact', a!.contact_id) },
          { __typename: 'Contact', contactId: b!.contact_id },
          { __typename: 'Contact', contactId: a!.contact_id },
          { __typename: 'Contact', contactId: UNKNOWN_ID },
          { __typename: 'Contact', contactId: null },
          { __typename: 'Contact', id: null, contactId: b!.contact_id },
        ],
      },
    );
    const entity = (row: ContactRow) => ({ contactId: row.contact_id, firstName: row.first_name });
    expect(_entities).toEqual([entity(a!), entity(b!), entity(a!), null, null, entity(b!)]);
    expect(app.calls()).toEqual(['getContact', 'getContact', 'getContact']);
  });

  it('are read with one scan, however many a gateway requests', async () => {
    const picked = rows().slice(0, 40);
    const { _entities } = await ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Contact { contactId } } }`,
      { representations: picked.map(({ contact_id }) => ({ __typename: 'Contact', contactId: contact_id })) },
    );
    expect(_entities.map((one: any) => one.contactId)).toEqual(picked.map((row) => row.contact_id));
    expect(app.calls()).toEqual(['getContacts']);
  });

  const byAddress = (addresses: readonly (string | null)[]) =>
    ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ContactEmailAddress { contact { contactId } } } }`,
      {
        representations: addresses.map((address) => ({ __typename: 'ContactEmailAddress', address })),
      },
    );
  const ofAddress = ({ contact_id: contactId }: ContactRow) => ({ contact: { contactId } });

  it('are resolved for a gateway by their address as well', async () => {
    const [row] = rows().filter(({ email }) => email);
    const { _entities } = await byAddress([row!.email!.address, row!.email!.address.toUpperCase(), null]);
    expect(_entities).toEqual([ofAddress(row!), ofAddress(row!), null]);
    expect(app.calls()).toEqual(['getContacts']);
    expect(lastQuery()).toContain('email=');
  });

  it('are read with one scan by their addresses, and known to be missing afterwards', async () => {
    const picked = rows()
      .filter(({ email }) => email)
      .slice(0, 30);
    const strangers = Array.from({ length: 20 }, (_, at) => `stranger${String(at)}@nowhere.example`);
    const { _entities } = await byAddress([...picked.map(({ email }) => email!.address), ...strangers]);
    expect(_entities).toEqual([...picked.map(ofAddress), ...strangers.map(() => null)]);
    expect(app.calls()).toEqual(['getContacts']);
  });
});

describe('responses that violate the contract', () => {
  const answer = (body: unknown) => {
    app.sandbox.faults.script({ fault: { kind: 'status', status: 200, body } });
  };

  it('with an unknown value are UNKNOWN, with the raw value next to it', async () => {
    answer({
      contact_id: UNKNOWN_ID,
      create_source: 'Robot',
      email_address: {
        address: 'a@b.c',
        permission_to_send: 'whatever',
        confirm_status: 'maybe',
        opt_in_source: '',
      },
      phone_numbers: [{ kind: 'fax', phone_number: '1' }],
      a_new_property: { nested: true },
    });
    const { contact } = await ask(
      `{ contact(id: "${UNKNOWN_ID}") { createSource createSourceRaw phoneNumbers { kind kindRaw } emailAddress {
        permissionToSend permissionToSendRaw confirmStatus confirmStatusRaw optInSource
      } } }`,
    );
    expect(contact).toEqual({
      createSource: 'UNKNOWN',
      createSourceRaw: 'Robot',
      phoneNumbers: [{ kind: 'UNKNOWN', kindRaw: 'fax' }],
      emailAddress: {
        permissionToSend: 'UNKNOWN',
        permissionToSendRaw: 'whatever',
        confirmStatus: 'UNKNOWN',
        confirmStatusRaw: 'maybe',
        optInSource: null,
      },
    });
  });

  it.each([
    ['2026-04-28T21:46:22Z', '2026-04-28T21:46:22.000Z'],
    ['2016-01-23T13:48:44.108Z', '2016-01-23T13:48:44.108Z'],
    ['2016-03-03T10:53:04-05:00', '2016-03-03T15:53:04.000Z'],
    ['2025-09-25T20:06:50.020+00:00', '2025-09-25T20:06:50.020Z'],
    ['2026-02-05T07:32:49.766+0000', '2026-02-05T07:32:49.766Z'],
    ['2019-01-01T00:00:00-0500', '2019-01-01T05:00:00.000Z'],
    ['2023-01-23 06:09:23 -0800', '2023-01-23T14:09:23.000Z'],
    ['2026-04-28', '2026-04-28T00:00:00.000Z'],
    ['yesterday', null],
    ['', null],
  ])('with the date %s return %s', async (text, expected) => {
    answer({ contact_id: UNKNOWN_ID, created_at: text, deleted_at: text });
    const { contact } = await ask(`{ contact(id: "${UNKNOWN_ID}") { createdAt deletedAt } }`);
    expect(contact).toEqual({ createdAt: expected, deletedAt: expected?.slice(0, 10) ?? null });
  });

  it('without required properties return null, and no error', async () => {
    const everything = `{ contact(id: "${UNKNOWN_ID}") {
      contactId firstName birthday { month } createSource createdAt deletedAt emailAddress { address } smsChannel { smsAddress }
      lists { name } tags { name } customFields { value field { label } choices { label } } phoneNumbers { kind } streetAddresses { city } notes { content }
    } }`;
    answer({ contact_id: UNKNOWN_ID, birthday_month: 3 });
    expect((await ask(everything)).contact).toEqual({
      contactId: UNKNOWN_ID,
      firstName: null,
      birthday: null,
      createSource: null,
      createdAt: null,
      deletedAt: null,
      emailAddress: null,
      smsChannel: null,
      lists: [],
      tags: [],
      customFields: [],
      phoneNumbers: [],
      streetAddresses: [],
      notes: [],
    });
    answer({
      contact_id: UNKNOWN_ID,
      email_address: {},
      sms_channel: {},
      phone_numbers: [{}],
      notes: [{}],
      custom_fields: [{ custom_field_id: UNKNOWN_ID }],
    });
    expect((await ask(everything)).contact).toMatchObject({
      emailAddress: { address: '' },
      smsChannel: { smsAddress: null },
      customFields: [{ value: null, field: null, choices: [] }],
      phoneNumbers: [{ kind: null }],
      notes: [{ content: null }],
      tags: [],
    });
  });

  it.each<[string, unknown]>([
    ['null', { contacts: null, _links: null }],
    ['rows without ids', { contacts: [{}, {}], contacts_count: null }],
  ])('for a collection: %s', async (_, body) => {
    answer(body);
    const { contacts } = await ask(
      `{ contacts { nodes { contactId firstName lists { name } } pageInfo { hasNextPage } } }`,
    );
    expect(contacts.pageInfo.hasNextPage).toBe(false);
    expect(contacts.nodes.every((node: any) => node.firstName === null)).toBe(true);
  });

  it('with an empty object are not taken for an empty collection', async () => {
    answer({});
    const { data, errors } = await app.query('{ contacts { nodes { contactId } } }');
    expect(data).toEqual({ contacts: null });
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }]);
  });
});
