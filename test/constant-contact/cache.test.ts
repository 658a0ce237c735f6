import { describe, expect, it } from 'vitest';
import { familiesOf, INVALIDATED_BY } from '../../src/constant-contact/cache/families.js';
import { heapBytes } from '../../src/constant-contact/cache/heap-bytes.js';
import { ANY_AGE } from '../../src/constant-contact/cache/freshness.js';
import { ReadCache, type Place, type Reader } from '../../src/constant-contact/cache/read-cache.js';
import {
  operations,
  type OperationFacts,
  type OperationId,
} from '../../src/constant-contact/contract/operations.js';
import { bearerCredentials, partnerCredentials } from '../../src/constant-contact/auth/credentials.js';
import type { Api, Family } from '../../src/constant-contact/api.js';
import {
  invalidate,
  loadThrough,
  type ReadingSession,
  type Shared,
} from '../../src/constant-contact/read-path.js';
import { manualClock } from '../support/clock.js';
import { readingSessions } from '../support/reading-session.js';
import { ANSWER, failureOf, json, startHarness, until } from '../support/upstream.js';

const LISTS: Place = { owner: 'me', families: ['lists'], variant: 'all', ttlMs: 60_000, isReference: true };
const ANYBODY: Reader = { freshness: ANY_AGE, since: 0, startedAt: 0, isForMutation: false };

/** A cache as its callers see it who take data of any age and give values alone. */
function setUp({ staleMs = 0 } = {}) {
  const clock = manualClock();
  const cache = new ReadCache({ staleMs, clock });
  const { shared, open } = readingSessions(cache, clock);
  return {
    clock,
    caller: open,
    cache: {
      load: <T>(place: Place, by: ReadingSession, read: () => Promise<T>) => loadThrough(by, place, read),
      peek: (place: Place) => cache.peek(place, ANYBODY)?.value,
      remember: (place: Place, value: unknown, since: number) => {
        cache.remember(place, { value, readAt: clock.now() }, since);
      },
      invalidate: (owner: string, families: readonly Family[]) =>
        invalidate(shared as unknown as Shared, owner, families),
      mark: () => cache.mark(),
    },
  };
}

/** A load that the test settles. */
function held<T>() {
  let end!: { resolve: (value: T) => void; reject: (error: unknown) => void };
  let calls = 0;
  const promise = new Promise<T>((resolve, reject) => {
    end = { resolve, reject };
  });
  return {
    ...end,
    load: () => {
      calls += 1;
      return promise;
    },
    calls: () => calls,
    started: () => until(() => calls === 1),
  };
}

const never = () => Promise.reject(new Error('This load should not have run.'));

