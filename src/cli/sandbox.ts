import { onSignal, parse, printTable, wholeNumber } from './support.js';

/** `sandbox`: the stand-in for Constant Contact alone, until a signal comes. */
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
  const running = await createSandbox(options);
  onSignal(() => running.close());
  printTable([
    ['Sandbox account', running.url],
    ['Access token', running.token],
    ['Logins', running.oauth.url],
  ]);
}
