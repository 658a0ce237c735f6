import { getOperationAST, OperationTypeNode, type ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { Attached } from '../../constant-contact/attached.js';
import { KeysUnavailable } from '../access/jwt.js';
import type { Access, Caller } from '../access/access.js';
import { errorResponse, refusal, refusalError } from '../error-response.js';
import { loggable } from '../loggable.js';
import type { Logger } from '../logger.js';
import type { Refuse } from '../refusals.js';
import { requestIdOf } from './request-id.js';

const callers = new Attached<Request, Caller>();

/** Caller of a request after the access check; undefined without access control. */
export function callerOf(request: Request): Caller | undefined {
  return callers.get(request);
}

/** Rejects callers without a valid key or token. Paths without access control are handled before this plugin. */
export function useAccess(access: Access | null, refuse: Refuse, logger: Logger): Plugin {
  if (!access) return {};
  const instruction = `Send a key or token of this server in ${access.headers.map((name) => `"${name}"`).join(' or ')}. "Authorization" is only for Constant Contact access tokens.`;
  return {
    onRequest({ request, serverContext, fetchAPI, endResponse }) {
      const admit = (caller: Caller | null) => {
        if (caller) callers.set(request, caller);
        else endResponse(refuse({ serverContext, fetchAPI }, 401, refusal('UNAUTHENTICATED', instruction)));
      };
      const fail = (error: unknown) => {
        if (!(error instanceof KeysUnavailable)) throw error;
        logger.error({ requestId: requestIdOf(request), err: loggable(error) }, 'access check failed');
        const message = 'Access cannot be checked at the moment. Try again later.';
        endResponse(errorResponse(fetchAPI, 503, refusal('ACCESS_UNAVAILABLE', message, true)));
      };
      const caller = access.identify(request);
      if (caller instanceof Promise) return caller.then(admit, fail);
      admit(caller);
      return undefined;
    },
  };
}

/** Refuses mutations of callers with read-only access. */
export function useReadOnly(access: Access | null): Plugin {
  if (!access) return {};
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { document, operationName, contextValue } = args as ExecutionArgs;
      const caller = callerOf((contextValue as { request: Request }).request);
      // By exclusion, so that unknown kinds of operations are refused as well.
      const reads = getOperationAST(document, operationName)?.operation === OperationTypeNode.QUERY;
      if (reads || caller?.readOnly === false) return;
      const message = 'This key or token is read-only and cannot run mutations.';
      const error = refusalError('FORBIDDEN', message, { spec: true, status: 403 });
      setResultAndStopExecution({ errors: [error] });
    },
  };
}