describe('a cached value', () => {
  it('is loaded once and kept for its TTL', async () => {
    const { clock, cache, caller } = setUp();
    expect(await cache.load(LISTS, caller(), () => Promise.resolve(['a']))).toEqual(['a']);
    await clock.advance(59_999);
    const reader = caller();
    expect(await cache.load(LISTS, reader, never)).toEqual(['a']);
    expect(reader.meter.cached).toBe(1);
    await clock.advance(2);
    expect(cache.peek(LISTS)).toBeUndefined();
    expect(await cache.load(LISTS, caller(), () => Promise.resolve(['b']))).toEqual(['b']);
  });

  it('is separate per owner, family and variant', async () => {
    const { cache, caller } = setUp();
    await cache.load(LISTS, caller(), () => Promise.resolve('mine'));
    const others: Place[] = [
      { ...LISTS, owner: 'you' },
      { ...LISTS, families: ['tags'] },
      { ...LISTS, variant: 'some' },
    ];
    for (const place of others) expect(cache.peek(place)).toBeUndefined();
    expect(cache.peek(LISTS)).toBe('mine');
  });

  it('is not kept when its load failed', async () => {
    const { cache, caller } = setUp();
    await expect(cache.load(LISTS, caller(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.load(LISTS, caller(), () => Promise.resolve('yes'))).toBe('yes');
  });

  it('is not kept when the TTL is 0, but a load in flight is shared', async () => {
    const { cache, caller } = setUp();
    const load = held<string>();
    const never0 = { ...LISTS, ttlMs: 0 };
    const both = [cache.load(never0, caller(), load.load), cache.load(never0, caller(), never)];
    await Promise.resolve();
    load.resolve('x');
    expect(await Promise.all(both)).toEqual(['x', 'x']);
    expect(load.calls()).toBe(1);
    expect(cache.peek(LISTS)).toBeUndefined();
  });

  it('is evicted when the cache has too many bytes, and not kept when it is too large itself', async () => {
    const { cache, caller } = setUp();
    const rows = (bytes: number) => ({ rows: ['x'.repeat(bytes / 2), { name: 'x'.repeat(bytes / 2) }] });
    const variant = (at: number) => ({ ...LISTS, variant: String(at) });
    for (let at = 0; at < 12; at += 1)
      await cache.load(variant(at), caller(), () => Promise.resolve(rows(6_000_000)));
    expect(cache.peek(variant(0))).toBeUndefined();
    expect(cache.peek(variant(11))).toBeDefined();
    await cache.load(LISTS, caller(), () => Promise.resolve(rows(9_000_000)));
    expect(cache.peek(LISTS)).toBeUndefined();
  });
});

describe('concurrent loads of the same key', () => {
  it('of a query are not joined by a mutation; those of a mutation are joined by others', async () => {
    const { cache, caller } = setUp();
    const [slow, own] = [held<string>(), held<string>()];
    const query = cache.load(LISTS, caller(), slow.load);
    await slow.started();
    const mutation = { isForMutation: true };
    const mutations = [
      cache.load(LISTS, caller(mutation), own.load),
      cache.load(LISTS, caller(mutation), never),
      cache.load(LISTS, caller(), never),
    ];
    own.resolve('own');
    expect(await Promise.all(mutations)).toEqual(['own', 'own', 'own']);
    slow.reject(new Error('the reserve'));
    await expect(query).rejects.toThrow('the reserve');
    expect(cache.peek(LISTS)).toBe('own');
  });

  it('are coalesced', async () => {
    const { cache, caller } = setUp();
    const load = held<string>();
    const second = caller();
    const both = [cache.load(LISTS, caller(), load.load), cache.load(LISTS, second, never)];
    load.resolve('x');
    expect(await Promise.all(both)).toEqual(['x', 'x']);
    expect(second.meter.coalesced).toBe(1);
  });

  it('fail together', async () => {
    const { cache, caller } = setUp();
    const load = held<string>();
    const both = [cache.load(LISTS, caller(), load.load), cache.load(LISTS, caller(), never)];
    load.reject(new Error('no'));
    for (const one of await Promise.allSettled(both)) expect(one).toMatchObject({ reason: new Error('no') });
  });

  it('continue for the next caller when the first one is cancelled', async () => {
    const { cache, caller } = setUp();
    const gone = new AbortController();
    const load = held<string>();
    const first = failureOf(cache.load(LISTS, caller({ signal: gone.signal }), load.load));
    let own = 0;
    const ownLoad = () => Promise.resolve(`own ${String((own += 1))}`);
    await load.started();
    const joined = [caller(), caller()];
    const others = joined.map((one) => cache.load(LISTS, one, ownLoad));
    await until(() => joined.every(({ meter }) => meter.coalesced === 1));
    gone.abort();
    load.reject(new Error('aborted'));
    expect((await first).kind).toBe('aborted');
    expect(await Promise.all(others)).toEqual(['own 1', 'own 1']);
  });

  it('let a joined caller cancel', async () => {
    const { cache, caller } = setUp();
    const gone = new AbortController();
    const load = held<string>();
    const first = cache.load(LISTS, caller(), load.load);
    const second = failureOf(cache.load(LISTS, caller({ signal: gone.signal }), never));
    gone.abort();
    expect((await second).kind).toBe('aborted');
    load.resolve('x');
    expect(await first).toBe('x');
    expect(cache.peek(LISTS)).toBe('x');
  });

  it('are not started by a caller who is already cancelled', async () => {
    const { cache, caller } = setUp();
    const call = cache.load(LISTS, caller({ signal: AbortSignal.abort() }), never);
    expect((await failureOf(call)).kind).toBe('aborted');
  });
});

describe('an invalidation', () => {
  it('hides cached values of this owner and family only', async () => {
    const { cache, caller } = setUp();
    const others: Place[] = [
      { ...LISTS, owner: 'you' },
      { ...LISTS, families: ['tags'] },
    ];
    for (const place of [LISTS, ...others]) await cache.load(place, caller(), () => Promise.resolve('x'));
    void (await cache.invalidate('me', ['lists', 'segments']));
    expect(cache.peek(LISTS)).toBeUndefined();
    for (const place of others) expect(cache.peek(place)).toBe('x');
  });

  it('keeps a load that started earlier from being stored afterwards', async () => {
    const { cache, caller } = setUp();
    const load = held<string>();
    const before = cache.load(LISTS, caller(), load.load);
    await load.started();
    void (await cache.invalidate('me', ['lists']));
    load.resolve('old');
    expect(await before).toBe('old');
    expect(cache.peek(LISTS)).toBeUndefined();
  });

  it('keeps a load that started earlier from answering a later one', async () => {
    const { cache, caller } = setUp();
    const [old, fresh] = [held<string>(), held<string>()];
    const before = cache.load(LISTS, caller(), old.load);
    await old.started();
    void (await cache.invalidate('me', ['lists']));
    const after = cache.load(LISTS, caller(), fresh.load);
    await fresh.started();
    fresh.resolve('new');
    expect(await after).toBe('new');
    old.resolve('old');
    expect(await before).toBe('old');
    expect(cache.peek(LISTS)).toBe('new');
  });

  it('lets a load that started later be shared, even when the earlier one ends first', async () => {
    const { cache, caller } = setUp();
    const [old, fresh] = [held<string>(), held<string>()];
    const before = cache.load(LISTS, caller(), old.load);
    await old.started();
    void (await cache.invalidate('me', ['lists']));
    const after = cache.load(LISTS, caller(), fresh.load);
    await fresh.started();
    old.resolve('old');
    await before;
    const late = caller();
    const joined = cache.load(LISTS, late, never);
    await until(() => late.meter.coalesced === 1);
    fresh.resolve('new');
    expect(await Promise.all([after, joined])).toEqual(['new', 'new']);
  });

  it('keeps values included in an earlier response from being stored', async () => {
    const { cache } = setUp();
    const mark = cache.mark();
    cache.remember(LISTS, 'x', mark);
    expect(cache.peek(LISTS)).toBe('x');
    void (await cache.invalidate('me', ['lists']));
    cache.remember(LISTS, 'old', mark);
    expect(cache.peek(LISTS)).toBeUndefined();
    cache.remember(LISTS, 'new', cache.mark());
    expect(cache.peek(LISTS)).toBe('new');
  });

  it('is never forgotten among very many: values are rather taken for stale', async () => {
    const { cache } = setUp();
    const mark = cache.mark();
    void (await cache.invalidate('me', ['lists']));
    for (let n = 0; n < 10_001; n += 1) void cache.invalidate(`other ${String(n)}`, ['lists']);
    cache.remember(LISTS, 'old', mark);
    expect(cache.peek(LISTS)).toBeUndefined();
    cache.remember(LISTS, 'new', cache.mark());
    expect(cache.peek(LISTS)).toBe('new');
  });
});

describe('a session with a cache', () => {
  /** Answers of writes, which wait until they are released. */
  const held: (() => void)[] = [];
  const start = (seconds = 60) =>
    startHarness(
      (response, { url, method }) => {
        if (method === 'PUT' && url.includes('l1')) held.push(() => json(response, 200, ANSWER));
        else if (url.includes('fail')) response.writeHead(400).end();
        else json(response, 200, ANSWER);
      },
      { referenceCacheSeconds: seconds },
    );

  it('caches per credentials, and nothing without any', async () => {
    const { api, session, close } = await start();
    const other = session({ credentials: bearerCredentials('token', 'other') });
    const nobody = session({ credentials: null });
    expect(await api.reference('lists', 'all', () => Promise.resolve(1))).toBe(1);
    expect(await other.reference('lists', 'all', () => Promise.resolve(2))).toBe(2);
    expect(await nobody.reference('lists', 'all', () => Promise.resolve(3))).toBe(3);
    expect(await nobody.reference('lists', 'all', () => Promise.resolve(4))).toBe(4);
    expect([session().peek('lists', 'all'), other.peek('lists', 'all'), nobody.peek('lists', 'all')]).toEqual(
      [1, 2, undefined],
    );
    await close();
  });

  it('caches partner data under the credentials of the partner', async () => {
    const { session, close } = await start();
    const partner = partnerCredentials('key', 'token');
    session({ partner }).remember('partner', 'accounts', 5);
    expect(session({ partner, credentials: null }).peek('partner', 'accounts')).toBe(5);
    expect(session().peek('partner', 'accounts')).toBeUndefined();
    await close();
  });

  it('invalidates what it writes when the request leaves, and again after the call, unless it is refused', async () => {
    const { api, session, close } = await start();
    const fill = async () => {
      for (const family of ['lists', 'tags', 'contacts', 'campaigns'] as const) {
        await api.reference(family, 'all', () => Promise.resolve(family));
      }
    };
    const kept = () =>
      (['lists', 'tags', 'contacts', 'campaigns'] as const).filter((family) => session().peek(family, 'all'));
    await fill();
    const call = api.call('putList', { path: { list_id: 'l1' }, body: {} as never });
    expect(kept()).toHaveLength(4);
    await until(() => held.length === 1);
    expect(kept()).toEqual(['tags', 'campaigns']);
    await fill();
    expect(kept()).toHaveLength(4);
    held.pop()?.();
    await call;
    expect(kept()).toEqual(['tags', 'campaigns']);
    await fill();
    await failureOf(api.call('putContact', { path: { contact_id: 'fail' }, body: {} as never }));
    // Refused, so it changed nothing.
    expect(kept()).toHaveLength(4);
    await api.call('getLists', {});
    expect(kept()).toHaveLength(4);
    const other = session({ credentials: bearerCredentials('token', 'other') });
    await other.call('putList', { path: { list_id: 'l2' }, body: {} as never });
    expect(kept()).toHaveLength(4);
    await close();
  });

  it('does not cache a read that may have started before a write', async () => {
    const { session, close } = await start();
    const reader = session();
    await session().call('createContact', { body: {} });
    reader.remember('contacts', 'total', 5);
    expect(session().peek('contacts', 'total')).toBeUndefined();
    session().remember('contacts', 'total', 6);
    expect(session().peek('contacts', 'total')).toBe(6);
    await close();
  });

  it.each([
    ['without a TTL', {}],
    ['with one', { account: 60 }],
  ])('knows the age of what was made from a read that it joined: of a family %s', async (_, cacheSeconds) => {
    const clock = manualClock();
    const answers: (() => void)[] = [];
    const { session, upstream, close } = await startHarness(
      (response) => {
        const at = clock.now();
        answers.push(() => {
          json(response, 200, { organization_name: String(at) });
        });
      },
      { clock, referenceCacheSeconds: 60, cacheSeconds },
    );
    const load = (api: Api) => api.call('getAccountById', {}).then((account) => account.organization_name);
    const first = session().call('getAccountById', {});
    await until(() => answers.length === 1);
    await clock.advance(25_000);
    const joined = session();
    const loaded = joined.reference('account', 'name', load);
    await until(() => joined.meter.coalesced === 1);
    answers[0]?.();
    await first;
    const readAt = Number(await loaded);
    expect(joined.meter.oldestAt).toBe(readAt);
    await clock.advance(34_000);
    const reader = session();
    expect(Number(await reader.reference('account', 'name', never))).toBe(readAt);
    expect(reader.meter.oldestAt).toBe(readAt);
    await clock.advance(1_000);
    const later = session().reference('account', 'name', load);
    await until(() => answers.length === 2);
    answers[1]?.();
    expect(Number(await later)).toBe(clock.now());
    expect(upstream.requests).toHaveLength(2);
    await close();
  });

  it('counts the reads that it saved', async () => {
    const { api, close } = await start();
    await api.reference('lists', 'all', () => Promise.resolve([]));
    await api.reference('lists', 'all', never);
    expect(api.peek('lists', 'all')).toEqual([]);
    expect(api.meter.cached).toBe(1);
    await close();
  });
});

describe('the memory of the cache', () => {
  it('counts two bytes per character of texts beyond Latin-1', () => {
    const bytesOf = (text: string) => heapBytes({ text: text.repeat(1_000) }, Infinity);
    expect(bytesOf('é')).toBe(bytesOf('e'));
    for (const wide of ['Ж', '語', 'Ā']) expect(bytesOf(wide)).toBe(bytesOf('e') + 1_000);
    expect(bytesOf('🌷')).toBe(bytesOf('ee') + 2_000);
  });

  it('counts what an entry takes besides its value', () => {
    const { cache } = setUp();
    const place = (at: number) => ({ ...LISTS, variant: String(at) });
    for (let at = 0; at < 170_000; at += 1) cache.remember(place(at), at, cache.mark());
    expect(cache.peek(place(0))).toBeUndefined();
    expect(cache.peek(place(169_999))).toBe(169_999);
  });
});

describe('a write', () => {
  const ids = Object.keys(operations) as OperationId[];
  const tracking = ids.filter((id) => (operations[id] as OperationFacts).rows === 'tracking_activities');
  const counted = [
    ...['getLists', 'getList'].map((id) => `${id}?include_membership_count=all`),
    ...['getTags', 'getTag'].map((id) => `${id}?include_count=true`),
  ];
  const members = 'getContacts?segment_id=1';
  const statistics = [
    'getAllBulkEmailCampaignSummaries',
    'getEmailSummary',
    'getEmailCampaignActivitySummary',
    'getCampaignActivityLinkStats',
    'getContactTracking',
    'getContactTrackingCount',
    'getContactOpenClickRate',
  ];
  const oneEmail = [
    'retrieveEmailCampaignActivityUsingGET',
    'retrieveEmailCampaignActivityPreviewUsingGET',
    'retrieveEmailCampaignABTestUsingGET',
    'retrieveResendToNonOpenersUsingGET',
    'retrieveEmailSchedulesUsingGET',
    'retrieveEmailSendHistoryUsingGET',
  ];

  /** The reads that show an object, with the parameters that matter. */
  const SHOWN_BY: Readonly<Record<string, readonly string[]>> = {
    account: [
      'getAccountById',
      'getPhysicalAddress',
      'retrieveEmailAddresses',
      'getUserPrivileges',
      'retrieveEmailCampaignActivityPreviewUsingGET',
    ],
    contact: [
      'getContacts',
      'getContact',
      'countContact',
      'getContactIdXrefs',
      'getSmsEngagementHistory',
      members,
      ...counted,
      ...tracking,
    ],
    list: ['getLists', 'getList', 'getListIdXrefs', 'getContacts', 'getContact', ...counted, members],
    tag: ['getTags', 'getTag', 'getContacts', 'getContact', ...counted, members],
    field: ['getCustomFields', 'getCustomField', 'getContacts', 'getContact', members],
    segment: ['getAccountSegments', 'getSegmentDetail', members],
    campaign: [
      'retrieveEmailCampaignsUsingGET',
      'retrieveEmailCampaignUsingGET',
      'retrieveXrefMappingsUsingGET',
      ...oneEmail,
      ...statistics,
      ...tracking,
      members,
    ],
    event: [
      'findEvents',
      'getEvent_2',
      'findRegistrationsUsingGET',
      'getRegistrationInfo',
      'retrieveEmailCampaignsUsingGET',
      'retrieveEmailCampaignUsingGET',
    ],
    social: ['getSocialProfilesUsingGET', 'getSocialConnectionsUsingGET', 'getSocialHashtagGroupsUsingGET'],
    automation: ['listAutomations', 'retrieveAutomationCampaignUsingGet', 'retrieveEmailCampaignsUsingGET'],
    partner: ['getPartnerSiteOwners', 'getPlan'],
    webhook: ['getWebhooksCollection', 'getWebhooksTopic'],
  };

  const CHANGED_BY: Readonly<Record<keyof typeof SHOWN_BY, readonly string[]>> = {
    account: ['putCustomerById', 'addPhysicalAddress', 'putPhysicalAddress', 'addAccountEmailAddress'],
    contact: [
      'createContact',
      'putContact',
      'deleteContact',
      'createOrUpdateContact',
      'resubscribeContact',
      'postContactDelete',
      'contactsCSVImport',
      'bulkImportContactsJSON',
      'postListAddContact',
      'postListRemoveContact',
      'postTagAddContact',
      'postTagRemoveContact',
    ],
    list: ['createList', 'putList', 'deleteListActivity', 'postListDelete'],
    tag: ['postTag', 'putTag', 'deleteTag', 'postTagDelete'],
    field: ['postCustomFields', 'putCustomField', 'deleteCustomField', 'postCustomFieldDelete'],
    segment: ['createSegment', 'updateSegment', 'updateSegmentName', 'deleteSegment'],
    campaign: [
      'createEmailCampaignUsingPOST',
      'renameEmailCampaignUsingPATCH',
      'removeEmailCampaignUsingDELETE',
      'updateEmailCampaignActivityUsingPUT',
      'scheduleEmailCampaignActivityUsingPOST',
      'unscheduleEmailCampaignActivityUsingDELETE',
      'createEmailCampaignABTestUsingPOST',
      'deleteEmailCampaignABTestUsingDELETE',
      'createResendToNonOpenersUsingPOST',
      'deleteResendToNonOpenersUsingDELETE',
    ],
    event: [
      'addDefaultEvent',
      'patchEvent',
      'copyEvent',
      'checkInTickets',
      'undoCheckInTickets',
      'updateRegistrationStatusUsingPUT',
      'updateRegistrationPaymentStatusUsingPUT',
    ],
    social: ['createSocialPostUsingPOST'],
    automation: ['createAutomationCampaignUsingPost', 'updateAutomationCampaignUsingPut'],
    partner: ['provision', 'setPlan', 'cancelAccount'],
    webhook: ['putWebhooksTopic', 'deleteWebhooksSubscriptions'],
  };

  /** Writes after which the API shows nothing else to the same credentials. */
  const CHANGE_NOTHING = [
    'postContactsExport',
    'testSendCampaignActivityUsingPOST',
    'testSendWebhooksTopic',
    'createSSOUser',
    'partnerAccountOperationsPostSync',
    'partnerUnsubscribeContacts',
  ];

  const readFrom = (read: string) => {
    const [id = '', query = ''] = read.split('?');
    return familiesOf(id as OperationId, `${operations[id as OperationId].path}?${query}`) ?? [];
  };

  it.each(Object.entries(CHANGED_BY))(
    'of a kind of %s invalidates all reads that show it',
    (kind, writes) => {
      for (const write of writes) {
        const invalidated = INVALIDATED_BY[operations[write as OperationId].tag];
        const old = SHOWN_BY[kind]?.filter(
          (read) => !readFrom(read).some((one) => invalidated.includes(one)),
        );
        expect(old, write).toEqual([]);
      }
    },
  );

  it('is known, as is each read', () => {
    const isRead = (id: OperationId) => operations[id].method === 'GET';
    const writes = [...Object.values(CHANGED_BY).flat(), ...CHANGE_NOTHING];
    expect(writes.sort()).toEqual(ids.filter((id) => !isRead(id)).sort());
    const reads = new Set(Object.values(SHOWN_BY).flatMap((all) => all.map((read) => read.split('?')[0])));
    expect(ids.filter((id) => isRead(id) && readFrom(id).length > 0 && !reads.has(id))).toEqual([
      // No write of the API changes them.
      'getAllBulkSmsCampaignSummaries',
    ]);
  });
});
