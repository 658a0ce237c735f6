import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OperationId } from '../src/constant-contact/contract/operations.js';
import type { Fault } from '../src/sandbox/faults.js';
import { expectNoViolations, startApp, type Answer, type TestApp } from './support/app.js';
import { manualClock, settle, type ManualClock } from './support/clock.js';
import { until } from './support/upstream.js';

/** One longest wait and one longest attempt: no call takes longer, whatever happens to it. */
const LONGEST_MS = 60_000;

let app: TestApp;
let clock: ManualClock;

beforeEach(async () => {
  clock = manualClock();
  app = await startApp({ sandbox: { contacts: 60 }, client: { clock, random: () => 0 } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

/** The clock advances while the query is in flight, within a limit. */
async function run(document: string, variables: Record<string, unknown> = {}): Promise<Answer> {
  const began = clock.now();
  const answer = await clock.run(app.query(document, { variables }));
  expect(clock.now() - began).toBeLessThan(LONGEST_MS);
  return answer;
}

const contacts = () => app.sandbox.account().contacts;
const jobs = () => app.sandbox.account().jobs.list(Date.now()).length;
const someone = () => contacts().find((row) => row.deleted_at === null && row.email !== null)!;
const fail = (operationId: OperationId, fault: Fault, times = 99) => {
  app.sandbox.faults.script({ operationId, fault, times });
};
const codes = ({ errors }: Answer) => errors?.map((error) => error.extensions.code as string);

const KEYED = { error_key: 'unauthorized', error_message: 'Somebody@example.org is not allowed' };

/** Error code, attempts of a read, attempts of a write, and number of writes that are carried out before they fail. */
const FAULTS: [string, Fault, { code: string; reads: number; writes: number; done?: true }][] = [
  [
    'connection reset before the answer',
    { kind: 'reset' },
    { code: 'UPSTREAM_UNAVAILABLE', reads: 4, writes: 1 },
  ],
  [
    'connection reset in the middle of the answer',
    { kind: 'resetBody' },
    { code: 'UPSTREAM_UNAVAILABLE', reads: 4, writes: 1, done: true },
  ],
  ['502 with HTML', { kind: 'html', status: 502 }, { code: 'UPSTREAM_UNAVAILABLE', reads: 4, writes: 1 }],
  ['500 with nothing', { kind: 'empty', status: 500 }, { code: 'UPSTREAM_UNAVAILABLE', reads: 4, writes: 1 }],
  [
    '503',
    { kind: 'status', status: 503, body: [KEYED] },
    { code: 'UPSTREAM_UNAVAILABLE', reads: 4, writes: 1 },
  ],
  [
    'JSON that stops half-way',
    { kind: 'truncate' },
    { code: 'UPSTREAM_INVALID_RESPONSE', reads: 1, writes: 1, done: true },
  ],
  [
    'HTML in place of JSON',
    { kind: 'html', status: 200 },
    { code: 'UPSTREAM_INVALID_RESPONSE', reads: 1, writes: 1 },
  ],
  ['401 with nothing', { kind: 'empty', status: 401 }, { code: 'UNAUTHENTICATED', reads: 1, writes: 1 }],
  ['403', { kind: 'status', status: 403, body: KEYED }, { code: 'FORBIDDEN', reads: 1, writes: 1 }],
  // Rejected before it was processed, so a write is retried as well.
  ['429, throttled', { kind: 'throttled' }, { code: 'RATE_LIMITED', reads: 6, writes: 6 }],
  ['429, the day is spent', { kind: 'quotaExceeded' }, { code: 'QUOTA_EXHAUSTED', reads: 1, writes: 1 }],
];

describe.each(FAULTS)('%s', (_, fault, { code, reads, writes, done }) => {
  const carriedOut = done ? 1 : 0;
  const isRefused = ['RATE_LIMITED', 'QUOTA_EXHAUSTED'].includes(code);
  /** A success whose body says nothing: the write counts as done, and is never an error that invites to send it again. */
  const isUnread = code === 'UPSTREAM_INVALID_RESPONSE';
  const expectWrite = ({ data, errors }: Answer, mutation: string) => {
    if (isUnread) {
      expect(errors).toBeUndefined();
      expect(data[mutation].userErrors).toEqual([{ code: 'DONE_UNREAD' }]);
      return;
    }
    expect(data).toEqual({ [mutation]: null });
    expect(errors?.map((error) => error.extensions.code as string)).toEqual([code]);
    // A retryable write was not carried out, so a client may send it again.
    expect(errors?.[0].extensions.retryable).toBe(isRefused);
  };

  it('fails a read', async () => {
    fail('getContact', fault);
    const answer = await run(`query ($id: ID!) { contact(id: $id) { firstName } }`, {
      id: someone().contact_id,
    });
    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({ contact: null });
    expect(answer.errors).toEqual([
      expect.objectContaining({
        path: ['contact'],
        extensions: expect.objectContaining({
          code,
          retryable: isRefused || code === 'UPSTREAM_UNAVAILABLE',
        }),
      }),
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/Somebody|127\.0\.0\.1|sandbox/);
    expect(app.calls()).toHaveLength(reads);
    expect(answer.extensions.upstream).toMatchObject({ calls: reads, retries: reads - 1 });
  });

  it('fails a page of a collection', async () => {
    fail('getLists', fault);
    const answer = await run(`{ contactLists { nodes { name } } rateLimit { usedToday } }`);
    expect(codes(answer)).toEqual([code]);
    expect(answer.data).toMatchObject({ contactLists: null, rateLimit: {} });
  });

  it('fails createContact, or reports it as done but unread, and never carries it out twice', async () => {
    const before = contacts().size;
    fail('createContact', fault);
    const answer = await run(
      `mutation { createContact(input: { firstName: "Ada" }) { contact { id } userErrors { code } } }`,
    );
    expectWrite(answer, 'createContact');
    expect(app.calls()).toEqual(Array(writes).fill('createContact'));
    expect(contacts().size).toBe(before + carriedOut);
  });

  it('fails the start of a job in the same way', async () => {
    const before = jobs();
    fail('postListAddContact', fault);
    const [list] = [...app.sandbox.account().lists];
    const answer = await run(
      `mutation ($contact: ID!, $list: ID!) {
        addListMemberships(input: { source: { contactIds: [$contact] }, listIds: [$list] }) { bulkActivity { id } userErrors { code } }
      }`,
      { contact: someone().contact_id, list: list!.list_id },
    );
    expectWrite(answer, 'addListMemberships');
    expect(app.calls()).toEqual(Array(writes).fill('postListAddContact'));
    expect(jobs()).toBe(before + carriedOut);
  });

  it('fails an update after its read, and leaves the contact unchanged or fully changed', async () => {
    const { contact_id, job_title } = structuredClone(someone());
    fail('putContact', fault);
    const answer = await run(
      `mutation ($id: ID!) { updateContact(input: { id: $id, jobTitle: "Gardener" }) { contact { id } userErrors { code } } }`,
      { id: contact_id },
    );
    expectWrite(answer, 'updateContact');
    // The pauses are 1, 2, 4, 8 and 8 seconds. What was read more than two seconds ago is read again.
    const tries = Array.from({ length: writes }, (_, at) =>
      at === 1 ? ['putContact'] : ['getContact', 'putContact'],
    );
    expect(app.calls()).toEqual([...tries.flat(), ...(isUnread ? ['getContact'] : [])]);
    expect(contacts().get(contact_id)?.job_title).toBe(done ? 'Gardener' : job_title);
  });
});

describe('an API that does not answer', () => {
  const ATTEMPT_MS = 600;
  beforeEach(async () => {
    await app.close();
    const client = { clock, attemptTimeoutMs: ATTEMPT_MS, maxWaitMs: 150 };
    app = await startApp({ sandbox: { contacts: 60 }, client });
  });

  it.each<[OperationId, string]>([
    ['getContact', `{ contact(id: "06a100de-19b6-4266-874b-afff00ff6b01") { firstName } }`],
    ['createContact', `mutation { createContact(input: { firstName: "Ada" }) { contact { id } } }`],
    ['createList', `mutation { createContactList(input: { name: "New" }) { contactList { id } } }`],
  ])('is waited for as long as one attempt may take: %s', async (operationId, document) => {
    fail(operationId, { kind: 'stall' });
    const asked = app.query(document);
    await until(() => app.calls().length === 1);
    await clock.advance(ATTEMPT_MS);
    // From here on the clock stands still: nothing else is waited for.
    const answer = await asked;
    expect(codes(answer)).toEqual(['UPSTREAM_TIMEOUT']);
    expect(Object.values(answer.data)).toEqual([null]);
    expect(app.calls()).toEqual([operationId]);
  });
});

describe('a temporary failure', () => {
  it.each(FAULTS.filter(([, , { reads }]) => reads > 1))(
    'is hidden from a read: %s',
    async (_, fault, { writes }) => {
      fail('getContact', fault, 1);
      const { contact_id, first_name } = someone();
      const answer = await run(`{ contact(id: "${contact_id}") { firstName } }`);
      expect(answer.errors).toBeUndefined();
      expect(answer.data.contact.firstName).toBe(first_name);
      expect(answer.extensions.upstream).toMatchObject({
        calls: 2,
        retries: 1,
        waitedMs: writes > 1 ? 1_000 : 500,
      });
    },
  );

  it('is hidden from a throttled write, which is carried out once', async () => {
    fail('createContact', { kind: 'throttled' }, 2);
    const before = contacts().size;
    const answer = await run(
      `mutation { createContact(input: { firstName: "Ada" }) { contact { firstName } userErrors { code } } }`,
    );
    expect(answer.data.createContact).toEqual({ contact: { firstName: 'Ada' }, userErrors: [] });
    expect(app.sandbox.journal.entries.map((entry) => entry.status)).toEqual([429, 429, 201]);
    expect(contacts().size).toBe(before + 1);
  });

  it('is retried for two concurrent sign-ups; a repeated conflict is not an input error', async () => {
    const { list_id } = app.sandbox.account().lists.find((list) => list.deleted_at === null)!;
    const signUp = `mutation { createContactFromSignUpForm(input: { emailAddress: "a@example.org", listIds: ["${list_id}"] }) { action } }`;
    const met = { kind: 'status', status: 409, body: [KEYED] } as const;
    fail('createOrUpdateContact', met, 2);
    expect((await run(signUp)).data.createContactFromSignUpForm).toEqual({ action: 'CREATED' });
    fail('createOrUpdateContact', met);
    const answer = await run(signUp);
    expect(answer.data).toEqual({ createContactFromSignUpForm: null });
    expect(codes(answer)).toEqual(['CONFLICT']);
  });
});

describe('a partial failure', () => {
  it('of a query fails that part only', async () => {
    fail('getTags', { kind: 'empty', status: 500 });
    const { data, errors } = await run(
      `{ contacts(first: 20) { nodes { firstName lists { name } tags { name } } } tags { nodes { name } } contactConsentCounts { total } }`,
    );
    const { nodes } = data.contacts;
    expect(nodes).toHaveLength(20);
    expect(nodes.some((node: any) => node.lists.length > 0)).toBe(true);
    expect(nodes.every((node: any) => node.tags === null || node.tags.length === 0)).toBe(true);
    expect(data.contactConsentCounts.total).toBe(60);
    expect(errors?.every((error) => error.extensions.code === 'UPSTREAM_UNAVAILABLE')).toBe(true);
    expect(errors?.map((error) => error.path)).toContainEqual(['tags']);
    expect(errors?.length).toBe(1 + nodes.filter((node: any) => node.tags === null).length);
    // All twenty contacts share one read of the tags, tried four times, and the connection shares it.
    expect(app.sandbox.journal.count('getTags')).toBe(4);
  });

  it('of several contacts by id fails those only', async () => {
    const [a, b] = [...contacts()];
    app.sandbox.faults.script({
      operationId: 'getContact',
      fault: { kind: 'status', status: 403, body: KEYED },
    });
    const { data, errors } = await run(
      `query ($a: ID!, $b: ID!) { a: contact(id: $a) { contactId } b: contact(id: $b) { contactId } }`,
      { a: a!.contact_id, b: b!.contact_id },
    );
    expect(errors).toHaveLength(1);
    expect([data.a, data.b].filter(Boolean)).toHaveLength(1);
  });

  it('of a document with several mutations still returns the results of the others', async () => {
    app.sandbox.faults.script({
      operationId: 'createContact',
      after: 1,
      fault: { kind: 'empty', status: 500 },
    });
    const before = contacts().size;
    const { data, errors } = await run(
      `mutation {
        a: createContact(input: { firstName: "Ada" }) { contact { firstName } }
        b: createContact(input: { firstName: "Bob" }) { contact { firstName } }
        c: createContact(input: { firstName: "Cyd" }) { contact { firstName } }
      }`,
    );
    expect(data).toEqual({
      a: { contact: { firstName: 'Ada' } },
      b: null,
      c: { contact: { firstName: 'Cyd' } },
    });
    expect(errors?.map((error) => error.path)).toEqual([['b']]);
    expect(contacts().size).toBe(before + 2);
  });

  it('of the read after a write does not hide that the write was carried out', async () => {
    const { list_id } = app.sandbox.account().lists.find((list) => list.deleted_at === null)!;
    fail('getContact', { kind: 'empty', status: 500 });
    const { data, errors } = await run(
      `mutation { createContactFromSignUpForm(input: { emailAddress: "a@example.org", listIds: ["${list_id}"] }) {
        action contactId contact { firstName } userErrors { code }
      } }`,
    );
    expect(data.createContactFromSignUpForm).toEqual({
      action: 'CREATED',
      contactId: expect.any(String),
      contact: null,
      userErrors: [],
    });
    expect(errors?.map((error) => error.path)).toEqual([['createContactFromSignUpForm', 'contact']]);
  });
});

describe('a segment that is being computed', () => {
  const members = () => {
    const { segment_id } = app.sandbox.account().segments.find((one) => one.name === 'Donors and Members')!;
    return `{ contacts(first: 5, filter: { segmentId: "${String(segment_id)}" }) { nodes { contactId } } }`;
  };

  it('is requested again with growing pauses', async () => {
    fail('getContacts', { kind: 'notReady' }, 3);
    const began = clock.now();
    const answer = await run(members());
    expect(answer.errors).toBeUndefined();
    expect(answer.data.contacts.nodes.length).toBeGreaterThan(0);
    // Three scripted ones, then the sandbox's own.
    expect(app.sandbox.journal.entries.map((entry) => entry.status)).toEqual([202, 202, 202, 202, 200]);
    expect(clock.now() - began).toBe(250 + 500 + 1_000 + 2_000);
    expect(answer.extensions.upstream).toMatchObject({ calls: 5, waitedMs: 3_750 });
  });

  it('fails after about fifteen seconds', async () => {
    fail('getContacts', { kind: 'notReady' });
    const began = clock.now();
    const answer = await run(members());
    expect(answer.data).toEqual({ contacts: null });
    expect(answer.errors?.[0].extensions).toMatchObject({ code: 'UPSTREAM_NOT_READY', retryable: true });
    expect(clock.now() - began).toBe(15_750);
    expect(app.calls()).toHaveLength(7);
  });

  it('is not requested again after the client disconnected', async () => {
    fail('getContacts', { kind: 'notReady' });
    const client = new AbortController();
    const answer = app.query(members(), { signal: client.signal }).catch(() => undefined);
    while (app.sandbox.journal.entries[0]?.status !== 202) await new Promise(setImmediate);
    // Time for the answer to arrive, so that it is the pause that is broken off.
    await settle();
    client.abort();
    await answer;
    await clock.advance(20_000);
    expect(app.calls()).toEqual(['getContacts']);
  });
});
