import { readConfig } from '../config.js';
import { replaceableGrant } from '../constant-contact/auth/login.js';
import { openApplication } from './session.js';
import { parse, print } from './support.js';

/** `logout`: deletes the stored tokens. Constant Contact has no way to revoke them. */
export async function logout(args: string[]): Promise<void> {
  parse(args, {});
  const config = readConfig(process.env);
  const { settings, account, close } = await openApplication(config);
  try {
    await account.store.exclusively(async () => {
      await replaceableGrant(account.store);
      await account.store.clear();
    });
    print(`Logged out: the tokens in ${account.store.place} were deleted.`);
    print('Constant Contact has no way to revoke tokens. Copies of them remain valid:');
    print('an access token for 24 hours, a refresh token until the application is removed in My Settings.');
    print('A running server notices the logout within a minute.');
    if (settings.refreshToken !== null) {
      print('CONSTANT_CONTACT_REFRESH_TOKEN is still set and will be used at the next start. Unset it.');
    }
  } finally {
    await close();
  }
}
