import { afterEach, describe, expect, it } from 'vitest';
import { createProof, OAuthClient, OAuthError, SCOPES } from '../../src/constant-contact/auth/oauth.js';
import { manualClock, type ManualClock } from '../support/clock.js';
import { json, startUpstream, type Handler, type Upstream } from '../support/upstream.js';

let upstream: Upstream | undefined;
let client: OAuthClient | undefined;
let clock: ManualClock;

afterEach(async () => {
  await client?.close();
  await upstream?.close();
  client = upstream = undefined;
});

async function start(handler: Handler, clientSecret: string | null = null): Promise<OAuthClient> {
  clock = manualClock();
  upstream = await startUpstream(handler);
  const authUrl = upstream.url.replace('/v3', '/oauth2/default/v1');
  client = new OAuthClient({ authUrl, clientId: 'marked:client', clientSecret, clock });
  return client;
}

const TOKENS = { access_token: 'access-1', refresh_token: 'refresh-2', expires_in: 86_400, scope: 'a b' };
const give =
  (status: number, body: unknown = TOKENS): Handler =>
  (response) => {
    json(response, status, body);
  };

async function failure(promise: Promise<unknown>): Promise<OAuthError> {
  const outcome = await clock.run(promise).catch((error: unknown) => error);
  if (outcome instanceof OAuthError) return outcome;
  throw new Error('no OAuthError', { cause: outcome });
}

