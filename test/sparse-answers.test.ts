import { describe, expect, it } from 'vitest';
import { scripted } from './support/scripted.js';

/** Answers that say less than the sandbox's do: empty parts left out, and nulls where there is nothing. */
const { answering, ask, query, requests, sent } = scripted();

const id = (number: number) => `00000000-0000-11ee-8000-${String(number).padStart(12, '0')}`;

describe('pages of contacts without sub-resources that no contact on them has', () => {
  const PAGE = `query ($first: Int, $after: String, $count: Boolean = false) { contacts(first: $first, after: $after) {
    totalCount @include(if: $count) nodes { contactId notes { content } } pageInfo { endCursor } } }`;
  const pages = (url: URL) => {
    const cursor = Buffer.from(url.searchParams.get('cursor') ?? '', 'base64').toString();
    const at = Number(new URLSearchParams(cursor).get('next') ?? 0);
    const { limit, include } = Object.fromEntries(new URLSearchParams(cursor || url.searchParams));
    const next = Buffer.from(`limit=${limit}&next=${String(at + 1)}&include=${include}`).toString('base64');
    return {
      contacts: Array.from({ length: 10 }, (_, index) => ({ contact_id: id(at * 10 + index) })),
      contacts_count: 30,
      ...(at < 2 && { _links: { next: { href: `/v3/contacts?cursor=${next}` } } }),
    };
  };

  it('cost one call each', async () => {
    await answering(pages);
    const whole = await ask(PAGE, { first: 1100 });
    // The upstream's pages have ten contacts, whatever it is asked for.
    expect(whole.contacts.nodes).toHaveLength(30);
    expect(whole.contacts.nodes[29]).toEqual({ contactId: id(29), notes: [] });
    expect(requests()).toHaveLength(3);
  });

  it('cost one call each after a cursor, too, counted or not', async () => {
    await answering(pages);
    let after: string | null = null;
    for (const count of [true, false, false]) {
      const { contacts }: any = await ask(PAGE, { first: 10, after, count });
      expect(contacts.nodes.map((node: any) => node.notes)).toEqual(Array(10).fill([]));
      expect(requests()).toHaveLength(1);
      after = contacts.pageInfo.endCursor;
    }
  });
});

it('rows without their ids are an error of the API, not of the caller', async () => {
  await answering(({ pathname }) => {
    if (pathname.endsWith('/contact_lists')) return { lists: [{ name: 'Friends' }] };
    if (pathname.endsWith('/emails')) return { campaigns: [{ name: 'June' }] };
    if (pathname.endsWith('/contacts')) return { contacts: [{ first_name: 'Zara' }] };
    return {};
  });
  for (const asked of [
    'contactLists { nodes { name membershipCount activeMembershipCount } }',
    'emailCampaigns { nodes { name primaryActivity { subject } } }',
    'contacts { nodes { firstName smsEngagementHistory { source } } }',
  ]) {
    const { errors } = await query(`{ ${asked} }`);
    for (const { extensions } of errors ?? [])
      expect(extensions?.['code'], asked).toBe('UPSTREAM_INVALID_RESPONSE');
  }
});

it('an update of a contact without lists, tags or notes costs two calls, whatever is selected', async () => {
  await answering(() => ({ contact_id: id(1), first_name: 'Zara' }));
  const { updateContact } = await ask(
    `mutation ($input: UpdateContactInput!) { updateContact(input: $input) {
      contact { lists { name } tags { name } customFields { value } phoneNumbers { number } streetAddresses { city } notes { content } }
    } }`,
    { input: { id: id(1), jobTitle: 'Gardener' } },
  );
  const nothing = {
    lists: [],
    tags: [],
    customFields: [],
    phoneNumbers: [],
    streetAddresses: [],
    notes: [],
  };
  expect(updateContact.contact).toEqual(nothing);
  expect(requests().map(({ method }) => method)).toEqual(['GET', 'PUT']);
});

