import { createGraphQLError, type Plugin } from 'graphql-yoga';
import { bearerCredentials, type Credentials } from '../../constant-contact/credentials.js';
import type { ConstantContact } from '../../constant-contact/api.js';
import { createContext, type Context } from '../../context.js';
import { callerOf } from './access.js';
import { operationSignalOf } from './deadline.js';
import { requestIdOf } from './request-id.js';

/** Whose account a request is about. */
export interface CredentialSource {
  /** What is in force for a request that brings no token of its own. */
  readonly kind: Credentials['kind'];
  /**
   * The caller's own bearer token if there is one, else what the server holds, else null.
   *
   * @throws GraphQLError UNAUTHENTICATED for an `Authorization` header of another kind: to ignore it would be to
   * answer with somebody else's data
   */
  of(request: Request): Credentials | null;
  readonly partner: Credentials | null;
}

/** @param own what the server itself holds; null when every caller must bring a token */
export function credentialSource(
  own: Credentials | null,
  partner: Credentials | null = null,
): CredentialSource {
  return {
    kind: own?.kind ?? 'pass-through',
    partner,
    of(request) {
      const header = request.headers.get('authorization');
      if (header === null) return own;
      const token = /^bearer +([\x21-\x7e]+)$/i.exec(header)?.[1];
      if (token !== undefined) return bearerCredentials('pass-through', token);
      throw createGraphQLError('The Authorization header must be "Bearer <Constant Contact access token>".', {
        extensions: { code: 'UNAUTHENTICATED', retryable: false, http: { status: 401 } },
      });
    },
  };
}

/** Gives every operation its context, bound to the credentials of its request. */
export function useContext(client: ConstantContact, credentials: CredentialSource): Plugin<Context> {
  return {
    onContextBuilding({ context: { request }, extendContext }) {
      extendContext(
        createContext({
          client,
          credentials: credentials.of(request),
          partner: credentials.partner,
          signal: operationSignalOf(request),
          requestId: requestIdOf(request),
          caller: callerOf(request)?.id,
        }),
      );
    },
  };
}