describe('a token request', () => {
  it('of a public client is a form with its client id', async () => {
    const oauth = await start(give(200));
    const began = clock.now();
    expect(await clock.run(oauth.refresh('refresh 1+'))).toEqual({
      accessToken: 'access-1',
      refreshToken: 'refresh-2',
      expiresAt: began + 86_400_000,
      scopes: ['a', 'b'],
    });
    expect(upstream?.requests[0]).toMatchObject({
      method: 'POST',
      url: '/oauth2/default/v1/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: 'grant_type=refresh_token&refresh_token=refresh+1%2B&client_id=marked%3Aclient',
    });
    expect(upstream?.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('of a client with a secret has it in HTTP Basic, and no client id in the form', async () => {
    const oauth = await start(give(200), 'p:ss');
    await clock.run(oauth.exchange({ code: 'c', redirectUri: 'http://localhost:1/callback', verifier: 'v' }));
    const [request] = upstream?.requests ?? [];
    const basic = Buffer.from('marked%3Aclient:p%3Ass').toString('base64');
    expect(request?.headers.authorization).toBe(`Basic ${basic}`);
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'c',
      redirect_uri: 'http://localhost:1/callback',
      code_verifier: 'v',
    });
  });

  it('is never sent within a second of the previous one', async () => {
    const times: number[] = [];
    const oauth = await start((response) => {
      times.push(clock.now());
      json(response, 200, TOKENS);
    });
    for (const token of ['1', '2', '3']) await clock.run(oauth.refresh(token));
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeGreaterThan(1_000);
    expect(third - second).toBeGreaterThan(1_000);
  });

  it('that stalls ends in bounded time', async () => {
    const oauth = await start(() => undefined);
    const outcome = failure(oauth.refresh('r'));
    await clock.advance(25_000);
    expect(await outcome).toMatchObject({ code: null, status: undefined, final: false, passing: true });
  });

  it.each([
    [{ ...TOKENS, expires_in: undefined }, 28_800],
    [{ ...TOKENS, expires_in: null }, 28_800],
    [{ ...TOKENS, expires_in: '' }, 28_800],
    [{ ...TOKENS, expires_in: 'a day' }, 28_800],
    [{ ...TOKENS, expires_in: '0x10' }, 28_800],
    [{ ...TOKENS, expires_in: [3_600] }, 28_800],
    [{ ...TOKENS, expires_in: 0 }, 28_800],
    [{ ...TOKENS, expires_in: '3600' }, 3_600],
    [{ ...TOKENS, expires_in: 1_800_000_000 }, 86_400],
    [{ ...TOKENS, expires_in: -5 }, 28_800],
  ])('accepts a token lifetime of up to a day: %j', async (body, seconds) => {
    const oauth = await start(give(200, body));
    const began = clock.now();
    expect((await clock.run(oauth.refresh('r'))).expiresAt).toBe(began + seconds * 1_000);
  });

  it('accepts a response without a refresh token', async () => {
    const oauth = await start(give(200, { access_token: 'a' }));
    expect(await clock.run(oauth.refresh('r'))).toMatchObject({ refreshToken: null, scopes: [] });
  });
});

describe('an error response', () => {
  it.each<[string, Handler, Partial<OAuthError>]>([
    [
      'invalid_grant',
      give(400, { error: 'invalid_grant', error_description: 'marked' }),
      { final: true, passing: false },
    ],
    ['invalid_client', give(401, { error: 'invalid_client' }), { code: 'invalid_client', final: false }],
    [
      'a rate limit',
      give(429, { error_key: 'throttled', error_message: 'marked' }),
      { passing: true, final: false },
    ],
    ['an empty body', (response) => response.writeHead(200).end(), { code: null, passing: true }],
    ['HTML', (response) => response.writeHead(200).end('<html>marked</html>'), { code: null, passing: true }],
    [
      'HTML with 400',
      (response) => response.writeHead(400).end('<html>marked</html>'),
      { final: false, passing: true },
    ],
    ['no token', give(200, { token_type: 'Bearer' }), { code: null, final: false }],
    ['a token with a line break', give(200, { access_token: 'marked\r\nx: y' }), { code: null }],
    ['text as code', give(400, { error: 'marked text, not a code' }), { code: null, final: false }],
    [
      'a cut connection',
      (response) => response.destroy(),
      { status: undefined, final: false, passing: true },
    ],
  ])('by %s quotes nothing of the request or response', async (_what, handler, expected) => {
    const oauth = await start(handler, 'marked-secret');
    const error = await failure(oauth.refresh('marked-refresh-token'));
    expect(error).toMatchObject(expected);
    const all = JSON.stringify([
      error,
      error.message,
      error.stack,
      error.cause,
      String((error.cause as Error)?.message),
    ]);
    expect(all).not.toContain('marked');
  });

  it.each([
    ['7', 7_000],
    ['12345678', 12_345_678_000],
    [new Date(Date.UTC(2026, 0, 15, 13)).toUTCString(), 3_600_000],
    [new Date(0).toUTCString(), 0],
    ['soon', 0],
  ])('may ask to retry later: %s', async (header, ms) => {
    const oauth = await start((response) => response.writeHead(429, { 'retry-after': header }).end());
    const { retryAfterMs } = await failure(oauth.refresh('r'));
    expect(retryAfterMs).toBeLessThanOrEqual(ms);
    expect(retryAfterMs).toBeGreaterThan(ms - 60_000);
  });
});

describe('the authorization URL', () => {
  it('requests a code with PKCE, the scopes joined with a plus', async () => {
    const oauth = await start(give(200));
    const { challenge, state } = createProof();
    const redirectUri = 'http://localhost:4020/callback';
    const url = oauth.authorizeUrl({ redirectUri, scopes: SCOPES, state, challenge });
    expect(url).toContain(`scope=${SCOPES.join('+')}`);
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      response_type: 'code',
      client_id: 'marked:client',
      redirect_uri: redirectUri,
      scope: SCOPES.join(' '),
      state,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
  });

  it('differs for each login', () => {
    const [one, two] = [createProof(), createProof()];
    expect(one.state).not.toBe(two.state);
    expect(one.verifier).not.toBe(two.verifier);
    expect(one.verifier).toMatch(/^[\w-]{43}$/);
  });
});

describe('the device flow', () => {
  const DEVICE = {
    device_code: 'd',
    user_code: 'U',
    verification_uri: 'https://x/activate',
    interval: 2,
    expires_in: 60,
  };

  it('polls at the requested interval, through temporary failures, until it is approved', async () => {
    const answers: [number, unknown][] = [
      [200, DEVICE],
      [400, { error: 'authorization_pending' }],
      [400, { error: 'slow_down' }],
      [502, null],
      [429, { error_key: 'throttled' }],
      [200, TOKENS],
    ];
    const times: number[] = [];
    const oauth = await start((response, _request, number) => {
      times.push(clock.now());
      const [status, body] = answers[number - 1] ?? [500, null];
      json(response, status, body);
    }, 'a-secret');
    const device = await clock.run(oauth.startDevice(['a', 'b']));
    expect(device).toMatchObject({ userCode: 'U', verificationUriComplete: null, intervalMs: 2_000 });
    expect((await clock.run(oauth.awaitDevice(device))).accessToken).toBe('access-1');
    const pauses = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    expect(pauses.map((ms) => Math.floor(ms / 1_000))).toEqual([2, 2, 7, 7, 7]);
    expect(upstream?.requests[0]?.body).toBe('client_id=marked%3Aclient&scope=a+b');
    expect(new URLSearchParams(upstream?.requests[1]?.body).get('client_id')).toBe('marked:client');
    expect(upstream?.requests[1]?.headers).not.toHaveProperty('authorization');
  });

  it.each(['access_denied', 'expired_token', 'invalid_grant', 'invalid_client'])(
    'ends with %s',
    async (error) => {
      const oauth = await start((response, _request, number) => {
        if (number === 1) json(response, 200, DEVICE);
        else json(response, 400, { error });
      });
      const device = await clock.run(oauth.startDevice([]));
      expect((await failure(oauth.awaitDevice(device))).code).toBe(error);
      expect(upstream?.requests).toHaveLength(2);
    },
  );

  it('ends when the code expires', async () => {
    const oauth = await start((response, _request, number) => {
      if (number === 1) json(response, 200, DEVICE);
      else json(response, 400, { error: 'authorization_pending' });
    });
    const device = await clock.run(oauth.startDevice([]));
    expect((await failure(oauth.awaitDevice(device))).code).toBe('expired_token');
    expect(upstream?.requests.length).toBeLessThanOrEqual(30);
  });

  it('is stopped by its signal', async () => {
    const oauth = await start(give(200, DEVICE));
    const leaving = new AbortController();
    const device = await clock.run(oauth.startDevice([]));
    const waiting = oauth.awaitDevice(device, leaving.signal);
    leaving.abort(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
  });
});
