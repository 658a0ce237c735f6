import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  operations,
  type OperationFacts,
  type OperationId,
} from '../../src/constant-contact/contract/operations.js';
import { at, contract, type Json } from '../../src/sandbox/contract.js';
import { startApp, type TestApp } from '../support/app.js';
import { variablesFor } from '../support/example-variables.js';
import { operationExample } from '../support/operation-example.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 60, campaigns: 60 } });
});
afterAll(() => app.close());

/** Properties that are never made from an argument: those that an update carries back as they were read. */
const NOT_GIVEN = new Set([
  'patchEvent campaign_id',
  ...['', '.event_requires_payments', '.item_configured', '.online_payment_configured']
    .concat(['.payment_configured', '.promo_code_configured', '.ticket_configured'])
    .map((path) => `patchEvent event_settings${path}`),
  'updateAutomationCampaignUsingPut automation_flow',
]);
const MADE_BY_THE_API = /create_time|last_update_time|status_labels|default_track\.items/;
/** Depth to which nested properties are tested: below are definitions of automations, which the facade treats as JSON. */
const DEEPEST = 4;

function resolved(schema: Json): Json {
  const { $ref } = schema;
  return typeof $ref === 'string' ? (at(contract(), $ref.split('/').slice(1)) ?? {}) : schema;
}

/** Paths of the properties of a body, such as `custom_fields[0].value`. */
function* propertiesOf(schema: Json, path = '', depth = 0): Generator<string> {
  const {
    properties = {},
    items,
    allOf = [],
  } = resolved(schema) as {
    properties?: Record<string, Json>;
    items?: Json;
    allOf?: Json[];
  };
  if (depth > DEEPEST) return;
  for (const part of allOf) yield* propertiesOf(part, path, depth);
  if (items) yield* propertiesOf(items, `${path}[0]`, depth);
  for (const [name, property] of Object.entries(properties)) {
    if (property['readOnly'] === true || !/^\w+$/.test(name)) continue;
    const inner = path === '' ? name : `${path}.${name}`;
    yield inner;
    yield* propertiesOf(property, inner, depth + 1);
  }
}

function namesOf(id: OperationId): string[] {
  const { path, method, pathParams, queryParams }: OperationFacts = operations[id];
  const content = at(contract(), ['paths', path, method.toLowerCase(), 'requestBody', 'content']) ?? {};
  const bodies = Object.values(content as Record<string, { schema: Json }>);
  const names = [...pathParams, ...queryParams, ...bodies.flatMap(({ schema }) => [...propertiesOf(schema)])];
  return names.filter((name) => !MADE_BY_THE_API.test(name) && !NOT_GIVEN.has(`${id} ${name}`));
}

const writes = (Object.keys(operations) as OperationId[]).filter((id) => operations[id].method !== 'GET');

it.each(writes)('each property named in a rejection of %s maps to an argument', async (id) => {
  const { query, variables } = operationExample(id);
  const document = query.replace(/userErrors \{[^}]*\}/, 'userErrors { field upstreamMessages }');
  const names = namesOf(id);
  app.sandbox.reset();
  const values = await variablesFor(id, variables, app);
  const fields = new Map<string, string[]>();
  // A response has at most five messages.
  for (let from = 0; from < names.length; from += 5) {
    const body = names.slice(from, from + 5).map((name) => ({ error_message: `${name} has a bad value` }));
    app.sandbox.faults.script({ operationId: id, fault: { kind: 'status', status: 400, body } });
    const { data } = await app.query(document, { variables: values });
    const [{ userErrors }] = Object.values(data) as [
      { userErrors: { field: string[]; upstreamMessages: string[] }[] },
    ];
    for (const { field, upstreamMessages } of userErrors)
      for (const message of upstreamMessages) fields.set(message.replace(' has a bad value', ''), field);
  }
  expect([...fields.keys()].sort()).toEqual([...new Set(names)].sort());
  expect(names.filter((name) => (fields.get(name) ?? []).length < 2)).toEqual([]);
});
