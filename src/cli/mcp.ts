import { readConfig, type AccessConfig } from '../config.js';
import { onSignal, parse, UsageError } from './support.js';

/** No access keys are needed: everyone who can start this program can read its credentials anyway. */
const OPEN: AccessConfig = { keys: null, keysFile: null, jwt: null, open: true };

/** `mcp`: tools for one agent over standard input and output, until it closes them. */
export async function mcp(args: string[]): Promise<void> {
  const values = parse(args, {
    tools: { type: 'string' },
    'allow-mutations': { type: 'boolean', default: false },
  });
  if (values.tools === '') throw new UsageError('--tools needs domains, such as --tools contacts,lists');
  const config = readConfig({
    ...process.env,
    ...(values.tools !== undefined && { MCP_TOOLS: values.tools }),
    ...(values['allow-mutations'] && { MCP_ALLOW_MUTATIONS: 'on' }),
    // The configuration is parsed together with settings of the server, which have no effect here.
    MCP: 'on',
  });
  const [{ createFacade }, { createLogger }, { GRAPHQL_PATH }, { serveStdio }] = await Promise.all([
    import('../facade.js'),
    import('../server/logger.js'),
    import('../server/embedding.js'),
    import('../mcp/stdio.js'),
  ]);
  // Standard output has only protocol messages; the log goes to standard error.
  const logger = createLogger(config.logLevel);
  const facade = await createFacade({ config: { ...config, access: OPEN }, logger });
  onSignal(facade.close);
  const url = `http://localhost${GRAPHQL_PATH}`;
  await serveStdio(
    {
      schema: facade.schema,
      config: config.mcp,
      introspection: config.introspection,
      sandbox: facade.sandbox !== null,
    },
    (body, accept, signal) =>
      facade.fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body,
        signal,
      }),
    logger,
    { input: process.stdin, output: process.stdout },
  );
  await facade.close();
  process.exit(0);
}
