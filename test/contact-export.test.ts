import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

let app: TestApp;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 12);
  app = await startApp({ sandbox: { contacts: 120, clock: { now: () => now } } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const account = () => app.sandbox.account();
const live = () => [...account().contacts].filter((one) => one.deleted_at === null);

async function start(input: object) {
  app.resetCalls();
  const { data, errors } = await app.query(
    'mutation ($input: ExportContactsInput!) { exportContacts(input: $input) { bulkActivity { activityId export { fileExportId } } userErrors { code field message } } }',
    { variables: { input } },
  );
  expect(errors).toBeUndefined();
  return data.exportContacts;
}

/** Exports and waits; gives the id of the file. */
async function exported(input: object): Promise<string> {
  const { bulkActivity, userErrors } = await start(input);
  expect(userErrors).toEqual([]);
  expect(bulkActivity.export).toBeNull();
  now += 60_000;
  const { data } = await app.query(
    'query ($id: ID!) { bulkActivity(id: $id) { state export { fileExportId downloadPath } } }',
    {
      variables: { id: bulkActivity.activityId },
    },
  );
  expect(data.bulkActivity.state).toBe('COMPLETED');
  const { fileExportId, downloadPath } = data.bulkActivity.export;
  expect(downloadPath).toBe(`/exports/${fileExportId}.csv`);
  expect(app.calls()).toEqual(['postContactsExport', 'getActivity']);
  app.resetCalls();
  return fileExportId;
}

async function emails(fileExportId: string): Promise<string[]> {
  const { data } = await app.query(
    'query ($id: ID!) { contactExport(fileExportId: $id) { rows { nodes { emailAddress } } } }',
    {
      variables: { id: fileExportId },
    },
  );
  return data.contactExport.rows.nodes.map((node: { emailAddress: string }) => node.emailAddress);
}

describe('the export file', () => {
  it('is returned as rows, as text and in columns for one call', async () => {
    const id = await exported({});
    const { data } = await app.query(
      `query ($id: ID!) { contactExport(fileExportId: $id) {
        csv columns
        rows(first: 10) { totalCount pageInfo { hasNextPage endCursor }
          nodes { emailAddress firstName lastName jobTitle companyName emailStatus lists tags createdAt updatedAt values { column value } value(column: "email_address") } }
        all: rows { nodes { emailAddress } }
      } }`,
      { variables: { id } },
    );
    expect(app.calls()).toEqual(['getContactsExport']);
    const { csv, columns, rows, all } = data.contactExport;
    expect(csv).toBe(account().exportFiles.get(id)?.text);
    expect(columns).toContain('Email address');
    expect(rows.totalCount).toBe(live().length);
    expect(rows.nodes).toHaveLength(10);
    expect(all.nodes).toHaveLength(live().length);
    const [first] = live();
    expect(rows.nodes[0]).toMatchObject({
      emailAddress: first!.email?.address ?? null,
      firstName: first!.first_name,
      lastName: first!.last_name,
      emailStatus: first!.email?.permission_to_send ?? null,
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(rows.nodes[0].value).toBe(rows.nodes[0].emailAddress);
    expect(rows.nodes[0].values.map((cell: { column: string }) => cell.column)).toEqual(columns);

    const next = await app.query(
      'query ($id: ID!, $after: String) { contactExport(fileExportId: $id) { rows(first: 10, after: $after) { nodes { emailAddress } pageInfo { hasPreviousPage } } } }',
      { variables: { id, after: rows.pageInfo.endCursor } },
    );
    expect(next.data.contactExport.rows.nodes).toEqual(all.nodes.slice(10, 20));
  });

  it('has the address and the permission under any known heading', async () => {
    const id = await exported({});
    const rowOf = async (body: string) => {
      const fault = { kind: 'status', status: 200, body, contentType: 'text/csv' } as const;
      app.sandbox.faults.script({ operationId: 'getContactsExport', fault });
      const { data } = await app.query(
        'query ($id: ID!) { contactExport(fileExportId: $id) { rows { nodes { emailAddress emailStatus } } } }',
        { variables: { id } },
      );
      return data.contactExport.rows.nodes[0];
    };
    const ada = { emailAddress: 'ada@example.org', emailStatus: 'Explicit' };
    expect(
      await rowOf('Email status,Email permission status,Email address\nActive,Explicit,ada@example.org\n'),
    ).toEqual(ada);
    expect(
      await rowOf('Email address - other,Email permission status - other\nada@example.org,Explicit\n'),
    ).toEqual(ada);
    expect(
      await rowOf(
        'Email address,Email address - other,Email status,Email permission status - other\n,ada@example.org,Active,Explicit\n',
      ),
    ).toEqual(ada);
  });

  it('is read below the activity for one more call, and streamed', async () => {
    const { bulkActivity } = await start({ fields: ['email_address', 'first_name'] });
    now += 60_000;
    app.resetCalls();
    const { data } = await app.query(
      'query ($id: ID!) { bulkActivity(id: $id) { export { downloadPath csv columns rows { totalCount } } } }',
      { variables: { id: bulkActivity.activityId } },
    );
    expect(app.calls()).toEqual(['getActivity', 'getContactsExport']);
    const { columns, csv, downloadPath } = data.bulkActivity.export;
    expect(columns).toEqual(['Email address', 'First name']);
    const response = await app.fetch(downloadPath);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(csv);
  });

  it('costs nothing unless it is selected, and is null when it does not exist', async () => {
    const lazy = await app.query('{ contactExport(fileExportId: "abc") { fileExportId downloadPath } }');
    expect(lazy.data.contactExport).toEqual({ fileExportId: 'abc', downloadPath: '/exports/abc.csv' });
    expect(app.calls()).toEqual([]);
    const { data } = await app.query('{ contactExport(fileExportId: "abc") { csv rows { totalCount } } }');
    expect(data).toEqual({ contactExport: null });
    expect(app.calls()).toEqual(['getContactsExport']);
    const { errors } = await app.query('{ contactExport(fileExportId: "../activities") { csv } }');
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('rejects cursors of other files', async () => {
    const id = await exported({});
    const { data } = await app.query(
      'query ($id: ID!) { contactExport(fileExportId: $id) { rows(first: 1) { pageInfo { endCursor } } } }',
      {
        variables: { id },
      },
    );
    const cursor = data.contactExport.rows.pageInfo.endCursor as string;
    const forged = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    forged[2] = '-5';
    for (const after of [Buffer.from(JSON.stringify(forged)).toString('base64url'), 'nonsense']) {
      const { errors } = await app.query(
        'query ($id: ID!, $a: String) { contactExport(fileExportId: $id) { rows(after: $a) { totalCount } } }',
        {
          variables: { id, a: after },
        },
      );
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

describe('the selection of exported contacts', () => {
  it('accepts contacts, lists, tags, segment, status, new subscribers and exclusions', async () => {
    const [a, b] = live().filter((one) => one.email);
    const address = (one: typeof a) => one!.email!.address;
    expect(await emails(await exported({ source: { contactIds: [a!.contact_id, b!.contact_id] } }))).toEqual([
      address(a),
      address(b),
    ]);

    const list = [...account().lists].find(
      ({ list_id }) => live().filter((one) => one.list_memberships.includes(list_id)).length > 2,
    )!;
    const members = live().filter((one) => one.list_memberships.includes(list.list_id));
    const source = { listIds: [list.list_id] };
    expect(await emails(await exported({ source }))).toHaveLength(members.length);
    expect(
      await emails(await exported({ source, excludeContactIds: [members[0]!.contact_id] })),
    ).toHaveLength(members.length - 1);
    expect((await emails(await exported({ source, status: 'unsubscribed' }))).length).toBeLessThan(
      members.length,
    );
    expect((await emails(await exported({ source, newSubscribers: true }))).length).toBeLessThanOrEqual(
      members.length,
    );

    const tag = [...account().tags][0]!;
    expect(await emails(await exported({ source: { tagIds: [tag.tag_id] } }))).toHaveLength(
      live().filter((one) => one.taggings.includes(tag.tag_id)).length,
    );
    await exported({
      source: { segmentId: String([...account().segments].find((one) => !one.deleted_at)!.segment_id) },
    });
    await exported({ status: 'active' });
    await exported({ newSubscribers: true, excludeContactIds: [a!.contact_id] });
  });

  it('is rejected without a call when the API does not combine the sources, or limits them', async () => {
    const id = '06a100de-19b6-4266-874b-afff00ff6b01';
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => id.slice(0, -3) + String(i).padStart(3, '0'));
    const wrong = async (input: object) => {
      const { userErrors } = await start(input);
      expect(app.calls()).toEqual([]);
      return userErrors;
    };
    expect(await wrong({ source: { contactIds: many(501) } })).toMatchObject([
      { code: 'TOO_MANY', message: expect.stringContaining('500') },
    ]);
    expect(await wrong({ source: { listIds: many(51) } })).toMatchObject([{ code: 'TOO_MANY' }]);
    expect(await wrong({ source: { tagIds: many(51) } })).toMatchObject([{ code: 'TOO_MANY' }]);
    expect(await wrong({ source: { listIds: [id] }, excludeContactIds: many(51) })).toMatchObject([
      { code: 'TOO_MANY', field: ['input', 'excludeContactIds'] },
    ]);
    expect(await wrong({ source: { tagIds: [id] }, status: 'active' })).toMatchObject([
      { code: 'NOT_ALLOWED', field: ['input', 'status'] },
    ]);
    expect(await wrong({ source: { contactIds: [id] }, newSubscribers: true })).toMatchObject([
      { code: 'NOT_ALLOWED' },
    ]);
    expect(await wrong({ newSubscribers: true, status: 'active' })).toMatchObject([{ code: 'NOT_ALLOWED' }]);
    expect(await wrong({ source: { tagIds: ['./x'] }, status: 'active', fields: [] })).toMatchObject([
      { code: 'INVALID_ID', field: ['input', 'source', 'tagIds', '0'] },
      { code: 'REQUIRED', field: ['input', 'fields'] },
      { code: 'NOT_ALLOWED', field: ['input', 'status'] },
    ]);
    expect(await wrong({ excludeContactIds: [id] })).toMatchObject([
      { code: 'NOT_ALLOWED', field: ['input', 'excludeContactIds'] },
    ]);
    expect(await wrong({ fields: ['email_optin_date'] })).toMatchObject([
      { code: 'REQUIRED', field: ['input', 'fields'] },
    ]);
    const two = await app.query(
      'mutation { exportContacts(input: { source: { segmentId: "1", tagIds: [] } }) { userErrors { code } } }',
    );
    expect(two.errors?.[0]?.message).toMatch(/exactly one/i);
  });
});