describe('a response to an update that omits properties of a nested object', () => {
  const SELECTION =
    'contact { emailAddress { address permissionToSend createdAt confirmStatus } smsChannel { smsAddress dialCode } } userErrors { code }';
  const contact = {
    contact_id: id(1),
    email_address: {
      address: 'zara@example.org',
      permission_to_send: 'implicit',
      created_at: '2026-01-01T00:00:00Z',
      confirm_status: 'off',
    },
    sms_channel: { sms_channel_id: id(2), sms_address: '2025550100', dial_code: '1' },
  };
  const shown = {
    emailAddress: {
      address: 'zara@example.org',
      permissionToSend: 'IMPLICIT',
      createdAt: '2026-01-01T00:00:00.000Z',
      confirmStatus: 'OFF',
    },
    smsChannel: { smsAddress: '2025550100', dialCode: '1' },
  };

  it.each<[string, object, object]>([
    ['updateContact', { id: id(1), firstName: 'Zara' }, contact],
    [
      'upsertContact',
      { emailAddress: { address: 'zara@example.org' }, firstName: 'Zara' },
      { contacts: [contact] },
    ],
  ])('is completed with the values that were read: %s', async (name, input, read) => {
    const answers = [
      { email_address: { address: 'zara@example.org', confirm_status: null }, sms_channel: {} },
      { email_address: {}, sms_channel: { sms_channel_id: id(2) } },
      {},
    ];
    for (const answer of answers) {
      await answering((_, { method }) => (method === 'GET' ? read : { contact_id: id(1), ...answer }));
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
      const { result } = await ask(
        `mutation ($input: ${type}!) { result: ${name}(input: $input) { ${SELECTION} } }`,
        { input },
      );
      expect(result).toEqual({ contact: shown, userErrors: [] });
      expect(requests().map(({ method }) => method)).toEqual(['GET', 'PUT']);
    }
  });
});

describe('a contact that was read with nulls', () => {
  it('is written without them, and with everything else', async () => {
    const contact = {
      contact_id: id(1),
      first_name: null,
      last_name: 'Fletcher',
      email_address: { address: 'zara@example.org', permission_to_send: 'implicit', opt_out_reason: null },
      custom_fields: [
        { custom_field_id: id(2), value: null, choice_ids: [] },
        { custom_field_id: id(3), value: 'kept', choice_ids: null },
        { custom_field_id: id(4), value: null, choice_ids: ['1', '2'] },
        { custom_field_id: id(5), value: 'Red', choice_ids: ['3'] },
      ],
      notes: [{ note_id: id(5), created_at: null, content: 'kept' }],
      taggings: null,
    };
    await answering(() => contact);
    const { updateContact } = await ask(
      `mutation ($input: UpdateContactInput!) { updateContact(input: $input) { contact { contactId } userErrors { code } } }`,
      {
        input: {
          id: id(1),
          jobTitle: 'Gardener',
          customFields: [{ fieldId: id(6), value: { text: 'new' } }],
          addNotes: ['new'],
          addTagIds: [id(7)],
        },
      },
    );
    expect(updateContact.userErrors).toEqual([]);
    expect(sent(1)).toEqual({
      update_source: 'Account',
      last_name: 'Fletcher',
      job_title: 'Gardener',
      email_address: { address: 'zara@example.org', permission_to_send: 'implicit' },
      custom_fields: [
        { custom_field_id: id(2) },
        { custom_field_id: id(3), value: 'kept' },
        { custom_field_id: id(4), choice_ids: ['1', '2'] },
        { custom_field_id: id(5), value: 'Red', choice_ids: ['3'] },
        { custom_field_id: id(6), value: 'new' },
      ],
      notes: [{ content: 'new' }, { note_id: id(5), content: 'kept' }],
      taggings: [id(7)],
    });
  });
});

it('a bulk activity in an unknown state and without content is not an error', async () => {
  await answering(() => ({
    activity_id: id(1),
    state: 'paused',
    activity_errors: [null, 'Line 3: no email'],
    _links: null,
  }));
  const { bulkActivity } = await ask(
    `query ($id: ID!) { bulkActivity(id: $id) { state stateRaw percentDone failures { line message } export { fileExportId } } }`,
    { id: id(1) },
  );
  expect(bulkActivity).toEqual({
    state: 'UNKNOWN',
    stateRaw: 'paused',
    percentDone: null,
    failures: [{ line: 3, message: 'Line 3: no email' }],
    export: null,
  });
});

describe('rows whose id is null', () => {
  it.each([
    [
      '{ segments { nodes { name segmentCriteria contacts { nodes { contactId } } } } }',
      { segments: [{ segment_id: null, name: 'x' }] },
      { segments: { nodes: [{ name: 'x', segmentCriteria: null, contacts: null }] } },
    ],
    [
      '{ tags { nodes { name contacts { nodes { contactId } } } } }',
      { tags: [{ tag_id: null, name: 'x' }] },
      { tags: { nodes: [{ name: 'x', contacts: null }] } },
    ],
  ])('have null in fields that need the id: %s', async (query, answer, expected) => {
    await answering(() => answer);
    expect(await ask(query)).toEqual(expected);
    expect(requests()).toHaveLength(1);
  });
});

