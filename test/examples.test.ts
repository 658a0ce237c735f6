import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type OperationId } from '../src/constant-contact/contract/operations.js';
import { buildSchema } from '../src/schema/index.js';
import { queryCostOf } from '../src/server/query-cost.js';
import { readMappings } from '../scripts/actions/actions.js';
import { startApp } from './support/app.js';
import { unselectedFields } from './support/coverage.js';
import { variablesFor } from './support/example-variables.js';
import { startFacade, type TestFacade } from './support/facade.js';
import { startStandIn, type Shape, type StandIn } from './support/stand-in.js';

const DIRECTORY = new URL('../examples/operations/', import.meta.url);
const ids = Object.keys(operations).sort() as OperationId[];
const schema = buildSchema();

/** Fields of the answer's type that this operation does not bring; another one does. */
const BROUGHT_BY_OTHERS: ReadonlySet<string> = new Set([
  'addAccountEmailAddress AccountEmail.confirmSource',
  'addAccountEmailAddress AccountEmail.confirmSourceRaw',
  'addAccountEmailAddress AccountEmail.confirmedAt',
  'addAccountEmailAddress AccountEmail.pendingRoles',
  'addAccountEmailAddress AccountEmail.pendingRolesRaw',
  'addAccountEmailAddress AccountEmail.roles',
  'addAccountEmailAddress AccountEmail.rolesRaw',
  ...['createContact', 'getContact', 'getContacts', 'putContact'].map(
    // The way back to the contact, for gateways.
    (id) => `${id} ContactEmailAddress.contact`,
  ),
  'addDefaultEvent Event.registrationSummary',
  'copyEvent Event.registrationSummary',
  'createResendToNonOpenersUsingPOST NonOpenerResend.status',
  'createResendToNonOpenersUsingPOST NonOpenerResend.statusRaw',
  // The track comes with the event.
  'findRegistrationsUsingGET EventRegistration.track',
  'getEvent_2 Event.registrationSummary',
  'getRegistrationInfo EventRegistration.isNewContact',
  'getRegistrationInfo EventRegistration.total',
  'getRegistrationInfo EventRegistration.track',
  'putCustomerById Account.companyLogo',
  'putCustomerById Account.encodedPartnerId',
  'putCustomerById Account.physicalAddress',
]);

interface Example {
  query: string;
  variables: Record<string, unknown>;
}

function read(id: OperationId): Example {
  const variables = new URL(`${id}.variables.json`, DIRECTORY);
  return {
    query: readFileSync(new URL(`${id}.graphql`, DIRECTORY), 'utf8'),
    variables: existsSync(variables)
      ? (JSON.parse(readFileSync(variables, 'utf8')) as Record<string, unknown>)
      : {},
  };
}

describe('examples/operations', () => {
  it('has one document for each operation of the contract, and no other', () => {
    const files = readdirSync(DIRECTORY);
    const documents = files
      .filter((file) => file.endsWith('.graphql'))
      .map((file) => file.replace('.graphql', ''));
    expect(documents.sort()).toEqual(ids);
    expect(files.filter((file) => !/\.(graphql|variables\.json)$/.test(file))).toEqual([]);
  });

  it.each(readMappings().map(({ operationId, field }) => ({ operationId, field })))(
    '$operationId selects every field of $field that the operation fills',
    ({ operationId, field }) => {
      const { query } = read(operationId);
      const left = unselectedFields(field, query).filter(
        (coordinate) => !BROUGHT_BY_OTHERS.has(`${operationId} ${coordinate}`),
      );
      expect(left).toEqual([]);
    },
  );

  describe('against the sandbox', () => {
    it.each(ids)('%s runs, makes its REST call, and stays within its query cost', async (id) => {
      const app = await startApp({ sandbox: { contacts: 120, campaigns: 80, activitySeconds: 0 } });
      try {
        const { query, variables } = read(id);
        const real = await variablesFor(id, variables, app);
        const { data, errors, extensions } = await app.query(query, { variables: real });
        expect(errors).toBeUndefined();
        expect(userErrors(data)).toEqual([]);
        expect(app.calls()).toContain(id);
        const { total } = queryCostOf({ schema, document: parse(query), variableValues: real });
        expect(extensions.upstream.calls).toBe(app.calls().length);
        expect(extensions.upstream.calls).toBeLessThanOrEqual(total);
        expect(app.sandbox.violations).toEqual([]);
      } finally {
        await app.close();
      }
    });
  });

  describe.each<{ shape: Shape }>([
    { shape: 'whole' },
    { shape: 'bare' },
    { shape: 'empty' },
    { shape: 'odd' },
  ])('with a server that follows the contract but has no data: $shape responses', ({ shape }) => {
    let standIn: StandIn;
    let app: TestFacade;

    beforeAll(async () => {
      standIn = await startStandIn({ shape });
      app = startFacade(standIn.url);
    });

    afterAll(async () => {
      await app.close();
      await standIn.close();
    });

    it.each(ids)('%s runs unchanged and makes its REST call', async (id) => {
      standIn.calls.length = 0;
      standIn.violations.length = 0;
      const { errors, data } = await app.query(read(id));
      expect(errors).toBeUndefined();
      expect(userErrors(data).map(({ code }: any) => code as string)).toEqual(PARTIAL[id] ?? []);
      expect(standIn.calls).toContain(id);
      expect(standIn.violations).toEqual([]);
    });
  });
});

/** Codes of user errors, where the answers of that server name objects that were left out. */
const PARTIAL: Readonly<Record<string, readonly string[]>> = { copyEvent: ['PARTLY_DONE'] };

/** Every entry of every `userErrors` in an answer. */
function userErrors(value: unknown): unknown[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === 'userErrors' ? (child as unknown[]) : userErrors(child),
  );
}
