import { ConfigError } from '../config.js';
import { ConstantContactError } from '../constant-contact/errors.js';
import { LoginUnreadable } from '../constant-contact/auth/token-codec.js';
import { OAuthError } from '../constant-contact/auth/oauth.js';
import { RedisUnusable } from '../constant-contact/redis/address.js';
import { StartError, UsageError } from './support.js';

/** Text for an error that the user can correct. Other errors are bugs and keep their stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof ConfigError) return `Invalid configuration.\n${error.message}`;
  if (error instanceof UsageError) return `${error.message}\nSee --help.`;
  if (error instanceof StartError || error instanceof RedisUnusable) return error.message;
  if (error instanceof LoginUnreadable && error.place !== null)
    return `${error.message}\nIt is in ${error.place}.`;
  if (error instanceof ConstantContactError || error instanceof OAuthError) {
    return `${error.message}${systemReasonOf(error)}\nRun \`constant-contact-graphql doctor\` for details.`;
  }
  if (isAddressError(error)) return `Cannot listen: ${error.message}\nSet another PORT.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Message of the operating system, such as a missing permission for a path. */
function systemReasonOf({ cause }: Error): string {
  return cause instanceof Error && 'syscall' in cause ? `\n${cause.message}` : '';
}

function isAddressError(error: unknown): error is NodeJS.ErrnoException {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL';
}
