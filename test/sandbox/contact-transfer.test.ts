import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestBody } from '../../src/constant-contact/contract/operations.js';
import { createSandbox, type Account, type Sandbox } from '../../src/sandbox/index.js';
import type { ContactRow } from '../../src/sandbox/stores/audience.js';
import { Client, first, ManualClock } from './client.js';

let sandbox: Sandbox;
let client: Client;
let account: Account;
let clock: ManualClock;
let scratch: string;

beforeEach(async () => {
  clock = new ManualClock();
  sandbox = await createSandbox({ requestsPerSecond: 0, contacts: 200, clock });
  client = new Client(sandbox);
  account = sandbox.account();
  scratch = first(account.lists, (row) => row.name === 'Scratch').list_id;
});
afterEach(() => sandbox.close());

const live = (test: (row: ContactRow) => boolean = () => true) =>
  account.contacts.filter((row) => row.deleted_at === null && test(row));
const finish = async (activity_id = '') => {
  clock.tick(600_000);
  return (await client.call('getActivity', { path: { activity_id } })).body;
};
const byEmail = (address: string): ContactRow =>
  first(account.contacts, (row) => row.email?.address === address);

describe('exports', () => {
  const run = async (body: RequestBody<'postContactsExport'>) => {
    const started = await client.call('postContactsExport', { body });
    expect(started.status).toBe(201);
    const done = await finish(started.body.activity_id);
    const href = done._links?.results?.href ?? '';
    const file_export_id = href.split('/').at(-1) ?? '';
    const file = await client.call('getContactsExport', { path: { file_export_id } });
    const rows = parse<Record<string, string>>(file.body, { columns: true });
    return { href, file, rows, done };
  };

  it('write all columns by default, and return a link with an additional s in its path', async () => {
    const { href, file, rows, done } = await run({});
    expect(href).toMatch(/^\/v3\/contacts_exports\/[0-9a-f-]{36}$/);
    expect(href).not.toContain(done.activity_id);
    expect((await client.fetch('GET', href.replace('/v3', ''))).status).toBe(404);
    expect(file.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(rows).toHaveLength(200);
    expect(done.status).toEqual({ items_total_count: 200, items_completed_count: 200 });
    const [contact] = account.contacts;
    expect(rows[0]).toMatchObject({
      'Email address': contact?.email?.address,
      'First name': contact?.first_name,
      'Preferred Branch': expect.stringMatching(/^[A-Z]/),
    });
  });

  it('write the requested columns, custom fields by name', async () => {
    const { rows } = await run({
      fields: ['last_name', 'email_address', 'email_optin_date', 'Loyalty_Card'],
    });
    expect(Object.keys(rows[0] ?? {})).toEqual([
      'Last name',
      'Email address',
      'Email opt-in date',
      'Loyalty Card',
    ]);
  });

  it('have the columns of the vendor, the status before the permission', async () => {
    const { rows } = await run({ status: 'all' });
    const headings = Object.keys(rows[0] ?? {});
    expect(headings.slice(0, 3)).toEqual(['Email address', 'Email address - other', 'First name']);
    const at = headings.indexOf('Email status');
    expect(headings.slice(at, at + 3)).toEqual([
      'Email status',
      'Email permission status',
      'Email permission status - other',
    ]);
    const statusesOf = (permission: string) =>
      new Set(
        rows.filter((row) => row['Email permission status'] === permission).map((row) => row['Email status']),
      );
    expect(statusesOf('explicit')).toEqual(new Set(['Active', 'Removed']));
    expect(statusesOf('unsubscribed')).toContain('Unsubscribed');
    expect(new Set(rows.map((row) => row['Email address - other']))).toEqual(new Set(['']));
  });

  it('select contacts by each source', async () => {
    const emails = async (body: RequestBody<'postContactsExport'>) =>
      (await run({ ...body, fields: ['email_address'] })).rows.map((row) => row['Email address']);
    const of = (rows: ContactRow[]) => rows.map((row) => row.email?.address ?? '');
    const donors = first(account.lists, (row) => row.name === 'Donors').list_id;
    const [tag] = account.tags;
    const some = live((row) => row.email !== null).slice(5, 8);
    const onList = live((row) => row.list_memberships.includes(donors));
    expect(await emails({ contact_ids: some.map((row) => row.contact_id) })).toEqual(of(some));
    expect(await emails({ list_ids: [donors] })).toEqual(of(onList));
    const exclude = { contact_ids: [onList[0]?.contact_id ?? ''] };
    expect(await emails({ list_ids: [donors], exclude })).toEqual(of(onList.slice(1)));
    expect(await emails({ tag_ids: [tag?.tag_id ?? ''] })).toEqual(
      of(live((row) => row.taggings.includes(tag?.tag_id ?? ''))),
    );
    expect(await emails({ status: 'removed' })).toEqual(
      of(account.contacts.filter((row) => row.deleted_at !== null)),
    );
    expect(await emails({ status: 'unsubscribed' })).toEqual(
      of(live((row) => row.email?.permission_to_send === 'unsubscribed')),
    );
    const segment = first(account.segments, (row) => row.name === 'Abroad');
    expect((await emails({ segment_id: segment.segment_id })).length).toBeGreaterThan(10);
    expect((await emails({ new_subscriber: true })).length).toBeGreaterThan(0);
  });

  it.each<RequestBody<'postContactsExport'>>([
    { fields: ['email_optin_date'] },
    { fields: ['shoe_size'] },
    { tag_ids: ['any'], status: 'active' },
    { new_subscriber: true, status: 'active' },
    { status: 'sleeping' },
  ])('reject %j', async (body) => {
    expect((await client.call('postContactsExport', { body })).status).toBe(400);
  });

  it('have no file before the activity is completed', async () => {
    const { body } = await client.call('postContactsExport', { body: {} });
    expect(body._links).not.toHaveProperty('results');
    const path = { file_export_id: body.activity_id ?? '' };
    expect((await client.call('getContactsExport', { path })).status).toBe(404);
  });
});

describe('imports', () => {
  const importCsv = async (text: string, name = 'people.csv', fields: Record<string, string> = {}) => {
    const form = new FormData();
    form.append('file', new Blob([text], { type: 'text/csv' }), name);
    for (const [key, value] of Object.entries({ list_ids: scratch, ...fields })) form.append(key, value);
    return client.call('contactsCSVImport', { body: form });
  };

  it('add new contacts as implicit and update existing ones, keeping their permission', async () => {
    const known = first(account.contacts, (row) => row.email?.permission_to_send === 'explicit');
    const text = [
      'Email,first_name,phone,street,street2,city,zip,birthday_month,birthday_day,cf:Nickname,cf:Favourite_Genres,sms_number,unknown',
      'new.one@example.org,Neva,617 555 0100,"1 Quay, left",Door 2,Boston,02110,4,30,Nev,"Crime, Poetry",+16175550144,x',
      `${known.email?.address},Renamed,,,,,,,,,,,`,
    ].join('\r\n');
    const jobBefore = known.job_title;
    const { status, body } = await importCsv(text, 'people.csv', { sms_permission_to_send: 'explicit' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      source_file_name: 'people.csv',
      status: { items_total_count: 2, person_count: 0 },
    });
    const done = await finish(body.activity_id);
    expect(done.activity_errors).toEqual([]);
    expect(done.status).toEqual({
      items_total_count: 2,
      person_count: 2,
      error_count: 0,
      correctable_count: 0,
      cannot_add_to_list_count: 0,
    });
    const created = byEmail('new.one@example.org');
    expect(created).toMatchObject({
      email: { permission_to_send: 'implicit', opt_in_source: 'Account' },
      phone_numbers: [{ phone_number: '617 555 0100', kind: 'other' }],
      street_addresses: [
        { kind: 'home', street: '1 Quay, left, Door 2', city: 'Boston', postal_code: '02110' },
      ],
      sms: { dial_code: '1', sms_address: '6175550144', permission: 'explicit' },
      birthday_month: 4,
      list_memberships: [scratch],
    });
    expect(created.custom_fields.map((value) => value.value ?? value.choice_ids)).toEqual([
      'Nev',
      ['000001', '000002'],
    ]);
    expect(known).toMatchObject({ first_name: 'Renamed', job_title: jobBefore });
    expect(known.email?.permission_to_send).toBe('explicit');
    expect(known.list_memberships).toContain(scratch);
  });

  it('report failed lines, and add no unsubscribed contact to a list', async () => {
    const out = first(account.contacts, (row) => row.email?.permission_to_send === 'unsubscribed');
    const text = [
      'email,birthday_month,birthday_day,cf:Books_Bought',
      'not an address,,,',
      'fine@example.com,,,',
      ',,,',
      'half@example.com,4,,',
      'field@example.com,,,value',
      `${out.email?.address},,,`,
    ].join('\n');
    const done = await finish((await importCsv(text)).body.activity_id);
    expect(done.state).toBe('completed');
    expect(done.activity_errors).toEqual([
      expect.stringMatching(/^Line 2 /),
      expect.stringMatching(/^Line 4 /),
      expect.stringMatching(/^Line 5 /),
      expect.stringMatching(/^Line 6 /),
    ]);
    expect(done.status).toMatchObject({ person_count: 2, error_count: 4, cannot_add_to_list_count: 1 });
    expect(out.list_memberships).not.toContain(scratch);
  });

  it.each(['cf:no_such_field', 'cf: nickname', 'cf:Favorite Color'])(
    'drop the column of an unknown custom field: %s',
    async (heading) => {
      const text = `email,first_name,${heading}\nlost@example.org,Lo,red`;
      const done = await finish((await importCsv(text)).body.activity_id);
      expect(done.activity_errors).toEqual([]);
      expect(done.status).toMatchObject({ person_count: 1, error_count: 0 });
      expect(byEmail('lost@example.org')).toMatchObject({ first_name: 'Lo', custom_fields: [] });
    },
  );

  it('require a .csv file in a form, and existing lists', async () => {
    expect((await importCsv('email\na@example.com', 'people.xlsx')).status).toBe(415);
    expect((await client.fetch('POST', '/activities/contacts_file_import', {})).status).toBe(415);
    expect((await importCsv('email\na@example.com', 'people.csv', { list_ids: 'nope' })).status).toBe(400);
    expect((await importCsv('name\nAda')).status).toBe(400);
  });

  it('silently drop lines beyond 40,000', async () => {
    const lines = Array.from({ length: 40_010 }, (_, i) => `p${i}@example.com`);
    const { body } = await importCsv(['email', ...lines].join('\n'));
    expect(body.status?.items_total_count).toBe(39_999);
  });

  it('silently drop data beyond 4 MB', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `p${i}@example.com,${'x'.repeat(190)}`);
    const { body } = await importCsv(['email,first_name', ...lines].join('\n'));
    expect(body.status?.items_total_count).toBeGreaterThan(15_000);
    expect(body.status?.items_total_count).toBeLessThan(22_000);
  });

  it('import flat JSON rows with addresses and phones of all kinds', async () => {
    const { body, status } = await client.call('bulkImportContactsJSON', {
      body: {
        import_data: [
          {
            email: 'json@example.net',
            last_name: 'Son',
            birthday_month: 12,
            birthday_day: 24,
            work_phone: '1',
            mobile_phone: '2',
            home_city: 'Lyon',
            'home country': 'France',
            work_street: 'Quai 4',
            'cf:Books_Bought': '12',
          },
          { sms_number: '+33612345678', first_name: 'Mobile' },
          { first_name: 'Nobody' },
        ],
        list_ids: [scratch],
      },
    });
    expect(status).toBe(201);
    const done = await finish(body.activity_id);
    expect(done.activity_errors).toEqual(['Line 3 has neither email nor sms_number.']);
    expect(byEmail('json@example.net')).toMatchObject({
      phone_numbers: [{ kind: 'work' }, { kind: 'mobile' }],
      street_addresses: [
        { kind: 'home', city: 'Lyon', country: 'France' },
        { kind: 'work', street: 'Quai 4' },
      ],
      custom_fields: [{ value: '12' }],
    });
    const mobile = first(account.contacts, (row) => row.first_name === 'Mobile' && row.email === null);
    expect(mobile.sms).toMatchObject({ dial_code: '33', sms_address: '612345678', permission: 'not_set' });
    expect(sandbox.violations).toEqual([]);
  });

  it('reject rows in the format of a contact', async () => {
    const row = { email_address: { address: 'a@example.com' } } as { email?: string };
    const body = { import_data: [row], list_ids: [scratch] };
    expect((await client.call('bulkImportContactsJSON', { body })).status).toBe(400);
    expect(sandbox.violations).toEqual([
      {
        operationId: 'bulkImportContactsJSON',
        side: 'request',
        issues: [expect.stringContaining('email_address')],
      },
    ]);
  });
});
