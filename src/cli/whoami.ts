import { readConfig } from '../config.js';
import { systemClock } from '../constant-contact/clock.js';
import { openSession } from './session.js';
import { describeTime, parse, print, printTable } from './support.js';

/** `whoami`: shows the account, the scopes of the token and the privileges of the user. Two requests; prints no token. */
export async function whoami(args: string[]): Promise<void> {
  parse(args, {});
  const config = readConfig(process.env);
  const session = await openSession(config);
  try {
    if (!session.api) {
      print(
        config.mode === 'sandbox'
          ? 'No account: without credentials the server serves an embedded sandbox account.'
          : 'No account: every caller sends its own access token.',
      );
      return;
    }
    const summary = await session.api.call('getAccountById', {});
    const privileges = await session.api.call('getUserPrivileges', {});
    const { scopes, expiresAt } = await session.token();
    printTable([
      ['Credentials', config.mode === 'token' ? 'CONSTANT_CONTACT_ACCESS_TOKEN' : 'the stored login'],
      ['Account', [summary.organization_name, summary.encoded_account_id].filter(Boolean).join(', ')],
      ['Scopes', scopes?.join(' ') ?? 'unknown'],
      ['Expires', expiresAt ? describeTime(expiresAt, systemClock.now()) : 'unknown'],
      ['Privileges', privileges.map(({ privilege_name }) => privilege_name).join(' ')],
    ]);
  } finally {
    await session.close();
  }
}
