import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult, type IConfiguration } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// By its address, because the configuration is plain JavaScript and has no types to import.
const { default: rules } = (await import(new URL('../.dependency-cruiser.mjs', import.meta.url).href)) as {
  default: IConfiguration;
};

/** Files that the imports below lead to. */
const TARGETS = [
  'cli.ts',
  'config.ts',
  'context.ts',
  'facade.ts',
  'index.ts',
  'constant-contact/clock.ts',
  'constant-contact/contract/operations.ts',
  'loaders/index.ts',
  'mcp/server.ts',
  'resolvers/contact.ts',
  'resolvers/support/page.ts',
  'sandbox/index.ts',
  'schema/builder.ts',
  'server/app.ts',
];

/** The folder of an importing file, what it contains, and the rule that refuses it. */
const REFUSED: readonly (readonly [string, string, string])[] = [
  ['mcp', "import { createFacade } from '../facade.js';", 'mcp-imports'],
  ['server', "export const mcp = await import('../mcp/server.js');", 'server-imports'],
  ['cli', "import { createServer } from '../mcp/server.js';", 'mcp-only-when-on'],
  [
    'server',
    "import { Server } from '@modelcontextprotocol/sdk/server/index.js';",
    'only-mcp-imports-@modelcontextprotocol',
  ],
  ['schema', "import { createApp } from '../server/app.js';", 'schema-imports'],
  ['resolvers', "import { builder } from '../schema/builder.js';", 'resolvers-imports'],
  ['resolvers/support', "import { builder } from '../../schema/builder.js';", 'resolvers-imports'],
  ['loaders', "import { contact } from '../resolvers/contact.js';", 'loaders-imports'],
  ['loaders', "import type { Context } from '../context.js';", 'loaders-imports'],
  ['loaders/makers', "export * from '../../resolvers/contact.js';", 'loaders-imports'],
  ['loaders', "export type Context = import('../context.js').Context;", 'loaders-imports'],
  ['context', "import { contact } from '../resolvers/contact.js';", 'context-imports'],
  ['constant-contact', "import { createLoaders } from '../loaders/index.js';", 'constant-contact-imports'],
  ['constant-contact', "import { createSandbox } from '../sandbox/index.js';", 'constant-contact-imports'],
  ['constant-contact', "import { readConfig } from '../config.js';", 'constant-contact-imports'],
  ['server', "import { createSandbox } from '../sandbox/index.js';", 'server-imports'],
  ['server', "export const sandbox = await import('../sandbox/index.js');", 'server-imports'],
  ['server', "import { createFacade } from '../index.js';", 'server-imports'],
  ['server', "import { createFacade } from '../facade.js';", 'server-imports'],
  ['server', "import { main } from '../cli.js';", 'server-imports'],
  ['sandbox', "import { systemClock } from '../constant-contact/clock.js';", 'sandbox-imports'],
  ['sandbox/routes', "import { contact } from '../../loaders/index.js';", 'sandbox-imports'],
  ['config', "import { createApp } from '../server/app.js';", 'config-imports'],
  ['resolvers', "import { createGraphQLError } from 'graphql-yoga';", 'only-server-imports-graphql-yoga'],
  [
    'schema',
    "import { renderGraphiQL } from '@graphql-yoga/render-graphiql';",
    'only-server-imports-@graphql-yoga',
  ],
  ['resolvers', "import SchemaBuilder from '@pothos/core';", 'only-schema-imports-@pothos'],
  ['resolvers', "import { GraphQLDateTime } from 'graphql-scalars';", 'only-schema-imports-graphql-scalars'],
  ['server', "import { buildSubgraphSchema } from '@apollo/subgraph';", 'only-schema-imports-@apollo'],
  ['schema', "import { useServer } from 'graphql-ws';", 'only-server-imports-graphql-ws'],
  ['schema', "import { WebSocketServer } from 'ws';", 'only-server-imports-ws'],
  ['loaders', "import { pino } from 'pino';", 'only-server-imports-pino'],
  ['loaders', "import { Counter } from 'prom-client';", 'only-server-imports-prom-client'],
  [
    'schema',
    "import { maxDepthPlugin } from '@escape.tech/graphql-armor-max-depth';",
    'only-server-imports-@escape.tech',
  ],
  ['constant-contact', "import { trace } from '@opentelemetry/api';", 'only-server-imports-@opentelemetry'],
  ['constant-contact', "import { jwtVerify } from 'jose';", 'only-server-and-cli-imports-jose'],
  ['server', "import { Redis } from 'ioredis';", 'only-constant-contact-imports-ioredis'],
  ['loaders', "import { Pool } from 'undici';", 'only-constant-contact-imports-undici'],
  ['loaders', "import type { Pool } from 'undici';", 'only-constant-contact-imports-undici'],
  [
    'loaders',
    "import { GraphQLError } from 'graphql';",
    'only-mcp-and-server-and-schema-and-resolvers-imports-graphql',
  ],
  [
    'sandbox',
    "import { parse } from 'graphql/language/parser.js';",
    'only-mcp-and-server-and-schema-and-resolvers-imports-graphql',
  ],
];

