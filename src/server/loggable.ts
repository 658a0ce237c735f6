import { ConstantContactError } from '../constant-contact/errors.js';
import { OAuthError } from '../constant-contact/auth/oauth.js';
import { KeysUnavailable } from './access/jwt.js';

/** Codes of the operating system and of the HTTP client; their messages contain at most names and addresses of hosts. */
const SYSTEM_CODE = /^(E[A-Z]+|UND_ERR_\w+)$/;
const MAX_CAUSES = 3;

/**
 * Serializes an error for the log: its kind and location. Its message is included only when it comes from this program or the
 * system; any other may quote data of a user.
 */
export function loggable(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, code } = error as NodeJS.ErrnoException;
  const isSystem = typeof code === 'string' && SYSTEM_CODE.test(code);
  const isOwn =
    error instanceof ConstantContactError || error instanceof OAuthError || error instanceof KeysUnavailable;
  const hasCause = error.cause !== undefined && depth < MAX_CAUSES;
  return {
    type: name,
    ...((isOwn || isSystem) && { message: error.message }),
    ...(isSystem && { code }),
    stack: framesOf(error),
    ...(hasCause && { cause: loggable(error.cause, depth + 1) }),
  };
}

/** The stack without the message before it, which can have several lines. */
function framesOf({ stack = '', message }: Error): string {
  const at = stack.indexOf(message);
  const frames = at === -1 ? stack : stack.slice(at + message.length);
  return frames
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .join('\n');
}
