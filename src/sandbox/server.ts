import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import type { Account, AccountOptions } from './account.js';
import { createAccount, settle } from './account-lifecycle.js';
import { admit, tokenOf } from './auth.js';
import { dispatch } from './dispatch.js';
import { errorBody, QUOTA_EXCEEDED, Refusal, THROTTLED, UNAUTHORIZED } from './errors.js';
import { Faults, type Fault } from './faults.js';
import type { InnerRequest, World } from './handler.js';
import { Ids } from './ids.js';
import { edited, faultReply, readBody, render, send, sendAndCut, truncated, type RawReply } from './http.js';
import { Journal } from './journal.js';
import { AuthorizationServer, type OAuthSettings, type SandboxOAuth } from './oauth.js';
import { Quota } from './quota.js';
import { matchRoute, relativePath, type Match } from './router.js';
import type { Violation } from './validate.js';

export interface SandboxOptions extends AccountOptions {
  /** Host to listen on. Default: the loopback address. */
  host?: string;
  /** Default, and 0: a free port. */
  port?: number;
  /** Milliseconds since the epoch. Default: the system clock. */
  clock?: { now(): number };
  /** Default: 4. 0 disables the limit. */
  requestsPerSecond?: number;
  /** Default: 10,000. 0 disables the limit. */
  requestsPerDay?: number;
  /** Tokens with an account of their own. Every other token opens the default account. */
  tokens?: Readonly<Record<string, AccountOptions>>;
  /** Validates requests and responses against the contract. Default: true. */
  validate?: boolean;
  oauth?: OAuthSettings;
}

/** A running sandbox. */
export interface Sandbox {
  /** Base URL for the REST client, such as `http://127.0.0.1:41234/v3`. */
  readonly url: string;
  /** A token for the default account. */
  readonly token: string;
  readonly journal: Journal;
  readonly faults: Faults;
  /** Contract violations in both directions. */
  readonly violations: Violation[];
  /** The authorization server, next to the API on the same port. */
  readonly oauth: SandboxOAuth;
  /** The state of a token's account (default: the default account), after all due changes. */
  account(token?: string): Account;
  /** Starts over: fresh accounts, empty journal, no faults, no violations, full quota. */
  reset(): void;
  close(): Promise<void>;
}