describe('integers beyond the range of Int', () => {
  const LARGE = 5_000_000_000;

  it.each([
    [
      '{ contactList(id: "$") { name membershipCount } }',
      { list_id: id(1), name: 'Huge', membership_count: LARGE },
      { contactList: { name: 'Huge', membershipCount: null } },
    ],
    [
      '{ contactConsentCounts { total explicit newSubscribers } }',
      { total: LARGE, explicit: 7, new_subscriber: LARGE },
      { contactConsentCounts: { total: null, explicit: 7, newSubscribers: null } },
    ],
    [
      '{ contact(id: "$") { firstName birthday { month } } }',
      { contact_id: id(1), first_name: 'Ada', birthday_month: LARGE, birthday_day: 1 },
      { contact: { firstName: 'Ada', birthday: null } },
    ],
    [
      '{ customField(id: "$") { label version } }',
      { custom_field_id: id(1), label: 'Size', version: LARGE },
      { customField: { label: 'Size', version: null } },
    ],
  ])('are null, with an error: %s', async (document, answer, expected) => {
    await answering(() => answer);
    const { data, errors } = await query(document.replace('$', id(1)));
    expect(data).toEqual(expected);
    for (const { extensions } of errors ?? []) expect(extensions?.['code']).toBe('UPSTREAM_INVALID_RESPONSE');
    expect(errors).toHaveLength(Object.values(answer).filter((value) => value === LARGE).length);
    expect(requests()).toHaveLength(1);
  });
});

describe('pages whose links form a cycle', () => {
  const circle = (url: URL, rows: string, row: object) => {
    const at = url.searchParams.get('cursor');
    return { [rows]: [row], _links: { next: { href: `${url.pathname}?cursor=${at === 'a' ? 'b' : 'a'}` } } };
  };

  const refusal = expect.objectContaining({
    extensions: expect.objectContaining({ code: 'UPSTREAM_INVALID_RESPONSE' }),
  });

  it.each([['contacts', { contact_id: id(1) }, '{ contacts(first: 1100) { nodes { contactId } } }']])(
    'are read once, and reported: %s',
    async (rows, row, document) => {
      await answering((url) => circle(url, rows, row));
      expect((await query(document)).errors).toEqual([refusal]);
      expect(requests()).toHaveLength(3);
    },
  );

  it('are read once, and reported: events', async () => {
    await answering((url) => ({
      records: [{ event_id: id(1), name: 'x' }],
      total_records: 9,
      next_cursor: url.searchParams.get('next') === 'a' ? 'b' : 'a',
    }));
    expect((await query('{ events(first: 201) { nodes { name } } }')).errors).toEqual([refusal]);
    expect(requests()).toHaveLength(3);
  });

  it('are read once by a scan, too', async () => {
    await answering((url) => circle(url, 'campaigns', { campaign_id: id(9), name: 'x' }));
    const ids = Array.from({ length: 40 }, (_, index) => id(index + 10));
    const { data } = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: ids.map((one) => Buffer.from(`EmailCampaign:${one}`).toString('base64url')),
    });
    expect(data.nodes).toHaveLength(40);
  });
});

describe('a contact as the real API returns it', () => {
  it('has confirmed consent without opt-in details, and a day of deletion', async () => {
    await answering(() => ({
      contact_id: id(1),
      email_address: {
        address: 'a@example.com',
        permission_to_send: 'implicit',
        confirm_status: 'on',
        opt_in_source: null,
        opt_in_date: null,
      },
      deleted_at: '2026-03-04',
    }));
    const { contact } = await ask(
      `query ($id: ID!) { contact(id: $id) { deletedAt
        emailAddress { confirmStatus confirmStatusRaw optInSource optInSourceRaw optInDate } } }`,
      { id: id(1) },
    );
    expect(contact).toEqual({
      deletedAt: '2026-03-04',
      emailAddress: {
        confirmStatus: 'ON',
        confirmStatusRaw: 'on',
        optInSource: null,
        optInSourceRaw: null,
        optInDate: null,
      },
    });
    expect(requests()).toHaveLength(1);
  });

  it('has states and countries with their full names', async () => {
    await answering(() => ({
      contact_id: id(1),
      street_addresses: [{ kind: 'home', state: 'Massachusetts', country: 'United States' }],
    }));
    const { contact } = await ask(
      'query ($id: ID!) { contact(id: $id) { streetAddresses { state country } } }',
      { id: id(1) },
    );
    expect(contact.streetAddresses).toEqual([{ state: 'Massachusetts', country: 'United States' }]);
  });
});

