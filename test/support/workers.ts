import { runCommand, type Command } from './command.js';

/** A running `serve --workers`. Its `exited` resolves when the workers have ended, too: they hold its output open. */
export interface WorkersCommand extends Command {
  /** `http://127.0.0.1:…`, without a slash at its end. */
  readonly url: string;
  /** Process ids of all workers that ever listened. */
  readonly pids: () => number[];
  /** On a connection of its own, so that the workers take turns. */
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
  // The log comes a little later than what is printed.
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
