import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Clock } from '../../constant-contact/clock.js';
import { ConstantContactError } from '../../constant-contact/errors.js';
import { causeOf, translateError } from '../errors.js';
import { loggable } from '../loggable.js';
import type { Logger } from '../logger.js';
import { requestIdOf } from './request-id.js';

/** Yoga's `maskedErrors`: every error that leaves execution or the HTTP layer goes through the one translation. */
export function maskErrors(clock: Clock): { maskError: (error: unknown) => GraphQLError } {
  return { maskError: (error) => translateError(error, clock.now()) };
}

/**
 * Logs what failed, with its cause, under the request's id; a masked error tells that id to the caller, who can
 * then ask about it.
 */
export function useErrorLog(logger: Logger): Plugin {
  return {
    onResultProcess({ request, result }) {
      const results = (Array.isArray(result) ? result : [result]) as ExecutionResult[];
      for (const error of results.flatMap((one) => one.errors ?? [])) {
        const cause = causeOf(error);
        if (cause === undefined) continue;
        const code = error.extensions['code'];
        const details = {
          requestId: requestIdOf(request),
          code,
          path: error.path?.join('.'),
          err: loggable(cause),
        };
        if (code === 'INTERNAL_SERVER_ERROR') {
          error.extensions['requestId'] = details.requestId;
          logger.error(details, 'a request failed unexpectedly');
        } else if (cause instanceof ConstantContactError) {
          const { kind, operationId, status, errorKeys } = cause;
          logger.warn(
            { ...details, kind, operationId, status, errorKeys },
            'the REST API did not answer as wished',
          );
        }
      }
    },
  };
}
