import type { OperationId } from './contract/operations.js';

/**
 * Why a call gave no result. The list is closed on purpose: whoever translates it (see the server's
 * error plugin) does so with an exhaustive switch, so a new kind does not compile until it has a translation.
 *
 * - `invalidRequest`   refused before anything was sent: an id or position that cannot be put in a path
 * - `unauthenticated`  401, or no credentials to send
 * - `forbidden`        403: scope, privilege, application switched off, partner credentials missing
 * - `notFound`         404, 410, and 406 where the vendor means "not found"
 * - `rejected`         400 and other 4xx that turn a request down: the API refused the values
 * - `conflict`         409: duplicate name or address, or two writes at once
 * - `rateLimited`      more than the requests per second, after retries or after the longest wait allowed
 * - `quotaExhausted`   the day's requests are spent; nothing works until 00:00 UTC
 * - `queueFull`        1,000 bulk activities are already queued on the account
 * - `notReady`         202: the API is still computing the answer
 * - `timeout`          408, or no whole answer within the time of one attempt
 * - `unavailable`      connection failed, or 5xx
 * - `invalidResponse`  the answer is not what the contract promises (HTML, cut JSON, an error with a status of success, a redirect, a
 *   foreign next link)
 * - `wrongRequest`     405, 415, or a 400 to a body that the API cannot read: a bug of this program, whatever the user gave
 * - `doneUnread`       2xx to a write whose body cannot be read and is no error: it was carried out
 * - `overCost`         refused before it was sent: the operation has made as many calls as its query cost
 * - `notCached`        the request allows no call, and the cache does not have it
 * - `aborted`          the caller went away
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
  | 'invalidResponse'
  | 'wrongRequest'
  | 'doneUnread'
  | 'overCost'
  | 'notCached'
  | 'aborted';

export interface ErrorDetails {
  /** The operation that was called; absent when the failure has nothing to do with one. */
  operationId?: OperationId;
  /** HTTP status of the last answer, when there was one. */
  status?: number;
  /** The vendor's `error_key`s, shortened to harmless characters. */
  errorKeys?: readonly string[];
  /** Of a conflict: the contact that has the address or number, if the API names one. */
  contactId?: string;
  /** What the vendor says was wrong; see `upstreamMessages`. */
  upstreamMessages?: readonly string[];
  /** The ids under which the vendor's support finds the call. */
  requestIds?: readonly string[];
  /** The JSON that was sent, where the answer says what was wrong with it. */
  sentBody?: string | undefined;
  /** When a new attempt makes sense, in milliseconds since the epoch. */
  retryAt?: number;
  /** Whether it is a write that may have been carried out all the same. */
  mayBeDone?: boolean;
  /** What went wrong underneath; for logs only. */
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
  // Client data: private, so that whatever prints or serialises the error leaves them out.
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
   * What the vendor says was wrong with the request: plain text without secrets, at most 5 sentences of 500 characters. It can quote
   * the request, so it is for the caller who sent that and, at debug level, for the log.
   */
  get upstreamMessages(): readonly string[] {
    return this.#upstreamMessages;
  }

  /** The JSON that was sent, where `upstreamMessages` are about it. For the same eyes. */
  get sentBody(): string | undefined {
    return this.#sentBody;
  }

  /** Whether the same call may succeed later without being changed, and does no harm if it has already. */
  get retryable(): boolean {
    return RETRYABLE.has(this.kind) && !this.mayBeDone;
  }

  /** The same failure, of a write that may have been carried out. */
  afterWrite(): ConstantContactError {
    const { kind, message, operationId, status, errorKeys, requestIds, upstreamMessages, retryAt } = this;
    return new ConstantContactError(
      kind,
      `${message} The write may or may not have been carried out: read what it was about before you send it again.`,
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
]);

/** Whether a read was refused because its operation has made as many calls as its query cost. */
export function isOverCost(error: unknown): boolean {
  return error instanceof ConstantContactError && error.kind === 'overCost';
}
