import type { CombinedError } from 'urql';

/** A failure, and the user's options. */
export interface Problem {
  readonly title: string;
  readonly advice: string;
  /** `retry`: the same request may succeed, after `waitSeconds`. `signIn`: it needs a token. */
  readonly action: 'retry' | 'signIn' | 'none';
  readonly waitSeconds: number;
}

interface Extensions {
  readonly code?: string;
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number;
  readonly resetsAt?: string;
}

/**
 * The problem of a response.
 *
 * @param path considers only errors at or below this path, and those of the whole request
 * @returns null without such errors
 */
export function problemOf(error: CombinedError | undefined, ...path: string[]): Problem | null {
  if (!error) return null;
  if (error.networkError) {
    return {
      title: 'The server cannot be reached',
      advice: 'Check that it is running and that you are online, then try again.',
      action: 'retry',
      waitSeconds: 0,
    };
  }
  const found = error.graphQLErrors.find(
    (one) => !one.path || path.every((key, at) => one.path?.[at] === key || at >= (one.path?.length ?? 0)),
  );
  return found ? describe(found.message, found.extensions as Extensions) : null;
}

/** Result of a mutation. */
export interface Outcome {
  readonly error?: CombinedError | undefined;
  readonly data?:
    { readonly result: { readonly userErrors: readonly { readonly message: string }[] } | null } | undefined;
}

/** Reasons for which a mutation had no effect, as one text; empty on success. */
export function refusalOf({ error, data }: Outcome): string {
  const problem = problemOf(error);
  if (problem) return `${problem.title}. ${problem.advice}`;
  return data?.result?.userErrors.map(({ message }) => message).join(' ') ?? '';
}

/** True if an id in the URL is malformed, which users see as "not found". */
export const isInvalidId = (error: CombinedError | undefined): boolean =>
  error?.graphQLErrors.some(({ extensions }) => (extensions as Extensions).code === 'BAD_USER_INPUT') ??
  false;

function describe(message: string, extensions: Extensions): Problem {
  const waitSeconds = extensions.retryAfterSeconds ?? 0;
  switch (extensions.code) {
    case 'RATE_LIMITED':
      return {
        title: 'Too many requests at once',
        advice:
          'Constant Contact accepts 4 requests per second, and other requests are waiting. Try again in a moment.',
        action: 'retry',
        waitSeconds,
      };
    case 'QUOTA_EXHAUSTED':
      return {
        title: 'Today’s requests are used up',
        advice: `Constant Contact answers again ${resumes(extensions.resetsAt)}. What is on screen stays usable.`,
        action: 'none',
        waitSeconds: 0,
      };
    case 'UNAUTHENTICATED':
      return {
        title: 'Not signed in to Constant Contact',
        advice:
          'The server has no valid access token. Enter one to continue; it is kept until you close this page.',
        action: 'signIn',
        waitSeconds: 0,
      };
    case 'FORBIDDEN':
      return { title: 'Not allowed', advice: message, action: 'none', waitSeconds: 0 };
    default:
      return {
        title: extensions.retryable ? 'Temporary error' : 'The request failed',
        advice: message,
        action: extensions.retryable ? 'retry' : 'none',
        waitSeconds,
      };
  }
}

function resumes(at: string | undefined): string {
  if (!at) return 'at midnight UTC';
  return `at ${new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })}`;
}
