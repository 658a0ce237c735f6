import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createSandbox, type OAuthSettings, type Sandbox } from '../../src/sandbox/index.js';
import { ManualClock } from './client.js';

let sandbox: Sandbox;
let clock: ManualClock;
afterEach(() => sandbox.close());

const VERIFIER = 'a-verifier-of-some-length-that-nobody-else-knows';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const REDIRECT = 'http://localhost:9/callback';

async function start(oauth: OAuthSettings = { requestsPerSecond: 0 }): Promise<void> {
  clock = new ManualClock();
  sandbox = await createSandbox({ contacts: 2, campaigns: 1, requestsPerSecond: 0, clock, oauth });
}

interface Answer {
  status: number;
  body: Record<string, string>;
}

async function post(path: string, form: Record<string, string>, headers = {}): Promise<Answer> {
  const response = await fetch(`${sandbox.oauth.url}/${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers,
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function approve(changes: Record<string, string> = {}): Promise<URLSearchParams> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'app',
    redirect_uri: REDIRECT,
    scope: 'contact_data offline_access',
    state: 'some-state',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  });
  const response = await fetch(`${sandbox.oauth.url}/authorize?${query}`, { redirect: 'manual' });
  return new URL(response.headers.get('location') ?? 'http://nowhere').searchParams;
}

async function exchange(code: string, changes: Record<string, string> = {}): Promise<Answer> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, client_id: 'app' };
  return post('token', { ...form, code_verifier: VERIFIER, ...changes });
}

const logIn = async () => (await exchange((await approve()).get('code') ?? '')).body;
const refresh = (token = '', client = 'app') =>
  post('token', { grant_type: 'refresh_token', refresh_token: token, client_id: client });
const read = async (token = '', path = '/contacts/counts') =>
  (await fetch(sandbox.url + path, { headers: { authorization: `Bearer ${token}` } })).status;

describe('an authorization code', () => {
  it('is exchanged for tokens in the vendor’s format, and returned with its state', async () => {
    await start();
    const answer = await approve();
    expect(answer.get('state')).toBe('some-state');
    const { status, body } = await exchange(answer.get('code') ?? '');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 86_400,
      scope: 'contact_data offline_access',
    });
    expect(body['access_token']?.split('.')).toHaveLength(3);
    expect(await read(body['access_token'])).toBe(200);
  });

  it('is valid once, for five minutes, for its client, redirect URI and verifier', async () => {
    await start();
    const code = async () => (await approve()).get('code') ?? '';
    const once = await code();
    expect((await exchange(once)).status).toBe(200);
    const refused = { status: 400, body: expect.objectContaining({ error: 'invalid_grant' }) };
    expect(await exchange(once)).toEqual(refused);
    expect(await exchange(await code(), { client_id: 'other' })).toEqual(refused);
    expect(await exchange(await code(), { redirect_uri: 'http://localhost:8/callback' })).toEqual(refused);
    expect(await exchange(await code(), { code_verifier: 'guessed' })).toEqual(refused);
    const old = await code();
    clock.tick(300_000);
    expect(await exchange(old)).toEqual(refused);
  });

  it('requires a state, and PKCE from a client without a secret', async () => {
    await start();
    expect((await approve({ state: '' })).get('error')).toBe('invalid_request');
    expect((await approve({ code_challenge_method: 'plain' })).get('error')).toBe('invalid_request');
  });

  it('of a client with a secret requires the secret', async () => {
    await start({ requestsPerSecond: 0, secrets: { app: 's' } });
    const code = (await approve()).get('code') ?? '';
    expect((await exchange(code)).body['error']).toBe('invalid_client');
    const basic = { authorization: `Basic ${Buffer.from('app:s').toString('base64')}` };
    const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: VERIFIER };
    expect(await post('token', { ...form, client_id: 'app' }, basic)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
    expect((await post('token', form, basic)).status).toBe(200);
  });

  it('includes a refresh token only with its scope', async () => {
    await start();
    const code = (await approve({ scope: 'contact_data' })).get('code') ?? '';
    expect((await exchange(code)).body).not.toHaveProperty('refresh_token');
  });
});

describe('a refresh token', () => {
  it('rotates, and revokes all tokens of its login when it is reused', async () => {
    await start();
    const first = await logIn();
    const other = await logIn();
    const second = (await refresh(first['refresh_token'])).body;
    expect(second['refresh_token']).not.toBe(first['refresh_token']);
    expect(await read(first['access_token'])).toBe(200);
    expect(await refresh(first['refresh_token'])).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(sandbox.oauth.reuses).toBe(1);
    expect((await refresh(second['refresh_token'])).status).toBe(400);
    expect(await read(first['access_token'])).toBe(401);
    expect(await read(second['access_token'])).toBe(401);
    expect(await read(other['access_token'])).toBe(200);
    expect((await refresh(other['refresh_token'])).status).toBe(200);
  });

  it('may be missing from the response, and so may the lifetime of the access token', async () => {
    await start();
    const { refresh_token } = await logIn();
    const edit = ({ access_token, token_type }: Record<string, string>) => ({ access_token, token_type });
    sandbox.oauth.faults.script({ fault: { kind: 'edit', edit } });
    const { body } = await refresh(refresh_token);
    expect(Object.keys(body)).toEqual(['access_token', 'token_type']);
    expect(await read(body['access_token'])).toBe(200);
  });

  it('is returned unchanged when it does not rotate', async () => {
    await start({ requestsPerSecond: 0, rotating: false });
    const first = await logIn();
    const second = (await refresh(first['refresh_token'])).body;
    expect(second['refresh_token']).toBe(first['refresh_token']);
  });

  it('is rejected when it belongs to another client, or is unknown', async () => {
    await start();
    const { refresh_token } = await logIn();
    expect((await refresh(refresh_token, 'other')).body['error']).toBe('invalid_grant');
    expect((await refresh('made-up')).body['error']).toBe('invalid_grant');
  });
});

describe('an access token', () => {
  it('expires by the clock; a token from elsewhere does not', async () => {
    await start();
    const { access_token } = await logIn();
    clock.tick(86_399_000);
    expect(await read(access_token)).toBe(200);
    clock.tick(1_000);
    expect(await read(access_token)).toBe(401);
    expect(await read('anything')).toBe(200);
  });

  it('grants access within its scopes', async () => {
    await start();
    const { access_token } = await logIn();
    expect(await read(access_token, '/account/summary')).toBe(403);
    expect(await read(access_token, '/account/user/privileges')).toBe(200);
  });

  it('is forgotten by a reset', async () => {
    await start();
    const { access_token, refresh_token } = await logIn();
    clock.tick(86_400_000);
    sandbox.reset();
    expect(await read(access_token)).toBe(200);
    expect((await refresh(refresh_token)).status).toBe(400);
    expect(sandbox.oauth.journal).toHaveLength(1);
  });
});

describe('the device flow', () => {
  it('lets a device poll, slow down, and get its tokens when its URL is opened', async () => {
    await start();
    const device = (await post('device/authorize', { client_id: 'app', scope: 'offline_access' })).body;
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: device['device_code'] ?? '',
      client_id: 'app',
    };
    expect((await post('token', form)).body['error']).toBe('slow_down');
    clock.tick(5_000);
    expect((await post('token', form)).body['error']).toBe('authorization_pending');
    expect((await fetch(`${device['verification_uri']}?user_code=WRONG`)).status).toBe(404);
    expect((await fetch(device['verification_uri_complete'] ?? '')).status).toBe(200);
    clock.tick(5_000);
    expect((await post('token', form)).body).toHaveProperty('refresh_token');
    expect((await post('token', form)).body['error']).toBe('invalid_grant');
  });

  it('expires after ten minutes', async () => {
    await start();
    const device = (await post('device/authorize', { client_id: 'app', scope: '' })).body;
    clock.tick(600_000);
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', client_id: 'app' };
    expect((await post('token', { ...form, device_code: device['device_code'] ?? '' })).body['error']).toBe(
      'expired_token',
    );
  });
});

describe('the token endpoint', () => {
  it('accepts one request per second, separately from the API', async () => {
    await start({});
    const first = await logIn();
    expect(await refresh(first['refresh_token'])).toMatchObject({
      status: 429,
      body: { error_key: 'throttled' },
    });
    clock.tick(1_000);
    expect((await refresh(first['refresh_token'])).status).toBe(200);
    expect(sandbox.journal.count()).toBe(0);
    expect(sandbox.oauth.journal.map(({ status }) => status)).toEqual([302, 200, 429, 200]);
  });

  it('keeps tokens and codes out of its journal', async () => {
    await start();
    const { access_token = '', refresh_token = '' } = await logIn();
    await refresh(refresh_token);
    const text = JSON.stringify(sandbox.oauth.journal);
    for (const secret of [access_token, refresh_token, VERIFIER]) expect(text).not.toContain(secret);
  });

  it('rejects other grants and other paths', async () => {
    await start();
    expect((await post('token', { grant_type: 'password', client_id: 'app' })).body['error']).toBe(
      'unsupported_grant_type',
    );
    expect((await post('token', { grant_type: 'refresh_token' })).status).toBe(401);
    expect((await post('introspect', {})).status).toBe(404);
  });
});
