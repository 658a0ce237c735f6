import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_ERRORS } from '../../src/resolvers/support/limits.js';
import { startApp, type TestApp } from '../support/app.js';
import { recordIds } from '../support/example-variables.js';

/** More items than a function can take as arguments. */
const MANY = 140_000;

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 20 } });
});
afterAll(() => app.close());
beforeEach(() => app.resetCalls());

const many = <Item>(item: Item): Item[] => Array.from({ length: MANY }, () => item);
const mutate = async (name: string, type: string, input: object) => {
  const { data, errors } = await app.query(
    `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code field message } } }`,
    { variables: { input } },
  );
  expect(errors).toBeUndefined();
  return data[name].userErrors;
};

describe('a list above its declared limit is refused without a look at its items', () => {
  it.each([
    ['createContact', 'CreateContactInput', 'notes', {}],
    ['updateContact', 'UpdateContactInput', 'notes', { id: 'contactId' }],
    ['updateCustomField', 'UpdateCustomFieldInput', 'choices', { id: 'customFieldId' }],
    ['importContacts', 'ImportContactsInput', 'contacts', { listIds: 'listIds' }],
  ])('%s', async (name, type, list, ids) => {
    const known = recordIds(app);
    const given = Object.fromEntries(Object.entries(ids).map(([key, value]) => [key, known[value]]));
    // Each item is invalid.
    const errors = await mutate(name, type, { ...given, [list]: many({}) });
    expect(errors).toMatchObject([{ code: 'TOO_MANY', field: ['input', list] }]);
    expect(app.calls()).toEqual([]);
  });

  it.each([
    ['in an object', '$input: CreateContactInput!', '$input', (notes: object[]) => ({ input: { notes } })],
    ['as a variable', '$notes: [ContactNoteInput!]', '{ notes: $notes }', (notes: object[]) => ({ notes })],
  ])('nor are its items coerced, %s', async (_name, declaration, input, variablesOf) => {
    // Coercion would refuse the variable for the first of them.
    const notes = many({ createdAt: 'never', unknown: 1 });
    const { data, errors } = await app.query(
      `mutation (${declaration}) { createContact(input: ${input}) { userErrors { code field message } } }`,
      { variables: variablesOf(notes) },
    );
    expect(errors).toBeUndefined();
    const message = `At most 150 items are allowed here; this has ${String(MANY)}.`;
    expect(data.createContact.userErrors).toEqual([{ code: 'TOO_MANY', field: ['input', 'notes'], message }]);
    // A list within its limit is coerced.
    const few = await app.query(
      `mutation (${declaration}) { createContact(input: ${input}) { userErrors { code } } }`,
      { variables: variablesOf(notes.slice(0, 150)) },
    );
    expect(few.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(app.calls()).toEqual([]);
  });

  it('entities for a gateway', async () => {
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }';
    const { data, errors } = await app.query(query, { variables: { of: many({ __typename: 'Contact' }) } });
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', problem: 'TOO_MANY' } }]);
    // Names of other subgraphs fail alone, but not thousands of them.
    const unnamed = await app.query(query, { variables: { of: many({}).slice(0, MAX_ERRORS + 1) } });
    expect(unnamed.errors).toHaveLength(1);
    const few = await app.query(query, { variables: { of: many({}).slice(0, MAX_ERRORS) } });
    expect(few.errors).toHaveLength(MAX_ERRORS);
    expect(app.calls()).toEqual([]);
  });
});

describe('a long list without a declared limit', () => {
  it('is checked until there are too many errors', async () => {
    const contents = [{ text: 'Open late', profileIds: ['1'], imageUrls: many('ftp://x') }];
    const errors = await mutate('createSocialPost', 'CreateSocialPostInput', {
      status: 'DRAFT',
      contents,
    });
    expect(errors).toHaveLength(MAX_ERRORS);
    expect(app.calls()).toEqual([]);
  });

  it('may have any length', async () => {
    const trigger = { type: 'CONTACT_JOINED_LIST', parameters: many({ name: 'n', type: 'T' }) };
    expect(await mutate('createAutomation', 'CreateAutomationInput', { name: 'Welcome', trigger })).toEqual(
      [],
    );
    expect(app.calls()).toHaveLength(1);
  });
});
