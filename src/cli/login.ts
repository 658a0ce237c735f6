import { spawn } from 'node:child_process';
import { readConfig } from '../config.js';
import type { AccountParts } from '../constant-contact/auth/account.js';
import { replaceableGrant, storeLogin } from '../constant-contact/auth/login.js';
import { systemClock } from '../constant-contact/clock.js';
import { createProof, OAuthError, SCOPES, type Tokens } from '../constant-contact/auth/oauth.js';
import { receiveCode } from './callback.js';
import { openApplication } from './session.js';
import { describeTime, parse, print, UsageError, wholeNumber } from './support.js';

/** The default; the application must have the redirect URI `http://localhost:4020/callback`. */
const DEFAULT_PORT = '4020';
/** An authorization code is valid for five minutes, and the person may have to find a password first. */
const PATIENCE_MS = 600_000;
/** The client sends them at intervals of a second. */
const ATTEMPTS = 5;

/** `login`: a person approves once, in a browser; the tokens are stored. */
export async function login(args: string[]): Promise<void> {
  const values = parse(args, {
    device: { type: 'boolean', default: false },
    port: { type: 'string', default: DEFAULT_PORT },
    scopes: { type: 'string', default: SCOPES.join(' ') },
    'no-browser': { type: 'boolean', default: false },
  });
  const port = wholeNumber('--port', values.port, 65_535);
  const scopes = values.scopes.split(/[\s,+]+/).filter(Boolean);
  if (!scopes.every((scope) => /^[\w./-]+$/.test(scope)))
    throw new UsageError('--scopes must be a list of scope names, separated by spaces');
  const config = readConfig(process.env);
  const { settings, account, close } = await openApplication(config);
  try {
    // Checked first: otherwise the person would approve in vain.
    await replaceableGrant(account.store);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const tokens = values.device
      ? await withDevice(account, scopes, signal)
      : await withBrowser(account, { scopes, port, open: !values['no-browser'], signal });
    await storeLogin(
      { store: account.store, clock: systemClock, bootstrap: settings.refreshToken },
      settings.clientId,
      tokens,
    );
    report(tokens, account.store.place, settings.tokenKey !== null);
    if (config.mode === 'token') {
      print('CONSTANT_CONTACT_ACCESS_TOKEN is set and takes precedence. Unset it to use this login.');
    }
  } finally {
    await close();
  }
}

async function withBrowser(
  { oauth }: AccountParts,
  { scopes, port, open, signal }: { scopes: string[]; port: number; open: boolean; signal: AbortSignal },
): Promise<Tokens> {
  const { verifier, challenge, state } = createProof();
  const callback = await receiveCode(port, state);
  try {
    const { redirectUri } = callback;
    const url = oauth.authorizeUrl({ redirectUri, scopes, state, challenge });
    print('Open this address in a browser on this machine and approve the login:\n');
    print(`  ${url}\n`);
    print(`The application must have the redirect URI ${redirectUri} in the developer portal.`);
    if (open) openBrowser(url);
    const code = await callback.code(signal);
    return await retry(() => oauth.exchange({ code, redirectUri, verifier }, signal), signal);
  } finally {
    callback.close();
  }
}

async function withDevice({ oauth }: AccountParts, scopes: string[], signal: AbortSignal): Promise<Tokens> {
  const device = await retry(() => oauth.startDevice(scopes, signal), signal);
  print('Open this address in any browser and approve the login:\n');
  print(`  ${device.verificationUriComplete ?? device.verificationUri}\n`);
  print(`The code is ${device.userCode}.`);
  try {
    return await oauth.awaitDevice(device, signal);
  } catch (error) {
    if (signal.aborted)
      throw new OAuthError(
        'The device was not approved in time. Run `login` again.',
        'expired_token',
        undefined,
      );
    throw error;
  }
}

/** A temporary failure of a gateway must not make the person approve again. */
async function retry<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let left = ATTEMPTS - 1; ; left -= 1) {
    try {
      return await ask();
    } catch (error) {
      if (left === 0 || !(error instanceof OAuthError) || !error.passing) throw error;
      await systemClock.sleep(error.retryAfterMs, signal);
    }
  }
}

function report(tokens: Tokens, place: string, encrypted: boolean): void {
  print(`\nLogged in. The tokens are in ${place}, ${encrypted ? 'encrypted' : 'readable only by you'}.`);
  if (tokens.scopes.length > 0) print(`Scopes: ${tokens.scopes.join(' ')}`);
  if (tokens.refreshToken !== null) return;
  const end = describeTime(new Date(tokens.expiresAt), systemClock.now());
  print(
    `There is no refresh token, so this login ends ${end}. To get one, request the scope offline_access.`,
  );
}

/** Best effort: the address is also printed. */
function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  if (command === undefined) return;
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
