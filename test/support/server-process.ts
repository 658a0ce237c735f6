import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface ServerProcess {
  /** `http://127.0.0.1:…`, without a trailing slash. */
  readonly url: string;
  output(): string;
  /** Sends SIGTERM. @returns the exit code */
  stop(): Promise<number | null>;
}

const running = new Set<ChildProcess>();

/** For `afterEach`: kills servers that a failed test left running. */
export function killServers(): void {
  for (const child of running) child.kill('SIGKILL');
}

/**
 * Starts a server on a free port, with a minimal environment.
 *
 * @param port matches the port in its output
 */
export async function startServer(
  command: string,
  args: readonly string[],
  { cwd, env, port }: { cwd: string; env?: Record<string, string>; port: RegExp },
): Promise<ServerProcess> {
  const { PATH, HOME } = process.env;
  const child = spawn(command, args, {
    cwd,
    env: { PATH, HOME, PORT: '0', LOG_LEVEL: 'warn', NEXT_TELEMETRY_DISABLED: '1', ...env },
  });
  running.add(child);
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  for (;;) {
    const found = port.exec(output)?.[1];
    if (found) {
      return {
        url: `http://127.0.0.1:${found}`,
        output: () => output,
        stop: () => {
          child.kill('SIGTERM');
          return exited;
        },
      };
    }
    const ended = exited.then((code) => {
      throw new Error(`it ended with ${String(code)}: ${output}`);
    });
    await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), ended]);
  }
}
