import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operations, type OperationId } from '../../src/constant-contact/contract/operations.js';
import { createSandbox, type Account, type Sandbox } from '../../src/sandbox/index.js';
import { Client, first, ManualClock } from './client.js';

let sandbox: Sandbox;
let client: Client;
let account: Account;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  sandbox = await createSandbox({ requestsPerSecond: 0, clock });
  client = new Client(sandbox);
  account = sandbox.account();
});
afterEach(() => sandbox.close());

describe('paging', () => {
  it('walks all rows with cursors that contain size and filters', async () => {
    const pages = await client.pages('getContacts', {
      query: { limit: 400, status: 'all', include: 'notes' },
    });
    expect(pages.map((page) => page.contacts?.length)).toEqual([400, 400, 230]);
    const ids = pages.flatMap((page) => page.contacts?.map((row) => row.contact_id));
    expect(ids).toEqual([...account.contacts].map((row) => row.contact_id));
    expect(pages[2]?.contacts?.[0]).toHaveProperty('notes');
    const href = pages[0]?._links?.next?.href ?? '';
    expect(href).toMatch(/^\/v3\/contacts\?cursor=[\w%]+$/);
    const cursor = new URL(href, 'http://any').searchParams.get('cursor') ?? '';
    expect(Buffer.from(cursor, 'base64').toString()).toMatch(
      /^limit=400&status=all&include=notes&next=[0-9a-f-]{36}&/,
    );
  });

  it('reads the default account in three pages of 500', async () => {
    const pages = await client.pages('getContacts', { query: { limit: 500, status: 'all' } });
    expect(pages.length).toBeLessThanOrEqual(3);
    expect((await client.call('countContact')).body.total).toBe(1_000);
  });

  it('represents the last page in each of the three ways', async () => {
    const last = async (
      id: 'getContacts' | 'getLists' | 'getTags' | 'getCustomFields' | 'getAccountSegments',
    ) => {
      const { _links } = ((await client.pages(id)).at(-1) ?? {}) as {
        _links?: { next?: { href: string | null } };
      };
      return JSON.stringify(_links);
    };
    const ids = ['getContacts', 'getLists', 'getTags', 'getCustomFields', 'getAccountSegments'] as const;
    const seen = new Set(await Promise.all(ids.map(last)));
    expect(seen).toEqual(new Set([undefined, '{}', '{"next":{"href":null}}']));
  });

  it('continues from the position of a removed row', async () => {
    const { body } = await client.call('getTags', { query: { limit: 10 } });
    const [, next] = [...account.tags].slice(9);
    account.tags.remove(next?.tag_id ?? '');
    const after = await client.fetch<typeof body>('GET', body._links?.next?.href?.replace('/v3', '') ?? '');
    expect(after.body.tags?.[0]?.tag_id).toBe([...account.tags][10]?.tag_id);
  });

  it('rejects a forged cursor, and a cursor with other parameters than its first request', async () => {
    const { body } = await client.call('getTags', { query: { limit: 10 } });
    const href = body._links?.next?.href?.replace('/v3', '') ?? '';
    for (const path of ['/contact_tags?cursor=bm9uc2Vuc2U', `${href}&limit=5`]) {
      expect((await client.fetch('GET', path)).status).toBe(400);
    }
    expect((await client.fetch('GET', `${href}&limit=10`)).status).toBe(200);
  });

  it('names the cursor of summaries `next`', async () => {
    const { body } = await client.call('getAllBulkEmailCampaignSummaries', { query: { limit: 5 } });
    const href = body._links?.next?.href ?? '';
    expect(href).toMatch(/^\/v3\/reports\/summary_reports\/email_campaign_summaries\?next=/);
    const after = await client.fetch<typeof body>('GET', href.replace('/v3', ''));
    expect(after.body.bulk_email_campaign_summaries).toHaveLength(5);
    expect(after.body.bulk_email_campaign_summaries).not.toEqual(body.bulk_email_campaign_summaries);
  });
});

