import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMappings } from '../../scripts/actions/actions.js';
import { readActionDocument } from '../../scripts/actions/documents.js';
import { MCP_DOMAINS } from '../../src/config/variables.js';
import { operations } from '../../src/constant-contact/contract/operations.js';
import { domainOf } from '../../src/mcp/domains.js';
import { buildSchema } from '../../src/schema/index.js';
import { ACTION_INPUTS, NOT_SENT } from '../support/action-inputs/index.js';
import { startAgentServer, startStdioAgent, type Agent, type AgentServer } from '../support/agents.js';
import type { TestApp } from '../support/app.js';
import { sampleOf } from '../support/schema-sample.js';
import { namesIn, variantsOf, violationsOf, type Schema } from '../support/schema-violations.js';
import { unreached } from '../support/reached.js';
import { recordRequests } from '../support/recorded-requests.js';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';

const schema = buildSchema();
const actions = readMappings().flatMap(({ action, ...mapping }) =>
  action ? [{ ...mapping, ...readActionDocument(action.slug, schema) }] : [],
);

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false });
(formats as unknown as (instance: Ajv2020) => void)(ajv);

const recorder = recordRequests();
/** Over HTTP, and over standard input and output, to a sandbox account each. */
const servers: AgentServer[] = [];
const agents: Agent[] = [];
let tools: Map<string, Tool>;

type Hints = readonly [isReadOnly: boolean, isDestructive: boolean, isIdempotent: boolean];
const SETS: Hints = [false, true, true];
const ADDS: Hints = [false, false, true];
const CREATES: Hints = [false, false, false];
const SENDS: Hints = [false, true, false];

/** Hints by method. A POST can do anything: see `POSTS`. */
const METHODS: Readonly<Record<string, Hints>> = {
  GET: [true, false, true],
  PUT: SETS,
  PATCH: SETS,
  DELETE: SETS,
};

/** Hints of actions that are a POST, by what they do. */
const POSTS: Readonly<Record<string, Hints>> = {
  add_contact_taggings: ADDS,
  add_list_memberships: ADDS,
  copy_event: CREATES,
  create_contact: CREATES,
  create_contact_list: CREATES,
  create_contact_tag: CREATES,
  create_custom_field: CREATES,
  create_email_campaign: CREATES,
  create_event: CREATES,
  export_contacts: CREATES,
  add_account_email_address: SENDS,
  create_resend_to_non_openers: SENDS,
  create_social_post: SENDS,
  create_contact_from_sign_up_form: SETS,
  delete_contact_tags: SETS,
  delete_contacts_activity: SETS,
  delete_custom_fields: SETS,
  delete_list_activity: SETS,
  import_contacts_from_file: SETS,
  import_contacts_from_json: SETS,
  remove_contact_tagging: SETS,
  remove_contact_taggings: SETS,
  remove_list_memberships: SETS,
  undo_check_in_event_tickets: SETS,
};

/** Actions that send or publish something, besides deletions and removals. */
const RELEASES = [
  'add_account_email_address',
  'create_resend_to_non_openers',
  'create_social_post',
  'resubscribe_contact',
];

/** Codes of errors that say which argument is invalid. */
const REFUSALS = [
  'BAD_USER_INPUT',
  'INVALID',
  'INVALID_ID',
  'NOT_ALLOWED',
  'REQUIRED',
  'TOO_LONG',
  'TOO_MANY',
];

beforeAll(async () => {
  const cold = { REFERENCE_CACHE_SECONDS: '0' };
  const sandbox = { contacts: 120 };
  const [http, stdio] = await Promise.all([
    startAgentServer(cold, { sandbox, client: { dispatcher: recorder.dispatcher } }),
    startAgentServer(cold, { sandbox }),
  ]);
  const { url = '', token = '' } = stdio.facade.sandbox ?? {};
  const env = {
    ...cold,
    CONSTANT_CONTACT_API_URL: url,
    CONSTANT_CONTACT_ACCESS_TOKEN: token,
    CONSTANT_CONTACT_PARTNER_API_KEY: 'sandbox',
    CONSTANT_CONTACT_PARTNER_TOKEN: token,
  };
  servers.push(http, stdio);
  agents.push(...(await Promise.all([http.connect(), startStdioAgent([], { env })])));
  tools = new Map(((await agents[0]?.tools()) ?? []).map((tool) => [tool.name, tool]));
});
afterAll(async () => {
  await agents[1]?.close();
  await Promise.all(servers.map((server) => server.close()));
  await recorder.close();
});

/** The parts of an app that the inputs of actions use. */
function appOf({ facade, calls, resetCalls }: AgentServer): TestApp {
  const query = async (text: string, { variables = {} } = {}) => {
    const response = await facade.fetch('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: text, variables }),
    });
    return (await response.json()) as unknown;
  };
  return { sandbox: facade.sandbox, query, calls, resetCalls } as never;
}