describe('a property missing from a response costs no further calls', () => {
  const CAMPAIGN = {
    campaign_id: id(1),
    name: 'June',
    current_status: 'Done',
    type_code: 57,
    campaign_activities: [{ campaign_activity_id: id(2) }, { campaign_activity_id: id(3) }],
  };
  const LIST = { list_id: id(1), name: 'Friends' };

  it.each<[string, (url: URL) => unknown, string, number, unknown]>([
    [
      'the counts of a list',
      ({ pathname }) => (pathname.endsWith('/contact_lists') ? { lists: [LIST] } : LIST),
      '{ contactList(id: "$") { name membershipCount activeMembershipCount } }',
      2,
      { contactList: { name: 'Friends', membershipCount: null, activeMembershipCount: null } },
    ],
    [
      'the counts of a list that the collection lacks',
      ({ pathname }) => (pathname.endsWith('/contact_lists') ? { lists: [] } : LIST),
      '{ contactList(id: "$") { name membershipCount activeMembershipCount } }',
      3,
      { contactList: { name: 'Friends', membershipCount: null, activeMembershipCount: null } },
    ],
    [
      'the count of a tag',
      ({ pathname }) => (pathname.endsWith('/contact_tags') ? { tags: [] } : { tag_id: id(1), name: 'VIP' }),
      '{ tag(id: "$") { name contactsCount } }',
      1,
      { tag: { name: 'VIP', contactsCount: null } },
    ],
    [
      'the number of contacts',
      () => ({ contacts: [{ contact_id: id(1) }], _links: { next: { href: '/v3/contacts?cursor=a' } } }),
      '{ contacts(first: 1) { totalCount nodes { contactId } } }',
      1,
      { contacts: { totalCount: null, nodes: [{ contactId: id(1) }] } },
    ],
    [
      'the roles of activities',
      () => CAMPAIGN,
      '{ emailCampaign(id: "$") { name activities { campaignActivityId role roleRaw documentId } primaryActivity { role } } }',
      1,
      {
        emailCampaign: {
          name: 'June',
          activities: [2, 3].map((n) => ({
            campaignActivityId: id(n),
            role: null,
            roleRaw: null,
            documentId: null,
          })),
          primaryActivity: null,
        },
      },
    ],
    [
      'the id of the campaign of an activity',
      ({ pathname }) =>
        pathname.includes('/stats/')
          ? { results: [2, 3].map((n) => ({ campaign_activity_id: id(n), stats: {} })) }
          : {
              tracking_activities: [2, 3].map((n) => ({ campaign_activity_id: id(n), contact_id: id(1) })),
            },
      '{ contact(id: "$") { activityDetails(first: 2) { nodes { activity { campaign { name } } } } } }',
      2,
      {
        contact: { activityDetails: { nodes: [2, 3].map(() => ({ activity: { campaign: null } })) } },
      },
    ],
  ])('%s', async (_, answer, document, calls, expected) => {
    await answering(answer);
    expect(await ask(document.replace('$', id(1)))).toEqual(expected);
    expect(requests()).toHaveLength(calls);
  });

  it.each([
    ['lists', 'list_memberships', { lists: [{ name: 'Friends' }] }],
    ['tags', 'taggings', { tags: [{ name: 'VIP' }] }],
  ])('when it is the ids of %s, which is an error of the API', async (field, part, collection) => {
    const ids = Array.from({ length: 30 }, (_, index) => id(index + 10));
    await answering(({ pathname }) =>
      pathname.endsWith('/contacts') ? { contacts: [{ contact_id: id(1), [part]: ids }] } : collection,
    );
    const { data, errors } = await query(`{ contacts { nodes { contactId ${field} { name } } } }`);
    expect(data).toEqual({ contacts: { nodes: [{ contactId: id(1), [field]: null }] } });
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['UPSTREAM_INVALID_RESPONSE']);
    expect(requests()).toHaveLength(2);
  });

  it('when it is the id of a list, whose members are then null', async () => {
    await answering(() => ({ lists: [{ name: 'Friends' }] }));
    const { contactLists } = await ask(
      '{ contactLists { nodes { name contacts { nodes { contactId } } } } }',
    );
    expect(contactLists.nodes).toEqual([{ name: 'Friends', contacts: null }]);
    expect(requests()).toHaveLength(1);
  });

  it('when it is a part of the properties of an A/B test', async () => {
    await answering(({ pathname }) => (pathname.endsWith('/abtest') ? { test_size: 10 } : {}));
    const { emailCampaignActivity } = await ask(
      '{ emailCampaignActivity(id: "$") { abTest { alternativeSubject testSize winnerWaitHours } } }'.replace(
        '$',
        id(1),
      ),
    );
    expect(emailCampaignActivity.abTest).toEqual({
      alternativeSubject: '',
      testSize: 10,
      winnerWaitHours: null,
    });
    expect(requests()).toHaveLength(1);
  });
});
