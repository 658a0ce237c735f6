import { createConstantContact } from '../../src/constant-contact/client.js';
import type { OperationId } from '../../src/constant-contact/contract/operations.js';
import { bearerCredentials, partnerCredentials } from '../../src/constant-contact/auth/credentials.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { buildSchema } from '../../src/schema/index.js';
import { createApp } from '../../src/server/app.js';
import { silentLogger } from '../../src/server/logger.js';
import { credentialSource } from '../../src/server/plugins/credentials.js';
import { CASES, CLOCK, type Calls, type Case } from './cases.js';

export interface Run {
  calls: Calls;
  total: number;
  data: unknown;
  errors: unknown;
}

export interface Measured {
  one: Case;
  variables: Readonly<Record<string, unknown>>;
  cold: Run;
  /** Second run of the same query on the same facade. Null for a mutation. */
  warm: Run | null;
}

/**
 * Runs all cases. Each write has an account of its own, so that it cannot change the records of other cases.
 */
export async function measureAll(): Promise<Measured[]> {
  const open = () => createSandbox({ requestsPerSecond: 0, requestsPerDay: 0, clock: CLOCK });
  const shared = await open();
  const results: Measured[] = [];
  for (const one of CASES) {
    const sandbox = isWrite(one) ? await open() : shared;
    results.push(await measure(sandbox, one));
    if (sandbox.violations.length > 0) throw new Error(JSON.stringify(sandbox.violations));
    if (sandbox !== shared) await sandbox.close();
  }
  await shared.close();
  return results;
}

function isWrite({ query }: Case): boolean {
  return query.startsWith('mutation');
}

/** Runs a case over HTTP on a new facade, then once more. */
async function measure(sandbox: Sandbox, one: Case): Promise<Measured> {
  const { query } = one;
  const variables = one.variables?.(sandbox.account()) ?? {};
  const client = createConstantContact({ baseUrl: sandbox.url, requestsPerSecond: 0, requestsPerDay: 0 });
  const app = createApp({
    schema: buildSchema(),
    client,
    credentials: credentialSource(
      bearerCredentials('sandbox', sandbox.token),
      partnerCredentials('sandbox', sandbox.token),
    ),
    apiHost: new URL(sandbox.url).host,
    logger: silentLogger(),
  });
  const body = JSON.stringify({ query, variables });
  const run = async (): Promise<Run> => {
    sandbox.journal.clear();
    const answer = await app.fetch('http://facade.bench/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const { data, errors } = (await answer.json()) as Pick<Run, 'data' | 'errors'>;
    const calls = tally(sandbox.journal.operations());
    return { data, errors, calls, total: total(calls) };
  };
  try {
    const cold = await run();
    return { one, variables, cold, warm: isWrite(one) ? null : await run() };
  } finally {
    await app.close();
    await client.close();
  }
}

/** The floor of the second run: reference data is cached. */
export function warmFloor({ floor, reference = [], warmFloor: other }: Case): Calls {
  if (other) return other;
  return Object.fromEntries(Object.entries(floor).filter(([id]) => !reference.includes(id as OperationId)));
}

export function total(calls: Calls): number {
  return Object.values(calls).reduce((sum, count) => sum + count, 0);
}

function tally(operations: readonly OperationId[]): Calls {
  const calls: Calls = {};
  for (const id of operations) calls[id] = (calls[id] ?? 0) + 1;
  return calls;
}
