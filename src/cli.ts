#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ConfigError, readConfig, type Config } from './config.js';

const HELP = `constant-contact-graphql: a GraphQL API over the Constant Contact V3 REST API

Usage
  constant-contact-graphql [serve]   [--host HOST] [--port PORT]
  constant-contact-graphql sandbox   [--port PORT] [--contacts N] [--seed N] [--no-limits]
  constant-contact-graphql schema
  constant-contact-graphql --help | --version

Commands
  serve     Serve GraphQL, with GraphiQL for browsers. Without credentials it serves an embedded sandbox account.
  sandbox   Run only the sandbox account, as a REST API on the loopback interface.
  schema    Print the GraphQL schema.

Options of serve
  --host HOST     Address to listen on (HOST, default 127.0.0.1)
  --port PORT     Port to listen on, 0 for any free one (PORT, default 4000)

Options of sandbox
  --port PORT     Port to listen on, 0 for any free one (default 4010)
  --contacts N    How many contacts the account has (default 1000)
  --seed N        Another number makes another account; the same number the same one
  --no-limits     Answer as fast as asked, without the API's limits per second and per day

Environment
  CONSTANT_CONTACT_ACCESS_TOKEN          Access token to use for callers that send none
  CONSTANT_CONTACT_API_URL               Base URL of the REST API (default https://api.cc.email/v3). Set without a
                                         token, every caller must send its own: "Authorization: Bearer <token>"
  CONSTANT_CONTACT_PARTNER_API_KEY       Key and token for the fields about partner accounts
  CONSTANT_CONTACT_PARTNER_TOKEN
  CONSTANT_CONTACT_REQUESTS_PER_SECOND   Limit of the API key (default 4; 0 for none)
  CONSTANT_CONTACT_REQUESTS_PER_DAY      Limit of the API key (default 10000; 0 for none)
  REFERENCE_CACHE_SECONDS                How long lists, tags and the like are reused (default 60; 0 for never)
  HOST, PORT                             Where to listen (default 127.0.0.1 and 4000)
  ALLOWED_ORIGINS                        Web origins whose pages may call the server, separated by commas
  LOG_LEVEL                              trace, debug, info, warn, error, fatal or silent (default info)
`;

/** The command line was wrong; the message says how. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<void>>> = { serve, sandbox, schema };

async function main(argv: string[]): Promise<void> {
  if (argv.includes('--help') || argv.includes('-h')) return print(HELP);
  if (argv.includes('--version')) return print(`${version()}\n`);
  const [first, ...rest] = argv;
  if (first === undefined || first.startsWith('-')) return serve(argv);
  const command = COMMANDS[first];
  if (!command)
    throw new UsageError(`"${first}" is not a command; there are ${Object.keys(COMMANDS).join(', ')}`);
  return command(rest);
}

async function serve(args: string[]): Promise<void> {
  const values = parse(args, { host: { type: 'string' }, port: { type: 'string' } });
  const config = readConfig({
    ...process.env,
    ...(values.host !== undefined && { HOST: values.host }),
    ...(values.port !== undefined && { PORT: values.port }),
  });
  const { createFacade, GRAPHQL_PATH } = await import('./index.js');
  const facade = await createFacade({ config });
  onSignal(() => facade.close());
  const { url } = await facade.listen().catch(async (error: unknown) => {
    await facade.close();
    throw error;
  });
  print(`GraphiQL and GraphQL   ${url}${GRAPHQL_PATH}\n`);
  print(`Credentials            ${describe(config, facade.apiUrl)}\n`);
}

function describe({ mode }: Config, apiUrl: string): string {
  switch (mode) {
    case 'sandbox':
      return `none: an embedded sandbox account answers at ${apiUrl}`;
    case 'token':
      return `the token in CONSTANT_CONTACT_ACCESS_TOKEN, for ${apiUrl}`;
    case 'pass-through':
      return `each caller's own "Authorization: Bearer …", for ${apiUrl}`;
  }
}

async function sandbox(args: string[]): Promise<void> {
  const values = parse(args, {
    port: { type: 'string', default: '4010' },
    contacts: { type: 'string' },
    seed: { type: 'string' },
    'no-limits': { type: 'boolean', default: false },
  });
  const options = {
    validate: false,
    port: wholeNumber('--port', values.port, 65_535),
    ...(values.contacts !== undefined && { contacts: wholeNumber('--contacts', values.contacts, 1_000_000) }),
    ...(values.seed !== undefined && { seed: wholeNumber('--seed', values.seed, 2 ** 31 - 1) }),
    ...(values['no-limits'] && { requestsPerSecond: 0, requestsPerDay: 0 }),
  };
  const { createSandbox } = await import('./sandbox/index.js');
  const running = await createSandbox(options);
  onSignal(() => running.close());
  print(`Sandbox account   ${running.url}\n`);
  print(`Access token      ${running.token}\n`);
}

async function schema(args: string[]): Promise<void> {
  parse(args, {});
  const { buildSchema, printSdl } = await import('./index.js');
  print(printSdl(buildSchema()));
}

function parse<const T extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function wholeNumber(option: string, text: string, maximum: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value <= maximum) return value;
  throw new UsageError(`${option} must be a whole number from 0 to ${maximum}`);
}

/** The first signal shuts down in good order; a second one, from somebody who will not wait, at once. */
function onSignal(close: () => Promise<void>): void {
  let begun = false;
  const shutDown = () => {
    if (begun) process.exit(1);
    begun = true;
    close().then(() => process.exit(0), fail);
  };
  process.on('SIGINT', shutDown).on('SIGTERM', shutDown);
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function print(text: string): void {
  process.stdout.write(text);
}

function fail(error: unknown): never {
  if (error instanceof ConfigError)
    process.stderr.write(`The configuration cannot be used.\n${error.message}\n`);
  else if (error instanceof UsageError) process.stderr.write(`${error.message}\nSee --help.\n`);
  else if (isAddressError(error))
    process.stderr.write(`Cannot listen: ${error.message}\nSet another PORT.\n`);
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

function isAddressError(error: unknown): error is NodeJS.ErrnoException {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL';
}

main(process.argv.slice(2)).catch(fail);
