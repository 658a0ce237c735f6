import { describe, expect, it } from 'vitest';
import { scripted } from './support/scripted.js';

/** Export files as the API writes them, whose headings vary. */
const { ask, requests, start } = scripted();

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
  ])('are found whatever the headings are: %j', async (csv, emailStatus) => {
    expect(await firstRow(csv)).toEqual({ emailAddress: 'a@b.example', emailStatus, companyName: null });
  });
});

describe('an empty list of fields', () => {
  it('is refused, because the API takes it for every field', async () => {
    await start((response) => response.end());
    const { exportContacts } = await ask(
      'mutation { exportContacts(input: { fields: [] }) { userErrors { code field message } } }',
    );
    expect(exportContacts.userErrors).toMatchObject([{ code: 'REQUIRED', field: ['input', 'fields'] }]);
    expect(requests()).toEqual([]);
  });
});