const ALLOWED: readonly (readonly [string, string])[] = [
  ['mcp', "import { createApp } from '../server/app.js';"],
  ['mcp', "import type { Config } from '../config.js';"],
  ['cli', "export const mcp = await import('../mcp/server.js');"],
  ['server', "import { systemClock } from '../constant-contact/clock.js';"],
  ['server', "import type { LogLevel } from '../config.js';"],
  ['schema', "import { contact } from '../resolvers/contact.js';"],
  ['resolvers', "import type { Context } from '../context.js';"],
  ['resolvers', "import { page } from './support/page.js';"],
  ['loaders/makers', "import type { Loaders } from '../index.js';"],
  ['sandbox/routes', "import { operations } from '../../constant-contact/contract/operations.js';"],
  ['cli', "import { createSandbox } from '../sandbox/index.js';"],
  ['cli', "import { jwtVerify } from 'jose';"],
  ['schema', "import { GraphQLError } from 'graphql';"],
  ['loaders', "import DataLoader from 'dataloader';"],
];

/** Two files that import each other, by how they do it. */
const CIRCLES: readonly (readonly [string, string, string])[] = [
  ['of values', "import { b } from './NAME-b.js';", "import { a } from './NAME-a.js';"],
  ['of types', "import type { B } from './NAME-b.js';", "import type { A } from './NAME-a.js';"],
  [
    'of a value and an inline type',
    "import { b } from './NAME-b.js';",
    "import { type A } from './NAME-a.js';",
  ],
  ['of exports', "export * from './NAME-b.js';", "export { a } from './NAME-a.js';"],
  ['of a dynamic import', "import { b } from './NAME-b.js';", "void import('./NAME-a.js');"],
];

let folder: string;
let result: ICruiseResult;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layers-'));
  symlinkSync(fileURLToPath(new URL('../node_modules', import.meta.url)), join(folder, 'node_modules'));
  for (const file of TARGETS) write(file, 'export {};\n');
  REFUSED.forEach(([directory, line], index) => write(`${directory}/refused-${String(index)}.ts`, line));
  ALLOWED.forEach(([directory, line], index) => write(`${directory}/allowed-${String(index)}.ts`, line));
  CIRCLES.forEach(([, first, second], index) => {
    const name = `circle-${String(index)}`;
    write(`loaders/${name}-a.ts`, first.replace('NAME', name));
    write(`loaders/${name}-b.ts`, second.replace('NAME', name));
  });
  const { forbidden, options } = rules;
  const { output } = await cruise(['src'], {
    ...options,
    ruleSet: { forbidden },
    validate: true,
    baseDir: folder,
  });
  result = output as ICruiseResult;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  const path = join(folder, 'src', file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Names of the rules that refuse what a file imports. */
const violations = (file: string) =>
  result.summary.violations.filter(({ from }) => from === `src/${file}`).map(({ rule }) => rule.name);

describe('imports that the rules reject', () => {
  it.each(REFUSED.map((one, index) => [...one, index] as const))(
    '%s: %s',
    (directory, _line, rule, index) => {
      expect(violations(`${directory}/refused-${String(index)}.ts`)).toEqual([rule]);
    },
  );

  it.each(CIRCLES.map(([name], index) => [name, index] as const))('a cycle %s', (_name, index) => {
    const files = ['a', 'b'].map((end) => `loaders/circle-${String(index)}-${end}.ts`);
    expect(files.flatMap(violations)).toContain('no-circles');
  });

  it('include an example for each rule', () => {
    const proven = [...REFUSED.map(([, , rule]) => rule), 'no-circles'];
    expect([...new Set(proven)].sort()).toEqual((rules.forbidden ?? []).map(({ name }) => name).sort());
  });
});

describe('imports that the rules allow', () => {
  it.each(ALLOWED.map((one, index) => [...one, index] as const))('%s: %s', (directory, _line, index) => {
    const file = `${directory}/allowed-${String(index)}.ts`;
    expect(result.modules.find(({ source }) => source === `src/${file}`)?.dependencies).toHaveLength(1);
    expect(violations(file)).toEqual([]);
  });
});