describe('the tools', () => {
  it('are the 93 actions and three general tools', () => {
    const names = actions.map(({ name }) => name);
    expect([...tools.keys()].slice(3).sort()).toEqual([...names].sort());
    expect([...new Set(names.map(domainOf))].sort()).toEqual([...MCP_DOMAINS].sort());
  });

  it('are the same over both transports', async () => {
    expect(await agents[1]?.tools()).toEqual([...tools.values()]);
  });

  it('have annotations that follow from the REST method, or for a POST from what it does', () => {
    const posts = actions.filter(({ operationId }) => operations[operationId].method === 'POST');
    expect(posts.map(({ name }) => name).sort()).toEqual(Object.keys(POSTS).sort());
    const expected = actions.map(({ name, operationId }) => [
      name,
      POSTS[name] ?? METHODS[operations[operationId].method],
    ]);
    const hints = actions.map(({ name }) => {
      const { readOnlyHint, destructiveHint, idempotentHint } = tools.get(name)?.annotations ?? {};
      return [name, [readOnlyHint, destructiveHint, idempotentHint]];
    });
    expect(hints).toEqual(expected);
  });

  it('need confirmation where the call removes, sends or publishes something, and nowhere else', () => {
    const confirmed = [...tools.values()].filter(({ inputSchema }) =>
      inputSchema.required?.includes('confirm'),
    );
    for (const { annotations } of confirmed) expect(annotations?.destructiveHint).toBe(true);
    const names = confirmed.map(({ name }) => name).sort();
    const removals = [...tools.keys()].filter((name) => /^(delete|remove)_/.test(name));
    expect(names).toEqual([...removals, ...RELEASES].sort());
    const others = [...tools.values()].filter(
      (tool) => tool.inputSchema.properties?.['confirm'] && !confirmed.includes(tool),
    );
    expect(others.map(({ name }) => name)).toEqual([
      'create_contact',
      'create_contact_from_sign_up_form',
      'import_contacts_from_file',
      'update_contact',
      'update_custom_field',
      'update_event',
      'update_event_track_registrations',
    ]);
  });

  it.each(actions)('$name is described, with its cost, and has valid schemas', ({ name }) => {
    const tool = tools.get(name);
    expect(tool?.title).toMatch(/^[A-Z]/);
    expect(tool?.description).toMatch(/ Cost: (1 REST call|up to [\d,]+ REST calls)/);
    expect(ajv.validateSchema(tool?.inputSchema ?? {})).toBe(true);
    expect(tool?.inputSchema.additionalProperties).toBe(false);
    const properties = Object.values(tool?.inputSchema.properties ?? {}) as { default?: unknown }[];
    for (const property of properties)
      if (property.default !== undefined) expect(ajv.compile(property)(property.default)).toBe(true);
    const described = properties as { description?: string }[];
    expect(described.filter(({ description }) => !description)).toEqual([]);
  });
});

describe('input schemas', () => {
  it.each(actions)('$name accepts the arguments of its operation only', async ({ name }) => {
    const { inputSchema = { type: 'object' as const } } = tools.get(name) ?? {};
    expect(JSON.stringify(inputSchema)).not.toContain('"UNKNOWN"');
    const accepts = ajv.compile(inputSchema);
    for (const isFull of [false, true]) {
      const args = sampleOf(inputSchema, isFull) as Record<string, unknown>;
      accepts(args);
      expect(accepts.errors ?? []).toEqual([]);
      const { error } = (await agents[0]?.call(name, args)) ?? {};
      // No object has these IDs, and some texts are not addresses, but none has a wrong type.
      expect(String(error?.code)).not.toMatch(/^(INTERNAL|GRAPHQL|UPSTREAM)/);
      expect(String(error?.message)).not.toMatch(/got invalid value|Variable|\$/);
      if (error?.code === 'NOT_FOUND') expect(error.argument).toEqual(expect.any(String));
    }
  });

  it('list the enum values that the argument accepts, and mention null where it is allowed', () => {
    const of = (name: string, path: string) =>
      path
        .split('.')
        .reduce<any>((at, key) => (at.properties ?? at.items.properties)[key], tools.get(name)?.inputSchema);
    expect(of('list_activity_statuses', 'state').enum).not.toContain('INITIALIZED');
    expect(of('list_account_email_addresses', 'filter').oneOf[1].properties.role.enum).not.toContain(
      'DEFAULT_FROM',
    );
    expect(of('import_contacts_from_file', 'sms_permission_to_send').enum).toEqual(['EXPLICIT', 'NOT_SET']);
    expect(of('update_event', 'status').enum).toEqual(['DRAFT', 'ACTIVE', 'COMPLETE', 'CANCELED']);
    expect(of('update_event', 'description').anyOf[0]).toEqual({ type: 'string', maxLength: 600 });
    expect(of('list_event_track_registrations', 'sort_by').default).toBe('LAST_NAME');
    expect(of('update_segment', 'segment_criteria').anyOf[1]).toEqual({ type: 'string', maxLength: 20_000 });
    expect(of('create_custom_field', 'choices').maxItems).toBe(100);
    expect(of('create_custom_field', 'version').enum).toEqual([1, 2]);
    expect(of('create_contact', 'custom_fields').maxItems).toBe(25);
    // A contact has at most 25, and the list can clear others.
    expect(of('update_contact', 'custom_fields').anyOf[0].maxItems).toBeUndefined();
    expect(of('add_contact_taggings', 'source').oneOf[3].properties.allActiveContacts.const).toBe(true);
    expect(of('create_contact', 'email_address.permissionToSend').enum).not.toContain('DELETED');
    expect(of('list_contacts', 'lists').maxItems).toBe(25);
    expect(of('list_contacts', 'limit')).toMatchObject({ minimum: 1, maximum: 10_000 });
    expect(of('create_contact_tag', 'name')).toMatchObject({ minLength: 1, maxLength: 255 });
    expect(of('create_contact', 'phone_numbers').description).toBe(
      'All phone numbers of the contact, at most 3.',
    );
    expect(of('update_contact', 'phone_numbers').description).toContain('`null` removes all');
    expect(of('update_event', 'event_start').description).toContain('`time_zone` sets');
    expect(of('add_list_memberships', 'exclude').description).toContain('`listIds`');
    expect(of('list_activity_statuses', 'wait')).toBeUndefined();
    expect(of('get_activity_status', 'wait')).toMatchObject({ type: 'boolean' });
  });
});