describe('requests against the contract', () => {
  it('ignore what the API ignores', async () => {
    const { status } = await client.fetch('GET', '/emails?updated_after=2026-01-01');
    expect(status).toBe(200);
  });

  it.each<[string, string, unknown, RegExp]>([
    ['GET', '/contacts?unknown=1', undefined, /query unknown is unknown/],
    ['GET', '/contacts?limit=0', undefined, /query limit/],
    ['GET', '/contacts?include=friends', undefined, /query include/],
    ['GET', '/contacts?include_count=maybe', undefined, /query include_count/],
    ['GET', '/contacts?email=a&email=b', undefined, /more than once/],
    ['GET', '/contacts/contact_id_xrefs', undefined, /query sequence_ids is missing/],
    ['GET', '/segments/one', undefined, /path segment_id/],
    ['POST', '/contact_lists', { name: 'x', colour: 'red' }, /\(colour\)/],
    ['POST', '/contact_lists', { description: 'no name' }, /name/],
    ['PUT', '/account/summary', { encoded_account_id: 'x' }, /\(encoded_account_id\)/],
    ['POST', '/contacts', { create_source: 'Account', first_name: 'x'.repeat(51) }, /first_name/],
    ['POST', '/contacts', undefined, /body is missing/],
  ])('are rejected and recorded: %s %s %j', async (method, path, body, issue) => {
    expect((await client.fetch(method, path, body)).status).toBe(400);
    expect(sandbox.violations).toEqual([
      { operationId: expect.any(String), side: 'request', issues: [expect.stringMatching(issue)] },
    ]);
  });

  it('respond with 400 for invalid JSON and 415 for another content type', async () => {
    const post = async (body: string, type: string) =>
      (
        await fetch(`${sandbox.url}/contact_tags`, {
          method: 'POST',
          headers: { authorization: 'Bearer x', 'content-type': type },
          body,
        })
      ).status;
    expect(await post('{"name":"x",}', 'application/json')).toBe(400);
    expect(await post('{"name":"x"}', 'text/plain')).toBe(415);
    expect(await post('{"name":"x"}', 'application/json; charset=utf-8')).toBe(201);
  });
});

