import { describe, expect, it } from 'vitest';
import { scripted } from './support/scripted.js';

/** Files as people have them: what reaches the API, and what is refused before anything does. */
const { answering, ask, requests } = scripted();

const LIST = 'aaaaaaaa-0000-11ee-8000-000000000001';
const FIELDS = [
  {
    custom_field_id: 'ffffffff-0000-11ee-8000-000000000001',
    name: 'favorite_color',
    label: 'Favorite Color',
  },
];
const MUTATION = `mutation ($input: ImportContactsFromFileInput!) { importContactsFromFile(input: $input) {
  bulkActivity { activityId } unknownColumns mappedColumns { heading column } convertedFrom userErrors { code field message } } }`;

async function send(bytes: Buffer | string, more: object = {}) {
  await answering(({ pathname }) =>
    pathname.endsWith('/contact_custom_fields') ? { custom_fields: FIELDS } : { activity_id: 'x' },
  );
  const file = { base64: Buffer.from(bytes).toString('base64') };
  const { importContactsFromFile } = await ask(MUTATION, { input: { file, listIds: [LIST], ...more } });
  const sent = requests().find(({ url }) => url.includes('contacts_file_import'));
  const text =
    sent && /\r\n\r\n([^]*?)\r\n--form-/.exec(sent.body.slice(sent.body.indexOf('name="file"')))?.[1];
  return { ...importContactsFromFile, sent: text, calls: requests().length };
}

const CSV = 'email,first_name\nzoe@garden.example,Zoë\n';

