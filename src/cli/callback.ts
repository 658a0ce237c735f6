import { timingSafeEqual } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OAuthError } from '../constant-contact/auth/oauth.js';

/** HTTP server on the loopback interface that receives the browser after an approval. */
export interface Callback {
  readonly redirectUri: string;
  /**
   * Waits for the authorization code.
   * @throws OAuthError when the approval was refused or did not arrive before the signal fired
   */
  code(signal: AbortSignal): Promise<string>;
  /** Closes all connections: browsers keep some open without sending a request. */
  close(): void;
}

const ORIGIN = 'http://localhost';

/**
 * @param port 0 for any free port, which works only if the authorization server allows any port
 * @param state expected value of the parameter `state`; requests with another value are rejected
 * @throws Error of the system when the port is in use
 */
export async function receiveCode(port: number, state: string): Promise<Callback> {
  let arrive: (code: string) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const arrived = new Promise<string>((resolve, reject) => {
    arrive = resolve;
    fail = reject;
  });
  // The promise may be rejected before it is awaited.
  arrived.catch(() => undefined);

  const server = createServer((request, response) => {
    const target = request.url ?? '/';
    if (!URL.canParse(target, ORIGIN)) return page(response, 404, 'Not found.');
    const url = new URL(target, ORIGIN);
    if (request.method !== 'GET' || url.pathname !== '/callback') return page(response, 404, 'Not found.');
    if (!same(url.searchParams.get('state') ?? '', state)) {
      return page(response, 400, 'This response does not belong to the current login. Start `login` again.');
    }
    const code = url.searchParams.get('code');
    // Reported once the page is sent, because the connection is closed after that.
    if (code) {
      response.once('close', () => arrive(code));
      return page(response, 200, 'Login approved. Close this window and return to the command line.');
    }
    const error = url.searchParams.get('error') ?? '';
    const shown = /^[\w.-]{1,60}$/.test(error) ? error : 'no code';
    response.once('close', () =>
      fail(new OAuthError(`The login was not approved: ${shown}.`, shown, undefined)),
    );
    return page(response, 400, 'The login was not approved. See the command line for the reason.');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, 'localhost', resolve);
  });
  return {
    redirectUri: `${ORIGIN}:${String((server.address() as AddressInfo).port)}/callback`,
    code: (signal) => {
      const giveUp = () =>
        fail(
          new OAuthError(
            'The login was not approved in time. Run `login` again.',
            'expired_token',
            undefined,
          ),
        );
      signal.addEventListener('abort', giveUp, { once: true });
      return arrived.finally(() => signal.removeEventListener('abort', giveUp));
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function page(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(`<!doctype html><title>constant-contact-graphql</title><p>${text}</p>`);
}
