#!/usr/bin/env node
import { describeFailure } from './cli/failure.js';
import { HELP, helpOf } from './cli/help.js';
import { UsageError } from './cli/support.js';
import { didYouMean } from './config/suggestion.js';
import { readRelease } from './server/release.js';

type Command = (args: string[]) => Promise<void>;

/** Commands are loaded on demand: printing the version needs no schema, and serving needs no browser. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./cli/serve.js')).serve,
  sandbox: async () => (await import('./cli/sandbox.js')).sandbox,
  mcp: async () => (await import('./cli/mcp.js')).mcp,
  login: async () => (await import('./cli/login.js')).login,
  logout: async () => (await import('./cli/logout.js')).logout,
  whoami: async () => (await import('./cli/whoami.js')).whoami,
  doctor: async () => (await import('./cli/doctor.js')).doctor,
  key: async () => (await import('./cli/key.js')).key,
  schema: async () => (await import('./cli/schema.js')).schema,
};

async function main(argv: string[]): Promise<void> {
  const [first, ...rest] = argv;
  if (argv.includes('--help') || argv.includes('-h')) {
    return print(first !== undefined && Object.hasOwn(COMMANDS, first) ? helpOf(first) : HELP);
  }
  if (argv.includes('--version')) return print(`${readRelease().version}\n`);
  const bare = first === undefined || first.startsWith('-');
  const name = bare ? 'serve' : first;
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    const known = Object.keys(COMMANDS);
    throw new UsageError(
      `"${name}" is not a command${didYouMean(name, known) || `. The commands are ${known.join(', ')}.`}`,
    );
  }
  const command = await load();
  return command(bare ? argv : rest);
}

function print(text: string): void {
  process.stdout.write(text);
}

function fail(error: unknown): never {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}

// The reader of the output, such as `head`, may close it before everything is written.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

main(process.argv.slice(2)).catch(fail);
