import { ConstantContactError } from '../errors.js';
import type { OAuthError } from './oauth.js';
import type { Grant } from './token-codec.js';

export function loginRequiredError(grant: Grant, cause?: OAuthError): ConstantContactError {
  const lost = grant.attempts > 1 ? ' The result of an earlier renewal was lost.' : '';
  return grant.endedAt === null
    ? new ConstantContactError(
        'unauthenticated',
        'The login has expired and has no refresh token. Log in again.',
        { status: 401 },
      )
    : new ConstantContactError(
        'unauthenticated',
        `The login has ended: Constant Contact rejected its refresh token.${lost} Log in again.`,
        { status: 400, errorKeys: ['invalid_grant'], cause },
      );
}

export function loggedOutError(): ConstantContactError {
  return new ConstantContactError(
    'unauthenticated',
    'No account is logged in. Run `npx constant-contact-graphql login`.',
  );
}

export function loginChanged(): ConstantContactError {
  return new ConstantContactError(
    'loginChanged',
    'The login of the server was replaced during this operation. Send the operation again.',
  );
}

export function notRenewedError(retryAt: number): ConstantContactError {
  return new ConstantContactError('unavailable', 'The login cannot be renewed at the moment.', { retryAt });
}

export function failureOf(error: OAuthError, retryAt: number): ConstantContactError {
  const errorKeys = error.code === null ? [] : [error.code];
  return new ConstantContactError(
    'unavailable',
    'The login could not be renewed: the authorization server did not issue a token.',
    { status: error.status, errorKeys, retryAt, cause: error },
  );
}

export function newerTokensError(): ConstantContactError {
  return new ConstantContactError('unavailable', 'Another process has stored newer tokens.');
}

export function lockTimeoutError(): ConstantContactError {
  return new ConstantContactError(
    'unavailable',
    'Another process holds the lock of the stored tokens for too long.',
  );
}
