import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Governor } from '../../src/constant-contact/budget/governor.js';
import { LocalGovernor } from '../../src/constant-contact/budget/local-governor.js';
import type { AttemptReport } from '../../src/constant-contact/client.js';
import {
  operations,
  type OperationFacts,
  type OperationId,
} from '../../src/constant-contact/contract/operations.js';
import type { Fault } from '../../src/sandbox/faults.js';
import { startApp, type Answer, type TestApp } from '../support/app.js';
import { manualClock, type ManualClock } from '../support/clock.js';
import { variablesFor } from '../support/example-variables.js';
import { operationExample } from '../support/operation-example.js';

/** One of each kind; `FAULT_MATRIX=all` takes every operation of the contract, which takes minutes. */
const KINDS: readonly OperationId[] = [
  'getContact', // by id
  'getLists', // a page of reference data
  'getContacts', // a page
  'getOpens', // a page of a report
  'getContactsExport', // a CSV file
  'createContact',
  'createOrUpdateContact',
  'putList',
  'renameEmailCampaignUsingPATCH',
  'deleteContact',
  'deleteTag', // answers with a job
  'bulkImportContactsJSON',
  'contactsCSVImport', // multipart
  'getPartnerSiteOwners',
  'setPlan', // a partner's write
];
const ids = process.env['FAULT_MATRIX'] === 'all' ? (Object.keys(operations).sort() as OperationId[]) : KINDS;

interface Expected {
  code: string;
  /** Number of attempts, for a read and for a write. */
  reads: number;
  writes: number;
}

const DENIED = { error_key: 'unauthorized', error_message: 'Somebody@example.org is not allowed' };

const FAULTS: readonly [string, Fault, Expected][] = [
  ['a reset before the headers', { kind: 'reset' }, { code: 'UPSTREAM_UNAVAILABLE', reads: 4, writes: 1 }],
  ['a reset in the body', { kind: 'resetBody' }, { code: 'UPSTREAM_UNAVAILABLE', reads: 4, writes: 1 }],
  ['cut JSON', { kind: 'truncate' }, { code: 'UPSTREAM_INVALID_RESPONSE', reads: 1, writes: 1 }],
  [
    '200 with HTML',
    { kind: 'html', status: 200 },
    { code: 'UPSTREAM_INVALID_RESPONSE', reads: 1, writes: 1 },
  ],
  ['502 with HTML', { kind: 'html', status: 502 }, { code: 'UPSTREAM_UNAVAILABLE', reads: 4, writes: 1 }],
  ['401 with nothing', { kind: 'empty', status: 401 }, { code: 'UNAUTHENTICATED', reads: 1, writes: 1 }],
  ['403', { kind: 'status', status: 403, body: [DENIED] }, { code: 'FORBIDDEN', reads: 1, writes: 1 }],
  // Rejected before it was processed: documented by the API as safe to retry.
  ['429, throttled', { kind: 'throttled' }, { code: 'RATE_LIMITED', reads: 6, writes: 6 }],
  ['429, the day is spent', { kind: 'quotaExceeded' }, { code: 'QUOTA_EXHAUSTED', reads: 1, writes: 1 }],
  ['500', { kind: 'empty', status: 500 }, { code: 'UPSTREAM_UNAVAILABLE', reads: 4, writes: 1 }],
  [
    '503',
    { kind: 'status', status: 503, body: [DENIED] },
    { code: 'UPSTREAM_UNAVAILABLE', reads: 4, writes: 1 },
  ],
];

const STALL: Fault = { kind: 'stall' };
const DAY_MS = 86_400_000;
/** One longest wait and one longest attempt. */
const LONGEST_MS = 60_000;

/** Combinations of operation and fault that do not fail. */
const NO_FAILURES: ReadonlySet<string> = new Set([
  // The API queues the account anyway, so the payload reports partial success.
  'provision 503',
  // They answer with nothing, which cannot be cut.
  'updateRegistrationPaymentStatusUsingPUT cut JSON',
  'updateRegistrationStatusUsingPUT cut JSON',
]);

let app: TestApp;
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => unhandled.push(reason);

beforeAll(() => process.on('unhandledRejection', onUnhandled));
afterAll(() => process.off('unhandledRejection', onUnhandled));
beforeEach(() => {
  app.sandbox.reset();
});
afterEach(async () => {
  await new Promise(setImmediate);
  expect(unhandled).toEqual([]);
  expect(app.sandbox.violations).toEqual([]);
});

const isRead = (id: OperationId) => (operations[id] as OperationFacts).method === 'GET';
const started = (client: object) =>
  startApp({ sandbox: { contacts: 120, campaigns: 80, activitySeconds: 0 }, client });

/** Runs the operation's example with every one of its REST calls failing; other operations succeed. */
async function fail(id: OperationId, fault: Fault): Promise<() => Promise<Answer>> {
  const { query, variables } = operationExample(id);
  const own = await variablesFor(id, variables, app);
  app.sandbox.faults.script({ operationId: id, fault, times: 1_000 });
  return () => app.query(query, { variables: own });
}

