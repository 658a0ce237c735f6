import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResponseBody } from '../src/constant-contact/contract/operations.js';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { startApp, type TestApp } from './support/app.js';

/** The promise of the facade: what a query costs in REST calls, each case with a cold cache. */
describe('REST calls:', () => {
  let app: TestApp;

  beforeEach(async () => {
    app = await startApp({ client: { referenceCacheSeconds: 60 } });
  });

  afterEach(async () => {
    expect(app.sandbox.violations).toEqual([]);
    await app.close();
  });

  async function ask<T = Record<string, unknown>>(
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<T> {
    const { data, errors } = await app.query(query, { variables });
    expect(errors).toBeUndefined();
    return data as T;
  }

  const someContacts = (count: number) =>
    [...app.sandbox.account().contacts].filter((contact) => !contact.deleted_at).slice(0, count);

  it('50 contacts with list names, tag names and custom-field labels: 4', async () => {
    interface Data {
      contacts: {
        nodes: {
          lists: { name: string }[];
          tags: { name: string }[];
          customFields: { field: { label: string } }[];
        }[];
      };
    }
    const { contacts } = await ask<Data>(
      `{ contacts(first: 50) { nodes { firstName lists { name } tags { name } customFields { value field { label } choices { label } } } } }`,
    );
    expect(contacts.nodes).toHaveLength(50);
    expect(contacts.nodes.some((contact) => contact.lists.some((list) => list.name))).toBe(true);
    expect(contacts.nodes.some((contact) => contact.tags.some((tag) => tag.name))).toBe(true);
    expect(contacts.nodes.some((contact) => contact.customFields.some(({ field }) => field.label))).toBe(
      true,
    );
    expect(app.calls().sort()).toEqual(['getContacts', 'getCustomFields', 'getLists', 'getTags']);
  });

  it('500 contacts with all sub-resources: 4', async () => {
    const { contacts } = await ask<{ contacts: { nodes: unknown[] } }>(
      `{ contacts(first: 500) { nodes {
        contactId lists { name description } tags { name } customFields { value field { label type } choices { label } }
        phoneNumbers { kind number } streetAddresses { street city } notes { content } smsChannel { smsAddress }
      } } }`,
    );
    expect(contacts.nodes).toHaveLength(500);
    expect(app.calls()).toHaveLength(4);
  });

  it('contacts(first: 1200): 3, without duplicate rows', async () => {
    const { contacts } = await ask<{ contacts: { nodes: { contactId: string }[] } }>(
      `{ contacts(first: 1200, filter: { status: [ALL] }) { nodes { contactId } pageInfo { hasNextPage } } }`,
    );
    expect(new Set(contacts.nodes.map((node) => node.contactId)).size).toBe(contacts.nodes.length);
    expect(contacts.nodes.length).toBeGreaterThan(1000);
    expect(app.calls()).toEqual(['getContacts', 'getContacts', 'getContacts']);
  });

  it('one contact by id, three aliases, different sub-resources: 1', async () => {
    const [contact] = someContacts(1);
    const data = await ask(
      `query ($id: ID!) {
        a: contact(id: $id) { firstName phoneNumbers { number } }
        b: contact(id: $id) { lastName notes { content } }
        c: contact(id: $id) { ...Streets }
      }
      fragment Streets on Contact { streetAddresses { city } }`,
      { id: contact?.contact_id },
    );
    expect(data).toMatchObject({
      a: { firstName: contact?.first_name ?? null },
      b: { lastName: contact?.last_name ?? null },
    });
    expect(app.calls()).toEqual(['getContact']);
    expect(app.sandbox.journal.entries.at(-1)?.query).toContain(
      'include=phone_numbers,street_addresses,notes',
    );
  });

  it('contacts without sub-resources and count: 1, with neither include nor include_count', async () => {
    await ask(`{ contacts(first: 10) { nodes { firstName emailAddress { address } } } }`);
    expect(app.calls()).toEqual(['getContacts']);
    expect(app.sandbox.journal.entries.at(-1)?.query).not.toContain('include');
  });

  it('contacts with a total: 1', async () => {
    const { contacts } = await ask<{ contacts: { totalCount: number } }>(
      `{ contacts(first: 1) { totalCount nodes { id } } }`,
    );
    expect(contacts.totalCount).toBe(1000);
    expect(app.calls()).toEqual(['getContacts']);
  });

  it('40 lists with membership counts: 1', async () => {
    const { contactLists } = await ask<{ contactLists: { nodes: { membershipCount: number }[] } }>(
      `{ contactLists(first: 40) { nodes { name membershipCount } } }`,
    );
    expect(contactLists.nodes.length).toBeGreaterThan(30);
    expect(Math.max(...contactLists.nodes.map((list) => list.membershipCount))).toBeGreaterThan(500);
    expect(app.calls()).toEqual(['getLists']);
  });

  it('30 contacts by id in nodes: at most 3, by a scan', async () => {
    const ids = someContacts(30).map((contact) =>
      Buffer.from(`Contact:${contact.contact_id}`).toString('base64'),
    );
    const { nodes } = await ask<{ nodes: { id: string; lists: unknown[] }[] }>(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Contact { firstName lists { listId } } } }`,
      { ids },
    );
    expect(nodes.map((node) => node.id)).toEqual(ids);
    expect(app.calls().length).toBeLessThanOrEqual(3);
  });

  describe('data of one response is not requested again', () => {
    const json = (ids: readonly string[]) => JSON.stringify(ids);
    const account = () => app.sandbox.account();
    const firstOf = <Row>(rows: Iterable<Row>, id: (row: Row) => string, count = 1) =>
      [...rows].slice(0, count).map(id);
    const sent = () =>
      [...account().campaignActivities].find(
        (row) => row.role === 'primary_email' && row.status === 'DONE' && row.contact_list_ids.length > 0,
      )!;

    it.each<[string, () => string, string[]]>([
      [
        'a campaign of a page',
        () => {
          const id = [...account().campaigns].at(-1)!.campaign_id;
          return `{ emailCampaigns(first: 500) { nodes { name } } emailCampaign(id: "${id}") { name } }`;
        },
        ['retrieveEmailCampaignsUsingGET'],
      ],
      [
        'names of campaigns, of which one is read with its activities',
        () =>
          `{ emailCampaign(id: "${sent().campaign_id}") { name primaryActivity { subject } } emailCampaignSummaries(first: 50) { nodes { campaign { name } } } }`,
        [
          'getAllBulkEmailCampaignSummaries',
          'retrieveEmailCampaignActivityUsingGET',
          'retrieveEmailCampaignUsingGET',
          'retrieveEmailCampaignsUsingGET',
        ],
      ],
      [
        'campaigns of the emails that a contact received, of which one is read completely',
        () => {
          const { campaign_activity_id: id, sent_to } = sent();
          return `{ emailCampaignActivity(id: "${id}") { subject campaign { campaignId } } contact(id: "${sent_to[0]!}") { activityDetails(first: 10, types: [EMAIL_SENT]) { nodes { activity { campaign { campaignId } } } } } }`;
        },
        ['getContactTracking', 'getEmailCampaignActivitySummary', 'retrieveEmailCampaignActivityUsingGET'],
      ],
      [
        'events by id',
        () => {
          const ids = firstOf(account().events, ({ event_id: id }) => encodeGlobalId('Event', id), 8);
          return `{ nodes(ids: ${json(ids)}) { ... on Event { name startsAt location { city } } } }`;
        },
        ['findEvents'],
      ],
      [
        'an event of a page',
        () => {
          const ids = firstOf(account().events, ({ event_id: id }) => id, 2);
          return `{ events(first: 100) { nodes { name } } a: event(id: "${ids[0]!}") { name } b: event(id: "${ids[1]!}") { name timeZone registrationSummary { registrations } } }`;
        },
        ['findEvents', 'getEvent_2'],
      ],
      [
        'a bulk activity of a page',
        () => {
          const [job] = account().jobs.list(Date.now());
          return `{ bulkActivities(first: 20) { nodes { state } } bulkActivity(id: "${job!.activity_id}") { state } }`;
        },
        ['getActivityStatusCollection'],
      ],
      [
        'a list by id, and the lists of links',
        () =>
          `{ contactList(id: "${listId()}") { name } emailCampaignActivity(id: "${sent().campaign_activity_id}") { links(includeUnclicked: true) { list { name } } } }`,
        ['getCampaignActivityLinkStats', 'getLists'],
      ],
      [
        'a segment of a sorted page',
        () => {
          const [id] = firstOf(account().segments, ({ segment_id }) => String(segment_id));
          return `{ segments(sortBy: NAME) { nodes { name } } segment(id: "${id!}") { name } }`;
        },
        ['getAccountSegments'],
      ],
      [
        'names of campaigns that are read with their activities, wherever those are selected',
        () =>
          '{ emailCampaignSummaries(first: 3) { edges { node { campaign { name } } } nodes { campaign { activities { role } } } } }',
        ['getAllBulkEmailCampaignSummaries', ...Array<string>(3).fill('retrieveEmailCampaignUsingGET')],
      ],
      [
        'reports of a contact that is reached by several paths',
        () => {
          const [contact] = someContacts(1);
          const period = 'start: "2024-01-01T00:00:00Z", end: "2026-01-01T00:00:00Z"';
          return `{ contact(id: "${contact!.contact_id}") { ...Reports } contacts(first: 1) { nodes { firstName ...Reports } } }
            fragment Reports on Contact { smsEngagementHistory { source } openAndClickRates(${period}) { averageOpenRate } activitySummary(${period}) { opens } activityDetails(first: 3) { nodes { type } } }`;
        },
        [
          'getContactOpenClickRate',
          'getContactTracking',
          'getContactTrackingCount',
          'getContacts',
          'getSmsEngagementHistory',
        ],
      ],
    ])('%s', async (_, query, calls) => {
      const data = await ask(query());
      expect(Object.values(data)).not.toContain(null);
      expect(JSON.stringify(data)).not.toContain('"name":null');
      expect(app.calls().sort()).toEqual(calls);
    });

    it('collections are read once per query although nothing is cached for the next', async () => {
      await app.close();
      app = await startApp();
      const field = [...account().customFields].at(-1)!.custom_field_id;
      const tag = [...account().tags].at(-1)!.tag_id;
      await ask(`{
        contactLists(first: 2) { nodes { name } } contactList(id: "${listId()}") { name }
        tags(first: 2) { nodes { name } } tag(id: "${tag}") { name }
        customFields(first: 2) { nodes { label } } customField(id: "${field}") { label }
      }`);
      expect(app.calls().sort()).toEqual(['getCustomFields', 'getLists', 'getTags']);
    });

    it('registrations that aliases request in different numbers are read once for each event', async () => {
      interface Page {
        nodes: { id: string }[];
      }
      const { events } = await ask<{ events: { nodes: { a: Page; b: Page }[] } }>(
        `{ events(first: 30) { nodes { a: registrations(first: 3) { nodes { id } } b: registrations(first: 40) { nodes { id } } } } }`,
      );
      expect(events.nodes.some(({ b }) => b.nodes.length > 3)).toBe(true);
      for (const { a, b } of events.nodes) expect(a.nodes).toEqual(b.nodes.slice(0, 3));
      const perEvent = (id: string) => app.calls().filter((call) => call === id).length;
      expect(perEvent('findRegistrationsUsingGET')).toBe(perEvent('getEvent_2'));
      expect(app.calls()).toHaveLength(1 + 2 * perEvent('getEvent_2'));
    });

    it('an event from the collection equals the event by id', async () => {
      const ids = firstOf(account().events, ({ event_id: id }) => encodeGlobalId('Event', id), 5);
      const fields =
        'id eventId campaignId name title description type status startsAt endsAt timeZoneAbbreviation locationType location { city } registrationUrl';
      const together = await ask<{ nodes: unknown[] }>(
        `{ nodes(ids: ${json(ids)}) { ... on Event { ${fields} } } }`,
      );
      expect(app.calls()).toEqual(['findEvents']);
      for (const [at, id] of ids.entries()) {
        const { event } = await ask<{ event: unknown }>(`{ event(id: "${id}") { ${fields} } }`);
        expect(event).toEqual(together.nodes[at]);
      }
      expect(app.calls().slice(1)).toEqual(ids.map(() => 'getEvent_2'));
    });

    it('events by id are read one by one when the account has too many, or when they are deleted', async () => {
      const events = [...account().events];
      for (const at of Array.from({ length: 300 }).keys())
        account().events.add({ ...events[0]!, event_id: randomUUID(), name: `Copy ${String(at)}` });
      const [one, two] = [...account().events]
        .slice(-2)
        .map(({ event_id: id }) => encodeGlobalId('Event', id));
      await ask(`{ nodes(ids: ${json([one!, two!])}) { ... on Event { name } } }`);
      // One page tells that there are more than these two are worth.
      expect(app.calls().filter((call) => call === 'findEvents')).toHaveLength(1);
      expect(app.calls().length).toBeLessThanOrEqual(3);
    });

    it('names are taken from a read that included counts', async () => {
      await ask('{ contactLists(first: 5) { nodes { membershipCount } } tags { nodes { contactsCount } } }');
      await ask('{ socialProfiles { accessible } }');
      app.resetCalls();
      await ask(
        '{ contactLists(first: 5) { nodes { name } } tags { nodes { name } } socialProfiles { name } }',
      );
      await ask(`{ contactList(id: "${listId()}") { name } }`);
      expect(app.calls()).toEqual([]);
    });
  });

  describe('a state that makes a call pointless saves it', () => {
    const SENT = [
      'retrieveEmailSendHistoryUsingGET',
      'getCampaignActivityLinkStats',
      'getOpens',
      'getEmailSummary',
      'getEmailCampaignActivitySummary',
    ];
    const RESENDS = 'retrieveResendToNonOpenersUsingGET';
    // The email itself and its web page.
    const PREVIEWS = Array<string>(2).fill('retrieveEmailCampaignActivityPreviewUsingGET');

    it.each([
      { status: 'DRAFT', calls: [RESENDS, ...PREVIEWS] },
      { status: 'SCHEDULED', calls: ['retrieveEmailSchedulesUsingGET', ...SENT, RESENDS, ...PREVIEWS] },
      { status: 'EXECUTING', calls: [...SENT, RESENDS, ...PREVIEWS] },
      { status: 'DONE', calls: [...SENT, RESENDS, ...PREVIEWS] },
      { status: 'ERROR', calls: [...SENT, RESENDS, ...PREVIEWS] },
      { status: 'REMOVED', calls: ['getCampaignActivityLinkStats', 'getOpens', 'getEmailSummary'] },
    ])('a campaign that is $status', async ({ status, calls }) => {
      // Removed campaigns are in the collection only; if a read by id returns one, its schedule and resend are not read.
      const isRemoved = status === 'REMOVED';
      const campaign = [...app.sandbox.account().campaigns].find(
        (row) => row.status === (isRemoved ? 'DRAFT' : status) && row.type_code !== 57,
      );
      const edit = (body: ResponseBody<'retrieveEmailCampaignUsingGET'>) => ({
        ...body,
        current_status: status,
      });
      app.sandbox.faults.script({
        operationId: 'retrieveEmailCampaignUsingGET',
        fault: { kind: 'edit', edit },
      });
      const { emailCampaign } = await ask<{ emailCampaign: { activities: { role: string }[] } }>(
        `query ($id: ID!) { emailCampaign(id: $id) { stats { lastRefreshTime } activities { role
          schedules { scheduledAt } sendHistory { count } stats { sends } links { url } opens { nodes { createdAt } }
          abTest { testSize } nonOpenerResends { subject } preview { subject } } } }`,
        { id: campaign?.campaign_id },
      );
      expect(emailCampaign.activities.map(({ role }) => role)).toEqual(['PRIMARY_EMAIL', 'PERMALINK']);
      expect(app.calls().sort()).toEqual(['retrieveEmailCampaignUsingGET', ...calls].sort());
    });
  });

  describe('a page is read as soon as it is certain to be needed', () => {
    // The account has 1,000 contacts.
    it.each([
      { first: 1, pages: 1 },
      { first: 500, pages: 1 },
      { first: 501, pages: 2 },
      { first: 1000, pages: 2 },
      { first: 5000, pages: 2 },
    ])('$first contacts: $pages', async ({ first, pages }) => {
      const { contacts } = await ask<{ contacts: { nodes: unknown[]; pageInfo: { hasNextPage: boolean } } }>(
        `query ($first: Int) { contacts(first: $first) { nodes { contactId } pageInfo { hasNextPage endCursor } } }`,
        { first },
      );
      expect(contacts.nodes).toHaveLength(Math.min(first, 1_000));
      expect(contacts.pageInfo.hasNextPage).toBe(first < 1_000);
      expect(app.calls()).toEqual(Array<string>(pages).fill('getContacts'));
    });

    it('continuing from the end of a page does not read that page again', async () => {
      const query = `query ($after: String) { contacts(first: 500, after: $after) { nodes { contactId } pageInfo { hasNextPage endCursor } } }`;
      interface Data {
        contacts: { nodes: { contactId: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      }
      const first = await ask<Data>(query);
      const second = await ask<Data>(query, { after: first.contacts.pageInfo.endCursor });
      expect(second.contacts.pageInfo.hasNextPage).toBe(false);
      const ids = [...first.contacts.nodes, ...second.contacts.nodes].map(({ contactId }) => contactId);
      expect(new Set(ids).size).toBe(1_000);
      expect(app.calls()).toEqual(['getContacts', 'getContacts']);
    });
  });

  it('pages and single contacts of one query: include the union of all aliases and fragments', async () => {
    const [a, b] = someContacts(2);
    await ask(
      `query ($a: ID!, $b: ID!) {
        page: contacts(first: 20) { nodes { ...Names } }
        more: contacts(first: 300) { totalCount nodes { phoneNumbers { number } } }
        a: contact(id: $a) { notes { content } }
        b: contact(id: $b) { ... on Contact { lists { listId } } }
      }
      fragment Names on Contact { firstName streetAddresses { city } }`,
      { a: a?.contact_id, b: b?.contact_id },
    );
    expect(app.calls()).toEqual(['getContacts']);
    const query = decodeURIComponent(app.sandbox.journal.entries.at(-1)?.query ?? '');
    expect(query).toContain('include=list_memberships,phone_numbers,street_addresses,notes');
    expect(query).toContain('include_count=true');
    expect(query).toContain('limit=300');
  });

  it('2 contacts by id: 2', async () => {
    const [a, b] = someContacts(2);
    await ask(
      `query ($a: ID!, $b: ID!) { a: contact(id: $a) { firstName } b: contact(id: $b) { firstName } }`,
      {
        a: a?.contact_id,
        b: b?.contact_id,
      },
    );
    expect(app.calls()).toEqual(['getContact', 'getContact']);
  });

  it.each([
    { known: 3, ids: 3, calls: 3, why: 'three pages would not be cheaper than three singles' },
    { known: 3, ids: 4, calls: 3, why: 'three pages are cheaper than four singles' },
  ])(
    '$ids contacts by id once the account is known to have $known pages: $calls, since $why',
    async ({ ids, calls }) => {
      await ask(`{ contacts(first: 1, filter: { status: [ALL] }) { totalCount } }`);
      app.resetCalls();
      // The last rows of the account, so that no scan can end early.
      const rows = [...app.sandbox.account().contacts].slice(-ids);
      await ask(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, {
        ids: rows.map((contact) => Buffer.from(`Contact:${contact.contact_id}`).toString('base64')),
      });
      expect(app.calls()).toHaveLength(calls);
    },
  );

  it('updateContact of one field: 2', async () => {
    const [contact] = someContacts(1);
    const data = await ask<{ updateContact: { contact: Record<string, unknown>; userErrors: unknown[] } }>(
      `mutation ($id: ID!) { updateContact(input: { id: $id, jobTitle: "Gardener" }) { contact { jobTitle lastName } userErrors { code } } }`,
      { id: contact?.contact_id },
    );
    expect(data.updateContact).toEqual({
      contact: { jobTitle: 'Gardener', lastName: contact?.last_name ?? null },
      userErrors: [],
    });
    expect(app.calls()).toEqual(['getContact', 'putContact']);
  });

  const manyLinks = `{ contacts(first: 50) { nodes { lists { name } tags { name } customFields { field { label } } } } }`;

  it('the same query twice at once with the same credentials: as many as one', async () => {
    const answers = await Promise.all([app.query(manyLinks), app.query(manyLinks)]);
    expect(answers[0]?.data).toEqual(answers[1]?.data);
    expect(app.calls()).toHaveLength(4);
  });

  it('with two credentials: never shared', async () => {
    const headers = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    await Promise.all([
      app.query(manyLinks, headers('token-of-one')),
      app.query(manyLinks, headers('token-of-two')),
    ]);
    expect(app.calls()).toHaveLength(8);
    expect(new Set(app.sandbox.journal.entries.map((entry) => entry.credential)).size).toBe(2);
  });

  it('reference data read by one query serves the next', async () => {
    await ask(manyLinks);
    app.resetCalls();
    await ask(manyLinks);
    expect(app.calls()).toEqual(['getContacts']);
  });

  it('a write invalidates the reference data that it changed', async () => {
    const lists = `{ contacts(filter: { listIds: ["${listId()}"] }, first: 1) { nodes { lists { listId name } } } }`;
    await ask(lists);
    await ask(
      `mutation { updateContactList(input: { id: "${listId()}", name: "Renamed" }) { userErrors { code } } }`,
    );
    app.resetCalls();
    expect(await ask(`{ contactList(id: "${listId()}") { name } }`)).toEqual({
      contactList: { name: 'Renamed' },
    });
    expect(app.calls()).toEqual(['getList']);
    app.resetCalls();
    const { contacts } = await ask<{ contacts: { nodes: { lists: unknown[] }[] } }>(lists);
    expect(contacts.nodes[0]?.lists).toContainEqual({ listId: listId(), name: 'Renamed' });
    expect(app.calls()).toEqual(['getContacts', 'getLists']);
  });

  it('a list that is only named is resolved from the lists of an earlier query', async () => {
    await ask(manyLinks);
    app.resetCalls();
    const answer = await app.query(`{ contactList(id: "${listId()}") { name } }`);
    expect(answer.data.contactList.name).toBeTypeOf('string');
    expect(answer.extensions.upstream).toMatchObject({ calls: 0, cached: 1 });
  });

  it('members of a segment with sub-resources are read from the account when that is cheaper', async () => {
    const donors = app.sandbox.account().segments.find((segment) => segment.name === 'Donors and Members');
    const { segment } = await ask<{ segment: { contacts: { nodes: { lists: unknown[] | null }[] } } }>(
      `query ($id: ID!) { segment(id: $id) { contacts(first: 100) { nodes { firstName lists { listId } } } } }`,
      { id: donors?.segment_id },
    );
    expect(segment.contacts.nodes).toHaveLength(100);
    expect(segment.contacts.nodes.every((contact) => contact.lists?.length)).toBe(true);
    // Its members (first 202: not computed yet), and the two pages of the account that hold the hundred. No field of
    // the segment itself is selected.
    expect(app.calls()).toEqual(Array<string>(4).fill('getContacts'));
  });

  function listId(): string {
    const list = [...app.sandbox.account().lists].find((row) => !row.deleted_at);
    if (!list) throw new Error('the seed has lists');
    return list.list_id;
  }
});
