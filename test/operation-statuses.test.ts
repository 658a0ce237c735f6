import { existsSync, readFileSync } from 'node:fs';
import { Kind, OperationTypeNode, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../src/constant-contact/clock.js';
import {
  operations,
  type OperationFacts,
  type OperationId,
} from '../src/constant-contact/contract/operations.js';
import { startFacade, type TestFacade } from './support/facade.js';
import { startStandIn, type StandIn } from './support/stand-in.js';

const DIRECTORY = new URL('../examples/operations/', import.meta.url);
const ids = Object.keys(operations).sort() as OperationId[];

/** Error codes of a status in a query and in a mutation, where errors that the user can correct are user errors. */
const CODES: Readonly<Record<number, { query: string | null; mutation: string; user: boolean }>> = {
  400: { query: 'BAD_USER_INPUT', mutation: 'REJECTED', user: true },
  401: { query: 'UNAUTHENTICATED', mutation: 'UNAUTHENTICATED', user: false },
  403: { query: 'FORBIDDEN', mutation: 'FORBIDDEN', user: false },
  404: { query: 'NOT_FOUND', mutation: 'NOT_FOUND', user: true },
  405: { query: 'FORBIDDEN', mutation: 'FORBIDDEN', user: false },
  406: { query: 'NOT_FOUND', mutation: 'NOT_FOUND', user: true },
  409: { query: 'CONFLICT', mutation: 'ALREADY_EXISTS', user: true },
  415: { query: 'BAD_USER_INPUT', mutation: 'REJECTED', user: true },
  429: { query: 'RATE_LIMITED', mutation: 'RATE_LIMITED', user: false },
  500: { query: 'UPSTREAM_UNAVAILABLE', mutation: 'UPSTREAM_UNAVAILABLE', user: false },
  503: { query: 'UPSTREAM_UNAVAILABLE', mutation: 'UPSTREAM_UNAVAILABLE', user: false },
};

/** Operations whose failure is reported differently, by operation and status. */
const EXCEPTIONS: Readonly<Record<string, string | null>> = {
  // The API queues the account nevertheless, so the request is accepted.
  'provision 503': 'PARTLY_DONE',
  // It conflicts with an earlier request to the same person: the API asks once only.
  'resubscribeContact 409': 'NOT_ALLOWED',
  // The content of the file is the user's.
  'contactsCSVImport 415': 'REJECTED',
  // A sent email cannot be recalled.
  'deleteEmailCampaignABTestUsingDELETE 409': 'NOT_ALLOWED',
  'deleteResendToNonOpenersUsingDELETE 409': 'NOT_ALLOWED',
  // An activity that cannot have a test has none.
  'retrieveEmailCampaignABTestUsingGET 409': null,
};

interface Problem {
  code: string;
}

describe('every documented status of every operation', () => {
  let standIn: StandIn;
  let facade: TestFacade;

  beforeAll(async () => {
    standIn = await startStandIn();
    // Waits before a retry take no time here, they are tested with the client.
    const clock: Clock = { ...systemClock, sleep: () => Promise.resolve() };
    facade = startFacade(standIn.url, { clock });
  });

  afterAll(async () => {
    await facade.close();
    await standIn.close();
  });

  async function run(id: OperationId, status: number) {
    const query = readFileSync(new URL(`${id}.graphql`, DIRECTORY), 'utf8');
    const file = new URL(`${id}.variables.json`, DIRECTORY);
    const variables = existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)
      : {};
    standIn.calls.length = 0;
    standIn.answerWith({ id, status });
    const { data, errors } = await facade.query({ query, variables });
    standIn.answerWith(null);
    expect(standIn.calls).toContain(id);
    const [definition] = parse(query).definitions;
    return {
      isMutation:
        definition?.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.MUTATION,
      errors: (errors ?? []).map((error) => (error as { extensions: Problem }).extensions.code),
      userErrors: userErrors(data).map(({ code }) => code),
    };
  }

  const failures = ids.flatMap((id) =>
    (operations[id] as OperationFacts).errors.map((status) => ({ id, status })),
  );
  it.each(failures)('$id $status', async ({ id, status }) => {
    const { isMutation, errors, userErrors } = await run(id, status);
    const expected = CODES[status];
    if (!expected) throw new Error(`no expectation for ${String(status)}`);
    const problems = new Set([...errors, ...userErrors]);
    const exception = EXCEPTIONS[`${id} ${String(status)}`];
    if (exception !== undefined) {
      expect([...problems]).toEqual(exception === null ? [] : [exception]);
    } else if (!isMutation && expected.query === 'NOT_FOUND') {
      // Not found by id is null; a collection below something that does not exist says so.
      expect([...problems].filter((code) => code !== 'NOT_FOUND')).toEqual([]);
    } else if (isMutation) {
      // A mutation that reads before it writes, or reads again for its answer, may tell the read's failure.
      expect(
        problems.has(expected.mutation) || problems.has(expected.query ?? ''),
        [...problems].join(),
      ).toBe(true);
    } else {
      expect([...problems]).toEqual([expected.query]);
    }
  });

  const successes = ids.flatMap((id) =>
    (operations[id] as OperationFacts).success.map((status) => ({ id, status })),
  );
  // 202 of a segment's members means "not ready" and is tested with them.
  it.each(successes.filter(({ id, status }) => !(id === 'getContacts' && status === 202)))(
    '$id $status',
    async ({ id, status }) => {
      const { errors } = await run(id, status);
      expect(errors).toEqual([]);
    },
  );
});

function userErrors(value: unknown): Problem[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === 'userErrors' ? (child as Problem[]) : userErrors(child),
  );
}
