import { runCommand, type Command } from './command.js';

/**
 * A running `serve --workers`. `exited` resolves after all workers have exited, because they keep its output
 * open.
 */
export interface WorkersCommand extends Command {
  /** `http://127.0.0.1:…`, without a trailing slash. */
  readonly url: string;
  /** Process ids of all workers that ever listened. */
  readonly pids: () => number[];
  /** Uses a new connection, because connections are distributed over the workers. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  ask(query: string): Promise<any>;
  /** Sum over all labels of a metric. */
  metric(name: string): Promise<number>;
}

export async function startWorkers(count: number, env: Record<string, string>): Promise<WorkersCommand> {
  const command = runCommand(['serve', '--workers', String(count)], {
    PORT: '0',
    METRICS: 'on',
    LOG_LEVEL: 'info',
    ...env,
  });
  const [, url = ''] = await command.printed(/(http:\S+)\/graphql\s/);
  await command.printed(new RegExp(`Workers: ${String(count)} processes`));
  const pids = () =>
    [...command.output().matchAll(/"pid":(\d+),"msg":"worker listening"/g)].map(([, pid]) => Number(pid));
  // Log lines arrive slightly later than the printed output.
  await command.printed(new RegExp(`(worker listening[^]*){${String(count)}}`));
  const fetchApart: WorkersCommand['fetch'] = (path, init) =>
    fetch(url + path, { ...init, headers: { ...init?.headers, connection: 'close' } });
  return {
    ...command,
    url,
    pids,
    fetch: fetchApart,
    ask: async (query) => {
      const response = await fetchApart('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return response.json();
    },
    metric: async (name) => {
      const text = await (await fetchApart('/metrics')).text();
      const series = new RegExp(`^constant_contact_graphql_${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm');
      return [...text.matchAll(series)].reduce((sum, [, value]) => sum + Number(value), 0);
    },
  };
}
