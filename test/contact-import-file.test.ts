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
    type: 'string',
  },
  {
    custom_field_id: 'ffffffff-0000-11ee-8000-000000000002',
    name: 'member_since',
    label: 'Member Since',
    type: 'date',
  },
  {
    custom_field_id: 'ffffffff-0000-11ee-8000-000000000003',
    name: 'geburtstag',
    label: 'Geburtstag',
    type: 'date',
    metadata: { display_format: 'DD/MM/YYYY' },
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

describe('the encoding of a file', () => {
  it.each([
    ['UTF-8', Buffer.from(CSV), null],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${CSV}`), null],
    ['UTF-16LE with a mark', Buffer.from(`\uFEFF${CSV}`, 'utf16le'), 'UTF-16LE'],
    ['UTF-16BE with a mark', Buffer.from(`\uFEFF${CSV}`, 'utf16le').swap16(), 'UTF-16BE'],
    ['UTF-16LE without one', Buffer.from(CSV, 'utf16le'), 'UTF-16LE'],
    ['Windows-1252', Buffer.from(CSV, 'latin1'), 'windows-1252'],
  ])('%s is converted to UTF-8 without a byte order mark', async (_name, bytes, convertedFrom) => {
    const answer = await send(bytes);
    expect(answer).toMatchObject({ userErrors: [], sent: CSV, convertedFrom, calls: 1 });
  });

  it('that cannot be detected is rejected', async () => {
    const { userErrors, calls } = await send(
      Buffer.from([...Buffer.from('email\na@b.example,'), 0x81, 0x8d, 0x0a]),
    );
    expect(userErrors).toMatchObject([{ code: 'INVALID', message: expect.stringContaining('Windows-1252') }]);
    expect(calls).toBe(0);
  });

  it.each([
    [
      'truncated UTF-16',
      Buffer.concat([Buffer.from(`\uFEFF${CSV}`, 'utf16le'), Buffer.from('x')]),
      'UTF-16LE',
    ],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x65, 0, 0, 0]), 'UTF-32'],
    ['text with NUL characters', Buffer.from(CSV.replace('Zo', 'Z\0o')), 'neither UTF-8'],
    [
      'a UTF-8 byte order mark before other bytes',
      Buffer.from(`\xef\xbb\xbf${CSV}`, 'latin1'),
      'neither UTF-8',
    ],
    ['an empty ZIP archive', Buffer.from('PK\x05\x06'), 'ZIP archive'],
    ['a gzip archive', Buffer.from([0x1f, 0x8b, 8, 0]), 'gzip'],
    ['a PDF document', Buffer.from('%PDF-1.7\n'), 'PDF'],
  ])('that is not supported is rejected: %s', async (_name, bytes, message) => {
    const { userErrors, calls } = await send(bytes);
    expect(userErrors).toMatchObject([{ code: 'INVALID', message: expect.stringContaining(message) }]);
    expect(calls).toBe(0);
  });

  it('is reported as that of a workbook when it is one under another name', async () => {
    const { userErrors, calls } = await send(Buffer.from('PK\x03\x04 and so on'));
    expect(userErrors).toMatchObject([{ code: 'INVALID', message: expect.stringContaining('.xlsx') }]);
    expect(calls).toBe(0);
  });
});

describe('the separator of a file', () => {
  it.each([
    ['semicolons', CSV.replaceAll(',', ';')],
    ['tabs', CSV.replaceAll(',', '\t')],
    ['semicolons', `sep=;\r\n${CSV.replaceAll(',', ';')}`],
    ['semicolons', `sep=;\r${CSV.replaceAll(',', ';').replaceAll('\n', '\r')}`],
    ['semicolons', `\r\n"sep=;";;\n\n${CSV.replaceAll(',', ';')}`],
    ['semicolons', `  \n${CSV.replaceAll(',', ';')}`],
    ['vertical bars', CSV.replaceAll(',', '|')],
  ])('is converted to a comma: %s', async (name, text) => {
    expect(await send(text)).toMatchObject({
      userErrors: [],
      sent: CSV,
      convertedFrom: `separated by ${name}`,
    });
  });

  it('within quotes is not taken for one', async () => {
    const text = 'email,first_name\na@b.example,"Ana; Bo;"\n';
    expect(await send(text)).toMatchObject({ sent: text, convertedFrom: null });
  });

  it('and the encoding are reported together', async () => {
    const bytes = Buffer.from(`\uFEFF${CSV.replaceAll(',', '\t')}`, 'utf16le');
    expect(await send(bytes)).toMatchObject({ sent: CSV, convertedFrom: 'UTF-16LE, separated by tabs' });
  });
});

describe('lines', () => {
  it.each([
    ['end in carriage returns', CSV.replaceAll('\n', '\r'), CSV],
    [
      'end in different ways',
      `E-mail\r\na@b.example\nb@b.example\rc@b.example\n`,
      'email\na@b.example\nb@b.example\nc@b.example\n',
    ],
    ['are blank before the headings', `\n \r\n${CSV}`, CSV],
    ['have no values', `,\n${CSV},\n"", \n`, CSV],
    ['have white space around their headings', CSV.replace(',', ' , '), CSV],
  ])('that %s are converted to the form that the API reads', async (_how, text, expected) => {
    expect(await send(text)).toMatchObject({ userErrors: [], sent: expected, calls: 1 });
  });

  it('that end in LF or CRLF are sent unchanged', async () => {
    const text = 'email,first_name\r\na@b.example,Ana\nb@b.example,Bo\r\n';
    expect(await send(text)).toMatchObject({ userErrors: [], sent: text });
  });

  it('without values count as lines', async () => {
    const { userErrors, calls } = await send(`${CSV}${',\n'.repeat(40_000)}`);
    expect(userErrors).toMatchObject([{ code: 'TOO_MANY' }]);
    expect(calls).toBe(0);
  });

  it.each([
    ['are at most 40,000', 39_998, [], 1],
    ['are more than 40,000', 39_999, ['TOO_MANY'], 0],
  ])('within values count: %s', async (_name, breaks, codes, calls) => {
    const texts = Array.from({ length: breaks / 3 }, () => 'a@b.example,"one\n\nthree"\n');
    const rest = 'b@b.example,x\n'.repeat((breaks % 3) + 1);
    const answer = await send(`email,first_name\n${texts.join('')}${rest}`);
    expect(answer.userErrors.map(({ code }: { code: string }) => code)).toEqual(codes);
    expect(answer.calls).toBe(calls);
  });

  it('without values do not count as contacts', async () => {
    const { userErrors, calls } = await send('email,first_name\n,\n,\n');
    expect(userErrors).toMatchObject([{ code: 'REQUIRED' }]);
    expect(calls).toBe(0);
  });
});

describe('headings', () => {
  it('of web pages, exports and the V2 API are mapped', async () => {
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
  ])('are rejected when they would lose values: %s', async (line, message) => {
    const { userErrors, calls } = await send(`${line}\na@b.example,b,c\n`);
    expect(userErrors).toMatchObject([
      { field: ['input', 'file'], message: expect.stringContaining(message) },
    ]);
    expect(calls).toBe(0);
  });

  it.each([
    [
      'STATE,US STATE/CA PROVINCE,email\nNSW,,a@b.example\n,CA,b@b.example\n',
      'state,email\nNSW,a@b.example\nCA,b@b.example\n',
    ],
    ['Email address,Email address - other\na@b.example,\n', 'email\na@b.example\n'],
    ['Email address - other,First name\na@b.example,Ana\n', 'email,first_name\na@b.example,Ana\n'],
  ])('of the same name are merged when no value is lost: %j', async (text, expected) => {
    expect(await send(text)).toMatchObject({ userErrors: [], unknownColumns: [], sent: expected });
  });

  it('of a custom field without a name are reported alone', async () => {
    const { userErrors } = await send('email,cf:\na@b.example,x\n');
    expect(userErrors).toMatchObject([{ message: expect.stringMatching(/does not know "cf:" and/) }]);
  });

  it('may be missing for empty columns', async () => {
    expect(await send('email,,first_name,\na@b.example,,Ana,\n')).toMatchObject({
      userErrors: [],
      unknownColumns: [],
      sent: 'email,first_name\na@b.example,Ana\n',
    });
  });

  it('are reported by position when they are missing and a value would be lost', async () => {
    const { userErrors, calls } = await send('email,,first_name\na@b.example,lost,Ana\n');
    expect(userErrors).toMatchObject([
      { code: 'INVALID', message: expect.stringMatching(/Line 2: column 2 .*no heading/) },
    ]);
    expect(calls).toBe(0);
  });
});

describe('columns named after the label of a custom field, as in exports', () => {
  it('are sent under its name', async () => {
    const text = 'Email address,Favorite Color,MEMBER SINCE\na@b.example,red,2/29/2020\n';
    expect(await send(text)).toMatchObject({
      userErrors: [],
      unknownColumns: [],
      mappedColumns: [
        { heading: 'Email address', column: 'email' },
        { heading: 'Favorite Color', column: 'cf:favorite_color' },
        { heading: 'MEMBER SINCE', column: 'cf:member_since' },
      ],
      sent: 'email,cf:favorite_color,cf:member_since\na@b.example,red,2/29/2020\n',
      calls: 2,
    });
  });

  it('lose no value next to a column under its name', async () => {
    const { userErrors, sent } = await send('email,Favorite Color,cf:favorite_color\na@b.example,red,blue\n');
    expect(userErrors).toMatchObject([{ message: expect.stringContaining('Columns 2 and 3 are both') }]);
    expect(sent).toBeUndefined();
  });
});

describe('a custom field of type date', () => {
  it.each([
    ['email,cf:member_since\na@b.example,2/28/2020\nb@b.example,6/31/2020\n', 'Line 3: cf:member_since'],
    ['email,Member Since\na@b.example,2021-02-29\n', 'Line 2: Member Since'],
    ['email,Geburtstag\na@b.example,29/02/2020\nb@b.example,31/04/2020\n', 'Line 3: Geburtstag'],
  ])('rejects a day that does not exist, in a file: %j', async (text, message) => {
    const { userErrors, sent, calls } = await send(text);
    expect(userErrors).toMatchObject([{ code: 'INVALID', message: expect.stringContaining(message) }]);
    expect(sent).toBeUndefined();
    expect(calls).toBe(1);
  });

  it.each([{ name: 'member_since' }, { id: FIELDS[1]?.custom_field_id }])(
    'rejects a day that does not exist, in typed rows: %j',
    async (by) => {
      await answering(() => ({ custom_fields: FIELDS }));
      const contacts = ['2020-02-29', '2021-02-29'].map((value, index) => ({
        email: `a${String(index)}@b.example`,
        customFields: [{ field: by, value }],
      }));
      const { importContacts } = await ask(
        'mutation ($input: ImportContactsInput!) { importContacts(input: $input) { userErrors { code field } } }',
        { input: { listIds: [LIST], contacts } },
      );
      expect(importContacts.userErrors).toEqual([
        { code: 'INVALID', field: ['input', 'contacts', '1', 'customFields', '0', 'value'] },
      ]);
      expect(requests()).toHaveLength(1);
    },
  );
});

describe('a column of birthdays', () => {
  it('is sent as month and day', async () => {
    const text = 'email,Birthday\na@b.example,5/12\nb@b.example,\nc@b.example,02-29\n';
    expect(await send(text)).toMatchObject({
      userErrors: [],
      unknownColumns: [],
      mappedColumns: [
        { heading: 'Birthday', column: 'birthday_month' },
        { heading: 'Birthday', column: 'birthday_day' },
      ],
      sent: 'email,birthday_month,birthday_day\na@b.example,5,12\nb@b.example,,\nc@b.example,02,29\n',
      calls: 1,
    });
  });

  it.each([
    ['5/12/1990', 'MM/DD'],
    ['12 May', 'MM/DD'],
    ['2/30', 'birthday'],
  ])('is rejected with %s', async (cell, message) => {
    const { userErrors, calls } = await send(`email,Birthday\na@b.example,${cell}\n`);
    expect(userErrors).toMatchObject([{ code: 'INVALID', message: expect.stringContaining(message) }]);
    expect(calls).toBe(0);
  });
});

describe('columns that are unknown to the API', () => {
  const text = 'email,cf:favorite_color,cf:Favorite Color,cf:no_such_field,Shoe size\na@b.example,1,2,3,4\n';
  const unknown = ['cf:Favorite Color', 'cf:no_such_field', 'Shoe size'];

  it('are all reported before anything is sent', async () => {
    const { userErrors, sent, calls } = await send(text);
    for (const name of unknown) expect(userErrors[0].message).toContain(`"${name}"`);
    expect(userErrors[0].message).not.toContain('"cf:favorite_color"');
    expect(sent).toBeUndefined();
    // The custom fields.
    expect(calls).toBe(1);
  });

  it('are sent on request', async () => {
    const { userErrors, sent, unknownColumns, calls } = await send(text, { allowUnknownColumns: true });
    expect(userErrors).toEqual([]);
    expect(sent).toBe(text);
    expect(unknownColumns).toEqual(unknown);
    expect(calls).toBe(2);
  });

  it.each(['favorite_color', 'cf:favorite_color', 'CF:favorite_color'])(
    'are not detected in typed rows that are written %s',
    async (name) => {
      await answering(({ pathname }) =>
        pathname.endsWith('/contact_custom_fields') ? { custom_fields: FIELDS } : { activity_id: 'x' },
      );
      const contacts = [{ email: 'a@b.example', customFields: [{ field: { name }, value: 'red' }] }];
      const { importContacts } = await ask(
        'mutation ($input: ImportContactsInput!) { importContacts(input: $input) { userErrors { message } } }',
        { input: { listIds: [LIST], contacts } },
      );
      expect(importContacts.userErrors).toEqual([]);
      expect(requests().at(-1)?.body).toContain('"cf:favorite_color":"red"');
    },
  );

  it('are reported for typed rows, too', async () => {
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

describe('errors are reported with their line numbers', () => {
  it.each([
    ['email,first_name\na@b.example,Ana\nb@b.example,Bo "Ray"\n', 'line 3'],
    ['email,first_name\na@b.example,Ana\n\nb@b.example,"Bo" Ray\n', 'line 4'],
    ['email,first_name\na@b.example,Ana\nb@b.example,"Bo\nc@b.example,Cy\nd@b.example,Di\n', 'line 3'],
    ['sep=,\nemail,first_name\na@b.example,"Ana\n', 'line 3'],
    ['email,first_name\na@b.example,Ana,lost\n', 'Line 2'],
    ['email,anniversary\na@b.example,2/28/2020\nb@b.example,6/31/2020\n', 'Line 3'],
    ['email,sms_consent_date\na@b.example,2020-02-30T10:00:00Z\n', 'Line 2: sms_consent_date'],
    ['email,birthday_day,birthday_month\na@b.example,29,2\nb@b.example,30,2\n', 'Line 3: birthday'],
    ['email,birthday_month,birthday_day\na@b.example,13,1\n', 'Line 2: birthday'],
    ['\nemail,first_name\n,\na@b.example,Bo "Ray"\n', 'line 4'],
  ])('%j: %s', async (text, line) => {
    const { userErrors, calls } = await send(text);
    expect(userErrors).toMatchObject([{ code: 'INVALID', message: expect.stringContaining(line) }]);
    expect(calls).toBe(0);
  });
});

it('errors that need no call are reported together', async () => {
  const input = {
    listIds: ['./x'],
    fileName: 'x.xlsx',
    file: { base64: '%' },
    smsPermissionToSend: 'UNSUBSCRIBED',
  };
  const { userErrors, calls } = await send('', input);
  expect(userErrors).toMatchObject([
    { code: 'INVALID_ID', field: ['input', 'listIds', '0'] },
    { code: 'INVALID', field: ['input', 'fileName'] },
    { code: 'INVALID', field: ['input', 'file', 'base64'] },
    { code: 'NOT_ALLOWED', field: ['input', 'smsPermissionToSend'] },
  ]);
  expect(calls).toBe(0);
});
