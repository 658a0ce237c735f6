import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ElicitRequestSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { readConfig } from '../../src/config.js';
import type { OperationId } from '../../src/constant-contact/contract/operations.js';
import { createFacade, type Facade, type FacadeOptions } from '../../src/facade.js';
import { silentLogger } from '../../src/server/logger.js';
import { CLI } from './build.js';

export interface ToolAnswer {
  data: any;
  error: any;
  successful: boolean;
  isError: boolean;
  texts: string[];
}

export interface Agent {
  client: Client;
  /** Reads all pages. */
  tools(): Promise<Tool[]>;
  call(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<ToolAnswer>;
  close(): Promise<void>;
}

type CallOptions = Parameters<Client['callTool']>[2];

export interface AgentServer {
  facade: Facade;
  url: string;
  /** REST operations that the sandbox received, in order. */
  calls(): OperationId[];
  resetCalls(): void;
  connect(headers?: Record<string, string>): Promise<Agent>;
  close(): Promise<void>;
}

const UNLIMITED = {
  CONSTANT_CONTACT_REQUESTS_PER_SECOND: '0',
  CONSTANT_CONTACT_REQUESTS_PER_DAY: '0',
};
const SANDBOX = { ...UNLIMITED, SANDBOX: 'on' };

/** The whole program with agents enabled, on a socket, in front of a sandbox account. */
export async function startAgentServer(
  env: Record<string, string> = {},
  options: FacadeOptions = {},
): Promise<AgentServer> {
  const config = readConfig({ MCP: 'on', PORT: '0', ...SANDBOX, ...env });
  const facade = await createFacade({ config, logger: silentLogger(), ...options });
  const { url } = await facade.listen();
  const agents: Agent[] = [];
  const journal = () => {
    if (!facade.sandbox) throw new Error('there is no sandbox');
    return facade.sandbox.journal;
  };
  return {
    facade,
    url,
    calls: () => journal().operations(),
    resetCalls: () => journal().clear(),
    connect: async (headers = {}) => {
      const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
        requestInit: { headers },
      });
      const agent = await connected(new Client({ name: 'test', version: '1' }), transport);
      agents.push(agent);
      return agent;
    },
    close: async () => {
      await Promise.all(agents.map((agent) => agent.close()));
      await facade.close();
    },
  };
}

export interface StdioOptions {
  env?: Record<string, string>;
  /** The person's answer, if the client supports elicitation. */
  person?: (question: string) => { action: 'accept' | 'decline' | 'cancel'; content?: { confirm: boolean } };
}

/** An agent that starts the compiled program over stdio. */
export async function startStdioAgent(
  args: string[] = [],
  { env, person }: StdioOptions = {},
): Promise<Agent> {
  const { PATH = '', HOME = '' } = process.env;
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [CLI, 'mcp', ...args],
    env: {
      PATH,
      HOME,
      LOG_LEVEL: 'silent',
      ...(env?.CONSTANT_CONTACT_API_URL ? UNLIMITED : SANDBOX),
      ...env,
    },
  });
  const capabilities = person ? { elicitation: {} } : {};
  const client = new Client({ name: 'test', version: '1' }, { capabilities });
  if (person) client.setRequestHandler(ElicitRequestSchema, ({ params }) => person(params.message));
  return connected(client, transport);
}

export async function connected(client: Client, transport: Transport): Promise<Agent> {
  await client.connect(transport);
  return {
    client,
    tools: async () => {
      const all: Tool[] = [];
      let cursor: string | undefined;
      do {
        const { tools, nextCursor } = await client.listTools(cursor === undefined ? {} : { cursor });
        all.push(...tools);
        cursor = nextCursor;
      } while (cursor !== undefined);
      return all;
    },
    call: async (name, args = {}, options = {}) => {
      const result = await client.callTool({ name, arguments: args }, undefined, options);
      const texts = (result.content as { text: string }[]).map(({ text }) => text);
      const answer = result.structuredContent as Omit<ToolAnswer, 'isError' | 'texts'>;
      return { ...answer, isError: result.isError === true, texts };
    },
    close: () => client.close(),
  };
}
