import { fileURLToPath } from 'node:url';
import { ESLint, type Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

// By its address, because the configuration is plain JavaScript and has no types to import.
const config = new URL('../eslint.config.js', import.meta.url).href;
const { layers } = (await import(config)) as { layers: Linter.Config };
const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: layers });

/** What the layer rules say about a file below src/ with this one line. */
async function complaints(file: string, line: string): Promise<string[]> {
  const filePath = fileURLToPath(new URL(`../src/${file}`, import.meta.url));
  const [result] = await eslint.lintText(line, { filePath });
  return (result?.messages ?? []).map(({ message }) => message);
}

describe('imports that the layer rules refuse', () => {
  it.each([
    ['schema/contact.ts', "import { createApp } from '../server/app.js';"],
    ['resolvers/contact.ts', "import { builder } from '../schema/builder.js';"],
    ['resolvers/support/page.ts', "import { builder } from '../../schema/builder.js';"],
    ['loaders/contact.ts', "import { contact } from '../resolvers/contact.js';"],
    ['loaders/contact.ts', "import type { Context } from '../context.js';"],
    ['loaders/makers/scan.ts', "export * from '../../resolvers/contact.js';"],
    ['context.ts', "import { contact } from './resolvers/contact.js';"],
    ['constant-contact/api.ts', "import { createLoaders } from '../loaders/index.js';"],
    ['constant-contact/api.ts', "import { createSandbox } from '../sandbox/index.js';"],
    ['constant-contact/api.ts', "import { readConfig } from '../config.js';"],
    ['server/app.ts', "import { createSandbox } from '../sandbox/index.js';"],
    ['server/app.ts', "const sandbox = await import('../sandbox/index.js');"],
    ['server/app.ts', "import { createFacade } from '../index.js';"],
    ['sandbox/index.ts', "import { systemClock } from '../constant-contact/clock.js';"],
    ['sandbox/routes/contact.ts', "import { contact } from '../../loaders/contact.js';"],
    ['config.ts', "import { createApp } from './server/app.js';"],
    ['resolvers/contact.ts', "import { createGraphQLError } from 'graphql-yoga';"],
    ['resolvers/contact.ts', "import SchemaBuilder from '@pothos/core';"],
    ['loaders/contact.ts', "import { Pool } from 'undici';"],
    ['loaders/contact.ts', "import { GraphQLError } from 'graphql';"],
    ['sandbox/index.ts', "import { parse } from 'graphql/language/parser.js';"],
  ])('%s: %s', async (file, line) => {
    expect(await complaints(file, line)).toHaveLength(1);
  });
});

describe('imports that the layer rules allow', () => {
  it.each([
    ['server/app.ts', "import { systemClock } from '../constant-contact/clock.js';"],
    ['server/logger.ts', "import type { LogLevel } from '../config.js';"],
    ['schema/contact.ts', "import { contact } from '../resolvers/contact.js';"],
    ['resolvers/contact.ts', "import type { Context } from '../context.js';"],
    ['resolvers/contact.ts', "import { page } from './support/page.js';"],
    ['loaders/makers/scan.ts', "import type { Loaders } from '../index.js';"],
    [
      'sandbox/routes/contact.ts',
      "import { operations } from '../../constant-contact/contract/operations.js';",
    ],
    ['index.ts', "export { createSandbox } from './sandbox/index.js';"],
    ['loaders/contact.ts', "import DataLoader from 'dataloader';"],
  ])('%s: %s', async (file, line) => {
    expect(await complaints(file, line)).toEqual([]);
  });
});
