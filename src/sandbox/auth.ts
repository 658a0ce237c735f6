import type { IncomingHttpHeaders } from 'node:http';
import type { OperationFacts } from '../constant-contact/contract/operations.js';

/** Who sent a request: the token, or why it is not let in. */
export type Admission = { token: string } | { status: 401 | 403 };

/**
 * Ordinary operations want `Authorization: Bearer <token>`; partner operations want the token (with or without
 * the word Bearer) and the key of the partner in `x-api-key`. Any token that is not empty is good.
 */
export function admit(headers: IncomingHttpHeaders, auth: OperationFacts['auth']): Admission {
  const token = tokenOf(headers);
  if (token === '') return { status: 401 };
  if (auth === 'partner') return headers['x-api-key'] ? { token } : { status: 403 };
  return /^bearer /i.test(headers.authorization ?? '') ? { token } : { status: 401 };
}

/** The token of a request, `''` when it has none. */
export function tokenOf(headers: IncomingHttpHeaders): string {
  return (headers.authorization ?? '').replace(/^bearer(\s+|$)/i, '').trim();
}
