import type { ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Clock } from '../../constant-contact/clock.js';
import { ConstantContactError } from '../../constant-contact/errors.js';
import { causeOf, translateError } from '../errors.js';
import { limitErrors } from '../execution/response-limits.js';
import { loggable } from '../loggable.js';
import type { Logger } from '../logger.js';
import { errorsOf, type Part } from '../outcome.js';
import { shorten } from '../shorten.js';
import { withinOperation } from '../tracing.js';
import { requestIdOf } from './request-id.js';

/** Yoga's `maskedErrors`: converts every error that leaves execution or the HTTP layer. */
export function maskErrors(clock: Clock): { maskError: (error: unknown) => GraphQLError } {
  return { maskError: (error) => translateError(error, clock.now()) };
}

/**
 * Logs failures with their cause under the request ID; a masked error has that ID, so that the caller can ask about it.
 * Shortens messages: those about an invalid value quote all of it.
 */
export function useErrorLog(logger: Logger): Plugin {
  return {
    onResultProcess({ request, result }) {
      const { errors = [] } = result as ExecutionResult;
      for (const error of errors) {
        error.message = shortened(error.message);
        logError(logger, request, error);
      }
    },
  };
}

const MAX_MESSAGE = 2_000;
const MAX_VALUE = 400;

/** Shortens a message, first the values that it quotes: what is wrong with them stands between and after them. */
function shortened(message: string): string {
  if (message.length <= MAX_MESSAGE) return message;
  const parts = message.split('"').map((part) => shorten(part, MAX_VALUE));
  return shorten(parts.join('"'), MAX_MESSAGE);
}

/**
 * Translates and logs the errors of responses in several parts: events of a subscription, and deferred fields, whose errors
 * Yoga ignores.
 *
 * @param onError called with the code of each
 */
export function useStreamedErrors(logger: Logger, clock: Clock, onError: (code: unknown) => void): Plugin {
  const watch = (contextValue: unknown, result: unknown) => {
    if (!isAsyncIterable(result)) return undefined;
    const { request } = contextValue as { request: Request };
    const translate = (error: GraphQLError): GraphQLError => {
      const translated = translateError(error, clock.now());
      translated.message = shortened(translated.message);
      logError(logger, request, translated);
      onError(translated.extensions['code']);
      // The HTTP status was already sent.
      delete translated.extensions['http'];
      delete translated.extensions['unexpected'];
      return translated;
    };
    return {
      onNext: (payload: { result: unknown; setResult: (part: never) => void }) => {
        const part = payload.result as Part;
        if (errorsOf(part).length > 0) payload.setResult(withErrors(part, translate) as never);
      },
    };
  };
  return {
    onExecute: ({ args }) => ({ onExecuteDone: ({ result }) => watch(args.contextValue, result) }),
    onSubscribe: ({ args }) => ({ onSubscribeResult: ({ result }) => watch(args.contextValue, result) }),
  };
}

function withErrors(part: Part, translate: (error: GraphQLError) => GraphQLError): Part {
  const { errors, incremental } = part;
  return {
    ...part,
    ...(errors && { errors: limitErrors(errors).map(translate) }),
    ...(incremental && {
      incremental: incremental.map((one) =>
        one.errors ? { ...one, errors: limitErrors(one.errors).map(translate) } : one,
      ),
    }),
  };
}

function logError(logger: Logger, request: Request, error: GraphQLError): void {
  const cause = causeOf(error);
  if (cause === undefined) return;
  withinOperation(request, () => logCause(logger, requestIdOf(request), error, cause));
}

function logCause(logger: Logger, requestId: string, error: GraphQLError, cause: unknown): void {
  const code = error.extensions['code'];
  const detailsOf = () => ({
    requestId,
    code,
    path: error.path?.join('.'),
    err: loggable(cause),
    ...(cause instanceof ConstantContactError && callOf(cause)),
  });
  if (code === 'INTERNAL_SERVER_ERROR') {
    error.extensions['requestId'] = requestId;
    logger.error(detailsOf(), 'request failed unexpectedly');
  } else if (cause instanceof ConstantContactError) {
    logger.warn(detailsOf(), 'REST API error');
  }
}

function callOf({ kind, operationId, status, errorKeys, requestIds }: ConstantContactError) {
  return { kind, operationId, status, errorKeys, upstreamRequestIds: requestIds };
}