describe('arguments with one change that the input schema does not accept', () => {
  it.each(actions)('are refused by $name, with the argument and no REST call', async ({ name }) => {
    const [server] = servers;
    if (!server) throw new Error('nothing was started');
    const agent = await server.connect();
    const { inputSchema = { type: 'object' as const } } = tools.get(name) ?? {};
    const accepts = ajv.compile(inputSchema);
    const inputs = (await ACTION_INPUTS[name]?.(appOf(server))) ?? [];
    const confirm = inputSchema.properties?.['confirm'] && { confirm: true };
    const isNullIgnored = !name.startsWith('update_');
    const changed = variantsOf(inputSchema as Schema, inputs).flatMap((args) =>
      violationsOf(inputSchema as Schema, { ...args, ...confirm }, isNullIgnored),
    );
    const violations = [...new Map(changed.map((one) => [one.label, one])).values()];
    const own = namesIn(inputSchema);
    server.resetCalls();
    const results = await Promise.all(
      violations.map(async ({ label, args, argument }) => {
        const { isError, error } = await agent.call(name, args);
        const problems = [error, ...(error?.others ?? [])];
        const isRefused =
          isError && REFUSALS.includes(error.code) && accepts(args) === label.startsWith('ID ');
        const isNamed = problems.some((one) => one?.argument === argument);
        const foreign = problems.flatMap((one) => camelCaseIn(one?.message)).filter((word) => !own.has(word));
        return isRefused && isNamed && foreign.length === 0 ? [] : [{ label, args, error, foreign }];
      }),
    );
    expect(results.flat()).toEqual([]);
    expect(server.calls()).toEqual([]);
  });
});

/** Names in camel case, without quoted arguments, names of the answer, and queries that run_query runs. */
const camelCaseIn = (message = '') =>
  message
    .replace(/"(?:[^"\\]|\\.)*"|`(?:pageInfo\.endCursor|upstreamMessages)`|the GraphQL query \w+/g, '')
    .match(/\b[a-z]+[A-Z]\w*/g) ?? [];

describe.each(['HTTP', 'standard input and output'])('each action over %s', (transport) => {
  const at = transport === 'HTTP' ? 0 : 1;

  it.each(actions)('$name succeeds with $calls REST calls', async (action) => {
    const { name } = action;
    const [server, agent] = [servers[at], agents[at]];
    if (!server || !agent) throw new Error('nothing was started');
    const tool = tools.get(name);
    const accepts = ajv.compile(tool?.inputSchema ?? {});
    const describes = ajv.compile(tool?.outputSchema ?? {});
    const counts = new Set<number>();
    for (const variables of (await ACTION_INPUTS[name]?.(appOf(server))) ?? []) {
      const args = {
        ...variables,
        ...(tool?.inputSchema.properties?.['confirm'] && { confirm: true }),
      };
      accepts(args);
      expect(accepts.errors ?? []).toEqual([]);
      server.resetCalls();
      recorder.requests.length = 0;
      const { isError: _, texts, ...answer } = await agent.call(name, args);
      expect(answer).toMatchObject({ successful: true, error: null });
      describes(answer);
      expect(describes.errors ?? []).toEqual([]);
      expect(JSON.parse(texts.at(-1) ?? '')).toEqual(answer);
      counts.add(server.calls().length);
      // Requests of the other program are not recorded.
      if (at === 1) continue;
      const left = unreached(variables, recorder.requests).map((value) => value.split(/[.:[]/, 1)[0]);
      const kept = Object.keys(variables).filter((variable) => NOT_SENT[`${name} ${variable}`]);
      expect(left).toEqual(kept);
    }
    const sorted = [...counts].sort((a, b) => a - b);
    expect(sorted.join('–')).toBe(action.calls);
  });
});
