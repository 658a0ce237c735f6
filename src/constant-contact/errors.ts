import type { OperationId } from './contract/operations.js';

/**
 * Reason why a call failed. The list is closed on purpose: it is translated by an exhaustive switch (in the server's errors), so
 * a new kind does not compile until it has a translation.
 *
 * - `invalidRequest`   refused before anything was sent: an ID or position that is invalid in a path
 * - `unauthenticated`  401, or no credentials to send
 * - `forbidden`        403: missing scope or privilege, application disabled, partner credentials missing
 * - `notFound`         404, 410, and 406 where the vendor means "not found"
 * - `rejected`         400 and other 4xx that reject a request: the API refused the values
 * - `conflict`         409: duplicate name or address, or two writes at once
 * - `rateLimited`      more than the requests per second, after retries or after the longest wait allowed
 * - `quotaExhausted`   the daily quota is exhausted; no call is possible until 00:00 UTC
 * - `queueFull`        1,000 bulk activities are already queued on the account
 * - `notReady`         202: the API is still computing the result
 * - `timeout`          408, or no complete response within the time limit of one attempt
 * - `unavailable`      connection failed, or 5xx
 * - `loginChanged`     the login of the server was replaced during the operation
 * - `invalidResponse`  the response violates the contract (HTML, truncated JSON, an error with a status of success, a redirect, a next
 *   link to another collection)
 * - `wrongRequest`     405, or a 400 to a body that the API cannot read: a bug of this program, whatever the user gave
 * - `doneUnread`       2xx to a write with an unreadable body that is no error: the write was carried out
 * - `overCost`         refused before it was sent: the operation has made as many calls as its query cost
 * - `notCached`        the request allows no call, and the cache does not have it
 * - `aborted`          the caller cancelled
 */
export type ErrorKind =
  | 'invalidRequest'
  | 'unauthenticated'
  | 'forbidden'
  | 'notFound'
  | 'rejected'
  | 'conflict'
  | 'rateLimited'
  | 'quotaExhausted'
  | 'queueFull'
  | 'notReady'
  | 'timeout'
  | 'unavailable'
  | 'loginChanged'
  | 'invalidResponse'
  | 'wrongRequest'
  | 'doneUnread'
  | 'overCost'
  | 'notCached'
  | 'aborted';

export interface ErrorDetails {
  /** The operation that was called; absent for failures without one. */
  operationId?: OperationId;
  /** HTTP status of the last answer, when there was one. */
  status?: number;
  /** The vendor's `error_key`s, shortened to harmless characters. */
  errorKeys?: readonly string[];
  /** Of a conflict: the contact that has the address or number, if the API names one. */
  contactId?: string;
  /** Reasons given by the vendor; see `upstreamMessages`. */
  upstreamMessages?: readonly string[];
  /** IDs of the call for the vendor's support. */
  requestIds?: readonly string[];
  /** The JSON that was sent, if the response describes its errors. */
  sentBody?: string | undefined;
  /** Time of the next useful attempt, in milliseconds since the epoch. */
  retryAt?: number;
  /** True for a write that may have been carried out despite the error. */
  mayBeDone?: boolean;
  /** Underlying error, for logs only. */
  cause?: unknown;
}

/** The only error that the client throws. Its message is written here and never quotes the API, a URL or a token. */
export class ConstantContactError extends Error {
  override readonly name = 'ConstantContactError';
  readonly kind: ErrorKind;
  readonly operationId: OperationId | undefined;
  readonly status: number | undefined;
  readonly errorKeys: readonly string[];
  readonly contactId: string | undefined;
  readonly requestIds: readonly string[];
  readonly retryAt: number | undefined;
  readonly mayBeDone: boolean;
  // Client data: private, so that printing or serializing the error leaves it out.
  readonly #upstreamMessages: readonly string[];
  readonly #sentBody: string | undefined;

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.operationId = details.operationId;
    this.status = details.status;
    this.errorKeys = details.errorKeys ?? [];
    this.contactId = details.contactId;
    this.requestIds = details.requestIds ?? [];
    this.#upstreamMessages = details.upstreamMessages ?? [];
    this.#sentBody = details.sentBody;
    this.retryAt = details.retryAt;
    this.mayBeDone = details.mayBeDone ?? false;
  }

  /**
   * Reasons given by the vendor for refusing the request: plain text without secrets, at most 5 sentences of 500
   * characters. They can quote the request, so they are for the caller who sent it and, at debug level, for the log.
   */
  get upstreamMessages(): readonly string[] {
    return this.#upstreamMessages;
  }

  /** The JSON that `upstreamMessages` refer to, with the same confidentiality. */
  get sentBody(): string | undefined {
    return this.#sentBody;
  }

  /** True if the same call may succeed later without changes, and repeating it does no harm. */
  get retryable(): boolean {
    return RETRYABLE.has(this.kind) && !this.mayBeDone;
  }

  /** The same failure, of a write that may have been carried out. */
  afterWrite(): ConstantContactError {
    const { kind, message, operationId, status, errorKeys, requestIds, upstreamMessages, retryAt } = this;
    return new ConstantContactError(
      kind,
      `${message} The write may or may not have been carried out: read the object before you send it again.`,
      {
        ...(operationId && { operationId }),
        ...(status !== undefined && { status }),
        ...(retryAt !== undefined && { retryAt }),
        errorKeys,
        requestIds,
        upstreamMessages,
        sentBody: this.sentBody,
        mayBeDone: true,
        cause: this.cause,
      },
    );
  }
}

const RETRYABLE: ReadonlySet<ErrorKind> = new Set([
  'rateLimited',
  'quotaExhausted',
  'queueFull',
  'notReady',
  'timeout',
  'unavailable',
  'loginChanged',
]);

/** Returns true if a read was refused because its operation has used up its query cost. */
export function isOverCost(error: unknown): boolean {
  return error instanceof ConstantContactError && error.kind === 'overCost';
}
