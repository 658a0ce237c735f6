import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

let app: TestApp;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 12);
  app = await startApp({ sandbox: { contacts: 30, clock: { now: () => now } } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const account = () => app.sandbox.account();
const list = () =>
  [...account().lists].find((one) => one.deleted_at === null && one.channel === 'email')!.list_id;
const byEmail = (address: string) => [...account().contacts].find((one) => one.email?.address === address)!;
const PAYLOAD = '{ bulkActivity { activityId state sourceFileName } userErrors { code field message } }';

async function importRows(input: object) {
  app.resetCalls();
  const { data, errors } = await app.query(
    `mutation ($input: ImportContactsInput!) { importContacts(input: $input) ${PAYLOAD} }`,
    { variables: { input } },
  );
  expect(errors).toBeUndefined();
  now += 60_000;
  return data.importContacts;
}

const FILE = `mutation ($input: ImportContactsFromFileInput!) { importContactsFromFile(input: $input) ${PAYLOAD.replace('{ bulk', '{ unknownColumns bulk')} }`;

async function importFile(input: object) {
  app.resetCalls();
  const { data, errors } = await app.query(FILE, { variables: { input } });
  expect(errors).toBeUndefined();
  now += 60_000;
  return data.importContactsFromFile;
}

async function outcome(activityId: string) {
  const { data } = await app.query(
    'query ($id: ID!) { bulkActivity(id: $id) { state sourceFileName counters { itemsTotalCount personCount errorCount correctableCount cannotAddToListCount } failures { line message } } }',
    { variables: { id: activityId } },
  );
  return data.bulkActivity;
}

describe('typed rows', () => {
  it('keep a phone without a kind as OTHER, and addresses under home_ as HOME', async () => {
    const address = { street: '1', city: 'C', country: 'L' };
    await importRows({
      listIds: [list()],
      contacts: [
        { email: 'a@b.example', phone: '1', phoneNumbers: { home: '2', work: '3' }, streetAddress: address },
        { email: 'c@d.example', streetAddresses: { home: address } },
      ],
    });
    expect(app.calls()).toEqual(['bulkImportContactsJSON']);
    expect(
      byEmail('a@b.example')
        .phone_numbers.map(({ kind }) => kind)
        .sort(),
    ).toEqual(['home', 'other', 'work']);
    for (const email of ['a@b.example', 'c@d.example']) {
      expect(byEmail(email).street_addresses).toMatchObject([{ kind: 'home', city: 'C', country: 'L' }]);
    }
  });

  it('become contacts with all their fields', async () => {
    const [text] = [...account().customFields].filter((field) => field.type === 'string');
    const [other] = [...account().customFields].filter((field) => field.type === 'text_area');
    const { bulkActivity, userErrors } = await importRows({
      contacts: [
        {
          email: 'ana@garden.example',
          firstName: 'Ana',
          lastName: 'Lopes',
          jobTitle: 'Botanist',
          companyName: 'Meadow',
          birthday: { month: 5, day: 21 },
          anniversary: '2015-06-13',
          phoneNumbers: { home: '1', mobile: '2', other: '3' },
          streetAddresses: {
            home: {
              street: 'Rua 1',
              street2: 'Floor 2',
              city: 'Lisbon',
              state: 'LX',
              postalCode: '1200',
              country: 'Portugal',
            },
            work: { street: 'Work 1', city: 'Porto', country: 'Portugal' },
            other: { city: 'Faro' },
          },
          customFields: [
            { field: { id: text!.custom_field_id }, value: 'by id' },
            { field: { name: other!.name }, value: 'by name' },
          ],
        },
        { smsNumber: '+15550100123', smsConsentDate: '01/31/2026', firstName: 'Bo' },
        { email: 'broken', customFields: [{ field: { name: 'no_such_field' }, value: 'x' }] },
      ],
      listIds: [list()],
      smsPermissionToSend: 'EXPLICIT',
      allowUnknownColumns: true,
    });
    expect(userErrors).toEqual([]);
    expect(app.calls()).toEqual(['getCustomFields', 'bulkImportContactsJSON']);
    const { counters, failures, state } = await outcome(bulkActivity.activityId);
    expect(state).toBe('COMPLETED');
    expect(counters).toMatchObject({ itemsTotalCount: 3, personCount: 2, errorCount: 1 });
    expect(failures).toEqual([{ line: 3, message: expect.any(String) }]);
    const ana = byEmail('ana@garden.example');
    expect(ana).toMatchObject({
      first_name: 'Ana',
      birthday_month: 5,
      birthday_day: 21,
      list_memberships: [list()],
    });
    expect(ana.phone_numbers.map(({ kind, phone_number }) => [kind, phone_number])).toEqual([
      ['home', '1'],
      ['mobile', '2'],
      ['other', '3'],
    ]);
    expect(ana.street_addresses.find(({ kind }) => kind === 'home')).toMatchObject({
      city: 'Lisbon',
      country: 'Portugal',
    });
    expect(ana.street_addresses).toHaveLength(3);
    expect(ana.custom_fields.map(({ value }) => value).sort()).toEqual(['by id', 'by name']);
    expect([...account().contacts].find((one) => one.first_name === 'Bo')?.sms?.permission).toBe('explicit');
  });

  it('are rejected with each error by name, without a call', async () => {
    const wrong = async (contacts: object[], lists: string[] = [list()]) => {
      const { userErrors } = await importRows({ contacts, listIds: lists });
      expect(app.calls()).toEqual([]);
      return userErrors;
    };
    const at = (...path: string[]) => ['input', 'contacts', ...path];
    expect(
      await wrong([{ firstName: 'Nobody' }, { email: `${'x'.repeat(51)}`, birthday: { month: 2, day: 30 } }]),
    ).toMatchObject([
      { code: 'TOO_LONG', field: at('1', 'email') },
      { code: 'REQUIRED', field: at('0') },
      { code: 'INVALID', field: at('1', 'birthday', 'day') },
    ]);
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        field: { name: `f${i}` },
        value: 'x',
      }));
    expect(await wrong([{ email: 'a@b.example', customFields: many(26) }])).toMatchObject([
      { code: 'TOO_MANY', field: at('0', 'customFields'), message: expect.stringContaining('25') },
    ]);
    expect(
      await wrong([
        {
          email: 'a@b.example',
          customFields: [
            { field: { name: 'colour' }, value: 'red' },
            { field: { name: 'size' }, value: 'x' },
            { field: { name: 'cf:colour' }, value: 'blue' },
          ],
        },
      ]),
    ).toMatchObject([{ code: 'INVALID', field: at('0', 'customFields', '2') }]);
    expect(
      await wrong([
        { email: 'a@b.example', phoneNumbers: { home: '1', work: '2', mobile: '3', other: '4' } },
      ]),
    ).toMatchObject([{ code: 'TOO_MANY', field: at('0', 'phoneNumbers') }]);
    expect(
      await wrong([
        { email: 'a@b.example', phone: '1', phoneNumbers: { home: '1', work: '2', mobile: '3' } },
        { email: 'a@b.example', phone: '1', phoneNumbers: { other: '2' } },
        { email: 'a@b.example', streetAddress: { city: '1' }, streetAddresses: { home: { city: '2' } } },
        { email: 'a@b.example', phone: 'x'.repeat(51), streetAddress: { street: 'x'.repeat(256) } },
      ]),
    ).toMatchObject([
      { code: 'TOO_LONG', field: at('3', 'phone') },
      { code: 'TOO_LONG', field: at('3', 'streetAddress', 'street') },
      { code: 'TOO_MANY', field: at('0', 'phoneNumbers') },
      { code: 'INVALID', field: at('1', 'phone') },
      { code: 'INVALID', field: at('2', 'streetAddress') },
    ]);
    expect(await wrong([], [])).toMatchObject([
      {
        code: 'REQUIRED',
        field: ['input', 'listIds'],
        message: '`listIds` is empty. Give the ID of at least one ContactList.',
      },
      { code: 'REQUIRED', field: ['input', 'contacts'] },
    ]);
    expect(await wrong(Array.from({ length: 200 }, () => ({})))).toHaveLength(50);
    const long = {
      email: 'a@b.example',
      streetAddresses: { home: { street: 'x'.repeat(255), street2: 'x'.repeat(255) } },
    };
    const [tooLong] = await wrong(Array.from({ length: 7_500 }, () => long));
    expect(tooLong).toMatchObject({
      code: 'TOO_LONG',
      field: ['input', 'contacts'],
      message: expect.stringContaining('4 MB'),
    });
  });

  it('report a custom field that does not exist', async () => {
    const { userErrors } = await importRows({
      contacts: [
        {
          email: 'a@b.example',
          customFields: [{ field: { id: '06a100de-19b6-4266-874b-afff00ff6b01' }, value: 'x' }],
        },
      ],
      listIds: [list()],
    });
    expect(userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'contacts', '0', 'customFields', '0', 'field', 'id'] },
    ]);
    expect(app.calls()).not.toContain('bulkImportContactsJSON');
  });
});

