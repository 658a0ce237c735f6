import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CLI } from './build.js';

export interface Command {
  readonly pid: number | undefined;
  /** Output so far, of both streams. */
  output(): string;
  /** Resolves with the match once the output contains it. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves with the exit code. */
  exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Runs the command line with an environment of only these variables. */
export function runCommand(args: string[], env: Record<string, string | undefined> = {}): Command {
  return runNode([CLI, ...args], env);
}

/** Runs any TypeScript file with the `tsx` of the package in that directory. */
export function runScript(
  args: string[],
  env: Record<string, string | undefined> = {},
  cwd?: string,
): Command {
  return runNode(['--import', 'tsx', ...args], env, cwd);
}

function runNode(args: string[], env: Record<string, string | undefined>, cwd?: string): Command {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, args, {
    env: { PATH, HOME, LOG_LEVEL: 'trace', ...env },
    ...(cwd !== undefined && { cwd }),
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return {
    pid: child.pid,
    output: () => output,
    printed: async (pattern) => {
      for (;;) {
        const found = pattern.exec(output);
        if (found) return found;
        const ended = exited.then((code) => {
          throw new Error(`it ended with ${String(code)} before it printed ${String(pattern)}: ${output}`);
        });
        await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), ended]);
      }
    },
    exited,
    kill: (signal) => child.kill(signal),
  };
}