describe('responses against the contract', () => {
  const AUDIENCE = [
    'Account Services',
    'Contacts',
    'Contact Lists',
    'Contact Tags',
    'Contacts Custom Fields',
    'Segments',
    'Bulk Activities',
  ];

  it('conform in every operation of the audience', async () => {
    const [contact, other, third] = account.contacts.filter(
      (row) => row.deleted_at === null && row.email !== null,
    );
    const out = first(account.contacts, (row) => row.email?.permission_to_send === 'unsubscribed');
    const lists = account.lists.filter((row) => row.deleted_at === null).map((row) => row.list_id);
    const tags = [...account.tags].map((row) => row.tag_id);
    const fields = [...account.customFields].map((row) => row.custom_field_id);
    const contact_id = contact?.contact_id ?? '';
    const [list_id = '', list2 = '', list3 = ''] = lists;
    const [tag_id = '', tag2 = '', tag3 = ''] = tags;
    const [custom_field_id = '', field2 = '', field3 = ''] = fields;
    const segment_id = first(account.segments).segment_id;
    const segment_criteria = first(account.segments).segment_criteria;
    const email_address = { address: contact?.email?.address ?? '', permission_to_send: 'explicit' };
    const source = { contact_ids: [third?.contact_id ?? ''] };
    const form = new FormData();
    form.append('file', new Blob(['email\nimported@example.com']), 'people.csv');
    form.append('list_ids', list_id);
    const include = 'custom_fields,list_memberships,phone_numbers,street_addresses,taggings,notes';

    await client.call('getUserPrivileges');
    await client.call('getAccountById', { query: { extra_fields: 'physical_address,company_logo' } });
    await client.call('putCustomerById', { body: { website: 'https://example.com' } });
    await client.call('getPhysicalAddress');
    const address = account.profile.address ?? { address_line1: '', city: '', country_code: '' };
    await client.call('putPhysicalAddress', { body: address });
    account.profile.address = null;
    await client.call('addPhysicalAddress', { body: address });
    await client.call('retrieveEmailAddresses');
    await client.call('addAccountEmailAddress', { body: { email_address: 'x@example.com' } });

    await client.pages('getContacts', { query: { limit: 500, status: 'all', include, include_count: true } });
    await client.call('getContacts', { query: { segment_id: String(segment_id) } });
    await client.call('getContacts', { query: { segment_id: String(segment_id) } });
    for (const row of [...account.contacts].slice(0, 40)) {
      await client.call('getContact', { path: { contact_id: row.contact_id }, query: { include } });
    }
    await client.call('createContact', { body: { create_source: 'Account', first_name: 'A' } });
    await client.call('putContact', {
      path: { contact_id },
      body: { email_address, update_source: 'Account' },
    });
    const signUp = { email_address: 'signed@example.com', list_memberships: [list_id] };
    await client.call('createOrUpdateContact', { body: signUp });
    await client.call('createOrUpdateContact', { body: signUp });
    await client.call('countContact', { query: { include: 'new_subscriber' } });
    await client.call('resubscribeContact', {
      path: { contact_id: out.contact_id },
      body: { list_ids: [list_id] },
    });
    const texted = first(account.contacts, (row) => row.sms !== null).contact_id;
    await client.call('getSmsEngagementHistory', { path: { contact_id: texted } });
    await client.call('getContactIdXrefs', { query: { sequence_ids: contact?.sequence_id ?? '' } });
    await client.call('deleteContact', { path: { contact_id: other?.contact_id ?? '' } });

    await client.pages('getLists', {
      query: { status: 'all', include_count: true, include_membership_count: 'all' },
    });
    await client.call('getList', { path: { list_id }, query: { include_membership_count: 'active' } });
    await client.call('createList', { body: { name: 'A' } });
    await client.call('putList', { path: { list_id }, body: { name: 'B', favorite: true } });
    await client.call('getListIdXrefs', { query: { sequence_ids: first(account.lists).sequence_id ?? '' } });
    await client.call('deleteListActivity', { path: { list_id: list3 } });
    await client.pages('getTags', { query: { include_count: true } });
    await client.call('getTag', { path: { tag_id }, query: { include_count: true } });
    await client.call('postTag', { body: { name: 'A' } });
    await client.call('putTag', { path: { tag_id }, body: { name: 'B' } });
    await client.call('deleteTag', { path: { tag_id: tag3 } });
    await client.pages('getCustomFields');
    await client.call('getCustomField', { path: { custom_field_id } });
    await client.call('postCustomFields', { body: { label: 'A', type: 'string' } });
    await client.call('putCustomField', { path: { custom_field_id }, body: { label: 'B' } });
    await client.call('deleteCustomField', { path: { custom_field_id: field3 } });
    await client.pages('getAccountSegments', { query: { limit: 4 } });
    await client.call('createSegment', { body: { name: 'A', segment_criteria } });
    await client.call('getSegmentDetail', { path: { segment_id } });
    await client.call('updateSegment', { path: { segment_id }, body: { name: 'B', segment_criteria } });
    await client.call('updateSegmentName', { path: { segment_id }, body: { name: 'C' } });
    await client.call('deleteSegment', { path: { segment_id } });

    const exported = await client.call('postContactsExport', { body: {} });
    const started = [
      exported,
      await client.call('postContactDelete', { body: source }),
      await client.call('contactsCSVImport', { body: form }),
      await client.call('bulkImportContactsJSON', {
        body: { import_data: [{ email: 'wrong' }, { email: 'right@example.com' }], list_ids: [list_id] },
      }),
      await client.call('postListAddContact', { body: { source, list_ids: [list2] } }),
      await client.call('postListRemoveContact', { body: { source, list_ids: [list2] } }),
      await client.call('postTagAddContact', { body: { source, tag_ids: [tag2] } }),
      await client.call('postTagRemoveContact', { body: { source, tag_ids: [tag2] } }),
      await client.call('postListDelete', { body: { list_ids: [list2] } }),
      await client.call('postTagDelete', { body: { tag_ids: [tag2] } }),
      await client.call('postCustomFieldDelete', { body: { custom_field_ids: [field2] } }),
    ];
    for (const ms of [500, 60_000]) {
      clock.tick(ms);
      for (const { body } of started) {
        await client.call('getActivity', { path: { activity_id: body.activity_id ?? '' } });
      }
      await client.pages('getActivityStatusCollection', { query: { limit: 5 } });
    }
    const results = (
      await client.call('getActivity', { path: { activity_id: exported.body.activity_id ?? '' } })
    ).body._links?.results?.href;
    await client.call('getContactsExport', { path: { file_export_id: results?.split('/').at(-1) ?? '' } });

    expect(sandbox.violations).toEqual([]);
    const failed = sandbox.journal.entries.filter((entry) => entry.status >= 300);
    expect(failed).toEqual([]);
    const audience = (Object.keys(operations) as OperationId[]).filter((id) =>
      AUDIENCE.includes(operations[id].tag),
    );
    expect(audience).toHaveLength(54);
    expect(new Set(sandbox.journal.operations())).toEqual(new Set(audience));
  });
});
