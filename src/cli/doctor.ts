import { access } from 'node:fs/promises';
import { readConfig, type Config } from '../config.js';
import { systemClock } from '../constant-contact/clock.js';
import { exposedModeOf } from '../constant-contact/auth/file-token-store.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import { SCOPES } from '../constant-contact/auth/oauth.js';
import { probe } from '../constant-contact/http/probe.js';
import type { GovernorStatus } from '../constant-contact/budget/governor.js';
import type { SharedState } from '../constant-contact/redis/index.js';
import { openSession, type Session } from './session.js';
import { describeTime, parse, print } from './support.js';

type Verdict = 'ok' | 'note' | 'problem';

interface Finding {
  verdict: Verdict;
  about: string;
  text: string;
  /** Suggested fix. */
  advice?: string | undefined;
}

const finding =
  (verdict: Verdict) =>
  (about: string, text: string, advice?: string): Finding => ({ verdict, about, text, advice });
const ok = finding('ok');
const note = finding('note');
const problem = finding('problem');

/** Tokens are valid for a day, so seconds do not matter; minutes show that the clock is not synchronized. */
const SKEW_MS = 120_000;

/** Privileges of the user that the schema needs, each with what fails without it. */
const PRIVILEGES: Readonly<Record<string, readonly string[]>> = {
  'reading contacts, lists and segments': ['contacts:read', 'contacts:lists:read'],
  'changing contacts, and following bulk activities': ['contacts:write', 'contacts:lists:write'],
  'reading and changing campaigns': ['campaign:read', 'campaign:write'],
  'scheduling and sending campaigns': ['campaign:send'],
  reports: ['ui:campaign:metrics'],
  'account details': ['account:read', 'account:update'],
};

const LOG_IN = 'Run `npx constant-contact-graphql login`.';

/** `doctor`: checks everything the server depends on and suggests fixes. Exit code 1 when there are problems. */
export async function doctor(args: string[]): Promise<void> {
  parse(args, {});
  const config = readConfig(process.env);
  const session = await openSession(config);
  let problems = 0;
  const report = ({ verdict, about, text, advice }: Finding) => {
    if (verdict === 'problem') problems += 1;
    print(`${verdict.padEnd(8)} ${about.padEnd(14)} ${text}`);
    if (advice !== undefined) print(`${' '.repeat(24)}→ ${advice}`);
  };
  try {
    for (const finding of checkConfiguration(config)) report(finding);
    if (session.shared) for (const finding of await checkRedis(session.shared, config)) report(finding);
    if (config.apiUrl !== null) report(await checkHost('API', `${config.apiUrl}/account/user/privileges`));
    let canCall = true;
    if (session.account && config.account) {
      report(await checkHost('login server', `${config.account.authUrl}/authorize`));
      const findings = await checkLogin(session, config);
      for (const finding of findings) report(finding);
      canCall = !findings.some(({ about, verdict }) => about === 'login' && verdict === 'problem');
    }
    if (canCall) for (const finding of await checkAccess(session)) report(finding);
  } finally {
    await session.close();
  }
  print(`\n${problems === 0 ? 'No' : String(problems)} ${problems === 1 ? 'problem' : 'problems'} found.`);
  if (problems > 0) process.exitCode = 1;
}

async function checkRedis(shared: SharedState, config: Config): Promise<Finding[]> {
  const about = 'Redis';
  await shared.started.catch(() => undefined);
  const { connected, reason, hint, appendOnly, problem: misuse } = shared.status();
  if (misuse !== null) return [problem(about, misuse)];
  if (!connected) {
    const text = `Redis is unreachable (${reason ?? 'no response'}); each process uses its share of the limits.`;
    return [problem(about, text, hint ?? 'Check REDIS_URL, and that Redis is running.')];
  }
  const findings = [ok(about, 'Redis is reachable.')];
  if (config.redis?.secret === null) {
    const advice = 'Set CONSTANT_CONTACT_TOKEN_KEY to encrypt it.';
    findings.push(note(about, 'Redis stores client data in plain text.', advice));
  }
  if (config.mode === 'account' && !appendOnly) {
    const text = 'Redis stores the login but is not durable: a crash would lose it.';
    findings.push(problem(about, text, 'Set appendonly yes and appendfsync always.'));
  }
  return findings;
}

function checkConfiguration(config: Config): Finding[] {
  const about = 'configuration';
  const findings = [ok(about, MODES[config.mode])];
  if (config.mode === 'token' && config.account) {
    const text =
      'CONSTANT_CONTACT_ACCESS_TOKEN takes precedence over the login of CONSTANT_CONTACT_CLIENT_ID.';
    findings.push(note(about, text, 'Remove the one that you do not need.'));
  }
  return findings;
}

const MODES: Readonly<Record<Config['mode'], string>> = {
  sandbox: 'No credentials are set: the server serves an embedded sandbox account.',
  token: 'The server uses the token in CONSTANT_CONTACT_ACCESS_TOKEN and cannot renew it.',
  account: 'The server uses the login of the application in CONSTANT_CONTACT_CLIENT_ID and renews it.',
  'pass-through': 'Every caller sends its own access token.',
};