const TOKEN = 'sandbox';
const DEFAULT_ACCOUNT = 'default';
const MAX_CONTACTS = 1_000_000;
/** Longer than a client keeps an idle connection, so that no connection is closed during a request. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Starts an embedded Constant Contact account that responds over HTTP like the API. It keeps its state in
 * memory; the same options and requests give the same responses.
 * @throws RangeError for a number of contacts outside the limits
 * @throws Error when it cannot listen
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  for (const { contacts = 0 } of [options, ...Object.values(options.tokens ?? {})]) {
    if (Number.isInteger(contacts) && contacts >= 0 && contacts <= MAX_CONTACTS) continue;
    throw new RangeError(`\`contacts\` must be a whole number from 0 to 1,000,000, not ${contacts}.`);
  }
  const clock = options.clock ?? { now: () => Date.now() };
  const journal = new Journal();
  const faults = new Faults();
  const violations: Violation[] = [];
  const quota = new Quota(options.requestsPerSecond ?? 4, options.requestsPerDay ?? 10_000);
  const accounts = new Map<string, Account>();
  let requestIds = new Ids(options.seed ?? 1);

  const openAccount = (name: string, own?: AccountOptions): Account => {
    let account = accounts.get(name);
    if (!account) {
      account = createAccount(name, { ...accountOptions(options), ...own }, clock.now());
      accounts.set(name, account);
    }
    return account;
  };
  const accountOf = (token: string): Account => {
    const own = options.tokens?.[token];
    return own ? openAccount(token, own) : openAccount(DEFAULT_ACCOUNT);
  };
  const surroundings = (account: Account) => {
    const noted = options.validate === false ? null : violations;
    return { account, world, now: clock.now(), violations: noted };
  };
  const world: World = {
    account: openAccount,
    perform: (request, account) => dispatch(request, surroundings(account)),
  };

  /** Refuses a request before its operation: no valid token, or too many requests. */
  const refuse = (request: IncomingMessage, match: Match | null): RawReply | null => {
    const token = tokenOf(request.headers);
    if (oauth.refuses(token, clock.now())) return render({ status: 401, body: UNAUTHORIZED }, false);
    const scopes = oauth.scopesOf(token);
    if (scopes && match?.facts.scopes.some((scope) => !scopes.includes(scope))) {
      return render({ status: 403, body: FORBIDDEN }, false);
    }
    const admission = admit(request.headers, match?.facts.auth ?? 'oauth');
    if ('status' in admission) {
      return render(
        { status: admission.status, body: admission.status === 401 ? UNAUTHORIZED : FORBIDDEN },
        false,
      );
    }
    const verdict = quota.take(clock.now());
    if (verdict === 'ok') return null;
    return render({ status: 429, body: verdict === 'throttled' ? THROTTLED : QUOTA_EXCEEDED }, false);
  };

  /** Headers by which the vendor's support finds a request. */
  const tracing = (isGateway: boolean): [string, string][] => [
    ['x-amzn-requestid', requestIds.uuid('request')],
    isGateway
      ? ['x-amz-apigw-id', requestIds.key('gateway', 16)]
      : ['x-eig-tracking-id', requestIds.uuid('tracking')],
  ];

  const carryOut = async (request: IncomingMessage, url: URL, match: Match | null): Promise<RawReply> => {
    const path = relativePath(url.pathname);
    try {
      const parsed = await readBody(request, match?.facts.body ?? null);
      const inner: InnerRequest = {
        method: request.method ?? 'GET',
        path,
        query: url.searchParams,
        ...parsed,
      };
      const reply = await dispatch(inner, surroundings(accountOf(tokenOf(request.headers))));
      return render(reply, match?.facts.response === 'csv');
    } catch (error) {
      if (error instanceof Refusal)
        return render({ status: error.status, body: errorBody(path, error) }, false);
      violations.push({ operationId: match?.id ?? null, side: 'response', issues: [String(error)] });
      return render({ status: 500, body: INTERNAL }, false);
    }
  };

  const authorize = async (request: IncomingMessage, url: URL): Promise<RawReply> => {
    const form = new URLSearchParams(await text(request));
    const { authorization } = request.headers;
    const { pathname: path, searchParams: query } = url;
    return oauth.handle({ method: request.method ?? 'GET', path, query, form, authorization }, clock.now());
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    if (AuthorizationServer.owns(url.pathname)) {
      const fault = oauth.faults.next(null, url.searchParams);
      return answer(request, response, fault, () => authorize(request, url));
    }
    const match = matchRoute(request.method ?? 'GET', relativePath(url.pathname));
    const answered = journal.open({
      at: clock.now(),
      operationId: match?.id ?? null,
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.search.slice(1),
      credential: tokenOf(request.headers),
    });
    const refusal = refuse(request, match);
    const fault = refusal ? null : faults.next(match?.id ?? null, url.searchParams);
    for (const [name, value] of tracing(
      refusal !== null || (fault !== null && FROM_GATEWAY.includes(fault.kind)),
    )) {
      response.setHeader(name, value);
    }
    const make = async () => refusal ?? (await carryOut(request, url, match));
    await answer(request, response, fault, make, answered);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  openAccount(DEFAULT_ACCOUNT);

  const url = baseUrl(server.address() as AddressInfo);
  // Its URLs contain the port, which is known only now; nothing was served before.
  const oauth = new AuthorizationServer(new URL(url).origin, options.oauth);

  return {
    url,
    oauth,
    token: TOKEN,
    journal,
    faults,
    violations,
    account: (token = TOKEN) => {
      const account = accountOf(token);
      settle(account, clock.now());
      return account;
    },
    reset: () => {
      accounts.clear();
      journal.clear();
      faults.clear();
      quota.reset();
      requestIds = new Ids(options.seed ?? 1);
      oauth.reset();
      violations.length = 0;
      openAccount(DEFAULT_ACCOUNT);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Sends the response, or applies the fault to the connection. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  fault: Fault | null,
  make: () => Promise<RawReply>,
  note: (status: number) => void = () => undefined,
): Promise<void> {
  if (fault?.kind === 'stall') return;
  if (fault?.kind === 'reset') {
    request.socket.destroy();
    return;
  }
  const reply = await replyOf(fault, make);
  note(reply.status);
  request.resume();
  if (fault?.kind === 'resetBody') await sendAndCut(response, reply);
  else send(response, fault?.kind === 'truncate' ? truncated(reply) : reply);
}

async function replyOf(fault: Fault | null, make: () => Promise<RawReply>): Promise<RawReply> {
  if (!fault) return make();
  const scripted = faultReply(fault);
  if (!scripted) return fault.kind === 'edit' ? edited(await make(), fault.edit) : make();
  if (fault.kind === 'status' && fault.carriedOut) await make();
  return scripted;
}

/** Responses that come from the gateway in front of the API, not from one of its services. */
const FROM_GATEWAY: readonly Fault['kind'][] = ['html', 'empty', 'throttled', 'quotaExceeded'];

const FORBIDDEN = { error_key: 'forbidden', error_message: 'Forbidden' };
const INTERNAL = { error_key: 'internal_error', error_message: 'The sandbox failed.' };

function accountOptions({
  seed,
  contacts,
  campaigns,
  empty,
  activitySeconds,
}: AccountOptions): AccountOptions {
  return {
    ...(seed !== undefined && { seed }),
    ...(contacts !== undefined && { contacts }),
    ...(campaigns !== undefined && { campaigns }),
    ...(empty !== undefined && { empty }),
    ...(activitySeconds !== undefined && { activitySeconds }),
  };
}

function baseUrl({ address, family, port }: AddressInfo): string {
  const host = family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}/v3`;
}