describe('a file', () => {
  const CSV =
    'email,first_name,street,favourite animal\nana@garden.example,Ana,"Rua, 1",cat\nbroken,Bo,,dog\n';

  it('may be passed as text', async () => {
    const { bulkActivity, unknownColumns, userErrors } = await importFile({
      file: { text: CSV },
      fileName: 'fair.csv',
      listIds: [list()],
      smsPermissionToSend: 'NOT_SET',
      allowUnknownColumns: true,
    });
    expect(userErrors).toEqual([]);
    expect(unknownColumns).toEqual(['favourite animal']);
    // The heading may be the label of a custom field.
    expect(app.calls()).toEqual(['getCustomFields', 'contactsCSVImport']);
    expect(await outcome(bulkActivity.activityId)).toMatchObject({
      sourceFileName: 'fair.csv',
      counters: { itemsTotalCount: 2, personCount: 1, errorCount: 1 },
      failures: [{ line: 3 }],
    });
    expect(byEmail('ana@garden.example')).toMatchObject({ first_name: 'Ana', list_memberships: [list()] });
  });

  it('may be passed as base64, with a byte order mark', async () => {
    const base64 = Buffer.from(`\uFEFF${CSV}`)
      .toString('base64')
      .replace(/(.{20})/g, '$1\n');
    const { bulkActivity } = await importFile({
      file: { base64 },
      listIds: [list()],
      allowUnknownColumns: true,
    });
    expect((await outcome(bulkActivity.activityId)).sourceFileName).toBe('contacts.csv');
    expect(byEmail('ana@garden.example').first_name).toBe('Ana');
  });

  it('may be passed as an upload', async () => {
    const { data, errors } = await app.upload(
      FILE,
      { input: { file: { upload: null }, listIds: [list()], allowUnknownColumns: true } },
      { 'input.file.upload': new File([CSV], 'people.csv', { type: 'text/csv' }) },
    );
    expect(errors).toBeUndefined();
    expect(data.importContactsFromFile.bulkActivity.sourceFileName).toBe('people.csv');
    expect(app.calls()).toEqual(['getCustomFields', 'contactsCSVImport']);
  });

  it('is sent again in full when the API had a full queue', async () => {
    app.sandbox.faults.script({ operationId: 'contactsCSVImport', fault: { kind: 'throttled' } });
    const lines = Array.from(
      { length: 2_000 },
      (_, at) => `new${String(at)}@garden.example,${'x'.repeat(1_900)}`,
    );
    const { data, errors } = await app.upload(
      FILE,
      { input: { file: { upload: null }, listIds: [list()], allowUnknownColumns: true } },
      { 'input.file.upload': new File([['email,notes', ...lines, ''].join('\n')], 'many.csv') },
    );
    expect(errors).toBeUndefined();
    expect(app.calls()).toEqual(['getCustomFields', 'contactsCSVImport', 'contactsCSVImport']);
    now += 60_000;
    const { counters } = await outcome(data.importContactsFromFile.bulkActivity.activityId);
    expect(counters).toMatchObject({ itemsTotalCount: 2_000, personCount: 2_000 });
  });

  it('is rejected with the reason, without a call', async () => {
    const wrong = async (file: object, more: object = {}) => {
      const { userErrors } = await importFile({ file, listIds: [list()], ...more });
      expect(app.calls()).toEqual([]);
      return userErrors[0];
    };
    const field = ['input', 'file'];
    expect(await wrong({ text: 'name,city\nAna,Lisbon\n' })).toMatchObject({
      code: 'REQUIRED',
      field,
      message: expect.stringContaining('email'),
    });
    expect(await wrong({ text: 'email\n' })).toMatchObject({ code: 'REQUIRED', field });
    expect(await wrong({ text: '' })).toMatchObject({ code: 'REQUIRED', field });
    expect(await wrong({ text: 'email,first_name\na@b.example,"open\n' })).toMatchObject({
      code: 'INVALID',
      field,
    });
    expect(await wrong({ text: `email\n${'x'.repeat(4_100_000)}` })).toMatchObject({
      code: 'TOO_LONG',
      field,
      message: expect.stringContaining('4 MB'),
    });
    expect(await wrong({ text: `email\n${'a@b.example\n'.repeat(40_000)}` })).toMatchObject({
      code: 'TOO_MANY',
      field,
      message: expect.stringContaining('40000'),
    });
    const headings = Array.from({ length: 26 }, (_, i) => `cf:f${i}`);
    expect(
      await wrong({ text: `email,${headings.join()}\na@b.example,${headings.map(() => 'x').join()}\n` }),
    ).toMatchObject({
      code: 'TOO_MANY',
      message: expect.stringContaining('Line 2'),
    });
    expect(await wrong({ base64: '***' })).toMatchObject({ code: 'INVALID', field: [...field, 'base64'] });
    expect(await wrong({ text: CSV }, { fileName: 'fair.xlsx' })).toMatchObject({
      code: 'INVALID',
      field: ['input', 'fileName'],
    });
    const lists = Array.from(
      { length: 51 },
      (_, i) => `06a100de-19b6-4266-874b-0000000000${String(i).padStart(2, '0')}`,
    );
    expect(await wrong({ text: CSV }, { listIds: lists })).toMatchObject({
      code: 'TOO_MANY',
      field: ['input', 'listIds'],
      message: expect.stringContaining('50'),
    });
  });

  it('must be passed in exactly one form', async () => {
    const { errors } = await app.query(FILE, {
      variables: { input: { file: { text: CSV, base64: 'QQ==' }, listIds: [list()] } },
    });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('is never retried unless it is safe', async () => {
    app.sandbox.faults.script({ operationId: 'contactsCSVImport', fault: { kind: 'status', status: 503 } });
    const { errors } = await app.query(FILE, {
      variables: { input: { file: { text: CSV }, listIds: [list()], allowUnknownColumns: true } },
    });
    expect(errors?.[0]?.extensions.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(app.calls()).toEqual(['getCustomFields', 'contactsCSVImport']);
  });
});
