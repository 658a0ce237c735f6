import type { IncomingHttpHeaders } from 'node:http';
import type { OperationFacts } from '../constant-contact/contract/operations.js';

/** Result of authentication: the token, or the status of the refusal. */
export type Admission = { token: string } | { status: 401 | 403 };

/**
 * Ordinary operations require `Authorization: Bearer <token>`; partner operations require the token (with or
 * without the word Bearer) and the partner's key in `x-api-key`. Any token that is not empty is valid.
 */
export function admit(headers: IncomingHttpHeaders, auth: OperationFacts['auth']): Admission {
  const token = tokenOf(headers);
  if (token === '') return { status: 401 };
  if (auth === 'partner') return headers['x-api-key'] ? { token } : { status: 403 };
  return /^bearer /i.test(headers.authorization ?? '') ? { token } : { status: 401 };
}

/** The token of a request, `''` if it has none. */
export function tokenOf(headers: IncomingHttpHeaders): string {
  return (headers.authorization ?? '').replace(/^bearer(\s+|$)/i, '').trim();
}
