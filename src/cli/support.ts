import { parseArgs, type ParseArgsConfig } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { didYouMean } from '../config/suggestion.js';

/** Invalid command line, with the reason. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The server could not start. The message gives the reason to the person who started it. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: false }>
>['values'];

/** An example of a value for each option that takes one. */
const EXAMPLES: Readonly<Record<string, string>> = {
  host: '127.0.0.1',
  port: '4001',
  workers: '2',
  tools: 'contacts,lists',
  contacts: '1000',
  seed: '7',
  scopes: '"contact_data campaign_data"',
  output: 'schema.graphql',
};

/** @throws UsageError for an option that the command does not have, and for one without its value */
export function parse<const T extends Options>(args: string[], options: T): Values<T> {
  const given = joinNegatives(args, options);
  const repeated = Object.keys(options).find(
    (name) => given.filter((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`)).length > 1,
  );
  // The last one would silently replace the others.
  if (repeated !== undefined) throw new UsageError(`--${repeated} is given more than once`);
  try {
    return parseArgs({ args: given, options, allowPositionals: false }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
      throw new UsageError(describeValueError(given, options) ?? message);
    if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
      throw new UsageError(message.split(/[.\n]/, 1)[0] ?? message);
    const known = Object.keys(options).map((name) => `--${name}`);
    const unknown = args.map((arg) => arg.split('=')[0] ?? '').find((arg) => isUnknown(arg, known)) ?? '';
    throw new UsageError(`${unknown} is not an option of this command${didYouMean(unknown, known)}`);
  }
}

/** Joins a negative number to its option. Node would refuse it as ambiguous, but the range of the option explains more. */
function joinNegatives(args: readonly string[], options: Options): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const option = joined.at(-1) ?? '';
    const isNegative = /^-\d/.test(arg) && options[option.replace(/^--/, '')]?.type === 'string';
    if (isNegative) joined.splice(-1, 1, `${option}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}

/** Reason why an option has no value, or has one that it does not take. */
function describeValueError(args: string[], options: Options): string | undefined {
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, value, inlineValue } = token;
    const takesValue = options[name]?.type === 'string';
    if (!takesValue && value !== undefined) return `--${name} takes no value`;
    if (takesValue && (value === undefined || (!inlineValue && value.startsWith('-'))))
      return `--${name} needs a value, such as --${name} ${EXAMPLES[name] ?? 'VALUE'}.`;
  }
  return undefined;
}

const isUnknown = (arg: string, known: readonly string[]) => /^--?[^-]/.test(arg) && !known.includes(arg);

/** @throws UsageError unless it is a whole number from `minimum` to `maximum` */
export function wholeNumber(option: string, text: string, maximum: number, minimum = 0): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= minimum && value <= maximum) return value;
  throw new UsageError(
    `${option} must be a whole number from ${minimum} to ${maximum.toLocaleString('en-US')}, not "${text}"`,
  );
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Lines of a name and a value, the values below each other. */
export function printTable(rows: readonly (readonly [string, string])[]): void {
  const width = Math.max(...rows.map(([name]) => name.length)) + 3;
  for (const [name, value] of rows) print(name.padEnd(width) + value);
}

/**
 * Options of V8 for a server under load.
 *
 * V8 allocates objects from a place in the code as old ones once most from there have survived, as the schema's do. What an old
 * object points to stays until the next full collection, so that requests kept each other alive: without this option a page of
 * 500 contacts takes 30 % more time (pairs of runs).
 */
export function tuneV8(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/** The first signal starts a graceful shutdown; a second one exits at once. */
export function onSignal(close: () => Promise<void>): void {
  let isStopping = false;
  const shutDown = () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', shutDown).on('SIGTERM', shutDown);
}

/** `2026-01-15 12:00 UTC (in 23 hours)` */
export function describeTime(time: Date, now: number): string {
  const minutes = Math.round((time.getTime() - now) / 60_000);
  const amount =
    Math.abs(minutes) < 120 ? `${Math.abs(minutes)} minutes` : `${Math.round(Math.abs(minutes) / 60)} hours`;
  const relative = minutes < 0 ? `${amount} ago` : `in ${amount}`;
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC (${relative})`;
}