describe('an encoding', () => {
  it.each([
    ['UTF-8', Buffer.from(CSV), null],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${CSV}`), null],
    ['UTF-16LE with a mark', Buffer.from(`\uFEFF${CSV}`, 'utf16le'), 'UTF-16LE'],
    ['UTF-16BE with a mark', Buffer.from(`\uFEFF${CSV}`, 'utf16le').swap16(), 'UTF-16BE'],
    ['UTF-16LE without one', Buffer.from(CSV, 'utf16le'), 'UTF-16LE'],
    ['Windows-1252', Buffer.from(CSV, 'latin1'), 'windows-1252'],
  ])('%s reaches the API as UTF-8 without a mark', async (_name, bytes, convertedFrom) => {
    const answer = await send(bytes);
    expect(answer).toMatchObject({ userErrors: [], sent: CSV, convertedFrom, calls: 1 });
  });

  it('that cannot be told is refused', async () => {
    const { userErrors, calls } = await send(
      Buffer.from([...Buffer.from('email\na@b.example,'), 0x81, 0x8d, 0x0a]),
    );
    expect(userErrors).toMatchObject([{ code: 'INVALID', message: expect.stringContaining('Windows-1252') }]);
    expect(calls).toBe(0);
  });

  it('of a workbook under another name is named', async () => {
    const { userErrors, calls } = await send(Buffer.from('PK\x03\x04 and so on'));
    expect(userErrors).toMatchObject([{ code: 'INVALID', message: expect.stringContaining('.xlsx') }]);
    expect(calls).toBe(0);
  });
});

describe('a separator', () => {
  it.each([
    ['semicolons', CSV.replaceAll(',', ';')],
    ['tabs', CSV.replaceAll(',', '\t')],
    ['semicolons', `sep=;\r\n${CSV.replaceAll(',', ';')}`],
  ])('other than a comma is converted: %s', async (name, text) => {
    expect(await send(text)).toMatchObject({
      userErrors: [],
      sent: CSV,
      convertedFrom: `separated by ${name}`,
    });
  });

  it('within quotes is none', async () => {
    const text = 'email,first_name\na@b.example,"Ana; Bo;"\n';
    expect(await send(text)).toMatchObject({ sent: text, convertedFrom: null });
  });

  it('and the encoding are told together', async () => {
    const bytes = Buffer.from(`\uFEFF${CSV.replaceAll(',', '\t')}`, 'utf16le');
    expect(await send(bytes)).toMatchObject({ sent: CSV, convertedFrom: 'UTF-16LE, separated by tabs' });
  });
});

describe('headings', () => {
  it('of screens, exports and the V2 API are mapped', async () => {
    const headings = [
      'Email Address',
      'FIRST NAME',
      'Company',
      'US STATE/CA PROVINCE',
      'City - Work',
      'Phone - mobile',
    ];
    const { sent, mappedColumns, userErrors } = await send(
      `${headings.join()}\na@b.example,Ana,X,CA,Rome,1\n`,
    );
    expect(userErrors).toEqual([]);
    expect(sent).toBe(
      'email,first_name,company_name,state,work_city,mobile_phone\na@b.example,Ana,X,CA,Rome,1\n',
    );
    expect(mappedColumns).toContainEqual({ heading: 'Email Address', column: 'email' });
    expect(mappedColumns).toHaveLength(6);
  });

  it.each([
    ['email,first_name,First Name', 'Columns 2 and 3 are both first_name'],
    ['email,Email Address', 'Columns 1 and 2 are both email'],
    ['email,cf:favorite_color,cf:favorite_color', 'Columns 2 and 3'],
    ['first_name,last_name', 'email or sms_number'],
  ])('that lose values are refused: %s', async (line, message) => {
    const { userErrors, calls } = await send(`${line}\na@b.example,b,c\n`);
    expect(userErrors).toMatchObject([
      { field: ['input', 'file'], message: expect.stringContaining(message) },
    ]);
    expect(calls).toBe(0);
  });

  it('that are missing are no fault where the columns are empty', async () => {
    expect(await send('email,,first_name,\na@b.example,,Ana,\n')).toMatchObject({
      userErrors: [],
      unknownColumns: [],
      sent: 'email,first_name\na@b.example,Ana\n',
    });
  });

  it('that are missing are named by their place where a value would be lost', async () => {
    const { userErrors, calls } = await send('email,,first_name\na@b.example,lost,Ana\n');
    expect(userErrors).toMatchObject([
      { code: 'INVALID', message: expect.stringMatching(/Line 2: column 2 .*no name/) },
    ]);
    expect(calls).toBe(0);
  });
});

describe('columns that the API does not know', () => {
  const text = 'email,cf:favorite_color,cf:Favorite Color,cf:no_such_field,Shoe size\na@b.example,1,2,3,4\n';
  const unknown = ['cf:Favorite Color', 'cf:no_such_field', 'Shoe size'];

  it('are all named before anything is sent', async () => {
    const { userErrors, sent, calls } = await send(text);
    for (const name of unknown) expect(userErrors[0].message).toContain(`"${name}"`);
    expect(userErrors[0].message).not.toContain('"cf:favorite_color"');
    expect(sent).toBeUndefined();
    // The custom fields.
    expect(calls).toBe(1);
  });

  it('are sent when that is wished', async () => {
    const { userErrors, sent, unknownColumns, calls } = await send(text, { allowUnknownColumns: true });
    expect(userErrors).toEqual([]);
    expect(sent).toBe(text);
    expect(unknownColumns).toEqual(unknown);
    expect(calls).toBe(2);
  });

  it('are named in typed rows, too', async () => {
    await answering(() => ({ custom_fields: FIELDS }));
    const contacts = [
      {
        email: 'a@b.example',
        customFields: [
          { field: { name: 'no_such_field' }, value: 'x' },
          { field: { name: 'favorite_color' }, value: 'y' },
        ],
      },
    ];
    const { importContacts } = await ask(
      'mutation ($input: ImportContactsInput!) { importContacts(input: $input) { unknownColumns userErrors { code message } } }',
      { input: { listIds: [LIST], contacts } },
    );
    expect(importContacts.userErrors).toMatchObject([
      { message: expect.stringContaining('"no_such_field"') },
    ]);
    expect(requests()).toHaveLength(1);
  });
});

describe('mistakes are told with their line', () => {
  it.each([
    ['email,first_name\na@b.example,Ana\nb@b.example,Bo "Ray"\n', 'line 3'],
    ['email,first_name\na@b.example,Ana\n\nb@b.example,"Bo" Ray\n', 'line 4'],
    ['email,first_name\na@b.example,Ana\nb@b.example,"Bo\nc@b.example,Cy\nd@b.example,Di\n', 'line 3'],
    ['sep=,\nemail,first_name\na@b.example,"Ana\n', 'line 3'],
    ['email,first_name\na@b.example,Ana,lost\n', 'Line 2'],
    ['email,anniversary\na@b.example,2/28/2020\nb@b.example,6/31/2020\n', 'Line 3'],
  ])('%j: %s', async (text, line) => {
    const { userErrors, calls } = await send(text);
    expect(userErrors).toMatchObject([{ code: 'INVALID', message: expect.stringContaining(line) }]);
    expect(calls).toBe(0);
  });
});
