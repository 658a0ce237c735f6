import type { AttemptReport } from '../constant-contact/client.js';
import type { Logger } from './logger.js';

/**
 * Logs a line for each failed attempt, with the IDs that the vendor's support asks for. The API's messages may quote client
 * data, so they are logged at debug level only.
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

/** A refusal is a normal response to user input; a request that the API cannot parse is a bug. */
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
