import { readConfig, type AccessConfig } from '../config.js';
import { onSignal, parse } from './support.js';

/** Whoever can start this program has its credentials: keys are for callers over a network. */
const OPEN: AccessConfig = { keys: null, keysFile: null, jwt: null, open: true };

/** `mcp`: tools for one agent over standard input and output, until it closes them. */
export async function mcp(args: string[]): Promise<void> {
  const values = parse(args, {
    tools: { type: 'string' },
    'allow-mutations': { type: 'boolean', default: false },
  });
  const config = readConfig({
    ...process.env,
    ...(values.tools !== undefined && { MCP_TOOLS: values.tools }),
    ...(values['allow-mutations'] && { MCP_ALLOW_MUTATIONS: 'on' }),
    // It is read along with what only the server reads: of that nothing applies here.
    MCP: 'on',
  });
  const [{ createFacade }, { createLogger }, { GRAPHQL_PATH }, { serveStdio }] = await Promise.all([
    import('../facade.js'),
    import('../server/logger.js'),
    import('../server/embedding.js'),
    import('../mcp/stdio.js'),
  ]);
  // Standard output carries the protocol alone; the log goes to standard error.
  const logger = createLogger(config.logLevel);
  const facade = await createFacade({ config: { ...config, access: OPEN }, logger });
  onSignal(facade.close);
  const url = `http://localhost${GRAPHQL_PATH}`;
  await serveStdio(
    { schema: facade.schema, config: config.mcp, introspection: config.introspection },
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
