import type { AttemptReport } from '../constant-contact/client.js';
import type { Logger } from './logger.js';

/**
 * One line for each attempt that failed, with the ids that the vendor's support asks for. What the API says was wrong may quote client
 * data, so it is logged at debug level only.
 */
export function logFailedAttempt(
  logger: Logger,
  { operationId, attempt, status, failure }: AttemptReport,
): void {
  if (!failure || failure.kind === 'aborted') return;
  const { kind, errorKeys, requestIds, upstreamMessages } = failure;
  const level = levelOf(failure.kind);
  logger[level]({ operationId, attempt, status, kind, errorKeys, requestIds }, 'REST call failed');
  if (upstreamMessages.length > 0)
    logger.debug?.({ operationId, requestIds, upstreamMessages }, 'REST call refused');
}

/** A refusal is an ordinary answer to what a user asked for; a request that the API does not understand is a bug. */
function levelOf(kind: NonNullable<AttemptReport['error']>): 'info' | 'warn' | 'error' {
  switch (kind) {
    case 'wrongRequest':
      return 'error';
    case 'notFound':
    case 'rejected':
    case 'conflict':
      return 'info';
    default:
      return 'warn';
  }
}