function expectFailure(id: OperationId, fault: Fault, answer: Answer, { code, reads, writes }: Expected) {
  expect(answer.status).toBe(200);
  // Where no body is promised, a web page of a gateway may mean that the write was not carried out.
  const isUnread = code === 'UPSTREAM_INVALID_RESPONSE' && !isRead(id) && operations[id].response !== 'none';
  if (isUnread) {
    const [{ userErrors = [] } = {}] = Object.values(answer.data).filter(Boolean) as any[];
    expect(userErrors).toEqual([expect.objectContaining({ code: 'DONE_UNREAD' })]);
  } else expect([...new Set(answer.errors?.map((error) => error.extensions.code as string))]).toEqual([code]);
  expect(JSON.stringify(answer)).not.toMatch(/Somebody|127\.0\.0\.1|sandbox/);
  const sent = app.sandbox.journal.count(id);
  // The fields of an export share its file once the download has started.
  const isShared = id === 'getContactsExport' && fault.kind === 'resetBody';
  const failures = isShared ? 1 : (answer.errors?.length ?? 0);
  if (isRead(id)) expect(sent).toBe(reads * failures);
  else expect(sent).toBe(writes);
}

describe.each(ids)('%s', (id) => {
  let clock: ManualClock;
  beforeAll(async () => {
    clock = manualClock();
    app = await started({ clock, random: () => 0 });
    return () => app.close();
  });
  // Yesterday's spent day says nothing about today.
  beforeEach(() => clock.advance(DAY_MS));

  // Where no JSON comes, none can be cut.
  const { response } = operations[id];
  const possible = FAULTS.filter(
    ([name, { kind }]) => (kind !== 'truncate' || response === 'json') && !NO_FAILURES.has(`${id} ${name}`),
  );

  it.each(possible)('after %s', async (_, fault, expected) => {
    const run = await fail(id, fault);
    const began = clock.now();
    const answer = await clock.run(run());
    expect(clock.now() - began).toBeLessThan(LONGEST_MS);
    expectFailure(id, fault, answer, expected);
  });
});

describe('an API that stops answering', () => {
  const ATTEMPT_MS = 400;
  const clock = manualClock();
  let governor: Governor;
  let ended = 0;
  let timedOut = 0;
  beforeAll(async () => {
    governor = new LocalGovernor({ perSecond: 0, perDay: 0, clock });
    const onAttempt = ({ error }: AttemptReport) => {
      ended += 1;
      if (error === 'timeout') timedOut += 1;
    };
    app = await started({ clock, governor, onAttempt, attemptTimeoutMs: ATTEMPT_MS, maxWaitMs: 100 });
    return () => app.close();
  });

  /** Lets time pass only while nothing is in flight but unanswered calls of this operation. */
  async function runOut(id: OperationId, asked: Promise<Answer>): Promise<Answer> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    asked.then(end, end);
    const before = timedOut;
    while (!isOver) {
      await new Promise(setImmediate);
      const unanswered = app.sandbox.journal.count(id) - (timedOut - before);
      const inFlight = governor.status().usedToday - ended;
      if (unanswered > 0 && inFlight === unanswered) await clock.advance(ATTEMPT_MS);
    }
    return asked;
  }

  // A success between the faults keeps the circuit breaker closed.
  beforeEach(async () => {
    expect((await app.query('{ account { website } }')).errors).toBeUndefined();
    app.resetCalls();
  });

  it.each(ids)('fails %s within the time limit', async (id) => {
    const run = await fail(id, STALL);
    const began = clock.now();
    const answer = await runOut(id, run());
    expect(clock.now() - began).toBeLessThan(3_000);
    expectFailure(id, STALL, answer, { code: 'UPSTREAM_TIMEOUT', reads: 1, writes: 1 });
  });
});

describe('a file that is streamed', () => {
  let clock: ManualClock;
  beforeAll(async () => {
    clock = manualClock();
    app = await started({ clock, random: () => 0 });
    return () => app.close();
  });
  beforeEach(() => clock.advance(DAY_MS));

  const STATUS: Readonly<Record<string, number>> = {
    UPSTREAM_UNAVAILABLE: 503,
    UPSTREAM_INVALID_RESPONSE: 502,
    UNAUTHENTICATED: 401,
    FORBIDDEN: 403,
    RATE_LIMITED: 429,
    QUOTA_EXHAUSTED: 429,
  };

  it.each(FAULTS.filter(([, { kind }]) => kind !== 'resetBody' && kind !== 'truncate'))(
    'does not start after %s',
    async (_, fault, { code }) => {
      const { variables } = operationExample('getContactsExport');
      const { fileExportId } = await variablesFor('getContactsExport', variables, app);
      app.sandbox.faults.script({ operationId: 'getContactsExport', fault, times: 1_000 });
      const response = await clock.run(app.fetch(`/exports/${String(fileExportId)}.csv`));
      expect(response.status).toBe(STATUS[code]);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
    },
  );

  it('breaks off, rather than appear complete, when the connection does', async () => {
    const { variables } = operationExample('getContactsExport');
    const { fileExportId } = await variablesFor('getContactsExport', variables, app);
    app.sandbox.faults.script({ operationId: 'getContactsExport', fault: { kind: 'resetBody' } });
    const response = await clock.run(app.fetch(`/exports/${String(fileExportId)}.csv`));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect(app.sandbox.journal.count('getContactsExport')).toBe(1);
  });
});
