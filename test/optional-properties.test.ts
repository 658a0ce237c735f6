import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  operations,
  type OperationFacts,
  type OperationId,
} from '../src/constant-contact/contract/operations.js';
import { at, contract, contractOperation, type Json } from '../src/sandbox/contract.js';
import type { Fault } from '../src/sandbox/faults.js';
import { startApp, type TestApp } from './support/app.js';
import { variablesFor } from './support/example-variables.js';
import { operationExample } from './support/operation-example.js';

/** Answers to reads without properties that the contract does not require. */
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 60, campaigns: 60, activitySeconds: 0 } });
});
afterAll(() => app.close());
beforeEach(() => {
  app.sandbox.reset();
  app.sandbox.faults.clear();
});

const factsOf = (id: OperationId): OperationFacts => operations[id];
const reads = (Object.keys(operations) as OperationId[]).filter(
  (id) => factsOf(id).method === 'GET' && factsOf(id).response === 'json',
);

async function run(id: OperationId, fault?: Fault) {
  const { query, variables } = operationExample(id);
  const own = await variablesFor(id, variables, app);
  if (fault) app.sandbox.faults.script({ operationId: id, fault, times: 1_000 });
  app.resetCalls();
  return app.query(query, { variables: own });
}

function resolved(schema: Json | undefined): Json {
  const reference = schema?.['$ref'];
  return typeof reference === 'string'
    ? resolved(at(contract(), reference.slice(2).split('/')))
    : (schema ?? {});
}

/** A value of a schema without its optional properties, or with `value` instead; those of the answer itself, and IDs, stay. */
function reduced(body: unknown, of: Json | undefined, value: null | undefined, isAnswer = true): unknown {
  const schema = resolved(of);
  if (Array.isArray(body))
    return body.map((item) => reduced(item, schema['items'] as Json, value, isAnswer && body === item));
  if (typeof body !== 'object' || body === null) return body;
  const required = (schema['required'] ?? []) as string[];
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, child]): [string, unknown][] => {
      const isKept = isAnswer || required.includes(name) || /(?:^|_)id$/.test(name);
      if (isKept) return [[name, reduced(child, at(schema, ['properties', name]), value, false)]];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

describe.each([
  ['leave out', undefined],
  ['have null for', null],
] as const)('rows and objects that %s every optional property', (_how, value) => {
  it.each(reads)('are an answer to %s', async (id) => {
    const schema = at(contractOperation(factsOf(id)).responses, [
      '200',
      'content',
      'application/json',
      'schema',
    ]);
    const usual = await run(id);
    const { data, errors } = await run(id, { kind: 'edit', edit: (body) => reduced(body, schema, value) });
    expect(errors).toBeUndefined();
    expect(Object.keys(data)).toEqual(Object.keys(usual.data));
    for (const [field, result] of Object.entries(usual.data))
      expect(data[field] === null, field).toBe(result === null);
  });
});

it.each<[OperationId, object, object]>([
  ['countContact', {}, { contactConsentCounts: { total: null, unsubscribed: null } }],
  ['getPlan', {}, { partnerAccount: { plan: { type: null, billingStatus: null, tiers: null } } }],
  [
    'retrieveEmailCampaignActivityPreviewUsingGET',
    {},
    { emailCampaignActivity: { preview: { subject: null, html: null } } },
  ],
  ['getCampaignActivityLinkStats', { campaign_activity_id: 'x' }, { emailCampaignActivity: { links: [] } }],
  ['getEmailSummary', { errors: [] }, { emailCampaign: { stats: null } }],
  ['getEmailCampaignActivitySummary', { errors: [] }, { emailCampaignActivity: { stats: null } }],
])('an answer to %s without any property that it may leave out has nulls', async (id, body, expected) => {
  const { data, errors } = await run(id, { kind: 'status', status: 200, body });
  expect(errors).toBeUndefined();
  expect(data).toMatchObject(expected);
  expect(app.calls().filter((call) => call === id)).toHaveLength(1);
});

it('a plan without properties is not what an update is based on', async () => {
  const { data } = await app.query('{ partnerAccounts(first: 1) { nodes { encodedAccountId } } }');
  app.sandbox.faults.script({ operationId: 'getPlan', fault: { kind: 'status', status: 200, body: {} } });
  app.resetCalls();
  const { errors } = await app.query(
    'mutation ($id: ID!) { setPartnerPlan(input: { accountId: $id, billingDayOfMonth: 3 }) { plan { type } } }',
    { variables: { id: data.partnerAccounts.nodes[0].encodedAccountId } },
  );
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_INVALID_RESPONSE']);
  expect(app.calls()).toEqual(['getPlan']);
});
