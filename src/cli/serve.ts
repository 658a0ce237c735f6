import cluster from 'node:cluster';
import { readConfig, VARIABLES, type Config } from '../config.js';
import { possibleMisspellings } from '../config/variable-names.js';
import { describeRedisUrl } from '../constant-contact/redis/address.js';
import type { Registry } from '../server/metrics.js';
import { tuneV8, onSignal, parse, print, printTable, wholeNumber } from './support.js';
import { assertShareable, onPrimarySignal, reportStart, startWorkers, type Serving } from './workers.js';

/** Maximum number of workers; no machine for one facade has more cores. */
const MAX_WORKERS = 64;

/** `serve`: serves GraphQL over HTTP until a signal arrives. */
export async function serve(args: string[]): Promise<void> {
  const values = parse(args, {
    host: { type: 'string' },
    port: { type: 'string' },
    workers: { type: 'string' },
  });
  const env = {
    ...process.env,
    ...(values.host !== undefined && { HOST: values.host }),
    ...(values.port !== undefined && { PORT: String(wholeNumber('--port', values.port, 65_535)) }),
  };
  const config = readConfig(env);
  if (cluster.isPrimary) await warnOfMisspellings(env, config);
  const workers = values.workers === undefined ? 1 : wholeNumber('--workers', values.workers, MAX_WORKERS, 1);
  if (workers > 1) assertShareable(config, workers);
  if (workers > 1 && cluster.isWorker) return reportStart(() => serveAsWorker(config));
  const { url, apiUrl, login } =
    workers > 1 ? await serveInWorkers(config, workers) : await serveInProcess(config, onSignal);
  const { GRAPHQL_PATH, MCP_PATH } = await import('../server/embedding.js');
  printStart([
    [config.graphiql ? 'GraphiQL and GraphQL' : 'GraphQL', `${url}${GRAPHQL_PATH}`],
    ...(config.mcp.http ? [['Agents (MCP)', `${url}${MCP_PATH}`] as const] : []),
    ['Credentials', describe(config, apiUrl)],
    ...(workers > 1 ? [['Workers', `${String(workers)} processes`] as const] : []),
    ...describeSharing(config),
  ]);
  if (login !== null && login !== 'ready') {
    const what = login === 'ended' ? 'The login has ended' : 'No account is logged in';
    printStart([
      ['', `${what}: run \`npx constant-contact-graphql login\`. The server picks it up within a minute.`],
    ]);
  }
}

/** Prints a table on a terminal; elsewhere a line of JSON for each row, in the format of the log. */
function printStart(rows: readonly (readonly [string, string])[]): void {
  if (process.stdout.isTTY) {
    printTable(rows);
    return;
  }
  for (const [name, value] of rows) {
    const text = [name, value].filter(Boolean).join(': ');
    // The space ends the address for programs that search the output for one.
    print(JSON.stringify({ level: 30, time: Date.now(), msg: `${text} ` }));
  }
}

async function warnOfMisspellings(env: NodeJS.ProcessEnv, config: Config): Promise<void> {
  const misspellings = possibleMisspellings(env, VARIABLES);
  if (misspellings.length === 0) return;
  const { createLogger } = await import('../server/logger.js');
  const logger = createLogger(config.logLevel);
  for (const { name, nearest } of misspellings)
    logger.warn(
      { name },
      `${name} is not a variable of this program and is ignored; did you mean ${nearest}?`,
    );
}

/** @param onEnd calls the given function when the server is to close */
async function serveInProcess(
  config: Config,
  onEnd: (close: () => Promise<void>) => void,
  metrics?: Registry,
): Promise<Serving> {
  tuneV8();
  const [{ createFacade }, { flushSpans }] = await Promise.all([
    import('../facade.js'),
    import('../server/tracing.js'),
  ]);
  const facade = await createFacade({ config, ...(metrics && { metrics }) });
  onEnd(async () => {
    await facade.close();
    await flushSpans();
  });
  try {
    const login = (await facade.login())?.state ?? null;
    const { url } = await facade.listen();
    return { url, apiUrl: facade.apiUrl, login };
  } catch (error) {
    await facade.close();
    throw error;
  }
}

async function serveAsWorker(config: Config): Promise<Serving> {
  const metrics = config.metrics
    ? new (await import('../server/cluster-metrics.js')).ClusterRegistry()
    : undefined;
  return serveInProcess(config, onPrimarySignal, metrics);
}

async function serveInWorkers(config: Config, count: number): Promise<Serving> {
  const workers = startWorkers(config, count);
  onSignal(() => workers.close());
  try {
    return await workers.serving;
  } catch (error) {
    await workers.close();
    throw error;
  }
}

function describe({ mode }: Config, apiUrl: string): string {
  switch (mode) {
    case 'sandbox':
      return `none; serving an embedded sandbox account at ${apiUrl}`;
    case 'token':
      return `the token in CONSTANT_CONTACT_ACCESS_TOKEN, for ${apiUrl}`;
    case 'account':
      return `the stored login, renewed automatically, for ${apiUrl}`;
    case 'pass-through':
      return `each caller's own "Authorization: Bearer …", for ${apiUrl}`;
  }
}

function describeSharing({ redis, mode }: Config): [string, string][] {
  if (!redis) return [];
  if (mode === 'sandbox')
    return [['Redis', 'not used, because an embedded sandbox account belongs to one process']];
  return [['Redis', `${describeRedisUrl(redis.url)}, with shared budget and cache`]];
}
