import { describe, expect, it } from 'vitest';
import { scripted } from './support/scripted.js';

/** Input that names the same thing twice or in another spelling, and answers that lack the id or hold what cannot be sent back. */
const { answering, ask, query, requests, sent } = scripted();

const id = (letter: string, number = 1) =>
  `${letter.repeat(8)}-0000-11ee-8000-${String(number).padStart(12, '0')}`;
const UPDATE = `mutation ($input: UpdateContactInput!) { updateContact(input: $input) { contact { contactId } userErrors { code field } } }`;

describe('an id in capitals equals the same id in lower case', () => {
  const stored = {
    contact_id: id('c'),
    email_address: { address: 'zara@example.org', permission_to_send: 'implicit' },
    list_memberships: [id('a'), id('b')],
    taggings: [id('d')],
    custom_fields: [{ custom_field_id: id('f'), value: 'old' }],
  };

  it('when a list and a tag are removed, and a custom field is changed', async () => {
    await answering(() => stored);
    const { updateContact } = await ask(UPDATE, {
      input: {
        id: id('C'),
        removeListIds: [id('A')],
        removeTagIds: [id('D')],
        customFields: [{ fieldId: id('F'), value: { text: 'new' } }],
      },
    });
    expect(updateContact).toEqual({ contact: { contactId: id('c') }, userErrors: [] });
    expect(sent(1)).toMatchObject({
      list_memberships: [id('b')],
      taggings: [],
      custom_fields: [{ custom_field_id: id('f'), value: 'new' }],
    });
  });

  it('when a contact is requested twice: one call', async () => {
    await answering(() => stored);
    const global = Buffer.from(`Contact:${id('C')}`).toString('base64');
    const data = await ask(
      `query ($a: ID!, $b: ID!, $c: ID!) { a: contact(id: $a) { contactId } b: contact(id: $b) { contactId } c: contact(id: $c) { contactId } }`,
      { a: id('c'), b: id('C'), c: global },
    );
    expect(data).toEqual({ a: { contactId: id('c') }, b: { contactId: id('c') }, c: { contactId: id('c') } });
    expect(requests().map(({ url }) => url)).toEqual([expect.stringMatching(`/contacts/${id('c')}$`)]);
  });
});

describe('duplicates are rejected before any call', () => {
  const twice = { userErrors: [{ code: 'INVALID', field: expect.arrayContaining(['1']) }] };

  it.each([
    [
      'createContact',
      { emailAddress: { address: 'a@b.example' }, createSource: 'ACCOUNT' },
      'CreateContactInput',
    ],
    ['createContactFromSignUpForm', { emailAddress: 'a@b.example', listIds: [id('a')] }, null],
  ])('a custom field in %s', async (mutation, input, type) => {
    await answering(() => ({}));
    const customFields = [
      { fieldId: id('f'), value: type === null ? 'one' : { text: 'one' } },
      { fieldId: id('F'), value: type === null ? 'two' : { text: 'two' } },
    ];
    const name = type ?? 'CreateContactFromSignUpFormInput';
    const data = await ask(
      `mutation ($input: ${name}!) { ${mutation}(input: $input) { userErrors { code field } } }`,
      { input: { ...input, customFields } },
    );
    expect(data[mutation]).toEqual(twice);
    expect(requests()).toEqual([]);
  });

  it('a choice of a custom field, and a note', async () => {
    const choices = [{ choice_id: 1, choice_label: 'a', display_order: 1 }];
    const notes = [{ note_id: id('e'), content: 'kept' }];
    await answering((url) =>
      url.pathname.includes('custom_fields')
        ? { custom_field_id: id('f'), label: 'Colour', type: 'single_select', choices }
        : { contact_id: id('c'), notes },
    );
    const field = await ask(
      `mutation ($input: UpdateCustomFieldInput!) { updateCustomField(input: $input) { userErrors { code field } } }`,
      {
        input: {
          id: id('f'),
          choices: [
            { choiceId: '1', label: 'a' },
            { choiceId: '000001', label: 'b' },
          ],
        },
      },
    );
    expect(field.updateCustomField).toEqual(twice);
    const note = { noteId: id('e'), content: 'x' };
    const contact = await ask(UPDATE, {
      input: { id: id('c'), notes: [note, { ...note, noteId: id('E') }] },
    });
    expect(contact.updateContact).toMatchObject(twice);
    expect(requests().map(({ method }) => method)).toEqual(['GET']);
  });
});

it('an update keeps what the API accepts, and omits what it returns but does not accept', async () => {
  await answering(() => ({
    contact_id: id('c'),
    email_address: { address: 'zara@example.org', permission_to_send: 'deleted' },
    birthday_month: 5,
    last_name: 'Fletcher',
  }));
  await ask(UPDATE, { input: { id: id('c'), firstName: 'Zara' } });
  expect(sent(1)).toEqual({
    update_source: 'Account',
    first_name: 'Zara',
    last_name: 'Fletcher',
    email_address: { address: 'zara@example.org' },
  });
});

it('an empty list of activity types does not mean all types', async () => {
  await answering(() => ({ tracking_activities: [] }));
  const { errors } = await query(
    `{ contact(id: "${id('c')}") { activityDetails(types: []) { nodes { type } } } }`,
  );
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(requests()).toEqual([]);
});

describe('a write whose response lacks the id returns the id of the request', () => {
  it.each([
    [
      `mutation { renameEmailCampaign(input: { id: "${id('a')}", name: "New" }) { emailCampaign { campaignId } } }`,
      { renameEmailCampaign: { emailCampaign: { campaignId: id('a') } } },
    ],
    [
      'mutation { createEvent(input: { name: "Fair" }) { event { eventId campaignId } } }',
      { createEvent: { event: { eventId: id('e'), campaignId: id('e') } } },
    ],
  ])('%s', async (query, expected) => {
    await answering(({ pathname }) => {
      return pathname.includes('/events') ? { campaign_id: id('e') } : { name: 'x' };
    });
    expect(await ask(query)).toEqual(expected);
  });
});

describe('an update of a contact with more than the API allows', () => {
  const ids = Array.from({ length: 52 }, (_, at) => `00000000-0000-11ee-8000-0000000000${String(at + 10)}`);

  it.each([
    ['removeTagIds', 'taggings', [ids[0]], [['TOO_MANY', ['input', 'removeTagIds']]]],
    ['removeListIds', 'list_memberships', [ids[0]], [['TOO_MANY', ['input', 'removeListIds']]]],
    ['removeTagIds', 'taggings', ids.slice(0, 2), []],
    ['removeListIds', 'list_memberships', ids.slice(0, 2), []],
  ] as const)(
    'names the argument %s for what it leaves of %s',
    async (argument, property, removed, errors) => {
      await answering(() => ({ contact_id: ids[0], create_source: 'Account', [property]: ids }));
      const { updateContact } = await ask(
        'mutation ($input: UpdateContactInput!) { updateContact(input: $input) { userErrors { code field } } }',
        { input: { id: ids[0], [argument]: removed } },
      );
      expect(updateContact.userErrors.map(({ code, field }: any) => [code, field])).toEqual(errors);
      expect(requests().map(({ method }) => method)).toEqual(errors.length > 0 ? ['GET'] : ['GET', 'PUT']);
      if (errors.length === 0) expect(sent(1)[property]).toEqual(ids.slice(2));
    },
  );
});