async function checkHost(about: string, address: string): Promise<Finding> {
  const { host, hostname } = new URL(address);
  try {
    const { aheadMs } = await probe(address);
    if (aheadMs !== null && Math.abs(aheadMs) > SKEW_MS) {
      const seconds = Math.round(Math.abs(aheadMs) / 1_000);
      const text = `This machine's clock is ${String(seconds)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} that of ${host}.`;
      const advice = 'Synchronize it, for example with NTP: the renewal of tokens depends on it.';
      return problem(about, text, advice);
    }
    return ok(about, `${host} is reachable${aheadMs === null ? '' : ', and the clocks agree'}.`);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'ENOTFOUND')
      return problem(
        about,
        `The name ${hostname} was not found.`,
        'Check the spelling, the DNS and the proxy.',
      );
    const advice = 'Check the address, network, proxy and firewall.';
    return problem(about, `${host} cannot be reached: ${code ?? message}`, advice);
  }
}

async function checkLogin({ account }: Session, config: Config): Promise<Finding[]> {
  const about = 'login';
  if (!account) return [];
  const findings: Finding[] = [];
  try {
    const status = await account.credentials.status();
    if (status.state === 'loggedOut') {
      findings.push(problem(about, 'No account is logged in.', LOG_IN));
    } else if (status.state === 'ended') {
      const text =
        'The login has ended: its refresh token was used twice, revoked, or not used for 180 days.';
      findings.push(problem(about, text, LOG_IN));
    } else if (!status.renewable) {
      const text = 'The login has no refresh token and expires with its access token.';
      findings.push(note(about, text, 'Log in with the scope offline_access.'));
    } else {
      const end = status.expiresAt
        ? `; the next renewal is due before ${describeTime(status.expiresAt, systemClock.now())}`
        : '';
      findings.push(ok(about, `The server renews the login automatically${end}.`));
    }
    if (status.interruptedAt) {
      const text = `A renewal of ${describeTime(status.interruptedAt, systemClock.now())} has not completed yet.`;
      findings.push(note(about, text, 'If this persists, check the server log.'));
    }
  } catch (error) {
    findings.push(problem(about, messageOf(error), account.store.place));
  }
  // With Redis, the store is not a file.
  const hasFile = await access(account.store.place).then(
    () => true,
    () => false,
  );
  const mode = await exposedModeOf(account.store.place);
  if (mode !== null) {
    const text = `Other users of this machine can read or write the stored tokens (mode ${mode}).`;
    findings.push(problem('token file', text, `chmod 600 ${account.store.place}`));
  } else if (hasFile) {
    const text = config.account?.tokenKey
      ? 'Only you can read the token file, and it is encrypted.'
      : 'Only you can read the token file. To encrypt it, set CONSTANT_CONTACT_TOKEN_KEY.';
    findings.push(ok('token file', text));
  }
  return findings;
}

/** Checks the credentials with one request. */
async function checkAccess(session: Session): Promise<Finding[]> {
  const { api } = session;
  if (!api) return [];
  try {
    const privileges = await api.call('getUserPrivileges', {});
    const held = new Set(privileges.map(({ privilege_name }) => privilege_name));
    return [
      ok('access', 'The API accepts the credentials.'),
      await checkScopes(session),
      checkPrivileges(held),
      checkQuota(api.budget()),
    ];
  } catch (error) {
    if (!(error instanceof ConstantContactError)) throw error;
    // An unreachable API was reported with its host.
    if (error.kind === 'unavailable' || error.kind === 'timeout') return [];
    const at =
      error.retryAt === undefined
        ? ''
        : ` Retry at ${describeTime(new Date(error.retryAt), systemClock.now())}.`;
    const about = error.kind === 'quotaExhausted' ? 'quota' : 'access';
    return [problem(about, error.message + at, ADVICE[error.kind])];
  }
}

const ADVICE: Readonly<Partial<Record<ConstantContactError['kind'], string>>> = {
  unauthenticated: `${LOG_IN} Or set another CONSTANT_CONTACT_ACCESS_TOKEN.`,
  forbidden: 'Check the application in the developer portal and the role of the user.',
  quotaExhausted:
    'The limit applies to the API key and all programs that use it. Partners can request a higher limit.',
  rateLimited:
    'Other programs use the same API key. Lower CONSTANT_CONTACT_REQUESTS_PER_SECOND for this server.',
};

async function checkScopes(session: Session): Promise<Finding> {
  const about = 'scopes';
  const { scopes } = await session.token();
  if (!scopes) return note(about, 'The scopes of the token are unknown.');
  const needed = session.account ? SCOPES : SCOPES.filter((scope) => scope !== 'offline_access');
  const missing = needed.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return ok(about, scopes.join(' '));
  const text = `The token lacks ${missing.join(', ')}. Fields that need it fail with FORBIDDEN.`;
  return note(about, text, 'Log in again to grant it, if you need these fields.');
}

function checkPrivileges(held: ReadonlySet<string | undefined>): Finding {
  const about = 'privileges';
  const lacking = Object.entries(PRIVILEGES).flatMap(([what, needed]) => {
    const missing = needed.filter((one) => !held.has(one));
    return missing.length === 0 ? [] : [`${what} (${missing.join(', ')})`];
  });
  if (lacking.length === 0) return ok(about, 'The user has all privileges.');
  const text = `The user's role does not allow ${lacking.join('; ')}.`;
  return note(about, text, 'The owner of the account can give the user another role.');
}

function checkQuota({ requestsPerSecond, requestsPerDay, resetsAt }: GovernorStatus): Finding {
  const limits = `${requestsPerSecond || 'Unlimited'} requests per second, ${requestsPerDay || 'unlimited'} per day`;
  const end = describeTime(resetsAt, systemClock.now());
  const text = `${limits}. Today's quota is not exhausted; it resets at ${end}.`;
  return ok('quota', text);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
