import { describe, expect, it } from 'vitest';
import { scripted } from './support/scripted.js';

/** Export files as the API writes them, whose headings vary. */
const { ask, query, requests, start } = scripted();

async function firstRow(csv: string) {
  await start((response) => {
    response.setHeader('content-type', 'text/csv');
    response.end(csv);
  });
  const { contactExport } = await ask(
    '{ contactExport(fileExportId: "abc") { rows(first: 1) { nodes { emailAddress emailStatus companyName } } } }',
  );
  expect(requests()).toHaveLength(1);
  return contactExport.rows.nodes[0];
}

describe('the named fields of an export row', () => {
  it.each([
    ['Email address,Email status,Email permission status\na@b.example,Active,Implicit\n', 'Implicit'],
    ['Email address,Email permission status,Email status\na@b.example,Implicit,Active\n', 'Implicit'],
    ['Email address - other,Email permission status - other\na@b.example,Implicit\n', 'Implicit'],
    [
      'Email status,Email address - other,Email permission status - other\nActive,a@b.example,Explicit\n',
      'Explicit',
    ],
    ['Email address,Email status\na@b.example,Active\n', 'Active'],
    ['Email status - other,Email address - other\nActive,a@b.example\n', 'Active'],
    [
      'Email address - other,Email permission status - other,Email address,Email status\no@b.example,Explicit,a@b.example,Active\n',
      'Active',
    ],
    [
      'Email address,Email permission status,Email permission status - other,Email address - other\n,,Explicit,a@b.example\n',
      'Explicit',
    ],
    [
      'Email address,Email address - other,Email permission status - other,Email status\na@b.example,,Implicit,Active\n',
      'Implicit',
    ],
  ])('are found under every known heading: %j', async (csv, emailStatus) => {
    expect(await firstRow(csv)).toEqual({ emailAddress: 'a@b.example', emailStatus, companyName: null });
  });
});

describe('the times of an export row', () => {
  async function createdAt(cell: string) {
    await start((response) => {
      response.setHeader('content-type', 'text/csv');
      response.end(`Email address,Created At,Updated At\na@b.example,${cell},\n`);
    });
    const { data, errors } = await query(
      '{ contactExport(fileExportId: "abc") { rows(first: 1) { nodes { emailAddress createdAt updatedAt } } } }',
    );
    expect(requests()).toHaveLength(1);
    const [row] = data.contactExport.rows.nodes;
    expect(row).toMatchObject({ emailAddress: 'a@b.example', updatedAt: null });
    return { createdAt: row.createdAt as unknown, errors };
  }

  it.each([
    ['01/31/1990', '1990-01-31T00:00:00.000Z'],
    ['1/2/2020', '2020-01-02T00:00:00.000Z'],
    ['2020-09-25 16:45:13 -0400', '2020-09-25T20:45:13.000Z'],
    ['2020-09-25 16:45:13 UTC', '2020-09-25T16:45:13.000Z'],
    ['2020-09-25T16:45:13-04:00', '2020-09-25T20:45:13.000Z'],
    ['09/25/2020 16:45:13 -0400', '2020-09-25T20:45:13.000Z'],
    ['9/25/2020 4:45 PM', '2020-09-25T16:45:00.000Z'],
    ['9/25/2020 12:05:06 am', '2020-09-25T00:05:06.000Z'],
    ['"9/25/2020, 4:45:00 PM"', '2020-09-25T16:45:00.000Z'],
  ])('are parsed: %s', async (cell, expected) => {
    expect(await createdAt(cell)).toEqual({ createdAt: expected, errors: undefined });
  });

  it.each(['yesterday', '02/30/2020', '13/13/2020', '9/25/2020 25:00', '9/25/2020 4:45 EST'])(
    'are null with an error when invalid: %s',
    async (cell) => {
      const { createdAt: value, errors } = await createdAt(cell);
      expect(value).toBeNull();
      expect(errors).toMatchObject([
        {
          path: ['contactExport', 'rows', 'nodes', 0, 'createdAt'],
          extensions: { code: 'UPSTREAM_INVALID_RESPONSE' },
        },
      ]);
      expect(JSON.stringify(errors)).not.toContain(cell);
    },
  );
});

describe('an export file in another encoding', () => {
  const CSV = 'Email address,Company\nzoe@b.example,Zoë & Söhne 🎈\n';
  const QUERY = `query ($after: String) { contactExport(fileExportId: "abc") { csv columns rows(first: 1, after: $after) {
    totalCount nodes { emailAddress companyName } pageInfo { endCursor } } } }`;

  async function read(bytes: Buffer, pieces: number[] = []) {
    await start((response) => {
      response.setHeader('content-type', 'text/csv');
      let from = 0;
      for (const at of pieces) {
        response.write(bytes.subarray(from, at));
        from = at;
      }
      response.end(bytes.subarray(from));
    });
    return query(QUERY);
  }

  it.each([
    ['UTF-8', Buffer.from(CSV)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${CSV}`)],
    ['UTF-16LE', Buffer.from(`\uFEFF${CSV}`, 'utf16le')],
    ['UTF-16BE', Buffer.from(`\uFEFF${CSV}`, 'utf16le').swap16()],
    ['UTF-16LE without a mark', Buffer.from(CSV, 'utf16le')],
  ])('is decoded: %s', async (_encoding, bytes) => {
    const { data, errors } = await read(bytes, [1, 7]);
    expect(errors).toBeUndefined();
    expect(data.contactExport).toMatchObject({
      csv: CSV,
      columns: ['Email address', 'Company'],
      rows: { totalCount: 1, nodes: [{ emailAddress: 'zoe@b.example', companyName: 'Zoë & Söhne 🎈' }] },
    });
    expect(requests()).toHaveLength(1);
  });

  it('that is broken is reported as an error', async () => {
    const { data, errors } = await read(Buffer.from([0xff, 0xfe, 0x00, 0xdc, 0x41, 0x00]));
    expect(data.contactExport?.csv ?? null).toBeNull();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
  });
});

describe('an empty list of fields', () => {
  it('is rejected, because the API treats it as all fields', async () => {
    await start((response) => response.end());
    const { exportContacts } = await ask(
      'mutation { exportContacts(input: { fields: [] }) { userErrors { code field message } } }',
    );
    expect(exportContacts.userErrors).toMatchObject([{ code: 'REQUIRED', field: ['input', 'fields'] }]);
    expect(requests()).toEqual([]);
  });
});
