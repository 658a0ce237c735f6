import { onSignal, parse, printTable, wholeNumber } from './support.js';

/** Number of contacts above which the account takes longer than a second to create. */
const SLOW_FROM = 20_000;

/** `sandbox`: serves only the sandbox account, until a signal arrives. */
export async function sandbox(args: string[]): Promise<void> {
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
  const { createSandbox } = await import('../sandbox/index.js');
  // Shows progress, because this takes some seconds. Not for a program that parses the output.
  const isSlow = (options.contacts ?? 0) >= SLOW_FROM && process.stderr.isTTY;
  if (isSlow) process.stderr.write(`Creating ${String(options.contacts)} contacts and their data …\n`);
  const running = await createSandbox(options);
  onSignal(() => running.close());
  printTable([
    ['Sandbox account', running.url],
    ['Access token', running.token],
    ['Logins', running.oauth.url],
  ]);
}
