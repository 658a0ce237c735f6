import type { Plugin } from 'graphql-yoga';
import type { AccountCredentials } from '../../constant-contact/auth/account-credentials.js';
import { bearerCredentials, type Credentials } from '../../constant-contact/auth/credentials.js';
import { freshnessOf } from '../../constant-contact/cache/freshness.js';
import type { ConstantContact } from '../../constant-contact/client.js';
import { createContext, type Context } from '../../context.js';
import { refusalError } from '../error-response.js';
import { callerOf } from './access.js';
import { operationStopOf } from './deadline.js';
import type { HostContext, TokenOf } from '../embedding.js';
import { requestIdOf } from './request-id.js';

/** Source of the credentials of a request. */
export interface CredentialSource {
  /** Credentials of requests that send no token; `host` if the embedding program decides. */
  readonly kind: Credentials['kind'] | 'host';
  /**
   * Credentials of one request; null when it has none.
   *
   * @throws GraphQLError UNAUTHENTICATED when what the request shows cannot be taken
   */
  of(request: Request): Credentials | null | Promise<Credentials | null>;
  readonly partner: Credentials | null;
}

/**
 * The caller's own bearer token if there is one, else the credentials of the server. An `Authorization` header of another kind
 * is refused: ignoring it would return data of another account.
 *
 * @param own the server's own credentials; null when every caller must send a token
 */
export function credentialSource(
  own: Credentials | AccountCredentials | null,
  partner: Credentials | null = null,
): CredentialSource {
  return {
    kind: own?.kind ?? 'pass-through',
    partner,
    of(request) {
      const header = request.headers.get('authorization');
      if (header === null) return own && 'bind' in own ? own.bind() : own;
      const token = /^bearer +([\x21-\x7e]+)$/i.exec(header)?.[1];
      if (token !== undefined) return bearerCredentials('pass-through', token);
      const message = 'The Authorization header must be "Bearer <Constant Contact access token>".';
      throw refusalError('UNAUTHENTICATED', message, { status: 401 });
    },
  };
}

/**
 * Credentials chosen by the embedding program. It interprets the headers itself, and no caller falls back to the server's own
 * credentials.
 */
export function hostCredentials(tokenOf: TokenOf, partner: Credentials | null = null): CredentialSource {
  return {
    kind: 'host',
    partner,
    async of(request) {
      const token = await tokenOf(request);
      return token === null ? null : bearerCredentials('pass-through', token);
    },
  };
}

export interface ContextParts {
  client: ConstantContact;
  credentials: CredentialSource;
  /** Base path of the server's addresses, without a slash at its end. */
  basePath: string;
  host: HostContext | null;
}

/** Creates the context of each operation, with the credentials of its request. */
export function useContext({ client, credentials, basePath, host }: ContextParts): Plugin<Context> {
  const contextOf = (request: Request, own: Credentials | null) =>
    createContext({
      client,
      credentials: own,
      partner: credentials.partner,
      signal: operationStopOf(request),
      requestId: requestIdOf(request),
      basePath,
      caller: callerOf(request)?.id,
      freshness: freshnessOf(request.headers.get('cache-control')),
    });
  return {
    onContextBuilding({ context: { request }, extendContext }) {
      const own = credentials.of(request);
      if (!host && !(own instanceof Promise)) {
        extendContext(contextOf(request, own));
        return undefined;
      }
      return (async () => {
        const added = await host?.(request);
        // The facade's own properties take precedence.
        extendContext({ ...added, ...contextOf(request, await own) });
      })();
    },
  };
}
