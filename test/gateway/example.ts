import { fileURLToPath } from 'node:url';
import { runScript, type Command } from '../support/command.js';

export const EXAMPLE = fileURLToPath(new URL('../../examples/supergraph', import.meta.url));

/** Requests of the example's gateway to the facade. */
export const KEY = 'key-of-the-gateway';

export interface Example {
  /** Runs one of the example's programs on a port of its own, and gives the address that it prints. */
  run(script: string, env?: Record<string, string>): Promise<string>;
  /** Ends all of them. */
  stop(): Promise<void>;
}

/** The example's programs, each as its README starts it. */
export function supergraphExample(): Example {
  const running: Command[] = [];
  return {
    run: async (script, env = {}) => {
      const command = runScript([script], { PORT: '0', FACADE_KEY: KEY, ...env }, EXAMPLE);
      running.push(command);
      const [, url = ''] = await command.printed(/(?:Gateway|Serving).*: (http\S+)\n/);
      return url;
    },
    stop: async () => {
      for (const command of running) command.kill('SIGTERM');
      await Promise.all(running.map(({ exited }) => exited));
    },
  };
}
