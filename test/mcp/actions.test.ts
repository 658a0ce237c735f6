import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMappings } from '../../scripts/actions/actions.js';
import { readActionDocument } from '../../scripts/actions/documents.js';
import { MCP_DOMAINS } from '../../src/config/variables.js';
import { domainOf } from '../../src/mcp/domains.js';
import { buildSchema } from '../../src/schema/index.js';
import { ACTION_INPUTS, NOT_SENT } from '../support/action-inputs/index.js';
import { startAgentServer, type Agent, type AgentServer } from '../support/agents.js';
import type { TestApp } from '../support/app.js';
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
let server: AgentServer;
let agent: Agent;
let tools: Map<string, Tool>;
let app: TestApp;
beforeAll(async () => {
  server = await startAgentServer(
    { REFERENCE_CACHE_SECONDS: '0' },
    {
      sandbox: { contacts: 120 },
      client: { dispatcher: recorder.dispatcher },
    },
  );
  agent = await server.connect();
  tools = new Map((await agent.tools()).map((tool) => [tool.name, tool]));
  const { facade } = server;
  const query = async (text: string, { variables = {} } = {}) => {
    const response = await facade.fetch('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: text, variables }),
    });
    return (await response.json()) as unknown;
  };
  app = { sandbox: facade.sandbox, query, calls: server.calls, resetCalls: server.resetCalls } as never;
});
afterAll(async () => {
  await server.close();
  await recorder.close();
});

describe('the tools', () => {
  it('are the 93 actions in domains, beside three general ones', () => {
    const names = actions.map(({ name }) => name);
    expect([...tools.keys()].slice(3).sort()).toEqual([...names].sort());
    expect([...new Set(names.map(domainOf))].sort()).toEqual([...MCP_DOMAINS].sort());
  });

  it('say truly what they do', () => {
    const hints = (name: string) => tools.get(name)?.annotations;
    for (const { name, operation } of actions) {
      expect(hints(name)?.readOnlyHint).toBe(operation.operation === 'query');
      if (/^(delete|remove)_/.test(name)) expect(hints(name)?.destructiveHint).toBe(true);
      if (/^(get|list|count|update|rename)_/.test(name))
        expect(hints(name)).toMatchObject({ idempotentHint: true, destructiveHint: false });
      if (/^(create|import|export|copy)_/.test(name)) expect(hints(name)?.idempotentHint).toBe(false);
    }
    const destructive = [...tools.values()].filter(({ annotations }) => annotations?.destructiveHint);
    expect(destructive.map(({ name }) => name).filter((name) => !/^(delete|remove)_/.test(name))).toEqual([
      'create_resend_to_non_openers',
      'create_social_post',
      'resubscribe_contact',
    ]);
    for (const { name, inputSchema } of destructive)
      expect([name, inputSchema.required]).toEqual([name, expect.arrayContaining(['confirm'])]);
  });

  it.each(actions)('$name is described, with its cost, and has valid schemas', ({ name }) => {
    const tool = tools.get(name);
    expect(tool?.title).toMatch(/^[A-Z]/);
    expect(tool?.description).toMatch(/ Cost: (1 REST call|at most [\d,]+ REST calls)/);
    expect(ajv.validateSchema(tool?.inputSchema ?? {})).toBe(true);
    expect(tool?.inputSchema.additionalProperties).toBe(false);
    const described = Object.values(tool?.inputSchema.properties ?? {}) as { description?: string }[];
    expect(described.filter(({ description }) => !description)).toEqual([]);
  });
});

describe('each action', () => {
  it.each(actions)('$name succeeds, sends each argument, and makes $calls REST calls', async (action) => {
    const { name } = action;
    const tool = tools.get(name);
    const accepts = ajv.compile(tool?.inputSchema ?? {});
    const describes = ajv.compile(tool?.outputSchema ?? {});
    const counts = new Set<number>();
    for (const variables of (await ACTION_INPUTS[name]?.(app)) ?? []) {
      const args = { ...variables, ...(tool?.annotations?.destructiveHint && { confirm: true }) };
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
      const left = unreached(variables, recorder.requests).map((value) => value.split(/[.:[]/, 1)[0]);
      expect(left).toEqual(Object.keys(variables).filter((variable) => NOT_SENT[`${name} ${variable}`]));
    }
    const sorted = [...counts].sort((a, b) => a - b);
    expect(sorted.join('–')).toBe(action.calls);
  });
});
